/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mat_rhythm.h - the two rhythms on a mat: of the hands in the whole load, of the breath in where
 * it lies (mat_load.h) */
#ifndef MAT_RHYTHM_H
#define MAT_RHYTHM_H

#include "technique/mat_load.h"

enum {
    MAT_ZONES_ACROSS = 4,
    MAT_ZONES = MAT_ZONES_ACROSS * MAT_ZONES_ACROSS,
    MAT_FAST_MOST = 160, /* 4 s at 40 Hz */
    MAT_SLOW_MOST = 256  /* 25 s at 10 Hz */
};

/* What was felt lately, oldest first. */
struct mat_history {
    unsigned n_fast, n_slow;
    float fast[MAT_FAST_MOST];            /* whole load */
    float slow[MAT_SLOW_MOST][MAT_ZONES]; /* load of each zone */
};

void mat_history_clear(struct mat_history *history);
void mat_history_push_fast(struct mat_history *history, float whole_n);

/** @param sum  [MAT_ZONES] times `share` is the row */
void mat_history_push_slow(struct mat_history *history, const float *sum, float share);

/** Forget all slow rows but so many; the fast ones too. */
void mat_history_keep_newest(struct mat_history *history, unsigned n_slow);

/** The whole load of a slow row. */
float mat_history_whole_n(const struct mat_history *history, unsigned row);

struct mat_rhythm;

THENAR_NODISCARD enum thenar_status mat_rhythm_create(struct mat_rhythm **out, float fast_hz,
                                                      float slow_hz);
void mat_rhythm_destroy(struct mat_rhythm *rhythm);

/** Set pace and breath of `reading`, NaN where there is none. */
void mat_rhythm_execute(struct mat_rhythm *rhythm, const struct mat_history *history,
                        struct mat_reading *reading);

#endif

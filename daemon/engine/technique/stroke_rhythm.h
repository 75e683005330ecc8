/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stroke_rhythm.h - pace and regularity by the strokes that ended, for hands that are uneven
 *
 * A spectrum finds no pace in hands without a rhythm, and those are the ones that need to hear of
 * it. Here it is counted: the intervals between the last strokes of one technique, their mean and
 * their coefficient of variation, which is taken from their distance to the mean or from one to the
 * next (von Neumann 1941), whichever is less: hands that slow down are not uneven. Pauses are left
 * out, hands that bounce as they come, and the oddest one of all; what leaving it out takes away
 * from the variation is given back. Pure; allocates nothing. */
#ifndef STROKE_RHYTHM_H
#define STROKE_RHYTHM_H

#include "technique/technique.h"

enum { STROKE_RHYTHM_LAST = 12, STROKE_RHYTHM_LEAST = 5 };

struct stroke_rhythm {
    unsigned n;         /* intervals so far, all of them */
    unsigned n_strange; /* that did not fit, in a row */
    float intervals_s[STROKE_RHYTHM_LAST];
    double start_s, end_s; /* of the last stroke; NaN */
};

/* What the last strokes say. NaN: they cannot. */
struct stroke_rhythm_reading {
    float pace_cpm, pace_u_cpm;             /* of the last STROKE_RHYTHM_LEAST intervals */
    float regularity_pct, regularity_u_pct; /* coefficient of variation, of STROKE_RHYTHM_LAST */
};

void stroke_rhythm_init(struct stroke_rhythm *rhythm);

/** A stroke that ended; of the technique that counts. */
void stroke_rhythm_add(struct stroke_rhythm *rhythm, const struct stroke *stroke);

/**
 * What the last strokes say, and its standard uncertainty (so few uneven intervals tell roughly).
 * NaN: fewer than STROKE_RHYTHM_LEAST intervals, or the last one ended long ago.
 */
void stroke_rhythm_read(const struct stroke_rhythm *rhythm, double device_s,
                        struct stroke_rhythm_reading *reading);

#endif

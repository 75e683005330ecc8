/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recording_takes.h - a recording as runs of one technique and the strokes in them
 *
 * What `plan from`, `compare` and `label` begin with. Names come from the pipeline, or from an
 * episode table that a person corrected. Times are seconds from the recording's first frame. */
#ifndef RECORDING_TAKES_H
#define RECORDING_TAKES_H

#include "recording_run.h"

struct recording_takes {
    bool is_relative; /* pressures are not kPa */
    double duration_s;
    size_t n_episodes, n_strokes;
    struct episode *episodes; /* [n_episodes] */
    struct stroke *strokes;   /* [n_strokes] by their end */
};

/**
 * @param table  path of an episode table whose names replace the pipeline's; NULL: none
 * @return THENAR_OK; else as recording_run_open, episode_table_read
 * Owner: recording_takes_finish frees, also after a failure
 */
THENAR_NODISCARD enum thenar_status recording_takes_read(struct recording_takes *takes,
                                                         const char *path, const char *table,
                                                         const struct recording_options *options,
                                                         struct thenar_error *error);
void recording_takes_finish(struct recording_takes *takes);

/**
 * Make one of what follows itself after a pause of at most `pause_s`: holds of one technique are
 * one run of it. What has no name of its own, or lies between, is left out; and so are runs shorter
 * than `least_s`.
 */
void recording_takes_join(struct recording_takes *takes, double pause_s, double least_s);

/**
 * Without strokes that were missed or seen twice: beyond 2.2 times the middle, or below its part,
 * where they are few (15 %).
 * @param paces  [n_paces] 60 over each interval, in place and in their order
 * @return how many are left
 */
size_t recording_takes_usual(float *paces, size_t n_paces);

/**
 * Coefficient of variation of the intervals between strokes, in percent, without pauses and without
 * strokes that were missed or seen twice: beyond 2.2 times the middle interval, or below its part.
 * @param paces  [n_paces] 60 over each interval
 * @return NaN: fewer than 5
 */
float recording_takes_variation_pct(const float *paces, size_t n_paces);

/** What values of one kind look like together. */
struct spread {
    size_t n;
    float low, median, high; /* 10th, 50th and 90th percentile; NaN without values */
};

/** @param values [n] sorted in place */
struct spread spread_of(float *values, size_t n);

#endif

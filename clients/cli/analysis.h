/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis.h - what a whole recording came to: time, strokes, pace and forces of each technique,
 * and the damage found on the way
 *
 * Fed with the pipeline's outputs; printed at the end by analysis_print.h. */
#ifndef ANALYSIS_H
#define ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline.h"

/* Sums over the episodes of one technique. */
struct analysis_technique {
    double time_s;
    unsigned n_episodes, n_strokes;
    double pace_time_s, pace_sum;             /* of the episodes that have a pace */
    double regularity_time_s, regularity_sum; /* and of those that have a regularity */
    double force_sum;                         /* over time */
    float peak_kpa;                           /* or relative, as everywhere in the engine */
};

struct analysis {
    bool uncalibrated;
    double period_s; /* of the frames, for the gaps */
    uint64_t n_frames;
    double first_s, last_s;
    struct analysis_technique techniques[N_TECHNIQUES];
    unsigned n_strokes, n_episodes;
    float peak_kpa, force_n; /* largest of the whole recording */
    double touched_s;
    uint64_t n_saturated_frames;
    unsigned n_gaps;
    double gap_s;
    unsigned n_dead; /* taxels, at the end */
};

void analysis_init(struct analysis *analysis, const struct array_layout *layout);

/** Take in what the pipeline said of one frame. */
void analysis_take(struct analysis *analysis, const struct pipeline_output *output);

/** Take in what ended with the recording (pipeline_finish), which is no frame. */
void analysis_take_end(struct analysis *analysis, const struct pipeline_output *output);

/** Mean pace and regularity over time, weighted by the episodes' length; NaN when there is none. */
double analysis_pace_cpm(const struct analysis_technique *technique);
double analysis_regularity_pct(const struct analysis_technique *technique);

/** From the first frame to the end of the last. */
double analysis_duration_s(const struct analysis *analysis);

#endif

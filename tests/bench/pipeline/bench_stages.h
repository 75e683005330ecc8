/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_stages.h - the pipeline's stages one after the other with a clock between them
 *
 * pipeline_execute is timed whole; this calls the same functions of the engine that it calls, so
 * that each stage has a figure of its own. */
#ifndef BENCH_STAGES_H
#define BENCH_STAGES_H

#include "pipeline.h"

enum bench_stage {
    STAGE_DECODE,
    STAGE_CALIBRATE,
    STAGE_FILTER,
    STAGE_WATCH, /* the noise floor, dead taxels: NumPy does without */
    STAGE_FEATURES,
    STAGE_CONTACTS,
    STAGE_TECHNIQUE,
    STAGE_PUBLISH,
    N_STAGES
};

extern const char *const bench_stage_names[N_STAGES];

struct bench_stages;

/** Ends the process with a sentence when a stage cannot be made. */
struct bench_stages *bench_stages_create(const struct array_layout *layout, float gate_kpa);
void bench_stages_destroy(struct bench_stages *stages);

/** Monotonic nanoseconds. */
double bench_now_ns(void);

/** Close the stage that began at `*begin_ns`, and begin the next. */
void bench_stages_mark(double *spent_ns, enum bench_stage stage, double *begin_ns);

/** STAGE_CALIBRATE to STAGE_TECHNIQUE of one frame, adding to spent_ns[N_STAGES]. */
void bench_stages_execute(struct bench_stages *stages, const struct pipeline_input *input,
                          double *begin_ns, double *spent_ns);

#endif

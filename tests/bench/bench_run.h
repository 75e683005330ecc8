/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_run.h - the virtual therapist on an array, through the whole pipeline; what it said kept */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "pipeline.h"
#include "therapist/scene.h"

enum { BENCH_EPISODES_MAX = 4096 };

struct bench_options {
    unsigned n_rows, n_cols;
    float pitch_mm, rate_hz;
    enum array_mount mount;
    unsigned long seed;
    bool calibrated;
};

struct bench_run {
    struct array_layout layout;
    struct stimulus_array array;
    struct stimulus *stimulus;
    struct pipeline *pipeline;
    size_t n_live, n_live_max;
    struct technique_state *live; /* [n_live] by frame */
    size_t n_episodes;
    struct episode episodes[BENCH_EPISODES_MAX];
    unsigned strokes[N_TECHNIQUES];
};

/** Says why and ends the program. */
void bench_die(const char *what, const char *why);

/** @param run  zeroed. @param truth  where the therapist writes what it did. Dies on any error. */
void bench_run_open(struct bench_run *run, const struct bench_options *options, const char *script,
                    const char *truth);
/** To the end of the script; the truth is complete afterwards. */
void bench_run_play(struct bench_run *run, float rate_hz);
void bench_run_finish(struct bench_run *run);

#endif

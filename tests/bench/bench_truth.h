/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_truth.h - scripts of varied hands, and the truth that the virtual therapist writes */
#ifndef BENCH_TRUTH_H
#define BENCH_TRUTH_H

#include <stddef.h>

#include "technique/technique.h"

enum { BENCH_STEPS_MAX = 4096, BENCH_CYCLES_MAX = 65536 };

struct bench_step {
    enum technique technique;
    double start_s, end_s, pace_cpm; /* pace NaN: none */
    unsigned n_cycles;
    size_t first_cycle; /* of the truth's cycles_s */
};

struct bench_truth {
    size_t n_steps;
    struct bench_step steps[BENCH_STEPS_MAX];
    size_t n_cycles;
    double cycles_s[BENCH_CYCLES_MAX]; /* where each began */
};

/** Write a script to `fd` and close it: every technique `n_takes` times, drawn over wide bands. */
void bench_truth_write_script(int fd, unsigned long seed, unsigned n_takes, enum array_mount mount);

/** Read a truth file; to be freed. Exits with a message when it cannot. */
struct bench_truth *bench_truth_read(const char *path);

/** What was done at a time; rest between the steps. */
enum technique bench_truth_at(const struct bench_truth *truth, double at_s);

#endif

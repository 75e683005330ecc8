/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signal_loops.h - the loops over taxels, one table of them for each instruction set
 *
 * Inside the signal room only. signal_loops.c is built several times with another value of
 * SIGNAL_LOOPS, the name of its table; signal_kernel.h says which may be used. */
#ifndef SIGNAL_LOOPS_H
#define SIGNAL_LOOPS_H

#include <stddef.h>
#include <stdint.h>

#include "signal/signal_kernel.h"

/* Lanes of the sums over a frame and over a run, and taxels of a filter's tile: the same for every
 * kernel, since they decide the order of additions and the layout of memory. */
enum { SIGNAL_LANES = 16, SIGNAL_TILE = 32, SIGNAL_RUN_LANES = 8 };

struct table_job {
    const float *table;     /* [UINT16_MAX + 1] */
    uint16_t n_top;         /* counts at or above it are saturated */
    const uint16_t *exists; /* [n_taxels] all ones or zero */
    const float *scale;     /* [n_taxels] */
    const float *zero;      /* [n_taxels] */
    size_t n_taxels;
};

struct fir_job {
    float *ring;          /* [n_tiles][n_taps][SIGNAL_TILE], aligned to 64 */
    const float *weights; /* [n_taps] oldest frame first */
    size_t n_taps;
    size_t slot; /* of the newest frame */
    size_t n_taxels;
};

struct sum_job {
    const float *cell_mm2; /* [n_taxels rounded up to SIGNAL_LANES] 0: not alive */
    const float *x_mm, *y_mm;
    size_t n_taxels;
};

struct frame_sums {
    float force;    /* sum of p cell */
    float moment_x; /* sum of p cell x */
    float moment_y; /* sum of p cell y */
    float area_mm2; /* of touched taxels */
    float peak, peak_raw;
    unsigned n_touched;
};

struct run_job {
    const float *x_mm, *y_mm, *cell_mm2; /* [n_taxels] */
    size_t n_taxels;                     /* SIGNAL_RUN_LANES at least */
};

struct taxel_run;
struct run_sums;

struct signal_loops {
    /* p = table[counts] * scale - zero; returns how many are saturated */
    unsigned (*look_up)(const struct table_job *job, const uint16_t *counts, float *pressure);

    /* p = sample * scale - zero, samples that are not numbers or beyond `limit` are 0 */
    void (*scale)(const float *samples, const float *scale, const float *zero, float limit,
                  size_t n_taxels, float *pressure);

    /* take one frame into the ring and sum; `filtered` may be `pressure` */
    void (*fir)(const struct fir_job *job, const float *pressure, float *filtered);

    /* multiply each row of complex numbers, [n_rows][SIGNAL_TILE / 2], by its response, [n_rows] */
    void (*respond)(const float *response, size_t n_rows, float *rows);

    void (*sum)(const struct sum_job *job, const float *filtered, const float *raw, float gate,
                struct frame_sums *sums);

    /* a bit for each taxel above `level`; [n_taxels / 64 + 1], zeros after the last taxel */
    void (*above)(const float *pressure, size_t n_taxels, float level, uint64_t *bits);

    /* the sums over each run; reads no further than the array */
    void (*sum_runs)(const struct run_job *job, const float *pressure, const struct taxel_run *runs,
                     size_t n_runs, struct run_sums *sums);
};

/** The loops of an available kernel; of the best one otherwise. */
const struct signal_loops *signal_loops_of(enum signal_kernel kernel);

#endif

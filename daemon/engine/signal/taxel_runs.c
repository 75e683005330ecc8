/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/taxel_runs.h"

#include <stdlib.h>
#include <string.h>

#include "signal/signal_loops.h"

enum { BITS = 64 }; /* of a word */

struct taxel_runs {
    struct run_job job; /* reads the arrays below */
    float *x_mm, *y_mm, *cell_mm2;
    uint64_t *above; /* [n_taxels / BITS + 2] a bit for each taxel, zeros after the last */
    size_t n_taxels, n_rows, n_cols;
    const struct signal_loops *loops;
};

enum thenar_status taxel_runs_create(struct taxel_runs **out, const struct array_layout *layout)
{
    *out = NULL;
    struct taxel_runs *runs = calloc(1, sizeof *runs);
    if (!runs)
        return THENAR_ERR_MEMORY;
    size_t n = layout->n_taxels, n_padded = n < SIGNAL_RUN_LANES ? SIGNAL_RUN_LANES : n;
    runs->x_mm = calloc(n_padded, sizeof *runs->x_mm);
    runs->y_mm = calloc(n_padded, sizeof *runs->y_mm);
    runs->cell_mm2 = calloc(n_padded, sizeof *runs->cell_mm2);
    runs->above = calloc(n / BITS + 2, sizeof *runs->above);
    if (!runs->x_mm || !runs->y_mm || !runs->cell_mm2 || !runs->above) {
        taxel_runs_destroy(runs);
        return THENAR_ERR_MEMORY;
    }
    memcpy(runs->x_mm, layout->x_mm, n * sizeof *runs->x_mm);
    memcpy(runs->y_mm, layout->y_mm, n * sizeof *runs->y_mm);
    memcpy(runs->cell_mm2, layout->cell_mm2, n * sizeof *runs->cell_mm2);
    runs->job = (struct run_job){
        .x_mm = runs->x_mm, .y_mm = runs->y_mm, .cell_mm2 = runs->cell_mm2, .n_taxels = n_padded};
    runs->n_taxels = n;
    runs->n_rows = layout->n_rows;
    runs->n_cols = layout->n_cols;
    runs->loops = signal_loops_of(signal_kernel_best());
    *out = runs;
    return THENAR_OK;
}

void taxel_runs_destroy(struct taxel_runs *runs)
{
    if (!runs)
        return;
    free(runs->x_mm);
    free(runs->y_mm);
    free(runs->cell_mm2);
    free(runs->above);
    free(runs);
}

size_t taxel_runs_most(const struct array_layout *layout)
{
    return (size_t)layout->n_rows * (((size_t)layout->n_cols + 1) / 2);
}

void taxel_runs_set_kernel(struct taxel_runs *runs, enum signal_kernel kernel)
{
    if (signal_kernel_is_available(kernel))
        runs->loops = signal_loops_of(kernel);
}

/* The bits of `n` taxels, at most BITS, from taxel `at` on. */
static uint64_t bits_of(const uint64_t *above, size_t at, size_t n)
{
    size_t word = at / BITS, shift = at % BITS;
    uint64_t bits = above[word] >> shift;
    if (shift)
        bits |= above[word + 1] << (BITS - shift);
    return n < BITS ? bits & ((UINT64_C(1) << n) - 1) : bits;
}

/* The runs of `bits`, which are those of the taxels of a row from `at` on, appended. */
static size_t read_runs(uint64_t bits, size_t at, uint32_t row, struct taxel_run *found,
                        size_t n_found)
{
    while (bits) {
        unsigned first = (unsigned)__builtin_ctzll(bits);
        uint64_t after = bits + (UINT64_C(1) << first); /* the carry runs to the end of the run */
        uint64_t past = after & ~bits;
        unsigned end = past ? (unsigned)__builtin_ctzll(past) : BITS;
        found[n_found++] =
            (struct taxel_run){(uint32_t)(at + first), (uint32_t)(at + end) - 1, row};
        bits &= after;
    }
    return n_found;
}

/* A row is read in pieces of BITS taxels: a run may go on from one to the next. */
static size_t read_row(const struct taxel_runs *runs, uint32_t row, struct taxel_run *found,
                       size_t n_found)
{
    for (size_t col = 0; col < runs->n_cols; col += BITS) {
        size_t n = runs->n_cols - col < BITS ? runs->n_cols - col : BITS;
        size_t at = row * runs->n_cols + col, n_before = n_found;
        n_found = read_runs(bits_of(runs->above, at, n), at, row, found, n_found);
        if (col == 0 || n_before == 0 || n_found == n_before)
            continue;
        struct taxel_run *last = &found[n_before - 1], *next = &found[n_before];
        if (last->row == row && last->last + 1 == next->first) {
            last->last = next->last;
            n_found--;
            memmove(next, next + 1, (n_found - n_before) * sizeof *next);
        }
    }
    return n_found;
}

size_t taxel_runs_find(struct taxel_runs *runs, const float *pressure, float level,
                       struct taxel_run *found, struct run_sums *sums)
{
    float padded[SIGNAL_RUN_LANES] = {0};
    size_t n_found = 0;
    runs->loops->above(pressure, runs->n_taxels, level, runs->above);
    for (uint32_t row = 0; row < runs->n_rows; row++)
        n_found = read_row(runs, row, found, n_found);
    if (runs->n_taxels < SIGNAL_RUN_LANES) {
        memcpy(padded, pressure, runs->n_taxels * sizeof *pressure);
        pressure = padded;
    }
    runs->loops->sum_runs(&runs->job, pressure, found, n_found, sums);
    return n_found;
}

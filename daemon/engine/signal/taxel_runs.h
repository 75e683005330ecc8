/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxel_runs.h - the touched stretches of each row, with their moments
 *
 * One look at all taxels, a vector at a time, gives a bit for each; the runs are read from the
 * bits, so that what is untouched costs next to nothing. */
#ifndef TAXEL_RUNS_H
#define TAXEL_RUNS_H

#include "array_layout.h"
#include "signal/signal_kernel.h"

/* A stretch of taxels above the level in one row. */
struct taxel_run {
    uint32_t first, last; /* taxel indices, both included */
    uint32_t row;
};

/* Sums over the taxels of a run; w = p * cell, in kPa mm2 (mN). */
struct run_sums {
    float w, wx, wy, wxx, wyy, wxy;
    float cell_mm2;
    float peak;
};

struct taxel_runs;

/** @param layout  read, not kept. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status taxel_runs_create(struct taxel_runs **out,
                                                      const struct array_layout *layout);
void taxel_runs_destroy(struct taxel_runs *runs);

/** The most runs that a frame of this layout can have: every other taxel of each row. */
size_t taxel_runs_most(const struct array_layout *layout);

/**
 * @param pressure  [n_taxels]
 * @param found     out: [taxel_runs_most] in taxel order
 * @param sums      out: [taxel_runs_most] of each
 * @return how many there are
 * Context: allocates nothing
 * Accuracy: sums in single precision over 8 lanes
 */
size_t taxel_runs_find(struct taxel_runs *runs, const float *pressure, float level,
                       struct taxel_run *found, struct run_sums *sums);

/** Use this kernel from now on; one that is not available is passed over. */
void taxel_runs_set_kernel(struct taxel_runs *runs, enum signal_kernel kernel);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_history.h - the pressure image of the last seconds, on a coarse grid that stays in its place
 *
 * Taxels are joined to cells of about 15 mm (a coarser array's taxels are its cells), and frames to
 * about 45 samples a second, so that what is said of them depends little on the array's pitch and
 * rate. */
#ifndef CELL_HISTORY_H
#define CELL_HISTORY_H

#include "array_layout.h"

#define CELL_HISTORY_S 2.0F

struct cell_history;

/** @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status cell_history_create(struct cell_history **out,
                                                        const struct array_layout *layout);
void cell_history_destroy(struct cell_history *history);
void cell_history_reset(struct cell_history *history);

/** Forget what was before the last `span_s` seconds. */
void cell_history_keep(struct cell_history *history, double span_s);

/** Add a frame. @param pressure [n_taxels]. Context: allocates nothing */
void cell_history_push(struct cell_history *history, const float *pressure);

/** Samples a second. */
float cell_history_rate_hz(const struct cell_history *history);

/** Samples there are, up to CELL_HISTORY_S seconds. */
size_t cell_history_n(const struct cell_history *history);

size_t cell_history_n_cells(const struct cell_history *history);

/** Mean pressure of each cell, kPa or relative. @param i  0: the oldest. @return [n_cells] */
const float *cell_history_sample(const struct cell_history *history, size_t i);

/** Where a cell's middle is. */
void cell_history_place(const struct cell_history *history, size_t cell, float *x_mm, float *y_mm);

/** Surface of a cell. */
float cell_history_cell_cm2(const struct cell_history *history);

#endif

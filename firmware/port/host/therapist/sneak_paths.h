/* SPDX-License-Identifier: MIT */
/* sneak_paths.h - what a row-column matrix shows when the lines that are not read float
 *
 * Current goes from the driven row to the read column by the crossing itself, and by every detour
 * over other rows and columns. Kirchhoff's node equations of the whole mesh, solved densely: no
 * approximation. A crossing that nobody presses still leaks a little, as printed ink does. */
#ifndef THENAR_SNEAK_PATHS_H
#define THENAR_SNEAK_PATHS_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

struct sneak_paths;

THENAR_NODISCARD enum thenar_status sneak_paths_create(struct sneak_paths **out, uint16_t n_rows,
                                                       uint16_t n_cols);
void sneak_paths_destroy(struct sneak_paths *paths);

/**
 * @param conductance  in and out: [n_rows * n_cols] of each crossing, in any unit, >= 0; then what
 *                     a reading of it finds
 * @param leak         of every crossing, > 0, in the same unit
 * Context: allocates nothing
 */
void sneak_paths_execute(struct sneak_paths *paths, float *conductance, double leak);

#endif

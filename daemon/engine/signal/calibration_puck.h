/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_puck.h - where a round plate lay, and which taxels it covered wholly
 *
 * Its diameter is known, its place is not: it is where a disc of that size, seen by each taxel as
 * the part of its sensing area under the disc, resembles the readings most (least squares, the
 * height free). Only taxels wholly under it, with a rim to spare for the cover, feel its full
 * pressure. */
#ifndef CALIBRATION_PUCK_H
#define CALIBRATION_PUCK_H

#include "array_layout.h"

enum { PUCK_RIM_MM = 2 };

struct puck_place {
    double x_mm, y_mm;
    double outside;     /* part of all that was felt that lies beyond the plate's rim */
    double overhang_mm; /* how far it hangs over the array's edge; <= 0: not at all */
    unsigned n_whole;   /* taxels wholly under it */
};

/** Diameters: the smallest puck that covers a taxel wholly, laid on its middle; and one that does
 * so wherever it is laid. */
double puck_least_mm(const struct array_layout *layout);
double puck_easy_mm(const struct array_layout *layout);

/**
 * @param felt   [n_taxels] conductance over gain; <= 0 where a taxel is of no use
 * @param whole  out: [n_taxels] lies wholly under it
 */
void puck_find(struct puck_place *place, const struct array_layout *layout, const double *felt,
               double diameter_mm, bool *whole);

/** The middle of what is felt, for telling whether it moved. */
void puck_middle(const struct array_layout *layout, const double *felt, double *x_mm, double *y_mm);

#endif

/* SPDX-License-Identifier: MIT */
/* surface.h - how pressure on the surface reaches the taxels
 *
 * A taxel feels the mean over its sensing area, which is smaller than its pitch, and a soft cover
 * spreads pressure a little (a Gaussian of 2 mm: a choice of this model, about half the thickness
 * of a usual cover). Both together are taken at four points, (+-d, +-d) from the taxel's centre
 * with d^2 = cover^2 + side^2 / 12: the two-point rule of the same variance, exact to the third
 * moment. */
#ifndef SURFACE_H
#define SURFACE_H

#include "status.h"
#include "stimulus.h"
#include "therapist/lobe.h"
#include "therapist/move.h"

struct surface {
    const struct stimulus_array *array; /* borrowed */
    size_t n_taxels;
    float half_x_mm, half_y_mm; /* half of the array's extent, to the outer edge of its cells */
    float centre_x_mm, centre_y_mm;
    float spread_max_mm;
    float *spread_mm;                /* [n_taxels] d; owned */
    float *row_low_mm, *row_high_mm; /* [n_rows] least and greatest y of a row; owned */
};

THENAR_NODISCARD enum thenar_status surface_init(struct surface *surface,
                                                 const struct stimulus_array *array);
void surface_finish(struct surface *surface);

/**
 * Press with one lobe.
 * @param pressure_kpa  in and out: [n_taxels]; the lobe's pressure is added
 * Context: allocates nothing
 */
void surface_press(const struct surface *surface, const struct lobe *lobe, float *pressure_kpa);

/** The same pressure on every taxel that exists; added as above. */
void surface_press_evenly(const struct surface *surface, float even_kpa, float *pressure_kpa);

/**
 * Press with a stiff plate: its pressure, force over area, times the part of each sensing area that
 * lies under it. The cover blurs its rim, without adding force.
 */
void surface_press_puck(const struct surface *surface, const struct puck *puck,
                        float *pressure_kpa);

#endif

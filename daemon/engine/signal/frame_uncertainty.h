/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame_uncertainty.h - how far the values of a frame may be off
 *
 * Expanded uncertainties after the GUM (JCGM 100:2008, 6.2), coverage factor k = 2: the true value
 * is within them about 95 times of 100. What is off alike for all taxels (hysteresis, what is left
 * of creep, the reference that the calibration used) adds up as it is; what each taxel has for
 * itself (repeatability, residual of the fit) adds up in squares, over as many taxels as the force
 * is spread on, or fewer. The zero, which is known to half a gate, comes on top: it is why a light
 * touch is less certain, in parts of itself, than a firm one. A law whose uncertainty is known as a
 * whole only (from the factory) counts as off alike.
 *
 * They hold between the loads that were measured, at the temperature of the calibration. A
 * saturated frame has none: its pressure is at least what is said. */
#ifndef FRAME_UNCERTAINTY_H
#define FRAME_UNCERTAINTY_H

#include "array_layout.h"
#include "signal/frame_features.h"

/* k = 2; NaN: not known. Zeros when nothing is touched. */
struct frame_uncertainty {
    float force_n, peak_kpa, mean_kpa;
};

/**
 * @param law        of the device: without calibration, or with samples that are no counts, nothing
 *                   is known
 * @param noise_kpa  standard deviation of a filtered reading
 * Context: any thread; allocates nothing
 */
void frame_uncertainty_find(const struct sensor_law *law, const struct frame_features *features,
                            float gate_kpa, float noise_kpa, struct frame_uncertainty *found);

#endif

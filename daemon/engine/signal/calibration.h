/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration.h - samples to pressure: circuit -> conductance -> kPa, by one table and a gain
 *
 * The law is the same for all taxels up to a gain (array_layout.h), so counts go through one table
 * of full_scale + 1 entries and are multiplied by the taxel's own scale; the zero is subtracted
 * last: p = table[counts] * scale - zero. Uncalibrated, the table is linear in conductance and
 * reaches RELATIVE_FULL_SCALE at full scale. Taxels that do not exist read NaN in nothing but the
 * published matrix: here they read 0 and are masked. */
#ifndef CALIBRATION_H
#define CALIBRATION_H

#include "array_layout.h"

struct calibration;

THENAR_NODISCARD enum thenar_status calibration_create(struct calibration **out,
                                                       const struct array_layout *layout);
void calibration_destroy(struct calibration *calibration);

/**
 * One frame of counts to pressure.
 * @param counts    [n_taxels]
 * @param pressure  out: [n_taxels] kPa, or relative
 * @param n_saturated  out: taxels at or above the saturation mark
 * Context: pipeline thread; allocates nothing
 */
void calibration_execute_counts(const struct calibration *calibration, const uint16_t *counts,
                                float *pressure, unsigned *n_saturated);

/** The same for samples that are floats already (a recording in kPa, N or counts). */
void calibration_execute_samples(const struct calibration *calibration, const float *samples,
                                 float *pressure, unsigned *n_saturated);

/**
 * Take the mean of `pressure` as the new zero, on top of the zero in force.
 * @param pressure  [n_taxels] mean over the tare's span, of values that this calibration gave
 */
void calibration_tare(struct calibration *calibration, const float *pressure);

#endif

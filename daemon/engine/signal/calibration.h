/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration.h - samples to pressure: circuit -> conductance -> kPa, by one table and a gain
 *
 * The law is the same for all taxels up to a gain (array_layout.h), so counts go through one table
 * and are multiplied by the taxel's own scale; the zero is subtracted
 * last: p = table[counts] * scale - zero. A factor that changes slowly (creep.h) is part of the
 * scale, and costs nothing. Taxels that do not exist read NaN in nothing but the
 * published matrix: here they read 0 and are masked.
 *
 * With C the full scale and G R = c / (C - c) for a divider, c / C for a transimpedance stage:
 *
 *   calibrated     p = 100 kPa * (G / (gain * G100))^(1 / exponent)
 *                  or, with knots, p = spline(G) * gain^(-1 / exponent)
 *   uncalibrated   p = RELATIVE_FULL_SCALE * G R / gain for a transimpedance stage; for a divider
 *                  RELATIVE_FULL_SCALE * a c / ((1 + a) C - c) with a = 1/16: linear in conductance
 *                  while G R is well below 1 / a, and bending to be finite at full scale, as it
 * does with a resistance of R / 16 in series linear         p = RELATIVE_FULL_SCALE * c / C / gain
 *
 * A sample at full scale is saturated: where the law has no finite value there (a calibrated
 * divider) it reads as C - 1 (LINK.md, section 5). Source: LINK.md, section 5. */
#ifndef CALIBRATION_H
#define CALIBRATION_H

#include "array_layout.h"
#include "signal/signal_kernel.h"

struct calibration;

/**
 * @param layout  read, not kept
 * @return THENAR_OK; THENAR_ERR_ARGUMENT the law's numbers are not positive and finite;
 *         THENAR_ERR_MEMORY
 */
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

/**
 * The same for samples that are floats already: kPa pass, N become kPa over the sensing area,
 * counts go through the table, between its entries too. What is not a number, or beyond +-1e6,
 * reads 0. Saturated are only counts.
 */
void calibration_execute_samples(const struct calibration *calibration, const float *samples,
                                 float *pressure, unsigned *n_saturated);

/** @param counts  [n_taxels]. @return taxels at or above the saturation mark */
unsigned calibration_n_saturated(const struct calibration *calibration, const uint16_t *counts);

/**
 * Take the mean of `pressure` as the new zero, on top of the zero in force.
 * @param pressure  [n_taxels] mean over the tare's span, of values that this calibration gave
 */
void calibration_tare(struct calibration *calibration, const float *pressure);

/** Take a zero that another calibration of the same array had. @param zero [n_taxels] */
void calibration_set_zeros(struct calibration *calibration, const float *zero);

/** Move the zero of one taxel by `step`: kPa, or relative. */
void calibration_shift_zero(struct calibration *calibration, size_t taxel, float step);

/** What one taxel shows is multiplied by `factor` from now on, before the zero; 1 at first. */
void calibration_set_factor(struct calibration *calibration, size_t taxel, float factor);

/** [n_taxels] the factors, and the zeros, in force; borrowed. */
const float *calibration_factors(const struct calibration *calibration);
const float *calibration_zeros(const struct calibration *calibration);

/** Use this kernel from now on; one that is not available is passed over. */
void calibration_set_kernel(struct calibration *calibration, enum signal_kernel kernel);

#endif

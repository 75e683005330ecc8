/* SPDX-License-Identifier: GPL-3.0-or-later */
/* creep.h - a load that stays reads the same: the rise of conductance with time is taken back
 *
 * Under a load that stays, a taxel's conductance goes on rising with the logarithm of time, and
 * goes back in the same way (struct sensor_creep, from a calibration):
 *
 *     G(t) = G(reference) (1 + c log10(t / reference))
 *
 * A hand is no single load that came at a known time, so the logarithm is carried as what it is for
 * a step, a sum of lags two to the decade (a Prony series; Tschoegl, The Phenomenological Theory of
 * Linear Viscoelastic Behavior, 1989, section 4), which any history can drive: h = sum of 1/2 lag.
 * The drive is whether there is load, 0 to 1, and not how much, since what rises is a part of the
 * reading. Lags run from a third of the onset to ten times the longest hold that was measured,
 * where the logarithm is taken to go on.
 *
 *     factor = ((1 + c h(t)) / (1 + c h(reference)))^(-1 / exponent)
 *
 * multiplies the taxel's pressure: less than 1 for a hold longer than the reference, more for a
 * tap. It is undone by dividing by it. A few taxels are brought up to date in each frame, every one
 * about eight times a second. */
#ifndef CREEP_H
#define CREEP_H

#include "array_layout.h"

struct calibration;
struct creep;

/**
 * @param layout  read, not kept
 * @return THENAR_OK; THENAR_ERR_ABSENT nothing is known of creep; THENAR_ERR_ARGUMENT its numbers
 *         cannot be; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status creep_create(struct creep **out,
                                                 const struct array_layout *layout);
void creep_destroy(struct creep *creep);

/**
 * One frame.
 * @param filtered     [n_taxels] after the low-pass
 * @param device_s     time of the frame
 * @param calibration  whose factors are set
 * Context: pipeline thread; allocates nothing
 */
void creep_execute(struct creep *creep, const float *filtered, double device_s,
                   struct calibration *calibration);

/* What the frame would have read without creep taken back. */
struct creep_undone {
    float force_n, peak_kpa;
};

/**
 * @param filtered  [n_taxels] the corrected frame
 * @param cell_mm2  [n_taxels]
 * @param gate_kpa  touched above it
 */
void creep_undo(const float *filtered, const float *cell_mm2, size_t n_taxels, float gate_kpa,
                const struct calibration *calibration, struct creep_undone *undone);

/** Forget all loads. */
void creep_reset(struct creep *creep, struct calibration *calibration);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* noise_floor.h - how much an untouched array moves, and the gate that follows
 *
 * Raw values of a few taxels, another few each time, are compared from one frame to the next. A
 * batch of 256 such pairs fills in about a quarter of a second. Its quarter with the lowest
 * filtered values is untouched, unless a hand covers more than three quarters of the array; so is
 * what lies within one gate above it. The root mean square of those differences, without the
 * largest eighth, gives the standard deviation of the noise (1.0655 sigma for the difference of two
 * normal values; about half of sigma where values cannot fall below zero, and there the noise is
 * only half as large; a median would be 0 where counts flicker now and then). A steady hand adds
 * nothing, since differences are taken. From batch to batch the estimate falls fast and rises
 * slowly, so that a moving hand cannot lift it.
 *
 *     gate = 9 * sigma * noise gain of the low-pass, within limits:
 *            0.5 to 5 kPa; or, relative, 1 or 2.5 counts, whichever is more, to 5
 *
 * Nine and not five, because values that cannot fall below zero have a mean above it. Contacts
 * reach further down (CONTACT_RELEASE): a flat hand of 20 to 40 N presses with 2 to 5 kPa only.
 * 2.5 counts, because a recording without noise still has steps; and 1 % of full scale, so that a
 * recording of eight bits reads the same through a device of twelve. */
#ifndef NOISE_FLOOR_H
#define NOISE_FLOOR_H

#include <stdbool.h>

#include "array_layout.h"

struct noise_floor;

/**
 * @param noise_gain  of the low-pass: sqrt(sum of taps squared), struct lowpass_design has it
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status noise_floor_create(struct noise_floor **out,
                                                       const struct array_layout *layout,
                                                       float noise_gain);
void noise_floor_destroy(struct noise_floor *floor);

/**
 * One frame.
 * @param raw       [n_taxels] calibrated, before the low-pass
 * @param filtered  [n_taxels] after it
 * Context: pipeline thread; allocates nothing
 */
void noise_floor_execute(struct noise_floor *floor, const float *raw, const float *filtered);

/** Start again: gate at its lower limit, nothing known. */
void noise_floor_reset(struct noise_floor *floor);

/** Above it, a filtered value counts as touch: kPa, or relative. */
float noise_floor_gate_kpa(const struct noise_floor *floor);

/** Standard deviation of the raw noise of one taxel: kPa, or relative; NaN until known. */
float noise_floor_sigma_kpa(const struct noise_floor *floor);

#endif

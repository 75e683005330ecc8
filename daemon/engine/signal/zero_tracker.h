/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zero_tracker.h - the zero follows the drift of what nobody touches, and never a hand
 *
 * A few taxels are looked at in each frame, every taxel about four times a second. A taxel is calm
 * while it and its eight neighbours read less than half a gate. Only a calm taxel's zero moves:
 *
 *   down  when it reads below zero: no hand can do that. It follows within seconds, once calm for
 *         2 s.
 *   up    once calm for as long as the touch before it lasted (10 s at least, 10 min at most: creep
 *         goes back as slowly as it came), by a gate a minute at most, and never more above its
 *         lowest since the last tare than
 *
 *             half a gate + twice the rise of the array's middle taxel from its own lowest
 *
 *         where the middle is the median over calm taxels, and does not rise while less than half
 *         of them are.
 *
 * So a hand that lies on the array for an hour loses nothing, since it is above half a gate. A hand
 * that comes as slowly as it likes, on less than half of the array, loses half a gate at most.
 * Warmth, which moves all taxels alike, is followed as far as it goes. What cannot be told from
 * warmth is a load on more than half of the array that grows by less than a gate a minute from the
 * very first.
 *
 * After a tare under load (a person on the mat) the zero stays as it is until the next plain one:
 * what reads below zero then is a person who moves. */
#ifndef ZERO_TRACKER_H
#define ZERO_TRACKER_H

#include <stdbool.h>

#include "array_layout.h"

struct calibration;
struct zero_tracker;

/** @param layout  read, not kept. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status zero_tracker_create(struct zero_tracker **out,
                                                        const struct array_layout *layout);
void zero_tracker_destroy(struct zero_tracker *tracker);

/**
 * One frame.
 * @param filtered     [n_taxels] after the low-pass, with the zero in force taken off
 * @param gate_kpa     touched above it
 * @param sigma_kpa    noise of one unfiltered reading; NaN: not known. Half of it is left as it is:
 *                     where readings cannot fall below zero, noise has a mean
 * @param calibration  whose zero is moved
 * Context: pipeline thread; allocates nothing
 */
void zero_tracker_execute(struct zero_tracker *tracker, const float *filtered, float gate_kpa,
                          float sigma_kpa, struct calibration *calibration);

/** A new zero is in force. @param is_loaded  it was taken under load, and stays */
void zero_tracker_tared(struct zero_tracker *tracker, bool is_loaded);

/** Whether the zero in force was taken under load. */
bool zero_tracker_is_loaded(const struct zero_tracker *tracker);

/** How far the middle taxel has drifted since the last tare: kPa, or relative. */
float zero_tracker_drift_kpa(const struct zero_tracker *tracker);

#endif

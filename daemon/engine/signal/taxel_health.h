/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxel_health.h - taxels that exist but do not answer
 *
 * A few taxels are looked at in each frame, every taxel about four times a second. A taxel is dead
 * when since the start
 *   - its reading never changed at all, for 5 s, while nine tenths of the taxels that nobody
 *     pressed did, by their noise; or
 *   - it never rose above the gate, although its neighbours on both sides (left and right, or above
 *     and below) came to be pressed together 30 times, to more than five times the gate.
 * One answer brings it back to life. Looks are judged once a second. */
#ifndef TAXEL_HEALTH_H
#define TAXEL_HEALTH_H

#include <stdbool.h>

#include "array_layout.h"

struct taxel_health;

THENAR_NODISCARD enum thenar_status taxel_health_create(struct taxel_health **out,
                                                        const struct array_layout *layout);
void taxel_health_destroy(struct taxel_health *health);

/**
 * One frame.
 * @param counts    [n_taxels] as the device sent them; or NULL and
 * @param samples   [n_taxels] those of a recording. A reading that never moves is looked for here:
 *                  the zero and the correction of creep move pressures without any taxel's doing
 * @param raw       [n_taxels] calibrated, before the low-pass
 * @param gate_kpa  touched above it
 * @return true when the set of dead taxels changed with this frame
 * Context: pipeline thread; allocates nothing
 */
bool taxel_health_execute(struct taxel_health *health, const uint16_t *counts, const float *samples,
                          const float *raw, float gate_kpa);

/** Start again: all alive, nothing known. */
void taxel_health_reset(struct taxel_health *health);

/** [n_taxels] true where dead; borrowed, changes with execute. */
const bool *taxel_health_dead(const struct taxel_health *health);
unsigned taxel_health_n_dead(const struct taxel_health *health);

#endif

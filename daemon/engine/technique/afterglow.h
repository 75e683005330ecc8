/* SPDX-License-Identifier: GPL-3.0-or-later */
/* afterglow.h - what a soft sensor still reads for seconds after the hand has left it
 *
 * An FSR under foam or fabric goes back slowly: some percent of what it carried stay for seconds,
 * and fade. Those are no touch. Each taxel keeps a share of the most that it read, which fades more
 * slowly than that; what does not pass it is left out of contacts and techniques (never of the
 * pressure that is published). A held pressure stays held. A hand that goes on resting on the taxel
 * with less than an eighth of what it pressed before is seen again once the share has faded: a
 * twentieth after 7 s. */
#ifndef AFTERGLOW_H
#define AFTERGLOW_H

#include "array_layout.h"

struct afterglow;

/** @param layout  read, not kept. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status afterglow_create(struct afterglow **out,
                                                     const struct array_layout *layout);
void afterglow_destroy(struct afterglow *afterglow);

/** Nothing was touched before. */
void afterglow_reset(struct afterglow *afterglow);

/**
 * One frame.
 * @param pressure  [n_taxels] filtered
 * @return [n_taxels] the same, 0 where it is only what stayed behind; borrowed until the next call
 * Context: pipeline thread; allocates nothing
 */
const float *afterglow_execute(struct afterglow *afterglow, double device_s, const float *pressure);

#endif

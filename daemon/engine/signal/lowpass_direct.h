/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lowpass_direct.h - the low-pass of every taxel over time, one frame at a time
 *
 *     filtered[n][i] = sum over k of taps[k] * pressure[n - k][i]
 *
 * The sum runs from the oldest frame to the newest, wherever the ring of frames stands: equal
 * histories give equal bits. lowpass_blocks.h is the other form, for blocks of frames. */
#ifndef LOWPASS_DIRECT_H
#define LOWPASS_DIRECT_H

#include <stddef.h>

#include "signal/signal_kernel.h"
#include "status.h"

struct lowpass_direct;

/**
 * @param taps  [n_taps] copied; taps[0] is the newest frame's
 * @return THENAR_OK; THENAR_ERR_ARGUMENT no taps or no taxels; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status lowpass_direct_create(struct lowpass_direct **out,
                                                          const float *taps, size_t n_taps,
                                                          size_t n_taxels);
void lowpass_direct_destroy(struct lowpass_direct *lowpass);

/**
 * One frame.
 * @param pressure  [n_taxels] finite
 * @param filtered  out: [n_taxels]; may be `pressure` itself
 * Context: one thread a filter; allocates nothing
 */
void lowpass_direct_execute(struct lowpass_direct *lowpass, const float *pressure, float *filtered);

/**
 * Forget the past: the next frame counts as if it had lasted forever, so that the output starts at
 * its level and there is no dip. A filter just created is in that state. Call it after a gap in
 * time and after a change of zero.
 */
void lowpass_direct_reset(struct lowpass_direct *lowpass);

/** Use this kernel from now on; one that is not available is passed over. */
void lowpass_direct_set_kernel(struct lowpass_direct *lowpass, enum signal_kernel kernel);

/** The form and kernel in force: "direct/avx2". */
const char *lowpass_direct_form(const struct lowpass_direct *lowpass);

#endif

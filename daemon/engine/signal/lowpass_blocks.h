/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lowpass_blocks.h - the low-pass of every taxel over time, blocks of frames at a time
 *
 * The same filter as lowpass_direct.h, to rounding (relative to the largest input: < 1e-6), by
 * overlap-save with FFTW: for recordings, for catching up, and for filters long enough to pay.
 * Source: Oppenheim & Schafer, Discrete-Time Signal Processing, 3rd ed., section 8.7.3. */
#ifndef LOWPASS_BLOCKS_H
#define LOWPASS_BLOCKS_H

#include <stddef.h>

#include "status.h"

struct lowpass_blocks;

/**
 * @param taps  [n_taps] copied; taps[0] is the newest frame's
 * @param n_frames_usual  frames that execute will usually be given at a time; the transform's size
 *                        is chosen for it by cost. Any number may be given later.
 * @return THENAR_OK; THENAR_ERR_ARGUMENT no taps, taxels or frames; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status lowpass_blocks_create(struct lowpass_blocks **out,
                                                          const float *taps, size_t n_taps,
                                                          size_t n_taxels, size_t n_frames_usual);
void lowpass_blocks_destroy(struct lowpass_blocks *lowpass);

/**
 * A block of frames; history is carried over from the block before.
 * @param pressure  [n_frames * n_taxels] time-major, finite
 * @param filtered  out: [n_frames * n_taxels] the filtered frame of each input frame, in place;
 *                  not overlapping `pressure`
 * Context: one thread a filter; allocates nothing
 */
void lowpass_blocks_execute(struct lowpass_blocks *lowpass, const float *pressure, size_t n_frames,
                            float *filtered);

/** Forget the past, as lowpass_direct_reset does. */
void lowpass_blocks_reset(struct lowpass_blocks *lowpass);

/** Length of the transform that was chosen, in frames. */
size_t lowpass_blocks_n_fft(const struct lowpass_blocks *lowpass);

#endif

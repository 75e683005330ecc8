/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimum_phase.h - the causal filter of least delay that has a given magnitude
 *
 * The real cepstrum, the inverse transform of log |H|, is folded onto its causal half; the
 * transform's exponential is then the minimum-phase spectrum.
 *
 * Source: Oppenheim and Schafer, Discrete-Time Signal Processing, 3rd ed., section 13.5.1. */
#ifndef MINIMUM_PHASE_H
#define MINIMUM_PHASE_H

#include <stddef.h>

#include "status.h"

/**
 * @param log_magnitude  [n_fft / 2 + 1] natural logarithm of |H| at 0 .. Nyquist
 * @param n_fft          even; long enough for the cepstrum to have faded at n_fft / 2
 * @param taps           out: [n_taps] the beginning of the impulse response; n_taps <= n_fft
 * @return THENAR_OK; THENAR_ERR_MEMORY
 * Context: at start (FFTW's planner)
 */
THENAR_NODISCARD enum thenar_status minimum_phase_make(const float *log_magnitude, size_t n_fft,
                                                       float *taps, size_t n_taps);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lowpass_design.h - the low-pass of every taxel: a minimum-phase FIR (design.md, "The filter")
 *
 * Flat within 0.5 dB to pass_hz, 60 dB down from stop_hz, group delay <= 23 ms up to pass_hz.
 * Below 110 frames/s the pass-band is 0.4 of Nyquist or less, and the struct says so. */
#ifndef LOWPASS_DESIGN_H
#define LOWPASS_DESIGN_H

#include <stddef.h>

#include "status.h"

enum { LOWPASS_MAX_TAPS = 512 };

struct lowpass_design {
    size_t n_taps;
    float taps[LOWPASS_MAX_TAPS];
    float rate_hz;
    float pass_hz, stop_hz;   /* as met */
    float ripple_db;          /* largest deviation from 0 dB up to pass_hz, as realised */
    float attenuation_db;     /* smallest from stop_hz to Nyquist, as realised */
    float delay_ms;           /* group delay at 0 Hz */
    float delay_max_ms;       /* largest group delay up to pass_hz */
};

/**
 * @param rate_hz  frame rate, 10..2000
 * @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY
 * Context: at start (FFTW plans with ESTIMATE, so that the same build gives the same taps)
 */
THENAR_NODISCARD enum thenar_status lowpass_design_make(struct lowpass_design *design,
                                                        float rate_hz);

#endif

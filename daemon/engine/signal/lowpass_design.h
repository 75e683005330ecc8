/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lowpass_design.h - the low-pass of every taxel: a minimum-phase FIR (design.md, "The filter")
 *
 *   rate, frames/s   pass_hz               stop_hz             goal
 *   100 and more     12                    45                  0.5 dB, 60 dB, delay <= 23 ms
 *   90 to 100        12                    0.9 of Nyquist      0.5 dB, 60 dB
 *   below 90         12, or 0.4 of         0.9 of Nyquist      0.5 dB, 40 dB: nearer to Nyquist a
 *                    Nyquist (below 60)                        deep stop-band costs delay and stops
 *                                                              little but noise
 *
 * The shortest filter found that meets the goal is taken, and what it really does is measured on
 * the taps in use and stored beside them. The gain at 0 Hz is 1. Realised:
 *
 *   rate   taps   pass, ripple      stop, attenuation   delay at 0 Hz, largest up to pass_hz
 *     44      7    8.8 Hz  0.03 dB  19.8 Hz  44 dB      13.0  26.3 ms
 *    100      7     12 Hz  0.02 dB    45 Hz  66 dB      10.6  14.0 ms
 *    200     16     12 Hz  0.21 dB    45 Hz  60 dB      17.9  22.8 ms
 *    500     43     12 Hz  0.40 dB    45 Hz  60 dB      21.1  22.6 ms
 *   1000     83     12 Hz  0.40 dB    45 Hz  60 dB      21.4  22.9 ms
 *
 * Source: a linear-phase prototype of length 2 n - 1 with a stop-band that touches zero from above
 * (Herrmann and Schuessler, Design of nonrecursive digital filters with minimum phase, Electronics
 * Letters 6, 1970) is |H|^2; its minimum-phase factor comes from the folded real cepstrum
 * (Oppenheim and Schafer, Discrete-Time Signal Processing, 3rd ed., chapter 13), by FFTW. */
#ifndef LOWPASS_DESIGN_H
#define LOWPASS_DESIGN_H

#include <stddef.h>

#include "status.h"

enum { LOWPASS_MAX_TAPS = 512 };

struct lowpass_design {
    size_t n_taps;
    float taps[LOWPASS_MAX_TAPS];
    float rate_hz;
    float pass_hz, stop_hz; /* as met */
    float ripple_db;        /* largest deviation from 0 dB up to pass_hz, as realised */
    float attenuation_db;   /* smallest from stop_hz to Nyquist, as realised */
    float delay_ms;         /* group delay at 0 Hz */
    float delay_max_ms;     /* largest group delay up to pass_hz */
    float noise_gain;       /* of white noise, standard deviation out over in */
};

/**
 * @param rate_hz  frame rate, 10..2000
 * @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY
 * Context: at start (FFTW plans with ESTIMATE, so that the same build gives the same taps);
 *          milliseconds up to 200 frames/s, 40 ms at 500, a second at 2000
 */
THENAR_NODISCARD enum thenar_status lowpass_design_make(struct lowpass_design *design,
                                                        float rate_hz);

#endif

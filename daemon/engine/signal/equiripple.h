/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equiripple.h - best low-pass among cosine sums of a given length
 *
 * A(f) = sum over k < n of coefs[k] cos(2 pi k f), f in cycles a sample, nearest to 1 on [0, pass]
 * and to 0 on [stop, 1/2] in the sense of the largest weighted error. A is the amplitude of a
 * linear-phase FIR of 2 n - 1 taps.
 *
 * Source: the exchange of Remez as Parks and McClellan use it (Chebyshev approximation for
 * nonrecursive digital filters with linear phase, IEEE Trans. Circuit Theory 19, 1972), with
 * barycentric interpolation (Berrut and Trefethen, SIAM Review 46, 2004). */
#ifndef EQUIRIPPLE_H
#define EQUIRIPPLE_H

#include <stddef.h>

#include "status.h"

struct equiripple_goal {
    double pass, stop;  /* 0 < pass < stop < 1/2 */
    double stop_weight; /* error of the pass-band over error of the stop-band */
    size_t n_coefs;     /* 2..LOWPASS_MAX_TAPS */
};

/**
 * @param coefs   out: [n_coefs]
 * @param stop_error  out: largest |A| in the stop-band
 * @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY; THENAR_ERR_UNSUPPORTED the exchange
 *         does not settle (so long a filter that its errors drown in rounding)
 */
THENAR_NODISCARD enum thenar_status equiripple_make(const struct equiripple_goal *goal,
                                                    double *coefs, double *stop_error);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* periodicity.h - does a signal repeat, and after how long?
 *
 * The spectrum (FFTW) gives the autocorrelation (Wiener and Khinchin), and that the normalised
 * square difference n(lag) = 2 sum x x' / sum (x^2 + x'^2) of McLeod and Wyvill ("A smarter way to
 * find pitch", ICMC 2005, eq. 9): 1 where the signal repeats itself exactly. A harmonic however
 * strong repeats at its own lag less well than the whole does at the cycle's, which settles the
 * octave: the first maximum within PERIODICITY_KEY of the best one is taken. The lag is then
 * measured on its multiples, as far as they stay alike, so that its error shrinks with their
 * number. */
#ifndef PERIODICITY_H
#define PERIODICITY_H

#include <stddef.h>

#include "status.h"

enum { PERIODICITY_MAX = 256 }; /* samples */
#define PERIODICITY_KEY 0.88F

struct periodicity;

struct period {
    float lag;      /* samples a cycle; NaN: none within the range */
    float strength; /* n(lag), up to 1 */
    float swing;    /* amplitude as a range: 2 sqrt(2) standard deviations of what was looked at */
};

/** @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status periodicity_create(struct periodicity **out);
void periodicity_destroy(struct periodicity *periodicity);

/**
 * @param x        in: [n]; out: detrended (straight line taken away). n <= PERIODICITY_MAX
 * @param least_lag, most_lag  samples; most_lag <= n / 2
 * Context: allocates nothing
 */
struct period periodicity_find(struct periodicity *periodicity, float *x, size_t n, float least_lag,
                               float most_lag);

#endif

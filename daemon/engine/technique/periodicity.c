/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/periodicity.h"

#include <assert.h>
#include <fftw3.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "signal/fft_planner.h"

enum { N_FFT = 2 * PERIODICITY_MAX, N_BINS = N_FFT / 2 + 1 };

static const float least_dip = 0.3F;        /* n(lag) falls by this much before a maximum counts */
static const float alike = 0.8F;            /* of the first maximum, for a multiple to count */
static const float multiples_share = 0.62F; /* of the samples: beyond, too little overlaps */

struct periodicity {
    float *wave;             /* [N_FFT] */
    fftwf_complex *spectrum; /* [N_BINS] */
    fftwf_plan forward, back;
    float square[PERIODICITY_MAX + 1]; /* running sum of x^2 */
    float nsd[PERIODICITY_MAX];        /* normalised square difference by lag */
};

enum thenar_status periodicity_create(struct periodicity **out)
{
    struct periodicity *p = calloc(1, sizeof *p);
    *out = NULL;
    if (!p)
        return THENAR_ERR_MEMORY;
    p->wave = fftwf_alloc_real(N_FFT);
    p->spectrum = fftwf_alloc_complex(N_BINS);
    if (p->wave && p->spectrum) {
        fft_planner_lock();
        /* ESTIMATE: the same plan, and so the same bits, on every run. */
        p->forward = fftwf_plan_dft_r2c_1d(N_FFT, p->wave, p->spectrum, FFTW_ESTIMATE);
        p->back = fftwf_plan_dft_c2r_1d(N_FFT, p->spectrum, p->wave, FFTW_ESTIMATE);
        fft_planner_unlock();
    }
    if (!p->forward || !p->back) {
        periodicity_destroy(p);
        return THENAR_ERR_MEMORY;
    }
    *out = p;
    return THENAR_OK;
}

void periodicity_destroy(struct periodicity *periodicity)
{
    if (!periodicity)
        return;
    fft_planner_lock();
    if (periodicity->forward)
        fftwf_destroy_plan(periodicity->forward);
    if (periodicity->back)
        fftwf_destroy_plan(periodicity->back);
    fft_planner_unlock();
    fftwf_free(periodicity->wave);
    fftwf_free(periodicity->spectrum);
    free(periodicity);
}

/* Take the least-squares line away; returns the variance that is left. */
static float detrend(float *x, size_t n)
{
    float middle = 0.5F * (float)(n - 1), sum = 0, slope = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        float t = (float)i - middle;
        sum += x[i];
        slope += t * x[i];
    }
    float count = (float)n, mean = sum / count;
    slope /= count * (count * count - 1.0F) / 12.0F;
    for (size_t i = 0; i < n; i++) {
        x[i] -= mean + slope * ((float)i - middle);
        squares += x[i] * x[i];
    }
    return squares / count;
}

static void autocorrelate(struct periodicity *p, const float *x, size_t n, size_t n_lags)
{
    memcpy(p->wave, x, n * sizeof *x);
    memset(p->wave + n, 0, (N_FFT - n) * sizeof *x);
    fftwf_execute(p->forward);
    for (size_t k = 0; k < N_BINS; k++) {
        float re = p->spectrum[k][0], im = p->spectrum[k][1];
        p->spectrum[k][0] = (re * re + im * im) * (1.0F / N_FFT);
        p->spectrum[k][1] = 0;
    }
    fftwf_execute(p->back);
    p->square[0] = 0;
    for (size_t i = 0; i < n; i++)
        p->square[i + 1] = p->square[i] + x[i] * x[i];
    for (size_t lag = 0; lag < n_lags; lag++) {
        float both = p->square[n - lag] + (p->square[n] - p->square[lag]);
        p->nsd[lag] = both > 0 ? 2.0F * p->wave[lag] / both : 0.0F;
    }
}

/* Where the parabola through three values has its top, from the middle one; and how high. */
static float refine(const float *y, float *top)
{
    float bend = y[-1] - 2.0F * y[0] + y[1];
    float offset = bend < 0 ? 0.5F * (y[-1] - y[1]) / bend : 0.0F;
    offset = fminf(fmaxf(offset, -0.5F), 0.5F);
    *top = y[0] - 0.25F * (y[-1] - y[1]) * offset;
    return offset;
}

static bool is_maximum(const float *y)
{
    return y[0] > y[-1] && y[0] >= y[1];
}

/* The first maximum that is nearly as good as the best one; 0: none. */
static size_t first_maximum(const struct periodicity *p, size_t from, size_t to)
{
    float best = 0, dip = 1;
    for (int pass = 0; pass < 2; pass++) {
        dip = 1;
        for (size_t lag = 1; lag <= to; lag++) {
            const float *y = &p->nsd[lag];
            dip = y[0] < dip ? y[0] : dip;
            if (lag < from || !is_maximum(y) || y[0] - dip < least_dip)
                continue;
            float top;
            refine(y, &top);
            if (pass == 0)
                best = fmaxf(best, top);
            else if (top >= PERIODICITY_KEY * best)
                return lag;
        }
        if (!(best > 0))
            return 0;
    }
    return 0;
}

/* Measure the lag on its multiples. */
static float sharpen(const struct periodicity *p, size_t first, size_t n_lags, float *strength)
{
    float lag = (float)first + refine(&p->nsd[first], strength);
    for (unsigned k = 2;; k++) {
        float wanted = (float)k * lag, around = fmaxf(1.0F, 0.12F * lag);
        size_t from = (size_t)(wanted - around + 0.5F), to = (size_t)(wanted + around + 0.5F);
        if (to + 2 > n_lags)
            return lag;
        size_t best = from;
        for (size_t i = from + 1; i <= to; i++)
            if (p->nsd[i] > p->nsd[best])
                best = i;
        if (!is_maximum(&p->nsd[best]) || p->nsd[best] < alike * *strength)
            return lag;
        float top;
        lag = ((float)best + refine(&p->nsd[best], &top)) / (float)k;
    }
}

struct period periodicity_find(struct periodicity *periodicity, float *x, size_t n, float least_lag,
                               float most_lag)
{
    struct period none = {NAN, 0, 0};
    assert(n <= PERIODICITY_MAX);
    if (n < 8 || !(most_lag > least_lag))
        return none;
    float variance = detrend(x, n);
    none.swing = 2.828427F * sqrtf(variance);
    if (!(variance > 0))
        return none;
    size_t n_lags = (size_t)(multiples_share * (float)n);
    size_t from = (size_t)fmaxf(1.0F, floorf(least_lag)), to = (size_t)ceilf(most_lag);
    if (to + 2 > n_lags)
        to = n_lags - 2;
    autocorrelate(periodicity, x, n, n_lags);
    size_t first = first_maximum(periodicity, from, to);
    if (first == 0)
        return none;
    struct period found = {.swing = none.swing};
    found.lag = sharpen(periodicity, first, n_lags, &found.strength);
    found.strength = fminf(found.strength, 1.0F);
    return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/beat.h"

#include <math.h>

static const double agree = 0.1;     /* of the ladder's step and the pace */
static const double skips = 1.6;     /* of a cycle: a longer one is a pause */
static const double all_doubt = 0.2; /* of a cycle: a spread that tells nothing */
static const unsigned least_events = 3;

/* Least squares of at = a + b k; the last event has k = 0. */
static void fit(const double *at_s, unsigned n, struct beat *beat, double *spread_s)
{
    double mean_k = -0.5 * (n - 1), mean_s = 0, slope = 0, squares = 0, off = 0;
    for (unsigned i = 0; i < n; i++)
        mean_s += (at_s[i] - at_s[n - 1]) / n;
    for (unsigned i = 0; i < n; i++) {
        double k = (double)i - (n - 1) - mean_k;
        slope += k * (at_s[i] - at_s[n - 1] - mean_s);
        squares += k * k;
    }
    beat->period_s = slope / squares;
    beat->at_s = at_s[n - 1] + mean_s - beat->period_s * mean_k;
    for (unsigned i = 0; i < n; i++) {
        double d = at_s[i] - beat->at_s - beat->period_s * ((double)i - (n - 1));
        off += d * d / n;
    }
    *spread_s = sqrt(off);
}

struct beat beat_none(void)
{
    return (struct beat){(double)NAN, (double)NAN, NAN};
}

struct beat beat_find(const struct cycle_times *cycles, float pace_cpm)
{
    struct beat beat;
    unsigned n = cycles->n < BEAT_EVENTS ? cycles->n : BEAT_EVENTS;
    const double *last = cycles->at_s + cycles->n - n;
    if (!(pace_cpm > 0))
        return beat_none();
    double cycle_s = 60.0 / (double)pace_cpm, spread_s;
    for (unsigned i = n; i-- > 1;)
        if (last[i] - last[i - 1] > skips * cycle_s) {
            last += i;
            n -= i;
            break;
        }
    if (n < least_events)
        return beat_none();
    fit(last, n, &beat, &spread_s);
    if (!(fabs(beat.period_s / cycle_s - 1) < agree))
        return beat_none();
    /* Few events have a small spread by themselves: two parameters are fitted. */
    double doubt = spread_s / beat.period_s * sqrt((double)n / (n - 2));
    beat.confidence = (float)fmax(0, 1 - doubt / all_doubt);
    return beat;
}

float beat_phase(const struct beat *beat, double device_s)
{
    if (isnan(beat->at_s))
        return NAN;
    double cycles = (device_s - beat->at_s) / beat->period_s;
    return fminf((float)(cycles - floor(cycles)), 0.9999F);
}

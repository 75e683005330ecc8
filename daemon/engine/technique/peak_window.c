/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/peak_window.h"

#include <math.h>

static const struct peak_bucket empty = {NAN, false};

void peak_window_init(struct peak_window *w)
{
    w->n = w->at = 0;
    w->filling = empty;
}

void peak_window_put(struct peak_window *w, bool is_touched, float peak_kpa, bool is_saturated)
{
    if (is_touched && !(peak_kpa <= w->filling.peak_kpa))
        w->filling.peak_kpa = peak_kpa;
    w->filling.is_saturated = w->filling.is_saturated || is_saturated;
}

void peak_window_close(struct peak_window *w)
{
    w->buckets[w->at] = w->filling;
    w->at = (w->at + 1) % PEAK_WINDOW_BUCKETS;
    if (w->n < PEAK_WINDOW_BUCKETS)
        w->n++;
    w->filling = empty;
}

float peak_window_read(const struct peak_window *w, unsigned n_tenths, bool *is_saturated)
{
    float peak_kpa = NAN;
    *is_saturated = false;
    for (unsigned i = 0; i < n_tenths && i < w->n; i++) {
        const struct peak_bucket *bucket =
            &w->buckets[(w->at + PEAK_WINDOW_BUCKETS - 1 - i) % PEAK_WINDOW_BUCKETS];
        if (!isnan(bucket->peak_kpa) && !(bucket->peak_kpa <= peak_kpa))
            peak_kpa = bucket->peak_kpa;
        *is_saturated = *is_saturated || bucket->is_saturated;
    }
    return peak_kpa;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peak_window.h - the largest pressure of the last seconds, by tenths of a second
 *
 * What a stroke reaches is what its band speaks of, so the coach looks back over a cycle. */
#ifndef PEAK_WINDOW_H
#define PEAK_WINDOW_H

#include <stdbool.h>

enum { PEAK_WINDOW_BUCKETS = 100 }; /* the longest cycle that is looked back upon: 10 s */

struct peak_bucket {
    float peak_kpa; /* NaN: untouched */
    bool is_saturated;
};

struct peak_window {
    struct peak_bucket buckets[PEAK_WINDOW_BUCKETS], filling;
    unsigned n, at;
};

void peak_window_init(struct peak_window *window);

/** A frame; `peak_kpa` counts when something is touched. */
void peak_window_put(struct peak_window *window, bool is_touched, float peak_kpa,
                     bool is_saturated);

/** A tenth of a second is over. */
void peak_window_close(struct peak_window *window);

/** @return the largest of the last `n_tenths`; NaN: untouched. @param is_saturated out: any was */
float peak_window_read(const struct peak_window *window, unsigned n_tenths, bool *is_saturated);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latency_histogram.h - percentiles of the last minute in fixed memory
 *
 * Eight buckets an octave from 1 us to 16 s, so that a percentile is right within 9 %; seven slices
 * of ten seconds, of which the oldest is emptied and used again. */
#ifndef LATENCY_HISTOGRAM_H
#define LATENCY_HISTOGRAM_H

#include <stdint.h>

enum { LATENCY_SLICES = 7, LATENCY_BUCKETS = 24 * 8 };

struct latency_histogram {
    int64_t slice_number; /* time of the slice in use, in units of ten seconds */
    uint32_t counts[LATENCY_SLICES][LATENCY_BUCKETS];
};

void latency_histogram_init(struct latency_histogram *histogram);

/** @param now_ns monotonic; @param latency_ns below 1 us counts as 1 us, above 16 s as 16 s */
void latency_histogram_add(struct latency_histogram *histogram, int64_t now_ns, int64_t latency_ns);

/** @param fraction 0..1: 0.99 for the 99th percentile. @return microseconds; NaN: nothing there */
double latency_histogram_us(struct latency_histogram *histogram, int64_t now_ns, double fraction);

#endif

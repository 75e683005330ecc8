/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "latency_histogram.h"

#include <math.h>
#include <string.h>

static const int64_t SLICE_NS = 10000000000;
enum { STEPS_AN_OCTAVE = 8 };

void latency_histogram_init(struct latency_histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

/* Empty the slices whose time has come round again. */
static uint32_t *slice_of_now(struct latency_histogram *histogram, int64_t now_ns)
{
    int64_t number = now_ns / SLICE_NS;
    int64_t n_stale = number - histogram->slice_number;
    if (n_stale > LATENCY_SLICES || n_stale < 0)
        n_stale = LATENCY_SLICES;
    for (int64_t i = 0; i < n_stale; i++)
        memset(histogram->counts[(number - i) % LATENCY_SLICES], 0, sizeof histogram->counts[0]);
    histogram->slice_number = number;
    return histogram->counts[number % LATENCY_SLICES];
}

/* The octave is the place of the highest bit; the three bits below it are the step. */
static unsigned bucket_of(int64_t latency_ns)
{
    uint64_t us_e3 = latency_ns < 1000 ? 1000 : (uint64_t)latency_ns;
    uint64_t scaled = us_e3 * STEPS_AN_OCTAVE / 1000; /* 8 = 1 us */
    unsigned octave = 63u - (unsigned)__builtin_clzll(scaled);
    unsigned step = (unsigned)(scaled >> (octave - 3)) & (STEPS_AN_OCTAVE - 1);
    unsigned bucket = (octave - 3) * STEPS_AN_OCTAVE + step;
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static double middle_us(unsigned bucket)
{
    double octave_us = ldexp(1.0, (int)(bucket / STEPS_AN_OCTAVE));
    return octave_us * (1 + (bucket % STEPS_AN_OCTAVE + 0.5) / STEPS_AN_OCTAVE);
}

void latency_histogram_add(struct latency_histogram *histogram, int64_t now_ns, int64_t latency_ns)
{
    slice_of_now(histogram, now_ns)[bucket_of(latency_ns)]++;
}

double latency_histogram_us(struct latency_histogram *histogram, int64_t now_ns, double fraction)
{
    uint64_t sums[LATENCY_BUCKETS] = {0}, total = 0;
    (void)slice_of_now(histogram, now_ns);
    for (unsigned s = 0; s < LATENCY_SLICES; s++)
        for (unsigned b = 0; b < LATENCY_BUCKETS; b++)
            sums[b] += histogram->counts[s][b];
    for (unsigned b = 0; b < LATENCY_BUCKETS; b++)
        total += sums[b];
    if (total == 0)
        return (double)NAN;
    uint64_t rank = (uint64_t)ceil(fraction * (double)total), seen = 0;
    for (unsigned b = 0; b < LATENCY_BUCKETS; b++) {
        seen += sums[b];
        if (seen >= rank && seen > 0)
            return middle_us(b);
    }
    return middle_us(LATENCY_BUCKETS - 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/noise_floor.h"

#include <math.h>
#include <stdlib.h>

#include "signal/select_rank.h"

enum { BATCH = 256 };

static const float batch_s = 0.25F;
static const float sigmas_to_gate = 9.0F;
static const float trimmed_rms_of_sigma = 1.0655F;
static const float kpa_lowest = 0.5F, relative_lowest = 1.0F, counts_lowest = 2.5F;
static const float gate_highest = 5.0F;
static const float fall = 0.5F; /* part of the way to a lower estimate, each batch */
static const float rise = 0.1F; /* part of itself that it may rise, each batch */

struct noise_floor {
    size_t n_live;
    size_t *live; /* [n_live] indices of existing taxels, in an order that spreads over the array */
    size_t cursor; /* of the next few in `live` */
    size_t n_watched;
    size_t watched[BATCH]; /* taxels seen in the frame before, */
    float before[BATCH];   /* and their values then */
    bool watching;
    size_t n_pairs;
    float level[BATCH], difference[BATCH]; /* [n_pairs] filtered value, |change of raw value| */
    float scratch[BATCH];
    float noise_gain;
    float gate_lowest;
    float sigma;
};

/* A step near the golden section of n, without a common divisor: the walk visits every taxel, and
 * neighbours in time are far apart in place. */
static size_t coprime_step(size_t n)
{
    for (size_t step = n * 618 / 1000 + 1;; step++) {
        size_t a = n, b = step;
        while (b > 0) {
            size_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1)
            return step;
    }
}

static void list_live(struct noise_floor *floor, const struct array_layout *layout)
{
    size_t n = layout->n_taxels, step = coprime_step(n), at = 0;
    for (size_t i = 0; i < n; i++, at = (at + step) % n)
        if (layout->exists[at])
            floor->live[floor->n_live++] = at;
}

static float lowest_gate(const struct array_layout *layout)
{
    if (array_layout_is_kpa(layout))
        return kpa_lowest;
    float step = RELATIVE_FULL_SCALE / layout->sensor.full_scale_counts;
    return fminf(fmaxf(relative_lowest, counts_lowest * step), gate_highest);
}

enum thenar_status noise_floor_create(struct noise_floor **out, const struct array_layout *layout,
                                      float noise_gain)
{
    *out = NULL;
    struct noise_floor *floor = calloc(1, sizeof *floor);
    if (!floor)
        return THENAR_ERR_MEMORY;
    floor->live = calloc(layout->n_taxels, sizeof *floor->live);
    if (!floor->live) {
        noise_floor_destroy(floor);
        return THENAR_ERR_MEMORY;
    }
    list_live(floor, layout);
    float frames = fmaxf(1.0F, batch_s * layout->rate_hz);
    size_t n_watched = (size_t)ceilf((float)BATCH / frames);
    floor->n_watched = n_watched < floor->n_live ? n_watched : floor->n_live;
    floor->noise_gain = noise_gain;
    floor->gate_lowest = lowest_gate(layout);
    noise_floor_reset(floor);
    *out = floor;
    return THENAR_OK;
}

void noise_floor_destroy(struct noise_floor *floor)
{
    if (!floor)
        return;
    free(floor->live);
    free(floor);
}

void noise_floor_reset(struct noise_floor *floor)
{
    floor->cursor = 0;
    floor->watching = false;
    floor->n_pairs = 0;
    floor->sigma = NAN;
}

/* Standard deviation from the pairs whose level is at most `highest`; there are some. */
static float sigma_below(struct noise_floor *floor, float highest)
{
    size_t n = 0;
    for (size_t k = 0; k < BATCH; k++)
        if (floor->level[k] <= highest)
            floor->scratch[n++] = floor->difference[k];
    size_t n_kept = n - n / 8;
    select_rank(floor->scratch, n, n_kept - 1);
    float squares = 0.0F;
    for (size_t k = 0; k < n_kept; k++)
        squares += floor->scratch[k] * floor->scratch[k];
    return sqrtf(squares / (float)n_kept) / trimmed_rms_of_sigma;
}

static float gate_of(const struct noise_floor *floor, float sigma)
{
    float gate = sigmas_to_gate * sigma * floor->noise_gain;
    return fminf(fmaxf(gate, floor->gate_lowest), gate_highest);
}

/* The lowest quarter alone would be quieter than the rest of the untouched taxels. */
static float sigma_of_batch(struct noise_floor *floor)
{
    for (size_t k = 0; k < BATCH; k++)
        floor->scratch[k] = floor->level[k];
    float quiet = select_rank(floor->scratch, BATCH, BATCH / 4);
    float sigma = sigma_below(floor, quiet);
    return sigma_below(floor, quiet + gate_of(floor, sigma));
}

static void conclude(struct noise_floor *floor)
{
    float fresh = sigma_of_batch(floor);
    if (isnan(floor->sigma)) {
        floor->sigma = fresh;
    } else if (fresh < floor->sigma) {
        floor->sigma += fall * (fresh - floor->sigma);
    } else {
        float least = floor->gate_lowest / (sigmas_to_gate * floor->noise_gain);
        floor->sigma = fminf(fresh, floor->sigma + rise * fmaxf(floor->sigma, least));
    }
}

void noise_floor_execute(struct noise_floor *floor, const float *raw, const float *filtered)
{
    for (size_t k = 0; floor->watching && k < floor->n_watched; k++) {
        size_t i = floor->watched[k];
        floor->level[floor->n_pairs] = filtered[i];
        floor->difference[floor->n_pairs] = fabsf(raw[i] - floor->before[k]);
        if (++floor->n_pairs == BATCH) {
            conclude(floor);
            floor->n_pairs = 0;
        }
    }
    for (size_t k = 0; k < floor->n_watched; k++) {
        floor->watched[k] = floor->live[floor->cursor];
        floor->before[k] = raw[floor->watched[k]];
        floor->cursor = floor->cursor + 1 < floor->n_live ? floor->cursor + 1 : 0;
    }
    floor->watching = true;
}

float noise_floor_gate_kpa(const struct noise_floor *floor)
{
    if (isnan(floor->sigma))
        return floor->gate_lowest;
    return gate_of(floor, floor->sigma);
}

float noise_floor_sigma_kpa(const struct noise_floor *floor)
{
    return floor->sigma;
}

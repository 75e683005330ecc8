/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "technique/plan.h"

enum { BLOCK = 5, N_DRAWS = 1000, PAUSE_MAX_S = 20, RUNS_MAX = 2000 };

/* ---- what strokes say ---- */

static bool value_of(const struct stroke *stroke, enum compare_value which, float *value)
{
    switch (which) {
    case COMPARE_PRESSURE:
        *value = stroke->peak_kpa;
        break;
    case COMPARE_PACE: /* a pause is no slow stroke */
        *value = stroke->interval_s < PAUSE_MAX_S ? 60 / stroke->interval_s : NAN;
        break;
    case COMPARE_STROKE:
        *value = (float)(stroke->end_s - stroke->start_s);
        break;
    case N_COMPARE_VALUES:
    default:
        return false;
    }
    return isfinite(*value) && *value > 0;
}

static size_t collect(const struct recording_takes *takes, enum technique technique,
                      enum compare_value which, float *values)
{
    size_t n = 0;
    for (size_t i = 0; i < takes->n_strokes; i++)
        if (takes->strokes[i].technique == technique &&
            value_of(&takes->strokes[i], which, &values[n]))
            n++;
    return which == COMPARE_PACE ? recording_takes_usual(values, n) : n;
}

/* ---- uncertainty ---- */

/* A fixed seed: the same recordings give the same interval (Marsaglia's xorshift, 2003). */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static float draw_median(const float *values, size_t n, float *drawn, uint32_t *state)
{
    size_t block = n < BLOCK ? 1 : BLOCK;
    for (size_t i = 0; i < n;) {
        size_t start = next_random(state) % n;
        for (size_t k = 0; k < block && i < n; k++, i++)
            drawn[i] = values[(start + k) % n];
    }
    return spread_of(drawn, n).median;
}

/* How often two handfuls of the same would not overlap by chance: 2 of all orders (rank sum). */
static double chance_apart(size_t na, size_t nb)
{
    double orders = 1;
    for (size_t i = 1; i <= na && orders < 1e6; i++)
        orders *= (double)(nb + i) / (double)i;
    return 2 / orders;
}

/* @param scratch  [na + nb + N_DRAWS] */
static void differ(struct compare_difference *d, float *a, size_t na, float *b, size_t nb,
                   float *scratch)
{
    uint32_t state = 2463534242U;
    float *draws = scratch + na + nb;
    d->low = d->high = NAN;
    if (na >= COMPARE_LEAST && nb >= COMPARE_LEAST) {
        for (int i = 0; i < N_DRAWS; i++)
            draws[i] =
                draw_median(b, nb, scratch + na, &state) - draw_median(a, na, scratch, &state);
        (void)spread_of(draws, N_DRAWS); /* sorts them */
        d->low = draws[N_DRAWS / 40];
        d->high = draws[N_DRAWS - 1 - N_DRAWS / 40];
    }
    d->reference = spread_of(a, na);
    d->recording = spread_of(b, nb);
    d->is_apart = na && nb && (a[na - 1] < b[0] || b[nb - 1] < a[0]) && chance_apart(na, nb) < 0.05;
    d->difference = d->recording.median - d->reference.median;
}

/* ---- alignment ---- */

static size_t named_runs(const struct recording_takes *takes, int *runs)
{
    size_t n = 0;
    for (size_t i = 0; i < takes->n_episodes && n < RUNS_MAX; i++)
        if (plan_is_technique(takes->episodes[i].technique))
            runs[n++] = (int)i;
    return n;
}

static double length_s(const struct episode *episode)
{
    return episode->end_s - episode->start_s;
}

/* Cost of what has no partner is its time; of a pair, a part of their difference in time. */
static void align(struct compare_result *result, const struct recording_takes *a, const int *ra,
                  size_t na, const struct recording_takes *b, const int *rb, size_t nb,
                  double *cost)
{
    size_t width = nb + 1;
    cost[0] = 0;
    for (size_t j = 1; j <= nb; j++)
        cost[j] = cost[j - 1] + length_s(&b->episodes[rb[j - 1]]);
    for (size_t i = 1; i <= na; i++) {
        const struct episode *x = &a->episodes[ra[i - 1]];
        cost[i * width] = cost[(i - 1) * width] + length_s(x);
        for (size_t j = 1; j <= nb; j++) {
            const struct episode *y = &b->episodes[rb[j - 1]];
            double best = fmin(cost[(i - 1) * width + j] + length_s(x),
                               cost[i * width + j - 1] + length_s(y));
            if (x->technique == y->technique)
                best = fmin(best,
                            cost[(i - 1) * width + j - 1] + 0.5 * fabs(length_s(x) - length_s(y)));
            cost[i * width + j] = best;
        }
    }
    size_t i = na, j = nb, n = 0;
    while (i > 0 || j > 0) { /* from the end to the begin */
        double here = cost[i * width + j];
        struct compare_pair *pair = &result->pairs[n++];
        if (i > 0 &&
            fabs(here - cost[(i - 1) * width + j] - length_s(&a->episodes[ra[i - 1]])) < 1e-9) {
            *pair = (struct compare_pair){ra[--i], -1};
        } else if (j > 0 && fabs(here - cost[i * width + j - 1] -
                                 length_s(&b->episodes[rb[j - 1]])) < 1e-9) {
            *pair = (struct compare_pair){-1, rb[--j]};
        } else {
            *pair = (struct compare_pair){ra[--i], rb[--j]};
        }
    }
    result->n_pairs = n;
    for (size_t k = 0; k < n / 2; k++) {
        struct compare_pair swap = result->pairs[k];
        result->pairs[k] = result->pairs[n - 1 - k];
        result->pairs[n - 1 - k] = swap;
    }
}

/* ---- all of it ---- */

static void sum_times(struct compare_result *result, const struct recording_takes *takes, int side)
{
    for (size_t i = 0; i < takes->n_episodes; i++) {
        struct compare_technique *technique = &result->techniques[takes->episodes[i].technique];
        technique->is_there[side] = true;
        technique->time_s[side] += length_s(&takes->episodes[i]);
        technique->n_runs[side]++;
    }
}

static void compare_values(struct compare_result *result, const struct recording_takes *a,
                           const struct recording_takes *b, float *va, float *vb, float *scratch)
{
    for (int t = 0; t < N_TECHNIQUES; t++) {
        struct compare_technique *technique = &result->techniques[t];
        for (int v = 0; v < N_COMPARE_VALUES; v++) {
            size_t na = collect(a, (enum technique)t, (enum compare_value)v, va);
            size_t nb = collect(b, (enum technique)t, (enum compare_value)v, vb);
            if (v == COMPARE_PACE) {
                technique->regularity_pct[0] = recording_takes_variation_pct(va, na);
                technique->regularity_pct[1] = recording_takes_variation_pct(vb, nb);
            }
            differ(&technique->values[v], va, na, vb, nb, scratch);
        }
    }
}

enum thenar_status compare_takes(struct compare_result *result,
                                 const struct recording_takes *reference,
                                 const struct recording_takes *recording)
{
    size_t n_most = reference->n_strokes + recording->n_strokes + 1;
    *result = (struct compare_result){0};
    float *va = calloc(n_most, sizeof *va), *vb = calloc(n_most, sizeof *vb);
    float *scratch = calloc(n_most + N_DRAWS, sizeof *scratch);
    int *ra = calloc(RUNS_MAX, sizeof *ra), *rb = calloc(RUNS_MAX, sizeof *rb);
    size_t na = ra ? named_runs(reference, ra) : 0, nb = rb ? named_runs(recording, rb) : 0;
    double *cost = calloc((na + 1) * (nb + 1), sizeof *cost);
    result->pairs = calloc(na + nb + 1, sizeof *result->pairs);
    bool good = va && vb && scratch && ra && rb && cost && result->pairs;
    if (good) {
        sum_times(result, reference, 0);
        sum_times(result, recording, 1);
        align(result, reference, ra, na, recording, rb, nb, cost);
        compare_values(result, reference, recording, va, vb, scratch);
    }
    free(va);
    free(vb);
    free(scratch);
    free(ra);
    free(rb);
    free(cost);
    return good ? THENAR_OK : THENAR_ERR_MEMORY;
}

void compare_finish(struct compare_result *result)
{
    free(result->pairs);
    result->pairs = NULL;
}

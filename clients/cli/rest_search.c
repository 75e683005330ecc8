/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rest_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPANS_FIRST = 64, SPANS_MOST = 4096 }; /* kept; later ones only lower the least */

static const double SPAN_S = 0.5;
static const double LOADED_MOST = 0.02;    /* of the taxels may stand out: stuck ones do */
static const float NEAR_SHARE = 0.005F;    /* of the range: as good as the lowest */
static const float REST_SHARE = 0.015F;    /* of the range: no rest is farther from the lowest */
static const float SPREAD_TO_LIMIT = 4.0F; /* an offset differs from taxel to taxel */

struct span {
    double from_s, to_s;
    uint64_t n_frames;
    float *means; /* [n_taxels] */
    float excess; /* above the lowest, of all taxels but the few that may stand out */
};

struct rest_search {
    size_t n_taxels, n_spans, n_room;
    float range;
    double *sum;          /* [n_taxels] of the span in work */
    struct span now;      /* without means */
    struct span *spans;   /* [n_spans] */
    float *least, *ranks; /* [n_taxels] */
    uint64_t n_frames;
    double first_s, last_s;
};

enum thenar_status rest_search_create(struct rest_search **out, size_t n_taxels, float range)
{
    struct rest_search *search = calloc(1, sizeof *search);
    *out = search;
    if (!search)
        return THENAR_ERR_MEMORY;
    search->n_taxels = n_taxels;
    search->range = range;
    search->sum = calloc(n_taxels, sizeof *search->sum);
    search->least = calloc(n_taxels, sizeof *search->least);
    search->ranks = calloc(n_taxels, sizeof *search->ranks);
    if (search->sum && search->least && search->ranks) {
        for (size_t i = 0; i < n_taxels; i++)
            search->least[i] = INFINITY;
        return THENAR_OK;
    }
    rest_search_destroy(search);
    *out = NULL;
    return THENAR_ERR_MEMORY;
}

void rest_search_destroy(struct rest_search *search)
{
    if (!search)
        return;
    for (size_t i = 0; i < search->n_spans; i++)
        free(search->spans[i].means);
    free(search->spans);
    free(search->sum);
    free(search->least);
    free(search->ranks);
    free(search);
}

static enum thenar_status make_room(struct rest_search *search)
{
    if (search->n_spans < search->n_room)
        return THENAR_OK;
    size_t n_room = search->n_room ? 2 * search->n_room : SPANS_FIRST;
    struct span *spans = realloc(search->spans, n_room * sizeof *spans);
    if (!spans)
        return THENAR_ERR_MEMORY;
    search->spans = spans;
    search->n_room = n_room;
    return THENAR_OK;
}

static enum thenar_status end_span(struct rest_search *search)
{
    double n = (double)search->now.n_frames;
    for (size_t i = 0; i < search->n_taxels; i++)
        search->least[i] = fminf(search->least[i], (float)(search->sum[i] / n));
    if (search->n_spans == SPANS_MOST)
        return THENAR_OK;
    if (make_room(search) != THENAR_OK)
        return THENAR_ERR_MEMORY;
    struct span *span = &search->spans[search->n_spans];
    *span = search->now;
    /* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): the reader refuses 0 taxels */
    span->means = calloc(search->n_taxels, sizeof *span->means);
    if (!span->means)
        return THENAR_ERR_MEMORY;
    for (size_t i = 0; i < search->n_taxels; i++)
        span->means[i] = (float)(search->sum[i] / n);
    search->n_spans++;
    return THENAR_OK;
}

enum thenar_status rest_search_push(struct rest_search *search, double time_s, const float *samples)
{
    if (search->n_frames++ == 0)
        search->first_s = time_s;
    search->last_s = time_s;
    if (search->now.n_frames++ == 0) {
        search->now.from_s = time_s;
        memset(search->sum, 0, search->n_taxels * sizeof *search->sum);
    }
    search->now.to_s = time_s;
    for (size_t i = 0; i < search->n_taxels; i++)
        search->sum[i] += (double)samples[i];
    if (time_s - search->now.from_s < SPAN_S)
        return THENAR_OK;
    enum thenar_status status = end_span(search);
    search->now.n_frames = 0;
    return status;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* What lay on the array all the time must not count as its zero. */
static void lower_what_stands_out(struct rest_search *search)
{
    size_t n = search->n_taxels;
    memcpy(search->ranks, search->least, n * sizeof *search->ranks);
    qsort(search->ranks, n, sizeof *search->ranks, compare);
    float middle = search->ranks[n / 2];
    float spread = middle - search->ranks[(size_t)(0.1587 * (double)n)];
    float limit = middle + fmaxf(SPREAD_TO_LIMIT * spread, NEAR_SHARE * search->range);
    for (size_t i = 0; i < n; i++)
        if (search->least[i] > limit)
            search->least[i] = middle;
}

static float excess_of(struct rest_search *search, const struct span *span)
{
    size_t n = search->n_taxels;
    for (size_t i = 0; i < n; i++)
        search->ranks[i] = span->means[i] - search->least[i];
    qsort(search->ranks, n, sizeof *search->ranks, compare);
    return search->ranks[n - 1 - (size_t)(LOADED_MOST * (double)n)];
}

/* The first that is about as low as any; NULL: hands never lift. */
static const struct span *first_rest(struct rest_search *search)
{
    float lowest = INFINITY;
    for (size_t k = 0; k < search->n_spans; k++) {
        search->spans[k].excess = excess_of(search, &search->spans[k]);
        lowest = fminf(lowest, search->spans[k].excess);
    }
    float enough = fminf(2 * lowest + NEAR_SHARE * search->range, REST_SHARE * search->range);
    for (size_t k = 0; k < search->n_spans; k++)
        if (search->spans[k].excess <= enough)
            return &search->spans[k];
    return NULL;
}

bool rest_search_find(struct rest_search *search, struct rest_found *found, float *zero)
{
    if (search->n_spans == 0)
        return false;
    lower_what_stands_out(search);
    const struct span *rest = first_rest(search);
    *found = (struct rest_found){
        .from_s = search->first_s, .to_s = search->last_s, .n_frames = search->n_frames};
    memcpy(zero, search->least, search->n_taxels * sizeof *zero);
    if (!rest)
        return true;
    *found = (struct rest_found){true, rest->from_s, rest->to_s, rest->n_frames};
    float most = REST_SHARE * search->range;
    for (size_t i = 0; i < search->n_taxels; i++)
        if (rest->means[i] - search->least[i] <= most)
            zero[i] = rest->means[i];
    return true;
}

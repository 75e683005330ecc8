/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/history.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 4096 }; /* samples: 40 s at 100/s */

static const float wanted_hz = 60.0F;

struct history {
    float rate_hz;
    unsigned group; /* frames averaged */
    double step_s;
    /* the group being filled, and the one before it */
    unsigned n_in_group;
    double group_s, last_s;
    float sum[N_SIGNALS], last[N_SIGNALS];
    bool has_last;
    double next_s;        /* time of the next sample */
    size_t n, most, head; /* samples there are, may be, next place */
    float ring[N_SIGNALS][RING];
};

enum thenar_status history_create(struct history **out, float rate_hz)
{
    struct history *history = calloc(1, sizeof *history);
    *out = history;
    if (!history)
        return THENAR_ERR_MEMORY;
    history->group = rate_hz < 1.5F * wanted_hz ? 1 : (unsigned)lrintf(rate_hz / wanted_hz);
    history->rate_hz = rate_hz / (float)history->group;
    history->step_s = 1.0 / (double)history->rate_hz;
    size_t wanted = (size_t)(HISTORY_S * history->rate_hz);
    history->most = wanted < RING ? wanted : RING;
    return THENAR_OK;
}

void history_destroy(struct history *history)
{
    free(history);
}

void history_reset(struct history *history)
{
    history->n_in_group = 0;
    history->group_s = 0;
    memset(history->sum, 0, sizeof history->sum);
    history->has_last = false;
    history->n = 0;
}

void history_keep(struct history *history, double span_s)
{
    double n = fmax(span_s, 0) / history->step_s;
    if (n < (double)history->n)
        history->n = (size_t)n;
}

float history_rate_hz(const struct history *history)
{
    return history->rate_hz;
}

size_t history_n(const struct history *history)
{
    return history->n;
}

static void push_sample(struct history *history, const float *from, const float *to, float share)
{
    for (unsigned i = 0; i < N_SIGNALS; i++)
        history->ring[i][history->head] = from[i] + share * (to[i] - from[i]);
    history->head = (history->head + 1) % RING;
    if (history->n < history->most)
        history->n++;
}

/* A group is complete: its mean stands for its mean time. */
static void end_group(struct history *history)
{
    float mean[N_SIGNALS];
    double at_s = history->group_s / history->n_in_group;
    for (unsigned i = 0; i < N_SIGNALS; i++)
        mean[i] = history->sum[i] / (float)history->n_in_group;
    if (!history->has_last) {
        history->has_last = true;
        history->next_s = at_s;
        memcpy(history->last, mean, sizeof mean);
        history->last_s = at_s;
    }
    while (history->next_s <= at_s) {
        double span_s = at_s - history->last_s;
        float share = span_s > 0 ? (float)((history->next_s - history->last_s) / span_s) : 1.0F;
        push_sample(history, history->last, mean, share);
        history->next_s += history->step_s;
    }
    memcpy(history->last, mean, sizeof mean);
    history->last_s = at_s;
    history->n_in_group = 0;
    history->group_s = 0;
    memset(history->sum, 0, sizeof history->sum);
}

void history_push(struct history *history, double device_s, const float *values)
{
    for (unsigned i = 0; i < N_SIGNALS; i++)
        history->sum[i] += values[i];
    history->group_s += device_s;
    if (++history->n_in_group >= history->group)
        end_group(history);
}

/* The means of `n` groups of `stride` samples each. */
static void read_groups(const float *from, size_t stride, size_t n, float *out)
{
    float scale = 1.0F / (float)stride;
    for (size_t i = 0; i < n; i++, from += stride) {
        float sum = 0;
        for (size_t j = 0; j < stride; j++)
            sum += from[j];
        out[i] = sum * scale;
    }
}

void history_read(const struct history *history, enum history_signal signal, size_t stride,
                  size_t n, float *out)
{
    assert(n * stride <= history->n);
    const float *ring = history->ring[signal];
    size_t begin = (history->head + RING - n * stride) % RING;
    size_t n_first = (RING - begin) / stride; /* groups before the ring's end */
    if (n <= n_first) {
        read_groups(ring + begin, stride, n, out);
        return;
    }
    read_groups(ring + begin, stride, n_first, out);
    size_t at = begin + n_first * stride;
    if (at < RING) { /* one group goes round */
        float sum = 0;
        for (size_t j = 0; j < stride; j++)
            sum += ring[(at + j) % RING];
        out[n_first++] = sum * (1.0F / (float)stride);
        at += stride;
    }
    read_groups(ring + at % RING, stride, n - n_first, out + n_first);
}

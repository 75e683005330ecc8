/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/mat_rhythm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "technique/periodicity.h"

enum { ITERATIONS = 24, FAST_LEAST = 40, SLOW_LEAST = 100 };

static const float pace_most_hz = 12.0F, slow_pace_most_hz = 1.5F;
static const float pace_strength = 0.75F, pace_swing_n = 4.0F;
static const float breath_least_hz = 0.1F, breath_most_hz = 0.5F;
static const float breath_strength = 0.6F, breath_swing_n = 1.0F;
static const float hands_sd_n = 3.0F; /* above it the whole load is the hands' */
static const float alike = 0.12F;     /* pace and breath nearer than this cannot be told apart */
static const float cycles_seen = 2.5F;

struct mat_rhythm {
    struct periodicity *periodicity;
    float fast_hz, slow_hz;
    float x[MAT_ZONES + 1][MAT_SLOW_MOST]; /* zones and the whole, their lines taken away */
};

/* ---- history ---- */

void mat_history_clear(struct mat_history *history)
{
    history->n_fast = history->n_slow = 0;
}

void mat_history_push_fast(struct mat_history *history, float whole_n)
{
    if (history->n_fast == MAT_FAST_MOST)
        memmove(history->fast, history->fast + 1, --history->n_fast * sizeof *history->fast);
    history->fast[history->n_fast++] = whole_n;
}

void mat_history_keep_newest(struct mat_history *history, unsigned n_slow)
{
    history->n_fast = 0;
    if (n_slow >= history->n_slow)
        return;
    memmove(history->slow, history->slow + (history->n_slow - n_slow),
            n_slow * sizeof *history->slow);
    history->n_slow = n_slow;
}

void mat_history_push_slow(struct mat_history *history, const float *sum, float share)
{
    if (history->n_slow == MAT_SLOW_MOST)
        memmove(history->slow, history->slow + 1, --history->n_slow * sizeof *history->slow);
    for (unsigned z = 0; z < MAT_ZONES; z++)
        history->slow[history->n_slow][z] = sum[z] * share;
    history->n_slow++;
}

float mat_history_whole_n(const struct mat_history *history, unsigned row)
{
    float whole_n = 0;
    for (unsigned z = 0; z < MAT_ZONES; z++)
        whole_n += history->slow[row][z];
    return whole_n;
}

/* ---- */

enum thenar_status mat_rhythm_create(struct mat_rhythm **out, float fast_hz, float slow_hz)
{
    *out = NULL;
    struct mat_rhythm *rhythm = calloc(1, sizeof *rhythm);
    if (!rhythm)
        return THENAR_ERR_MEMORY;
    if (periodicity_create(&rhythm->periodicity) != THENAR_OK) {
        free(rhythm);
        return THENAR_ERR_MEMORY;
    }
    rhythm->fast_hz = fast_hz;
    rhythm->slow_hz = slow_hz;
    *out = rhythm;
    return THENAR_OK;
}

void mat_rhythm_destroy(struct mat_rhythm *rhythm)
{
    if (!rhythm)
        return;
    periodicity_destroy(rhythm->periodicity);
    free(rhythm);
}

/* A rhythm of the whole load, seen three times at least. */
static bool read_pace(struct mat_rhythm *r, const float *whole_n, unsigned n, float rate_hz,
                      float most_hz, struct mat_reading *reading)
{
    float x[MAT_SLOW_MOST];
    memcpy(x, whole_n, n * sizeof *x);
    struct period found =
        periodicity_find(r->periodicity, x, n, rate_hz / most_hz, (float)n / 3.0F);
    if (isnan(found.lag) || found.strength < pace_strength || found.swing < pace_swing_n)
        return false;
    reading->pace_cpm = 60.0F * rate_hz / found.lag;
    reading->pace_confidence = found.strength;
    return true;
}

static float dot(const float *a, const float *b, unsigned n)
{
    float sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void take_line_away(float *x, unsigned n)
{
    float middle = 0.5F * (float)(n - 1), count = (float)n, sum = 0, slope = 0;
    for (unsigned i = 0; i < n; i++) {
        sum += x[i];
        slope += ((float)i - middle) * x[i];
    }
    slope /= count * (count * count - 1.0F) / 12.0F;
    for (unsigned i = 0; i < n; i++)
        x[i] -= sum / count + slope * ((float)i - middle);
}

/* The zones without their lines and without what goes with the hands. */
static void prepare(struct mat_rhythm *r, const struct mat_history *history)
{
    unsigned n = history->n_slow;
    float *whole = r->x[MAT_ZONES];
    for (unsigned i = 0; i < n; i++) {
        whole[i] = mat_history_whole_n(history, i);
        for (unsigned z = 0; z < MAT_ZONES; z++)
            r->x[z][i] = history->slow[i][z];
    }
    for (unsigned z = 0; z <= MAT_ZONES; z++)
        take_line_away(r->x[z], n);
    float square = dot(whole, whole, n);
    if (square < hands_sd_n * hands_sd_n * (float)n)
        return;
    for (unsigned z = 0; z < MAT_ZONES; z++) {
        float part = dot(r->x[z], whole, n) / square;
        for (unsigned i = 0; i < n; i++)
            r->x[z][i] -= part * whole[i];
    }
}

/* The main component over time, by power iteration on the zones' covariance. */
static void main_component(const struct mat_rhythm *r, unsigned n, float *component)
{
    float covariance[MAT_ZONES][MAT_ZONES], axis[MAT_ZONES] = {0};
    unsigned first = 0;
    for (unsigned a = 0; a < MAT_ZONES; a++)
        for (unsigned b = 0; b <= a; b++)
            covariance[a][b] = covariance[b][a] = dot(r->x[a], r->x[b], n);
    for (unsigned z = 1; z < MAT_ZONES; z++)
        first = covariance[z][z] > covariance[first][first] ? z : first;
    axis[first] = 1.0F;
    for (unsigned k = 0; k < ITERATIONS; k++) {
        float next[MAT_ZONES];
        for (unsigned z = 0; z < MAT_ZONES; z++)
            next[z] = dot(covariance[z], axis, MAT_ZONES);
        float length = sqrtf(dot(next, next, MAT_ZONES));
        if (!(length > 0))
            break;
        for (unsigned z = 0; z < MAT_ZONES; z++)
            axis[z] = next[z] / length;
    }
    memset(component, 0, n * sizeof *component);
    for (unsigned z = 0; z < MAT_ZONES; z++)
        for (unsigned i = 0; i < n; i++)
            component[i] += axis[z] * r->x[z][i];
}

/* Hands that stroke as often as one breathes, or twice as often, or half, hide the breath. */
static bool hides(float pace_cpm, float breath_cpm)
{
    static const float factors[] = {0.5F, 1.0F, 2.0F};
    for (unsigned i = 0; i < sizeof factors / sizeof *factors; i++)
        if (fabsf(pace_cpm - factors[i] * breath_cpm) < alike * factors[i] * breath_cpm)
            return true;
    return false;
}

static void read_breath(struct mat_rhythm *r, const struct mat_history *history,
                        struct mat_reading *reading)
{
    unsigned n = history->n_slow;
    float x[MAT_SLOW_MOST];
    prepare(r, history);
    main_component(r, n, x);
    struct period found =
        periodicity_find(r->periodicity, x, n, r->slow_hz / breath_most_hz,
                         fminf(r->slow_hz / breath_least_hz, (float)n / cycles_seen));
    float breath_cpm = 60.0F * r->slow_hz / found.lag;
    if (isnan(breath_cpm) || found.strength < breath_strength || found.swing < breath_swing_n ||
        hides(reading->pace_cpm, breath_cpm))
        return;
    reading->breath_cpm = breath_cpm;
    reading->breath_confidence = found.strength;
}

void mat_rhythm_execute(struct mat_rhythm *rhythm, const struct mat_history *history,
                        struct mat_reading *reading)
{
    float whole_n[MAT_SLOW_MOST];
    reading->pace_cpm = reading->pace_confidence = NAN;
    reading->breath_cpm = reading->breath_confidence = NAN;
    bool is_fast =
        history->n_fast >= FAST_LEAST &&
        read_pace(rhythm, history->fast, history->n_fast, rhythm->fast_hz, pace_most_hz, reading);
    if (history->n_slow < SLOW_LEAST)
        return;
    for (unsigned i = 0; i < history->n_slow; i++)
        whole_n[i] = mat_history_whole_n(history, i);
    if (!is_fast)
        (void)read_pace(rhythm, whole_n, history->n_slow, rhythm->slow_hz, slow_pace_most_hz,
                        reading);
    read_breath(rhythm, history, reading);
}

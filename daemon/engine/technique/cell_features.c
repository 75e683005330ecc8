/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/cell_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COMPARED = 24, /* cells that are compared with each other: those that vary most */
    SAMPLES = 148, /* 2 s at up to 67 Hz, and some more */
    LEAST_SAMPLES = 12,
    ITERATIONS = 16,
    EVERY = 2 /* calls, once the window is full: a tenth of it is not worth the cost */
};

static const float varies = 0.08F;      /* of the greatest deviation */
static const float least_swing = 0.01F; /* of the greatest mean: less is noise */
static const float band_mm[CELL_BANDS] = {16.0F, 25.0F, 35.0F, 50.0F, INFINITY};
static const float lag_s[CELL_LAGS] = {0.046F, 0.092F, 0.184F, 0.322F};
static const float part_lag_s[CELL_PART_LAGS] = {0.046F, 0.092F, 0.161F, 0.276F, 0.46F};
static const float change_s = 0.023F;

struct ranked {
    float value;
    size_t cell;
};

struct cell_features_maker {
    size_t n_cells;
    float rate_hz, cell_cm2;
    float *mean, *deviation; /* [n_cells] */
    size_t n_ranked;
    struct ranked ranked[COMPARED]; /* the greatest deviations, in order */
    size_t n;                       /* samples in the window */
    size_t n_compared;
    float scale[COMPARED], weight[COMPARED];
    unsigned char band[COMPARED][COMPARED];
    float value[SAMPLES][COMPARED]; /* centred; 0 beyond n_compared */
    float change[SAMPLES][COMPARED];
    float product[COMPARED][COMPARED]; /* mean of two cells' product, the first one lag later */
    float vector[COMPARED], next[COMPARED], course[SAMPLES];
    unsigned age; /* calls since `told` was found */
    size_t n_told;
    float told[N_CELL_FEATURES];
};

enum thenar_status cell_features_create(struct cell_features_maker **out,
                                        const struct cell_history *history)
{
    struct cell_features_maker *maker = calloc(1, sizeof *maker);
    *out = NULL;
    if (!maker)
        return THENAR_ERR_MEMORY;
    maker->n_cells = cell_history_n_cells(history);
    maker->rate_hz = cell_history_rate_hz(history);
    maker->cell_cm2 = cell_history_cell_cm2(history);
    maker->mean = calloc(2 * maker->n_cells, sizeof *maker->mean);
    if (!maker->mean) {
        free(maker);
        return THENAR_ERR_MEMORY;
    }
    maker->deviation = maker->mean + maker->n_cells;
    *out = maker;
    return THENAR_OK;
}

void cell_features_destroy(struct cell_features_maker *maker)
{
    if (!maker)
        return;
    free(maker->mean);
    free(maker);
}

const char *cell_feature_name(unsigned feature)
{
    static const struct {
        unsigned first;
        const char *name;
    } names[] = {
        {CELL_CHANGE, "change"},
        {CELL_IMAGE, "image"},
        {CELL_VARYING, "varying"},
        {CELL_LEADS, "leads"},
        {CELL_FOLLOWS, "follows"},
        {CELL_ALIKE_LEAST, "alike_least"},
        {CELL_ALIKE_DEVIATION, "alike_deviation"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (feature >= names[i].first)
            return names[i].name;
    return "alike";
}

static const float *sample_of(const struct cell_features_maker *m, const struct cell_history *h,
                              size_t i)
{
    return cell_history_sample(h, cell_history_n(h) - m->n + i);
}

/* Mean and deviation of every cell. */
static void describe_cells(struct cell_features_maker *m, const struct cell_history *history)
{
    float *mean = m->mean, *deviation = m->deviation, per = 1.0F / (float)m->n;
    memset(m->mean, 0, 2 * m->n_cells * sizeof *m->mean);
    for (size_t i = 0; i < m->n; i++) {
        const float *x = sample_of(m, history, i);
        for (size_t c = 0; c < m->n_cells; c++)
            mean[c] += x[c];
    }
    for (size_t c = 0; c < m->n_cells; c++)
        mean[c] *= per;
    for (size_t i = 0; i < m->n; i++) {
        const float *x = sample_of(m, history, i);
        for (size_t c = 0; c < m->n_cells; c++)
            deviation[c] += (x[c] - mean[c]) * (x[c] - mean[c]);
    }
    for (size_t c = 0; c < m->n_cells; c++)
        deviation[c] = sqrtf(per * deviation[c]);
}

/* The cells that vary most, in order. */
static void rank_cells(struct cell_features_maker *m)
{
    m->n_ranked = 0;
    for (size_t c = 0; c < m->n_cells; c++) {
        float value = m->deviation[c];
        size_t at = m->n_ranked;
        if (!(value > 0) || (at == COMPARED && value <= m->ranked[at - 1].value))
            continue;
        at -= at == COMPARED;
        m->n_ranked = at + 1;
        for (; at > 0 && m->ranked[at - 1].value < value; at--)
            m->ranked[at] = m->ranked[at - 1];
        m->ranked[at] = (struct ranked){value, c};
    }
}

static void place_bands(struct cell_features_maker *m, const struct cell_history *history)
{
    float x[COMPARED], y[COMPARED];
    for (size_t i = 0; i < m->n_compared; i++)
        cell_history_place(history, m->ranked[i].cell, &x[i], &y[i]);
    for (size_t i = 0; i < m->n_compared; i++)
        for (size_t j = 0; j < i; j++) {
            float distance_mm = hypotf(x[i] - x[j], y[i] - y[j]);
            unsigned char band = 0;
            while (distance_mm >= band_mm[band])
                band++;
            m->band[i][j] = m->band[j][i] = band;
        }
}

/* Which cells are compared, and how much each counts. */
static void choose_cells(struct cell_features_maker *m, float *out)
{
    rank_cells(m);
    float first = m->n_ranked ? m->ranked[0].value : 0.0F, greatest_mean = 0;
    size_t n = 0, n_varying = 0;
    for (size_t c = 0; c < m->n_cells; c++)
        n_varying += m->deviation[c] > varies * first;
    out[CELL_VARYING] = log10f((float)n_varying * m->cell_cm2 + 1.0F);
    while (n < m->n_ranked && m->ranked[n].value > varies * first)
        n++;
    m->n_compared = n;
    for (size_t i = 0; i < n; i++)
        greatest_mean = fmaxf(greatest_mean, m->mean[m->ranked[i].cell]);
    float least = least_swing * greatest_mean;
    for (size_t i = 0; i < n; i++) {
        float deviation = m->ranked[i].value;
        m->scale[i] = 1.0F / sqrtf(deviation * deviation + least * least);
        m->weight[i] = sqrtf(deviation / first);
    }
}

/* Their course, centred. */
static void take_cells(struct cell_features_maker *m, const struct cell_history *history)
{
    for (size_t t = 0; t < m->n; t++) {
        const float *x = sample_of(m, history, t);
        for (size_t i = 0; i < COMPARED; i++)
            m->value[t][i] =
                i < m->n_compared ? x[m->ranked[i].cell] - m->mean[m->ranked[i].cell] : 0.0F;
    }
}

/* Mean over time of x_i (t + lag) x_j (t). */
static void multiply(struct cell_features_maker *m, float (*x)[COMPARED], size_t n, size_t lag)
{
    float per = 1.0F / (float)(n - lag);
    memset(m->product, 0, sizeof m->product);
    for (size_t t = 0; t + lag < n; t++)
        for (size_t i = 0; i < m->n_compared; i++) {
            float later = per * x[t + lag][i];
            for (size_t j = 0; j < COMPARED; j++)
                m->product[i][j] += later * x[t][j];
        }
}

static void compare_at_once(struct cell_features_maker *m, float *out)
{
    float sum[CELL_BANDS] = {0}, weights[CELL_BANDS] = {0}, n[CELL_BANDS] = {0};
    float plain[CELL_BANDS] = {0}, squares[CELL_BANDS] = {0};
    for (size_t i = 0; i < m->n_compared; i++)
        for (size_t j = 0; j < i; j++) {
            unsigned band = m->band[i][j];
            float alike = m->product[i][j] * m->scale[i] * m->scale[j];
            float weight = m->weight[i] * m->weight[j];
            float *least = &out[CELL_ALIKE_LEAST + band];
            sum[band] += weight * alike;
            weights[band] += weight;
            plain[band] += alike;
            squares[band] += alike * alike;
            n[band]++;
            *least = isnan(*least) ? alike : fminf(*least, alike);
        }
    for (unsigned band = 0; band < CELL_BANDS; band++) {
        if (!(n[band] > 0))
            continue;
        float mean = plain[band] / n[band];
        out[CELL_ALIKE + band] = sum[band] / weights[band];
        out[CELL_ALIKE_DEVIATION + band] = sqrtf(fmaxf(squares[band] / n[band] - mean * mean, 0));
    }
}

static void compare_later(struct cell_features_maker *m, unsigned lag, float *out)
{
    float follows[CELL_BANDS] = {0}, leads[CELL_BANDS] = {0}, weights[CELL_BANDS] = {0};
    for (size_t i = 0; i < m->n_compared; i++)
        for (size_t j = 0; j < i; j++) {
            unsigned band = m->band[i][j];
            float scale = m->scale[i] * m->scale[j], weight = m->weight[i] * m->weight[j];
            float there = scale * m->product[i][j], back = scale * m->product[j][i];
            follows[band] += weight * fmaxf(there, back);
            leads[band] += weight * fabsf(there - back);
            weights[band] += weight;
        }
    for (unsigned band = 0; band < CELL_BANDS; band++)
        if (weights[band] > 0) {
            out[CELL_FOLLOWS + lag * CELL_BANDS + band] = follows[band] / weights[band];
            out[CELL_LEADS + lag * CELL_BANDS + band] = leads[band] / weights[band];
        }
}

/* The greatest eigenvector of `product` by power iteration, and its eigenvalue. */
static float find_part(struct cell_features_maker *m)
{
    size_t start = 0;
    float value = 0;
    for (size_t i = 1; i < m->n_compared; i++)
        start = m->product[i][i] > m->product[start][start] ? i : start;
    memcpy(m->vector, m->product[start], sizeof m->vector);
    for (unsigned k = 0; k < ITERATIONS; k++) {
        float square = 0;
        for (size_t i = 0; i < COMPARED; i++)
            square += m->vector[i] * m->vector[i];
        float scale = square > 0 ? 1.0F / sqrtf(square) : 0.0F;
        memset(m->next, 0, sizeof m->next);
        for (size_t i = 0; i < m->n_compared; i++)
            for (size_t j = 0; j < COMPARED; j++)
                m->next[j] += scale * m->vector[i] * m->product[i][j];
        value = 0;
        for (size_t i = 0; i < COMPARED; i++)
            value += scale * m->vector[i] * m->next[i];
        if (k + 1 < ITERATIONS)
            memcpy(m->vector, m->next, sizeof m->vector);
        else
            for (size_t i = 0; i < COMPARED; i++)
                m->vector[i] *= scale;
    }
    return value;
}

static void take_part_away(struct cell_features_maker *m, float value)
{
    for (size_t i = 0; i < m->n_compared; i++)
        for (size_t j = 0; j < COMPARED; j++)
            m->product[i][j] -= value * m->vector[i] * m->vector[j];
}

/* The course of a part: does it lean to one side, and does it come back. */
static void describe_course(struct cell_features_maker *m, float (*x)[COMPARED], size_t n,
                            float *out)
{
    float m2 = 0, m3 = 0, per = 1.0F / (float)n;
    for (size_t t = 0; t < n; t++) {
        float sum = 0;
        for (size_t i = 0; i < COMPARED; i++)
            sum += x[t][i] * m->vector[i];
        m->course[t] = sum;
        m2 += sum * sum;
        m3 += sum * sum * sum;
    }
    m2 = per * m2 + 1e-12F;
    out[0] = fminf(fabsf(per * m3) / (m2 * sqrtf(m2)), 8.0F);
    for (unsigned k = 0; k < CELL_PART_LAGS; k++) {
        size_t lag = (size_t)rintf(part_lag_s[k] * m->rate_hz);
        float sum = 0;
        for (size_t t = 0; t + lag < n; t++)
            sum += m->course[t + lag] * m->course[t];
        if (2 * lag < n)
            out[1 + k] = sum / (m2 * (float)(n - lag));
    }
}

/* Of the products at no lag, which are used up. */
static void describe_parts(struct cell_features_maker *m, float (*x)[COMPARED], size_t n,
                           float *out)
{
    float trace = 0, squares = 0;
    for (size_t i = 0; i < m->n_compared; i++) {
        trace += m->product[i][i];
        for (size_t j = 0; j < COMPARED; j++)
            squares += m->product[i][j] * m->product[i][j];
    }
    if (!(trace > 0))
        return;
    out[PART_MANY] = log10f(trace / squares * trace + 0.1F);
    for (unsigned k = 0; k < CELL_PARTS; k++) {
        float value = find_part(m);
        out[PART_SHARE + k] = log10f(fmaxf(value, 0) / trace + 1e-3F);
        describe_course(m, x, n, out + PART_COURSE + k * PART_COURSE_N);
        take_part_away(m, value);
    }
}

static void describe_change(struct cell_features_maker *m, float *out)
{
    size_t step = (size_t)fmaxf(1.0F, rintf(change_s * m->rate_hz)), n = m->n - step;
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < COMPARED; i++)
            m->change[t][i] = m->value[t + step][i] - m->value[t][i];
    multiply(m, m->change, n, 0);
    describe_parts(m, m->change, n, out);
}

static void find(struct cell_features_maker *m, const struct cell_history *history, float *out)
{
    for (unsigned i = 0; i < N_CELL_FEATURES; i++)
        out[i] = NAN;
    if (m->n < LEAST_SAMPLES)
        return;
    describe_cells(m, history);
    choose_cells(m, out);
    if (m->n_compared < 3)
        return;
    take_cells(m, history);
    place_bands(m, history);
    for (unsigned k = 0; k < CELL_LAGS; k++) {
        size_t lag = (size_t)rintf(lag_s[k] * m->rate_hz);
        if (3 * lag >= m->n)
            continue;
        multiply(m, m->value, m->n, lag);
        compare_later(m, k, out);
    }
    multiply(m, m->value, m->n, 0);
    compare_at_once(m, out);
    describe_parts(m, m->value, m->n, out + CELL_IMAGE);
    describe_change(m, out + CELL_CHANGE);
}

void cell_features_execute(struct cell_features_maker *m, const struct cell_history *history,
                           float *out)
{
    size_t n = cell_history_n(history);
    m->n = n < SAMPLES ? n : SAMPLES;
    if (m->n != m->n_told || ++m->age >= EVERY) {
        find(m, history, m->told);
        m->n_told = m->n;
        m->age = 0;
    }
    memcpy(out, m->told, sizeof m->told);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/window_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES_MAX = WINDOW_SAMPLES_MAX, N_BINS = 64 };

const float window_span_s[N_SPANS] = {
    [SPAN_FAST] = 1.5F, [SPAN_MIDDLE] = 6.0F, [SPAN_LONG] = 24.0F};

/* How often a window is looked at anew, in steps. */
static const unsigned every[N_SPANS] = {1, 2, 5};

/* Bands of the spectra: as far as a window's length and its samples can tell. */
static const float edges_hz[N_SPANS][PATTERN_BANDS + 1] = {
    [SPAN_FAST] = {1.0F, 2.0F, 3.0F, 4.2F, 5.6F, 7.4F, 9.6F, 14.0F},
    [SPAN_MIDDLE] = {0.2F, 0.45F, 0.8F, 1.4F, 2.3F, 3.7F, 5.6F, 9.0F},
    [SPAN_LONG] = {0.05F, 0.1F, 0.2F, 0.35F, 0.6F, 1.0F, 1.8F, 3.0F},
};

/* Lags at which a trace is asked whether it comes back: from a blow to a third of the window. */
static const float lag_s[N_SPANS][TRACE_LAGS] = {
    [SPAN_FAST] = {0.05F, 0.09F, 0.15F, 0.22F, 0.32F, 0.45F, 0.65F},
    [SPAN_MIDDLE] = {0.1F, 0.2F, 0.35F, 0.6F, 0.95F, 1.5F, 2.5F},
    [SPAN_LONG] = {0.3F, 0.6F, 1.0F, 1.8F, 3.0F, 5.0F, 9.0F},
};

static const float path_step_s = 0.1F;

struct window_features_maker {
    enum array_mount mount;
    bool is_kpa;
    float rate_hz;
    unsigned step;
    struct span_features last[N_SPANS];
    float pattern[N_SPANS][N_PATTERNS];
    struct pattern_maker *patterns;
    float trace[N_SPANS][N_TRACES * N_SHAPES];
    struct trace_maker traces;
    float value[N_SIGNALS][SAMPLES_MAX]; /* of the window, untouched samples left out */
    float t[SAMPLES_MAX];                /* their times, from the window's middle */
    float scratch[SAMPLES_MAX];
};

float span_pressed_cm2(const struct span_features *span)
{
    static const float quarter_pi = 0.785398F, cm2_of_mm2 = 0.01F;
    return fminf(span->area_cm2, cm2_of_mm2 * quarter_pi * span->major_mm * span->minor_mm);
}

enum thenar_status window_features_create(struct window_features_maker **out,
                                          const struct array_layout *layout, float history_rate_hz)
{
    struct window_features_maker *maker = calloc(1, sizeof *maker);
    *out = maker;
    if (!maker)
        return THENAR_ERR_MEMORY;
    maker->mount = layout->mount;
    maker->is_kpa = array_layout_is_kpa(layout);
    maker->rate_hz = history_rate_hz;
    enum thenar_status status = pattern_maker_create(&maker->patterns);
    if (status != THENAR_OK) {
        free(maker);
        *out = NULL;
    }
    return status;
}

void window_features_destroy(struct window_features_maker *maker)
{
    if (!maker)
        return;
    pattern_maker_destroy(maker->patterns);
    free(maker);
}

static float mean_of(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (float)n;
}

static float deviation_of(const float *x, size_t n, float mean)
{
    float squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return sqrtf(squares / (float)n);
}

/* 5th and 95th percentile, to 1/64 of the range: a histogram costs less than sorting. */
static void percentiles(const float *x, size_t n, float *low, float *high)
{
    unsigned count[N_BINS] = {0};
    float least = x[0], most = x[0];
    for (size_t i = 1; i < n; i++) {
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    *low = least;
    *high = most;
    if (!(most > least))
        return;
    float scale = ((float)N_BINS - 0.01F) / (most - least);
    for (size_t i = 0; i < n; i++)
        count[(unsigned)((x[i] - least) * scale)]++;
    unsigned wanted = (unsigned)(0.05F * (float)n), seen = 0, bin = 0;
    for (; seen + count[bin] <= wanted; bin++)
        seen += count[bin];
    *low = least + (float)bin / scale;
    for (bin = N_BINS - 1, seen = 0; seen + count[bin] <= wanted; bin--)
        seen += count[bin];
    *high = least + (float)(bin + 1) / scale;
}

static float range_of(const float *x, size_t n)
{
    float low, high;
    percentiles(x, n, &low, &high);
    return high - low;
}

/* Slope of the least-squares line over the touched samples, a second. */
static float slope_of(const struct window_features_maker *maker, const float *x, size_t n,
                      float mean)
{
    float middle = mean_of(maker->t, n), sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        float t = maker->t[i] - middle;
        sum += t * (x[i] - mean);
        squares += t * t;
    }
    return squares > 0 ? sum / squares : 0.0F;
}

static void describe_force(struct window_features_maker *maker, size_t n,
                           struct span_features *span)
{
    const float *force = maker->value[SIGNAL_FORCE];
    span->force_n = mean_of(force, n);
    float slope = slope_of(maker, force, n, span->force_n), middle = mean_of(maker->t, n);
    for (size_t i = 0; i < n; i++)
        maker->scratch[i] = force[i] - slope * (maker->t[i] - middle);
    span->force_cv = deviation_of(force, n, span->force_n) / span->force_n;
    span->ripple_cv = deviation_of(maker->scratch, n, span->force_n) / span->force_n;
    span->force_trend = slope / span->force_n;
    span->peak_kpa = mean_of(maker->value[SIGNAL_PEAK], n);
    span->mean_kpa = mean_of(maker->value[SIGNAL_MEAN], n);
    span->area_cm2 = mean_of(maker->value[SIGNAL_AREA], n);
    span->area_cv = deviation_of(maker->value[SIGNAL_AREA], n, span->area_cm2) / span->area_cm2;
    span->n_lobes = mean_of(maker->value[SIGNAL_LOBES], n);
    span->distance_mm = mean_of(maker->value[SIGNAL_DISTANCE], n);
    span->gap_mm = mean_of(maker->value[SIGNAL_GAP], n);
}

static void describe_shape(struct window_features_maker *maker, size_t n,
                           struct span_features *span)
{
    const float *major = maker->value[SIGNAL_MAJOR];
    span->major_mm = mean_of(major, n);
    span->minor_mm = mean_of(maker->value[SIGNAL_MINOR], n);
    span->major_cv = deviation_of(major, n, span->major_mm) / span->major_mm;
    span->major_trend_mm_s = slope_of(maker, major, n, span->major_mm);
    span->major_range_mm = range_of(major, n);
}

static void describe_place(struct window_features_maker *maker, size_t n, float rate_hz,
                           struct span_features *span)
{
    float *x = maker->value[SIGNAL_X], *y = maker->value[SIGNAL_Y];
    float mean_x = mean_of(x, n), mean_y = mean_of(y, n), xx = 0, yy = 0, xy = 0, path = 0;
    span->drift_mm_s = hypotf(slope_of(maker, x, n, mean_x), slope_of(maker, y, n, mean_y));
    size_t step = (size_t)fmaxf(1.0F, rintf(path_step_s * rate_hz));
    for (size_t i = step; i < n; i += step)
        path += hypotf(x[i] - x[i - step], y[i] - y[i - step]);
    size_t n_steps = (n - 1) / step;
    span->speed_mm_s = n_steps ? path * rate_hz / (float)(n_steps * step) : 0.0F;
    for (size_t i = 0; i < n; i++) {
        x[i] -= mean_x;
        y[i] -= mean_y;
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    float angle = 0.5F * atan2f(2.0F * xy, xx - yy), c = cosf(angle), s = sinf(angle);
    for (size_t i = 0; i < n; i++)
        maker->scratch[i] = c * x[i] + s * y[i];
    span->reach_mm = range_of(maker->scratch, n);
    for (size_t i = 0; i < n; i++)
        maker->scratch[i] = c * y[i] - s * x[i];
    span->reach_across_mm = range_of(maker->scratch, n);
}

static void without_touch(struct span_features *span)
{
    span->force_n = span->force_cv = span->ripple_cv = span->force_trend = NAN;
    span->peak_kpa = span->mean_kpa = span->area_cm2 = span->area_cv = NAN;
    span->major_mm = span->minor_mm = span->major_cv = NAN;
    span->major_trend_mm_s = span->major_range_mm = NAN;
    span->reach_mm = span->reach_across_mm = span->speed_mm_s = span->drift_mm_s = NAN;
    span->n_lobes = span->distance_mm = span->gap_mm = NAN;
    span->force_floor = 0;
}

/* Read a window; untouched samples are taken out of it. Returns how many are left. */
static size_t read_span(struct window_features_maker *maker, const struct history *history,
                        size_t stride, size_t n, enum window_span which)
{
    struct span_features *span = &maker->last[which];
    float low = 0, high = 0;
    for (unsigned i = 0; i < N_SIGNALS; i++)
        history_read(history, (enum history_signal)i, stride, n, maker->value[i]);
    pattern_features_execute(maker->patterns, (const float(*)[SAMPLES_MAX])maker->value, n,
                             maker->rate_hz / (float)stride, edges_hz[which],
                             maker->pattern[which]);
    trace_features_execute(&maker->traces, (const float(*)[SAMPLES_MAX])maker->value, n,
                           maker->rate_hz / (float)stride, lag_s[which], maker->trace[which]);
    percentiles(maker->value[SIGNAL_FORCE], n, &low, &high);
    span->force_floor = high > 0 ? fmaxf(low, 0.0F) / high : 0.0F;
    const float *touched = maker->value[SIGNAL_TOUCHED];
    span->touched_share = mean_of(touched, n);
    float step_s = (float)stride / maker->rate_hz;
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++) {
        if (touched[i] < 0.99F)
            continue;
        for (unsigned k = 0; n_left < i && k < SIGNAL_FLOW_X; k++)
            maker->value[k][n_left] = maker->value[k][i];
        maker->t[n_left++] = ((float)i - 0.5F * (float)n) * step_s;
    }
    return n_left;
}

static void describe(struct window_features_maker *maker, const struct history *history,
                     enum window_span which)
{
    struct span_features *span = &maker->last[which];
    size_t stride = (size_t)ceilf(window_span_s[which] * maker->rate_hz / SAMPLES_MAX);
    float rate_hz = maker->rate_hz / (float)stride;
    size_t n = history_n(history) / stride, most = (size_t)(window_span_s[which] * rate_hz);
    n = n < most ? n : most;
    *span = (struct span_features){.length_s = (float)n / rate_hz};
    size_t n_left = n ? read_span(maker, history, stride, n, which) : 0;
    if (n_left < 4) {
        without_touch(span);
        return;
    }
    describe_force(maker, n_left, span);
    describe_shape(maker, n_left, span);
    describe_place(maker, n_left, rate_hz, span);
}

void window_features_execute(struct window_features_maker *maker, const struct history *history,
                             const struct pace *pace, const struct strokes *strokes,
                             double device_s, struct window_features *features)
{
    features->mount = maker->mount;
    features->is_kpa = maker->is_kpa;
    for (unsigned i = 0; i < N_SPANS; i++) {
        /* A young window changes fast: it is looked at anew when it has grown by a tenth. */
        float length_s = fminf((float)history_n(history) / maker->rate_hz, window_span_s[i]);
        bool grown = !(fabsf(length_s - maker->last[i].length_s) <= 0.1F * length_s);
        if (grown || maker->step % every[i] == 0)
            describe(maker, history, (enum window_span)i);
        features->span[i] = maker->last[i];
        memcpy(features->pattern[i], maker->pattern[i], sizeof features->pattern[i]);
        memcpy(features->trace[i], maker->trace[i], sizeof features->trace[i]);
    }
    maker->step++;
    features->force = *pace_rhythm(pace, PACE_OF_FORCE);
    features->place = *pace_rhythm(pace, PACE_OF_PLACE);
    features->fast_force = *pace_fast_rhythm(pace, PACE_OF_FORCE);
    features->fast_place = *pace_fast_rhythm(pace, PACE_OF_PLACE);
    strokes_touch_summary(strokes, device_s, &features->touch);
    strokes_cycle_summary(strokes, READ_FORCE, &features->swell);
    strokes_cycle_summary(strokes, READ_PLACE, &features->turn);
    strokes_push_summary(strokes, &features->push);
}

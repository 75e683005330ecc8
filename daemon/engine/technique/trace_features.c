/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/trace_features.h"

#include <math.h>

#include "technique/main_axis.h"

enum { LEAST_SAMPLES = 12 };

static const char *const trace_names[N_TRACES] = {
    "force",     "force_rate", "along",      "across",      "area",   "peak", "major", "minor",
    "sharpness", "speed",      "flow_along", "flow_across", "spread", "turn", "gain",
};

static const char *const shape_names[SHAPE_COMES_BACK] = {
    "deviation", "bias", "skew", "kurtosis", "flatness", "high", "low", "rare",
};

/* What counts as nothing, in each trace's unit: a still hand's noise has no shape. */
static const float least_of[N_TRACES] = {
    [TRACE_FORCE] = 0.01F,  [TRACE_FORCE_RATE] = 0.05F, [TRACE_ALONG] = 0.3F,
    [TRACE_ACROSS] = 0.3F,  [TRACE_AREA] = 0.01F,       [TRACE_PEAK] = 0.01F,
    [TRACE_MAJOR] = 0.01F,  [TRACE_MINOR] = 0.01F,      [TRACE_SHARPNESS] = 0.01F,
    [TRACE_SPEED] = 0.05F,  [TRACE_FLOW_ALONG] = 0.5F,  [TRACE_FLOW_ACROSS] = 0.5F,
    [TRACE_SPREAD] = 0.02F, [TRACE_TURN] = 0.02F,       [TRACE_GAIN] = 0.02F,
};

const char *trace_name(enum trace trace)
{
    return trace_names[trace];
}

const char *trace_shape_name(enum trace_shape shape)
{
    return shape < SHAPE_COMES_BACK ? shape_names[shape] : "comes_back";
}

static float mean_of(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (float)n;
}

/* Of a centred trace of power `power`, at any lag; between two samples by a straight line. */
static float comes_back(const float *x, size_t n, float lag, float power)
{
    size_t low = (size_t)lag;
    if (low + 2 > n || 2 * low > n)
        return NAN;
    float part = lag - (float)low, near = 0, far = 0;
    for (size_t i = 0; i + low < n; i++)
        near += x[i] * x[i + low];
    for (size_t i = 0; i + low + 1 < n; i++)
        far += x[i] * x[i + low + 1];
    near /= (float)(n - low);
    far /= (float)(n - low - 1);
    return (near + part * (far - near)) / power;
}

/* Shape of one trace, which is overwritten; `either_way`: its sign means nothing. */
static void describe(float *x, size_t n, float least, bool either_way, float rate_hz,
                     const float *lag_s, float *out)
{
    float mean = mean_of(x, n), size = 0, m2 = 0, m3 = 0, m4 = 0, flat = 0, count = (float)n;
    for (size_t i = 0; i < n; i++) {
        size += fabsf(x[i]);
        x[i] -= mean;
        float square = x[i] * x[i];
        m2 += square;
        m3 += square * x[i];
        m4 += square * square;
        flat += fabsf(x[i]);
    }
    float power = m2 / count + least * least, deviation = sqrtf(power);
    float skew = m3 / count / (power * deviation), sign = either_way && skew < 0 ? -1.0F : 1.0F;
    float bound = 0.5F * deviation;
    unsigned n_high = 0, n_low = 0, n_rare = 0;
    for (size_t i = 0; i < n; i++) {
        n_high += sign * x[i] > bound;
        n_low += sign * x[i] < -bound;
        n_rare += fabsf(x[i]) > 3.0F * bound;
    }
    out[SHAPE_DEVIATION] = log10f(deviation);
    out[SHAPE_BIAS] = (either_way ? fabsf(mean) : mean) / (size / count + least);
    out[SHAPE_SKEW] = fminf(fmaxf(sign * skew, -4.0F), 8.0F);
    out[SHAPE_KURTOSIS] = log10f(m4 / count / (power * power) + 0.1F);
    out[SHAPE_FLATNESS] = flat / count / deviation;
    out[SHAPE_HIGH] = (float)n_high / count;
    out[SHAPE_LOW] = (float)n_low / count;
    out[SHAPE_RARE] = (float)n_rare / count;
    for (unsigned k = 0; k < TRACE_LAGS; k++)
        out[SHAPE_COMES_BACK + k] = comes_back(x, n, lag_s[k] * rate_hz, power);
}

static void centre(float *x, size_t n)
{
    float mean = mean_of(x, n);
    for (size_t i = 0; i < n; i++)
        x[i] -= mean;
}

/* The touched samples of one signal. Returns how many. */
static size_t take_touched(const float (*value)[TRACE_SAMPLES_MAX], enum history_signal signal,
                           size_t n, float *out)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++)
        if (value[SIGNAL_TOUCHED][i] >= 0.99F)
            out[n_left++] = value[signal][i];
    return n_left;
}

struct window {
    const float (*value)[TRACE_SAMPLES_MAX];
    size_t n;
    float rate_hz;
    const float *lag_s;
    float *out;
};

static void tell(const struct window *w, enum trace trace, bool either_way, float *x, size_t n)
{
    describe(x, n, least_of[trace], either_way, w->rate_hz, w->lag_s,
             w->out + (size_t)trace * N_SHAPES);
}

static void describe_force(struct trace_maker *maker, const struct window *w)
{
    const float *force = w->value[SIGNAL_FORCE];
    float mean = mean_of(force, w->n), *x = maker->a;
    if (!(mean > 0))
        return;
    for (size_t i = 0; i < w->n; i++)
        x[i] = force[i] / mean;
    for (size_t i = 1; i < w->n; i++)
        maker->b[i - 1] = (x[i] - x[i - 1]) * w->rate_hz;
    tell(w, TRACE_FORCE, false, x, w->n);
    tell(w, TRACE_FORCE_RATE, false, maker->b, w->n - 1);
}

static void describe_way(struct trace_maker *maker, const struct window *w)
{
    float *x = maker->a, *y = maker->b;
    for (size_t i = 0; i < w->n; i++) {
        x[i] = w->value[SIGNAL_X][i];
        y[i] = w->value[SIGNAL_Y][i];
    }
    centre(x, w->n);
    centre(y, w->n);
    main_axis_turn(x, y, w->n);
    tell(w, TRACE_ALONG, true, x, w->n);
    tell(w, TRACE_ACROSS, true, y, w->n);
}

/* Of its own mean over the touched samples. */
static void describe_ratio(struct trace_maker *maker, const struct window *w, enum trace trace,
                           enum history_signal signal)
{
    float *x = maker->a;
    size_t n = take_touched(w->value, signal, w->n, x);
    float mean = n ? mean_of(x, n) : 0.0F;
    if (n < LEAST_SAMPLES || !(mean > 0))
        return;
    for (size_t i = 0; i < n; i++)
        x[i] /= mean;
    tell(w, trace, false, x, n);
}

static void describe_sharpness(struct trace_maker *maker, const struct window *w)
{
    float *x = maker->a;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (w->value[SIGNAL_TOUCHED][i] >= 0.99F && w->value[SIGNAL_MEAN][i] > 0)
            x[n++] = w->value[SIGNAL_PEAK][i] / w->value[SIGNAL_MEAN][i];
    if (n < LEAST_SAMPLES)
        return;
    float mean = mean_of(x, n);
    for (size_t i = 0; i < n; i++)
        x[i] /= mean;
    tell(w, TRACE_SHARPNESS, false, x, n);
}

static void describe_speed(struct trace_maker *maker, const struct window *w)
{
    const float *x = w->value[SIGNAL_X], *y = w->value[SIGNAL_Y];
    float *speed = maker->a;
    size_t n = 0;
    for (size_t i = 1; i < w->n; i++)
        if (w->value[SIGNAL_TOUCHED][i] >= 0.99F && w->value[SIGNAL_TOUCHED][i - 1] >= 0.99F)
            speed[n++] = w->rate_hz * hypotf(x[i] - x[i - 1], y[i] - y[i - 1]);
    if (n < LEAST_SAMPLES)
        return;
    float mean = mean_of(speed, n) + 0.5F;
    for (size_t i = 0; i < n; i++)
        speed[i] /= mean;
    tell(w, TRACE_SPEED, false, speed, n);
}

static void describe_flow(struct trace_maker *maker, const struct window *w)
{
    static const enum history_signal signals[] = {SIGNAL_SPREAD, SIGNAL_TURN, SIGNAL_GAIN};
    static const enum trace traces[] = {TRACE_SPREAD, TRACE_TURN, TRACE_GAIN};
    float *x = maker->a, *y = maker->b;
    size_t n = take_touched(w->value, SIGNAL_FLOW_X, w->n, x);
    (void)take_touched(w->value, SIGNAL_FLOW_Y, w->n, y);
    if (n < LEAST_SAMPLES)
        return;
    main_axis_turn(x, y, n);
    tell(w, TRACE_FLOW_ALONG, true, x, n);
    tell(w, TRACE_FLOW_ACROSS, true, y, n);
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        (void)take_touched(w->value, signals[i], w->n, x);
        tell(w, traces[i], traces[i] == TRACE_TURN, x, n);
    }
}

void trace_features_execute(struct trace_maker *maker, const float (*value)[TRACE_SAMPLES_MAX],
                            size_t n, float rate_hz, const float *lag_s, float *out)
{
    struct window w = {.value = value, .n = n, .rate_hz = rate_hz, .lag_s = lag_s, .out = out};
    for (unsigned i = 0; i < N_TRACES * N_SHAPES; i++)
        out[i] = NAN;
    if (n < LEAST_SAMPLES)
        return;
    describe_force(maker, &w);
    describe_way(maker, &w);
    describe_ratio(maker, &w, TRACE_AREA, SIGNAL_AREA);
    describe_ratio(maker, &w, TRACE_PEAK, SIGNAL_PEAK);
    describe_ratio(maker, &w, TRACE_MAJOR, SIGNAL_MAJOR);
    describe_ratio(maker, &w, TRACE_MINOR, SIGNAL_MINOR);
    describe_sharpness(maker, &w);
    describe_speed(maker, &w);
    describe_flow(maker, &w);
}

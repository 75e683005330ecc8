/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/pattern_features.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/fft_planner.h"
#include "technique/main_axis.h"
#include "technique/pressure_flow.h"

enum { N_FFT = 256, N_BINS = N_FFT / 2 + 1, LEAST_SAMPLES = 12 };
_Static_assert(SIGNAL_ZONE_LAST - SIGNAL_ZONE + 1 == FLOW_ZONES, "a signal for each zone");

static const char *const names[] = {
    "flow_along",  "flow_across", "spread",     "turn",         "gain",        "unexplained",
    "spread_mean", "flow_turns",  "gain_turns", "spread_turns", "turn_turns",  "gain_spread",
    "flow_gain",   "circling",    "centre_rim", "ends_along",   "ends_across", "zones_alike",
    "zones_apart", "handover",    "handover_s", "centre_share", "zones_even",  "zones_cv",
    "skew",        "kurtosis",    "crest",      "up_share",     "rising",      "roughness",
    "touches",
};
_Static_assert(sizeof names / sizeof *names == PATTERN_FORCE_BAND, "a name for each");

const char *pattern_name(unsigned pattern)
{
    if (pattern < PATTERN_FORCE_BAND)
        return names[pattern];
    return pattern < PATTERN_PLACE_BAND    ? "force_band"
           : pattern < PATTERN_SPREAD_BAND ? "place_band"
                                           : "spread_band";
}

struct pattern_maker {
    float *wave;             /* [N_FFT] */
    fftwf_complex *spectrum; /* [N_BINS] */
    fftwf_plan forward;
    float signal[FLOW_ZONES + 6]
                [WINDOW_SAMPLES_MAX]; /* touched samples, and what is made of them */
};

enum thenar_status pattern_maker_create(struct pattern_maker **out)
{
    struct pattern_maker *maker = calloc(1, sizeof *maker);
    *out = NULL;
    if (!maker)
        return THENAR_ERR_MEMORY;
    maker->wave = fftwf_alloc_real(N_FFT);
    maker->spectrum = fftwf_alloc_complex(N_BINS);
    if (maker->wave && maker->spectrum) {
        fft_planner_lock();
        maker->forward = fftwf_plan_dft_r2c_1d(N_FFT, maker->wave, maker->spectrum, FFTW_ESTIMATE);
        fft_planner_unlock();
    }
    if (!maker->forward) {
        pattern_maker_destroy(maker);
        return THENAR_ERR_MEMORY;
    }
    *out = maker;
    return THENAR_OK;
}

void pattern_maker_destroy(struct pattern_maker *maker)
{
    if (!maker)
        return;
    fft_planner_lock();
    if (maker->forward)
        fftwf_destroy_plan(maker->forward);
    fft_planner_unlock();
    fftwf_free(maker->wave);
    fftwf_free(maker->spectrum);
    free(maker);
}

static float mean_of(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (float)n;
}

static float log_of(float x, float least)
{
    return log10f(fmaxf(x, 0.0F) + least);
}

static float rms_of(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrtf(sum / (float)n);
}

static void centre(float *x, size_t n)
{
    float mean = mean_of(x, n);
    for (size_t i = 0; i < n; i++)
        x[i] -= mean;
}

/* Of two centred signals, y `lag` samples later; 0 where one of them is still. */
static float correlate(const float *x, const float *y, size_t n, size_t lag)
{
    float xy = 0, xx = 0, yy = 0;
    for (size_t i = 0; i + lag < n; i++) {
        xy += x[i] * y[i + lag];
        xx += x[i] * x[i];
        yy += y[i + lag] * y[i + lag];
    }
    return xx > 0 && yy > 0 ? xy / sqrtf(xx * yy) : 0.0F;
}

/* Changes of sign a second; what stays within a third of the rms is neither. */
static float turns_hz(const float *x, size_t n, float rate_hz)
{
    float dead = 0.33F * rms_of(x, n);
    int sign = 0;
    unsigned count = 0;
    for (size_t i = 0; i < n; i++) {
        int now = x[i] > dead ? 1 : x[i] < -dead ? -1 : sign;
        count += sign != 0 && now != sign;
        sign = now;
    }
    return (float)count * rate_hz / (float)n;
}

/* Copy the touched samples of one signal. Returns how many. */
static size_t take_touched(const float (*value)[WINDOW_SAMPLES_MAX], unsigned signal, size_t n,
                           float *out)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++)
        if (value[SIGNAL_TOUCHED][i] >= 0.99F)
            out[n_left++] = value[signal][i];
    return n_left;
}

static float circling(const float *x, const float *y, size_t n)
{
    float sum = 0, size = 0;
    for (size_t i = 1; i < n; i++) {
        float cross = x[i - 1] * y[i] - y[i - 1] * x[i];
        sum += cross;
        size += fabsf(cross);
    }
    return size > 0 ? fabsf(sum) / size : 0.0F;
}

static void describe_flow(struct pattern_maker *maker, const float (*value)[WINDOW_SAMPLES_MAX],
                          size_t n_all, float rate_hz, float *out)
{
    float *x = maker->signal[0], *y = maker->signal[1], *spread = maker->signal[2];
    float *turn = maker->signal[3], *gain = maker->signal[4], *rest = maker->signal[5];
    size_t n = take_touched(value, SIGNAL_FLOW_X, n_all, x);
    (void)take_touched(value, SIGNAL_FLOW_Y, n_all, y);
    (void)take_touched(value, SIGNAL_SPREAD, n_all, spread);
    (void)take_touched(value, SIGNAL_TURN, n_all, turn);
    (void)take_touched(value, SIGNAL_GAIN, n_all, gain);
    (void)take_touched(value, SIGNAL_UNEXPLAINED, n_all, rest);
    if (n < LEAST_SAMPLES)
        return;
    out[PATTERN_CIRCLING] = circling(x, y, n);
    main_axis_turn(x, y, n);
    out[PATTERN_FLOW_ALONG] = log_of(rms_of(x, n), 0.5F);
    out[PATTERN_FLOW_ACROSS] = log_of(rms_of(y, n), 0.5F);
    out[PATTERN_SPREAD] = log_of(rms_of(spread, n), 0.02F);
    out[PATTERN_TURN] = log_of(rms_of(turn, n), 0.02F);
    out[PATTERN_GAIN] = log_of(rms_of(gain, n), 0.02F);
    out[PATTERN_UNEXPLAINED] = mean_of(rest, n);
    out[PATTERN_SPREAD_MEAN] = mean_of(spread, n);
    out[PATTERN_FLOW_TURNS] = log_of(turns_hz(x, n, rate_hz), 0.2F);
    out[PATTERN_GAIN_TURNS] = log_of(turns_hz(gain, n, rate_hz), 0.2F);
    out[PATTERN_SPREAD_TURNS] = log_of(turns_hz(spread, n, rate_hz), 0.2F);
    out[PATTERN_TURN_TURNS] = log_of(turns_hz(turn, n, rate_hz), 0.2F);
    centre(x, n);
    centre(spread, n);
    centre(gain, n);
    out[PATTERN_GAIN_SPREAD] = correlate(gain, spread, n, 0);
    out[PATTERN_FLOW_GAIN] = fabsf(correlate(x, gain, n, 0));
}

/* The ends of the long axis, the one after the other: a rocking or a rolling hand. */
static void describe_handover(const float *low, const float *high, size_t n, float rate_hz,
                              float *out)
{
    size_t most = n / 3, best_lag = 0;
    float best = -1;
    for (size_t lag = 0; lag <= most; lag += lag < 8 ? 1 : 1 + lag / 8) {
        float ahead = correlate(low, high, n, lag), behind = correlate(high, low, n, lag);
        float larger = fmaxf(ahead, behind) - 0.1F * (float)lag / (float)most;
        if (larger > best) {
            best = larger;
            best_lag = lag;
        }
    }
    out[PATTERN_HANDOVER] = best;
    out[PATTERN_HANDOVER_S] = (float)best_lag / rate_hz;
}

static void describe_pairs(float (*zone)[WINDOW_SAMPLES_MAX], const float *share, size_t n,
                           float *out)
{
    static const float enough = 0.02F;
    float sum = 0, least = 1;
    unsigned n_pairs = 0;
    for (unsigned i = 0; i < FLOW_ZONES; i++) {
        for (unsigned j = 0; j < i; j++) {
            if (share[i] < enough || share[j] < enough)
                continue;
            float r = correlate(zone[i], zone[j], n, 0);
            sum += r;
            least = fminf(least, r);
            n_pairs++;
        }
    }
    if (n_pairs == 0)
        return;
    out[PATTERN_ZONES_ALIKE] = sum / (float)n_pairs;
    out[PATTERN_ZONES_APART] = least;
}

static void describe_zones(struct pattern_maker *maker, const float (*value)[WINDOW_SAMPLES_MAX],
                           size_t n_all, float rate_hz, float *out)
{
    float(*zone)[WINDOW_SAMPLES_MAX] = maker->signal;
    float share[FLOW_ZONES], all = 0, entropy = 0, variation = 0;
    size_t n = 0;
    for (unsigned i = 0; i < FLOW_ZONES; i++) {
        n = take_touched(value, SIGNAL_ZONE + i, n_all, zone[i]);
        share[i] = n ? mean_of(zone[i], n) : 0.0F;
        all += share[i];
    }
    if (n < LEAST_SAMPLES || !(all > 0))
        return;
    for (unsigned i = 0; i < FLOW_ZONES; i++) {
        centre(zone[i], n);
        share[i] /= all;
        variation += rms_of(zone[i], n) / all;
        entropy -= share[i] > 0 ? share[i] * logf(share[i]) : 0.0F;
    }
    out[PATTERN_ZONES_CV] = variation;
    out[PATTERN_ZONES_EVEN] = entropy / logf((float)FLOW_ZONES);
    out[PATTERN_CENTRE_SHARE] = share[4];
    describe_pairs(zone, share, n, out);
    /* Sums of zones go where those that are no longer needed are. */
    float *rim = maker->signal[FLOW_ZONES], *low = maker->signal[FLOW_ZONES + 1];
    float *high = maker->signal[FLOW_ZONES + 2], *near = maker->signal[FLOW_ZONES + 3];
    float *far = maker->signal[FLOW_ZONES + 4];
    for (size_t k = 0; k < n; k++) {
        low[k] = zone[0][k] + zone[3][k] + zone[6][k];
        high[k] = zone[2][k] + zone[5][k] + zone[8][k];
        near[k] = zone[0][k] + zone[1][k] + zone[2][k];
        far[k] = zone[6][k] + zone[7][k] + zone[8][k];
        rim[k] = low[k] + high[k] + zone[1][k] + zone[7][k];
    }
    out[PATTERN_CENTRE_RIM] = correlate(zone[4], rim, n, 0);
    out[PATTERN_ENDS_ALONG] = correlate(low, high, n, 0);
    out[PATTERN_ENDS_ACROSS] = correlate(near, far, n, 0);
    describe_handover(low, high, n, rate_hz, out);
}

static void describe_envelope(const float (*value)[WINDOW_SAMPLES_MAX], size_t n, float rate_hz,
                              float *out)
{
    const float *force = value[SIGNAL_FORCE], *touched = value[SIGNAL_TOUCHED];
    float mean = mean_of(force, n), m2 = 0, m3 = 0, m4 = 0, least = force[0], most = force[0];
    if (!(mean > 0))
        return;
    for (size_t i = 0; i < n; i++) {
        float d = force[i] - mean;
        m2 += d * d;
        m3 += d * d * d;
        m4 += d * d * d * d;
        least = fminf(least, force[i]);
        most = fmaxf(most, force[i]);
    }
    float count = (float)n, variance = m2 / count + 1e-6F * mean * mean;
    float up = 0, rising = 0, falling = 0, way = 0, small = 0.02F * (most - least);
    unsigned n_touches = 0;
    for (size_t i = 0; i < n; i++) {
        up += force[i] > 0.5F * (least + most) ? 1.0F : 0.0F;
        if (i == 0)
            continue;
        float step = force[i] - force[i - 1];
        rising += step > small ? 1.0F : 0.0F;
        falling += step < -small ? 1.0F : 0.0F;
        way += fabsf(step);
        n_touches += touched[i] >= 0.5F && touched[i - 1] < 0.5F;
    }
    out[PATTERN_SKEW] = m3 / count / (variance * sqrtf(variance));
    out[PATTERN_KURTOSIS] = log_of(m4 / count / (variance * variance), 0.1F);
    out[PATTERN_CREST] = log_of(most / mean, 0.1F);
    out[PATTERN_UP_SHARE] = up / count;
    out[PATTERN_RISING] = rising + falling > 0 ? rising / (rising + falling) : 0.5F;
    out[PATTERN_ROUGHNESS] = log_of(way * rate_hz / count / mean, 0.01F);
    out[PATTERN_TOUCHES] = log_of((float)n_touches * rate_hz / count, 0.1F);
}

/* Shares of the power in bands, of a signal whose mean and line are taken away, under a Hann
 * window. */
static void describe_spectrum(struct pattern_maker *maker, const float *x, size_t n, float rate_hz,
                              const float *edges_hz, float *out)
{
    float mean = mean_of(x, n), middle = 0.5F * (float)(n - 1), slope = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        float t = (float)i - middle;
        slope += t * (x[i] - mean);
        squares += t * t;
    }
    slope /= squares;
    for (size_t i = 0; i < n; i++) {
        float hann = 0.5F - 0.5F * cosf(6.2831853F * ((float)i + 0.5F) / (float)n);
        maker->wave[i] = hann * (x[i] - mean - slope * ((float)i - middle));
    }
    memset(maker->wave + n, 0, (N_FFT - n) * sizeof *maker->wave);
    fftwf_execute(maker->forward);
    float band[PATTERN_BANDS] = {0}, all = 1e-12F, bin_hz = rate_hz / (float)N_FFT;
    unsigned b = 0;
    for (unsigned k = 1; k < N_BINS; k++) {
        float re = maker->spectrum[k][0], im = maker->spectrum[k][1], power = re * re + im * im;
        float hz = (float)k * bin_hz;
        while (b < PATTERN_BANDS && hz >= edges_hz[b + 1])
            b++;
        if (b < PATTERN_BANDS && hz >= edges_hz[0])
            band[b] += power;
        all += power;
    }
    for (unsigned i = 0; i < PATTERN_BANDS; i++)
        out[i] = log_of(band[i] / all, 1e-3F);
}

void pattern_features_execute(struct pattern_maker *maker, const float (*value)[WINDOW_SAMPLES_MAX],
                              size_t n, float rate_hz, const float *edges_hz, float *out)
{
    for (unsigned i = 0; i < N_PATTERNS; i++)
        out[i] = NAN;
    if (n < LEAST_SAMPLES)
        return;
    describe_flow(maker, value, n, rate_hz, out);
    describe_zones(maker, value, n, rate_hz, out);
    describe_envelope(value, n, rate_hz, out);
    float *x = maker->signal[0], *y = maker->signal[1];
    memcpy(x, value[SIGNAL_X], n * sizeof *x);
    memcpy(y, value[SIGNAL_Y], n * sizeof *y);
    centre(x, n);
    centre(y, n);
    main_axis_turn(x, y, n);
    describe_spectrum(maker, value[SIGNAL_FORCE], n, rate_hz, edges_hz, out + PATTERN_FORCE_BAND);
    describe_spectrum(maker, x, n, rate_hz, edges_hz, out + PATTERN_PLACE_BAND);
    describe_spectrum(maker, value[SIGNAL_SPREAD], n, rate_hz, edges_hz, out + PATTERN_SPREAD_BAND);
}

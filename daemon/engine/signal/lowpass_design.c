/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/lowpass_design.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "signal/equiripple.h"
#include "signal/minimum_phase.h"

static const double two_pi = 6.283185307179586;

static const double ripple_goal_db = 0.5;
static const double delay_goal_ms = 23.0;

/* Where the prototype's pass-band ends, as a part of the way from pass_hz to stop_hz, and its
 * ripple. A wide band rounds the shoulder: the group delay there is what costs taps. */
struct shape {
    double shoulder, ripple_db;
};
static const struct shape shapes[] = {
    {0.00, 0.2}, {0.00, 0.5}, {0.05, 0.1}, {0.05, 0.4}, {0.10, 0.2}, {0.10, 0.4}, {0.15, 0.2},
    {0.15, 0.6}, {0.20, 0.4}, {0.20, 0.8}, {0.25, 0.6}, {0.25, 1.0}, {0.30, 1.2}, {0.35, 1.6},
};

struct goal {
    double rate_hz, pass_hz, stop_hz;
    double attenuation_db, delay_ms;
};

static struct goal goal_at(double rate_hz)
{
    double nyquist_hz = rate_hz / 2.0;
    bool slow = rate_hz < 90.0;
    return (struct goal){
        .rate_hz = rate_hz,
        .pass_hz = fmin(12.0, 0.4 * nyquist_hz),
        .stop_hz = fmin(45.0, 0.9 * nyquist_hz),
        .attenuation_db = slow ? 40.0 : 60.0,
        .delay_ms = rate_hz < 100.0 ? HUGE_VAL : delay_goal_ms,
    };
}

struct response {
    double magnitude, delay; /* of 1 and in samples */
};

/* H = sum h[k] z^-k; the group delay is the real part of (sum k h[k] z^-k) / H. */
static struct response response_at(const float *taps, size_t n_taps, double f)
{
    double re = 0.0, im = 0.0, slope_re = 0.0, slope_im = 0.0;
    double turn_re = cos(two_pi * f), turn_im = -sin(two_pi * f), z_re = 1.0, z_im = 0.0;
    for (size_t k = 0; k < n_taps; k++) {
        double h = (double)taps[k];
        re += h * z_re;
        im += h * z_im;
        slope_re += (double)k * h * z_re;
        slope_im += (double)k * h * z_im;
        double next_re = z_re * turn_re - z_im * turn_im;
        z_im = z_re * turn_im + z_im * turn_re;
        z_re = next_re;
    }
    double power = re * re + im * im;
    return (struct response){.magnitude = sqrt(power),
                             .delay = (slope_re * re + slope_im * im) / power};
}

static void measure(struct lowpass_design *design, const struct goal *goal)
{
    size_t n_pass = 256 + 2 * design->n_taps, n_stop = 256 + 16 * design->n_taps;
    double ripple_db = 0.0, delay_max = 0.0, largest = 0.0, squares = 0.0;
    for (size_t i = 0; i <= n_pass; i++) {
        double f = (double)i / (double)n_pass * goal->pass_hz / goal->rate_hz;
        struct response response = response_at(design->taps, design->n_taps, f);
        ripple_db = fmax(ripple_db, fabs(20.0 * log10(response.magnitude)));
        delay_max = fmax(delay_max, response.delay);
        if (i == 0)
            design->delay_ms = (float)(1e3 * response.delay / goal->rate_hz);
    }
    double stop = goal->stop_hz / goal->rate_hz;
    for (size_t i = 0; i <= n_stop; i++) {
        double f = stop + (double)i / (double)n_stop * (0.5 - stop);
        largest = fmax(largest, response_at(design->taps, design->n_taps, f).magnitude);
    }
    for (size_t k = 0; k < design->n_taps; k++)
        squares += (double)design->taps[k] * (double)design->taps[k];
    design->rate_hz = (float)goal->rate_hz;
    design->pass_hz = (float)goal->pass_hz;
    design->stop_hz = (float)goal->stop_hz;
    design->ripple_db = (float)ripple_db;
    design->attenuation_db = (float)(-20.0 * log10(largest));
    design->delay_max_ms = (float)(1e3 * delay_max / goal->rate_hz);
    design->noise_gain = (float)sqrt(squares);
}

static bool meets(const struct lowpass_design *design, const struct goal *goal)
{
    return (double)design->ripple_db <= ripple_goal_db &&
           (double)design->attenuation_db >= goal->attenuation_db &&
           (double)design->delay_max_ms <= goal->delay_ms;
}

/* log |H| on the grid of n_fft, from |H|^2 = the cosine sum lifted until it is above zero. In
 * double precision, since the stop-band is a millionth of the pass-band. */
static void log_magnitude(const double *coefs, size_t n_coefs, const double *cosines, size_t n_fft,
                          double *power, float *log_of)
{
    double smallest = HUGE_VAL;
    for (size_t j = 0; j <= n_fft / 2; j++) {
        power[j] = 0.0;
        for (size_t k = 0; k < n_coefs; k++)
            power[j] += coefs[k] * cosines[j * k & (n_fft - 1)];
        smallest = fmin(smallest, power[j]);
    }
    /* A little more than to zero: zeros on the unit circle itself have an endless cepstrum. */
    double lift = smallest < 0.0 ? -1.05 * smallest : 0.0;
    for (size_t j = 0; j <= n_fft / 2; j++)
        log_of[j] = (float)(0.5 * log(power[j] + lift));
}

static void scale_to_one(float *taps, size_t n_taps)
{
    double sum = 0.0;
    for (size_t k = 0; k < n_taps; k++)
        sum += (double)taps[k];
    for (size_t k = 0; k < n_taps; k++)
        taps[k] = (float)((double)taps[k] / sum);
}

struct bench {
    size_t n_fft;
    double *cosines; /* [n_fft] one turn */
    double *power;   /* [n_fft / 2 + 1] */
    float *log_of;   /* [n_fft / 2 + 1] */
    double coefs[LOWPASS_MAX_TAPS];
};

static enum thenar_status make_shape(struct lowpass_design *design, struct bench *bench,
                                     const struct goal *goal, const struct shape *shape)
{
    double pass_hz = goal->pass_hz + shape->shoulder * (goal->stop_hz - goal->pass_hz);
    double up = pow(10.0, shape->ripple_db / 20.0), down = 1.0 / up;
    double pass_error = (up - down) / (up + down);
    double stop_error = 0.5 * pow(10.0, -(goal->attenuation_db + 0.1) / 10.0); /* lifted: doubled */
    struct equiripple_goal prototype = {.pass = pass_hz / goal->rate_hz,
                                        .stop = goal->stop_hz / goal->rate_hz,
                                        .stop_weight = pass_error / stop_error,
                                        .n_coefs = design->n_taps};
    enum thenar_status status = equiripple_make(&prototype, bench->coefs);
    if (status != THENAR_OK)
        return status;
    log_magnitude(bench->coefs, design->n_taps, bench->cosines, bench->n_fft, bench->power,
                  bench->log_of);
    status = minimum_phase_make(bench->log_of, bench->n_fft, design->taps, design->n_taps);
    if (status != THENAR_OK)
        return status;
    scale_to_one(design->taps, design->n_taps);
    measure(design, goal);
    return meets(design, goal) ? THENAR_OK : THENAR_PENDING;
}

static enum thenar_status open_bench(struct bench *bench, size_t n_taps)
{
    bench->n_fft = 1024;
    while (bench->n_fft < 64 * n_taps)
        bench->n_fft *= 2;
    bench->cosines = calloc(bench->n_fft, sizeof *bench->cosines);
    bench->power = calloc(bench->n_fft / 2 + 1, sizeof *bench->power);
    bench->log_of = calloc(bench->n_fft / 2 + 1, sizeof *bench->log_of);
    if (!bench->cosines || !bench->power || !bench->log_of)
        return THENAR_ERR_MEMORY;
    for (size_t j = 0; j < bench->n_fft; j++)
        bench->cosines[j] = cos(two_pi * (double)j / (double)bench->n_fft);
    return THENAR_OK;
}

static void close_bench(struct bench *bench)
{
    free(bench->cosines);
    free(bench->power);
    free(bench->log_of);
}

/* THENAR_PENDING: so many taps do not meet the goal. */
static enum thenar_status try_taps(struct lowpass_design *design, const struct goal *goal,
                                   size_t n_taps)
{
    struct bench bench;
    enum thenar_status status = open_bench(&bench, n_taps);
    design->n_taps = n_taps;
    for (size_t i = 0; status != THENAR_ERR_MEMORY && i < sizeof shapes / sizeof *shapes; i++) {
        status = make_shape(design, &bench, goal, &shapes[i]);
        if (status == THENAR_OK)
            break;
    }
    close_bench(&bench);
    return status == THENAR_OK || status == THENAR_ERR_MEMORY ? status : THENAR_PENDING;
}

enum thenar_status lowpass_design_make(struct lowpass_design *design, float rate_hz)
{
    if (!(rate_hz >= 10.0F) || !(rate_hz <= 2000.0F))
        return THENAR_ERR_ARGUMENT;
    struct goal goal = goal_at((double)rate_hz);
    for (size_t n_taps = 3; n_taps <= LOWPASS_MAX_TAPS; n_taps++) {
        enum thenar_status status = try_taps(design, &goal, n_taps);
        if (status != THENAR_PENDING)
            return status;
    }
    return THENAR_ERR_UNSUPPORTED;
}

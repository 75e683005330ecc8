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

/* The prototype's stop-band is lifted above zero by a little more than its ripple: zeros on the
 * unit circle itself would have an endless cepstrum. */
static const double lift_of_ripple = 1.05;
static const double excess_least_db = 0.02, excess_most_db = 0.25; /* of the attenuation */
static const double pass_error_least = 0.01; /* of |H|^2: less ripple is of no use */
enum { WEIGHT_ROUNDS = 8, SHOULDER_ROUNDS = 8 };
static const double shoulder_widest = 0.7;

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

struct bench {
    size_t n_fft;
    double *cosines; /* [n_fft] one turn */
    float *log_of;   /* [n_fft / 2 + 1] */
    double coefs[LOWPASS_MAX_TAPS];
    double lift;
    double stop_weight; /* of the prototype before, where the next one's search begins */
    double lightest_weight;
};

/* log |H| from |H|^2, the lifted cosine sum. In double precision, since the stop-band is a
 * millionth of the pass-band. */
static void log_magnitude(struct bench *bench, size_t n_coefs)
{
    for (size_t j = 0; j <= bench->n_fft / 2; j++) {
        double power = bench->lift;
        for (size_t k = 0; k < n_coefs; k++)
            power += bench->coefs[k] * bench->cosines[j * k & (bench->n_fft - 1)];
        bench->log_of[j] = (float)(0.5 * log(fmax(power, 1e-3 * bench->lift)));
    }
}

static void scale_to_one(float *taps, size_t n_taps)
{
    double sum = 0.0;
    for (size_t k = 0; k < n_taps; k++)
        sum += (double)taps[k];
    for (size_t k = 0; k < n_taps; k++)
        taps[k] = (float)((double)taps[k] / sum);
}

/* The cosine sum whose stop-band is as deep as the goal and not much deeper: depth costs delay. For
 * a given length the product of both errors hardly changes, so the depth goes with the square root
 * of the weight. */
static enum thenar_status make_prototype(struct bench *bench, const struct goal *goal,
                                         double pass_hz, size_t n_taps)
{
    for (int round = 0; round < WEIGHT_ROUNDS; round++) {
        struct equiripple_goal prototype = {.pass = pass_hz / goal->rate_hz,
                                            .stop = goal->stop_hz / goal->rate_hz,
                                            .stop_weight = bench->stop_weight,
                                            .n_coefs = n_taps};
        double stop_error, at_zero = 0.0;
        enum thenar_status status = equiripple_make(&prototype, bench->coefs, &stop_error);
        if (status != THENAR_OK)
            return status;
        for (size_t k = 0; k < n_taps; k++)
            at_zero += bench->coefs[k];
        bench->lift = lift_of_ripple * stop_error;
        double attenuation_db = 10.0 * log10((at_zero + bench->lift) / (bench->lift + stop_error));
        double excess_db = attenuation_db - goal->attenuation_db;
        double excess_wanted_db = 0.5 * (excess_least_db + excess_most_db);
        bool lightest = bench->stop_weight <= bench->lightest_weight;
        if (excess_db > excess_least_db && (excess_db < excess_most_db || lightest))
            return THENAR_OK;
        bench->stop_weight *= pow(10.0, (excess_wanted_db - excess_db) / 5.0);
        bench->stop_weight = fmax(bench->stop_weight, bench->lightest_weight);
        if (bench->stop_weight * stop_error > 0.5)
            break; /* the pass-band is given up: too short */
    }
    return THENAR_PENDING;
}

static enum thenar_status make_shape(struct lowpass_design *design, struct bench *bench,
                                     const struct goal *goal, double shoulder)
{
    double pass_hz = goal->pass_hz + shoulder * (goal->stop_hz - goal->pass_hz);
    enum thenar_status status = make_prototype(bench, goal, pass_hz, design->n_taps);
    if (status != THENAR_OK)
        return status;
    log_magnitude(bench, design->n_taps);
    status = minimum_phase_make(bench->log_of, bench->n_fft, design->taps, design->n_taps);
    if (status != THENAR_OK)
        return status;
    scale_to_one(design->taps, design->n_taps);
    measure(design, goal);
    return meets(design, goal) ? THENAR_OK : THENAR_PENDING;
}

static enum thenar_status open_bench(struct bench *bench, const struct goal *goal, size_t n_taps)
{
    double stop_error = 0.5 * pow(10.0, -goal->attenuation_db / 10.0);
    bench->lightest_weight = pass_error_least / stop_error;
    bench->stop_weight = 4.0 * bench->lightest_weight;
    bench->n_fft = 1024;
    while (bench->n_fft < 64 * n_taps)
        bench->n_fft *= 2;
    bench->cosines = calloc(bench->n_fft, sizeof *bench->cosines);
    bench->log_of = calloc(bench->n_fft / 2 + 1, sizeof *bench->log_of);
    if (!bench->cosines || !bench->log_of)
        return THENAR_ERR_MEMORY;
    for (size_t j = 0; j < bench->n_fft; j++)
        bench->cosines[j] = cos(two_pi * (double)j / (double)bench->n_fft);
    return THENAR_OK;
}

static void close_bench(struct bench *bench)
{
    free(bench->cosines);
    free(bench->log_of);
}

/* Where the prototype's pass-band ends decides: a wider one rounds the shoulder, which brings the
 * group delay at pass_hz down and the ripple up. THENAR_PENDING: so many taps do not meet the goal.
 */
static enum thenar_status try_taps(struct lowpass_design *design, const struct goal *goal,
                                   size_t n_taps)
{
    struct bench bench;
    enum thenar_status status = open_bench(&bench, goal, n_taps);
    double shoulder = 0.0, narrow = 0.0, wide = shoulder_widest;
    design->n_taps = n_taps;
    for (int round = 0; round < SHOULDER_ROUNDS && status != THENAR_ERR_MEMORY; round++) {
        design->ripple_db = INFINITY;
        status = make_shape(design, &bench, goal, shoulder);
        if (status == THENAR_OK)
            break;
        /* An exchange that drowned in rounding was far better than asked for, not worse. */
        bool drowned = status == THENAR_ERR_UNSUPPORTED;
        bool rippled = !drowned && (double)design->ripple_db > ripple_goal_db;
        if (rippled && round == 0)
            break;
        *(rippled ? &wide : &narrow) = shoulder;
        shoulder = 0.5 * (narrow + wide);
    }
    close_bench(&bench);
    return status == THENAR_OK || status == THENAR_ERR_MEMORY ? status : THENAR_PENDING;
}

/* Lengths grow until one meets the goal, and then the gap below it is halved: a longer filter can
 * do what a shorter one can. */
enum thenar_status lowpass_design_make(struct lowpass_design *design, float rate_hz)
{
    if (!(rate_hz >= 10.0F) || !(rate_hz <= 2000.0F))
        return THENAR_ERR_ARGUMENT;
    struct goal goal = goal_at((double)rate_hz);
    size_t too_short = 2, n_taps = 4;
    enum thenar_status status;
    while ((status = try_taps(design, &goal, n_taps)) == THENAR_PENDING) {
        if (n_taps == LOWPASS_MAX_TAPS)
            return THENAR_ERR_UNSUPPORTED;
        too_short = n_taps;
        n_taps =
            n_taps + n_taps / 4 + 1 < LOWPASS_MAX_TAPS ? n_taps + n_taps / 4 + 1 : LOWPASS_MAX_TAPS;
    }
    struct lowpass_design shorter;
    while (status == THENAR_OK && n_taps - too_short > 1) {
        size_t middle = too_short + (n_taps - too_short) / 2;
        status = try_taps(&shorter, &goal, middle);
        if (status == THENAR_OK) {
            *design = shorter;
            n_taps = middle;
        } else if (status == THENAR_PENDING) {
            too_short = middle;
            status = THENAR_OK;
        }
    }
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "link/message.h"
#include "therapist/fsr_model.h"
#include "unit/virtual_array.h"

/* An ideal sensor; each test switches on what it is about. */
static const struct fsr_options ideal = {.seed = 5, .calibrated = true};

struct bench {
    struct virtual_array v;
    struct fsr_model *model;
    struct stimulus_calibration law;
    float *kpa;
    uint16_t *counts;
};

static void bench_open(struct bench *b, uint16_t n_side, const struct fsr_options *options)
{
    virtual_array_init(&b->v, n_side, n_side, 10.0F, THENAR_MOUNT_PAD);
    assert_int_equal(fsr_model_create(&b->model, &b->v.array, options), THENAR_OK);
    fsr_model_calibration(b->model, &b->law);
    b->kpa = calloc(b->v.n_taxels, sizeof *b->kpa);
    b->counts = calloc(b->v.n_taxels, sizeof *b->counts);
}

static void bench_close(struct bench *b)
{
    fsr_model_destroy(b->model);
    virtual_array_finish(&b->v);
    free(b->kpa);
    free(b->counts);
}

/* Press all taxels with `kpa` and read. */
static void press(struct bench *b, double kpa, double elapsed_s)
{
    for (size_t i = 0; i < b->v.n_taxels; i++)
        b->kpa[i] = (float)kpa;
    fsr_model_execute(b->model, b->kpa, elapsed_s, b->counts);
}

static double true_gain(const struct bench *b, size_t i)
{
    return (double)fsr_model_gain(b->model)[i];
}

/* c = C G R with G = G100 (p / 100)^n, full scale at 450 kPa, clipped above: closed form to half a
 * count (and the resistor's rounding to an ohm). */
static void follows_its_law(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b, 4, &ideal);
    assert_int_equal(b.law.kind, THENAR_CALIBRATION_FACTORY);
    assert_int_equal(b.law.front_end, THENAR_FRONT_END_TRANSIMPEDANCE);
    for (double kpa = 1.0; kpa < 440.0; kpa *= 1.1) {
        press(&b, kpa, 0.005);
        double expected = 4095.0 * pow(kpa / 450.0, b.law.exponent_e4 * 1e-4);
        for (size_t i = 0; i < b.v.n_taxels; i++)
            assert_true(fabs(b.counts[i] - expected) < 0.51 + 1e-3 * expected);
    }
    press(&b, 900.0, 0.005);
    for (size_t i = 0; i < b.v.n_taxels; i++)
        assert_int_equal(b.counts[i], 4095);
    press(&b, 0.0, 0.005);
    for (size_t i = 0; i < b.v.n_taxels; i++)
        assert_int_equal(b.counts[i], 0);
    bench_close(&b);
}

static void noise_has_its_deviation(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.noise_counts = NAN;
    struct bench b;
    bench_open(&b, 16, &options);
    double sum = 0.0, squares = 0.0, lagged = 0.0, n = 0.0, before = 0.0;
    press(&b, 100.0, 0.0);
    double middle = 4095.0 * pow(100.0 / 450.0, 0.95);
    for (int frame = 0; frame < 400; frame++) {
        press(&b, 100.0, 0.0);
        for (size_t i = 0; i < b.v.n_taxels; i++, n++) {
            double d = b.counts[i] - middle;
            sum += d;
            squares += d * d;
            lagged += d * before;
            before = d;
        }
    }
    double sd = sqrt(squares / n - sum / n * sum / n);
    /* 2.5 counts and the rounding's 1/12; 102 400 readings know it to 0.2 %. */
    assert_true(fabs(sd / sqrt(2.5 * 2.5 + 1.0 / 12.0) - 1.0) < 0.015);
    assert_true(fabs(lagged / n / (sd * sd)) < 0.02); /* white */
    /* At rest only the upper half shows, as in any ADC. */
    press(&b, 0.0, 0.0);
    unsigned n_zero = 0;
    for (size_t i = 0; i < b.v.n_taxels; i++)
        n_zero += b.counts[i] == 0;
    assert_true(n_zero > 256 * 4 / 10 && n_zero < 256 * 7 / 10);
    bench_close(&b);
}

static void gain_spreads_log_normally(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.spread_pct = NAN;
    struct bench b;
    bench_open(&b, 64, &options);
    double sum = 0.0, squares = 0.0, error = 0.0;
    for (size_t i = 0; i < b.v.n_taxels; i++) {
        double log_gain = log(true_gain(&b, i));
        double residual = (double)b.law.gain[i] / true_gain(&b, i) - 1.0;
        sum += log_gain;
        squares += log_gain * log_gain;
        error += residual * residual;
    }
    double n = (double)b.v.n_taxels, mean = sum / n;
    double sd = sqrt(squares / n - mean * mean);
    assert_true(fabs(mean) < 5.0 * 0.08 / sqrt(n));
    assert_true(fabs(sd / 0.08 - 1.0) < 0.05);
    /* The factory knows each gain to 2 %, not better. */
    assert_true(fabs(sqrt(error / n) / 0.02 - 1.0) < 0.06);
    /* And the counts do follow the gain. */
    press(&b, 100.0, 0.0);
    for (size_t i = 0; i < b.v.n_taxels; i++) {
        double expected = 4095.0 * true_gain(&b, i) * pow(100.0 / 450.0, 0.95);
        assert_true(fabs(b.counts[i] - expected) < 0.51 + 1e-3 * expected);
    }
    bench_close(&b);
}

/* Conductance is higher on the way down, by the width of the loop; how fast does not matter. */
static void hysteresis_is_wide_as_told_and_rate_free(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.hysteresis_pct = 8.0F;
    for (int n_steps = 20; n_steps <= 2000; n_steps *= 10) {
        struct bench b;
        bench_open(&b, 2, &options);
        double up_kpa, down_kpa;
        for (int i = 0; i <= n_steps / 2; i++)
            press(&b, 400.0 * i / n_steps, 0.005);
        up_kpa = virtual_kpa(&b.law, 0, b.counts[0]);
        for (int i = n_steps / 2; i <= n_steps; i++)
            press(&b, 400.0 * i / n_steps, 0.005);
        for (int i = n_steps; i >= n_steps / 2; i--)
            press(&b, 400.0 * i / n_steps, 0.005);
        down_kpa = virtual_kpa(&b.law, 0, b.counts[0]);
        double gain = (double)b.law.gain[0]; /* the factory's error of it is common to both */
        assert_true(gain > 0.9 && gain < 1.1);
        assert_true(fabs((down_kpa - up_kpa) / (0.5 * (down_kpa + up_kpa)) - 0.08) < 0.003);
        bench_close(&b);
    }
}

/* A small ripple on a hold still shows, though damped: no dead band. */
static void a_ripple_on_a_hold_passes(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.hysteresis_pct = 8.0F;
    struct bench b;
    bench_open(&b, 2, &options);
    double low = 1e9, high = 0.0;
    for (int i = 0; i < 200; i++) {
        press(&b, 200.0 * (1.0 + 0.02 * sin(0.3 * i)), 0.005);
        if (i < 100)
            continue;
        double kpa = virtual_kpa(&b.law, 0, b.counts[0]);
        low = fmin(low, kpa);
        high = fmax(high, kpa);
    }
    double share = (high - low) / (0.04 * 0.5 * (high + low));
    assert_true(share > 0.45 && share < 1.0);
    bench_close(&b);
}

/* A held load reads 3 % more each decade of time, and forgets after release. */
static void creep_rises_with_log_time_and_relaxes(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.creep_pct_decade = 3.0F;
    struct bench b;
    bench_open(&b, 2, &options);
    double at[4] = {0.0}, time_s = 0.0, next_s = 0.1;
    press(&b, 200.0, 0.0);
    double fresh = b.counts[0];
    for (int decade = 0; decade < 4; next_s *= 10.0) {
        for (; time_s < next_s; time_s += 0.01)
            press(&b, 200.0, 0.01);
        at[decade++] = b.counts[0] / fresh - 1.0;
    }
    for (int decade = 1; decade < 4; decade++) {
        double rise = at[decade] - at[decade - 1];
        assert_true(rise > 0.020 && rise < 0.037);
    }
    /* Straight after the release a new touch still reads high; after minutes it does not. */
    press(&b, 0.0, 0.01);
    assert_int_equal(b.counts[0], 0);
    press(&b, 200.0, 0.0);
    double again = b.counts[0] / fresh - 1.0;
    assert_true(again > 0.8 * at[3]);
    for (int i = 0; i < 3000; i++)
        press(&b, 0.0, 1.0);
    press(&b, 200.0, 0.0);
    assert_true(fabs(b.counts[0] / fresh - 1.0) < 0.002);
    bench_close(&b);
}

/* The sum of many short steps is one long one: creep does not depend on the frame rate. */
static void creep_does_not_depend_on_the_rate(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.creep_pct_decade = 3.0F;
    struct bench fast, slow;
    bench_open(&fast, 2, &options);
    bench_open(&slow, 2, &options);
    for (int i = 0; i < 5000; i++)
        press(&fast, 300.0, 0.002);
    for (int i = 0; i < 100; i++)
        press(&slow, 300.0, 0.1);
    assert_true(abs(fast.counts[0] - slow.counts[0]) <= 1);
    bench_close(&fast);
    bench_close(&slow);
}

static void dead_taxels_are_as_many_as_asked(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.n_dead = 7;
    struct bench b;
    bench_open(&b, 16, &options);
    b.v.exists[3] = false;
    press(&b, 200.0, 0.005);
    unsigned n_silent = 0;
    for (size_t i = 0; i < b.v.n_taxels; i++) {
        n_silent += b.counts[i] == 0;
        if (i != 3)
            assert_int_equal(b.counts[i] == 0, fsr_model_dead(b.model)[i]);
    }
    assert_int_equal(n_silent, fsr_model_dead(b.model)[3] ? 7 : 8);
    bench_close(&b);
    /* More than there are: all of them, and it ends. */
    options.n_dead = 999;
    bench_open(&b, 4, &options);
    press(&b, 200.0, 0.005);
    for (size_t i = 0; i < b.v.n_taxels; i++)
        assert_int_equal(b.counts[i], 0);
    bench_close(&b);
}

/* Read back by its own law, a usual calibrated sensor is right within what it claims: over holds of
 * 0.1 to 30 s on the way up and down, root mean square error <= 1.3 claimed and not absurdly less.
 */
static void the_stated_uncertainty_is_honest(void **state)
{
    (void)state;
    struct fsr_options usual = {.seed = 9,
                                .calibrated = true,
                                .noise_counts = NAN,
                                .spread_pct = NAN,
                                .hysteresis_pct = NAN,
                                .creep_pct_decade = NAN};
    struct bench b;
    bench_open(&b, 8, &usual);
    double squares = 0.0, n = 0.0;
    for (int round = 0; round < 6; round++) {
        static const double holds_s[] = {0.1, 0.5, 2.0, 8.0, 30.0, 1.0};
        static const double peaks[] = {60.0, 200.0, 120.0, 300.0, 90.0, 250.0};
        static const double levels[] = {0.6, 0.9, 1.0, 0.7, 0.5};
        for (int i = 0; i < 5; i++) {
            double kpa = peaks[round] * levels[i];
            for (double t = 0.0; t < holds_s[round]; t += 0.02)
                press(&b, kpa, 0.02);
            for (size_t k = 0; k < b.v.n_taxels; k++, n++) {
                double error = virtual_kpa(&b.law, k, b.counts[k]) / kpa - 1.0;
                squares += error * error;
            }
        }
        for (int i = 0; i < 100; i++)
            press(&b, 0.0, 0.1);
    }
    double claimed = b.law.uncertainty_e4 * 1e-4, found = sqrt(squares / n);
    assert_true(claimed > 0.03 && claimed < 0.10);
    assert_true(found < 1.3 * claimed && found > 0.5 * claimed);
    bench_close(&b);
}

static void an_uncalibrated_device_claims_nothing(void **state)
{
    (void)state;
    struct fsr_options options = ideal;
    options.calibrated = false;
    struct bench b;
    bench_open(&b, 4, &options);
    assert_int_equal(b.law.kind, THENAR_CALIBRATION_NONE);
    assert_int_equal(b.law.conductance_100kpa_ns, 0);
    assert_int_equal(b.law.uncertainty_e4, 0);
    assert_null(b.law.gain);
    assert_true(b.law.reference_ohm > 0);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_its_law),
        cmocka_unit_test(noise_has_its_deviation),
        cmocka_unit_test(gain_spreads_log_normally),
        cmocka_unit_test(hysteresis_is_wide_as_told_and_rate_free),
        cmocka_unit_test(a_ripple_on_a_hold_passes),
        cmocka_unit_test(creep_rises_with_log_time_and_relaxes),
        cmocka_unit_test(creep_does_not_depend_on_the_rate),
        cmocka_unit_test(dead_taxels_are_as_many_as_asked),
        cmocka_unit_test(the_stated_uncertainty_is_honest),
        cmocka_unit_test(an_uncalibrated_device_claims_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

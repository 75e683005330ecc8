/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The designed taps against sums of sines and cosines written down here: nothing is shared with the
 * code that designs and measures them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/assert_near.h"

#include "signal/lowpass_design.h"

static const double pi = 3.141592653589793;
static const float rates_hz[] = {10,    17,  25,  30,  43,  44,  45,  50,  59,  60,  61,  75,
                                 89.5F, 90,  99,  100, 104, 109, 110, 111, 120, 125, 143, 150,
                                 165,   180, 200, 210, 240, 250, 300, 333, 400, 500, 720, 1000};
enum { N_RATES = sizeof rates_hz / sizeof *rates_hz };

struct bode {
    double db, phase; /* -pi..pi */
};

static struct bode bode_at(const struct lowpass_design *design, double hz)
{
    double re = 0.0, im = 0.0, turn = 2.0 * pi * hz / (double)design->rate_hz;
    for (size_t k = 0; k < design->n_taps; k++) {
        re += (double)design->taps[k] * cos(turn * (double)k);
        im -= (double)design->taps[k] * sin(turn * (double)k);
    }
    return (struct bode){20.0 * log10(hypot(re, im)), atan2(im, re)};
}

/* Group delay from the phase on both sides. */
static double delay_ms_at(const struct lowpass_design *design, double hz)
{
    double step = 1e-4 * (double)design->rate_hz;
    double turn = bode_at(design, hz + step).phase - bode_at(design, hz - step).phase;
    turn = remainder(turn, 2.0 * pi);
    return -1e3 * turn / (2.0 * pi * 2.0 * step);
}

static void check_goal(const struct lowpass_design *design)
{
    double rate = (double)design->rate_hz, nyquist = rate / 2.0;
    double pass = fmin(12.0, 0.4 * nyquist), stop = fmin(45.0, 0.9 * nyquist);
    assert_near(design->pass_hz, pass, 1e-4 * pass);
    assert_near(design->stop_hz, stop, 1e-4 * stop);
    double ripple = 0.0, attenuation = 1e9, delay = 0.0;
    for (int i = 0; i <= 400; i++) {
        double hz = pass * i / 400.0;
        ripple = fmax(ripple, fabs(bode_at(design, hz).db));
        delay = fmax(delay, delay_ms_at(design, hz));
    }
    for (int i = 0; i <= 4000; i++)
        attenuation = fmin(attenuation, -bode_at(design, stop + (nyquist - stop) * i / 4000.0).db);
    assert_true(ripple <= 0.501);
    assert_true(attenuation >= (rate < 90.0 ? 39.99 : 59.99));
    if (rate >= 100.0)
        assert_true(delay <= 23.01);
    assert_near(design->ripple_db, ripple, 2e-3);
    assert_near(design->attenuation_db, attenuation, 0.05);
    assert_near(design->delay_max_ms, delay, 1e-3 * delay + 1e-3);
    assert_near(design->delay_ms, delay_ms_at(design, 0.0), 1e-3 * delay);
}

static void test_every_rate_meets_its_goal(void **state)
{
    (void)state;
    for (int i = 0; i < N_RATES; i++) {
        struct lowpass_design design;
        assert_int_equal(lowpass_design_make(&design, rates_hz[i]), THENAR_OK);
        assert_near(design.rate_hz, rates_hz[i], 0.0);
        check_goal(&design);
        double sum = 0.0, squares = 0.0;
        for (size_t k = 0; k < design.n_taps; k++) {
            sum += (double)design.taps[k];
            squares += (double)design.taps[k] * (double)design.taps[k];
        }
        assert_near(sum, 1.0, 1e-6);
        assert_near(design.noise_gain, sqrt(squares), 1e-6);
    }
}

/* A filter is of minimum phase when its phase comes back to where it was: each zero outside the
 * unit circle would leave -pi at Nyquist. */
static void test_phase_is_minimal(void **state)
{
    (void)state;
    for (int i = 0; i < N_RATES; i++) {
        struct lowpass_design design;
        assert_int_equal(lowpass_design_make(&design, rates_hz[i]), THENAR_OK);
        double total = 0.0, before = 0.0;
        for (int j = 1; j <= 40000; j++) {
            double phase = bode_at(&design, (double)design.rate_hz / 2.0 * j / 40000.0).phase;
            total += remainder(phase - before, 2.0 * pi);
            before = phase;
        }
        assert_near(total, 0.0, 1e-3);
    }
}

static void test_filters_are_short(void **state)
{
    (void)state;
    static const struct {
        float rate_hz;
        size_t most;
    } known[] = {{44, 7}, {100, 7}, {200, 16}, {500, 43}, {1000, 83}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct lowpass_design design;
        assert_int_equal(lowpass_design_make(&design, known[i].rate_hz), THENAR_OK);
        assert_true(design.n_taps <= known[i].most);
    }
}

static void test_same_taps_again(void **state)
{
    (void)state;
    struct lowpass_design first, again;
    assert_int_equal(lowpass_design_make(&first, 200.0F), THENAR_OK);
    assert_int_equal(lowpass_design_make(&again, 200.0F), THENAR_OK);
    assert_int_equal(first.n_taps, again.n_taps);
    assert_memory_equal(first.taps, again.taps, first.n_taps * sizeof *first.taps);
}

static void test_highest_rate(void **state)
{
    (void)state;
    struct lowpass_design design;
    assert_int_equal(lowpass_design_make(&design, 2000.0F), THENAR_OK);
    check_goal(&design);
}

static void test_bad_rates(void **state)
{
    (void)state;
    struct lowpass_design design;
    assert_int_equal(lowpass_design_make(&design, 9.9F), THENAR_ERR_ARGUMENT);
    assert_int_equal(lowpass_design_make(&design, 2001.0F), THENAR_ERR_ARGUMENT);
    assert_int_equal(lowpass_design_make(&design, NAN), THENAR_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_rate_meets_its_goal),
        cmocka_unit_test(test_phase_is_minimal),
        cmocka_unit_test(test_filters_are_short),
        cmocka_unit_test(test_same_taps_again),
        cmocka_unit_test(test_highest_rate),
        cmocka_unit_test(test_bad_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/assert_near.h"

#include "signal/equiripple.h"
#include "signal/minimum_phase.h"

static const double pi = 3.141592653589793;

static double amplitude(const double *coefs, size_t n, double f)
{
    double sum = 0.0;
    for (size_t k = 0; k < n; k++)
        sum += coefs[k] * cos(2.0 * pi * f * (double)k);
    return sum;
}

/* Chebyshev's theorem: the best of n coefficients has n + 1 extremes of equal size and alternating
 * sign, and nothing else has. */
static void check_alternation(const struct equiripple_goal *goal)
{
    double coefs[128], stop_error, run = 0.0;
    size_t n_extremes = 0;
    assert_int_equal(equiripple_make(goal, coefs, &stop_error), THENAR_OK);
    double level = stop_error * goal->stop_weight;
    for (int i = 0; i <= 40000; i++) {
        double f = 0.5 * i / 40000.0;
        if (f > goal->pass && f < goal->stop)
            continue;
        double a = amplitude(coefs, goal->n_coefs, f);
        double error = f <= goal->pass ? 1.0 - a : -a * goal->stop_weight;
        assert_true(fabs(error) <= 1.02 * level);
        if (fabs(error) > 0.97 * level && error * run <= 0.0) {
            n_extremes++;
            run = error;
        }
    }
    assert_true(n_extremes >= goal->n_coefs + 1);
}

static void test_errors_alternate(void **state)
{
    (void)state;
    check_alternation(&(struct equiripple_goal){0.1, 0.2, 1.0, 8});
    check_alternation(&(struct equiripple_goal){0.06, 0.225, 2e4, 16});
    check_alternation(&(struct equiripple_goal){0.2, 0.45, 300.0, 5});
    check_alternation(&(struct equiripple_goal){0.03, 0.09, 5e4, 43});
    check_alternation(&(struct equiripple_goal){0.012, 0.045, 1e5, 83});
}

static void test_bad_goals(void **state)
{
    (void)state;
    const struct equiripple_goal bad[] = {{0.1, 0.2, 1.0, 1}, {0.0, 0.2, 1.0, 8},
                                          {0.2, 0.2, 1.0, 8}, {0.1, 0.5, 1.0, 8},
                                          {0.1, 0.2, 0.0, 8}, {0.1, 0.2, 1.0, 100000}};
    double coefs[8], stop_error;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(equiripple_make(&bad[i], coefs, &stop_error), THENAR_ERR_ARGUMENT);
}

/* 1 + 2 z^-1 has its zero outside; the filter of the same magnitude with its zero inside is
 * 2 + z^-1. The same twice over, and one that is of minimum phase already. */
static void test_minimum_phase_of_known_filters(void **state)
{
    (void)state;
    enum { N_FFT = 512 };
    static const struct {
        float from[3], to[3];
    } known[] = {{{1.0F, 2.0F, 0.0F}, {2.0F, 1.0F, 0.0F}},
                 {{1.0F, -0.5F, 0.0F}, {1.0F, -0.5F, 0.0F}},
                 {{1.0F, 4.0F, 4.0F}, {4.0F, 4.0F, 1.0F}}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        float log_of[N_FFT / 2 + 1], taps[4];
        for (size_t j = 0; j <= N_FFT / 2; j++) {
            double re = 0.0, im = 0.0;
            for (size_t k = 0; k < 3; k++) {
                double turn = 2.0 * pi * (double)(j * k) / N_FFT;
                re += (double)known[i].from[k] * cos(turn);
                im -= (double)known[i].from[k] * sin(turn);
            }
            log_of[j] = (float)log(hypot(re, im));
        }
        assert_int_equal(minimum_phase_make(log_of, N_FFT, taps, 4), THENAR_OK);
        for (size_t k = 0; k < 3; k++)
            assert_near(taps[k], known[i].to[k], 1e-5);
        assert_near(taps[3], 0.0, 1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors_alternate),
        cmocka_unit_test(test_bad_goals),
        cmocka_unit_test(test_minimum_phase_of_known_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

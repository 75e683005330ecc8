/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "therapist/pcg.h"

/* The first numbers that the author's own demonstration prints for seed 42, stream 54. */
static void gives_the_published_sequence(void **state)
{
    (void)state;
    static const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                        0x83d2f293, 0xbfa4784b, 0xcbed606e};
    struct pcg pcg;
    pcg_init(&pcg, 42, 54);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_int_equal(pcg_next(&pcg), expected[i]);
}

static void streams_of_one_seed_differ(void **state)
{
    (void)state;
    struct pcg a, b;
    unsigned n_equal = 0;
    pcg_init(&a, 7, 1);
    pcg_init(&b, 7, 2);
    for (int i = 0; i < 1000; i++)
        n_equal += pcg_next(&a) == pcg_next(&b);
    assert_int_equal(n_equal, 0);
}

/* Moments of 200 000 draws, within five standard errors of the closed forms. */
static void draws_have_their_moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    struct pcg pcg;
    double uniform = 0.0, sum = 0.0, squares = 0.0, fourths = 0.0;
    pcg_init(&pcg, 3, 4);
    for (int i = 0; i < N; i++) {
        double u = pcg_uniform(&pcg), g = pcg_gauss(&pcg);
        assert_true(u >= 0.0 && u < 1.0);
        uniform += u;
        sum += g;
        squares += g * g;
        fourths += g * g * g * g;
    }
    double root = sqrt((double)N);
    assert_true(fabs(uniform / N - 0.5) < 5.0 * sqrt(1.0 / 12.0) / root);
    assert_true(fabs(sum / N) < 5.0 / root);
    assert_true(fabs(squares / N - 1.0) < 5.0 * sqrt(2.0) / root);
    assert_true(fabs(fourths / N - 3.0) < 5.0 * sqrt(96.0) / root);
}

static void bounded_draws_stay_within(void **state)
{
    (void)state;
    struct pcg pcg;
    pcg_init(&pcg, 3, 4);
    for (int i = 0; i < 10000; i++)
        assert_true(fabs(pcg_gauss_within(&pcg, 1.5)) <= 1.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_sequence),
        cmocka_unit_test(streams_of_one_seed_differ),
        cmocka_unit_test(draws_have_their_moments),
        cmocka_unit_test(bounded_draws_stay_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "publish/latency_histogram.h"

static const int64_t SECOND_NS = 1000000000;

static void assert_near(double value, double truth)
{
    if (!(fabs(value - truth) <= 0.09 * truth))
        fail_msg("%g is not within 9 %% of %g", value, truth);
}

static void test_percentiles_are_right_within_a_bucket(void **state)
{
    (void)state;
    struct latency_histogram histogram;
    latency_histogram_init(&histogram);
    assert_true(isnan(latency_histogram_us(&histogram, SECOND_NS, 0.5)));
    for (int i = 1; i <= 1000; i++) /* 10 us .. 10 ms, even */
        latency_histogram_add(&histogram, SECOND_NS, i * 10000);
    assert_near(latency_histogram_us(&histogram, SECOND_NS, 0.5), 5000);
    assert_near(latency_histogram_us(&histogram, SECOND_NS, 0.99), 9900);
    assert_near(latency_histogram_us(&histogram, SECOND_NS, 0.01), 100);
}

static void test_every_size_finds_its_bucket(void **state)
{
    (void)state;
    struct latency_histogram histogram;
    for (double us = 1.1; us < 15e6; us *= 1.07) {
        latency_histogram_init(&histogram);
        latency_histogram_add(&histogram, 0, (int64_t)(us * 1000));
        assert_near(latency_histogram_us(&histogram, 0, 0.5), us);
    }
    latency_histogram_init(&histogram);
    latency_histogram_add(&histogram, 0, -5);
    latency_histogram_add(&histogram, 0, INT64_MAX / 16);
    assert_near(latency_histogram_us(&histogram, 0, 0.5), 1);
    assert_true(latency_histogram_us(&histogram, 0, 1) > 15e6);
}

static void test_a_minute_later_it_is_forgotten(void **state)
{
    (void)state;
    struct latency_histogram histogram;
    latency_histogram_init(&histogram);
    int64_t now_ns = 12345 * SECOND_NS;
    latency_histogram_add(&histogram, now_ns, 1000000);
    latency_histogram_add(&histogram, now_ns + 50 * SECOND_NS, 20000);
    assert_near(latency_histogram_us(&histogram, now_ns + 55 * SECOND_NS, 1), 1000);
    assert_near(latency_histogram_us(&histogram, now_ns + 71 * SECOND_NS, 1), 20);
    assert_true(isnan(latency_histogram_us(&histogram, now_ns + 500 * SECOND_NS, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percentiles_are_right_within_a_bucket),
        cmocka_unit_test(test_every_size_finds_its_bucket),
        cmocka_unit_test(test_a_minute_later_it_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "device_clock.h"

/* A device whose clock began 1000 s before the host's, 200 frames/s, on a link of 2 ms. */
static const double RATE_HZ = 200, OFFSET_S = 1000, LINK_S = 0.002;

static double device_time(int i)
{
    return i / RATE_HZ;
}

static double random_unit(void)
{
    static uint32_t seed = 1;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) / 16777216.0;
}

static void test_jitter_is_taken_out(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    double before = 0, worst = 0;
    for (int i = 0; i < 4000; i++) {
        double jitter_s = 0.004 * random_unit() * random_unit();
        double arrival_s = OFFSET_S + device_time(i) + LINK_S + jitter_s;
        double host_s = device_clock_update(&clock, device_time(i), arrival_s);
        if (i > 0) {
            assert_true(host_s > before);
            /* intervals are the device's own within 1 % and the leak, unless the frame is the
             * quickest so far: no time lies after its arrival */
            double interval = (host_s - before) * RATE_HZ;
            assert_true(fabs(interval - 1) < 0.011 || fabs(host_s - arrival_s) < 1e-8);
            assert_true(host_s <= arrival_s + 4e-9);
        }
        if (i > 1000)
            worst = fmax(worst, fabs(host_s - (OFFSET_S + device_time(i) + LINK_S)));
        before = host_s;
    }
    assert_true(worst < 0.0005);
}

/* Four frames a burst arrive together, as from a USB host that wakes late. */
static void test_bursts_do_not_bunch(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    double before = 0;
    for (int i = 0; i < 2000; i++) {
        double arrival_s = OFFSET_S + device_time(i / 4 * 4 + 3) + LINK_S;
        double host_s = device_clock_update(&clock, device_time(i), arrival_s);
        assert_true(host_s <= arrival_s + 4e-9);
        if (i > 8) /* the very first burst has nothing to lean on */
            assert_true(host_s - before > 0.98 / RATE_HZ);
        before = host_s;
    }
}

static void test_a_stall_is_no_reason_to_move(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    double host_s = 0;
    for (int i = 0; i < 1000; i++)
        host_s = device_clock_update(&clock, device_time(i), OFFSET_S + device_time(i) + LINK_S);
    double held_s = OFFSET_S + device_time(1300); /* 300 frames wait 1.5 s, then come at once */
    for (int i = 1000; i < 1300; i++)
        host_s = device_clock_update(&clock, device_time(i), held_s);
    assert_true(fabs(host_s - (OFFSET_S + device_time(1299) + LINK_S)) < 0.001);
}

static void test_drift_is_followed(void **state)
{
    (void)state;
    struct device_clock clock;
    const double ratios[] = {1 + 50e-6, 1 - 50e-6};
    for (int k = 0; k < 2; k++) {
        device_clock_init(&clock);
        double error_s = 0;
        for (int i = 0; i < 60000; i++) { /* five minutes */
            double true_s = OFFSET_S + device_time(i) * ratios[k];
            double host_s = device_clock_update(&clock, device_time(i), true_s + LINK_S);
            error_s = fabs(host_s - true_s - LINK_S);
        }
        assert_true(error_s < 0.001);
    }
}

static void test_a_bad_start_is_mended(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    double before = 0, host_s = 0;
    for (int i = 0; i < 4000; i++) {
        double late_s = i < 10 ? 0.15 : 0; /* the first frames waited while we were connecting */
        host_s = device_clock_update(&clock, device_time(i),
                                     OFFSET_S + device_time(i) + LINK_S + late_s);
        assert_true(host_s > before);
        before = host_s;
    }
    assert_true(fabs(host_s - (OFFSET_S + device_time(3999) + LINK_S)) < 0.001);
}

static void test_a_clock_that_was_set_is_believed_after_a_while(void **state)
{
    (void)state;
    struct device_clock clock;
    const double steps_s[] = {30, -30};
    for (int k = 0; k < 2; k++) {
        device_clock_init(&clock);
        double host_s = 0, before = 0;
        for (int i = 0; i < 10000; i++) {
            double offset_s = OFFSET_S + (i < 2000 ? 0 : steps_s[k]);
            before = host_s;
            host_s =
                device_clock_update(&clock, device_time(i), offset_s + device_time(i) + LINK_S);
            assert_true(host_s > before);
        }
        if (steps_s[k] > 0)
            assert_true(fabs(host_s - (OFFSET_S + 30 + device_time(9999) + LINK_S)) < 0.001);
    }
}

static void test_times_near_a_frame_go_with_it(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    (void)device_clock_update(&clock, 5, 1005);
    assert_float_equal((float)device_clock_host_s(&clock, 4.25), 1004.25F, 1e-4F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jitter_is_taken_out),
        cmocka_unit_test(test_bursts_do_not_bunch),
        cmocka_unit_test(test_a_stall_is_no_reason_to_move),
        cmocka_unit_test(test_drift_is_followed),
        cmocka_unit_test(test_a_bad_start_is_mended),
        cmocka_unit_test(test_a_clock_that_was_set_is_believed_after_a_while),
        cmocka_unit_test(test_times_near_a_frame_go_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

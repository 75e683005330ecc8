/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clock/device_clock.h"
#include "unit/random.h"

/* A device whose clock began 1000 s after the host's, 200 frames/s, on a link of 2 ms. */
static const double RATE_HZ = 200, OFFSET_S = 1000, LINK_S = 0.002;

static double device_time(int i)
{
    return i / RATE_HZ;
}

static double uniform(struct random *random)
{
    return random_u32(random) / 4294967296.0;
}

/* ---- injected delays, 0 to 30 ms; frames never overtake each other ---- */

static const double MOST_S = 0.030;

struct link {
    struct random random;
    double held_until_s; /* host time */
    double last_arrival_s;
};

typedef double delay(struct link *link, double scanned_s);

static double uniform_delay(struct link *link, double scanned_s)
{
    (void)scanned_s;
    return MOST_S * uniform(&link->random);
}

/* Quick but for moments in which the bus is held, and then all that waited comes at once. */
static double bursty_delay(struct link *link, double scanned_s)
{
    if (uniform(&link->random) < 0.02)
        link->held_until_s = scanned_s + MOST_S * uniform(&link->random);
    double quick_s = 0.001 * uniform(&link->random);
    return fmax(quick_s, link->held_until_s - scanned_s);
}

/* Pareto with an infinite variance, cut at 30 ms. */
static double heavy_delay(struct link *link, double scanned_s)
{
    (void)scanned_s;
    return fmin(MOST_S, 0.0005 * (pow(1 - uniform(&link->random), -1 / 1.2) - 1));
}

/* The reader begins 3 s late; what waited comes at once, and then delays are uniform. */
static double late_start_delay(struct link *link, double scanned_s)
{
    return fmax(OFFSET_S + 3 - scanned_s, MOST_S * uniform(&link->random));
}

/* Eight seconds of every twenty something else is on the bus: not one frame within 8 ms. */
static double congested_delay(struct link *link, double scanned_s)
{
    double busy_s = fmod(scanned_s, 20) < 8 ? 0.008 : 0;
    return busy_s + 0.022 * uniform(&link->random);
}

/* A host that looks once a millisecond (USB full speed): the delay saws as the clocks drift. */
static double polled_delay(struct link *link, double scanned_s)
{
    (void)link;
    return ceil(scanned_s * 1000) / 1000 - scanned_s;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static const struct shape {
    const char *name;
    delay *delay;
    double rate_hz;
    double settled_s; /* from here on p99 is within 0.5 ms */
} shapes[] = {
    {"uniform, 50/s", uniform_delay, 50, 60},    {"uniform, 100/s", uniform_delay, 100, 60},
    {"uniform, 200/s", uniform_delay, 200, 300}, {"bursty", bursty_delay, 200, 2},
    {"heavy tail", heavy_delay, 200, 2},         {"heavy tail, 500/s", heavy_delay, 500, 2},
    {"late start", late_start_delay, 100, 60},   {"congested", congested_delay, 100, 60},
    {"polled", polled_delay, 200, 12},
};

enum { N_SHAPES = sizeof shapes / sizeof *shapes, SEEDS = 8, AFTER_S = 240 };

static void run_shape(const struct shape *shape, uint64_t seed, double drift)
{
    struct link link = {.random = {seed}};
    struct device_clock clock;
    device_clock_init(&clock);
    int n = (int)((shape->settled_s + AFTER_S) * shape->rate_hz), n_errors = 0, n_covered = 0;
    int n_told = 0;
    double before_s = 0;
    double *errors_s = calloc((size_t)n, sizeof *errors_s);
    assert_non_null(errors_s);
    for (int i = 0; i < n; i++) {
        double device_s = i / shape->rate_hz;
        double true_s = OFFSET_S + device_s * (1 + drift);
        double arrival_s = fmax(true_s + shape->delay(&link, true_s), link.last_arrival_s);
        double host_s = device_clock_update(&clock, device_s, arrival_s);
        assert_true(host_s > before_s || i == 0);
        assert_true(host_s <= arrival_s + 1e-6); /* a thousand frames at once: 1 ns apart */
        link.last_arrival_s = arrival_s;
        before_s = host_s;
        double error_s = fabs(host_s - true_s), doubt_s = device_clock_uncertainty_s(&clock);
        n_told += !isnan(doubt_s);
        n_covered += error_s < 2 * doubt_s;
        if (device_s >= shape->settled_s)
            errors_s[n_errors++] = error_s;
    }
    qsort(errors_s, (size_t)n_errors, sizeof *errors_s, by_size);
    double p99_s = errors_s[n_errors * 99 / 100];
    free(errors_s);
    print_message("%-18s %+4.0f ppm  p99 %.3f ms  within 2 u %.1f %%  drift %+.1f ppm\n",
                  shape->name, drift * -1e6, p99_s * 1e3, 100.0 * n_covered / n_told,
                  device_clock_drift_ppm(&clock));
    assert_true(p99_s < 0.0005);
    assert_true(n_covered > 0.95 * n_told);
    assert_true(fabs(device_clock_drift_ppm(&clock) + drift * 1e6) < 5);
    assert_int_equal(clock.n_restarts, 0);
}

static void test_times_are_true_under_delays(void **state)
{
    (void)state;
    for (int k = 0; k < N_SHAPES; k++)
        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            run_shape(&shapes[k], seed, seed % 2 ? 100e-6 : -100e-6);
}

static void test_the_same_times_give_the_same_results(void **state)
{
    (void)state;
    struct device_clock a, b;
    device_clock_init(&a);
    device_clock_init(&b);
    struct link link = {.random = {3}};
    for (int i = 0; i < 20000; i++) {
        double arrival_s = OFFSET_S + device_time(i) + bursty_delay(&link, device_time(i));
        double a_s = device_clock_update(&a, device_time(i), arrival_s);
        double b_s = device_clock_update(&b, device_time(i), arrival_s);
        assert_memory_equal(&a_s, &b_s, sizeof a_s);
    }
}

/* ---- what single disturbances do ---- */

static void test_intervals_are_the_devices_own(void **state)
{
    (void)state;
    struct device_clock clock;
    struct link link = {.random = {1}};
    device_clock_init(&clock);
    double before_s = 0;
    for (int i = 0; i < 40000; i++) {
        double true_s = OFFSET_S + device_time(i);
        double arrival_s = fmax(true_s + bursty_delay(&link, true_s), link.last_arrival_s);
        double host_s = device_clock_update(&clock, device_time(i), arrival_s);
        /* the slew, and 20 us for the quickest frame so far: no time lies after its arrival */
        if (device_time(i) > 5)
            assert_true(fabs((host_s - before_s) - 1 / RATE_HZ) < 0.003 / RATE_HZ + 20e-6);
        link.last_arrival_s = arrival_s;
        before_s = host_s;
    }
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
            assert_true(host_s - before > 0.99 / RATE_HZ);
        before = host_s;
    }
}

static double feed(struct device_clock *clock, int from, int to, double offset_s)
{
    double host_s = 0, before_s = clock->host_s;
    for (int i = from; i < to; i++) {
        double ready_s = offset_s + device_time(i) + LINK_S;
        host_s = device_clock_update(clock, device_time(i), ready_s);
        assert_true(host_s > before_s);
        assert_true(host_s <= ready_s + 4e-9);
        before_s = host_s;
    }
    return host_s;
}

static void test_a_stall_is_no_reason_to_move(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    double host_s = feed(&clock, 0, 1000, OFFSET_S);
    double held_s = OFFSET_S + device_time(1300); /* 300 frames wait 1.5 s, then come at once */
    for (int i = 1000; i < 1300; i++)
        host_s = device_clock_update(&clock, device_time(i), held_s);
    assert_true(fabs(host_s - (OFFSET_S + device_time(1299) + LINK_S)) < 0.0001);
    assert_int_equal(clock.n_restarts, 0);
}

/* The host's clock stood still for three seconds while the device counted on. */
static void test_a_suspend_begins_anew_at_once(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    for (int k = 0; k < 2; k++) {
        double offset_s = OFFSET_S - 3 * k; /* one long, one of 50 ms */
        (void)feed(&clock, k * 10000, k * 10000 + 5000, offset_s);
        double after_s = feed(&clock, k * 10000 + 5000 + 600, k * 10000 + 10000, offset_s - 3);
        double true_s = offset_s - 3 + device_time(k * 10000 + 9999) + LINK_S;
        assert_true(fabs(after_s - true_s) < 0.0001);
    }
    assert_int_equal(clock.n_restarts, 2);
    device_clock_init(&clock);
    (void)feed(&clock, 0, 5000, OFFSET_S);
    double after_s = feed(&clock, 5010, 5200, OFFSET_S - 0.05);
    assert_true(fabs(after_s - (OFFSET_S - 0.05 + device_time(5199) + LINK_S)) < 0.0001);
    assert_int_equal(clock.n_restarts, 1);
}

/* Ticks begin anew, lower or, after a long absence, higher: the drift that was learned stays. */
static void test_ticks_that_begin_anew(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    const double drift = 60e-6, begins_s[] = {100, 0, 4000}, absent_s[] = {0, 1, 9000};
    double before_s = 0, now_s = OFFSET_S;
    for (int k = 0; k < 3; k++) {
        now_s += absent_s[k];
        for (int i = 0; i < 20000; i++, now_s += (1 + drift) / RATE_HZ) {
            double host_s = device_clock_update(&clock, begins_s[k] + device_time(i), now_s);
            assert_true(host_s > before_s);
            assert_true(fabs(host_s - now_s) < 0.0001);
            before_s = host_s;
        }
    }
    assert_true(fabs(device_clock_drift_ppm(&clock) + 60) < 1);
    assert_int_equal(clock.n_restarts, 2);
    device_clock_restart(&clock); /* told, before the first frame of its new life */
    assert_true(isnan(device_clock_uncertainty_s(&clock)));
    (void)device_clock_update(&clock, 0, 50000);
    assert_true(fabs(device_clock_host_s(&clock, 100) - 50100 - 60e-4) < 1e-4);
}

static void test_a_bad_start_is_mended(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    double before = 0, host_s = 0;
    for (int i = 0; i < 400; i++) {
        double late_s = i < 10 ? 0.15 : 0; /* the first frames waited while we were connecting */
        host_s = device_clock_update(&clock, device_time(i),
                                     OFFSET_S + device_time(i) + LINK_S + late_s);
        assert_true(host_s > before);
        before = host_s;
    }
    assert_true(fabs(host_s - (OFFSET_S + device_time(399) + LINK_S)) < 0.0001);
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
            assert_true(fabs(host_s - (OFFSET_S + 30 + device_time(9999) + LINK_S)) < 0.0001);
        assert_int_equal(clock.n_restarts, 1);
    }
}

/* The device's clock lost 20 ms, as over a long interrupt: doubted at first, then followed. */
static void test_a_slip_is_followed_and_said(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    (void)feed(&clock, 0, 24000, OFFSET_S);
    assert_true(device_clock_uncertainty_s(&clock) < 0.0001);
    (void)feed(&clock, 24000, 24000 + 1600, OFFSET_S + 0.02);
    assert_true(device_clock_uncertainty_s(&clock) > 0.005);
    double host_s = feed(&clock, 25600, 25600 + 20000, OFFSET_S + 0.02);
    assert_true(fabs(host_s - (OFFSET_S + 0.02 + device_time(45599) + LINK_S)) < 0.0005);
    assert_true(device_clock_uncertainty_s(&clock) < 0.0005);
}

static void test_nothing_is_said_before_it_is_known(void **state)
{
    (void)state;
    struct device_clock clock;
    device_clock_init(&clock);
    assert_true(isnan(device_clock_uncertainty_s(&clock)));
    (void)feed(&clock, 0, 20, OFFSET_S);
    assert_true(isnan(device_clock_drift_ppm(&clock)));
    (void)feed(&clock, 20, 200, OFFSET_S);
    assert_true(device_clock_uncertainty_s(&clock) < 0.001);
    assert_true(fabs(device_clock_drift_ppm(&clock)) < 1);
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
        cmocka_unit_test(test_times_are_true_under_delays),
        cmocka_unit_test(test_the_same_times_give_the_same_results),
        cmocka_unit_test(test_intervals_are_the_devices_own),
        cmocka_unit_test(test_bursts_do_not_bunch),
        cmocka_unit_test(test_a_stall_is_no_reason_to_move),
        cmocka_unit_test(test_a_suspend_begins_anew_at_once),
        cmocka_unit_test(test_ticks_that_begin_anew),
        cmocka_unit_test(test_a_bad_start_is_mended),
        cmocka_unit_test(test_a_clock_that_was_set_is_believed_after_a_while),
        cmocka_unit_test(test_a_slip_is_followed_and_said),
        cmocka_unit_test(test_nothing_is_said_before_it_is_known),
        cmocka_unit_test(test_times_near_a_frame_go_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

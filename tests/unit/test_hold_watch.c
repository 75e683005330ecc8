/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands of known force, pressure and time: how many holds, how long, how deep, in what rhythm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "technique/hold_watch.h"

static struct hold_watch watch;
static struct hold_reading reading;
static double now_s;
static float rate_hz;

/* On a body of `base_n`, for so long. */
static void press(float force_n, float pressure_kpa, float base_n, double seconds)
{
    double end_s = now_s + seconds;
    for (; now_s < end_s - 1e-9; now_s += 1 / (double)rate_hz)
        hold_watch_execute(&watch, now_s, base_n + force_n, pressure_kpa);
    hold_watch_read(&watch, &reading);
}

/* A raised cosine up or down, in `seconds`. */
static void go(float peak_n, float peak_kpa, float base_n, double seconds, bool is_down)
{
    double begin_s = now_s;
    while (now_s < begin_s + seconds - 1e-9) {
        double part = 0.5 - 0.5 * cos(3.14159265358979 * (now_s - begin_s) / seconds);
        float share = (float)(is_down ? 1 - part : part);
        press(peak_n * share, peak_kpa * share, base_n, 1 / (double)rate_hz);
    }
}

static void hold(float force_n, float pressure_kpa, float base_n, double up_s, double still_s)
{
    go(force_n, pressure_kpa, base_n, up_s, false);
    press(force_n, pressure_kpa, base_n, still_s);
    go(force_n, pressure_kpa, base_n, 0.4, true);
}

static int set_up(void **state)
{
    (void)state;
    hold_watch_init(&watch, false);
    now_s = 1000;
    rate_hz = 100;
    press(0, NAN, 0, 3);
    return 0;
}

static void assert_near(float value, double wanted, double within)
{
    if (!(fabs((double)value - wanted) <= within))
        fail_msg("%g is not within %g of %g", (double)value, within, wanted);
}

/* Locks of soft tissue release: 3 s, every 5 s, at 62 kPa: 12 a minute. */
static void short_locks_are_counted_and_as_deep_as_they_were(void **state)
{
    (void)state;
    static const float rates_hz[] = {30, 100, 500};
    for (unsigned k = 0; k < sizeof rates_hz / sizeof *rates_hz; k++) {
        (void)set_up(NULL);
        rate_hz = rates_hz[k];
        for (unsigned i = 1; i <= 6; i++) {
            hold(40, 62, 0, 0.3, 2.6);
            press(0, NAN, 0, 1.7);
            assert_int_equal(reading.n_holds, i);
            assert_near(reading.lock_kpa, 62, 0.3);
            assert_near(reading.hold_s, 3.15, 0.2); /* from the touch to half of the way down */
        }
        assert_false(reading.is_holding);
        assert_near(reading.rhythm_cpm, 12, 0.15);
    }
}

/* Up to the edge of pain in five seconds, then half a minute at 210 kPa. */
static void a_slow_way_up_is_not_how_deep_it_was(void **state)
{
    (void)state;
    go(60, 210, 0, 5, false);
    press(60, 210, 0, 20);
    assert_true(reading.is_holding);
    assert_near(reading.now_kpa, 210, 0.5);
    assert_near(reading.lock_kpa, 210, 4);
    go(60, 210, 0, 0.4, true);
    press(0, NAN, 0, 2);
    assert_near(reading.lock_kpa, 210, 4);
    assert_near(reading.hold_s, 21.2, 0.3); /* a way up as long as that is another hold */
    assert_true(isnan(reading.now_kpa));
}

/* Who eases off in the middle of a hold is told of what is now, not of what was. */
static void what_is_now_is_told_within_two_seconds(void **state)
{
    (void)state;
    press(60, 200, 0, 20);
    press(42, 140, 0, 2.5);
    assert_true(reading.is_holding);
    assert_near(reading.now_kpa, 140, 6);
    assert_true(reading.lock_kpa > 180); /* the mean of the whole hold */
    assert_int_equal(reading.n_holds, 0);
}

/* On a mat there is no pressure; what counts is the change of load. */
static void holds_through_a_body_are_counted(void **state)
{
    (void)state;
    hold_watch_init(&watch, true);
    press(0, NAN, 4, 5);
    for (unsigned i = 1; i <= 4; i++) {
        hold(80, NAN, 4, 0.4, 9);
        press(0, NAN, 4, 5.2);
        assert_int_equal(reading.n_holds, i);
        assert_near(reading.hold_s, 9.6, 0.5);
        assert_true(isnan(reading.lock_kpa));
    }
    assert_near(reading.rhythm_cpm, 4, 0.1);
}

/* Muscle energy: push 8 s against the hand, then a longer rest at a third; each is told apart. */
static void pushes_are_told_from_the_rests_between(void **state)
{
    (void)state;
    press(20, 30, 0, 6);
    for (unsigned i = 0; i < 3; i++) {
        press(70, 105, 0, 8);
        assert_true(reading.is_holding);
        assert_near(reading.age_s, 8, 0.5);
        assert_near(reading.lock_kpa, 105, 1);
        press(20, 30, 0, 12);
        assert_near(reading.hold_s, 8, 0.5);
    }
}

/* The same through a body, with a rest of half, upon a zero that creeps away. */
static void pushes_are_told_through_a_body(void **state)
{
    (void)state;
    hold_watch_init(&watch, true);
    press(0, NAN, 4, 5);
    for (unsigned i = 1; i <= 3; i++) {
        float zero_n = 6.0F * (float)i;
        press(68, NAN, zero_n, 7.5);
        press(34, NAN, zero_n + 3, 12);
        assert_int_equal(reading.n_holds, i);
        assert_near(reading.hold_s, 7.5, 0.5);
    }
    assert_near(reading.rhythm_cpm, 60 / 19.5, 0.3);
}

/* Breath of 8 N, 15 a minute, is nothing that anybody holds. */
static void breath_is_no_hold(void **state)
{
    (void)state;
    hold_watch_init(&watch, true);
    for (int i = 0; i < 6000; i++)
        press(4 * (float)sin(0.5 * 3.14159265 * i / 100.0), NAN, 4, 0.01);
    assert_int_equal(reading.n_holds, 0);
    assert_false(reading.is_holding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(short_locks_are_counted_and_as_deep_as_they_were, set_up),
        cmocka_unit_test_setup(a_slow_way_up_is_not_how_deep_it_was, set_up),
        cmocka_unit_test_setup(what_is_now_is_told_within_two_seconds, set_up),
        cmocka_unit_test_setup(holds_through_a_body_are_counted, set_up),
        cmocka_unit_test_setup(pushes_are_told_from_the_rests_between, set_up),
        cmocka_unit_test_setup(pushes_are_told_through_a_body, set_up),
        cmocka_unit_test_setup(breath_is_no_hold, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands laid on again: the same work, or another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "technique/hand_change.h"

enum { RATE_HZ = 100 };

static struct hand_change change;
static double now_s, change_s;
static bool on;

static int set_up(void **state)
{
    (void)state;
    hand_change_reset(&change);
    now_s = change_s = 0;
    on = false;
    return 0;
}

/* Force comes and goes within 0.3 s. @return how often it was found to be something else */
static unsigned lie(float x_mm, float major_mm, double for_s)
{
    unsigned n = 0;
    on = true;
    change_s = now_s;
    for (double t = 0; t < for_s; t += 1.0 / RATE_HZ) {
        double edge = t < 0.3 ? t / 0.3 : for_s - t < 0.3 ? (for_s - t) / 0.3 : 1;
        const struct contacts_sum sum = {
            .force_n = (float)(40 * edge), .cop_x_mm = x_mm, .cop_y_mm = 100, .major_mm = major_mm};
        n += hand_change_execute(&change, now_s += 1.0 / RATE_HZ, on, change_s, &sum);
    }
    return n;
}

static void lift(double for_s)
{
    const struct contacts_sum none = {0};
    on = false;
    change_s = now_s;
    for (double t = 0; t < for_s; t += 1.0 / RATE_HZ)
        assert_false(hand_change_execute(&change, now_s += 1.0 / RATE_HZ, on, change_s, &none));
}

static void test_the_same_place_is_the_same_work(void **state)
{
    (void)state;
    assert_int_equal(lie(80, 60, 12), 0); /* the first touch follows nothing */
    lift(0.3);
    assert_int_equal(lie(95, 60, 12), 0);
    lift(5);
    assert_int_equal(lie(80, 50, 12), 0);
}

static void test_elsewhere_or_wider_is_another(void **state)
{
    (void)state;
    (void)lie(80, 60, 12);
    lift(0.3);
    assert_int_equal(lie(140, 60, 12), 1);
    assert_true(change.touch_s - change.lift_s > 0.2);
    lift(0.3);
    assert_int_equal(lie(140, 200, 12), 1);
}

/* Locks of soft tissue release are short, and walk along a muscle. */
static void test_short_touches_part_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(lie(50 + 40 * (float)i, 60, 5), 0);
        lift(0.4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_same_place_is_the_same_work, set_up),
        cmocka_unit_test_setup(test_elsewhere_or_wider_is_another, set_up),
        cmocka_unit_test_setup(test_short_touches_part_nothing, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

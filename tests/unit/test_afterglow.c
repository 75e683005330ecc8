/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stays in a soft sensor is no touch; what is held is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "technique/afterglow.h"

enum { RATE_HZ = 100 };

static struct array_layout layout;
static struct afterglow *afterglow;
static float pressure[16];
static double now_s;

static int set_up(void **state)
{
    (void)state;
    now_s = 0;
    for (int i = 0; i < 16; i++)
        pressure[i] = 0;
    return array_layout_init(&layout, 4, 4, 10, 10, RATE_HZ) == THENAR_OK &&
                   afterglow_create(&afterglow, &layout) == THENAR_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    afterglow_destroy(afterglow);
    array_layout_finish(&layout);
    return 0;
}

static float see(int taxel, float kpa)
{
    pressure[taxel] = kpa;
    now_s += 1.0 / RATE_HZ;
    return afterglow_execute(afterglow, now_s, pressure)[taxel];
}

static void press(float kpa, double for_s)
{
    for (double t = 0; t < for_s; t += 1.0 / RATE_HZ)
        assert_true(see(5, kpa) == kpa);
}

static void test_what_is_held_stays(void **state)
{
    (void)state;
    press(60, 60);
    press(20, 60); /* a third of it, from one frame to the next */
    press(0.6F * 20, 10);
}

static void test_what_fades_is_no_touch(void **state)
{
    (void)state;
    press(100, 20);
    for (int k = 0; k < 20 * RATE_HZ; k++) {
        double t = (double)k / RATE_HZ;
        assert_true(see(5, (float)(6 * exp(-t / 2) + 4 * exp(-t / 7))) == 0);
    }
    assert_true(see(6, 1) == 1); /* beside it, nothing was pressed */
    press(30, 1);                /* and here again */
}

static void test_a_light_hand_is_seen_again(void **state)
{
    (void)state;
    press(100, 5);
    double hidden_s = 0;
    while (see(5, 5) == 0 && hidden_s < 20)
        hidden_s += 1.0 / RATE_HZ;
    assert_true(fabs(hidden_s - 8 * log(12.0 / 5)) < 0.1);
    press(5, 10);
}

static void test_reset_forgets(void **state)
{
    (void)state;
    press(100, 5);
    afterglow_reset(afterglow);
    press(1, 1);
    afterglow_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_held_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_fades_is_no_touch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_light_hand_is_seen_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reset_forgets, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

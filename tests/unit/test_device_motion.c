/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "device/device_motion.h"
#include "unit/assert_near.h"

static struct device_motion motion;
static struct motion_sample whole;

static const struct source_description both = {
    .n_aux = 4,
    .aux = {{.id = 7, .kind = THENAR_AUX_TEMPERATURE, .n_values = 1, .scale_nano = 1},
            {.id = 2, .kind = THENAR_AUX_ANGULAR_RATE, .n_values = 3, .scale_nano = 1000000},
            {.id = 9, .kind = 200, .n_values = 3, .scale_nano = 1},
            {.id = 1, .kind = THENAR_AUX_ACCELERATION, .n_values = 3, .scale_nano = 4785645}}};

static bool take(uint8_t id, double device_s, int32_t x)
{
    return device_motion_take(
        &motion,
        &(struct source_aux){.device_s = device_s,
                             .sample = {.id = id, .n_values = 3, .values = {x, -x, 2 * x}}},
        &whole);
}

static void test_two_messages_make_a_sample(void **state)
{
    (void)state;
    device_motion_describe(&motion, &both);
    assert_false(take(1, 0.5, 2049));
    assert_true(take(2, 0.5, 1000));
    assert_near(whole.device_s, 0.5, 0);
    assert_near(whole.acceleration_m_s2[0], 9.8058, 1e-4);
    assert_near(whole.acceleration_m_s2[1], -9.8058, 1e-4);
    assert_near(whole.angular_rate_rad_s[2], 2.0, 1e-6);
    assert_true(take(1, 0.6, 1) == false && take(2, 0.6, 1));
    assert_int_equal(motion.n_samples, 2);
    device_motion_clear(&motion);
    assert_int_equal(motion.n_samples, 0);
}

/* A half whose other half was damaged on the way is left out, and mixes with no other. */
static void test_a_lost_half(void **state)
{
    (void)state;
    device_motion_describe(&motion, &both);
    assert_false(take(1, 1.0, 5));
    assert_false(take(1, 1.1, 6));
    assert_true(take(2, 1.1, 7));
    assert_near(whole.device_s, 1.1, 0);
    assert_false(take(2, 1.2, 8));
    assert_false(take(1, 1.3, 9));
    assert_true(take(2, 1.3, 9));
}

static void test_one_channel_alone(void **state)
{
    (void)state;
    const struct source_description alone = {
        .n_aux = 1,
        .aux = {{.id = 3, .kind = THENAR_AUX_ACCELERATION, .n_values = 3, .scale_nano = 1000000}}};
    device_motion_describe(&motion, &alone);
    assert_true(take(3, 1.0, 5));
    assert_near(whole.acceleration_m_s2[0], 0.005, 1e-9);
    assert_true(isnan(whole.angular_rate_rad_s[0]));
}

static void test_other_channels_are_passed_over(void **state)
{
    (void)state;
    device_motion_describe(&motion, &both);
    assert_false(take(7, 1.0, 5));
    assert_false(take(9, 1.0, 5));
    assert_false(take(0, 1.0, 5));
    const struct source_description none = {.n_aux = 0};
    device_motion_describe(&motion, &none);
    assert_false(take(1, 1.0, 5));
}

/* Nobody scans: what would be a heap is bounded. */
static void test_no_frames(void **state)
{
    (void)state;
    device_motion_describe(&motion, &both);
    for (int i = 0; i < 500; i++) {
        (void)take(1, i, i);
        assert_true(take(2, i, i));
    }
    assert_int_equal(motion.n_samples, DEVICE_MOTION_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_messages_make_a_sample),
        cmocka_unit_test(test_a_lost_half),
        cmocka_unit_test(test_one_channel_alone),
        cmocka_unit_test(test_other_channels_are_passed_over),
        cmocka_unit_test(test_no_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the virtual glove's motion sensor reads of motions whose acceleration is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/assert_near.h"

#include "therapist/hand_motion.h"

enum { SCAN_HZ = 500 };
static const double gravity_m_s2 = 9.80665;

/* A hand at (x, y), pressing. */
static struct pose pose_at(double x_mm, double y_mm, float force_n)
{
    struct pose pose = {.n_lobes = 2};
    pose.lobes[0] = (struct lobe){
        .x_mm = (float)x_mm, .y_mm = (float)y_mm, .force_n = force_n, .hand = HAND_RIGHT};
    pose.lobes[1] = (struct lobe){.x_mm = 500.0F, .force_n = 50.0F, .hand = HAND_LEFT};
    return pose;
}

struct seen {
    unsigned n;
    double mean[3], variance[3], rate_variance[3], last_s;
};

/* Follow a hand that swings along x, and gather what was sensed after the first two seconds. */
static struct seen swing(double amplitude_mm, double frequency_hz, double scan_hz, double seconds)
{
    static struct hand_motion motion;
    struct seen seen = {0};
    hand_motion_init(&motion);
    for (double t = 0.0; t < seconds; t += 1.0 / scan_hz) {
        struct pose pose = pose_at(amplitude_mm * sin(2.0 * M_PI * frequency_hz * t), 0.0, 10.0F);
        hand_motion_follow(&motion, &pose, HANDS_BOTH, t);
        for (struct stimulus_motion sample; hand_motion_take(&motion, &sample);) {
            assert_true(sample.time_s > seen.last_s && sample.time_s <= t + 1e-9);
            seen.last_s = sample.time_s;
            if (sample.time_s < 2.0)
                continue;
            seen.n++;
            for (int i = 0; i < 3; i++) {
                double a = (double)sample.acceleration_m_s2[i];
                double w = (double)sample.angular_rate_rad_s[i];
                seen.mean[i] += a;
                seen.variance[i] += a * a;
                seen.rate_variance[i] += w * w;
            }
        }
    }
    for (int i = 0; i < 3; i++) {
        seen.mean[i] /= seen.n;
        seen.variance[i] = seen.variance[i] / seen.n - seen.mean[i] * seen.mean[i];
        seen.rate_variance[i] /= seen.n;
    }
    return seen;
}

static void test_still(void **state)
{
    (void)state;
    struct seen seen = swing(0.0, 1.0, SCAN_HZ, 6.0);
    assert_in_range(seen.n, 4 * HAND_MOTION_RATE_HZ - 1, 4 * HAND_MOTION_RATE_HZ + 1);
    assert_near(seen.mean[0], 0.0, 0.01);
    assert_near(seen.mean[1], 0.0, 0.01);
    assert_near(seen.mean[2], gravity_m_s2, 0.01);
    for (int i = 0; i < 3; i++)
        assert_near(sqrt(seen.variance[i]), 0.02, 0.002);
}

/* 20 mm at 1 Hz: a w^2 = 0.79 m/s^2 peak, a little less behind the spring, and the lean's share of
 * gravity on top: 0.6 rad per m/s of 0.126 m/s is 0.075 rad, 0.74 m/s^2, a quarter turn apart. */
static void test_swing(void **state)
{
    (void)state;
    struct seen seen = swing(20.0, 1.0, SCAN_HZ, 12.0);
    double w = 2.0 * M_PI, own = 0.020 * w * w, leaning = 0.6 * 0.020 * w * gravity_m_s2;
    double expected = sqrt((own * own + leaning * leaning) / 2.0);
    assert_near(sqrt(seen.variance[0]) / expected, 1.0, 0.1);
    assert_near(sqrt(seen.variance[1]), 0.02, 0.005); /* nothing but noise across */
    assert_near(sqrt(seen.rate_variance[1]) / (0.6 * 0.020 * w * w / sqrt(2.0)), 1.0, 0.1);
    assert_near(seen.mean[2], gravity_m_s2, 0.05);
}

/* The grid of samples does not hang on the rate of scans. */
static void test_any_scan_rate(void **state)
{
    (void)state;
    struct seen fast = swing(20.0, 1.0, 1000.0, 6.0), slow = swing(20.0, 1.0, 50.0, 6.0);
    assert_in_range(slow.n, fast.n - 5, fast.n + 1);
    assert_near(sqrt(slow.variance[0] / fast.variance[0]), 1.0, 0.05);
}

/* A hand put elsewhere is not torn there: within what the sensor reads, 16 g. */
static void test_leap(void **state)
{
    (void)state;
    static struct hand_motion motion;
    hand_motion_init(&motion);
    float most = 0.0F;
    for (unsigned i = 0; i < 4 * SCAN_HZ; i++) {
        struct pose pose =
            pose_at(i / SCAN_HZ % 2 ? 300.0 : -300.0, 0.0, i % 100 < 8 ? 60.0F : 0.0F);
        if (i % 100 >= 8)
            pose.n_lobes = 0;
        hand_motion_follow(&motion, &pose, HANDS_RIGHT, (double)i / SCAN_HZ);
        for (struct stimulus_motion sample; hand_motion_take(&motion, &sample);)
            for (int k = 0; k < 3; k++)
                most = fmaxf(most, fabsf(sample.acceleration_m_s2[k]));
    }
    assert_true(most > 20.0F); /* it was struck with */
    assert_true(most < 156.0F);
}

/* Nobody takes them: the newest are kept. */
static void test_nobody_takes(void **state)
{
    (void)state;
    static struct hand_motion motion;
    hand_motion_init(&motion);
    struct pose pose = pose_at(0.0, 0.0, 5.0F);
    hand_motion_follow(&motion, &pose, HANDS_RIGHT, 0.0);
    hand_motion_follow(&motion, &pose, HANDS_RIGHT, 1.0);
    struct stimulus_motion sample;
    unsigned n = 0;
    while (hand_motion_take(&motion, &sample))
        n++;
    assert_int_equal(n, HAND_MOTION_KEPT);
    assert_near(sample.time_s, 1.0, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_still),         cmocka_unit_test(test_swing),
        cmocka_unit_test(test_any_scan_rate), cmocka_unit_test(test_leap),
        cmocka_unit_test(test_nobody_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

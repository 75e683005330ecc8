/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "signal/motion_intensity.h"
#include "unit/assert_near.h"

static const double rate_hz = 208, gravity_m_s2 = 9.80665;

/* A hand held at an angle that shakes with this amplitude along x. @return the mean of what is said
 * over the last second, and its largest deviation from that */
static double shake(double amplitude_m_s2, double frequency_hz, double *ripple)
{
    struct motion_intensity intensity;
    double sum = 0, least = HUGE_VAL, most = 0;
    int n = 0;
    motion_intensity_reset(&intensity);
    for (int i = 0; i < 5 * (int)rate_hz; i++) {
        double t = i / rate_hz;
        struct motion_sample sample = {.device_s = t};
        sample.acceleration_m_s2[0] =
            (float)(0.6 * gravity_m_s2 + amplitude_m_s2 * sin(2 * M_PI * frequency_hz * t));
        sample.acceleration_m_s2[2] = (float)(0.8 * gravity_m_s2);
        motion_intensity_execute(&intensity, &sample, 1);
        if (t < 4)
            continue;
        double said = (double)motion_intensity_m_s2(&intensity, t);
        sum += said;
        least = fmin(least, said);
        most = fmax(most, said);
        n++;
    }
    *ripple = most - least;
    return sum / n;
}

/* Gravity alone is no motion, however the hand is held. */
static void test_rest(void **state)
{
    (void)state;
    double ripple;
    assert_near(shake(0, 1, &ripple), 0, 1e-3);
}

/* A sine of amplitude A has the root mean square A / sqrt(2); the mean follows a slow one a little.
 */
static void test_shaking(void **state)
{
    (void)state;
    double ripple;
    assert_near(shake(3, 8, &ripple), 3 / sqrt(2), 0.02);
    assert_true(ripple < 0.3);
    assert_near(shake(3, 2, &ripple), 3 / sqrt(2), 0.2);
}

static void test_silence(void **state)
{
    (void)state;
    struct motion_intensity intensity;
    motion_intensity_reset(&intensity);
    assert_true(isnan(motion_intensity_m_s2(&intensity, 0)));
    motion_intensity_execute(&intensity, NULL, 0);
    struct motion_sample sample = {.device_s = 1, .acceleration_m_s2 = {1, 2, 3}};
    motion_intensity_execute(&intensity, &sample, 1);
    assert_near(motion_intensity_m_s2(&intensity, 1.9), 0, 1e-6);
    assert_true(isnan(motion_intensity_m_s2(&intensity, 2.1)));
    /* What a silent second left behind counts no more. */
    struct motion_sample later = {.device_s = 5, .acceleration_m_s2 = {30, 0, 0}};
    motion_intensity_execute(&intensity, &later, 1);
    assert_near(motion_intensity_m_s2(&intensity, 5), 0, 1e-6);
    struct motion_sample none = {.device_s = 5.1, .acceleration_m_s2 = {NAN, NAN, NAN}};
    motion_intensity_execute(&intensity, &none, 1);
    assert_near(motion_intensity_m_s2(&intensity, 5.1), 0, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_shaking),
        cmocka_unit_test(test_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

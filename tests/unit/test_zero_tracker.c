/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the zero must follow, and what it must not: warmth and hands, minutes long. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signal/calibration.h"
#include "signal/zero_tracker.h"
#include "unit/assert_near.h"
#include "unit/random.h"

enum { SIDE = 16, N = SIDE * SIDE, RATE_HZ = 100 };

static const float gate_kpa = 0.5F, sigma_kpa = 0.1F;

/* The true pressure of each taxel goes through a calibration that leaves it as it is. */
struct scene {
    struct array_layout layout;
    struct calibration *calibration;
    struct zero_tracker *tracker;
    struct random random;
    float truth[N]; /* what presses, drift included */
    float read[N];  /* what is left of it above the zero */
};

static void open_scene(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    assert_int_equal(array_layout_init(&scene->layout, SIDE, SIDE, 10, 10, RATE_HZ), THENAR_OK);
    scene->layout.sensor.unit = UNIT_KPA;
    assert_int_equal(calibration_create(&scene->calibration, &scene->layout), THENAR_OK);
    assert_int_equal(zero_tracker_create(&scene->tracker, &scene->layout), THENAR_OK);
}

static void close_scene(struct scene *scene)
{
    zero_tracker_destroy(scene->tracker);
    calibration_destroy(scene->calibration);
    array_layout_finish(&scene->layout);
}

static void step(struct scene *scene)
{
    float noisy[N];
    unsigned n_saturated;
    for (size_t i = 0; i < N; i++)
        noisy[i] = scene->truth[i] +
                   0.03F * ((float)random_below(&scene->random, 2001) - 1000.0F) / 1000.0F;
    calibration_execute_samples(scene->calibration, noisy, scene->read, &n_saturated);
    zero_tracker_execute(scene->tracker, scene->read, gate_kpa, sigma_kpa, scene->calibration);
}

static void add(struct scene *scene, float kpa)
{
    for (size_t i = 0; i < N; i++)
        scene->truth[i] += kpa;
}

/* A hand on the rows below `n_rows`. */
static void lay(struct scene *scene, size_t n_rows, float kpa)
{
    for (size_t i = 0; i < n_rows * SIDE; i++)
        scene->truth[i] = kpa;
}

static void stay(struct scene *scene, double seconds)
{
    for (int t = 0; t < (int)(seconds * RATE_HZ); t++)
        step(scene);
}

static float mean_of(const float *values, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (float)n;
}

/* 5 kPa of warmth in half an hour, on the whole array, and back again. */
static void warmth_is_followed(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    stay(&scene, 15);
    for (int way = 0; way < 2; way++)
        for (int second = 0; second < 1800; second++) {
            for (size_t i = 0; i < N; i++) /* not all alike: 0.7 to 1.3 of it */
                scene.truth[i] +=
                    (way ? -1.0F : 1.0F) * 5.0F / 1800.0F * (0.7F + 0.6F * (float)(i % 7) / 6.0F);
            stay(&scene, 1);
            for (size_t i = 0; i < N; i++)
                assert_true(fabsf(scene.read[i]) < 0.5F * gate_kpa);
            if (way == 0 && second == 1799)
                assert_near((double)zero_tracker_drift_kpa(scene.tracker), 5.0, 0.5);
        }
    assert_near((double)mean_of(scene.read, N), 0.0, 0.1);
    close_scene(&scene);
}

/* Five minutes of a still hand, firm, light, and just above the gate: nothing is lost, and nothing
 * stays behind when it leaves. */
static void a_resting_hand_is_not_eaten(void **state)
{
    (void)state;
    static const float hands_kpa[] = {60.0F, 3.0F, 0.6F};
    for (size_t k = 0; k < 3; k++) {
        struct scene scene;
        open_scene(&scene);
        stay(&scene, 15);
        lay(&scene, 6, hands_kpa[k]);
        stay(&scene, 300);
        assert_near((double)mean_of(scene.read, 6 * SIDE), (double)hands_kpa[k], 0.03);
        lay(&scene, 6, 0.0F);
        stay(&scene, 5);
        assert_near((double)mean_of(scene.read, 6 * SIDE), 0.0, 0.02);
        close_scene(&scene);
    }
}

/* A hand that takes ten minutes to come loses half a gate at most, however it comes. */
static void a_slow_hand_loses_half_a_gate_at_most(void **state)
{
    (void)state;
    static const float ends_kpa[] = {0.24F, 2.0F, 10.0F};
    for (size_t k = 0; k < 3; k++) {
        struct scene scene;
        open_scene(&scene);
        stay(&scene, 15);
        for (int second = 0; second < 600; second++) {
            lay(&scene, 6, ends_kpa[k] * (float)second / 600.0F);
            stay(&scene, 1);
        }
        stay(&scene, 300);
        float lost = ends_kpa[k] - mean_of(scene.read, 6 * SIDE);
        assert_true(lost < 0.5F * gate_kpa + 0.02F);
        close_scene(&scene);
    }
}

/* Many short touches, or a hand that comes again and again by a little, do not add up. */
static void touches_do_not_add_up(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    for (int round = 0; round < 40; round++) {
        lay(&scene, 6, 0.2F);
        stay(&scene, 40);
        lay(&scene, 6, 8.0F);
        stay(&scene, 2);
    }
    float lost = 8.0F - mean_of(scene.read, 6 * SIDE);
    assert_true(lost < 0.5F * gate_kpa + 0.02F);
    close_scene(&scene);
}

/* What stays after a long hold is not taken for a new zero while it goes. */
static void what_a_hold_leaves_is_waited_for(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    stay(&scene, 15);
    lay(&scene, 6, 50.0F);
    stay(&scene, 300);
    for (int second = 0; second < 300; second++) {
        lay(&scene, 6, 0.2F * expf(-(float)second / 100.0F));
        stay(&scene, 1);
    }
    assert_near((double)mean_of(scene.read, 6 * SIDE), 0.2 * exp(-3.0), 0.02);
    close_scene(&scene);
}

/* Below zero is no hand: a colder array, or a cover that was taken off, is followed in seconds. */
static void below_zero_is_followed_at_once(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    add(&scene, -2.0F);
    stay(&scene, 15);
    assert_near((double)mean_of(scene.read, N), 0.0, 0.06);
    lay(&scene, 6, 1.0F); /* and no credit is given for it: 3 kPa of a hand stay */
    stay(&scene, 300);
    assert_near((double)mean_of(scene.read, 6 * SIDE), 3.0, 0.06);
    close_scene(&scene);
}

/* After a release the low-pass swings below zero for a moment: that is no lower zero. */
static void the_swing_after_a_release_is_let_pass(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    stay(&scene, 15);
    for (int round = 0; round < 20; round++) {
        lay(&scene, 6, 100.0F);
        stay(&scene, 2);
        lay(&scene, 6, -3.0F);
        stay(&scene, 0.3);
        lay(&scene, 6, 0.0F);
        stay(&scene, 10);
    }
    assert_near((double)mean_of(scene.read, 6 * SIDE), 0.0, 0.02);
    close_scene(&scene);
}

/* With a person on the mat the zero stays, whatever she does, until the next plain tare. */
static void a_loaded_tare_keeps_its_zero(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    zero_tracker_tared(scene.tracker, true);
    add(&scene, -1.5F);
    stay(&scene, 60);
    assert_near((double)mean_of(scene.read, N), -1.5, 0.01);
    zero_tracker_tared(scene.tracker, false);
    stay(&scene, 15);
    assert_near((double)mean_of(scene.read, N), 0.0, 0.06);
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warmth_is_followed),
        cmocka_unit_test(a_resting_hand_is_not_eaten),
        cmocka_unit_test(a_slow_hand_loses_half_a_gate_at_most),
        cmocka_unit_test(touches_do_not_add_up),
        cmocka_unit_test(what_a_hold_leaves_is_waited_for),
        cmocka_unit_test(below_zero_is_followed_at_once),
        cmocka_unit_test(the_swing_after_a_release_is_let_pass),
        cmocka_unit_test(a_loaded_tare_keeps_its_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

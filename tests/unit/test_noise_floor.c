/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signal/lowpass_design.h"
#include "signal/lowpass_direct.h"
#include "signal/noise_floor.h"
#include "unit/assert_near.h"

enum { TAXELS_MAX = 1024 };

/* An array that plays: noise of a given size everywhere, and a hand on some taxels. */
struct scene {
    struct array_layout layout;
    struct lowpass_design design;
    struct lowpass_direct *lowpass;
    struct noise_floor *floor;
    float sigma;  /* of the noise */
    bool clipped; /* below zero reads zero */
    float step;   /* values are whole steps; 0: any */
    unsigned frame;
    float raw[TAXELS_MAX], filtered[TAXELS_MAX];
};

static unsigned random_state = 1;

static float uniform(void)
{
    random_state = random_state * 1664525U + 1013904223U;
    return (float)(random_state >> 8) / 16777216.0F;
}

/* Sum of twelve: standard deviation 1, close to normal. */
static float normal(void)
{
    float sum = -6.0F;
    for (int i = 0; i < 12; i++)
        sum += uniform();
    return sum;
}

static void open_scene(struct scene *scene, uint16_t n_side, float rate_hz, struct sensor_law law)
{
    memset(scene, 0, sizeof *scene);
    random_state = 1;
    assert_int_equal(array_layout_init(&scene->layout, n_side, n_side, 15.0F, 15.0F, rate_hz),
                     THENAR_OK);
    scene->layout.sensor = law;
    assert_int_equal(lowpass_design_make(&scene->design, rate_hz), THENAR_OK);
    assert_int_equal(lowpass_direct_create(&scene->lowpass, scene->design.taps,
                                           scene->design.n_taps, scene->layout.n_taxels),
                     THENAR_OK);
    assert_int_equal(noise_floor_create(&scene->floor, &scene->layout, scene->design.noise_gain),
                     THENAR_OK);
}

static void close_scene(struct scene *scene)
{
    lowpass_direct_destroy(scene->lowpass);
    noise_floor_destroy(scene->floor);
    array_layout_finish(&scene->layout);
}

/* @param covered  part of the taxels under the hand, 0..1
 * @param moving   the hand's pressure goes up and down twice a second, 0..1 of it */
static void play(struct scene *scene, float seconds, float covered, float moving)
{
    size_t n_covered = (size_t)(covered * (float)scene->layout.n_taxels);
    unsigned n_frames = (unsigned)(seconds * scene->layout.rate_hz);
    for (unsigned t = 0; t < n_frames; t++, scene->frame++) {
        float phase = 6.2832F * 2.0F * (float)scene->frame / scene->layout.rate_hz;
        float hand = 60.0F * (1.0F + moving * sinf(phase));
        for (size_t i = 0; i < scene->layout.n_taxels; i++) {
            float value = scene->sigma * normal() + (i < n_covered ? hand : 0.0F);
            if (scene->clipped && value < 0.0F)
                value = 0.0F;
            if (scene->step > 0.0F)
                value = roundf(value / scene->step) * scene->step;
            scene->raw[i] = value;
        }
        lowpass_direct_execute(scene->lowpass, scene->raw, scene->filtered);
        noise_floor_execute(scene->floor, scene->raw, scene->filtered);
    }
}

static const struct sensor_law kpa = {
    .unit = UNIT_COUNTS, .full_scale_counts = 4095.0F, .calibrated = true};

static void test_sigma_within_a_second(void **state)
{
    (void)state;
    static const float rates_hz[] = {44.0F, 200.0F, 500.0F};
    static const uint16_t sides[] = {6, 16, 32};
    for (size_t r = 0; r < 3; r++)
        for (size_t s = 0; s < 3; s++) {
            struct scene scene;
            open_scene(&scene, sides[s], rates_hz[r], kpa);
            scene.sigma = 0.4F;
            assert_true(isnan(noise_floor_sigma_kpa(scene.floor)));
            assert_near(noise_floor_gate_kpa(scene.floor), 0.5, 0.0);
            play(&scene, 1.0F, 0.0F, 0.0F);
            float sigma = noise_floor_sigma_kpa(scene.floor);
            assert_near(sigma, 0.4, 0.08);
            assert_near(noise_floor_gate_kpa(scene.floor), 9.0F * sigma * scene.design.noise_gain,
                        1e-5);
            close_scene(&scene);
        }
}

/* The gate is above all filtered noise, also of values that cannot fall below zero. */
static void test_noise_stays_below_the_gate(void **state)
{
    (void)state;
    for (int clipped = 0; clipped < 2; clipped++) {
        struct scene scene;
        open_scene(&scene, 32, 200.0F, kpa);
        scene.sigma = 0.5F;
        scene.clipped = clipped;
        play(&scene, 1.0F, 0.0F, 0.0F);
        for (int t = 0; t < 1000; t++) {
            play(&scene, 0.005F, 0.0F, 0.0F);
            float gate = noise_floor_gate_kpa(scene.floor);
            assert_true(gate <= 5.0F);
            for (size_t i = 0; i < scene.layout.n_taxels; i++)
                assert_true(scene.filtered[i] < gate);
        }
        close_scene(&scene);
    }
}

static void test_hands_do_not_lift_the_gate(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 16, 200.0F, kpa);
    scene.sigma = 0.2F;
    play(&scene, 2.0F, 0.6F, 0.0F); /* held from the start */
    float held = noise_floor_gate_kpa(scene.floor);
    play(&scene, 10.0F, 0.6F, 0.8F); /* and moving */
    float moving = noise_floor_gate_kpa(scene.floor);
    play(&scene, 2.0F, 0.0F, 0.0F);
    float idle = noise_floor_gate_kpa(scene.floor);
    assert_near(held, idle, 0.2F * idle);
    assert_near(moving, idle, 0.2F * idle);
    close_scene(&scene);
}

/* A stroke over the whole array for two seconds: the gate may rise, by its slow way only. */
static void test_slow_to_rise_quick_to_fall(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 6, 200.0F, kpa);
    scene.sigma = 0.25F;
    play(&scene, 2.0F, 0.0F, 0.0F);
    float before = noise_floor_gate_kpa(scene.floor);
    play(&scene, 1.0F, 1.0F, 1.0F);
    assert_true(noise_floor_gate_kpa(scene.floor) < 1.7F * before);
    play(&scene, 1.5F, 0.0F, 0.0F);
    assert_near(noise_floor_gate_kpa(scene.floor), before, 0.3F * before);
    close_scene(&scene);
}

/* Whole numbers 0..256 as in many recordings: 2.5 counts, and a little more when they flicker. */
static void test_recordings_of_small_integers(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 6, 44.0F,
               (struct sensor_law){.circuit = SENSOR_LINEAR, .full_scale_counts = 256.0F});
    scene.step = 100.0F / 256.0F;
    play(&scene, 3.0F, 0.0F, 0.0F);
    assert_near(noise_floor_gate_kpa(scene.floor), 1.0, 0.0); /* 1 % of full scale */
    scene.sigma = 0.5F * scene.step; /* flickers between neighbouring counts */
    play(&scene, 6.0F, 0.0F, 0.0F);
    float gate = noise_floor_gate_kpa(scene.floor);
    assert_true(gate > 1.0F && gate < 2.0F);
    close_scene(&scene);
}

/* Where 2.5 counts are more than 1 % of full scale, they are the gate. */
static void test_recordings_of_coarse_steps(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 6, 44.0F,
               (struct sensor_law){.circuit = SENSOR_LINEAR, .full_scale_counts = 100.0F});
    scene.step = 1.0F;
    play(&scene, 3.0F, 0.0F, 0.0F);
    assert_near(noise_floor_gate_kpa(scene.floor), 2.5, 1e-5);
    close_scene(&scene);
}

/* The virtual table: 2.5 counts of 4095 at 450 kPa full scale, clipped at zero. */
static void test_virtual_table(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 32, 200.0F, kpa);
    scene.step = 450.0F / 4095.0F;
    scene.sigma = 2.5F * scene.step;
    scene.clipped = true;
    play(&scene, 2.0F, 0.0F, 0.0F);
    float gate = noise_floor_gate_kpa(scene.floor);
    assert_true(gate >= 0.5F && gate < 1.0F);
    close_scene(&scene);
}

static void test_reset_and_limits(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 16, 200.0F, kpa);
    scene.sigma = 50.0F;
    play(&scene, 1.0F, 0.0F, 0.0F);
    assert_near(noise_floor_gate_kpa(scene.floor), 5.0, 0.0);
    noise_floor_reset(scene.floor);
    assert_near(noise_floor_gate_kpa(scene.floor), 0.5, 0.0);
    close_scene(&scene);
    noise_floor_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sigma_within_a_second),
        cmocka_unit_test(test_noise_stays_below_the_gate),
        cmocka_unit_test(test_hands_do_not_lift_the_gate),
        cmocka_unit_test(test_slow_to_rise_quick_to_fall),
        cmocka_unit_test(test_recordings_of_small_integers),
        cmocka_unit_test(test_recordings_of_coarse_steps),
        cmocka_unit_test(test_virtual_table),
        cmocka_unit_test(test_reset_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

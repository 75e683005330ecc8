/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Creep against its own law in closed form: a sensor that follows the logarithm exactly. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signal/calibration.h"
#include "signal/creep.h"
#include "unit/assert_near.h"

enum { SIDE = 8, N = SIDE * SIDE, RATE_HZ = 100 };

static const double exponent = 0.9, rise = 0.04, reference_s = 5.0;

struct scene {
    struct array_layout layout;
    struct calibration *calibration;
    struct creep *creep;
    float read[N];
    double time_s;
};

static void open_scene(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    assert_int_equal(array_layout_init(&scene->layout, SIDE, SIDE, 10, 10, RATE_HZ), THENAR_OK);
    scene->layout.sensor = (struct sensor_law){.unit = UNIT_COUNTS,
                                               .circuit = SENSOR_TRANSIMPEDANCE,
                                               .full_scale_counts = 65535,
                                               .reference_ohm = 1000,
                                               .calibrated = true,
                                               .conductance_100kpa_us = 300,
                                               .exponent = (float)exponent,
                                               .creep = {.pct_decade = (float)(100 * rise),
                                                         .reference_s = (float)reference_s,
                                                         .onset_s = 0.5F,
                                                         .limit_s = 120}};
    assert_int_equal(calibration_create(&scene->calibration, &scene->layout), THENAR_OK);
    assert_int_equal(creep_create(&scene->creep, &scene->layout), THENAR_OK);
}

static void close_scene(struct scene *scene)
{
    creep_destroy(scene->creep);
    calibration_destroy(scene->calibration);
    array_layout_finish(&scene->layout);
}

/* A frame in which every taxel carries `kpa` and its conductance is `excess` more. */
static void press(struct scene *scene, double kpa, double excess)
{
    uint16_t counts[N];
    unsigned n_saturated;
    double g_us = 300.0 * pow(kpa / 100.0, exponent) * (1.0 + excess);
    for (size_t i = 0; i < N; i++)
        counts[i] = (uint16_t)lround(65535.0 * g_us * 1e-6 * 1000.0);
    calibration_execute_counts(scene->calibration, counts, scene->read, &n_saturated);
    creep_execute(scene->creep, scene->read, scene->time_s, scene->calibration);
    scene->time_s += 1.0 / RATE_HZ;
}

static double excess_at(double held_s)
{
    return rise * log10(fmax(held_s, 0.5) / reference_s);
}

/* 300 s at constant load: within 3 % all the way, and within 0.5 % where it was measured. */
static void a_hold_reads_constant(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    for (int t = 0; t < 300 * RATE_HZ; t++) {
        double held_s = (double)t / RATE_HZ;
        press(&scene, 80.0, excess_at(held_s));
        if (held_s < 0.5)
            continue;
        double allowed = held_s < 120 ? 0.005 : 0.03;
        for (size_t i = 0; i < N; i++)
            assert_near((double)scene.read[i] / 80.0, 1.0, allowed);
    }
    close_scene(&scene);
}

/* What was taken off can be put on again: the uncorrected value is the sensor's own. */
static void it_can_be_undone(void **state)
{
    (void)state;
    struct scene scene;
    struct creep_undone undone;
    open_scene(&scene);
    for (int t = 0; t < 60 * RATE_HZ; t++)
        press(&scene, 80.0, excess_at((double)t / RATE_HZ));
    float kept[N];
    press(&scene, 80.0, excess_at(60));
    memcpy(kept, scene.read, sizeof kept);
    creep_undo(kept, scene.layout.cell_mm2, N, 0.5F, scene.calibration, &undone);
    double plain_kpa = 80.0 * pow(1.0 + excess_at(60), 1.0 / exponent);
    assert_near((double)undone.peak_kpa / plain_kpa, 1.0, 2e-3);
    assert_near((double)undone.force_n, plain_kpa * 0.1 * N, 2e-3 * plain_kpa * 0.1 * N);
    assert_true((double)undone.peak_kpa > 1.03 * (double)kept[0]);
    close_scene(&scene);
}

/* After the release it is forgotten as slowly as it came; after hours it is as new. */
static void a_release_is_forgotten_slowly(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    press(&scene, 0.0, 0.0);
    double fresh = (double)calibration_factors(scene.calibration)[0];
    for (int t = 0; t < 60 * RATE_HZ; t++)
        press(&scene, 80.0, 0.0);
    double held = (double)calibration_factors(scene.calibration)[0];
    for (int t = 0; t < 2 * RATE_HZ; t++)
        press(&scene, 0.0, 0.0);
    double soon = (double)calibration_factors(scene.calibration)[0];
    for (int t = 0; t < 60 * RATE_HZ; t++)
        press(&scene, 0.0, 0.0);
    double later = (double)calibration_factors(scene.calibration)[0];
    assert_true(held < soon && soon < later && later < fresh);
    for (int hour = 0; hour < 6; hour++) {
        scene.time_s += 3600;
        for (int t = 0; t < RATE_HZ; t++)
            press(&scene, 0.0, 0.0);
    }
    assert_near((double)calibration_factors(scene.calibration)[0], fresh, 1e-6);
    close_scene(&scene);
}

/* Its course does not hang on how often it is looked at: a pause of a minute is a minute. */
static void a_gap_counts_as_time(void **state)
{
    (void)state;
    struct scene whole, torn;
    open_scene(&whole);
    open_scene(&torn);
    for (int t = 0; t < 100 * RATE_HZ; t++) {
        press(&whole, 80.0, 0.0);
        if (t < 20 * RATE_HZ || t >= 80 * RATE_HZ)
            press(&torn, 80.0, 0.0);
        else
            torn.time_s += 1.0 / RATE_HZ;
    }
    assert_near((double)torn.read[5] / (double)whole.read[5], 1.0, 5e-4);
    close_scene(&whole);
    close_scene(&torn);
}

static void what_is_not_known_is_not_corrected(void **state)
{
    (void)state;
    struct array_layout layout;
    struct creep *creep;
    assert_int_equal(array_layout_init(&layout, 4, 4, 10, 10, 100), THENAR_OK);
    layout.sensor = (struct sensor_law){.unit = UNIT_COUNTS, .calibrated = true, .exponent = 0.9F};
    assert_int_equal(creep_create(&creep, &layout), THENAR_ERR_ABSENT);
    layout.sensor.creep =
        (struct sensor_creep){.pct_decade = 3, .reference_s = 0, .onset_s = 1, .limit_s = 60};
    assert_int_equal(creep_create(&creep, &layout), THENAR_ERR_ARGUMENT);
    layout.sensor.creep.reference_s = NAN;
    assert_int_equal(creep_create(&creep, &layout), THENAR_ERR_ARGUMENT);
    assert_null(creep);
    creep_destroy(NULL);
    array_layout_finish(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_reads_constant),
        cmocka_unit_test(it_can_be_undone),
        cmocka_unit_test(a_release_is_forgotten_slowly),
        cmocka_unit_test(a_gap_counts_as_time),
        cmocka_unit_test(what_is_not_known_is_not_corrected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/assert_near.h"

#include "signal/calibration.h"

enum { N_TAXELS = 35 }; /* 5 x 7: no multiple of any vector */

static struct array_layout grid(struct sensor_law law)
{
    struct array_layout layout;
    assert_int_equal(array_layout_init(&layout, 5, 7, 10.0F, 10.0F, 200.0F), THENAR_OK);
    layout.sensor = law;
    return layout;
}

static struct calibration *make(const struct array_layout *layout)
{
    struct calibration *calibration;
    assert_int_equal(calibration_create(&calibration, layout), THENAR_OK);
    return calibration;
}

static const struct sensor_law divider = {.unit = UNIT_COUNTS,
                                          .circuit = SENSOR_DIVIDER,
                                          .full_scale_counts = 4095.0F,
                                          .reference_ohm = 10000.0F,
                                          .calibrated = true,
                                          .conductance_100kpa_us = 60.0F,
                                          .exponent = 0.9F};

/* Pressure of taxel 0, of gain 1, at these counts. */
static float pressure_at(struct sensor_law law, uint16_t counts, float gain)
{
    struct array_layout layout = grid(law);
    layout.gain[0] = gain;
    struct calibration *calibration = make(&layout);
    uint16_t frame[N_TAXELS] = {counts};
    float pressure[N_TAXELS];
    unsigned n_saturated;
    calibration_execute_counts(calibration, frame, pressure, &n_saturated);
    assert_int_equal(n_saturated, counts >= law.full_scale_counts);
    calibration_destroy(calibration);
    array_layout_finish(&layout);
    return pressure[0];
}

/* The worked example of LINK.md, section 5. */
static void test_example_of_the_link(void **state)
{
    (void)state;
    struct sensor_law transimpedance = divider;
    transimpedance.circuit = SENSOR_TRANSIMPEDANCE;
    assert_near(pressure_at(divider, 1234, 1.0F), 69.30, 0.01);
    assert_near(pressure_at(divider, 1234, 1.1F), 62.33, 0.01);
    assert_near(pressure_at(transimpedance, 1234, 1.0F), 46.52, 0.01);
}

static void test_relative_reaches_full_scale(void **state)
{
    (void)state;
    for (int circuit = SENSOR_DIVIDER; circuit <= SENSOR_LINEAR; circuit++) {
        struct sensor_law law = {.circuit = (enum sensor_circuit)circuit,
                                 .full_scale_counts = 1023.0F};
        float before = -1.0F;
        for (uint16_t c = 0; c <= 1023; c++) {
            float p = pressure_at(law, c, 1.0F);
            assert_true(p > before);
            before = p;
        }
        assert_near(pressure_at(law, 0, 1.0F), 0.0, 0.0);
        assert_near(before, RELATIVE_FULL_SCALE, 1e-4);
    }
}

static void test_relative_laws(void **state)
{
    (void)state;
    struct sensor_law law = {.circuit = SENSOR_TRANSIMPEDANCE, .full_scale_counts = 1000.0F};
    assert_near(pressure_at(law, 250, 1.0F), 25.0, 1e-5);
    assert_near(pressure_at(law, 250, 2.0F), 12.5, 1e-5);
    law.circuit = SENSOR_LINEAR;
    assert_near(pressure_at(law, 250, 1.0F), 25.0, 1e-5);
    law.circuit = SENSOR_DIVIDER; /* 100 g / (17 + g) at G R = g: half scale is g = 1 */
    assert_near(pressure_at(law, 500, 1.0F), 100.0 / 18.0, 1e-5);
    assert_near(pressure_at(law, 750, 1.0F), 300.0 / 20.0, 1e-5);
}

static void test_full_scale_is_saturated_and_finite(void **state)
{
    (void)state;
    float below = pressure_at(divider, 4094, 1.0F);
    assert_true(isfinite(below));
    assert_near(pressure_at(divider, 4095, 1.0F), below, 0.0);
    assert_near(pressure_at(divider, 65535, 1.0F), below, 0.0);
}

static void test_missing_taxels(void **state)
{
    (void)state;
    struct array_layout layout = grid(divider);
    layout.exists[3] = layout.exists[34] = false;
    struct calibration *calibration = make(&layout);
    uint16_t counts[N_TAXELS];
    float pressure[N_TAXELS];
    unsigned n_saturated;
    for (size_t i = 0; i < N_TAXELS; i++)
        counts[i] = 4095;
    calibration_execute_counts(calibration, counts, pressure, &n_saturated);
    assert_int_equal(n_saturated, N_TAXELS - 2);
    assert_near(pressure[3], 0.0, 0.0);
    assert_near(pressure[34], 0.0, 0.0);
    calibration_tare(calibration, pressure);
    calibration_execute_counts(calibration, counts, pressure, &n_saturated);
    for (size_t i = 0; i < N_TAXELS; i++)
        assert_near(pressure[i], 0.0, 0.0);
    calibration_destroy(calibration);
    array_layout_finish(&layout);
}

static void test_tares_add_up(void **state)
{
    (void)state;
    struct array_layout layout =
        grid((struct sensor_law){.circuit = SENSOR_TRANSIMPEDANCE, .full_scale_counts = 1000.0F});
    struct calibration *calibration = make(&layout);
    uint16_t low[N_TAXELS], high[N_TAXELS];
    float pressure[N_TAXELS];
    unsigned n_saturated;
    for (size_t i = 0; i < N_TAXELS; i++) {
        low[i] = (uint16_t)(10 + i);
        high[i] = (uint16_t)(500 + i);
    }
    calibration_execute_counts(calibration, low, pressure, &n_saturated);
    calibration_tare(calibration, pressure);
    calibration_execute_counts(calibration, high, pressure, &n_saturated);
    for (size_t i = 0; i < N_TAXELS; i++)
        assert_near(pressure[i], 49.0, 1e-4);
    calibration_tare(calibration, pressure);
    calibration_execute_counts(calibration, high, pressure, &n_saturated);
    for (size_t i = 0; i < N_TAXELS; i++)
        assert_near(pressure[i], 0.0, 1e-5);
    calibration_destroy(calibration);
    array_layout_finish(&layout);
}

static void test_samples_in_kpa_and_newton(void **state)
{
    (void)state;
    const float samples[N_TAXELS] = {12.5F, -3.0F, NAN, INFINITY, -INFINITY, 2e6F, 1.0F};
    const float kpa[7] = {12.5F, -3.0F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F};
    for (int newton = 0; newton < 2; newton++) {
        struct array_layout layout = grid((struct sensor_law){.unit = newton ? UNIT_N : UNIT_KPA});
        layout.sensing_mm2[6] = 50.0F; /* 1 N on 50 mm^2 is 20 kPa; 100 mm^2 elsewhere */
        struct calibration *calibration = make(&layout);
        float pressure[N_TAXELS];
        unsigned n_saturated;
        calibration_execute_samples(calibration, samples, pressure, &n_saturated);
        assert_int_equal(n_saturated, 0);
        for (size_t i = 0; i < 6; i++)
            assert_near(pressure[i], newton ? 10.0F * kpa[i] : kpa[i], 1e-5);
        assert_near(pressure[6], newton ? 20.0F : 1.0F, 1e-5);
        calibration_destroy(calibration);
        array_layout_finish(&layout);
    }
}

static void test_samples_in_counts(void **state)
{
    (void)state;
    struct array_layout layout =
        grid((struct sensor_law){.circuit = SENSOR_LINEAR, .full_scale_counts = 256.0F});
    struct calibration *calibration = make(&layout);
    const float samples[N_TAXELS] = {0.0F, 64.0F, 100.5F, 255.9F, 256.0F, 300.0F, -2.0F, NAN};
    const float wanted[8] = {
        0.0F, 25.0F, 100.0F * 100.5F / 256.0F, 100.0F * 255.9F / 256.0F, 100.0F, 100.0F,
        0.0F, 0.0F};
    float pressure[N_TAXELS];
    unsigned n_saturated;
    calibration_execute_samples(calibration, samples, pressure, &n_saturated);
    assert_int_equal(n_saturated, 2);
    for (size_t i = 0; i < 8; i++)
        assert_near(pressure[i], wanted[i], 1e-4);
    calibration_destroy(calibration);
    array_layout_finish(&layout);
}

static void test_kernels_agree(void **state)
{
    (void)state;
    struct array_layout layout = grid(divider);
    for (size_t i = 0; i < N_TAXELS; i++)
        layout.gain[i] = 0.8F + 0.01F * (float)i;
    struct calibration *calibration = make(&layout);
    uint16_t counts[N_TAXELS];
    float samples[N_TAXELS], first[2][N_TAXELS], other[2][N_TAXELS];
    unsigned n_first, n_other, random = 7;
    calibration_set_kernel(calibration, SIGNAL_KERNEL_BASE);
    for (size_t i = 0; i < N_TAXELS; i++) {
        random = random * 1664525U + 1013904223U;
        counts[i] = (uint16_t)(random >> 20);
        samples[i] = (float)counts[i];
    }
    calibration_execute_samples(calibration, samples, first[1], &n_first);
    calibration_execute_counts(calibration, counts, first[0], &n_first);
    assert_memory_equal(first[0], first[1], sizeof first[0]);
    calibration_tare(calibration, first[0]);
    counts[0] = 4095;
    calibration_execute_counts(calibration, counts, first[0], &n_first);
    for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
        calibration_set_kernel(calibration, (enum signal_kernel)k);
        calibration_execute_counts(calibration, counts, other[0], &n_other);
        assert_memory_equal(first[0], other[0], sizeof first[0]);
        assert_int_equal(n_first, n_other);
    }
    calibration_destroy(calibration);
    array_layout_finish(&layout);
}

static void test_bad_laws(void **state)
{
    (void)state;
    struct sensor_law bad[] = {divider, divider, divider, divider, divider, divider};
    bad[0].full_scale_counts = 0.0F;
    bad[1].full_scale_counts = 1e6F;
    bad[2].reference_ohm = 0.0F;
    bad[3].conductance_100kpa_us = NAN;
    bad[4].exponent = -1.0F;
    bad[5].full_scale_counts = INFINITY;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct array_layout layout = grid(bad[i]);
        struct calibration *calibration;
        assert_int_equal(calibration_create(&calibration, &layout), THENAR_ERR_ARGUMENT);
        assert_null(calibration);
        array_layout_finish(&layout);
    }
    calibration_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example_of_the_link),
        cmocka_unit_test(test_relative_reaches_full_scale),
        cmocka_unit_test(test_relative_laws),
        cmocka_unit_test(test_full_scale_is_saturated_and_finite),
        cmocka_unit_test(test_missing_taxels),
        cmocka_unit_test(test_tares_add_up),
        cmocka_unit_test(test_samples_in_kpa_and_newton),
        cmocka_unit_test(test_samples_in_counts),
        cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_bad_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

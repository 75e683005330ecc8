/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spline against power laws and a monotone curve; what a calibration does to a layout, and on
 * which layouts it must not be used. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "unit/assert_near.h"
#include "sensor_spline.h"
#include "signal/sensor_calibration.h"

static struct sensor_spline power_spline(double g100_us, double exponent)
{
    static const double kpa[] = {10, 30, 60, 120, 300};
    struct sensor_spline spline = {.n_knots = 5};
    for (unsigned k = 0; k < 5; k++) {
        spline.pressure_kpa[k] = (float)kpa[k];
        spline.conductance_us[k] = (float)(g100_us * pow(kpa[k] / 100.0, exponent));
    }
    return spline;
}

static void test_spline_of_a_power_law_is_that_law(void **state)
{
    (void)state;
    struct sensor_spline spline = power_spline(600, 0.8);
    assert_true(sensor_spline_is_good(&spline));
    for (int k = 0; k < 29; k++) {
        double kpa = 0.5 * pow(1.3, k);
        double us = 600 * pow(kpa / 100.0, 0.8);
        assert_near(sensor_spline_pressure_kpa(&spline, us) / kpa, 1.0, 2e-6);
        assert_near(sensor_spline_conductance_us(&spline, kpa) / us, 1.0, 2e-6);
    }
    assert_true(sensor_spline_pressure_kpa(&spline, 0) == 0.0);
    assert_true(sensor_spline_conductance_us(&spline, -1) == 0.0);
}

static void test_spline_is_monotone_through_its_knots_and_invertible(void **state)
{
    (void)state;
    struct sensor_spline spline = {.n_knots = 6,
                                   .conductance_us = {10, 11, 60, 65, 400, 900},
                                   .pressure_kpa = {5, 20, 21, 80, 90, 300}};
    assert_true(sensor_spline_is_good(&spline));
    double last = 0;
    for (int k = 0; k < 760; k++) {
        double us = pow(1.01, k);
        double kpa = sensor_spline_pressure_kpa(&spline, us);
        assert_true(kpa > last);
        assert_near(sensor_spline_conductance_us(&spline, kpa) / us, 1.0, 1e-9);
        last = kpa;
    }
    for (unsigned k = 0; k < 6; k++)
        assert_near(sensor_spline_pressure_kpa(&spline, (double)spline.conductance_us[k]) /
                        (double)spline.pressure_kpa[k],
                    1.0, 1e-6);
}

static void test_spline_refuses_rows_that_do_not_rise(void **state)
{
    (void)state;
    struct sensor_spline spline = power_spline(600, 0.8);
    spline.pressure_kpa[2] = spline.pressure_kpa[1];
    assert_false(sensor_spline_is_good(&spline));
    spline = power_spline(600, 0.8);
    spline.conductance_us[0] = NAN;
    assert_false(sensor_spline_is_good(&spline));
    spline = power_spline(600, 0.8);
    spline.n_knots = SENSOR_KNOTS_MAX + 1;
    assert_false(sensor_spline_is_good(&spline));
}

static void make(struct sensor_calibration *calibration, struct array_layout *layout)
{
    assert_int_equal(sensor_calibration_init(calibration, 4, 4), THENAR_OK);
    assert_int_equal(array_layout_init(layout, 4, 4, 10, 10, 100), THENAR_OK);
    layout->sensor = (struct sensor_law){
        .circuit = SENSOR_TRANSIMPEDANCE, .full_scale_counts = 4095, .reference_ohm = 1000};
    calibration->law = layout->sensor;
    calibration->law.calibrated = true;
    calibration->law.conductance_100kpa_us = 300;
    calibration->law.exponent = 0.9F;
    for (size_t i = 0; i < 16; i++) {
        calibration->gain[i] = 0.9F + 0.01F * (float)i;
        calibration->mark[i] = TAXEL_GOOD;
    }
    calibration->mark[3] = TAXEL_DEAD;
    (void)snprintf(calibration->identity.expires, CALIBRATION_DATE_BYTES, "2027-11-21");
}

static void test_applied_the_layout_is_in_kpa_with_each_gain(void **state)
{
    (void)state;
    struct sensor_calibration calibration;
    struct array_layout layout;
    struct thenar_error error = {0};
    make(&calibration, &layout);
    assert_false(array_layout_is_kpa(&layout));
    assert_int_equal(sensor_calibration_apply(&calibration, &layout, &error), THENAR_OK);
    assert_true(array_layout_is_kpa(&layout));
    assert_true(layout.gain[7] == calibration.gain[7]);
    assert_true(layout.sensor.conductance_100kpa_us == 300.0F);
    assert_int_equal(sensor_calibration_n_marked(&calibration, TAXEL_GOOD), 15);
    assert_int_equal(sensor_calibration_n_marked(&calibration, TAXEL_DEAD), 1);
    array_layout_finish(&layout);
    sensor_calibration_finish(&calibration);
}

static void test_another_front_end_or_array_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        float full_scale_counts, reference_ohm;
        enum sensor_circuit circuit;
        uint16_t n_rows;
        const char *says;
    } cases[] = {
        {1023, 1000, SENSOR_TRANSIMPEDANCE, 4, "full scale of 4095"},
        {4095, 2200, SENSOR_TRANSIMPEDANCE, 4, "1000 ohm and the device has 2200"},
        {4095, 1000, SENSOR_DIVIDER, 4, "transimpedance stage and the device has a voltage"},
        {4095, 1000, SENSOR_TRANSIMPEDANCE, 5, "4 x 4 taxels and the device has 5 x 4"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct sensor_calibration calibration;
        struct array_layout layout, other;
        struct thenar_error error = {0};
        make(&calibration, &layout);
        assert_int_equal(array_layout_init(&other, cases[k].n_rows, 4, 10, 10, 100), THENAR_OK);
        other.sensor = layout.sensor;
        other.sensor.full_scale_counts = cases[k].full_scale_counts;
        other.sensor.reference_ohm = cases[k].reference_ohm;
        other.sensor.circuit = cases[k].circuit;
        assert_int_equal(sensor_calibration_apply(&calibration, &other, &error), THENAR_ERR_VALUE);
        assert_non_null(strstr(error.text, cases[k].says));
        assert_false(other.sensor.calibrated);
        assert_true(other.gain[5] == 1.0F);
        array_layout_finish(&other);
        array_layout_finish(&layout);
        sensor_calibration_finish(&calibration);
    }
}

static void test_expires_on_its_day(void **state)
{
    (void)state;
    struct sensor_calibration calibration = {.identity.expires = "2027-11-21"};
    assert_false(sensor_calibration_is_expired(&calibration, "2027-11-20"));
    assert_true(sensor_calibration_is_expired(&calibration, "2027-11-21"));
    assert_true(sensor_calibration_is_expired(&calibration, "2028-01-01"));
}

static void test_marks_have_names_both_ways(void **state)
{
    (void)state;
    for (unsigned k = 0; k < N_TAXEL_MARKS; k++) {
        enum taxel_mark back = N_TAXEL_MARKS;
        assert_true(taxel_mark_of(taxel_mark_name((enum taxel_mark)k), &back));
        assert_int_equal(back, k);
    }
    enum taxel_mark mark;
    assert_false(taxel_mark_of("fine", &mark));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spline_of_a_power_law_is_that_law),
        cmocka_unit_test(test_spline_is_monotone_through_its_knots_and_invertible),
        cmocka_unit_test(test_spline_refuses_rows_that_do_not_rise),
        cmocka_unit_test(test_applied_the_layout_is_in_kpa_with_each_gain),
        cmocka_unit_test(test_another_front_end_or_array_is_refused_by_name),
        cmocka_unit_test(test_expires_on_its_day),
        cmocka_unit_test(test_marks_have_names_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

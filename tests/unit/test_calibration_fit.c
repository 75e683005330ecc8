/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bench whose truth is known in closed form: the fit finds it; and everything that can go wrong
 * at a bench is refused by a sentence that names the step and the cure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signal/calibration_fit.h"
#include "signal/calibration_puck.h"
#include "unit/assert_near.h"
#include "unit/calibration_bench.h"

static struct bench bench;
static struct sensor_calibration calibration;
static struct calibration_report report;
static struct thenar_error error;

static int start(void **state)
{
    (void)state;
    bench_init(&bench);
    bench_zero(&bench);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    sensor_calibration_finish(&calibration);
    bench_finish(&bench);
    return 0;
}

static enum thenar_status fit(void)
{
    return calibration_fit(&calibration, &report, &bench.run, &bench.layout, 1.0, &error);
}

static void must_fit(void)
{
    if (fit() != THENAR_OK)
        fail_msg("%s", error.text);
}

static void must_refuse(const char *says)
{
    assert_int_equal(fit(), THENAR_ERR_VALUE);
    if (!strstr(error.text, says))
        fail_msg("'%s' is not in: %s", says, error.text);
}

static const double loads_kpa[] = {10, 25, 60, 120, 200, 300};
static const char *const labels[] = {"10 kPa", "25 kPa", "60 kPa", "120 kPa", "200 kPa", "300 kPa"};

static void put_loads(unsigned from, unsigned to)
{
    for (unsigned k = from; k < to; k++)
        bench_puck(&bench, labels[k], loads_kpa[k], loads_kpa[k]);
}

/* ---- what it finds ---- */

static void finds_a_power_law_and_every_gain(void **state)
{
    (void)state;
    bench_even(&bench, 50, 50);
    put_loads(0, 6);
    must_fit();
    /* The median of the gains is 1 by definition, so the law carries the bench's median. */
    double scale = (double)calibration.law.conductance_100kpa_us / bench_g100_us;
    assert_near(scale, 1.0, 0.02);
    assert_near(calibration.law.exponent, 0.8, 1e-3);
    for (size_t i = 0; i < 144; i++) {
        assert_int_equal(calibration.mark[i], TAXEL_GOOD);
        assert_near((double)calibration.gain[i] * scale / bench_gain(i), 1.0, 2e-3);
    }
    assert_int_equal(calibration.law.spline.n_knots, 0);
    assert_near(calibration.law.uncertainty.fit_pct, 0.0, 0.3);
    assert_near(report.even_pct, 0.0, 0.5);
    assert_near(calibration.low_kpa, 10, 1e-3);
    assert_near(calibration.high_kpa, 300, 1e-3);
    assert_near(report.points[0].x_mm, 15.3, 0.6);
    assert_near(report.points[0].y_mm, -5.2, 0.6);
    assert_true(report.points[0].n_taxels >= 4);
}

static void finds_a_bent_law_by_a_spline(void **state)
{
    (void)state;
    bench.bend = -0.12;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 6);
    must_fit();
    assert_true(calibration.law.spline.n_knots >= 3);
    double scale = (double)report.points[2].conductance_us / bench_conductance_us(&bench, 60);
    for (int k = 0; k < 33; k++) {
        double kpa = 12 * pow(1.1, k);
        double us = scale * bench_conductance_us(&bench, kpa);
        assert_near(sensor_law_pressure_kpa(&calibration.law, us) / kpa, 1.0, 0.02);
    }
    assert_true(report.power_rms_pct > 2.0);
}

static void finds_creep_and_takes_it_out_of_the_law(void **state)
{
    (void)state;
    bench.creep_pct_decade = 4;
    bench_even(&bench, 50, 50);
    for (unsigned k = 0; k < 6; k++) /* stacked: each has been loaded longer than the one before */
        bench_hold(&bench, &(struct bench_load){.kind = HOLD_PUCK,
                                                .label = labels[k],
                                                .kpa = loads_kpa[k],
                                                .said_kpa = loads_kpa[k],
                                                .diameter_mm = 40,
                                                .contact_s = 2 + 10.0 * k,
                                                .hold_s = 8});
    bench_hold(&bench, &(struct bench_load){.kind = HOLD_PUCK,
                                            .label = "long",
                                            .kpa = 120,
                                            .said_kpa = 120,
                                            .diameter_mm = 40,
                                            .contact_s = 2,
                                            .hold_s = 60});
    must_fit();
    assert_near(calibration.law.creep.pct_decade, 4.0, 0.15);
    assert_near(calibration.law.creep.limit_s, 62, 1);
    assert_near(calibration.law.exponent, 0.8, 2e-3);
    assert_near(report.repeat_pct, 0.0, 0.3);
}

static void puts_the_law_a_quarter_of_the_loop_above_the_rising_loads(void **state)
{
    (void)state;
    bench.loop = 0.08;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 6);
    for (unsigned k = 5; k-- > 0;)
        bench_hold(&bench, &(struct bench_load){.kind = HOLD_PUCK,
                                                .label = labels[k],
                                                .kpa = loads_kpa[k],
                                                .said_kpa = loads_kpa[k],
                                                .x_mm = 15.3,
                                                .y_mm = -5.2,
                                                .diameter_mm = 40,
                                                .contact_s = 9.0 + 7.0 * (4 - (int)k),
                                                .hold_s = 6,
                                                .falling = true});
    must_fit();
    assert_near(report.loop_pct, 8.0, 0.5);
    for (unsigned k = 0; k < report.n_points; k++) {
        const struct calibration_point *point = &report.points[k];
        assert_int_equal(point->rising, k < 6);
        assert_near(point->reading_kpa / point->load_kpa, point->rising ? 0.98 : 1.06, 0.01);
    }
    assert_near(calibration.law.uncertainty.hysteresis_pct, 0.433 * report.loop_pct, 0.01);
    assert_near(calibration.law.uncertainty_pct,
                hypot((double)calibration.law.uncertainty.hysteresis_pct,
                      hypot(1.0, (double)calibration.law.uncertainty.fit_pct)),
                0.05);
}

static void marks_dead_and_stuck_taxels_and_goes_on(void **state)
{
    (void)state;
    bench.dead = 77;
    bench.stuck = 20;
    bench.stuck_counts = 3000;
    bench_finish(&bench);
    struct bench copy = bench;
    bench_init(&bench);
    bench.dead = copy.dead;
    bench.stuck = copy.stuck;
    bench.stuck_counts = copy.stuck_counts;
    bench_zero(&bench);
    bench_even(&bench, 50, 50);
    put_loads(0, 6);
    must_fit();
    assert_int_equal(calibration.mark[77], TAXEL_DEAD);
    assert_int_equal(calibration.mark[20], TAXEL_STUCK);
    assert_true(calibration.gain[20] == 1.0F);
    assert_int_equal(sensor_calibration_n_marked(&calibration, TAXEL_GOOD), 142);
    bool named = false;
    for (unsigned k = 0; k < report.n_warnings; k++)
        named = named || strstr(report.warnings[k], "1 taxel are stuck") ||
                strstr(report.warnings[k], "row 1 col 8");
    assert_true(named);
}

static void leaves_out_a_load_at_full_scale(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 6);
    bench_puck(&bench, "900 kPa", 900, 900);
    must_fit();
    assert_false(report.points[6].used);
    assert_near(calibration.high_kpa, 300, 1e-3);
    bool told = false;
    for (unsigned k = 0; k < report.n_warnings; k++)
        told = told || strstr(report.warnings[k], "step 9 (900 kPa) is left out");
    assert_true(told);
}

/* ---- what it refuses ---- */

static void refuses_without_zero_even_load_or_weights(void **state)
{
    (void)state;
    put_loads(0, 6);
    must_refuse("no even load");
    sensor_calibration_finish(&calibration);
    calibration_run_finish(&bench.run);
    assert_int_equal(calibration_run_init(&bench.run, 12, 12), THENAR_OK);
    bench_even(&bench, 50, 50);
    put_loads(0, 6);
    must_refuse("no step without load");
    sensor_calibration_finish(&calibration);
    calibration_run_finish(&bench.run);
    assert_int_equal(calibration_run_init(&bench.run, 12, 12), THENAR_OK);
    bench_zero(&bench);
    bench_even(&bench, 50, 50);
    must_refuse("no load of known weight");
}

static void refuses_too_few_steps(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 3);
    must_refuse("too few loads: 3 different weights");
}

static void refuses_too_small_a_span(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(2, 6);
    bench_puck(&bench, "90 kPa", 90, 90);
    must_fit(); /* 60 to 300 is five times */
    sensor_calibration_finish(&calibration);
    bench.run.holds[2].load_kpa = 80; /* the lightest is said to be heavier */
    must_refuse("span too little: 80 to 300 kPa");
}

static void refuses_one_wrong_weight_by_its_name(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 3);
    bench_puck(&bench, "120 kPa", 170, 120); /* the number on it is wrong */
    put_loads(4, 6);
    must_refuse("step 6 (120 kPa) does not fit the others");
    assert_non_null(strstr(error.text, "reads as 1"));
}

static void refuses_two_weights_exchanged(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 2);
    bench_puck(&bench, "60 kPa", 120, 60);
    bench_puck(&bench, "120 kPa", 60, 120);
    put_loads(4, 6);
    must_refuse("step 6 (120 kPa) reads less than step 5 (60 kPa)");
}

static void refuses_all_weights_in_another_unit_by_the_second_reference(void **state)
{
    (void)state;
    bench_even(&bench, 50, 50);
    for (unsigned k = 0; k < 6; k++)
        bench_puck(&bench, labels[k], loads_kpa[k] * 0.4536, loads_kpa[k]); /* pounds */
    must_refuse("two references contradict each other");
    assert_non_null(strstr(error.text, "2.20 times"));
}

static void refuses_gains_on_floating_lines(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN); /* no gauge: nothing else could tell */
    put_loads(0, 6);
    bench.layout.has_sneak_paths = true;
    must_refuse("lines of this front end float");
    bench.layout.has_sneak_paths = false;
}

static void refuses_an_even_load_that_leans(void **state)
{
    (void)state;
    bench.tilt = 0.5;
    bench_even(&bench, 50, 50);
    put_loads(0, 6);
    must_refuse("the right edge reads");
}

static void refuses_an_even_load_that_is_not_there(void **state)
{
    (void)state;
    bench_even(&bench, 0, 50);
    put_loads(0, 6);
    must_refuse("step 2 (even): only 0 of 144 taxels felt the even load");
}

static void refuses_a_zero_that_was_none(void **state)
{
    (void)state;
    bench_even(&bench, 20, 50);
    struct calibration_hold *zero = &bench.run.holds[0];
    for (unsigned b = 0; b < zero->n_bins; b++)
        for (size_t i = 0; i < 144; i++)
            zero->counts[b * 144 + i] = 2000.0F; /* something lay on it */
    must_refuse("reads less with this load than without any");
}

static void refuses_a_load_beside_the_array(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 3);
    bench_puck(&bench, "120 kPa", 0, 120);
    must_refuse("step 6 (120 kPa): nothing pressed on the array");
}

static void refuses_a_puck_over_the_edge(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    bench_hold(&bench, &(struct bench_load){.kind = HOLD_PUCK,
                                            .label = "1 kg",
                                            .kpa = 50,
                                            .said_kpa = 50,
                                            .x_mm = 50,
                                            .diameter_mm = 40,
                                            .contact_s = 2,
                                            .hold_s = 6});
    must_refuse("step 3 (1 kg): the puck hangs");
}

static void refuses_a_puck_that_covers_no_taxel(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    bench_hold(&bench, &(struct bench_load){.kind = HOLD_PUCK,
                                            .label = "1 kg",
                                            .kpa = 50,
                                            .said_kpa = 50,
                                            .x_mm = 0,
                                            .diameter_mm = 18,
                                            .contact_s = 2,
                                            .hold_s = 6});
    must_refuse("no working taxel lay wholly under the puck");
}

static void refuses_a_puck_moved_in_mid_hold(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 2);
    bench.slip_mm = 6;
    put_loads(2, 6);
    must_refuse("step 5 (60 kPa): the puck moved by");
}

static void refuses_a_load_that_changes_in_mid_hold(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 2);
    bench.jump = 0.15;
    put_loads(2, 6);
    must_refuse("step 5 (60 kPa): the load was not steady");
}

static void refuses_a_hand_beside_the_puck(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 6);
    struct calibration_hold *hold = &bench.run.holds[4];
    for (unsigned b = 0; b < hold->n_bins; b++)
        for (size_t i = 0; i < 20; i++)
            hold->counts[b * 144 + i] += 900.0F;
    must_refuse("lies outside the puck (40 mm wide)");
}

static void refuses_falling_loads_below_the_rising_ones(void **state)
{
    (void)state;
    bench.loop = -0.1;
    bench_even(&bench, 50, (double)NAN);
    put_loads(0, 6);
    for (unsigned k = 5; k-- > 0;)
        bench_hold(&bench, &(struct bench_load){.kind = HOLD_PUCK,
                                                .label = labels[k],
                                                .kpa = loads_kpa[k],
                                                .said_kpa = loads_kpa[k],
                                                .diameter_mm = 40,
                                                .contact_s = 9.0 + 7.0 * (4 - (int)k),
                                                .hold_s = 6,
                                                .falling = true});
    must_refuse("on the way down the loads read");
}

static void refuses_an_array_that_hardly_answers(void **state)
{
    (void)state;
    bench_even(&bench, 50, (double)NAN);
    struct calibration_hold *hold = &bench.run.holds[1];
    for (unsigned b = 0; b < hold->n_bins; b++)
        for (size_t i = 0; i < 40; i++)
            hold->counts[b * 144 + i] = 5.0F;
    must_refuse("only 104 of 144 taxels can be used: 40 dead");
}

static void tells_which_puck_to_take(void **state)
{
    (void)state;
    assert_near(puck_least_mm(&bench.layout), 8 * 1.41421 + 4, 1e-3);
    assert_near(puck_easy_mm(&bench.layout), 18 * 1.41421 + 4, 1e-3);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_a_power_law_and_every_gain),
        TEST(finds_a_bent_law_by_a_spline),
        TEST(finds_creep_and_takes_it_out_of_the_law),
        TEST(puts_the_law_a_quarter_of_the_loop_above_the_rising_loads),
        TEST(marks_dead_and_stuck_taxels_and_goes_on),
        TEST(leaves_out_a_load_at_full_scale),
        TEST(refuses_without_zero_even_load_or_weights),
        TEST(refuses_too_few_steps),
        TEST(refuses_too_small_a_span),
        TEST(refuses_one_wrong_weight_by_its_name),
        TEST(refuses_two_weights_exchanged),
        TEST(refuses_all_weights_in_another_unit_by_the_second_reference),
        TEST(refuses_gains_on_floating_lines),
        TEST(refuses_an_even_load_that_leans),
        TEST(refuses_an_even_load_that_is_not_there),
        TEST(refuses_a_zero_that_was_none),
        TEST(refuses_a_load_beside_the_array),
        TEST(refuses_a_puck_over_the_edge),
        TEST(refuses_a_puck_that_covers_no_taxel),
        TEST(refuses_a_puck_moved_in_mid_hold),
        TEST(refuses_a_load_that_changes_in_mid_hold),
        TEST(refuses_a_hand_beside_the_puck),
        TEST(refuses_falling_loads_below_the_rising_ones),
        TEST(refuses_an_array_that_hardly_answers),
        TEST(tells_which_puck_to_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uncertainties against sums done by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "signal/frame_uncertainty.h"
#include "unit/assert_near.h"

/* 25 taxels of 1 cm2 at 40 kPa. */
static const struct frame_features even = {
    .force_n = 100, .peak_kpa = 40, .mean_kpa = 40, .contact_cm2 = 25, .n_touched = 25};

static struct frame_uncertainty find(const struct sensor_law *law, struct frame_features features,
                                     float gate_kpa, float noise_kpa)
{
    struct frame_uncertainty found;
    frame_uncertainty_find(law, &features, gate_kpa, noise_kpa, &found);
    return found;
}

static void shared_parts_add_up_and_own_ones_in_squares(void **state)
{
    (void)state;
    struct sensor_law law = {.unit = UNIT_COUNTS, .calibrated = true};
    law.uncertainty.hysteresis_pct = 3;
    law.uncertainty.reference_pct = 4;
    struct frame_uncertainty u = find(&law, even, 0, NAN);
    assert_near(u.peak_kpa, 2 * 0.05 * 40, 1e-4);
    assert_near(u.mean_kpa, 2 * 0.05 * 40, 1e-4);
    assert_near(u.force_n, 2 * 0.05 * 100, 1e-4);

    law.uncertainty = (struct sensor_uncertainty){.repeatability_pct = 6, .fit_pct = 8};
    u = find(&law, even, 0, NAN);
    assert_near(u.peak_kpa, 2 * 0.10 * 40, 1e-4);
    assert_near(u.force_n, 2 * 0.10 * 100 / 5, 1e-4); /* 25 taxels: a fifth */
    struct frame_features one = even; /* all of it on one taxel: nothing is averaged away */
    one.peak_kpa = 1000;
    u = find(&law, one, 0, NAN);
    assert_near(u.force_n, 2 * 0.10 * 100, 1e-4);
}

static void the_zero_weighs_on_light_touches(void **state)
{
    (void)state;
    struct sensor_law law = {.unit = UNIT_COUNTS, .calibrated = true};
    struct frame_uncertainty u = find(&law, even, 0.6F, NAN);
    assert_near(u.peak_kpa, 2 * 0.6 / sqrt(12), 1e-4);
    assert_near(u.force_n, 2 * 0.6 / sqrt(12) * 0.1 * 25, 1e-4);
    u = find(&law, even, 0, 0.3F);
    assert_near(u.peak_kpa, 2 * 0.3, 1e-4);
    assert_near(u.mean_kpa, 2 * 0.3 / 5, 1e-4);
}

static void a_factory_says_it_in_one_number(void **state)
{
    (void)state;
    struct sensor_law law = {.unit = UNIT_COUNTS, .calibrated = true, .uncertainty_pct = 5};
    assert_near(find(&law, even, 0, NAN).force_n, 10.0, 1e-4);
}

static void what_is_not_known_is_absent(void **state)
{
    (void)state;
    struct sensor_law law = {.unit = UNIT_COUNTS, .uncertainty_pct = 5};
    assert_true(isnan(find(&law, even, 0.5F, NAN).force_n));
    law.calibrated = true;
    struct frame_features full = even;
    full.n_saturated = 1;
    assert_true(isnan(find(&law, full, 0.5F, NAN).peak_kpa));
    law.unit = UNIT_KPA;
    assert_true(isnan(find(&law, even, 0.5F, NAN).mean_kpa));
    law.unit = UNIT_COUNTS;
    struct frame_features nothing = {.cop_x_mm = NAN};
    assert_near(find(&law, nothing, 0.5F, NAN).force_n, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_parts_add_up_and_own_ones_in_squares),
        cmocka_unit_test(the_zero_weighs_on_light_touches),
        cmocka_unit_test(a_factory_says_it_in_one_number),
        cmocka_unit_test(what_is_not_known_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signal/frame_features.h"
#include "unit/assert_near.h"

enum { TAXELS_MAX = 4096 };

static float filtered[TAXELS_MAX], raw[TAXELS_MAX];

static struct frame_features_map *make(struct array_layout *layout, uint16_t n_rows,
                                       uint16_t n_cols)
{
    struct frame_features_map *map;
    assert_int_equal(array_layout_init(layout, n_rows, n_cols, 10.0F, 20.0F, 200.0F), THENAR_OK);
    assert_int_equal(frame_features_create(&map, layout), THENAR_OK);
    memset(filtered, 0, sizeof filtered);
    memset(raw, 0, sizeof raw);
    return map;
}

static void test_nothing_touched(void **state)
{
    (void)state;
    struct array_layout layout;
    struct frame_features_map *map = make(&layout, 6, 6);
    struct frame_features features;
    filtered[7] = 1.0F; /* at the gate is not above it */
    raw[8] = 3.0F;
    frame_features_execute(map, filtered, raw, 1.0F, 2, &features);
    assert_near(features.force_n, 0.0, 0.0);
    assert_near(features.peak_kpa, 0.0, 0.0);
    assert_near(features.peak_raw_kpa, 3.0, 0.0);
    assert_near(features.mean_kpa, 0.0, 0.0);
    assert_near(features.contact_cm2, 0.0, 0.0);
    assert_true(isnan(features.cop_x_mm) && isnan(features.cop_y_mm));
    assert_int_equal(features.n_touched, 0);
    assert_int_equal(features.n_saturated, 2);
    frame_features_destroy(map);
    array_layout_finish(&layout);
}

/* 100 kPa on 200 mm^2 is 20 N; two taxels, at columns 1 and 3 of row 2. */
static void test_known_frame(void **state)
{
    (void)state;
    struct array_layout layout;
    struct frame_features_map *map = make(&layout, 6, 6);
    struct frame_features features;
    filtered[2 * 6 + 1] = 100.0F;
    filtered[2 * 6 + 3] = 50.0F;
    raw[0] = 120.0F;
    frame_features_execute(map, filtered, raw, 1.0F, 0, &features);
    assert_near(features.force_n, 30.0, 1e-5);
    assert_near(features.peak_kpa, 100.0, 0.0);
    assert_near(features.peak_raw_kpa, 120.0, 0.0);
    assert_near(features.mean_kpa, 75.0, 1e-5);
    assert_near(features.contact_cm2, 4.0, 1e-6);
    assert_near(features.cop_x_mm, (100.0 * -15.0 + 50.0 * 5.0) / 150.0, 1e-5);
    assert_near(features.cop_y_mm, -10.0, 1e-5);
    assert_int_equal(features.n_touched, 2);
    frame_features_destroy(map);
    array_layout_finish(&layout);
}

static void test_missing_and_dead_count_for_nothing(void **state)
{
    (void)state;
    struct array_layout layout;
    assert_int_equal(array_layout_init(&layout, 6, 6, 10.0F, 10.0F, 200.0F), THENAR_OK);
    layout.exists[0] = false;
    struct frame_features_map *map;
    assert_int_equal(frame_features_create(&map, &layout), THENAR_OK);
    struct frame_features features;
    bool dead[36] = {false};
    dead[35] = true;
    for (size_t i = 0; i < 36; i++)
        filtered[i] = raw[i] = 10.0F;
    filtered[0] = raw[0] = filtered[35] = raw[35] = 500.0F;
    frame_features_mask(map, dead);
    frame_features_execute(map, filtered, raw, 1.0F, 0, &features);
    assert_int_equal(features.n_touched, 34);
    assert_near(features.peak_kpa, 10.0, 0.0);
    assert_near(features.peak_raw_kpa, 10.0, 0.0);
    assert_near(features.force_n, 34.0, 1e-4);
    dead[35] = false; /* alive again */
    frame_features_mask(map, dead);
    frame_features_execute(map, filtered, raw, 1.0F, 0, &features);
    assert_near(features.peak_kpa, 500.0, 0.0);
    frame_features_destroy(map);
    array_layout_finish(&layout);
}

/* Against sums in double precision, on sizes that fill no vector and on the largest. */
static void test_sums_and_kernels(void **state)
{
    (void)state;
    static const uint16_t sides[] = {1, 2, 3, 6, 15, 16, 17, 32, 64};
    unsigned random = 4711;
    for (size_t s = 0; s < sizeof sides / sizeof *sides; s++) {
        struct array_layout layout;
        struct frame_features_map *map = make(&layout, sides[s], sides[s]);
        double force = 0.0, x = 0.0, y = 0.0;
        unsigned n_touched = 0;
        for (size_t i = 0; i < layout.n_taxels; i++) {
            random = random * 1664525U + 1013904223U;
            filtered[i] = (float)(random >> 8) / 16777216.0F * 300.0F - 50.0F;
            raw[i] = filtered[i] + 1.0F;
            double share = filtered[i] > 2.0F ? (double)filtered[i] * 200.0 : 0.0;
            force += share;
            x += share * (double)layout.x_mm[i];
            y += share * (double)layout.y_mm[i];
            n_touched += filtered[i] > 2.0F;
        }
        struct frame_features first, other;
        memset(&first, 0, sizeof first);
        frame_features_set_kernel(map, SIGNAL_KERNEL_BASE);
        frame_features_execute(map, filtered, raw, 2.0F, 0, &first);
        assert_int_equal(first.n_touched, n_touched);
        assert_near(first.force_n, force * 1e-3, 2e-5 * force * 1e-3);
        if (n_touched > 0) {
            assert_near(first.cop_x_mm, x / force, 2e-3);
            assert_near(first.cop_y_mm, y / force, 2e-3);
        }
        for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
            memset(&other, 0, sizeof other);
            frame_features_set_kernel(map, (enum signal_kernel)k);
            frame_features_execute(map, filtered, raw, 2.0F, 0, &other);
            assert_memory_equal(&first, &other, sizeof first);
        }
        frame_features_destroy(map);
        array_layout_finish(&layout);
    }
    frame_features_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_touched),
        cmocka_unit_test(test_known_frame),
        cmocka_unit_test(test_missing_and_dead_count_for_nothing),
        cmocka_unit_test(test_sums_and_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

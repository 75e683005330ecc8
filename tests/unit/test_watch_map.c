/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "watch_letters.h"
#include "watch_map.h"
#include "watch_scale.h"

static void the_map_keeps_its_proportion(void **state)
{
    (void)state;
    struct watch_map map = {.n_rows = 10, .n_cols = 20};
    watch_map_fit(&map, 200, 100, 80, 80, 1); /* half blocks: square points */
    assert_int_equal(map.width, 80);
    assert_int_equal(map.height, 40);
    watch_map_fit(&map, 200, 100, 80, 20, 1);
    assert_int_equal(map.width, 40);
    assert_int_equal(map.height, 20);
    watch_map_fit(&map, 200, 100, 80, 80, 2); /* whole cells: points twice as high as wide */
    assert_int_equal(map.width, 80);
    assert_int_equal(map.height, 20);
    watch_map_fit(&map, 200, 100, 1, 1, 1);
    assert_true(map.width == 1 && map.height == 1);
    watch_map_fit(&map, 1, 1000, 50, 50, 1); /* a strip is still a point wide */
    assert_true(map.width == 1 && map.height == 50);
}

/* A plane is interpolated without error: between taxels it stays the plane. */
static void a_plane_stays_a_plane(void **state)
{
    (void)state;
    float matrix[4 * 5];
    for (unsigned row = 0; row < 4; row++)
        for (unsigned col = 0; col < 5; col++)
            matrix[row * 5 + col] = 1 + 2 * (float)col + 3 * (float)row;
    struct watch_map map = {matrix, 4, 5, 50, 40};
    for (unsigned y = 5; y < 35; y++) /* inside the outermost taxels' centres */
        for (unsigned x = 5; x < 45; x++) {
            float col = ((float)x + 0.5F) / 10 - 0.5F, row = ((float)y + 0.5F) / 10 - 0.5F;
            assert_true(fabsf(watch_map_point(&map, x, y) - (1 + 2 * col + 3 * row)) < 1e-4F);
        }
    assert_true(watch_map_point(&map, 0, 0) == 1); /* outside, the nearest */
    assert_true(watch_map_point(&map, 49, 39) == matrix[19]);
}

static void no_peak_is_lost_in_a_small_map(void **state)
{
    (void)state;
    for (unsigned at = 0; at < 32 * 32; at += 37) {
        float matrix[32 * 32] = {0};
        matrix[at] = 50;
        for (unsigned size = 1; size < 32; size += 5) {
            struct watch_map map = {matrix, 32, 32, size, size};
            float largest = 0;
            for (unsigned y = 0; y < size; y++)
                for (unsigned x = 0; x < size; x++)
                    largest = fmaxf(largest, watch_map_point(&map, x, y));
            assert_true(largest == 50);
        }
    }
}

static void where_no_taxel_is_there_is_nothing(void **state)
{
    (void)state;
    float matrix[] = {1, NAN, 1, 1};
    struct watch_map map = {matrix, 2, 2, 20, 20};
    assert_true(isnan(watch_map_point(&map, 19, 0)));
    assert_true(isnan(watch_map_point(&map, 12, 5)));
    assert_true(watch_map_point(&map, 0, 19) == 1);
    assert_true(watch_map_point(&map, 8, 8) == 1); /* the missing one has no weight */
    float none[] = {NAN, NAN, NAN, NAN};
    struct watch_map small = {none, 2, 2, 1, 1};
    assert_true(isnan(watch_map_point(&small, 0, 0)));
}

static void scales_go_by_steps(void **state)
{
    (void)state;
    assert_true(watch_scale_step(0, 10) == 10);
    assert_true(watch_scale_step(NAN, 10) == 10);
    assert_true(watch_scale_step(10, 1) == 10);
    assert_true(watch_scale_step(10.5F, 1) == 15);
    assert_true(watch_scale_step(61, 10) == 80);
    assert_true(watch_scale_step(99, 10) == 100);
    assert_true(fabsf(watch_scale_step(0.43F, 0.1F) - 0.5F) < 1e-6F);
    for (float value = 0.011F; value < 5000; value *= 1.01F) {
        float step = watch_scale_step(value, 0.01F);
        assert_true(step >= value * 0.9999F && step <= value * 1.67F);
    }
}

static void scales_rise_at_once_and_fall_when_calm(void **state)
{
    (void)state;
    struct watch_scale scale;
    watch_scale_init(&scale, 10);
    assert_true(watch_scale_execute(&scale, 5, 0) == 10);
    assert_true(watch_scale_execute(&scale, 45, 1) == 50);
    double now_s = 1;
    for (; now_s < 1 + WATCH_SCALE_CALM_S; now_s += 0.5)
        assert_true(watch_scale_execute(&scale, 12, now_s) == 50);
    bool fell = false;
    for (; now_s < 2 + 3 * WATCH_SCALE_CALM_S; now_s += 0.5)
        fell = watch_scale_execute(&scale, 12, now_s) == 15 || fell;
    assert_true(fell);
    assert_true(watch_scale_execute(&scale, 0, now_s) == 15);
    for (int i = 0; i < 1000; i++, now_s += 0.5) /* a pace about the end never makes it swing */
        assert_true(watch_scale_execute(&scale, i % 4 ? 2 : 14, now_s) == 15);
}

static void letters_are_drawn(void **state)
{
    (void)state;
    for (char letter = 'a'; letter <= 'z'; letter++) {
        int n_lit = 0;
        for (int y = -1; y <= LETTER_HEIGHT; y++)
            for (int x = -1; x <= LETTER_WIDTH; x++)
                n_lit += watch_letter_point(letter, x, y);
        assert_in_range(n_lit, 6, 13);
    }
    assert_false(watch_letter_point(' ', 1, 1));
    assert_true(watch_letter_point('l', 0, 0) && watch_letter_point('l', 2, 4));
    assert_false(watch_letter_point('l', 1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_map_keeps_its_proportion),
        cmocka_unit_test(a_plane_stays_a_plane),
        cmocka_unit_test(no_peak_is_lost_in_a_small_map),
        cmocka_unit_test(where_no_taxel_is_there_is_nothing),
        cmocka_unit_test(scales_go_by_steps),
        cmocka_unit_test(scales_rise_at_once_and_fall_when_calm),
        cmocka_unit_test(letters_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

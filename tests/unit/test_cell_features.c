/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "technique/cell_features.h"
#include "unit/assert_near.h"

enum { SIDE = 8, TAXELS_MAX = 1024 };

static const double hz = 2.0, turn = 2.0 * 3.14159265358979;
static const float pitch_mm = 15.0F;

/* What a place of the image does: row and column of a 15 mm grid. */
typedef double course(unsigned row, unsigned col, double t_s);

static double all_together(unsigned row, unsigned col, double t_s)
{
    (void)row;
    return col < 6 ? 20.0 + (8.0 + col) * sin(turn * hz * t_s) : 0.0;
}

/* Two cells 105 mm apart; the second is a quarter of a cycle behind. */
static double one_after_the_other(unsigned row, unsigned col, double t_s)
{
    if (row != 3 || (col > 0 && col < 7))
        return 0;
    return 10.0 + 5.0 * sin(turn * (hz * t_s - (col == 7 ? 0.25 : 0.0)));
}

static double untouched(unsigned row, unsigned col, double t_s)
{
    (void)row;
    (void)col;
    (void)t_s;
    return 0;
}

/* The features after `length_s` on an array whose taxels are `parts` times finer each way. */
static void watch(course *what, unsigned parts, float rate_hz, double length_s, float *out)
{
    static float pressure[TAXELS_MAX];
    struct array_layout layout;
    struct cell_history *history;
    struct cell_features_maker *maker;
    uint16_t side = (uint16_t)(SIDE * parts);
    float fine_mm = pitch_mm / (float)parts;
    assert_int_equal(array_layout_init(&layout, side, side, fine_mm, fine_mm, rate_hz), THENAR_OK);
    assert_int_equal(cell_history_create(&history, &layout), THENAR_OK);
    assert_int_equal(cell_features_create(&maker, history), THENAR_OK);
    for (unsigned i = 0; i < (unsigned)(length_s * (double)rate_hz); i++) {
        for (unsigned k = 0; k < (unsigned)side * side; k++)
            pressure[k] = (float)what(k / side / parts, k % side / parts, i / (double)rate_hz);
        cell_history_push(history, pressure);
    }
    cell_features_execute(maker, history, out);
    cell_features_destroy(maker);
    cell_history_destroy(history);
    array_layout_finish(&layout);
}

static void test_what_swells_together_is_alike_everywhere(void **state)
{
    (void)state;
    float f[N_CELL_FEATURES];
    watch(all_together, 1, 50, 2.2, f);
    for (unsigned band = 0; band < CELL_BANDS; band++) {
        assert_near(f[CELL_ALIKE + band], 1, 0.01);
        assert_near(f[CELL_ALIKE_DEVIATION + band], 0, 0.01);
        assert_near(f[CELL_ALIKE_LEAST + band], 1, 0.01);
        /* 0.1 s at 2 Hz is a fifth of a cycle */
        assert_near(f[CELL_FOLLOWS + CELL_BANDS + band], cos(turn / 5), 0.03);
        assert_near(f[CELL_LEADS + CELL_BANDS + band], 0, 0.01);
    }
    assert_near(f[CELL_VARYING], log10(48 * 2.25 + 1), 0.001);
    assert_near(f[CELL_IMAGE + PART_SHARE], 0, 0.01);
    assert_near(f[CELL_IMAGE + PART_SHARE + 1], -3, 0.05);
    assert_near(f[CELL_IMAGE + PART_MANY], log10(1.1), 0.01);
    assert_near(f[CELL_IMAGE + PART_COURSE], 0, 0.02);
    assert_near(f[CELL_CHANGE + PART_SHARE], 0, 0.01);
}

static void test_two_cells_alone_say_nothing(void **state)
{
    (void)state;
    float f[N_CELL_FEATURES];
    watch(one_after_the_other, 1, 50, 2.2, f);
    assert_near(f[CELL_VARYING], log10(2 * 2.25 + 1), 0.001);
    for (unsigned i = 0; i < N_CELL_FEATURES; i++)
        assert_true(i == CELL_VARYING || isnan(f[i]));
}

/* Three rows of them. */
static double rows_one_after_the_other(unsigned row, unsigned col, double t_s)
{
    return row >= 2 && row <= 4 ? one_after_the_other(3, col, t_s) : 0.0;
}

static void test_a_quarter_cycle_behind(void **state)
{
    (void)state;
    float f[N_CELL_FEATURES];
    watch(rows_one_after_the_other, 1, 50, 2.2, f);
    const unsigned far_band = CELL_BANDS - 1;
    assert_near(f[CELL_ALIKE], 1, 0.01); /* the cell beside */
    assert_near(f[CELL_ALIKE + far_band], 0, 0.02);
    /* x1(t + lag) x2(t) is sin(lag), and the other way round -sin(lag); the 1.9 s that are left of
     * the window are no whole number of cycles, whence the tolerance */
    assert_near(f[CELL_FOLLOWS + CELL_BANDS + far_band], sin(turn / 5), 0.06);
    assert_near(f[CELL_LEADS + CELL_BANDS + far_band], 2 * sin(turn / 5), 0.12);
    assert_near(f[CELL_LEADS + CELL_BANDS], 0, 0.02);
    assert_near(f[CELL_IMAGE + PART_SHARE], log10(0.5), 0.02);
    assert_near(f[CELL_IMAGE + PART_SHARE + 1], log10(0.5), 0.02);
    assert_near(f[CELL_IMAGE + PART_SHARE + 2], -3, 0.1);
    assert_near(f[CELL_IMAGE + PART_MANY], log10(2.1), 0.01);
}

static void test_a_finer_and_faster_array_says_the_same(void **state)
{
    (void)state;
    float coarse[N_CELL_FEATURES], fine[N_CELL_FEATURES];
    watch(rows_one_after_the_other, 1, 45, 2.2, coarse);
    watch(rows_one_after_the_other, 3, 180, 2.2, fine);
    for (unsigned i = 0; i < CELL_IMAGE + PART_COURSE; i++) {
        assert_int_equal(isnan(coarse[i]), isnan(fine[i]));
        if (!isnan(coarse[i]))
            assert_near(coarse[i], fine[i], 0.05);
    }
}

static void test_what_a_window_cannot_tell(void **state)
{
    (void)state;
    float f[N_CELL_FEATURES];
    watch(all_together, 1, 50, 0.2, f);
    for (unsigned i = 0; i < N_CELL_FEATURES; i++)
        assert_true(isnan(f[i]));
    watch(untouched, 1, 50, 2.2, f);
    assert_near(f[CELL_VARYING], 0, 1e-6);
    assert_true(isnan(f[CELL_ALIKE]));
    assert_true(isnan(f[CELL_IMAGE]));
}

static void test_the_history_joins_taxels_and_frames(void **state)
{
    (void)state;
    struct array_layout layout;
    struct cell_history *history;
    float pressure[15] = {0};
    /* 7 mm: two taxels make a cell; 90 frames/s: two make a sample. */
    assert_int_equal(array_layout_init(&layout, 3, 5, 7, 7, 90), THENAR_OK);
    assert_int_equal(cell_history_create(&history, &layout), THENAR_OK);
    assert_int_equal(cell_history_n_cells(history), 6);
    assert_near(cell_history_rate_hz(history), 45, 1e-3);
    assert_near(cell_history_cell_cm2(history), 1.96, 1e-4);
    float x_mm, y_mm;
    cell_history_place(history, 5, &x_mm, &y_mm);
    assert_near(x_mm, 28, 1e-3);
    assert_near(y_mm, 14, 1e-3);
    for (unsigned frame = 0; frame < 400; frame++) {
        pressure[0] = pressure[6] = (float)frame; /* two of the first cell's four */
        pressure[14] = 4;                         /* the corner, one of one */
        cell_history_push(history, pressure);
    }
    assert_int_equal(cell_history_n(history), (size_t)(CELL_HISTORY_S * 45));
    size_t last = cell_history_n(history) - 1;
    assert_near(cell_history_sample(history, last)[0], 0.5 * 398.5, 1e-3);
    assert_near(cell_history_sample(history, last - 1)[0], 0.5 * 396.5, 1e-3);
    assert_near(cell_history_sample(history, 0)[0], 0.5 * (398.5 - 2 * (double)last), 1e-3);
    assert_near(cell_history_sample(history, last)[5], 1, 1e-5);
    cell_history_keep(history, 1.0);
    assert_int_equal(cell_history_n(history), 45);
    assert_near(cell_history_sample(history, 44)[0], 0.5 * 398.5, 1e-3);
    cell_history_reset(history);
    assert_int_equal(cell_history_n(history), 0);
    cell_history_destroy(history);
    cell_history_destroy(NULL);
    array_layout_finish(&layout);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(cell_feature_name(0), "alike");
    assert_string_equal(cell_feature_name(CELL_LEADS + 3), "leads");
    assert_string_equal(cell_feature_name(CELL_IMAGE - 1), "varying");
    assert_string_equal(cell_feature_name(N_CELL_FEATURES - 1), "change");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_swells_together_is_alike_everywhere),
        cmocka_unit_test(test_two_cells_alone_say_nothing),
        cmocka_unit_test(test_a_quarter_cycle_behind),
        cmocka_unit_test(test_a_finer_and_faster_array_says_the_same),
        cmocka_unit_test(test_what_a_window_cannot_tell),
        cmocka_unit_test(test_the_history_joins_taxels_and_frames),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs against a plain loop over each row, for widths on both sides of a vector, of a word of bits
 * and of two; sums against the same in double precision; and the kernels against each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signal/taxel_runs.h"
#include "unit/assert_near.h"

enum { TAXELS_MAX = 4096 };

static const float level = 1.0F;
static const struct size {
    uint16_t n_rows, n_cols;
} sizes[] = {{1, 1},  {2, 3},   {1, 7},   {1, 8},    {3, 5},   {16, 16}, {9, 17}, {32, 32},
             {7, 63}, {64, 64}, {31, 65}, {20, 127}, {8, 128}, {5, 200}, {2, 700}};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

static float pressure[TAXELS_MAX + 1];
static struct taxel_run found[TAXELS_MAX], expected[TAXELS_MAX];
static struct run_sums sums[TAXELS_MAX], sums_base[TAXELS_MAX];
static uint32_t seed;

static uint32_t draw(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % n;
}

/* Runs of any length; some taxels just at the level, which is not above it. */
static void press(size_t n_taxels, uint32_t longest)
{
    size_t i = 0;
    while (i < n_taxels) {
        size_t n_above = draw(longest + 1), n_below = 1 + draw(longest);
        for (; n_above > 0 && i < n_taxels; n_above--)
            pressure[i++] = level + 0.25F * (float)(1 + draw(400));
        for (; n_below > 0 && i < n_taxels; n_below--)
            pressure[i++] = draw(2) ? level : -0.5F;
    }
    pressure[n_taxels] = 1e9F; /* beyond the array: nobody may look */
}

static size_t expect(const struct array_layout *layout)
{
    size_t n = 0;
    for (uint32_t row = 0; row < layout->n_rows; row++) {
        bool inside = false;
        for (uint32_t i = row * layout->n_cols; i < (row + 1U) * layout->n_cols; i++) {
            bool above = pressure[i] > level;
            if (above && !inside)
                expected[n++] = (struct taxel_run){i, i, row};
            else if (above)
                expected[n - 1].last = i;
            inside = above;
        }
    }
    return n;
}

static void assert_sums(const struct array_layout *layout, const struct taxel_run *run,
                        const struct run_sums *s)
{
    double w = 0, wx = 0, wy = 0, wxx = 0, wyy = 0, wxy = 0, cell = 0, peak = 0;
    for (uint32_t i = run->first; i <= run->last; i++) {
        double x = (double)layout->x_mm[i], y = (double)layout->y_mm[i];
        double f = (double)pressure[i] * (double)layout->cell_mm2[i];
        w += f;
        wx += f * x;
        wy += f * y;
        wxx += f * x * x;
        wyy += f * y * y;
        wxy += f * x * y;
        cell += (double)layout->cell_mm2[i];
        peak = (double)pressure[i] > peak ? (double)pressure[i] : peak;
    }
    double reach = 4000.0, part = 2e-6 * w; /* x and y stay below 4 m here */
    assert_near(s->w, w, part);
    assert_near(s->wx, wx, part * reach);
    assert_near(s->wy, wy, part * reach);
    assert_near(s->wxx, wxx, part * reach * reach);
    assert_near(s->wyy, wyy, part * reach * reach);
    assert_near(s->wxy, wxy, part * reach * reach);
    assert_near(s->cell_mm2, cell, 2e-6 * cell);
    assert_near(s->peak, peak, 0.0);
}

static void check_frame(const struct array_layout *layout, struct taxel_runs *runs)
{
    size_t n_expected = expect(layout);
    assert_true(n_expected <= taxel_runs_most(layout));
    for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
        taxel_runs_set_kernel(runs, (enum signal_kernel)k);
        assert_int_equal(taxel_runs_find(runs, pressure, level, found, sums), n_expected);
        assert_memory_equal(found, expected, n_expected * sizeof found[0]);
        if (k == SIGNAL_KERNEL_BASE) {
            memcpy(sums_base, sums, n_expected * sizeof sums[0]);
            for (size_t i = 0; i < n_expected; i++)
                assert_sums(layout, &found[i], &sums[i]);
        } else {
            assert_memory_equal(sums, sums_base, n_expected * sizeof sums[0]);
        }
    }
}

static void test_against_plain_loops(void **state)
{
    (void)state;
    seed = 1;
    for (size_t k = 0; k < N_SIZES; k++) {
        struct array_layout layout;
        struct taxel_runs *runs;
        assert_int_equal(
            array_layout_init(&layout, sizes[k].n_rows, sizes[k].n_cols, 10.0F, 7.0F, 200.0F),
            THENAR_OK);
        for (size_t i = 0; i < layout.n_taxels; i++)
            layout.cell_mm2[i] = 50.0F + (float)draw(40);
        assert_int_equal(taxel_runs_create(&runs, &layout), THENAR_OK);
        for (uint32_t longest = 1; longest <= 256; longest *= 2)
            for (int turn = 0; turn < 4; turn++) {
                press(layout.n_taxels, longest);
                check_frame(&layout, runs);
            }
        taxel_runs_destroy(runs);
        array_layout_finish(&layout);
    }
}

/* All touched, none touched, every other one: the ends of what there can be. */
static void test_extremes(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_SIZES; k++) {
        struct array_layout layout;
        struct taxel_runs *runs;
        assert_int_equal(
            array_layout_init(&layout, sizes[k].n_rows, sizes[k].n_cols, 10.0F, 7.0F, 200.0F),
            THENAR_OK);
        assert_int_equal(taxel_runs_create(&runs, &layout), THENAR_OK);
        for (size_t step = 1; step <= 3; step++) {
            for (size_t i = 0; i < layout.n_taxels; i++)
                pressure[i] = step < 3 && i % layout.n_cols % step == 0 ? 2.0F : 0.0F;
            pressure[layout.n_taxels] = 1e9F;
            check_frame(&layout, runs);
            size_t n = taxel_runs_find(runs, pressure, level, found, sums);
            assert_int_equal(n, step == 1   ? layout.n_rows
                                : step == 2 ? taxel_runs_most(&layout)
                                            : 0);
        }
        taxel_runs_destroy(runs);
        array_layout_finish(&layout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_plain_loops),
        cmocka_unit_test(test_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

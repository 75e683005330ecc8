/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "array_layout.h"

static void a_grid_is_centred(void **state)
{
    (void)state;
    struct array_layout layout;
    assert_int_equal(array_layout_init(&layout, 3, 4, 10, 20, 100), THENAR_OK);
    assert_int_equal(layout.n_taxels, 12);
    assert_true(layout.x_mm[0] == -15 && layout.y_mm[0] == -20);
    assert_true(layout.x_mm[11] == 15 && layout.y_mm[11] == 20);
    assert_true(layout.cell_mm2[5] == 200 && layout.gain[5] == 1 && layout.exists[5]);

    struct array_layout copy;
    assert_int_equal(array_layout_copy(&copy, &layout), THENAR_OK);
    layout.x_mm[0] = 99;
    assert_true(copy.x_mm[0] == -15);
    array_layout_finish(&layout);
    array_layout_finish(&layout);
    array_layout_finish(&copy);
}

static void impossible_grids_are_refused(void **state)
{
    (void)state;
    struct array_layout layout;
    assert_int_equal(array_layout_init(&layout, 0, 4, 10, 10, 100), THENAR_ERR_ARGUMENT);
    assert_int_equal(array_layout_init(&layout, 65, 64, 10, 10, 100), THENAR_ERR_ARGUMENT);
    assert_int_equal(array_layout_init(&layout, 4, 4, 0, 10, 100), THENAR_ERR_ARGUMENT);
    assert_int_equal(array_layout_init(&layout, 4, 4, 10, -1, 100), THENAR_ERR_ARGUMENT);
    assert_int_equal(array_layout_init(&layout, 4, 4, 10, 10, 0), THENAR_ERR_ARGUMENT);
    array_layout_finish(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_is_centred),
        cmocka_unit_test(impossible_grids_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

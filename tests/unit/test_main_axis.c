/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "technique/main_axis.h"

enum { N = 200 };

/* An ellipse of half axes 9 and 2, turned: along the axis it reaches 9, across it 2. */
static void test_an_ellipse_lies_along_its_long_axis(void **state)
{
    (void)state;
    for (float turn = -1.5F; turn < 1.6F; turn += 0.3F) {
        float x[N], y[N], along = 0, across = 0;
        for (int i = 0; i < N; i++) {
            float phase = 6.2831853F * (float)i / N, a = 9 * cosf(phase), b = 2 * sinf(phase);
            x[i] = a * cosf(turn) - b * sinf(turn);
            y[i] = a * sinf(turn) + b * cosf(turn);
        }
        main_axis_turn(x, y, N);
        for (int i = 0; i < N; i++) {
            along = fmaxf(along, fabsf(x[i]));
            across = fmaxf(across, fabsf(y[i]));
        }
        assert_float_equal(along, 9, 1e-3);
        assert_float_equal(across, 2, 1e-3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_an_ellipse_lies_along_its_long_axis)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "signal/denormals.h"

static void test_denormals_are_flushed(void **state)
{
    (void)state;
    volatile float smallest = FLT_MIN, half = 0.5F, denormal = smallest * half;
    assert_true(denormal > 0.0F);
    denormals_flush_to_zero();
    denormals_flush_to_zero();
#if defined(__x86_64__)
    volatile float flushed = smallest * half, taken = denormal * 1e30F;
    assert_true(flushed <= 0.0F); /* made no denormal */
    assert_true(taken <= 0.0F);   /* took none */
#endif
    assert_true(smallest * 2.0F > smallest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_denormals_are_flushed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

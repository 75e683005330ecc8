/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ramp in each signal: what is read must go on evenly wherever the ring happens to begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "technique/history.h"
#include "unit/assert_near.h"

enum { RATE_HZ = 50, N_FRAMES = 10007, OUT_MAX = 256 };

static float out[OUT_MAX];

/* Groups of `stride` samples of a ramp: their means stand `stride` apart, the last one half a group
 * before the last sample. Times on the history's own grid may lag by one frame. */
static void assert_ramp(const struct history *history, enum history_signal signal, size_t stride,
                        double last)
{
    size_t n = history_n(history) / stride;
    n = n < OUT_MAX ? n : OUT_MAX;
    history_read(history, signal, stride, n, out);
    for (size_t i = 1; i < n; i++)
        assert_near(out[i] - out[i - 1], stride, 0.01);
    assert_near(out[n - 1], last - 0.5 - 0.5 * ((double)stride - 1), 0.51);
}

static void test_a_ramp_round_the_ring(void **state)
{
    (void)state;
    static const size_t strides[] = {1, 2, 3, 7, 10, 16};
    struct history *history;
    assert_int_equal(history_create(&history, RATE_HZ), THENAR_OK);
    for (unsigned frame = 0; frame < N_FRAMES; frame++) {
        float values[N_SIGNALS];
        for (unsigned k = 0; k < N_SIGNALS; k++)
            values[k] = (float)frame + 100.0F * (float)k;
        history_push(history, (double)frame / RATE_HZ, values);
        if (frame < 64 || frame % 13)
            continue;
        for (size_t i = 0; i < sizeof strides / sizeof strides[0]; i++) {
            enum history_signal signal = (enum history_signal)(frame % N_SIGNALS);
            assert_ramp(history, signal, strides[i],
                        (double)frame + 100.0 * (double)(frame % N_SIGNALS));
        }
    }
    history_destroy(history);
}

static void test_what_is_forgotten_is_not_read(void **state)
{
    (void)state;
    struct history *history;
    float values[N_SIGNALS] = {0};
    assert_int_equal(history_create(&history, RATE_HZ), THENAR_OK);
    for (unsigned frame = 0; frame < 500; frame++)
        history_push(history, (double)frame / RATE_HZ, values);
    history_keep(history, 60);
    assert_int_equal(history_n(history), 500);
    history_keep(history, 0.301);
    assert_int_equal(history_n(history), 15);
    history_keep(history, -1);
    assert_int_equal(history_n(history), 0);
    history_push(history, 10, values);
    assert_int_equal(history_n(history), 1);
    history_destroy(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_ramp_round_the_ring),
                                       cmocka_unit_test(test_what_is_forgotten_is_not_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "device/frame_ledger.h"

static const double INTERVAL_S = 0.005;

static struct frame_ledger ledger;
static struct frame_hole holes[HOLES_MAX];
static unsigned n_holes;

static enum frame_verdict enter(uint32_t sequence, uint32_t n_dropped, uint64_t n_bad,
                                double device_s)
{
    struct source_frame frame = {
        .sequence = sequence, .n_dropped = n_dropped, .device_s = device_s};
    return frame_ledger_enter(&ledger, &frame, INTERVAL_S, n_bad, (int64_t)(device_s * 1e9), false,
                              holes, &n_holes);
}

static int set_up(void **state)
{
    (void)state;
    frame_ledger_init(&ledger);
    return 0;
}

static void test_a_whole_sequence_has_no_hole(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t sequence = 0xfffffe00u + i; /* it wraps */
        assert_int_equal(enter(sequence, 0, 0, i * INTERVAL_S), FRAME_NEXT);
        assert_int_equal(n_holes, 0);
    }
    assert_int_equal(ledger.n_frames, 1000);
    assert_int_equal(ledger.n_holes, 0);
}

static void test_dropped_on_the_device(void **state)
{
    (void)state;
    (void)enter(10, 5, 0, 1.0);
    assert_int_equal(enter(14, 8, 0, 1.020), FRAME_NEXT);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].side, LOSS_DEVICE);
    assert_int_equal(holes[0].n_frames, 3);
    assert_int_equal(holes[0].from, 10);
    assert_int_equal(holes[0].to, 14);
    assert_float_equal((float)holes[0].lost_s, 0.015F, 1e-6F);
    assert_int_equal(ledger.lost[LOSS_DEVICE], 3);
}

static void test_damaged_on_the_link(void **state)
{
    (void)state;
    (void)enter(10, 5, 7, 1.0);
    assert_int_equal(enter(12, 5, 8, 1.010), FRAME_NEXT);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].side, LOSS_LINK);
    assert_int_equal(holes[0].n_frames, 1);
    assert_int_equal(holes[0].n_bad_messages, 1);
}

static void test_both_sides_share_a_hole(void **state)
{
    (void)state;
    (void)enter(100, 0, 0, 1.0);
    (void)enter(111, 4, 2, 1.055);
    assert_int_equal(n_holes, 2);
    assert_int_equal(holes[0].side, LOSS_DEVICE);
    assert_int_equal(holes[0].n_frames, 4);
    assert_int_equal(holes[1].side, LOSS_LINK);
    assert_int_equal(holes[1].n_frames, 6);
    assert_int_equal(ledger.lost[LOSS_DEVICE] + ledger.lost[LOSS_LINK], 10);
}

/* The device's own count may run ahead of what the sequence lacks so far. */
static void test_no_more_is_lost_than_is_missing(void **state)
{
    (void)state;
    (void)enter(100, 0, 0, 1.0);
    (void)enter(102, 50, 0, 1.010);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].n_frames, 1);
}

static void test_a_repeated_frame_is_not_used(void **state)
{
    (void)state;
    (void)enter(100, 0, 0, 1.0);
    assert_int_equal(enter(100, 0, 0, 1.0), FRAME_REPEATED);
    assert_int_equal(n_holes, 0);
    assert_int_equal(ledger.n_frames, 1);
    assert_int_equal(enter(101, 0, 0, 1.005), FRAME_NEXT);
    assert_int_equal(n_holes, 0);
}

static void test_a_reset_is_a_hole_that_nobody_can_count(void **state)
{
    (void)state;
    (void)enter(5000, 3, 0, 25.0);
    assert_int_equal(enter(0, 0, 0, 0.1), FRAME_RESTART);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].side, LOSS_SOURCE);
    assert_int_equal(holes[0].n_frames, 0);
    assert_int_equal(enter(1, 0, 0, 0.105), FRAME_NEXT);
    assert_int_equal(n_holes, 0);
}

static void test_a_device_that_was_away_counts_anew(void **state)
{
    (void)state;
    (void)enter(5000, 0, 0, 25.0);
    frame_ledger_away(&ledger);
    assert_int_equal(enter(0, 0, 0, 27.0), FRAME_NEXT); /* its clock ran on */
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].side, LOSS_SOURCE);
    assert_int_equal(holes[0].n_frames, 0);
    assert_float_equal((float)holes[0].lost_s, 1.995F, 1e-4F);
    frame_ledger_init(&ledger);
    (void)enter(5, 0, 0, 1.0);
    frame_ledger_away(&ledger);
    (void)enter(900, 0, 0, 9.0); /* higher by chance: still not to be counted */
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].n_frames, 0);
}

static void test_a_recordings_hole_is_its_own(void **state)
{
    (void)state;
    struct source_frame frame = {.sequence = 0};
    (void)frame_ledger_enter(&ledger, &frame, INTERVAL_S, 0, 0, true, holes, &n_holes);
    frame.sequence = 41;
    frame.device_s = 41 * INTERVAL_S;
    assert_int_equal(frame_ledger_enter(&ledger, &frame, INTERVAL_S, 0, 0, true, holes, &n_holes),
                     FRAME_NEXT);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].side, LOSS_SOURCE);
    assert_int_equal(holes[0].n_frames, 40);
    assert_int_equal(holes[0].cause, HOLE_RECORDING);
}

/* Frames that were never sent: the hole says why. */
static void test_a_hole_at_the_source_has_a_cause(void **state)
{
    (void)state;
    struct source_frame frame = {.sequence = 500, .device_s = 10};
    (void)frame_ledger_enter(&ledger, &frame, INTERVAL_S, 0, 0, false, holes, &n_holes);
    frame = (struct source_frame){.sequence = 0, .device_s = 12}; /* a command stopped it */
    (void)frame_ledger_enter(&ledger, &frame, INTERVAL_S, 0, 0, false, holes, &n_holes);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].cause, HOLE_PAUSE);
    frame_ledger_away(&ledger);
    frame = (struct source_frame){.sequence = 5, .device_s = 20};
    (void)frame_ledger_enter(&ledger, &frame, INTERVAL_S, 0, 0, false, holes, &n_holes);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].cause, HOLE_AWAY);
    frame = (struct source_frame){.sequence = 0, .device_s = 1};
    (void)frame_ledger_enter(&ledger, &frame, INTERVAL_S, 0, 0, false, holes, &n_holes);
    assert_int_equal(n_holes, 1);
    assert_int_equal(holes[0].cause, HOLE_RESTART);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_whole_sequence_has_no_hole, set_up),
        cmocka_unit_test_setup(test_dropped_on_the_device, set_up),
        cmocka_unit_test_setup(test_damaged_on_the_link, set_up),
        cmocka_unit_test_setup(test_both_sides_share_a_hole, set_up),
        cmocka_unit_test_setup(test_no_more_is_lost_than_is_missing, set_up),
        cmocka_unit_test_setup(test_a_repeated_frame_is_not_used, set_up),
        cmocka_unit_test_setup(test_a_reset_is_a_hole_that_nobody_can_count, set_up),
        cmocka_unit_test_setup(test_a_device_that_was_away_counts_anew, set_up),
        cmocka_unit_test_setup(test_a_recordings_hole_is_its_own, set_up),
        cmocka_unit_test_setup(test_a_hole_at_the_source_has_a_cause, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

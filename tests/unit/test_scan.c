/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/scan.h"

static struct scan scan;

/* Every existing taxel once, and no other. */
static void check_covers(const struct board *board)
{
    static uint8_t seen[BOARD_MAX_TAXELS];
    memset(seen, 0, sizeof seen);
    scan_init(&scan, board, 1000000);
    for (uint16_t step = 0; step < scan.n_steps; step++)
        seen[scan.order[step].row * board->n_cols + scan.order[step].col]++;
    for (uint16_t row = 0; row < board->n_rows; row++)
        for (uint16_t col = 0; col < board->n_cols; col++) {
            struct thenar_taxel taxel;
            assert_int_equal(seen[row * board->n_cols + col], board_taxel(board, row, col, &taxel));
        }
}

static void test_order_covers_every_taxel_once(void **state)
{
    (void)state;
    check_covers(&board_table32);
    assert_int_equal(scan.n_steps, 1024);
    check_covers(&board_glove16);
    assert_in_range(scan.n_steps, 140, 190);
    struct board odd = board_table32;
    odd.n_rows = 3;
    odd.n_cols = 5; /* does not divide among two inputs */
    check_covers(&odd);
    assert_int_equal(scan.n_steps, 15);
}

static void test_converter_inputs_take_turns(void **state)
{
    (void)state;
    scan_init(&scan, &board_table32, 1000000);
    for (uint16_t step = 0; step + 1 < scan.n_steps; step++)
        assert_int_not_equal(scan.order[step].col / 16, scan.order[step + 1].col / 16);
    for (uint16_t step = 0; step < scan.n_steps; step++)
        assert_int_equal(scan.order[step].row, step / 32);
}

/* Start of the n-th scan is the n-th multiple of the exact period, rounded down. */
static void test_pace_is_exact_for_ever(void **state)
{
    (void)state;
    static const uint32_t rates_mhz[] = {200000, 47382, 1, 999999, 333333, 7};
    for (size_t i = 0; i < sizeof rates_mhz / sizeof rates_mhz[0]; i++) {
        struct scan_pace pace;
        scan_pace_init(&pace, 1000000, rates_mhz[i], 12345);
        for (uint64_t n = 0; n < 100000; n++) {
            assert_true(pace.due_ticks == 12345 + n * 1000000000ULL / rates_mhz[i]);
            scan_pace_step(&pace);
        }
    }
}

static void run_scan(uint16_t counts, uint64_t start_ticks, uint16_t n_late)
{
    scan_begin(&scan, start_ticks, true);
    for (uint16_t step = 0; step < scan.n_steps; step++)
        scan_put(&scan, counts, start_ticks + (step + 1U) * 4U + (step < n_late ? 30U : 0U));
    scan_end(&scan, start_ticks + scan.n_steps * 4U);
}

static void test_hand_over(void **state)
{
    (void)state;
    scan_init(&scan, &board_table32, 1000000);
    scan_start(&scan, 200000, 1000);
    assert_null(scan_take(&scan));
    run_scan(7, 1000, 0);
    const struct scan_record *record = scan_take(&scan);
    assert_non_null(record);
    assert_int_equal(record->sequence, 0);
    assert_true(record->start_ticks == 1000);
    assert_int_equal(record->scan_ticks, 4096);
    assert_int_equal(record->n_late, 0);
    assert_true(record->trigger);
    for (int i = 0; i < 1024; i++)
        assert_int_equal(record->counts[i], 7);

    /* While the core holds it the next one is lost, and this one stays as it was. */
    run_scan(8, 6000, 0);
    assert_int_equal(record->counts[1023], 7);
    scan_release(&scan);
    assert_null(scan_take(&scan));
    run_scan(9, 11000, 0);
    record = scan_take(&scan);
    assert_int_equal(record->sequence, 2);
    assert_int_equal(record->n_lost, 1);
    assert_int_equal(record->counts[0], 9);
    assert_int_equal(atomic_load(&scan.n_scans), 3);
    assert_int_equal(atomic_load(&scan.n_overruns), 0);
}

static void test_late_steps_are_counted(void **state)
{
    (void)state;
    scan_init(&scan, &board_table32, 1000000);
    scan_start(&scan, 200000, 0);
    run_scan(1, 0, 17);
    assert_int_equal(scan_take(&scan)->n_late, 17);
}

static void test_scans_that_begin_late(void **state)
{
    (void)state;
    scan_init(&scan, &board_table32, 1000000);
    scan_start(&scan, 200000, 0);
    run_scan(1, 100, 0); /* within an eighth of 5000 */
    assert_int_equal(atomic_load(&scan.n_overruns), 0);
    assert_true(scan.pace.due_ticks == 5000);
    run_scan(1, 6000, 0); /* late, but the next one keeps its time */
    assert_int_equal(atomic_load(&scan.n_overruns), 1);
    assert_true(scan.pace.due_ticks == 10000);
    run_scan(1, 31000, 0); /* whole scans missed: they are not made up for */
    assert_int_equal(atomic_load(&scan.n_overruns), 2);
    assert_true(scan.pace.due_ticks == 36000);
}

static void test_rate_changes_with_the_next_scan(void **state)
{
    (void)state;
    scan_init(&scan, &board_table32, 1000000);
    scan_start(&scan, 200000, 0);
    run_scan(1, 0, 0);
    scan_set_rate(&scan, 100000);
    assert_true(scan.pace.due_ticks == 5000);
    run_scan(1, 5000, 0);
    assert_true(scan.pace.due_ticks == 15000);
    run_scan(1, 15000, 0);
    assert_true(scan.pace.due_ticks == 25000);
    assert_int_equal(scan.sequence, 3);
}

static void test_glove_has_no_two_taxels_in_one_place(void **state)
{
    (void)state;
    const struct board *board = &board_glove16;
    for (uint16_t a = 0; a < 256; a++)
        for (uint16_t b = 0; b < a; b++) {
            struct thenar_taxel first, second;
            if (!board_taxel(board, a / 16, a % 16, &first) ||
                !board_taxel(board, b / 16, b % 16, &second))
                continue;
            int64_t dx = first.x_um - second.x_um, dy = first.y_um - second.y_um;
            assert_true(dx * dx + dy * dy >= 4000LL * 4000LL);
            assert_in_range(first.x_um + 120000, 0, 240000); /* within a hand */
            assert_in_range(first.y_um + 120000, 0, 240000);
        }
}

static void test_grid_places(void **state)
{
    (void)state;
    struct thenar_taxel taxel;
    assert_true(board_taxel(&board_table32, 0, 31, &taxel));
    assert_int_equal(taxel.x_um, 232500);
    assert_int_equal(taxel.y_um, -232500);
    assert_int_equal(taxel.sensing_um2, 144000000);
    assert_int_equal(taxel.gain_q14, 16384);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_covers_every_taxel_once),
        cmocka_unit_test(test_converter_inputs_take_turns),
        cmocka_unit_test(test_pace_is_exact_for_ever),
        cmocka_unit_test(test_hand_over),
        cmocka_unit_test(test_late_steps_are_counted),
        cmocka_unit_test(test_scans_that_begin_late),
        cmocka_unit_test(test_rate_changes_with_the_next_scan),
        cmocka_unit_test(test_glove_has_no_two_taxels_in_one_place),
        cmocka_unit_test(test_grid_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

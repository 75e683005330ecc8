/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The RP2040's plan of a scan, followed by a simulation of the pins: each taxel is converted once,
 * while its row and its column are selected and have been for the settle time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/scan.h"
#include "scan_plan.h"

static struct scan scan;
static struct scan_plan plan;

static bool lay_out(const struct board *board)
{
    scan_init(&scan, board, 1000000);
    return scan_plan_init(&plan, board, scan.order, scan.n_steps);
}

static unsigned address(uint32_t pins, const uint8_t *list, uint8_t n_list)
{
    unsigned value = 0;
    for (unsigned i = 0; i < n_list; i++)
        value |= (pins >> list[i] & 1U) << i;
    return value;
}

/* What the pins select for one converter input: -1 nothing, else row * n_cols + column. */
static int selected(const struct board *board, uint32_t pins, unsigned input)
{
    const struct board_wiring *wiring = &board->wiring;
    if (!(pins >> wiring->row_enable_pin & 1U))
        return -1;
    unsigned per_input = (board->n_cols + board->n_adc_inputs - 1U) / board->n_adc_inputs;
    unsigned row = address(pins, wiring->row_pins, wiring->n_row_pins);
    unsigned col = input * per_input + address(pins, wiring->col_pins[input], wiring->n_col_pins);
    return (int)(row * board->n_cols + col);
}

static void follow(const struct board *board)
{
    static uint8_t n_read[BOARD_MAX_TAXELS];
    memset(n_read, 0, sizeof n_read);
    assert_true(lay_out(board));
    uint32_t pins = plan.first_pins, per_slot = (uint32_t)(plan.n_skipped + plan.n_taken);
    int64_t begins_ns = plan.settle_ns;              /* of the slot's first conversion */
    int64_t since_ns[BOARD_MAX_ADC_INPUTS] = {0, 0}; /* when the selection became what it is */
    unsigned input = plan.first_input;
    for (uint16_t i = 0; i < plan.n_slots; i++) {
        const struct scan_slot *slot = &plan.slots[i];
        int64_t sampled_ns = begins_ns + (int64_t)plan.n_skipped * plan.period_ns;
        int64_t ends_ns =
            begins_ns + (int64_t)(per_slot - 1U) * plan.period_ns + SCAN_PLAN_CONVERSION_NS;
        if (slot->taxel != SCAN_PLAN_NO_TAXEL) {
            assert_int_equal(selected(board, pins, input), slot->taxel);
            assert_true(sampled_ns - since_ns[input] >= board->settle_ns);
            n_read[slot->taxel]++;
        }
        uint32_t after = pins ^ slot->toggle_pins;
        assert_int_equal(slot->toggle_pins & ~plan.all_pins, 0);
        /* As late as the engine still takes for good */
        for (unsigned each = 0; each < board->n_adc_inputs; each++)
            if (selected(board, after, each) != selected(board, pins, each))
                since_ns[each] = ends_ns + SCAN_PLAN_LATENCY_NS + plan.slack_ns;
        pins = after;
        if (i + 1U < plan.n_slots)
            input = slot->next_input;
        else
            assert_int_equal(slot->next_input, SCAN_PLAN_STOP);
        begins_ns += (int64_t)per_slot * plan.period_ns;
    }
    assert_int_equal(pins, 0); /* the array rests undriven */
    assert_int_equal(begins_ns, scan_plan_duration_ns(&plan));
    for (uint16_t row = 0; row < board->n_rows; row++)
        for (uint16_t col = 0; col < board->n_cols; col++) {
            struct thenar_taxel taxel;
            assert_int_equal(n_read[row * board->n_cols + col],
                             board_taxel(board, row, col, &taxel) ? 1 : 0);
        }
    double fastest_ns = 1e12 / (double)board->rate_max_mhz;
    assert_true((double)scan_plan_duration_ns(&plan) + 20000.0 < fastest_ns);
}

static void test_boards_of_the_house(void **state)
{
    (void)state;
    follow(&board_glove16);
    assert_int_equal(plan.n_skipped, 1);
    assert_int_equal(plan.n_taken, 2);
    assert_int_equal(plan.period_ns, 3000);
    assert_int_equal(plan.n_slots, 177);
    follow(&board_table32);
    assert_int_equal(plan.period_ns, 4000);
    assert_int_equal(plan.n_slots, 1024 + 31); /* one pause at each change of the row */
    follow(&board_template);
}

/* Holes in the matrix, so that the banks cannot take turns everywhere. */
static void test_two_inputs_with_holes(void **state)
{
    (void)state;
    static const struct board_part parts[] = {
        {0, 0, 3, 5, 0, 0, 1000, 0, 0, 1000, 1000000},
        {3, 17, 4, 9, 0, 0, 1000, 0, 0, 1000, 1000000},
        {5, 2, 9, 1, 0, 0, 1000, 0, 0, 1000, 1000000},
    };
    struct board board = board_table32;
    board.parts = parts;
    board.n_parts = 3;
    follow(&board);
}

static void test_settle_times(void **state)
{
    (void)state;
    struct board board = board_table32;
    for (board.settle_ns = 0; board.settle_ns <= 9000; board.settle_ns += 500) {
        board.rate_max_mhz = 50000;
        follow(&board);
    }
    board = board_glove16;
    board.rate_max_mhz = 100000;
    for (board.settle_ns = 0; board.settle_ns <= 5000; board.settle_ns += 500)
        for (board.step_ns = 6000; board.step_ns <= 20000; board.step_ns += 1000)
            if (lay_out(&board))
                follow(&board);
}

static void test_impossible_boards(void **state)
{
    (void)state;
    struct board board = board_glove16;
    board.step_ns = 5000; /* settling, and two conversions: 8.7 us */
    assert_false(lay_out(&board));
    board = board_glove16;
    board.settle_ns = 100000;
    assert_false(lay_out(&board));
    board = board_table32;
    board.step_ns = 2000; /* nothing left to switch the converter's input */
    assert_false(lay_out(&board));
    board = board_table32;
    board.n_oversample = 2;
    assert_false(lay_out(&board));
    board = board_glove16;
    board.n_adc_inputs = 0;
    assert_false(scan_plan_init(&plan, &board, scan.order, 1));
    assert_false(scan_plan_init(&plan, &board_glove16, scan.order, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boards_of_the_house),
        cmocka_unit_test(test_two_inputs_with_holes),
        cmocka_unit_test(test_settle_times),
        cmocka_unit_test(test_impossible_boards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

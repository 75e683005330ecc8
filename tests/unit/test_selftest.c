/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_port.h"
#include "random.h"

static struct device device;
static const struct identity identity = {.serial = "TEST-1", .firmware = "test 1.0"};

/* What is wrong with the array under test. */
static struct {
    int shorted_col, stuck_taxel, open_row;
    double hum_counts; /* peak to peak */
} defect;

static int set_up(void **state)
{
    (void)state;
    defect.shorted_col = defect.stuck_taxel = defect.open_row = -1;
    defect.hum_counts = 0.0;
    return 0;
}

static struct thenar_reply test_board(const struct board *board)
{
    static uint16_t samples[1024];
    struct random random = {1};
    fake_port_init();
    fake.open_row = defect.open_row;
    assert_int_equal(device_init(&device, board, &identity), THENAR_OK);
    device_poll(&device);
    fake_host_command(1, THENAR_COMMAND_SELF_TEST, 0);
    device_poll(&device);
    for (int scan = 0; fake.scan; scan++) {
        assert_true(scan < 1000);
        double hum = 0.5 * defect.hum_counts *
                     (1.0 + sin(2.0 * M_PI * 50.0 * (double)fake.ticks / FAKE_TICK_HZ));
        for (int i = 0; i < board->n_rows * board->n_cols; i++) {
            samples[i] = (uint16_t)(random_below(&random, 9) + (uint32_t)lround(hum));
            if (i % board->n_cols == defect.shorted_col)
                samples[i] = 4090;
            if (i == defect.stuck_taxel)
                samples[i] = 900;
            if (i / board->n_cols == defect.open_row)
                samples[i] = 0;
        }
        fake_scan(0, samples);
        device_poll(&device);
    }
    assert_true(fake.ticks < 5 * FAKE_TICK_HZ); /* LINK.md: an answer within five seconds */
    struct thenar_reply reply = fake_host_reply();
    assert_int_equal(reply.code, THENAR_COMMAND_SELF_TEST);
    assert_int_equal(reply.result, THENAR_REPLY_OK);
    return reply;
}

static void check_one(const struct board *board, uint8_t kind, uint16_t index)
{
    struct thenar_reply reply = test_board(board);
    assert_int_equal(reply.value, 1);
    assert_int_equal(reply.n_findings, 1);
    assert_int_equal(reply.findings[0].kind, kind);
    assert_int_equal(reply.findings[0].index, index);
}

static void test_healthy(void **state)
{
    (void)state;
    assert_int_equal(test_board(&board_table32).value, 0);
    assert_int_equal(test_board(&board_glove16).value, 0);
}

static void test_each_defect_alone(void **state)
{
    (void)state;
    defect.open_row = 31;
    check_one(&board_table32, THENAR_FINDING_OPEN_ROW, 31);
    set_up(NULL);
    defect.shorted_col = 17;
    check_one(&board_table32, THENAR_FINDING_SHORTED_COLUMN, 17);
    set_up(NULL);
    defect.stuck_taxel = 33;
    check_one(&board_table32, THENAR_FINDING_STUCK_TAXEL, 33);
    set_up(NULL);
    defect.hum_counts = 100.0;
    check_one(&board_table32, THENAR_FINDING_IDLE_HUM, 0);
    check_one(&board_glove16, THENAR_FINDING_IDLE_HUM, 0);
    struct thenar_reply reply = test_board(&board_table32);
    assert_in_range(reply.findings[0].counts, 85, 115); /* 100, with noise */
}

/* A taxel that does not exist cannot be stuck. */
static void test_missing_taxels_are_passed_over(void **state)
{
    (void)state;
    defect.stuck_taxel = 0; /* row 0, column 0: not on the hand */
    assert_int_equal(test_board(&board_glove16).value, 0);
}

static void test_defects_together(void **state)
{
    (void)state;
    defect.open_row = 2;
    defect.shorted_col = 5;
    defect.stuck_taxel = 200;
    struct thenar_reply reply = test_board(&board_table32);
    assert_int_equal(reply.value, 3);
    assert_int_equal(reply.findings[0].kind, THENAR_FINDING_OPEN_ROW);
    assert_int_equal(reply.findings[1].kind, THENAR_FINDING_SHORTED_COLUMN);
    assert_int_equal(reply.findings[1].index, 5);
    assert_int_equal(reply.findings[2].kind, THENAR_FINDING_STUCK_TAXEL);
    assert_int_equal(reply.findings[2].index, 200);
}

/* More findings than a reply holds: the value tells how many there were. */
static void test_more_than_a_reply_holds(void **state)
{
    (void)state;
    static struct selftest selftest;
    static uint16_t samples[1024];
    fake_port_init();
    for (size_t i = 0; i < 1024; i++)
        samples[i] = i % 7 == 0 ? 1500 : 2;
    selftest_start(&selftest, &board_table32);
    while (!selftest_add(&selftest, samples))
        continue;
    assert_int_equal(selftest.n_findings, 147); /* multiples of 7 below 1024 */
    for (int i = 0; i < THENAR_MAX_FINDINGS; i++) {
        assert_int_equal(selftest.findings[i].kind, THENAR_FINDING_STUCK_TAXEL);
        assert_int_equal(selftest.findings[i].index % 7, 0);
    }
}

static void test_boards_without_check_resistors(void **state)
{
    (void)state;
    struct board board = board_table32;
    board.row_check_counts = 0;
    fake_port_init();
    fake.open_row = 4;
    static struct selftest selftest;
    selftest_start(&selftest, &board);
    assert_int_equal(selftest.n_findings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_healthy, set_up),
        cmocka_unit_test_setup(test_each_defect_alone, set_up),
        cmocka_unit_test_setup(test_missing_taxels_are_passed_over, set_up),
        cmocka_unit_test_setup(test_defects_together, set_up),
        cmocka_unit_test_setup(test_more_than_a_reply_holds, set_up),
        cmocka_unit_test_setup(test_boards_without_check_resistors, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

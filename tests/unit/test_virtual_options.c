/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "virtual_board.h"
#include "virtual_options.h"

static struct virtual_options options;
static struct virtual_board board;
static struct thenar_error error;

/* Words are cut at blanks, in a copy. */
static enum thenar_status parse(const char *line)
{
    static char copy[512];
    char *argv[32] = {"thenar-virtual"};
    int argc = 1;
    (void)snprintf(copy, sizeof copy, "%s", line);
    for (char *word = copy; *word && argc < 31;) {
        argv[argc++] = word;
        word += strcspn(word, " ");
        if (*word)
            *word++ = '\0';
    }
    error = (struct thenar_error){0};
    return virtual_options_parse(&options, argc, argv, &error);
}

static void check_board(const char *line)
{
    if (parse(line) != THENAR_OK || virtual_board_init(&board, &options, &error) != THENAR_OK)
        fail_msg("%s: %s", line, error.text);
}

static void check_refused(const char *line, const char *said)
{
    enum thenar_status status = parse(line);
    if (status == THENAR_OK)
        status = virtual_board_init(&board, &options, &error);
    assert_int_equal(status, THENAR_ERR_ARGUMENT);
    if (!strstr(error.text, said))
        fail_msg("%s: '%s' does not say '%s'", line, error.text, said);
}

static void test_defaults(void **state)
{
    (void)state;
    check_board("table32");
    assert_string_equal(board.identity.serial, "VT-TABLE32-0001");
    assert_int_equal(board.board.rate_mhz, 200000);
    assert_int_equal(options.listen_fd, -1);
    assert_true(isnan(options.noise_counts));
    assert_float_equal(options.speed, 1.0, 0.0);
    check_board("--seed 23 glove16");
    assert_string_equal(board.identity.serial, "VT-GLOVE16-0023");
    assert_int_equal(board.board.mount, THENAR_MOUNT_GLOVE);
    check_board("--board=table32 --mount torso --serial abc --rate 50.5");
    assert_int_equal(board.board.mount, THENAR_MOUNT_TORSO);
    assert_string_equal(board.identity.serial, "abc");
    assert_int_equal(board.board.rate_mhz, 50500);
}

static void test_any_array(void **state)
{
    (void)state;
    check_board("array --rows 64 --cols 48 --pitch-mm 7.5 --rate 2000 --mount mat");
    assert_int_equal(board.array.n_rows, 64);
    assert_int_equal(board.array.n_cols, 48);
    assert_int_equal(board.board.pitch_x_um, 7500);
    assert_int_equal(board.board.sensing_um2, 36000000); /* 6 x 6 mm */
    assert_int_equal(board.board.rate_max_mhz, 2000000); /* widened to let the rate in */
    assert_float_equal(board.array.x_mm[47], 23.5F * 7.5F, 1e-4F);
    assert_float_equal(board.array.y_mm[0], -31.5F * 7.5F, 1e-4F);
    assert_true(board.array.exists[64 * 48 - 1]);
}

static void test_faults_speed_and_link(void **state)
{
    (void)state;
    check_board("table32 --fault stall@1+2 --fault bits@3,1e-6 --speed max --listen @x");
    assert_int_equal(options.faults.n_faults, 2);
    assert_true(options.speed_max);
    assert_string_equal(options.listen, "@x");
    check_board("table32 --speed 2.5 --listen-fd=3 --duration 10");
    assert_false(options.speed_max);
    assert_float_equal(options.speed, 2.5, 0.0);
    assert_int_equal(options.listen_fd, 3);
}

static void test_help_needs_no_model(void **state)
{
    (void)state;
    assert_int_equal(parse("--help"), THENAR_OK);
    assert_true(options.help);
    assert_int_equal(parse("--version"), THENAR_OK);
    assert_true(options.version);
}

static void test_refusals_name_the_option(void **state)
{
    (void)state;
    check_refused("", "no MODEL");
    check_refused("table16", "'table16': no such model");
    check_refused("table32 glove16", "there is a MODEL already");
    check_refused("table32 --sped 2", "unknown option '--sped'");
    check_refused("table32 --rate", "'--rate' needs a value");
    check_refused("table32 --rate fast", "--rate: 'fast'");
    check_refused("table32 --rate 0", "--rate: '0'");
    check_refused("table32 --rate nan", "--rate: 'nan'");
    check_refused("array --rows 1.5", "--rows: '1.5'");
    check_refused("array --rows 300", "--rows: '300'");
    check_refused("array --rows 128 --cols 64", "more than the 4096 taxels");
    check_refused("table32 --rows 16", "model array");
    check_refused("table32 --mount sofa", "--mount sofa");
    check_refused("table32 --speed 0", "--speed: '0'");
    check_refused("table32 --fault boom@1", "--fault boom@1");
    check_refused("table32 --serial 12345678901234567890123456789012", "--serial");
    check_refused("table32 --serial=", "--serial");
    check_refused("table32 --recording a.csv --script demo", "--recording plays");
    check_refused("table32 --full-scale 255", "--recording FILE");
    check_refused("table32 --loop --until-end", "--until-end");
    check_refused("table32 --listen @x --listen-fd 3", "leave one out");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_any_array),
        cmocka_unit_test(test_faults_speed_and_link),
        cmocka_unit_test(test_help_needs_no_model),
        cmocka_unit_test(test_refusals_name_the_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

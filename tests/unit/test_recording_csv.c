/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "session/recording_csv.h"

static char path[] = "/tmp/thenar-recording-XXXXXX";
static struct thenar_error error;

static void write_file(const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct recording_csv *open_text(const char *text, size_t n_taxels, double rate_hz)
{
    struct recording_csv *recording;
    write_file(text);
    assert_int_equal(recording_csv_open(&recording, path, n_taxels, rate_hz, &error), THENAR_OK);
    return recording;
}

static void assert_refused(const char *text, size_t n_taxels, double rate_hz,
                           enum thenar_status expected, const char *says)
{
    struct recording_csv *recording;
    write_file(text);
    assert_int_equal(recording_csv_open(&recording, path, n_taxels, rate_hz, &error), expected);
    assert_null(recording);
    assert_non_null(strstr(error.text, says));
    assert_non_null(strstr(error.text, path)); /* where */
}

static void assert_frame(struct recording_csv *recording, double time_s, float first, float second)
{
    float samples[2];
    double at_s = -1;
    assert_int_equal(recording_csv_next(recording, &at_s, samples), THENAR_OK);
    assert_true(fabs(at_s - time_s) < 1e-9);
    assert_true(samples[0] == first && samples[1] == second);
}

static void assert_end(struct recording_csv *recording)
{
    float samples[2];
    double at_s;
    assert_int_equal(recording_csv_next(recording, &at_s, samples), THENAR_END);
    recording_csv_close(recording);
}

static void named_columns_are_found_in_any_order(void **state)
{
    (void)state;
    struct recording_csv *r = open_text("# made by hand\np1,touched,t_s,p0\n"
                                        "2,1,5.0,1\n4,0,5.1,3\n\n6,1,5.2,5\n",
                                        2, 0);
    const struct recording_csv_info *info = recording_csv_info(r);
    assert_int_equal(info->n_frames, 3);
    assert_true(fabs(info->rate_hz - 10) < 1e-9);
    assert_true(fabs(info->duration_s - 0.3) < 1e-9);
    assert_true(info->smallest == 1 && info->largest == 6);
    assert_frame(r, 0, 1, 2);
    assert_frame(r, 0.1, 3, 4);
    assert_int_equal(recording_csv_rewind(r), THENAR_OK);
    assert_frame(r, 0, 1, 2);
    assert_frame(r, 0.1, 3, 4);
    assert_frame(r, 0.2, 5, 6);
    assert_end(r);
}

static void a_rate_stands_in_for_times(void **state)
{
    (void)state;
    struct recording_csv *r = open_text("p0,p1\n1,2\n3,4\n", 2, 50);
    assert_false(recording_csv_info(r)->has_time);
    assert_true(fabs(recording_csv_info(r)->duration_s - 0.04) < 1e-9);
    assert_frame(r, 0, 1, 2);
    assert_frame(r, 0.02, 3, 4);
    assert_end(r);
}

static void a_header_is_not_needed(void **state)
{
    (void)state;
    struct recording_csv *r = open_text("0,1,2\n0.5,3,4\n", 2, 0);
    assert_true(fabs(recording_csv_info(r)->rate_hz - 2) < 1e-9);
    assert_frame(r, 0, 1, 2);
    assert_frame(r, 0.5, 3, 4);
    assert_end(r);
    r = open_text("1,2\n3,4\n", 2, 10);
    assert_frame(r, 0, 1, 2);
    assert_frame(r, 0.1, 3, 4);
    assert_end(r);
}

/* USB hands frames over in bursts: ten at once each 0.1 s is still 100 frames a second. */
static void bunched_times_are_made_even(void **state)
{
    (void)state;
    char text[16384] = "t_s,p0,p1\n";
    for (int i = 0; i < 500; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%.2f,%d,0\n",
                       i / 10 * 0.1 + (i % 10 == 9 ? 0.01 : 0), i);
    struct recording_csv *r = open_text(text, 2, 0);
    double period_s = 1 / recording_csv_info(r)->rate_hz;
    assert_true(fabs(period_s - 0.01) < 0.0003);
    for (int i = 0; i < 500; i++)
        assert_frame(r, i * period_s, (float)i, 0);
    assert_end(r);
}

/* Some clocks step back by less than they step forward. */
static void jitter_does_not_change_the_rate(void **state)
{
    (void)state;
    static const int jitter_ms[] = {0, 9, -7, 4, -9, 6, -3, 8, -8, 0};
    char text[16384] = "t_s,p0,p1\n";
    for (int i = 0; i < 500; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%.3f,%d,0\n",
                       0.01 * i + 0.001 * jitter_ms[i % 10], i);
    struct recording_csv *r = open_text(text, 2, 0);
    assert_true(recording_csv_info(r)->n_back_rows > 50);
    assert_true(fabs(recording_csv_info(r)->rate_hz - 100) < 0.01);
    recording_csv_close(r);
}

static void a_pause_is_a_gap(void **state)
{
    (void)state;
    char text[4096] = "t_s,p0,p1\n";
    for (int i = 0; i < 40; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%.2f,%d,0\n",
                       i * 0.02 + (i >= 20 ? 3 : 0), i);
    struct recording_csv *r = open_text(text, 2, 0);
    assert_true(fabs(recording_csv_info(r)->rate_hz - 50) < 1e-6);
    for (int i = 0; i < 40; i++)
        assert_frame(r, i * 0.02 + (i >= 20 ? 3 : 0), (float)i, 0);
    assert_end(r);
}

static void bad_rows_are_counted_and_their_time_passes(void **state)
{
    (void)state;
    struct recording_csv *r = open_text("p0,p1\n1,2\nx,4\n5,6\n7\n9,10\n", 2, 10);
    assert_int_equal(recording_csv_info(r)->n_frames, 3);
    assert_int_equal(recording_csv_info(r)->n_bad_rows, 2);
    assert_int_equal(recording_csv_info(r)->first_bad_line, 3);
    assert_frame(r, 0, 1, 2);
    assert_frame(r, 0.2, 5, 6);
    assert_frame(r, 0.4, 9, 10);
    assert_end(r);
}

static void gzipped_files_are_read_and_broken_ones_told(void **state)
{
    (void)state;
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_true(gzputs(file, "p0,p1\n") > 0);
    for (int i = 0; i < 3000; i++)
        assert_true(gzprintf(file, "%d,%d\n", i, i * 7919 % 1000) > 0);
    assert_int_equal(gzclose(file), Z_OK);
    struct recording_csv *r;
    assert_int_equal(recording_csv_open(&r, path, 2, 10, &error), THENAR_OK);
    assert_int_equal(recording_csv_info(r)->n_frames, 3000);
    assert_true(recording_csv_progress(r) == 0);
    float samples[2];
    double time_s;
    for (int i = 0; i < 1500; i++)
        assert_int_equal(recording_csv_next(r, &time_s, samples), THENAR_OK);
    assert_true(recording_csv_progress(r) == 0.5);
    recording_csv_close(r);

    assert_int_equal(truncate(path, 2000), 0);
    assert_int_equal(recording_csv_open(&r, path, 2, 10, &error), THENAR_ERR_OS);
    assert_non_null(strstr(error.text, "breaks off"));
}

static void refusals_say_what_and_where(void **state)
{
    (void)state;
    assert_refused("", 2, 10, THENAR_ERR_SYNTAX, "empty");
    assert_refused("p0,p1\n", 2, 10, THENAR_ERR_SYNTAX, "no row holds 2 numbers");
    assert_refused("p0,p1\n1,2\n", 2, 0, THENAR_ERR_ARGUMENT, "no column t_s");
    assert_refused("t_s,p0,p1\n1,1,2\n1,1,2\n", 2, 0, THENAR_ERR_ARGUMENT, "do not grow");
    assert_refused("t_s,p0,p1\n0,1,2\n10000,1,2\n20000,1,2\n", 2, 0, THENAR_ERR_ARGUMENT,
                   "in seconds");
    assert_refused("p0,p1,p2\n1,2,3\n", 2, 10, THENAR_ERR_SYNTAX, "column 'p2' is beyond");
    assert_refused("p0,p0\n1,2\n", 2, 10, THENAR_ERR_SYNTAX, "stands twice");
    assert_refused("p0,q\n1,2\n", 2, 10, THENAR_ERR_SYNTAX, "1 taxel columns");
    assert_refused("1,2,3,4\n", 2, 10, THENAR_ERR_SYNTAX, "4 columns without names");
    struct recording_csv *r;
    assert_int_equal(recording_csv_open(&r, "/nowhere/x.csv", 2, 10, &error), THENAR_ERR_ABSENT);
    assert_int_equal(recording_csv_open(&r, "/tmp", 2, 10, &error), THENAR_ERR_SYNTAX);
}

static void full_scale_is_the_next_that_fits(void **state)
{
    (void)state;
    const float cases[][2] = {{12, 255},    {255, 255},   {256, 256},
                              {1000, 1023}, {4095, 4095}, {5000, 65535}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct recording_csv_info info = {.largest = cases[i][0]};
        assert_true(recording_csv_full_scale(&info) == cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(named_columns_are_found_in_any_order),
        cmocka_unit_test(a_rate_stands_in_for_times),
        cmocka_unit_test(a_header_is_not_needed),
        cmocka_unit_test(bunched_times_are_made_even),
        cmocka_unit_test(jitter_does_not_change_the_rate),
        cmocka_unit_test(a_pause_is_a_gap),
        cmocka_unit_test(bad_rows_are_counted_and_their_time_passes),
        cmocka_unit_test(gzipped_files_are_read_and_broken_ones_told),
        cmocka_unit_test(refusals_say_what_and_where),
        cmocka_unit_test(full_scale_is_the_next_that_fits),
    };
    int fd = mkstemp(path);
    if (fd < 0)
        return EXIT_FAILURE;
    (void)close(fd);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(path);
    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zero of a recording, and what is told of its lines. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis_rest.h"

enum { N_TAXELS = 64, RATE_HZ = 100, N_FRAMES = 800 };

static char path[] = "/tmp/thenar_rest_XXXXXX";

static int set_up(void **state)
{
    (void)state;
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

/* A hand of four taxels from 3 s on, and before it when `always`; all above an offset, which
 * differs from taxel to taxel. */
static void write_recording(double offset, bool always, const char *start, bool runs_back)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "%st_s", start);
    for (int i = 0; i < N_TAXELS; i++)
        (void)fprintf(file, ",p%d", i);
    (void)fprintf(file, "\n");
    for (int k = 0; k < N_FRAMES; k++) {
        double t_s = (double)k / RATE_HZ - (runs_back && k == 500 ? 0.05 : 0);
        (void)fprintf(file, "%.4f", t_s);
        for (int i = 0; i < N_TAXELS; i++)
            (void)fprintf(file, ",%.3f",
                          offset * (1 + 0.01 * (i % 3)) + (i < 4 && (always || k >= 300) ? 80 : 0));
        (void)fprintf(file, "\n");
    }
    (void)fclose(file);
}

static struct analysis_rest find(const char *tare)
{
    struct recording_csv *recording;
    struct thenar_error error;
    struct analysis_rest rest;
    assert_int_equal(analysis_rest_parse(tare, &rest), THENAR_OK);
    assert_int_equal(recording_csv_open(&recording, path, N_TAXELS, 0, &error), THENAR_OK);
    assert_int_equal(analysis_rest_find(&rest, recording, N_TAXELS, &error), THENAR_OK);
    recording_csv_close(recording);
    return rest;
}

static void test_an_offset_is_found_where_nothing_touches(void **state)
{
    (void)state;
    write_recording(12, false, "", false);
    struct analysis_rest rest = find("auto");
    assert_true(rest.n_frames >= RATE_HZ / 2 && rest.to_s < 3 && !rest.is_by_taxel);
    for (int i = 0; i < N_TAXELS; i++)
        assert_true(fabs((double)rest.samples[i] - 12 - 0.12 * (i % 3)) < 1e-3);
    analysis_rest_finish(&rest);
}

static void test_a_small_offset_is_one_too(void **state)
{
    (void)state;
    write_recording(0.7, false, "", false); /* less than 1 % of the range, more than a gate */
    struct analysis_rest rest = find("auto");
    assert_true(rest.n_frames > 0 && rest.to_s < 3);
    assert_true(fabs((double)rest.samples[0] - 0.7) < 1e-3);
    analysis_rest_finish(&rest);
}

static void test_a_true_zero_is_left(void **state)
{
    (void)state;
    write_recording(0, false, "", false);
    struct analysis_rest rest = find("auto");
    assert_int_equal(rest.n_frames, 0);
    analysis_rest_finish(&rest);
}

static void test_a_hand_that_never_lifts_is_no_offset(void **state)
{
    (void)state;
    write_recording(12, true, "", false);
    struct analysis_rest rest = find("auto");
    assert_true(rest.n_frames > 0);
    for (int i = 0; i < N_TAXELS; i++) /* the hand's taxels have the zero of the others */
        assert_true(fabs((double)rest.samples[i] - 12.12) < 0.13);
    analysis_rest_finish(&rest);
}

/* A hand of a quarter of the array that walks from quarter to quarter, and is never off. */
static void test_hands_that_never_lift_leave_every_taxel_at_some_time(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int k = 0; k < 4 * RATE_HZ; k++)
        for (int i = 0; i < N_TAXELS; i++)
            (void)fprintf(file, "%d%c", 100 + 3 * (i % 7) + (i / 16 == k / RATE_HZ ? 900 : 0),
                          i + 1 < N_TAXELS ? ',' : '\n');
    (void)fclose(file);
    struct recording_csv *recording;
    struct thenar_error error;
    struct analysis_rest rest;
    assert_int_equal(analysis_rest_parse("auto", &rest), THENAR_OK);
    assert_int_equal(recording_csv_open(&recording, path, N_TAXELS, RATE_HZ, &error), THENAR_OK);
    assert_int_equal(analysis_rest_find(&rest, recording, N_TAXELS, &error), THENAR_OK);
    recording_csv_close(recording);
    assert_true(rest.n_frames > 0 && rest.is_by_taxel);
    for (int i = 0; i < N_TAXELS; i++)
        assert_true(fabs((double)rest.samples[i] - 100 - 3 * (i % 7)) < 1e-3);
    analysis_rest_finish(&rest);
}

static void test_a_span_is_taken_as_said(void **state)
{
    (void)state;
    write_recording(12, false, "", false);
    struct analysis_rest rest = find("4-5");
    assert_int_equal(rest.n_frames, 101);
    assert_true(fabs((double)rest.samples[0] - 92) < 1e-3);
    analysis_rest_finish(&rest);
    rest = find("none");
    assert_int_equal(rest.n_frames, 0);
    analysis_rest_finish(&rest);
    static const char *const wrong[] = {"", "x", "1", "-1", "2-1", "1-1", "1-2s", "1-inf", "nan-2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(analysis_rest_parse(wrong[i], &rest), THENAR_ERR_SYNTAX);
}

static void test_lines_of_spreadsheets(void **state)
{
    (void)state;
    struct recording_csv *recording;
    struct thenar_error error;
    write_recording(1, false, "\xEF\xBB\xBF", true);
    assert_int_equal(recording_csv_open(&recording, path, N_TAXELS, 0, &error), THENAR_OK);
    const struct recording_csv_info *info = recording_csv_info(recording);
    assert_int_equal(info->n_back_rows, 1);
    assert_int_equal(info->first_back_line, 502);
    assert_true(fabs(info->rate_hz - RATE_HZ) < 1);
    recording_csv_close(recording);
    FILE *file = fopen(path, "w");
    (void)fputs("p0;p1\n1,5;2,5\n", file);
    (void)fclose(file);
    assert_int_equal(recording_csv_open(&recording, path, 2, 100, &error), THENAR_ERR_SYNTAX);
    assert_non_null(strstr(error.text, "separated by ';'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_offset_is_found_where_nothing_touches, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_small_offset_is_one_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_true_zero_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_hand_that_never_lifts_is_no_offset, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_hands_that_never_lift_leave_every_taxel_at_some_time,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_span_is_taken_as_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines_of_spreadsheets, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

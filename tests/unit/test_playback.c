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

#include <cmocka.h>

#include "playback.h"

enum { N_TAXELS = 4 };

static const bool exists[N_TAXELS] = {true, true, true, false};
static char path[64];
static struct stimulus_array array;
static struct stimulus *stimulus;
static uint16_t counts[N_TAXELS];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/thenar-test-playback-%ld.csv", (long)getpid());
    array = (struct stimulus_array){
        .n_rows = 2, .n_cols = 2, .adc_bits = 12, .exists = exists, .rate_hz = 0.0F};
    stimulus = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (stimulus)
        stimulus->destroy(stimulus);
    (void)remove(path);
    return 0;
}

/* Frame k says k in its first taxel; a pause before each of the listed frames. */
static void write_frames(int n_frames, double rate_hz, int gap_before, double gap_s)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "t_s,p0,p1,p2,p3\n");
    for (int k = 0; k < n_frames; k++)
        (void)fprintf(file, "%.6f,%d,300,-5,1\n",
                      100.0 + k / rate_hz + (gap_before && k >= gap_before ? gap_s : 0.0), k);
    assert_int_equal(fclose(file), 0);
}

static void open_it(const struct playback_options *options)
{
    struct thenar_error error = {0};
    if (playback_create(&stimulus, &array, options, &error) != THENAR_OK)
        fail_msg("%s", error.text);
}

/* Each recorded frame once and in order, at a rate that the link can only tell rounded, though the
 * device starts to scan at any time of its own. */
static void test_a_scan_is_a_frame(void **state)
{
    (void)state;
    double rate_hz = 47.38214;
    write_frames(3000, rate_hz, 0, 0.0);
    open_it(&(struct playback_options){.path = path, .full_scale_counts = 4095.0});
    assert_float_equal((double)array.rate_hz, 47.382, 0.0011);
    double start_s = 12.345678;
    double scan_rate_hz = round((double)array.rate_hz * 1000.0) / 1000.0;
    for (int k = 0; k < 3000; k++) {
        double time_s = floor((start_s + k / scan_rate_hz) * 1e6) * 1e-6; /* in ticks */
        assert_int_equal(stimulus->sample(stimulus, time_s, counts), THENAR_OK);
        assert_int_equal(counts[0], k);
    }
    assert_int_equal(stimulus->sample(stimulus, start_s + 3000 / scan_rate_hz, counts), THENAR_END);
    assert_int_equal(counts[1], 0); /* at rest */
}

static void test_scaled_and_clipped(void **state)
{
    (void)state;
    write_frames(600, 100.0, 0, 0.0);
    open_it(&(struct playback_options){.path = path, .full_scale_counts = 255.0});
    for (int k = 0; k < 600; k++) {
        assert_int_equal(stimulus->sample(stimulus, k / 100.0, counts), THENAR_OK);
        assert_int_equal(counts[0], k < 255 ? lround(k * 4095.0 / 255.0) : 4095);
        assert_int_equal(counts[1], 4095); /* 300 of 255 */
        assert_int_equal(counts[2], 0);    /* below nothing */
        assert_int_equal(counts[3], 0);    /* does not exist */
    }
}

/* The recording's largest sample is 599: the converter had 1023. */
static void test_full_scale_is_guessed(void **state)
{
    (void)state;
    write_frames(600, 100.0, 0, 0.0);
    open_it(&(struct playback_options){.path = path});
    assert_int_equal(stimulus->sample(stimulus, 0.0, counts), THENAR_OK);
    assert_int_equal(counts[1], lround(300.0 * 4095.0 / 1023.0));
}

static void test_no_scan_in_a_pause(void **state)
{
    (void)state;
    write_frames(100, 50.0, 60, 2.0);
    open_it(&(struct playback_options){.path = path, .full_scale_counts = 4095.0});
    int n_pending = 0, n_shown = 0, before = -1;
    for (int k = 0; k < 200; k++) {
        enum thenar_status status = stimulus->sample(stimulus, k / 50.0, counts);
        n_pending += status == THENAR_PENDING;
        if (status != THENAR_OK)
            continue;
        assert_int_equal(counts[0], before + 1);
        before = counts[0];
        n_shown++;
    }
    assert_int_equal(n_shown, 100);
    assert_in_range(n_pending, 98, 101); /* 2 s at 50 frames/s; recorded times are made even */
}

static void test_loop_goes_on(void **state)
{
    (void)state;
    write_frames(40, 50.0, 0, 0.0);
    open_it(&(struct playback_options){.path = path, .full_scale_counts = 4095.0, .loop = true});
    for (int k = 0; k < 500; k++) {
        assert_int_equal(stimulus->sample(stimulus, k / 50.0, counts), THENAR_OK);
        assert_int_equal(counts[0], k % 40);
    }
}

static void test_other_scan_rates(void **state)
{
    (void)state;
    write_frames(100, 50.0, 0, 0.0);
    array.rate_hz = 100.0F;
    open_it(&(struct playback_options){.path = path, .full_scale_counts = 4095.0});
    assert_float_equal((double)array.rate_hz, 100.0, 0.0); /* was said: stays */
    int before = 0;
    for (int k = 0; k < 198; k++) {
        assert_int_equal(stimulus->sample(stimulus, k / 100.0, counts), THENAR_OK);
        assert_in_range(counts[0] - before, 0, 1); /* each frame twice */
        before = counts[0];
    }
    assert_int_equal(before, 99);
}

static void test_recordings_are_not_calibrated(void **state)
{
    (void)state;
    write_frames(10, 50.0, 0, 0.0);
    open_it(&(struct playback_options){.path = path});
    struct stimulus_calibration calibration;
    stimulus->calibration(stimulus, &calibration);
    assert_int_equal(calibration.kind, 0);
    assert_null(calibration.gain);
}

static void test_bad_files(void **state)
{
    (void)state;
    struct thenar_error error = {0};
    assert_int_equal(playback_create(&stimulus, &array,
                                     &(struct playback_options){.path = "/nowhere/at-all.csv"},
                                     &error),
                     THENAR_ERR_ABSENT);
    assert_non_null(strstr(error.text, "/nowhere/at-all.csv"));
    assert_null(stimulus);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "p0,p1,p2,p3\n1,2,3,4\n5,6,7,8\n");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(
        playback_create(&stimulus, &array, &(struct playback_options){.path = path}, &error),
        THENAR_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "--recording-rate"));
    assert_null(stimulus);
    open_it(&(struct playback_options){.path = path, .recording_rate_hz = 20.0});
    assert_float_equal((double)array.rate_hz, 20.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_scan_is_a_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scaled_and_clipped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_scale_is_guessed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_scan_in_a_pause, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_loop_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_scan_rates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_recordings_are_not_calibrated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_files, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The procedure that is made of weights; a scale's lines; a run that is broken off and read again.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "calibrate/calibrate_steps.h"
#include "calibrate/reference_stream.h"
#include "session/calibration_run_file.h"
#include "unit/assert_near.h"
#include "unit/calibration_bench.h"

static struct thenar_error error;
static struct calibrate_procedure procedure;

static void weights_are_read_and_make_steps_up_and_down(void **state)
{
    (void)state;
    struct calibrate_choice choice = {
        .puck_mm = 30, .hold_s = 8, .long_hold_s = 60, .n_even = 1, .even_kpa = {50}};
    assert_int_equal(calibrate_weights_read(&choice, "5, 0.7 1.5;3 kg", &error), THENAR_OK);
    assert_int_equal(choice.n_weights, 4);
    assert_int_equal(calibrate_steps_make(&procedure, &choice, &error), THENAR_OK);
    static const double wanted[] = {(double)NAN, (double)NAN, (double)NAN, 0.7, 1.5,
                                    3,           5,           3,           1.5, 0.7,
                                    (double)NAN, 3,           (double)NAN, 1.5, 5};
    assert_int_equal(procedure.n_steps, sizeof wanted / sizeof wanted[0]);
    for (unsigned k = 0; k < procedure.n_steps; k++) {
        const struct calibrate_step *step = &procedure.steps[k];
        assert_int_equal(step->kind == HOLD_PUCK, !isnan(wanted[k]));
        if (step->kind != HOLD_PUCK)
            continue;
        assert_near(step->mass_kg, wanted[k], 1e-9);
        /* p = m g / (pi d^2 / 4) */
        assert_near(step->load_kpa, wanted[k] * 9.80665 / (M_PI * 0.25 * 900e-6) / 1000, 1e-6);
    }
    assert_int_equal(procedure.steps[1].kind, HOLD_EVEN);
    assert_near(procedure.steps[11].hold_s, 60, 0);
    assert_int_equal(calibrate_weights_read(&choice, "1 two 3", &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "'two 3' is not a weight"));
    choice.n_weights = 1;
    assert_int_equal(calibrate_steps_make(&procedure, &choice, &error), THENAR_ERR_VALUE);
}

static void a_line_of_a_scale_ends_in_its_reading(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        double value; /* NaN: none */
    } lines[] = {{"ST,GS,+  12.345 kg", 12.345},
                 {"3.2,105.5", 105.5},
                 {"-0.02 N", -0.02},
                 {"12:30:05 7", 7},
                 {"overload", (double)NAN},
                 {"", (double)NAN},
                 {"nan inf", (double)NAN},
                 {"1e2", 100}};
    for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++) {
        double value = (double)NAN;
        assert_int_equal(reference_line_value(lines[k].line, &value), !isnan(lines[k].value));
        if (!isnan(lines[k].value))
            assert_near(value, lines[k].value, 1e-9);
    }
}

static void a_recorded_reference_is_averaged_over_the_hold(void **state)
{
    (void)state;
    char path[] = "/tmp/thenar-reference-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    (void)fputs("t_s,force_n\n1,10\n2,20\n3,20.4\n4,19.6\n5,90\n", file);
    (void)fclose(file);
    struct reference_stream *stream;
    double mean;
    assert_int_equal(reference_stream_open(&stream, path, 9600, &error), THENAR_OK);
    reference_stream_begin(stream, 1.5);
    assert_int_equal(reference_stream_end(stream, 4.5, &mean, &error), THENAR_OK);
    assert_near(mean, 20, 1e-9);
    reference_stream_begin(stream, 3.5);
    assert_int_equal(reference_stream_end(stream, 5.5, &mean, &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "was not steady: 19.6 to 90"));
    reference_stream_begin(stream, 7);
    assert_int_equal(reference_stream_end(stream, 9, &mean, &error), THENAR_ERR_ABSENT);
    reference_stream_close(stream);
    (void)unlink(path);
}

static void a_live_reference_is_averaged_from_a_pipe(void **state)
{
    (void)state;
    char folder[] = "/tmp/thenar-pipe-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/scale", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct reference_stream *stream;
    double mean;
    assert_int_equal(reference_stream_open(&stream, path, 9600, &error), THENAR_OK);
    FILE *scale = fopen(path, "w");
    assert_non_null(scale);
    (void)fputs("old 99\n", scale);
    (void)fflush(scale);
    reference_stream_begin(stream, 0);
    (void)fputs("S 2.00 kg\r\nS 2.02 kg\r\nS 1.98", scale);
    (void)fflush(scale);
    reference_stream_poll(stream);
    assert_int_equal(reference_stream_end(stream, 5, &mean, &error), THENAR_OK);
    assert_near(mean, 2.01, 1e-9);
    (void)fclose(scale);
    reference_stream_close(stream);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void a_run_comes_back_and_a_cut_last_line_is_passed_over(void **state)
{
    (void)state;
    struct bench bench;
    struct calibration_run back;
    struct calibration_run_head head = {.serial = "A \"1\"", .model = "array"}, again;
    char path[] = "/tmp/thenar-run-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    bench_init(&bench);
    bench_zero(&bench);
    bench_even(&bench, 50, (double)NAN);
    bench_puck(&bench, "1 kg", 60, 60);
    head.layout = bench.layout;
    head.layout.has_sneak_paths = true; /* what forbids a fit must come back with the file */
    assert_int_equal(calibration_run_file_begin(path, &head, &error), THENAR_OK);
    for (unsigned k = 0; k < 3; k++)
        assert_int_equal(calibration_run_file_append(path, &bench.run.holds[k], 144, &error),
                         THENAR_OK);
    if (calibration_run_file_read(&again, &back, path, &error) != THENAR_OK)
        fail_msg("%s", error.text);
    assert_string_equal(again.serial, "A \"1\"");
    assert_int_equal(again.layout.n_rows, 12);
    assert_true(again.layout.has_sneak_paths);
    assert_near(again.layout.sensing_mm2[5], 64, 1e-6);
    assert_true(again.layout.exists[143]);
    assert_int_equal(back.n_holds, 3);
    assert_true(isnan(back.holds[1].load_kpa));
    assert_string_equal(back.holds[2].label, "1 kg");
    assert_near(back.holds[2].counts[144 * 3 + 70], bench.run.holds[2].counts[144 * 3 + 70], 1e-3);
    calibration_run_finish(&back);
    calibration_run_head_finish(&again);

    FILE *file = fopen(path, "r");
    static char text[1 << 20];
    size_t n = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[n] = '\0';
    for (size_t cut = 0; cut < n; cut += cut < 200 ? 1 : 97) {
        char kept = text[cut];
        text[cut] = '\0';
        enum thenar_status status =
            calibration_run_file_parse(&again, &back, text, cut, "r.run", &error);
        assert_true(status == THENAR_OK || cut < 6000); /* nothing, before the first line ends */
        assert_true(status != THENAR_OK || back.n_holds < 3);
        calibration_run_finish(&back);
        calibration_run_head_finish(&again);
        text[cut] = kept;
    }
    for (size_t bit = 0; bit < 8 * n; bit += 8 * 61 + 3) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        enum thenar_status status =
            calibration_run_file_parse(&again, &back, text, n, "r.run", &error);
        assert_true(status == THENAR_OK || error.text[0] != '\0');
        calibration_run_finish(&back);
        calibration_run_head_finish(&again);
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    bench_finish(&bench);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_read_and_make_steps_up_and_down),
        cmocka_unit_test(a_line_of_a_scale_ends_in_its_reading),
        cmocka_unit_test(a_recorded_reference_is_averaged_over_the_hold),
        cmocka_unit_test(a_live_reference_is_averaged_from_a_pipe),
        cmocka_unit_test(a_run_comes_back_and_a_cut_last_line_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

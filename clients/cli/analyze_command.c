/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis.h"
#include "analysis_print.h"
#include "cli_options.h"
#include "cli_command.h"
#include "session/calibration_file.h"
#include "stop_signal.h"

/* Without --pitch-mm; the same as the daemon's csv: source. */
static const double ASSUMED_PITCH_MM = 15.0;

static const char *const unit_names[] = {"counts", "kpa", "n"};            /* as enum sample_unit */
static const char *const mount_names[] = {"pad", "torso", "mat", "glove"}; /* as array_mount */

struct analyze_options {
    unsigned n_rows, n_cols;
    double pitch_mm, rate_hz, full_scale_counts; /* 0: not given */
    const char *unit, *mount, *tare, *calibration;
    bool json, no_progress;
};

struct job {
    const struct analyze_options *options;
    struct recording_csv *recording;
    struct array_layout layout;
    struct analysis_rest rest;
    struct sensor_calibration calibration; /* of zeros without --calibration */
    struct pipeline *pipeline;
    float *samples, *pressure; /* [n_taxels] */
    struct analysis analysis;
    bool bar; /* progress is shown */
    int shown_pct;
};

/* @return index of `word` among `words`, -1 when it is none */
static int choice(const char *word, const char *const *words, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

/* @return -1 go on, else an exit code */
static int check_options(const struct option_table *table, const struct analyze_options *options,
                         const struct options_result *result)
{
    if (result->n_operands == 0)
        return options_fail(table, "which recording? thenar analyze FILE --rows R --cols C ...");
    if (result->n_operands > 1)
        return options_fail(table, "one recording at a time; unexpected argument '%s'",
                            result->operands[1]);
    if (options->n_rows == 0 || options->n_cols == 0)
        return options_fail(table, "--rows and --cols are needed: a table of columns p0, p1, ... "
                                   "does not tell the shape of the array");
    if (options->n_rows * options->n_cols > 4096)
        return options_fail(table, "%u x %u are more than 4096 taxels", options->n_rows,
                            options->n_cols);
    if (choice(options->unit, unit_names, 3) < 0)
        return options_fail(table, "--unit '%s' is not known; there are kpa, n and counts",
                            options->unit);
    if (choice(options->mount, mount_names, 4) < 0)
        return options_fail(table, "--mount '%s' is not known; there are pad, torso, mat and glove",
                            options->mount);
    struct analysis_rest tare;
    if (analysis_rest_parse(options->tare, &tare) != THENAR_OK)
        return options_fail(table,
                            "--tare '%s' is no span; there are A-B in seconds, as in 0-1.5, "
                            "none and auto",
                            options->tare);
    if (options->calibration && strcmp(options->unit, "counts") != 0)
        return options_fail(table,
                            "--calibration turns counts into kPa: it goes with --unit counts");
    if (options->full_scale_counts > 0 && strcmp(options->unit, "counts") != 0)
        return options_fail(table, "--full-scale goes with --unit counts");
    return -1;
}

static enum thenar_status describe(struct job *job, struct thenar_error *error)
{
    const struct analyze_options *options = job->options;
    const struct recording_csv_info *info = recording_csv_info(job->recording);
    float pitch_mm = (float)(options->pitch_mm > 0 ? options->pitch_mm : ASSUMED_PITCH_MM);
    enum thenar_status status =
        array_layout_init(&job->layout, (uint16_t)options->n_rows, (uint16_t)options->n_cols,
                          pitch_mm, pitch_mm, (float)info->rate_hz);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%u x %u taxels at %g frames/s cannot be analysed",
                           options->n_rows, options->n_cols, info->rate_hz);
    job->layout.mount = (enum array_mount)choice(options->mount, mount_names, 4);
    job->layout.sensor.unit = (enum sample_unit)choice(options->unit, unit_names, 3);
    job->layout.sensor.circuit = SENSOR_LINEAR;
    job->layout.sensor.full_scale_counts = options->full_scale_counts > 0
                                               ? (float)options->full_scale_counts
                                               : recording_csv_full_scale(info);
    return THENAR_OK;
}

/* A recording does not tell its front end: that of the calibrated device is taken for it. */
static enum thenar_status use_calibration(struct job *job, struct thenar_error *error)
{
    const char *path = job->options->calibration;
    if (!path)
        return THENAR_OK;
    enum thenar_status status = calibration_file_read(&job->calibration, path, error);
    if (status != THENAR_OK)
        return status;
    struct sensor_law *sensor = &job->layout.sensor;
    sensor->circuit = job->calibration.law.circuit;
    if (!(job->options->full_scale_counts > 0))
        sensor->full_scale_counts = job->calibration.law.full_scale_counts;
    return sensor_calibration_apply(&job->calibration, &job->layout, error);
}

static enum thenar_status open_job(struct job *job, const char *path, struct thenar_error *error)
{
    size_t n_taxels = (size_t)job->options->n_rows * job->options->n_cols;
    enum thenar_status status =
        recording_csv_open(&job->recording, path, n_taxels, job->options->rate_hz, error);
    if (status == THENAR_OK)
        status = describe(job, error);
    if (status == THENAR_OK)
        status = analysis_rest_find(&job->rest, job->recording, n_taxels, error);
    const struct pipeline_options options = {
        .gate_kpa = NAN, .rest_samples = job->rest.n_frames ? job->rest.samples : NULL};
    if (status == THENAR_OK)
        status = use_calibration(job, error);
    if (status == THENAR_OK)
        status = pipeline_create(&job->pipeline, &job->layout, &options, error);
    if (status != THENAR_OK)
        return status;
    /* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): the reader refuses 0 */
    job->samples = calloc(n_taxels, sizeof *job->samples);
    job->pressure = calloc(n_taxels, sizeof *job->pressure);
    if (!job->samples || !job->pressure)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    analysis_init(&job->analysis, &job->layout);
    return THENAR_OK;
}

static void close_job(struct job *job)
{
    pipeline_destroy(job->pipeline);
    recording_csv_close(job->recording);
    analysis_rest_finish(&job->rest);
    array_layout_finish(&job->layout);
    sensor_calibration_finish(&job->calibration);
    free(job->samples);
    free(job->pressure);
}

static void print_events(const struct job *job, const struct pipeline_output *output)
{
    if (!job->options->json)
        return;
    for (unsigned i = 0; i < output->n_strokes; i++)
        analysis_print_stroke(stdout, &output->strokes[i], job->analysis.uncalibrated);
    for (unsigned i = 0; i < output->n_episodes; i++)
        analysis_print_episode(stdout, &output->episodes[i], job->analysis.uncalibrated);
}

static void show_progress(struct job *job)
{
    enum { BAR_CELLS = 40 };
    int pct = (int)(100.0 * recording_csv_progress(job->recording));
    if (!job->bar || pct == job->shown_pct)
        return;
    job->shown_pct = pct;
    int n_full = pct * BAR_CELLS / 100;
    (void)fprintf(stderr, "\r  [%.*s%*s] %3d %%", n_full,
                  "########################################", BAR_CELLS - n_full, "", pct);
    (void)fflush(stderr);
}

static void clear_progress(const struct job *job)
{
    if (job->bar)
        (void)fprintf(stderr, "\r%60s\r", "");
}

static enum thenar_status run(struct job *job, struct thenar_error *error)
{
    struct pipeline_output output;
    struct pipeline_input input = {.samples = job->samples};
    enum thenar_status status;
    while ((status = recording_csv_next(job->recording, &input.device_s, job->samples)) ==
           THENAR_OK) {
        pipeline_execute(job->pipeline, &input, job->pressure, &output);
        analysis_take(&job->analysis, &output);
        print_events(job, &output);
        show_progress(job);
        input.sequence++;
        if (stop_signal_came())
            return thenar_fail(error, THENAR_ERR_OS, "stopped at %.1f s of the recording",
                               input.device_s);
    }
    if (status != THENAR_END)
        return thenar_fail(error, status, "the file broke off after %.1f s", input.device_s);
    for (bool more = true; more;) {
        more = pipeline_finish(job->pipeline, &output);
        analysis_take_end(&job->analysis, &output);
        print_events(job, &output);
    }
    job->analysis.n_dead = pipeline_n_dead(job->pipeline);
    return THENAR_OK;
}

static bool is_expired_today(const struct sensor_calibration *calibration)
{
    char day[CALIBRATION_DATE_BYTES];
    time_t now = time(NULL);
    struct tm parts;
    (void)gmtime_r(&now, &parts);
    (void)strftime(day, sizeof day, "%Y-%m-%d", &parts);
    return sensor_calibration_is_expired(calibration, day);
}

static void print_result(const struct job *job, const char *path)
{
    bool has_calibration = job->options->calibration != NULL;
    const struct lowpass_design *lowpass = pipeline_lowpass(job->pipeline);
    const struct analysis_source source = {
        .path = path,
        .layout = &job->layout,
        .info = recording_csv_info(job->recording),
        .unit = job->options->unit,
        .mount = job->options->mount,
        .tare = job->options->tare,
        .rest = &job->rest,
        .pitch_assumed = job->options->pitch_mm == 0,
        .calibration = has_calibration ? &job->calibration.identity : NULL,
        .is_expired = has_calibration && is_expired_today(&job->calibration),
        .filter_form = pipeline_filter_form(job->pipeline),
        .filter_delay_ms = (double)lowpass->delay_ms,
    };
    if (job->options->json)
        analysis_print_summary(stdout, &source, &job->analysis);
    else
        analysis_print_page(stdout, &source, &job->analysis);
}

static int analyze(const struct analyze_options *options, const char *path)
{
    struct thenar_error error;
    struct job job = {.options = options, .shown_pct = -1};
    job.bar = !options->no_progress && isatty(STDERR_FILENO);
    (void)!analysis_rest_parse(options->tare, &job.rest); /* was checked */
    stop_signal_start();
    enum thenar_status status = open_job(&job, path, &error);
    if (status == THENAR_OK) {
        status = run(&job, &error);
        clear_progress(&job);
    }
    if (status == THENAR_OK)
        print_result(&job, path);
    else
        (void)fprintf(stderr, "thenar analyze: %s\n", error.text);
    close_job(&job);
    return status == THENAR_OK && fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

int analyze_command(int argc, char **argv)
{
    struct analyze_options o = {.unit = "counts", .mount = "pad", .tare = "auto"};
    const struct option_row rows[] = {
        {"rows", OPTION_COUNT, &o.n_rows, "R", "rows of the array", 1, 4096},
        {"cols", OPTION_COUNT, &o.n_cols, "C", "columns of the array", 1, 4096},
        {"pitch-mm", OPTION_NUMBER, &o.pitch_mm, "P", "from taxel to taxel (else 15 is assumed)",
         0.1, 1000},
        {"rate", OPTION_NUMBER, &o.rate_hz, "HZ", "frames a second (else from the column t_s)", 1,
         2000},
        {"unit", OPTION_TEXT, &o.unit, "UNIT", "kpa, n or counts (counts: relative values)", 0, 0},
        {"full-scale", OPTION_NUMBER, &o.full_scale_counts, "C",
         "largest count (else guessed: 255, 256, 1023, 4095 or 65535)", 1, 65535},
        {"calibration", OPTION_TEXT, &o.calibration, "FILE", "of the device: counts become kPa", 0,
         0},
        {"mount", OPTION_TEXT, &o.mount, "MOUNT", "pad, torso, mat or glove (pad)", 0, 0},
        {"tare", OPTION_TEXT, &o.tare, "SPAN",
         "when nothing touches: A-B in seconds, none, or auto (auto)", 0, 0},
        {"json", OPTION_FLAG, &o.json, NULL, "JSON lines: strokes, episodes, summary", 0, 0},
        {"no-progress", OPTION_FLAG, &o.no_progress, NULL, "no progress bar", 0, 0},
    };
    const struct option_table table = {
        "analyze",
        "FILE",
        "A recording through the whole pipeline, as fast as it goes. FILE is a table of\n"
        "columns p0, p1, ... row by row, with t_s for the time or with --rate; .gz is fine.",
        rows,
        sizeof rows / sizeof *rows,
        0};
    struct options_result result;
    int code = options_read(&table, argc, argv, &result);
    if (code < 0)
        code = check_options(&table, &o, &result);
    return code >= 0 ? code : analyze(&o, result.operands[0]);
}

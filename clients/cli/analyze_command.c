/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "analysis.h"
#include "analysis_print.h"
#include "cli_command.h"
#include "cli_options.h"
#include "plan/coaching_print.h"
#include "plan/coaching_run.h"
#include "recording_path.h"
#include "recording_run.h"
#include "session/session_folder.h"
#include "stop_signal.h"

struct analyze_options {
    struct recording_options recording;
    const char *plan, *cues;
    bool json, no_progress;
};

struct job {
    const struct analyze_options *options;
    struct recording_run *run;
    struct coaching_run *coaching; /* NULL: no plan */
    struct analysis analysis;
    bool bar; /* progress is shown */
    int shown_pct;
};

static enum thenar_status open_job(struct job *job, const char *path, struct thenar_error *error)
{
    enum thenar_status status =
        recording_run_open(&job->run, path, &job->options->recording, error);
    if (status == THENAR_OK)
        analysis_init(&job->analysis, recording_run_layout(job->run));
    if (status == THENAR_OK)
        status = coaching_run_create(&job->coaching, job->options->plan, job->options->cues,
                                     job->run, error);
    return status;
}

static void close_job(struct job *job)
{
    coaching_run_destroy(job->coaching);
    recording_run_close(job->run);
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
    int pct = (int)(100.0 * recording_run_progress(job->run));
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

static void coach(struct job *job, const struct pipeline_output *output)
{
    if (job->coaching && coaching_run_take(job->coaching, job->run, output) && job->options->json)
        coaching_print_cue(stdout, job->coaching);
}

static enum thenar_status run(struct job *job, struct thenar_error *error)
{
    struct pipeline_output output;
    enum thenar_status status;
    while ((status = recording_run_next(job->run, &output, error)) == THENAR_OK) {
        analysis_take(&job->analysis, &output);
        print_events(job, &output);
        coach(job, &output);
        show_progress(job);
        if (stop_signal_came())
            return thenar_fail(error, THENAR_ERR_OS, "stopped at %.1f s of the recording",
                               output.device_s);
    }
    if (status != THENAR_END)
        return status;
    for (bool more = true; more;) {
        more = recording_run_finish(job->run, &output);
        analysis_take_end(&job->analysis, &output);
        print_events(job, &output);
    }
    job->analysis.n_dead = pipeline_n_dead(recording_run_pipeline(job->run));
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
    const struct recording_options *recording = &job->options->recording;
    const struct pipeline *pipeline = recording_run_pipeline(job->run);
    const struct sensor_calibration *calibration = recording_run_calibration(job->run);
    const struct analysis_source source = {
        .path = path,
        .layout = recording_run_layout(job->run),
        .info = recording_run_info(job->run),
        .unit = recording_run_unit(job->run),
        .mount = recording_run_mount(job->run),
        .tare = recording_run_is_session(path) ? "none" : recording->tare,
        .rest = recording_run_rest(job->run),
        .calibration = calibration ? &calibration->identity : NULL,
        .is_expired = calibration && is_expired_today(calibration),
        .pitch_assumed = recording->pitch_mm == 0 && !recording_run_is_session(path),
        .technique_model = pipeline_technique_model(pipeline),
        .technique_recipe = pipeline_technique_recipe(pipeline),
        .filter_form = pipeline_filter_form(pipeline),
        .filter_delay_ms = (double)pipeline_lowpass(pipeline)->delay_ms,
    };
    if (job->coaching && job->options->json)
        coaching_print_score(stdout, job->coaching);
    if (job->options->json)
        analysis_print_summary(stdout, &source, &job->analysis);
    else
        analysis_print_page(stdout, &source, &job->analysis);
    if (job->coaching && !job->options->json)
        coaching_print_page(stdout, job->coaching);
}

static int analyze(const struct analyze_options *options, const char *path)
{
    struct thenar_error error;
    struct job job = {.options = options, .shown_pct = -1};
    job.bar = !options->no_progress && isatty(STDERR_FILENO);
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

/* @return -1 go on, else an exit code */
static int check_options(const struct option_table *table, const struct analyze_options *options,
                         const struct options_result *result, char *path)
{
    if (result->n_operands == 0)
        return options_fail(table, "which recording? thenar analyze FILE --rows R --cols C ...");
    if (result->n_operands > 1)
        return options_fail(table, "one recording at a time; unexpected argument '%s'",
                            result->operands[1]);
    return recording_path_find(table, &options->recording, result, 0, path);
}

int analyze_command(int argc, char **argv)
{
    struct analyze_options o = {0};
    recording_options_init(&o.recording);
    const struct option_row rows[] = {
        RECORDING_OPTION_ROWS(o.recording),
        {"plan", OPTION_TEXT, &o.plan, "NAME",
         "what the coach says, and the score (else of the plan that the session was under)", 0, 0},
        {"cues", OPTION_TEXT, &o.cues, "WHICH",
         "trusted (measured bands and the instructor's), all or off (else as the plan says)", 0, 0},
        {"json", OPTION_FLAG, &o.json, NULL, "JSON lines: strokes, episodes, cues, summary", 0, 0},
        {"no-progress", OPTION_FLAG, &o.no_progress, NULL, "no progress bar", 0, 0},
    };
    const struct option_table table = {
        "analyze",
        "FILE|SESSION",
        "A recording through the whole pipeline, as fast as it goes. FILE is a table of\n"
        "columns p0, p1, ... row by row, with t_s for the time or with --rate; .gz is fine.\n"
        "Or a session: its file (.h5), its folder, its id or 'last', which tells its array, its\n"
        "units and its zero itself.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    char path[2 * SESSION_PATH_BYTES];
    struct options_result result;
    int code = options_read(&table, argc, argv, &result);
    if (code < 0)
        code = check_options(&table, &o, &result, path);
    return code >= 0 ? code : analyze(&o, path);
}

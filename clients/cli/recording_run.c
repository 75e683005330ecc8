/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recording_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/model_file.h"
#include "session/session_player.h"

/* Without --pitch-mm; the same as the daemon's csv: source. */
static const double ASSUMED_PITCH_MM = 15.0;

static const char *const unit_names[] = {"counts", "kpa", "n"};            /* as enum sample_unit */
static const char *const mount_names[] = {"pad", "torso", "mat", "glove"}; /* as array_mount */

struct recording_run {
    struct recording_csv *recording; /* NULL: a session's file */
    struct session_player *session;  /* NULL: a table */
    struct recording_csv_info info;  /* of a session */
    size_t next_told;                /* of its commands */
    struct array_layout layout;
    struct analysis_rest rest;
    bool has_calibration;
    struct sensor_calibration calibration; /* of zeros without one */
    struct linear_model *model;            /* NULL: the one that ships */
    struct pipeline *pipeline;             /* of a table */
    float *samples, *pressure;             /* [n_taxels] */
    struct pipeline_input input;
    uint64_t n_taken; /* of a session */
};

void recording_options_init(struct recording_options *options)
{
    *options = (struct recording_options){.unit = "counts", .mount = "pad", .tare = "auto"};
}

/* @return index of `word` among `words`, -1 when it is none */
static int choice(const char *word, const char *const *words, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

int recording_options_check(const struct option_table *table,
                            const struct recording_options *options)
{
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

static enum thenar_status describe(struct recording_run *run,
                                   const struct recording_options *options,
                                   struct thenar_error *error)
{
    const struct recording_csv_info *info = recording_csv_info(run->recording);
    float pitch_mm = (float)(options->pitch_mm > 0 ? options->pitch_mm : ASSUMED_PITCH_MM);
    enum thenar_status status =
        array_layout_init(&run->layout, (uint16_t)options->n_rows, (uint16_t)options->n_cols,
                          pitch_mm, pitch_mm, (float)info->rate_hz);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "%u x %u taxels at %g frames/s cannot be analysed",
                           options->n_rows, options->n_cols, info->rate_hz);
    run->layout.mount = (enum array_mount)choice(options->mount, mount_names, 4);
    run->layout.sensor.unit = (enum sample_unit)choice(options->unit, unit_names, 3);
    run->layout.sensor.circuit = SENSOR_LINEAR;
    run->layout.sensor.full_scale_counts = options->full_scale_counts > 0
                                               ? (float)options->full_scale_counts
                                               : recording_csv_full_scale(info);
    return THENAR_OK;
}

/* A recording does not tell its front end: that of the calibrated device is taken for it. */
static enum thenar_status use_calibration(struct recording_run *run,
                                          const struct recording_options *options,
                                          struct thenar_error *error)
{
    if (!options->calibration)
        return THENAR_OK;
    enum thenar_status status =
        calibration_file_read(&run->calibration, options->calibration, error);
    if (status != THENAR_OK)
        return status;
    struct sensor_law *sensor = &run->layout.sensor;
    run->has_calibration = true;
    sensor->circuit = run->calibration.law.circuit;
    if (!(options->full_scale_counts > 0))
        sensor->full_scale_counts = run->calibration.law.full_scale_counts;
    return sensor_calibration_apply(&run->calibration, &run->layout, error);
}

/* The zero from where the recording is quiet, the calibration, and the pipeline that knows both. */
static enum thenar_status prepare(struct recording_run *run,
                                  const struct recording_options *options, size_t n_taxels,
                                  struct thenar_error *error)
{
    enum thenar_status status = describe(run, options, error);
    (void)!analysis_rest_parse(options->tare, &run->rest); /* was checked */
    if (status == THENAR_OK)
        status = analysis_rest_find(&run->rest, run->recording, n_taxels, error);
    if (status == THENAR_OK)
        status = use_calibration(run, options, error);
    const struct pipeline_options pipeline = {
        .classifier = run->model ? &run->model->classifier : NULL,
        .gate_kpa = NAN,
        .rest_samples = run->rest.n_frames ? run->rest.samples : NULL};
    return status == THENAR_OK ? pipeline_create(&run->pipeline, &run->layout, &pipeline, error)
                               : status;
}

/* ---- a session's file ---- */

bool recording_run_is_session(const char *path)
{
    size_t n = strlen(path);
    return n > 3 && strcmp(path + n - 3, ".h5") == 0;
}

static enum thenar_status open_session(struct recording_run *run, const char *path,
                                       struct thenar_error *error)
{
    enum thenar_status status = session_player_open(
        &run->session, path, run->model ? &run->model->classifier : NULL, error);
    if (status != THENAR_OK)
        return status;
    const struct session_reader *reader = session_player_reader(run->session);
    const struct session_head *head = session_reader_head(reader);
    run->info.n_frames = session_reader_n_frames(reader);
    run->info.rate_hz = (double)head->layout.rate_hz;
    run->info.duration_s = (double)run->info.n_frames / run->info.rate_hz;
    run->info.has_time = true;
    if (array_layout_copy(&run->layout, &head->layout) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    return THENAR_OK;
}

/* ---- any ---- */

enum thenar_status recording_run_open(struct recording_run **out, const char *path,
                                      const struct recording_options *options,
                                      struct thenar_error *error)
{
    size_t n_taxels = (size_t)options->n_rows * options->n_cols;
    struct recording_run *run = calloc(1, sizeof *run);
    if (!run)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    *out = run;
    bool is_session = recording_run_is_session(path);
    enum thenar_status status =
        options->model ? model_file_read(&run->model, options->model, error) : THENAR_OK;
    if (status == THENAR_OK)
        status = is_session
                     ? open_session(run, path, error)
                     : recording_csv_open(&run->recording, path, n_taxels, options->rate_hz, error);
    if (status == THENAR_OK && !is_session)
        status = prepare(run, options, n_taxels, error);
    if (status == THENAR_OK && !is_session) {
        /* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): the reader refuses 0 */
        run->samples = calloc(n_taxels, sizeof *run->samples);
        run->pressure = calloc(n_taxels, sizeof *run->pressure);
        if (!run->samples || !run->pressure)
            status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    if (status != THENAR_OK) {
        recording_run_close(run);
        *out = NULL;
    }
    return status;
}

void recording_run_close(struct recording_run *run)
{
    if (!run)
        return;
    pipeline_destroy(run->pipeline);
    linear_model_destroy(run->model);
    recording_csv_close(run->recording);
    session_player_close(run->session);
    analysis_rest_finish(&run->rest);
    array_layout_finish(&run->layout);
    sensor_calibration_finish(&run->calibration);
    free(run->samples);
    free(run->pressure);
    free(run);
}

enum thenar_status recording_run_next(struct recording_run *run, struct pipeline_output *output,
                                      struct thenar_error *error)
{
    if (run->session) {
        run->n_taken++;
        return session_player_next(run->session, &run->input.device_s, output, error);
    }
    enum thenar_status status =
        recording_csv_next(run->recording, &run->input.device_s, run->samples);
    if (status == THENAR_END)
        return status;
    if (status != THENAR_OK)
        return thenar_fail(error, status, "the file broke off after %.1f s", run->input.device_s);
    run->input.samples = run->samples;
    pipeline_execute(run->pipeline, &run->input, run->pressure, output);
    run->input.sequence++;
    return THENAR_OK;
}

const struct session_command_row *recording_run_command(struct recording_run *run)
{
    size_t n_obeyed, n_all;
    if (!run->session)
        return NULL;
    const struct session_command_row *rows =
        session_player_commands(run->session, &n_obeyed, &n_all);
    return run->next_told < n_obeyed ? &rows[run->next_told++] : NULL;
}

const struct session_command_row *recording_run_commands(const struct recording_run *run,
                                                         size_t *n_commands)
{
    size_t n_obeyed;
    *n_commands = 0;
    return run->session ? session_player_commands(run->session, &n_obeyed, n_commands) : NULL;
}

static struct pipeline *pipeline_of(const struct recording_run *run)
{
    return run->session ? session_player_pipeline(run->session) : run->pipeline;
}

bool recording_run_finish(struct recording_run *run, struct pipeline_output *output)
{
    return pipeline_finish(pipeline_of(run), output);
}

const char *recording_run_unit(const struct recording_run *run)
{
    return unit_names[run->layout.sensor.unit];
}

const char *recording_run_mount(const struct recording_run *run)
{
    return mount_names[run->layout.mount];
}

const struct array_layout *recording_run_layout(const struct recording_run *run)
{
    return &run->layout;
}

const struct recording_csv_info *recording_run_info(const struct recording_run *run)
{
    return run->session ? &run->info : recording_csv_info(run->recording);
}

const struct pipeline *recording_run_pipeline(const struct recording_run *run)
{
    return pipeline_of(run);
}

const struct analysis_rest *recording_run_rest(const struct recording_run *run)
{
    return &run->rest;
}

const struct sensor_calibration *recording_run_calibration(const struct recording_run *run)
{
    return run->has_calibration ? &run->calibration : NULL;
}

double recording_run_progress(const struct recording_run *run)
{
    return run->session ? (double)run->n_taken / (double)run->info.n_frames
                        : recording_csv_progress(run->recording);
}

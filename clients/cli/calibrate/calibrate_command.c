/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "calibrate/calibrate_ask.h"
#include "calibrate/calibrate_picture.h"
#include "calibrate/calibrate_print.h"
#include "calibrate/calibrate_session.h"
#include "cli_command.h"
#include "cli_options.h"
#include "session/calibration_file.h"
#include "session/calibration_folder.h"
#include "signal/calibration_fit.h"
#include "stop_signal.h"

enum { PATH_BYTES = CALIBRATION_PATH_BYTES };

struct job {
    const struct calibrate_options *options;
    struct calibrate_procedure procedure;
    struct calibration_run_head head;
    struct calibrate_session session;
    struct capture *capture;
    char answers[CALIBRATE_ANSWERS_BYTES]; /* what was asked for, as options that say it again */
    char run_path[PATH_BYTES], out_path[PATH_BYTES], picture_path[PATH_BYTES];
};

static void say(const struct thenar_error *error)
{
    (void)fprintf(stderr, "thenar calibrate: %s\n", error->text);
}

/* ---- where it goes ---- */

static enum thenar_status find_paths(struct job *job, struct thenar_error *error)
{
    const struct calibrate_options *o = job->options;
    char folder[CALIBRATION_PATH_BYTES / 2];
    if (o->folder)
        (void)snprintf(folder, sizeof folder, "%s", o->folder);
    else
        calibration_folder_default(folder, sizeof folder);
    if (o->out)
        (void)snprintf(job->out_path, sizeof job->out_path, "%s", o->out);
    else
        calibration_file_path(job->out_path, folder, job->head.serial);
    size_t n_stem = strlen(job->out_path);
    if (n_stem > 5 && strcmp(job->out_path + n_stem - 5, ".json") == 0)
        n_stem -= 5;
    (void)snprintf(job->picture_path, sizeof job->picture_path, "%.*s.svg", (int)(n_stem % 1300),
                   job->out_path);
    (void)snprintf(job->run_path, sizeof job->run_path, "%.*s.run", (int)(n_stem % 1300),
                   job->out_path);
    if (o->picture)
        (void)snprintf(job->picture_path, sizeof job->picture_path, "%s", o->picture);
    if (o->run)
        (void)snprintf(job->run_path, sizeof job->run_path, "%s", o->run);
    return o->out ? THENAR_OK : calibration_folder_make(folder, error);
}

/* ---- observing ---- */

static void describe(struct job *job)
{
    const struct source_description *device = capture_device(job->capture);
    struct calibration_run_head *head = &job->head;
    (void)snprintf(head->serial, sizeof head->serial, "%s", device->serial);
    (void)snprintf(head->model, sizeof head->model, "%s", device->model);
    (void)snprintf(head->firmware, sizeof head->firmware, "%s", device->firmware);
}

static enum thenar_status check_device(const struct job *job, struct thenar_error *error)
{
    const struct source_description *device = capture_device(job->capture);
    if (device->layout.sensor.unit != UNIT_COUNTS)
        return thenar_fail(error, THENAR_ERR_UNSUPPORTED,
                           "this source gives %s already: only raw counts can be calibrated",
                           device->layout.sensor.unit == UNIT_KPA ? "kPa" : "newtons");
    if (device->serial[0] == '\0')
        return thenar_fail(
            error, THENAR_ERR_UNSUPPORTED,
            "this device has no serial number, so a calibration could not be told to "
            "be its own");
    if (device->gate_counts > 0)
        return thenar_fail(
            error, THENAR_ERR_UNSUPPORTED,
            "this device sends only taxels above a gate of %u counts: set its gate to "
            "0 first",
            device->gate_counts);
    return THENAR_OK;
}

/* Goes on after the last step of a run that was broken off, where it is one of this procedure. */
static enum thenar_status resume(struct job *job, struct thenar_error *error)
{
    struct calibration_run_head old;
    struct calibrate_session *s = &job->session;
    enum thenar_status status = THENAR_ERR_ABSENT;
    if (!job->options->fresh)
        status = calibration_run_file_read(&old, &s->run, job->run_path, error);
    bool same = status == THENAR_OK && strcmp(old.serial, job->head.serial) == 0 &&
                calibrate_session_fits(&s->run, &job->procedure);
    if (status == THENAR_OK && !same && s->run.n_holds > 0)
        status =
            thenar_fail(error, THENAR_ERR_VALUE,
                        "%s has %u steps of another procedure or device: go on with that one as "
                        "it was begun, or begin anew with --fresh",
                        job->run_path, s->run.n_holds);
    else if (status == THENAR_OK || status == THENAR_ERR_ABSENT)
        status = THENAR_OK;
    if (same && s->run.n_holds > 0)
        (void)printf("Going on after step %u; --fresh would begin anew.\n", s->run.n_holds);
    if (!job->options->fresh)
        calibration_run_head_finish(&old);
    if (status != THENAR_OK || (same && s->run.n_holds > 0))
        return status;
    calibration_run_finish(&s->run);
    status = calibration_run_init(&s->run, job->head.layout.n_rows, job->head.layout.n_cols);
    return status == THENAR_OK ? calibration_run_file_begin(job->run_path, &job->head, error)
                               : thenar_fail(error, status, "out of memory");
}

/* A script must say when, where nobody is there to ask; and a script with times is not asked. */
static enum thenar_status check_times(struct job *job, struct thenar_error *error)
{
    const struct calibrate_procedure *p = &job->procedure;
    unsigned n_timed = 0;
    for (unsigned k = 0; k < p->n_steps; k++)
        n_timed += isnan(p->steps[k].at_s) ? 0 : 1;
    if (n_timed != 0 && n_timed != p->n_steps)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "%u of %u steps have a time at_s: give it to all, or to none and be asked", n_timed,
            p->n_steps);
    job->session.is_guided = n_timed == 0;
    if (job->session.is_guided && job->session.run.n_holds == 0)
        (void)printf(
            "%u steps. Each is kept when it is measured; stop with q or Ctrl-C, and the same "
            "command goes on.\n",
            p->n_steps);
    if (!job->session.is_guided && job->session.run.n_holds > 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "steps with times cannot be gone on with: begin anew with --fresh");
    return THENAR_OK;
}

static enum thenar_status open_reference(struct job *job, struct thenar_error *error)
{
    static const char *const units[] = {"n", "kg", "kpa"};
    const struct calibrate_options *o = job->options;
    if (!o->live)
        return THENAR_OK;
    for (unsigned k = 0; k < 3; k++)
        if (strcmp(o->live_unit, units[k]) == 0) {
            job->session.reference_unit = (enum reference_unit)k;
            return reference_stream_open(&job->session.reference, o->live, (long)o->baud, error);
        }
    return thenar_fail(error, THENAR_ERR_VALUE,
                       "--live-unit '%s' is not known; there are n, kg and "
                       "kpa",
                       o->live_unit);
}

static enum thenar_status observe(struct job *job, const char *uri, struct thenar_error *error)
{
    enum thenar_status status = capture_open(&job->capture, uri, error);
    if (status == THENAR_OK)
        status = check_device(job, error);
    if (status == THENAR_OK)
        status = array_layout_copy(&job->head.layout, &capture_device(job->capture)->layout);
    if (status != THENAR_OK)
        return status;
    describe(job);
    (void)printf("Device %s %s, %u x %u taxels, %g frames a second.\n", job->head.model,
                 job->head.serial, job->head.layout.n_rows, job->head.layout.n_cols,
                 (double)job->head.layout.rate_hz);
    status = calibrate_ask(&job->procedure, job->options, &job->head.layout, job->answers, error);
    if (status == THENAR_OK)
        status = find_paths(job, error);
    if (status == THENAR_OK)
        status = resume(job, error);
    if (status == THENAR_OK)
        status = check_times(job, error);
    if (status == THENAR_OK)
        status = open_reference(job, error);
    if (status != THENAR_OK)
        return status;
    job->session.capture = job->capture;
    job->session.procedure = &job->procedure;
    job->session.layout = &job->head.layout;
    job->session.run_path = job->run_path;
    job->session.is_quiet = job->options->quiet || !isatty(STDERR_FILENO);
    status = calibrate_session_run(&job->session, error);
    if (isnan(job->procedure.temperature_c))
        job->procedure.temperature_c = capture_temperature_c(job->capture);
    return status;
}

/* ---- the result ---- */

/* Today, and `n_months` later, in UTC. */
static void write_days(struct calibration_identity *id, unsigned n_months)
{
    time_t now = time(NULL);
    struct tm day;
    (void)gmtime_r(&now, &day);
    (void)strftime(id->date, sizeof id->date, "%Y-%m-%d", &day);
    day.tm_mon += (int)n_months;
    day.tm_hour = 12;
    (void)timegm(&day); /* puts the 31st of a short month right */
    (void)strftime(id->expires, sizeof id->expires, "%Y-%m-%d", &day);
}

static void identify(const struct job *job, struct sensor_calibration *c)
{
    struct calibration_identity *id = &c->identity;
    memcpy(id->serial, job->head.serial, sizeof id->serial);
    memcpy(id->model, job->head.model, sizeof id->model);
    memcpy(id->firmware, job->head.firmware, sizeof id->firmware);
    memcpy(id->reference, job->procedure.reference, sizeof id->reference);
    memcpy(id->operator_name, job->procedure.operator_name, sizeof id->operator_name);
    memcpy(id->note, job->procedure.note, sizeof id->note);
    id->temperature_c = (float)job->procedure.temperature_c;
    write_days(id, job->options->valid_months);
}

static int fit(struct job *job)
{
    struct sensor_calibration calibration;
    static struct calibration_report report; /* large */
    struct thenar_error error = {0};
    enum thenar_status status =
        calibration_fit(&calibration, &report, &job->session.run, &job->head.layout,
                        job->procedure.uncertainty_pct, &error);
    if (status == THENAR_OK) {
        identify(job, &calibration);
        status = calibration_file_write(&calibration, job->out_path, &error);
    }
    if (status == THENAR_OK) {
        (void)fputc('\n', stdout);
        calibrate_print_page(stdout, &calibration, &report);
        (void)printf("\n  file         %s\n", job->out_path);
        if (calibrate_picture_write(&calibration, &report, job->picture_path, &error) == THENAR_OK)
            (void)printf("  picture      %s\n", job->picture_path);
        else
            say(&error);
        (void)printf("  measured     %s (to fit it again: --fit)\n", job->run_path);
        (void)printf(
            "\nthenard takes it when the device is next described: restart it, or plug the "
            "device in anew.\n");
    } else {
        (void)fprintf(stderr, "thenar calibrate: no calibration was made.\n  %s\n", error.text);
        if (report.n_points > 0)
            calibrate_print_points(stderr, &report);
        (void)fprintf(stderr, "  What was measured is in %s.\n", job->run_path);
    }
    sensor_calibration_finish(&calibration);
    return status == THENAR_OK ? EXIT_DONE : EXIT_FAILED;
}

static int calibrate(struct job *job, const char *uri)
{
    struct thenar_error error = {0};
    enum thenar_status status;
    if (job->options->fit) {
        status =
            calibration_run_file_read(&job->head, &job->session.run, job->options->fit, &error);
        if (status == THENAR_OK)
            status = calibrate_ask(&job->procedure, job->options, &job->head.layout, job->answers,
                                   &error);
        if (status == THENAR_OK)
            status = find_paths(job, &error);
        (void)snprintf(job->run_path, sizeof job->run_path, "%s", job->options->fit);
    } else {
        status = observe(job, uri, &error);
    }
    int code = EXIT_FAILED;
    if (status == THENAR_OK)
        code = fit(job);
    else if (status == THENAR_PENDING)
        (void)printf("\nStopped after step %u of %u. To go on from there:\n  thenar calibrate "
                     "'%s'%s%s%s%s\n",
                     job->session.run.n_holds, job->procedure.n_steps, uri,
                     job->options->script ? " --script " : "",
                     job->options->script ? job->options->script : "", job->answers,
                     job->options->folder ? " (and --folder)" : "");
    else
        say(&error);
    if (status != THENAR_OK && status != THENAR_PENDING && job->session.run.n_holds > 0 &&
        job->session.is_guided)
        (void)fprintf(stderr, "  %u steps are kept; the same command goes on.\n",
                      job->session.run.n_holds);
    capture_close(job->capture);
    reference_stream_close(job->session.reference);
    calibration_run_finish(&job->session.run);
    calibration_run_head_finish(&job->head);
    return code;
}

static int check(const struct calibrate_options *o, const struct option_table *table,
                 const struct options_result *result)
{
    if (o->fit && result->n_operands > 0)
        return options_fail(table, "--fit needs no device: what it gave is in the file");
    if (!o->fit && result->n_operands == 0)
        return options_fail(table, "which device? thenar calibrate auto, or serial:/dev/ttyACM0");
    if (result->n_operands > 1)
        return options_fail(table, "one device at a time; unexpected argument '%s'",
                            result->operands[1]);
    if (o->script && o->weights)
        return options_fail(table, "--script has the weights already: leave out --weights");
    if (o->script && o->fit)
        return options_fail(table, "--fit takes the steps from its file: leave out --script");
    return -1;
}

int calibrate_command(int argc, char **argv)
{
    struct calibrate_options o = {.hold_s = 8.0,
                                  .long_hold_s = 60.0,
                                  .uncertainty_pct = (double)NAN,
                                  .temperature_c = (double)NAN,
                                  .valid_months = 12,
                                  .baud = 9600,
                                  .live_unit = "n"};
    const struct option_row rows[] = {
        {"weights", OPTION_TEXT, &o.weights, "KG,KG,...", "weights there are (else asked for)", 0,
         0},
        {"puck-mm", OPTION_NUMBER, &o.puck_mm, "MM", "diameter of the round puck", 2, 500},
        {"even-kpa", OPTION_TEXT, &o.even_kpa, "KPA,...", "even loads, or 'unknown'", 0, 0},
        {"hold", OPTION_NUMBER, &o.hold_s, "S", "how long each load is measured (8)", 2, 600},
        {"long-hold", OPTION_NUMBER, &o.long_hold_s, "S", "the one that shows creep (60)", 10, 600},
        {"script", OPTION_TEXT, &o.script, "FILE", "the procedure, written down", 0, 0},
        {"live", OPTION_TEXT, &o.live, "PORT|FILE", "a load cell or scale that says its reading", 0,
         0},
        {"live-unit", OPTION_TEXT, &o.live_unit, "UNIT", "of its reading: n, kg or kpa (n)", 0, 0},
        {"live-baud", OPTION_COUNT, &o.baud, "BAUD", "of its port (9600)", 1, 115200},
        {"reference", OPTION_TEXT, &o.reference, "TEXT", "which weights or instrument", 0, 0},
        {"uncertainty", OPTION_NUMBER, &o.uncertainty_pct, "PCT",
         "standard uncertainty of the reference (1)", 0, 100},
        {"operator", OPTION_TEXT, &o.operator_name, "TEXT", "who calibrates", 0, 0},
        {"note", OPTION_TEXT, &o.note, "TEXT", "for the file", 0, 0},
        {"temperature", OPTION_NUMBER, &o.temperature_c, "C", "of the array (else as it tells)",
         -60, 150},
        {"valid-months", OPTION_COUNT, &o.valid_months, "N", "until it expires (12)", 1, 120},
        {"folder", OPTION_TEXT, &o.folder, "DIR", "where thenard looks for calibrations", 0, 0},
        {"out", OPTION_TEXT, &o.out, "FILE", "the calibration (else FOLDER/SERIAL.json)", 0, 0},
        {"picture", OPTION_TEXT, &o.picture, "FILE", "the drawing (else beside it, .svg)", 0, 0},
        {"run", OPTION_TEXT, &o.run, "FILE", "what is measured (else beside it, .run)", 0, 0},
        {"fresh", OPTION_FLAG, &o.fresh, NULL, "do not go on with steps that were kept", 0, 0},
        {"fit", OPTION_TEXT, &o.fit, "FILE", "fit what was measured before, without a device", 0,
         0},
        {"quiet", OPTION_FLAG, &o.quiet, NULL, "no progress", 0, 0},
    };
    const struct option_table table = {
        "calibrate",
        "DEVICE",
        "Measure a device's sensors with known loads: an even one, then weights on a round puck, "
        "up\n"
        "and down. Without --script each step is asked for. DEVICE is as thenard's --device:\n"
        "auto, auto:SERIAL, serial:/dev/ttyACM0, ... thenard must not have it meanwhile.",
        rows,
        sizeof rows / sizeof *rows,
        0};
    struct options_result result;
    static struct job job; /* large */
    int code = options_read(&table, argc, argv, &result);
    if (code < 0)
        code = check(&o, &table, &result);
    if (code >= 0)
        return code;
    job.options = &o;
    stop_signal_start();
    return calibrate(&job, o.fit ? NULL : result.operands[0]);
}

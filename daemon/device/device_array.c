/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_calibration.h"
#include "hello_words.h"
#include "log.h"

void device_array_finish(struct device_array *array)
{
    pipeline_destroy(array->pipeline);
    array->pipeline = NULL;
    array_layout_finish(&array->layout);
    session_documents_finish(&array->documents);
}

static void say_last(struct device_array *array, struct device_outbox *outbox,
                     struct device_tape *tape)
{
    struct pipeline_output *output = &outbox->scratch->output;
    for (bool more = true; more;) {
        more = pipeline_finish(array->pipeline, output);
        device_outbox_events(outbox, output);
        device_tape_events(tape, output);
    }
}

void device_array_end(struct device_array *array, struct device_outbox *outbox,
                      struct device_tape *tape)
{
    if (!array->pipeline)
        return;
    say_last(array, outbox, tape);
    pipeline_destroy(array->pipeline);
    array->pipeline = NULL;
}

static void start(struct device_array *array, struct device_report *report)
{
    struct thenar_error error = {0};
    /* From below a body the rules name: no model has learned there. */
    const struct classifier *classifier =
        array->layout.mount == MOUNT_MAT ? NULL : array->classifier;
    struct pipeline_options options = {.gate_kpa = array->gate_kpa, .classifier = classifier};
    if (pipeline_create(&array->pipeline, &array->layout, &options, &error) != THENAR_OK) {
        array->pipeline = NULL;
        device_report_set(report, "failed", error.text);
        log_say(LOG_LEVEL_ERROR, array->name, "%s", error.text);
        return;
    }
    array->is_touched = false;
    array->n_absent = 0;
    device_state_describe_filter(&report->state, array->pipeline);
    report->describes_frames = false; /* no frame goes out before what describes it */
    device_report_set(report, "streaming", "");
}

/* A pipeline like the one before, with its zero, and the tare that it was about to take. */
static void start_again(struct device_array *array, struct device_report *report,
                        struct device_outbox *outbox, struct device_tape *tape)
{
    struct pipeline *before = array->pipeline;
    if (before)
        say_last(array, outbox, tape);
    start(array, report);
    if (array->pipeline && before)
        pipeline_follow(array->pipeline, before);
    pipeline_destroy(before);
}

void device_array_restart(struct device_array *array, struct device_report *report,
                          struct device_outbox *outbox, struct device_tape *tape)
{
    log_say(LOG_LEVEL_INFO, array->name, "the device's clock began anew; filters start anew");
    start_again(array, report, outbox, tape);
    device_tape_anew(tape);
}

/* A tare that was asked for before the file began, and is not done: it counts from its first frame.
 */
static void write_pending_tare(const struct device_array *array, struct device_tape *tape)
{
    bool is_loaded;
    float span_s = pipeline_tare_span_s(array->pipeline, &is_loaded);
    if (span_s > 0)
        device_tape_command(tape, &(struct device_tape_command){.name = "tare",
                                                                .request = "",
                                                                .value = (double)span_s,
                                                                .is_loaded = is_loaded,
                                                                .is_done = true});
}

static bool begin_file(struct device_array *array, const struct thenar_feed_status *state,
                       struct device_tape *tape)
{
    if (!array->pipeline || !tape->is_wanted || tape->is_on)
        return false;
    char calibration[THENAR_WORD_BYTES + sizeof state->calibration_date];
    (void)snprintf(calibration, sizeof calibration, "%s%s%s", state->calibration,
                   state->calibration_date[0] ? " " : "", state->calibration_date);
    /* As replay begins: the zero is put into a fresh pipeline. */
    pipeline_set_zero(array->pipeline, pipeline_zero(array->pipeline),
                      pipeline_zero_is_loaded(array->pipeline));
    const struct device_tape_start from = {.description = array->description,
                                           .layout = &array->layout,
                                           .pipeline = array->pipeline,
                                           .calibration = calibration,
                                           .gate_kpa = array->gate_kpa,
                                           .documents = &array->documents};
    enum thenar_status status = device_tape_begin(tape, &from);
    if (status != THENAR_OK)
        log_say(LOG_LEVEL_ERROR, array->name, "not recorded: %s",
                status == THENAR_ERR_MEMORY ? "out of memory" : "the recorder is too busy");
    else
        write_pending_tare(array, tape);
    return status == THENAR_OK;
}

bool device_array_record(struct device_array *array, bool is_wanted, struct device_report *report,
                         struct device_outbox *outbox, struct device_tape *tape)
{
    tape->is_wanted = is_wanted;
    if (is_wanted)
        tape->part = 0;
    if (array->pipeline)
        start_again(array, report, outbox, tape);
    device_tape_end(tape);
    return is_wanted && begin_file(array, &report->state, tape);
}

/* For the files of sessions; when memory is short they do without. */
static void keep_documents(struct device_array *array, const struct device_calibration *calibration)
{
    const struct source_description *description = array->description;
    double now_s = moment_unix_s(moment_now());
    session_documents_finish(&array->documents);
    char *hello = description->has_hello ? hello_words(&description->hello) : NULL;
    if (hello)
        (void)!session_documents_add(&array->documents, SESSION_DOCUMENT_HELLO, description->serial,
                                     hello, now_s);
    free(hello);
    if (calibration->text)
        (void)!session_documents_add(&array->documents, SESSION_DOCUMENT_CALIBRATION,
                                     calibration->file, calibration->text, now_s);
}

static void say_described(const char *name, const struct thenar_feed_status *state)
{
    log_say(LOG_LEVEL_INFO, name,
            "%s %s: %u x %u taxels at %g frames/s, %s, %s; filter of %u taps (%s)", state->model,
            state->serial, state->n_rows, state->n_cols, (double)state->rate_hz, state->mount,
            state->uncalibrated                          ? "uncalibrated: relative values"
            : strcmp(state->calibration, "factory") == 0 ? "calibrated by its factory"
            : state->calibration_date[0]                 ? state->calibration
                                                         : "in units of the recording",
            state->filter_taps, state->filter_form);
}

static void say_news(const char *name, const struct thenar_feed_status *state,
                     const struct source_description *description, bool is_other, bool has_changed)
{
    if (is_other)
        log_say(LOG_LEVEL_WARNING, name, "another device is here now: %s %s in place of %s %s",
                description->model, description->serial, state->model, state->serial);
    else if (has_changed)
        log_say(LOG_LEVEL_INFO, name, "the array or its rate changed; filters start anew");
    if (description->gate_counts > 0)
        log_say(LOG_LEVEL_WARNING, name,
                "the device leaves out taxels at or below %u counts: light pressure is lost",
                description->gate_counts);
}

bool device_array_describe(struct device_array *array, const struct source_description *description,
                           struct device_report *report, struct device_outbox *outbox,
                           struct device_tape *tape)
{
    struct thenar_feed_status *state = &report->state;
    struct device_calibration calibration;
    struct array_layout layout;
    if (array_layout_copy(&layout, &description->layout) != THENAR_OK) {
        device_array_end(array, outbox, tape);
        device_tape_end(tape);
        device_report_set(report, "failed", "out of memory for this array");
        return false;
    }
    device_calibration_find(&calibration, array->calibrations,
                            description->is_calibrated_already ? "" : description->serial, &layout);
    bool is_known = array->layout.n_taxels > 0;
    bool is_other = is_known && (strcmp(state->serial, description->serial) != 0 ||
                                 strcmp(state->model, description->model) != 0);
    array->description = description;
    bool has_changed = is_known && !device_state_is_same_array(&array->layout, &layout);
    say_news(array->name, state, description, is_other, has_changed);
    if (array->pipeline && !is_other && !has_changed) {
        array_layout_finish(&layout);
        device_calibration_tell(&calibration, state, array->name);
        device_calibration_finish(&calibration);
        device_report_set(report, "streaming", "");
        return false;
    }
    device_array_end(array, outbox, tape);
    device_tape_end(tape);
    array_layout_finish(&array->layout);
    array->layout = layout;
    device_state_describe(state, description);
    device_calibration_tell(&calibration, state, array->name);
    keep_documents(array, &calibration);
    device_calibration_finish(&calibration);
    start(array, report);
    if (array->pipeline && description->zero)
        pipeline_set_zero(array->pipeline, description->zero, description->zero_is_loaded);
    if (array->pipeline)
        say_described(array->name, state);
    (void)begin_file(array, state, tape);
    return is_other;
}

void device_array_execute(struct device_array *array, const struct pipeline_input *input,
                          struct device_record *record)
{
    pipeline_execute(array->pipeline, input, record->matrix, &record->output);
    array->is_touched = record->output.features.n_touched > 0;
    for (unsigned i = 0; i < array->n_absent; i++)
        record->matrix[array->absent[i]] = NAN;
}

void device_array_refresh_absent(struct device_array *array)
{
    if (!array->pipeline)
        return;
    const bool *dead = pipeline_dead(array->pipeline);
    array->n_absent = 0;
    for (size_t i = 0; i < array->layout.n_taxels; i++)
        if (!array->layout.exists[i] || dead[i])
            array->absent[array->n_absent++] = (uint16_t)i;
}

size_t device_array_n_dead(const struct device_array *array)
{
    return array->pipeline ? pipeline_n_dead(array->pipeline) : 0;
}

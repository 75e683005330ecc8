/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_array.h"

#include <math.h>
#include <string.h>

#include "device_calibration.h"
#include "log.h"

void device_array_finish(struct device_array *array)
{
    pipeline_destroy(array->pipeline);
    array->pipeline = NULL;
    array_layout_finish(&array->layout);
}

void device_array_end(struct device_array *array, struct device_outbox *outbox)
{
    if (!array->pipeline)
        return;
    struct pipeline_output *output = &outbox->scratch->output;
    for (bool more = true; more;) {
        more = pipeline_finish(array->pipeline, output);
        device_outbox_events(outbox, output);
    }
    pipeline_destroy(array->pipeline);
    array->pipeline = NULL;
}

static void start(struct device_array *array, struct device_report *report)
{
    struct thenar_error error = {0};
    struct pipeline_options options = {.gate_kpa = array->gate_kpa};
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

void device_array_restart(struct device_array *array, struct device_report *report,
                          struct device_outbox *outbox)
{
    log_say(LOG_LEVEL_INFO, array->name, "the device's clock began anew; filters start anew");
    device_array_end(array, outbox);
    start(array, report);
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
                           struct device_report *report, struct device_outbox *outbox)
{
    struct thenar_feed_status *state = &report->state;
    struct device_calibration calibration;
    struct array_layout layout;
    if (array_layout_copy(&layout, &description->layout) != THENAR_OK) {
        device_array_end(array, outbox);
        device_report_set(report, "failed", "out of memory for this array");
        return false;
    }
    device_calibration_find(&calibration, array->calibrations, description->serial, &layout);
    bool is_known = array->layout.n_taxels > 0;
    bool is_other = is_known && (strcmp(state->serial, description->serial) != 0 ||
                                 strcmp(state->model, description->model) != 0);
    bool has_changed = is_known && !device_state_is_same_array(&array->layout, &layout);
    say_news(array->name, state, description, is_other, has_changed);
    if (array->pipeline && !is_other && !has_changed) {
        array_layout_finish(&layout);
        device_calibration_tell(&calibration, state, array->name);
        device_report_set(report, "streaming", "");
        return false;
    }
    device_array_end(array, outbox);
    array_layout_finish(&array->layout);
    array->layout = layout;
    device_state_describe(state, description);
    device_calibration_tell(&calibration, state, array->name);
    start(array, report);
    if (array->pipeline)
        say_described(array->name, state);
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

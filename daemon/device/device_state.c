/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void device_state_init(struct thenar_feed_status *state, const char *uri)
{
    thenar_payload_clear(THENAR_TOPIC_STATUS, state);
    (void)snprintf(state->uri, sizeof state->uri, "%s", uri);
    (void)snprintf(state->calibration, sizeof state->calibration, "none");
    state->uncalibrated = true;
    device_state_set(state, "connecting", "");
}

void device_state_set(struct thenar_feed_status *state, const char *word, const char *reason)
{
    (void)snprintf(state->state, sizeof state->state, "%s", word);
    (void)snprintf(state->reason, sizeof state->reason, "%.*s", THENAR_REASON_BYTES - 1, reason);
}

static bool is_same_spline(const struct sensor_spline *a, const struct sensor_spline *b)
{
    bool is_same = a->n_knots == b->n_knots;
    for (unsigned i = 0; is_same && i < a->n_knots; i++)
        is_same = a->conductance_us[i] == b->conductance_us[i] &&
                  a->pressure_kpa[i] == b->pressure_kpa[i];
    return is_same;
}

static bool is_same_creep(const struct sensor_creep *a, const struct sensor_creep *b)
{
    return a->pct_decade == b->pct_decade && a->reference_s == b->reference_s &&
           a->onset_s == b->onset_s && a->limit_s == b->limit_s;
}

bool device_state_is_same_array(const struct array_layout *a, const struct array_layout *b)
{
    size_t n = a->n_taxels;
    return a->mount == b->mount && a->n_rows == b->n_rows && a->n_cols == b->n_cols &&
           a->rate_hz == b->rate_hz && a->pitch_x_mm == b->pitch_x_mm &&
           a->pitch_y_mm == b->pitch_y_mm && a->has_sneak_paths == b->has_sneak_paths &&
           a->sensor.full_scale_counts == b->sensor.full_scale_counts &&
           a->sensor.reference_ohm == b->sensor.reference_ohm && a->sensor.unit == b->sensor.unit &&
           a->sensor.circuit == b->sensor.circuit && a->sensor.calibrated == b->sensor.calibrated &&
           a->sensor.conductance_100kpa_us == b->sensor.conductance_100kpa_us &&
           a->sensor.exponent == b->sensor.exponent &&
           is_same_spline(&a->sensor.spline, &b->sensor.spline) &&
           is_same_creep(&a->sensor.creep, &b->sensor.creep) &&
           a->sensor.uncertainty_pct == b->sensor.uncertainty_pct &&
           memcmp(a->x_mm, b->x_mm, n * sizeof *a->x_mm) == 0 &&
           memcmp(a->y_mm, b->y_mm, n * sizeof *a->y_mm) == 0 &&
           memcmp(a->sensing_mm2, b->sensing_mm2, n * sizeof *a->sensing_mm2) == 0 &&
           memcmp(a->gain, b->gain, n * sizeof *a->gain) == 0 &&
           memcmp(a->exists, b->exists, n * sizeof *a->exists) == 0;
}

void device_state_describe(struct thenar_feed_status *state,
                           const struct source_description *description)
{
    static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};
    const struct array_layout *layout = &description->layout;
    (void)snprintf(state->model, sizeof state->model, "%s", description->model);
    (void)snprintf(state->serial, sizeof state->serial, "%s", description->serial);
    (void)snprintf(state->firmware, sizeof state->firmware, "%s", description->firmware);
    (void)snprintf(state->mount, sizeof state->mount, "%s", mounts[layout->mount]);
    state->n_rows = layout->n_rows;
    state->n_cols = layout->n_cols;
    state->pitch_x_mm = layout->pitch_x_mm;
    state->pitch_y_mm = layout->pitch_y_mm;
    state->rate_hz = layout->rate_hz;
    state->uncalibrated = !array_layout_is_kpa(layout);
    bool is_calibrated = layout->sensor.unit == UNIT_COUNTS && layout->sensor.calibrated;
    (void)snprintf(state->calibration, sizeof state->calibration, "%s",
                   is_calibrated ? "factory" : "none");
    state->calibration_uncertainty_pct = is_calibrated ? layout->sensor.uncertainty_pct : NAN;
}

void device_state_describe_filter(struct thenar_feed_status *state, const struct pipeline *pipeline)
{
    const struct lowpass_design *design = pipeline_lowpass(pipeline);
    (void)snprintf(state->filter_form, sizeof state->filter_form, "%s",
                   pipeline_filter_form(pipeline));
    (void)snprintf(state->technique_model, sizeof state->technique_model, "%s",
                   pipeline_technique_model(pipeline));
    state->filter_taps = (uint32_t)design->n_taps;
    state->filter_pass_hz = design->pass_hz;
    state->filter_stop_hz = design->stop_hz;
    state->filter_delay_ms = design->delay_ms;
}

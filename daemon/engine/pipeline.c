/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration.h"
#include "signal/creep.h"
#include "signal/crosstalk.h"
#include "signal/denormals.h"
#include "signal/lowpass_direct.h"
#include "signal/noise_floor.h"
#include "signal/taxel_health.h"
#include "signal/zero_tracker.h"
#include "technique/linear_model.h"
#include "technique/technique_tracker.h"

_Static_assert((int)PIPELINE_STROKES_MAX >= (int)TRACKER_STROKES_MAX, "strokes fit");
_Static_assert((int)PIPELINE_EPISODES_MAX >= (int)TRACKER_EPISODES_MAX, "episodes fit");

/* A tare in progress: the mean of what the array reads over a span of frames. */
struct tare {
    bool wanted, is_loaded;
    float span_s;
    double start_s;
    unsigned n_frames; /* 0: the span begins with the next frame */
    float *sum;        /* [n_taxels] */
};

struct pipeline {
    struct array_layout layout;
    struct lowpass_design design;
    struct crosstalk *crosstalk; /* NULL: the front end has no sneak currents */
    struct calibration *calibration;
    struct creep *creep; /* NULL: nothing is known of it */
    struct zero_tracker *zero_tracker;
    struct lowpass_direct *lowpass;
    struct noise_floor *noise_floor;
    struct frame_features_map *features_map;
    struct taxel_health *health;
    struct technique_tracker *tracker;
    struct motion_intensity motion;
    struct mat_load *mat; /* NULL: another mount */
    struct technique_output technique;
    struct tare tare;
    float *unsneaked;     /* [n_taxels] counts without sneak currents; NULL without crosstalk */
    float *raw;           /* [n_taxels] calibrated, before the low-pass */
    float fixed_gate_kpa; /* NaN: from the noise floor */
    const struct classifier *classifier;
    struct linear_model *shipped; /* NULL: the classifier is somebody else's */
    double last_s;
    bool running; /* at least one frame was seen */
};

/* What makes values true: calibration, and the corrections that this device needs. */
static enum thenar_status create_corrections(struct pipeline *p)
{
    const struct array_layout *layout = &p->layout;
    enum thenar_status status = calibration_create(&p->calibration, layout);
    if (status == THENAR_OK)
        status = zero_tracker_create(&p->zero_tracker, layout);
    if (status == THENAR_OK) {
        status = creep_create(&p->creep, layout);
        status = status == THENAR_ERR_ABSENT ? THENAR_OK : status;
    }
    if (status != THENAR_OK || !layout->has_sneak_paths || layout->sensor.unit != UNIT_COUNTS)
        return status;
    p->unsneaked = calloc(layout->n_taxels, sizeof *p->unsneaked);
    return p->unsneaked ? crosstalk_create(&p->crosstalk, layout) : THENAR_ERR_MEMORY;
}

static enum thenar_status create_stages(struct pipeline *p)
{
    const struct array_layout *layout = &p->layout;
    enum thenar_status status = lowpass_design_make(&p->design, layout->rate_hz);
    if (status == THENAR_OK)
        status = create_corrections(p);
    if (status == THENAR_OK)
        status =
            lowpass_direct_create(&p->lowpass, p->design.taps, p->design.n_taps, layout->n_taxels);
    if (status == THENAR_OK)
        status = noise_floor_create(&p->noise_floor, layout, p->design.noise_gain);
    if (status == THENAR_OK)
        status = frame_features_create(&p->features_map, layout);
    if (status == THENAR_OK)
        status = taxel_health_create(&p->health, layout);
    if (status == THENAR_OK)
        status = technique_tracker_create(&p->tracker, layout, p->classifier);
    if (status == THENAR_OK && layout->mount == MOUNT_MAT)
        status = mat_load_create(&p->mat, layout);
    return status;
}

static void take_rest(struct pipeline *p, const float *samples)
{
    unsigned n_saturated;
    calibration_execute_samples(p->calibration, samples, p->raw, &n_saturated);
    calibration_tare(p->calibration, p->raw);
}

enum thenar_status pipeline_create(struct pipeline **out, const struct array_layout *layout,
                                   const struct pipeline_options *options,
                                   struct thenar_error *error)
{
    *out = NULL;
    if (options && options->gate_kpa < 0)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "the gate must not be negative, and is %g",
                           (double)options->gate_kpa);
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a pipeline");
    p->fixed_gate_kpa = options ? options->gate_kpa : NAN;
    p->classifier = options ? options->classifier : NULL;
    if (!p->classifier && layout->mount == MOUNT_MAT)
        p->classifier = &classifier_rules; /* no model has learned from below a body */
    enum thenar_status status = array_layout_copy(&p->layout, layout);
    if (status == THENAR_OK && !p->classifier) {
        status = linear_model_shipped(&p->shipped, error);
        p->classifier = p->shipped ? &p->shipped->classifier : NULL;
    }
    if (status == THENAR_OK) {
        p->raw = calloc(layout->n_taxels, sizeof *p->raw);
        p->tare.sum = calloc(layout->n_taxels, sizeof *p->tare.sum);
        status = p->raw && p->tare.sum ? create_stages(p) : THENAR_ERR_MEMORY;
    }
    if (status == THENAR_OK && options && options->rest_samples)
        take_rest(p, options->rest_samples);
    if (status != THENAR_OK) {
        pipeline_destroy(p);
        return thenar_fail(error, status,
                           status == THENAR_ERR_MEMORY
                               ? "out of memory for a pipeline of %u x %u taxels"
                               : "cannot process %u x %u taxels at %g frames/s: its sensor law, "
                                 "or a rate outside 10..2000 frames/s",
                           layout->n_rows, layout->n_cols, (double)layout->rate_hz);
    }
    *out = p;
    return THENAR_OK;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    mat_load_destroy(pipeline->mat);
    technique_tracker_destroy(pipeline->tracker);
    linear_model_destroy(pipeline->shipped);
    taxel_health_destroy(pipeline->health);
    frame_features_destroy(pipeline->features_map);
    noise_floor_destroy(pipeline->noise_floor);
    lowpass_direct_destroy(pipeline->lowpass);
    zero_tracker_destroy(pipeline->zero_tracker);
    creep_destroy(pipeline->creep);
    calibration_destroy(pipeline->calibration);
    crosstalk_destroy(pipeline->crosstalk);
    free(pipeline->unsneaked);
    free(pipeline->tare.sum);
    free(pipeline->raw);
    array_layout_finish(&pipeline->layout);
    free(pipeline);
}

/* Histories begin anew with the next frame; the zero and the names go on. */
static void restart_histories(struct pipeline *p)
{
    lowpass_direct_reset(p->lowpass);
    technique_tracker_reset(p->tracker);
    motion_intensity_reset(&p->motion);
    if (p->mat)
        mat_load_reset(p->mat);
    p->tare.n_frames = 0;
}

static void note_time(struct pipeline *p, double device_s)
{
    double filter_s = (double)p->design.n_taps / (double)p->layout.rate_hz;
    if (p->running && device_s - p->last_s > filter_s)
        restart_histories(p);
    p->last_s = device_s;
    p->running = true;
}

/* Adds one frame to the tare; true when the span is full and the zero in force changed. */
static bool tare_execute(struct pipeline *p, double device_s)
{
    struct tare *tare = &p->tare;
    size_t n_taxels = p->layout.n_taxels;
    if (tare->n_frames == 0) {
        memset(tare->sum, 0, n_taxels * sizeof *tare->sum);
        tare->start_s = device_s;
    }
    for (size_t i = 0; i < n_taxels; i++)
        tare->sum[i] += p->raw[i];
    tare->n_frames++;
    if (device_s - tare->start_s < (double)tare->span_s)
        return false;

    for (size_t i = 0; i < n_taxels; i++)
        tare->sum[i] /= (float)tare->n_frames;
    calibration_tare(p->calibration, tare->sum);
    zero_tracker_tared(p->zero_tracker, tare->is_loaded);
    if (p->mat)
        mat_load_tared(p->mat);
    tare->wanted = false;
    return true;
}

/* A taxel that is stuck high must not stand as a contact. */
static void clear_dead(const struct pipeline *p, float *pressure)
{
    if (taxel_health_n_dead(p->health) == 0)
        return;
    const bool *dead = taxel_health_dead(p->health);
    for (size_t i = 0; i < p->layout.n_taxels; i++)
        if (dead[i])
            pressure[i] = 0;
}

static void copy_technique(const struct technique_output *from, struct pipeline_output *output)
{
    output->technique = from->state;
    output->n_contacts = from->n_contacts;
    memcpy(output->contacts, from->contacts, from->n_contacts * sizeof *from->contacts);
    output->n_strokes = from->n_strokes;
    memcpy(output->strokes, from->strokes, from->n_strokes * sizeof *from->strokes);
    output->n_episodes = from->n_episodes;
    memcpy(output->episodes, from->episodes, from->n_episodes * sizeof *from->episodes);
}

/* What was seen happened a filter's delay ago: the phase is told for the frame's own time. */
static void catch_up(const struct pipeline *p, struct technique_state *state)
{
    float phase = state->phase + 1e-3F * p->design.delay_ms * state->pace_cpm / 60.0F;
    state->phase = fminf(phase - floorf(phase), 0.9999F);
}

/* Samples to pressure. @return taxels that are saturated */
static unsigned calibrate(struct pipeline *p, const struct pipeline_input *input,
                          unsigned *n_ghosts)
{
    unsigned n_saturated = 0;
    *n_ghosts = 0;
    if (!input->counts) {
        calibration_execute_samples(p->calibration, input->samples, p->raw, &n_saturated);
    } else if (p->crosstalk) {
        *n_ghosts = crosstalk_execute(p->crosstalk, input->counts, p->unsneaked);
        calibration_execute_samples(p->calibration, p->unsneaked, p->raw, &n_saturated);
        n_saturated = calibration_n_saturated(p->calibration, input->counts);
    } else {
        calibration_execute_counts(p->calibration, input->counts, p->raw, &n_saturated);
    }
    return n_saturated;
}

/* The corrections that change slowly: they act from the next frame on. */
static void correct(struct pipeline *p, const struct pipeline_input *input, const float *pressure,
                    float gate_kpa)
{
    if (p->creep)
        creep_execute(p->creep, pressure, input->device_s, p->calibration);
    zero_tracker_execute(p->zero_tracker, pressure, gate_kpa, noise_floor_sigma_kpa(p->noise_floor),
                         p->calibration);
}

static void judge(const struct pipeline *p, const float *pressure, float gate_kpa,
                  struct pipeline_output *output)
{
    struct creep_undone undone = {NAN, NAN};
    float noise_kpa = noise_floor_sigma_kpa(p->noise_floor) * p->design.noise_gain;
    frame_uncertainty_find(&p->layout.sensor, &output->features, gate_kpa, noise_kpa,
                           &output->uncertainty);
    if (p->creep)
        creep_undo(pressure, p->layout.cell_mm2, p->layout.n_taxels, gate_kpa, p->calibration,
                   &undone);
    output->force_uncorrected_n = undone.force_n;
    output->peak_uncorrected_kpa = undone.peak_kpa;
    output->zero_drift_kpa = zero_tracker_drift_kpa(p->zero_tracker);
}

/* On a mat the hands' pace is that of the whole load: contacts there are the lying body's. */
static void read_mat(struct pipeline *p, const float *pressure, struct pipeline_output *output)
{
    output->mat = mat_reading_none();
    if (!p->mat)
        return;
    output->mat = *mat_load_execute(p->mat, output->device_s, pressure);
    output->technique.pace_cpm = output->mat.pace_cpm;
    output->technique.pace_confidence = output->mat.pace_confidence;
    output->technique.regularity_pct = NAN;
    output->technique.pace_hand_cpm = NAN;
    output->technique.phase = output->technique.phase_confidence = NAN;
}

void pipeline_execute(struct pipeline *pipeline, const struct pipeline_input *input,
                      float *pressure, struct pipeline_output *output)
{
    struct pipeline *p = pipeline;
    denormals_flush_to_zero();
    note_time(p, input->device_s);
    output->sequence = input->sequence;
    output->device_s = input->device_s;

    unsigned n_saturated = calibrate(p, input, &output->n_ghosts);
    lowpass_direct_execute(p->lowpass, p->raw, pressure);

    noise_floor_execute(p->noise_floor, p->raw, pressure);
    float gate_kpa =
        isnan(p->fixed_gate_kpa) ? noise_floor_gate_kpa(p->noise_floor) : p->fixed_gate_kpa;
    if (taxel_health_execute(p->health, input->counts, input->samples, p->raw, gate_kpa))
        frame_features_mask(p->features_map, taxel_health_dead(p->health));
    clear_dead(p, pressure);

    frame_features_execute(p->features_map, pressure, p->raw, gate_kpa, n_saturated,
                           &output->features);
    judge(p, pressure, gate_kpa, output);
    technique_tracker_execute(p->tracker,
                              &(struct technique_input){
                                  .device_s = input->device_s,
                                  .pressure = pressure,
                                  .features = &output->features,
                                  .gate_kpa = gate_kpa,
                              },
                              &p->technique);
    copy_technique(&p->technique, output);
    catch_up(p, &output->technique);
    motion_intensity_execute(&p->motion, input->motion, input->n_motion);
    output->motion_rms_m_s2 = motion_intensity_m_s2(&p->motion, input->device_s);
    read_mat(p, pressure, output);

    correct(p, input, pressure, gate_kpa);
    if (p->tare.wanted && tare_execute(p, input->device_s))
        restart_histories(p);
}

bool pipeline_finish(struct pipeline *pipeline, struct pipeline_output *output)
{
    output->sequence = 0;
    output->device_s = pipeline->last_s;
    bool more = technique_tracker_finish(pipeline->tracker, &pipeline->technique);
    copy_technique(&pipeline->technique, output);
    return more;
}

void pipeline_tare(struct pipeline *pipeline, float span_s, bool is_loaded)
{
    pipeline->tare.wanted = true;
    pipeline->tare.is_loaded = is_loaded;
    pipeline->tare.span_s = span_s;
    pipeline->tare.n_frames = 0;
}

bool pipeline_is_taring(const struct pipeline *pipeline)
{
    return pipeline->tare.wanted;
}

float pipeline_tare_span_s(const struct pipeline *pipeline, bool *is_loaded)
{
    *is_loaded = pipeline->tare.is_loaded;
    return pipeline->tare.wanted ? pipeline->tare.span_s : 0;
}

const float *pipeline_zero(const struct pipeline *pipeline)
{
    return calibration_zeros(pipeline->calibration);
}

bool pipeline_zero_is_loaded(const struct pipeline *pipeline)
{
    return zero_tracker_is_loaded(pipeline->zero_tracker);
}

void pipeline_set_zero(struct pipeline *pipeline, const float *zero, bool is_loaded)
{
    calibration_set_zeros(pipeline->calibration, zero);
    zero_tracker_tared(pipeline->zero_tracker, is_loaded);
}

void pipeline_follow(struct pipeline *pipeline, const struct pipeline *before)
{
    pipeline_set_zero(pipeline, pipeline_zero(before), pipeline_zero_is_loaded(before));
    if (before->tare.wanted)
        pipeline_tare(pipeline, before->tare.span_s, before->tare.is_loaded);
}

const struct lowpass_design *pipeline_lowpass(const struct pipeline *pipeline)
{
    return &pipeline->design;
}

const char *pipeline_filter_form(const struct pipeline *pipeline)
{
    return lowpass_direct_form(pipeline->lowpass);
}

bool pipeline_use_form(struct pipeline *pipeline, const char *form)
{
    const char *slash = strchr(form, '/');
    for (int k = 0; slash && k < N_SIGNAL_KERNELS; k++) {
        enum signal_kernel kernel = (enum signal_kernel)k;
        if (strcmp(slash + 1, signal_kernel_name(kernel)) != 0)
            continue;
        calibration_set_kernel(pipeline->calibration, kernel);
        lowpass_direct_set_kernel(pipeline->lowpass, kernel);
        frame_features_set_kernel(pipeline->features_map, kernel);
    }
    return strcmp(pipeline_filter_form(pipeline), form) == 0;
}

const char *pipeline_technique_model(const struct pipeline *pipeline)
{
    return pipeline->classifier->name;
}

const char *pipeline_technique_recipe(const struct pipeline *pipeline)
{
    return pipeline->classifier->recipe;
}

unsigned pipeline_n_dead(const struct pipeline *pipeline)
{
    return taxel_health_n_dead(pipeline->health);
}

const struct window_features *pipeline_window_features(const struct pipeline *pipeline)
{
    return technique_tracker_features(pipeline->tracker);
}

const bool *pipeline_dead(const struct pipeline *pipeline)
{
    return taxel_health_dead(pipeline->health);
}

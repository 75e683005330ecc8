/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pipeline.h - one frame in, everything that Thenar says of it out
 *
 *     sneak currents -> calibrate -> filter -> frame features -> contacts -> technique and pace
 *                          ^             |
 *                          +-- creep, zero
 *
 * Sneak currents are taken out where the front end has them, creep is taken back where it was
 * measured; the zero follows the drift of what nobody touches.
 *
 * A pure function of frames and their times: live, replay and offline analysis run this very code.
 * One pipeline a device. Nothing is allocated, locked or logged after create. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "array_layout.h"
#include "error.h"
#include "signal/frame_features.h"
#include "signal/frame_uncertainty.h"
#include "signal/lowpass_design.h"
#include "signal/motion_intensity.h"
#include "technique/classifier.h"
#include "technique/contact.h"
#include "technique/mat_load.h"
#include "technique/technique.h"

enum { PIPELINE_STROKES_MAX = 4, PIPELINE_EPISODES_MAX = 2 };

struct pipeline_options {
    float gate_kpa; /* touched above it; NaN: from the noise of the array itself */
    /* [n_taxels] what the array reads at rest, as samples; NULL: zero is zero. Read by create. */
    const float *rest_samples;
    const struct classifier *classifier; /* borrowed until destroy; NULL: the one that ships */
};

/* Exactly one of counts and samples is set. */
struct pipeline_input {
    uint32_t sequence;
    double device_s;        /* device time of the frame, never back within one pipeline */
    const uint16_t *counts; /* [n_taxels] */
    const float *samples;   /* [n_taxels] in the unit of the layout's sensor law */
    /* What a motion sensor on the hand read since the frame before; without one n_motion is 0. */
    const struct motion_sample *motion; /* [n_motion] borrowed for the call */
    size_t n_motion;
};

struct pipeline_output {
    uint32_t sequence;
    double device_s;
    struct frame_features features;
    float motion_rms_m_s2; /* of the hand (signal/motion_intensity.h); NaN: no motion sensor */
    struct frame_uncertainty uncertainty;
    float force_uncorrected_n, peak_uncorrected_kpa; /* creep not taken back; NaN: it never is */
    float zero_drift_kpa; /* of what nobody touches, since the last tare */
    unsigned n_ghosts;    /* taxels whose sneak currents could not be told apart in this frame */
    struct technique_state technique;
    struct mat_reading mat; /* of a mat; else nothing */
    unsigned n_contacts;
    struct contact contacts[CONTACTS_MAX]; /* strongest first */
    unsigned n_strokes;                    /* that ended with this frame */
    struct stroke strokes[PIPELINE_STROKES_MAX];
    unsigned n_episodes;
    struct episode episodes[PIPELINE_EPISODES_MAX];
};

struct pipeline;

/**
 * @param layout   copied
 * @param options  NULL: the defaults
 * @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status pipeline_create(struct pipeline **out,
                                                    const struct array_layout *layout,
                                                    const struct pipeline_options *options,
                                                    struct thenar_error *error);
void pipeline_destroy(struct pipeline *pipeline);

/**
 * One frame through all stages. A jump of `device_s` of more than the filter's length is a gap:
 * history is restarted at the new frame, the zero and the current names are kept.
 *
 * @param pressure  out: [n_taxels] filtered, kPa or relative; 0 where no taxel exists, or is dead
 * @param output    out: borrowed by nobody, plain values
 * Context: one thread a pipeline (it sets flush-to-zero for itself); allocates nothing
 */
void pipeline_execute(struct pipeline *pipeline, const struct pipeline_input *input,
                      float *pressure, struct pipeline_output *output);

/**
 * The end of a recording: what was still going on ends, and comes out as strokes and episodes.
 * Call until it answers false; each call fills n_strokes and n_episodes anew.
 * @return true when there is more to fetch
 */
THENAR_NODISCARD bool pipeline_finish(struct pipeline *pipeline, struct pipeline_output *output);

/**
 * Zero over the next `span_s` seconds of frames (default use: 1 s).
 * @param is_loaded  somebody lies on it: the zero then stays as it is until the next plain tare
 */
void pipeline_tare(struct pipeline *pipeline, float span_s, bool is_loaded);

/** True while a tare is collecting. */
bool pipeline_is_taring(const struct pipeline *pipeline);

/** Over how many seconds a tare that is collecting takes its mean; 0: there is none. */
float pipeline_tare_span_s(const struct pipeline *pipeline, bool *is_loaded);

/** The zero in force, [n_taxels] kPa or relative; borrowed, changes when a tare is done. */
const float *pipeline_zero(const struct pipeline *pipeline);

/** Whether that zero was taken under load, and stays as it is. */
bool pipeline_zero_is_loaded(const struct pipeline *pipeline);

/** Begin with the zero of another pipeline for the same array. @param zero [n_taxels] */
void pipeline_set_zero(struct pipeline *pipeline, const float *zero, bool is_loaded);

/** Begin with the zero of the one before, and with the tare that it was about to take. */
void pipeline_follow(struct pipeline *pipeline, const struct pipeline *before);

/** The low-pass in force, and the form and kernel that compute it ("direct/avx2"); borrowed. */
const struct lowpass_design *pipeline_lowpass(const struct pipeline *pipeline);
const char *pipeline_filter_form(const struct pipeline *pipeline);

/**
 * Compute with this kernel from now on, to repeat a recorded run; before the first frame. What only
 * compares taxels (contacts) goes on with the best: it rounds nothing.
 * @param form  as pipeline_filter_form gave it
 * @return whether the form is in force now; else this machine or this build has no such kernel
 */
bool pipeline_use_form(struct pipeline *pipeline, const char *form);

/** What names the techniques, with its version: "rules 1" or a linear model's name. Borrowed. */
const char *pipeline_technique_model(const struct pipeline *pipeline);

/** How that was made. */
const char *pipeline_technique_recipe(const struct pipeline *pipeline);

/** Taxels that exist but never answered: stuck at an end since the start; refreshed each second. */
unsigned pipeline_n_dead(const struct pipeline *pipeline);

/** What the classifier saw last; borrowed, changes with execute. */
const struct window_features *pipeline_window_features(const struct pipeline *pipeline);

/** [n_taxels] true where a taxel is dead; borrowed, changes with execute. */
const bool *pipeline_dead(const struct pipeline *pipeline);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.h - what the hands did in the last HISTORY_S seconds, at even times
 *
 * Frames are averaged in groups and interpolated linearly onto a grid of about 60 samples a second
 * (the frame rate divided by a whole number; below 90 frames/s, the frame rate), so that spectra
 * cost the same at any frame rate and lost frames leave no step in time. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

#define HISTORY_S 40.0F

enum history_signal {
    SIGNAL_FORCE, /* N or relative */
    SIGNAL_X,     /* mm, centre of pressure; the last known while nothing is touched */
    SIGNAL_Y,
    SIGNAL_AREA,     /* cm2 */
    SIGNAL_MAJOR,    /* mm */
    SIGNAL_MINOR,    /* mm */
    SIGNAL_MEAN,     /* kPa or relative */
    SIGNAL_PEAK,     /* kPa or relative */
    SIGNAL_LOBES,    /* contacts that matter */
    SIGNAL_DISTANCE, /* mm between the two strongest */
    SIGNAL_GAP,      /* mm between their edges */
    SIGNAL_FLOW_X,   /* mm/s, of the pressure image (pressure_flow.h) */
    SIGNAL_FLOW_Y,
    SIGNAL_SPREAD,      /* 1/s */
    SIGNAL_TURN,        /* 1/s */
    SIGNAL_GAIN,        /* 1/s */
    SIGNAL_UNEXPLAINED, /* 0..1 */
    SIGNAL_ZONE,        /* N or relative, the first of FLOW_ZONES */
    SIGNAL_ZONE_LAST = SIGNAL_ZONE + 8,
    SIGNAL_TOUCHED, /* 0 or 1 */
    N_SIGNALS
};

struct history;

/** @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status history_create(struct history **out, float rate_hz);
void history_destroy(struct history *history);
void history_reset(struct history *history);

/** Forget what was before the last `span_s` seconds. */
void history_keep(struct history *history, double span_s);

/** Samples a second. */
float history_rate_hz(const struct history *history);

/** Samples there are, up to HISTORY_S seconds. */
size_t history_n(const struct history *history);

/** Add a frame. @param values [N_SIGNALS]. Context: allocates nothing */
void history_push(struct history *history, double device_s, const float *values);

/**
 * The newest samples of one signal, oldest first, in groups of `stride` averaged.
 * @param out  out: [n]; n * stride <= history_n()
 */
void history_read(const struct history *history, enum history_signal signal, size_t stride,
                  size_t n, float *out);

#endif

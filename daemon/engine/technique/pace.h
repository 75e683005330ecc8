/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pace.h - cycles a minute, 6 to 720, of the force and of the place of the hands
 *
 * Spectra over windows of 1.5, 4, 12 and 36 s (each at a rate of its own, so that all cost the
 * same) look for at least three cycles; the shortest window that repeats as well as any is right,
 * being the newest. Events (strokes.h) then say how long the last cycles really took. Where the two
 * agree, the pace is that of the events; where they do not, or where nothing repeats, there is less
 * confidence or no pace: none is better than a wrong one. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>

#include "technique/history.h"
#include "technique/strokes.h"

#define PACE_LEAST_CPM 6.0F
#define PACE_MOST_CPM 720.0F

/* How one signal repeats. */
struct rhythm {
    float hz;       /* cycles a second; NaN: it does not */
    float strength; /* 0..1; 0 with no rhythm */
    float swing;    /* range of a cycle: of the mean for force, in mm for place */
};

enum pace_signal { PACE_OF_FORCE, PACE_OF_PLACE, N_PACE_SIGNALS };

struct pace_reading {
    float pace_cpm;       /* NaN: none */
    float confidence;     /* 0..1; NaN with it */
    float regularity_pct; /* coefficient of variation of the last intervals; NaN */
};

struct pace;

/** @param pitch_mm of the array: swings much below it are not believed. */
THENAR_NODISCARD enum thenar_status pace_create(struct pace **out, float history_rate_hz,
                                                float pitch_mm);
void pace_destroy(struct pace *pace);
void pace_reset(struct pace *pace);

/** How much of the place is noise, mm: a swing that this alone could make is no rhythm. */
void pace_set_jitter(struct pace *pace, float jitter_mm);

/** Look at the newest samples; to be called every PACE_STEP_S of frame time. */
void pace_execute(struct pace *pace, const struct history *history);
#define PACE_STEP_S 0.1

/** What was found, by window and best of all. */
const struct rhythm *pace_rhythm(const struct pace *pace, enum pace_signal signal);
const struct rhythm *pace_fast_rhythm(const struct pace *pace, enum pace_signal signal);

/** The main axis of the place over the last 4 s, a unit vector. */
void pace_axis(const struct pace *pace, float *cosine, float *sine);

/** Spectrum and events together. `cycles`: the events of the same signal. */
struct pace_reading pace_read(const struct pace *pace, enum pace_signal signal,
                              const struct cycle_times *cycles, double device_s);

#endif

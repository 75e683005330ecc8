/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hand_signals.h - hands in closed form, for tests: Gaussian contacts on a grid, and frames from
 * them
 *
 * A contact of peak p and standard deviation s presses with 2 pi s^2 p (kPa mm2 = mN). */
#ifndef HAND_SIGNALS_H
#define HAND_SIGNALS_H

#include "technique/technique_tracker.h"

enum { HAND_BLOBS_MAX = 24, HAND_STROKES_MAX = 4096, HAND_EPISODES_MAX = 64 };

struct hand_blob {
    float x_mm, y_mm, sigma_mm, peak_kpa;
};

/* Where the hands are at a time; returns how many of `blobs` it set. */
typedef unsigned (*hand_move)(double at_s, const void *with, struct hand_blob *blobs);

/* A tracker with its array, and everything that it gave out. */
struct hand_stage {
    struct array_layout layout;
    struct technique_tracker *tracker;
    float *pressure; /* [n_taxels] */
    double at_s;     /* of the next frame */
    struct technique_output output;
    size_t n_strokes, n_episodes;
    struct stroke strokes[HAND_STROKES_MAX];
    struct episode episodes[HAND_EPISODES_MAX];
};

/** A layout in kPa; aborts when there is no memory. */
struct array_layout hand_layout(uint16_t n_rows, uint16_t n_cols, float pitch_mm, float rate_hz);

/** Pressure under the blobs. */
void hand_press(const struct array_layout *layout, const struct hand_blob *blobs, unsigned n,
                float *pressure);

/** Touched taxels above `gate_kpa`; the other features are not filled. */
struct frame_features hand_features(const struct array_layout *layout, const float *pressure,
                                    float gate_kpa);

/** The stage owns `layout` from here on. */
void hand_stage_init(struct hand_stage *stage, const struct array_layout *layout);
void hand_stage_finish(struct hand_stage *stage);

/** Frames for `span_s`; `move` sees times from 0 at the start of this span. */
void hand_stage_play(struct hand_stage *stage, double span_s, hand_move move, const void *with);

/** The end: what goes on comes out. */
void hand_stage_end(struct hand_stage *stage);

/* Moves. `with` as said. */
unsigned hand_none(double at_s, const void *with, struct hand_blob *blobs);

/* Force swells between share `ebb` and 1 of the peak, `hz` times a second. */
struct hand_pulse {
    double hz;
    struct hand_blob blob;
    float ebb;
};
unsigned hand_pulse(double at_s, const void *with, struct hand_blob *blobs);

/* To and fro along x by `swing_mm` in all. */
struct hand_swing {
    double hz;
    struct hand_blob blob;
    float swing_mm;
};
unsigned hand_swing(double at_s, const void *with, struct hand_blob *blobs);

/* Blows of `contact_s` by half a sine, then off. */
struct hand_blow {
    double hz, contact_s;
    struct hand_blob blob;
    float aside_mm;   /* two hands in turn, this far apart; 0: one */
    float other_hand; /* strength of the second, of the first */
};
unsigned hand_blow(double at_s, const void *with, struct hand_blob *blobs);

/* Out along x for `out_s` at an even speed, `back_s` in the air, again. */
struct hand_glide {
    double out_s, back_s;
    struct hand_blob blob;
    float length_mm;
};
unsigned hand_glide(double at_s, const void *with, struct hand_blob *blobs);

/* As many blobs as said, still. */
struct hand_hold {
    unsigned n;
    struct hand_blob blobs[HAND_BLOBS_MAX];
};
unsigned hand_hold(double at_s, const void *with, struct hand_blob *blobs);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strokes_state.h - the readers' memory; private to strokes.c and stroke_summary.c */
#ifndef STROKES_STATE_H
#define STROKES_STATE_H

#include "technique/hand_turns.h"
#include "technique/place_jitter.h"
#include "technique/stroke_queue.h"
#include "technique/strokes.h"

enum { PAST_MAX = 8 };

struct past_touch {
    double start_s, end_s;
    float peak_n, glide_mm, path_mm, spread_mm, dx_mm, dy_mm;
    unsigned n_turns;
};

struct strokes {
    float pitch_mm;
    struct stroke_mark now;
    float force_n;
    bool started;
    float anchor_x_mm, anchor_y_mm; /* the path counts steps of at least step_mm */
    float step_mm;
    struct place_jitter jitter;
    float recent_n; /* leaking peak of the force */
    /* touch */
    bool touched;
    struct stroke_mark touch_start;
    double change_s;
    float touch_peak_kpa, touch_peak_n;
    bool has_base;
    float base_x_mm, base_y_mm, base_major_mm, far_x_mm, far_y_mm, major_mm;
    unsigned n_past;
    struct past_touch past[PAST_MAX];
    double touch_begin_last_s; /* of the touch before; NaN */
    struct cycle_times touch_times;
    /* cycles */
    struct stroke_cycle force, place, push;
    float cosine, sine, along_mm; /* axis of the place, and what joins it to the one before */
    struct hand_turns force_hands, touch_hands;
    unsigned n_turns; /* place cycles within this touch */
    unsigned n_pushes;
    double push_s, rest_s, push_end_s;
    float push_high_n, push_low_n;
    struct stroke_queue waiting[N_STROKE_READERS];
    double given_end_s;
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window_features.h - what a classifier sees: the last seconds in physical units
 *
 * Millimetres, seconds, hertz, square centimetres, and ratios; kPa and N where `is_kpa`, else
 * relative, so that thresholds on them are not for uncalibrated arrays. Nothing depends on the
 * array's size, pitch or frame rate. Values that need touch are NaN in a window without. */
#ifndef WINDOW_FEATURES_H
#define WINDOW_FEATURES_H

#include <stdbool.h>

#include "array_layout.h"
#include "technique/cell_features.h"
#include "technique/history.h"
#include "technique/pace.h"
#include "technique/pattern_features.h"
#include "technique/strokes.h"
#include "technique/trace_features.h"

enum window_span {
    SPAN_FAST,   /* 1.5 s: impacts, ripples, a turn of the hand */
    SPAN_MIDDLE, /* 6 s: strokes and squeezes */
    SPAN_LONG,   /* 24 s: holds and creeping */
    N_SPANS
};

extern const float window_span_s[N_SPANS];

/* One window that ends now. Ratios and millimetres are over its touched samples. */
struct span_features {
    float length_s;      /* as filled so far */
    float touched_share; /* of the time, 0..1 */
    float force_n;       /* mean */
    float force_cv;      /* standard deviation over mean */
    float force_floor;   /* 5th percentile over 95th, of all samples: 0 where hands lift */
    float ripple_cv;     /* what is left of the force beside its straight line, over the mean */
    float force_trend;   /* slope of that line, of the mean, 1/s */
    float peak_kpa, mean_kpa;
    float area_cm2, area_cv;
    float major_mm, minor_mm; /* mean axes of all contact together */
    float major_cv;
    float major_trend_mm_s; /* hands moving apart (+) or closing */
    float major_range_mm;   /* 90 % range of the major axis */
    float reach_mm;         /* 90 % range of the centre of pressure along its main axis */
    float reach_across_mm;  /* and across it */
    float speed_mm_s;       /* mean, of the path smoothed over 0.1 s */
    float drift_mm_s;       /* of its straight line */
    float n_lobes;          /* mean number of contacts with a tenth of the force */
    float distance_mm;      /* mean, between two hands (contact_groups.h); 0 where there is one */
    float gap_mm;           /* mean, between their edges */
};

struct window_features {
    enum array_mount mount;
    bool is_kpa;
    struct span_features span[N_SPANS];
    float pattern[N_SPANS][N_PATTERNS];        /* enum pattern */
    float trace[N_SPANS][N_TRACES * N_SHAPES]; /* [enum trace * N_SHAPES + enum trace_shape] */
    float cell[N_CELL_FEATURES];               /* enum cell_feature */
    struct rhythm force;                       /* of the whole force */
    struct rhythm place;      /* of the centre of pressure along its main axis; swing in mm */
    struct rhythm fast_force; /* the same over the last 1.5 s alone, from 2 Hz up */
    struct rhythm fast_place;
    struct touch_summary touch; /* the touch under way, and the last ones */
    struct cycle_summary swell; /* the last swells of the force */
    struct cycle_summary turn;  /* the last turns to and fro along the main axis */
    struct push_summary push;   /* plateaus of force within it */
};

/** What really presses: on coarse taxels a thumb touches as many as a palm does, but its pressure
 * is within a small ellipse. @return cm2; NaN in a span without touch */
float span_pressed_cm2(const struct span_features *span);

struct window_features_maker;

/** @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status window_features_create(struct window_features_maker **out,
                                                           const struct array_layout *layout,
                                                           float history_rate_hz);
void window_features_destroy(struct window_features_maker *maker);

/** Fill `features` from the history, and what pace and strokes said last. */
void window_features_execute(struct window_features_maker *maker, const struct history *history,
                             const struct pace *pace, const struct strokes *strokes,
                             double device_s, struct window_features *features);

#endif

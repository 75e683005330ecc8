/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strokes.h - cycles of hand movement, by events
 *
 * Three readers follow every frame, since what a cycle is depends on the technique, which is known
 * only a little later: touches (touch to lift), swells of the force (trough to trough) and turns of
 * the hand (to and fro along the main axis of the centre of pressure); a fourth, slow one follows
 * pushes within a hold. What ended waits until the technique is named, and the fitting reader's
 * strokes are then given out; the others' are dropped. Event times are interpolated between frames.
 */
#ifndef STROKES_H
#define STROKES_H

#include <stdbool.h>

#include "array_layout.h"
#include "status.h"
#include "technique/contacts.h"
#include "technique/stroke_cycle.h"
#include "technique/technique.h"

enum stroke_reader { READ_TOUCH, READ_FORCE, READ_PLACE, READ_PUSH, N_STROKE_READERS };

/* The touch under way and the last ones that ended. */
struct touch_summary {
    bool touched;
    float age_s;    /* since touch, or since lift when not touched */
    float glide_mm; /* of the centre of pressure, now from where the touch began to press */
    float path_mm;
    float spread_mm; /* growth of the major axis since */
    unsigned n_past; /* touches among the last that ended within 30 s, up to 8 */
    float past_touch_s, past_pause_s, past_glide_mm, past_path_mm, past_spread_mm; /* means; NaN */
    float past_pause_max_s;
    float past_turns;   /* to and fro within a touch, their mean; NaN */
    float past_aligned; /* 0..1: how much their directions agree */
};

/** Whether the last touches went to and fro, without lifting. */
bool touch_went_to_and_fro(const struct touch_summary *touch);

/** Whether they went somewhere: hands come back from there. */
bool touch_travelled(const struct touch_summary *touch);

/** How long hands that glided may stay in the air and still be on their way back: the longer the
 * stroke, the longer. */
float touch_way_back_s(const struct touch_summary *touch);

/* Plateaus of force: muscle energy. */
struct push_summary {
    unsigned n_pushes;    /* that ended within the touch under way */
    float push_s, rest_s; /* means; NaN */
    float depth;          /* 1 - low / high plateau; NaN */
};

/* The last cycles of one reader, up to four, since the last pause or rest. */
struct cycle_summary {
    unsigned n;       /* intervals: one less than the cycles */
    float interval_s; /* their mean; NaN */
    float variation;  /* their standard deviation over the mean; NaN */
    float since_s;    /* since the last rise; NaN */
    float up_share;   /* of a cycle, above the middle: a blow is short; NaN */
    float up_way_mm;  /* from rise to fall, of the centre of pressure: a glide is long; NaN */
};

struct strokes;

THENAR_NODISCARD enum thenar_status strokes_create(struct strokes **out, float pitch_mm);
void strokes_destroy(struct strokes *strokes);
void strokes_reset(struct strokes *strokes);

/** After a rest: touches before it say nothing about those that follow. */
void strokes_forget(struct strokes *strokes);

/**
 * One frame. Context: allocates nothing
 */
void strokes_execute(struct strokes *strokes, double device_s, const struct contacts_sum *sum);

/** The main axis of the place, and cycles a second where known (NaN), for the readers' thresholds.
 */
void strokes_set_axis(struct strokes *strokes, float cosine, float sine);
void strokes_set_rhythm(struct strokes *strokes, float force_hz, float place_hz);

/** Whether hands are on: with hysteresis, and above what creep leaves behind after a lift. */
bool strokes_touched(const struct strokes *strokes);

/** When that changed last: the touch or the lift, interpolated between frames. */
double strokes_change_s(const struct strokes *strokes);

/** Standard deviation of the noise of the place along one axis, mm: place_jitter.h. */
float strokes_jitter_mm(const struct strokes *strokes);

/** Turns to and fro within the touch under way. */
unsigned strokes_turns(const struct strokes *strokes);

/** Whether two hands are told apart that take turns, by the cycles of READ_FORCE or READ_TOUCH. */
bool strokes_two_hands(const struct strokes *strokes, enum stroke_reader reader);

const struct cycle_times *strokes_times(const struct strokes *strokes, enum stroke_reader reader);
void strokes_touch_summary(const struct strokes *strokes, double device_s,
                           struct touch_summary *summary);
/** Of READ_FORCE or READ_PLACE. */
void strokes_cycle_summary(const struct strokes *strokes, enum stroke_reader reader,
                           struct cycle_summary *summary);
void strokes_push_summary(const struct strokes *strokes, struct push_summary *summary);

/**
 * Strokes that ended and may be given out under `technique`.
 * @param reader   whose cycles are the technique's; N_STROKE_READERS: none (rest), drop what waits
 * @param settled  the name is sure: give out what waits. Otherwise only what has waited too long.
 * @param out      out: [n_max]
 * @return how many
 */
unsigned strokes_take(struct strokes *strokes, double device_s, enum technique technique,
                      enum stroke_reader reader, bool settled, struct stroke *out, unsigned n_max);

/** The end: what is going on ends now. */
void strokes_finish(struct strokes *strokes, double device_s);

#endif

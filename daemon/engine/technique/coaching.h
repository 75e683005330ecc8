/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coaching.h - the plan in force: which step it is, what is said, and the score so far
 *
 *     frames -> pressure of the cycle, holds -> on the step? -> coach, score
 *           time, commands -> step
 *
 * The one entry of plans for the pipeline's owner: live and offline run this very code. A function
 * of frames, their times and commands; nothing is allocated, locked or read from a clock. */
#ifndef COACHING_H
#define COACHING_H

#include "technique/coach.h"
#include "technique/peak_window.h"
#include "technique/score.h"
#include "technique/stroke_rhythm.h"

/* One frame, as far as the coach looks. */
struct coaching_frame {
    double device_s;
    const struct technique_state *technique;
    const struct stroke *strokes; /* [n_strokes] that ended with this frame */
    unsigned n_strokes;
    float force_n, peak_kpa; /* or relative */
    float load_change_n;     /* of a mat; NaN: not known */
    bool is_touched;
    bool is_saturated;
};

enum coaching_state {
    COACHING_NONE,    /* no plan */
    COACHING_WAITING, /* for the first touch */
    COACHING_RUNNING,
    COACHING_PAUSED,
    COACHING_OVER_TIME, /* the step's time is over, and the plan waits for "next" */
    COACHING_FINISHED
};

struct coaching {
    enum array_mount mount;
    bool is_relative; /* no kPa */
    const struct plan *plan;
    enum coaching_state state;
    bool is_paused;
    unsigned step;
    double step_s;        /* time of the step so far */
    unsigned n_announced; /* how often "move on" was said for its end */
    double announced_s;
    enum technique declared;
    enum plan_variant variant;
    struct coach coach;
    struct score score;
    struct hold_watch holds;
    unsigned n_holds_scored, n_holds_at_begin;
    struct peak_window peaks;
    struct stroke_rhythm rhythm;
    bool follows_hands;
    enum technique followed; /* what was surely seen last, and for how long in this step */
    double followed_s;
    bool is_running, is_touched, is_on_step;
    double last_s, tick_s, match_since_s, touched_s;
    float touch_part; /* of the last half second */
    bool matches;
    unsigned n_cues;
    struct coach_cue last_cue;
    bool cue_waits; /* a cue of the plan itself ("move on") */
    struct coach_cue waiting;
};

/* What is known now, for whoever shows it. */
struct coaching_report {
    enum coaching_state state;
    const struct plan *plan;      /* NULL: none */
    const struct plan_step *step; /* NULL: none, or finished */
    unsigned i_step;              /* 0-based; n_steps when finished */
    float elapsed_s, left_s;      /* of the step; left is not below 0 */
    enum technique declared;      /* TECHNIQUE_UNKNOWN: nothing */
    enum plan_variant variant;
    bool is_on_step;
    float pressure_kpa; /* what the coach judges; NaN */
    bool has_holds;     /* the step, or what is declared, is held */
    struct hold_reading hold;
    struct score_parts score;
    bool has_pain;
    unsigned n_cues;
};

/** A device, as it is now: no plan. What was declared is forgotten. */
void coaching_init(struct coaching *coaching, enum array_mount mount, bool is_relative);

/** The same plan on an array that was described anew: its kPa and mount may be others. */
void coaching_set_array(struct coaching *coaching, enum array_mount mount, bool is_relative);

/** @param plan  borrowed until another one starts, or coaching_stop */
void coaching_start(struct coaching *coaching, const struct plan *plan, enum plan_cues policy);
void coaching_stop(struct coaching *coaching);

/**
 * To the next step (+1) or the one before (-1). Beyond the last, the plan is finished.
 * @return false: there is no plan, or no step before
 */
bool coaching_move(struct coaching *coaching, int steps);

/**
 * For recordings in which nobody says "next": steps that wait for it go on when the hands surely do
 * what a later step wants. Off until it is asked for; a plan whose steps go by time takes no
 * notice.
 */
void coaching_follow_hands(struct coaching *coaching, bool is_wanted);

/** The step's time stands still, and nothing is said but "stop". */
void coaching_pause(struct coaching *coaching, bool is_paused);

/** What is being done, when the array cannot show it; TECHNIQUE_UNKNOWN takes it back. */
void coaching_declare(struct coaching *coaching, enum technique technique,
                      enum plan_variant variant);

/** The receiver's word: 0 no pain .. 10 the worst; NaN: the button. */
void coaching_comfort(struct coaching *coaching, float pain);

/**
 * One frame.
 * @param cue  out: written when there is one
 * @return whether there is a cue
 */
bool coaching_execute(struct coaching *coaching, const struct coaching_frame *frame,
                      struct coach_cue *cue);

void coaching_read(const struct coaching *coaching, struct coaching_report *report);

/** "waiting", "running", "paused", "over time", "finished"; "none" without a plan. */
const char *coaching_state_name(enum coaching_state state);

/** Whether what is seen is what a step wants, on this mount. Pure; for tests and offline tools. */
bool coaching_matches(enum technique wanted, enum technique seen, enum technique declared,
                      enum array_mount mount);

#endif

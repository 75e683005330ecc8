/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/coaching.h"

#include <math.h>
#include <string.h>

#include "technique/coaching_parts.h"

static const double LIFT_S = 3; /* hands that are off so long are off */
/* A taxel that flickers is no hand: of the last half second so much must be touched. Impacts of
 * 50 ms, four a second, are a fifth. */
static const float TOUCH_TAU_S = 0.5F, TOUCH_LEAST = 0.12F;

const char *coaching_state_name(enum coaching_state state)
{
    static const char *const names[] = {"none",   "waiting",   "running",
                                        "paused", "over time", "finished"};
    return (unsigned)state < sizeof names / sizeof *names ? names[state] : "none";
}

void coaching_set_array(struct coaching *c, enum array_mount mount, bool is_relative)
{
    c->mount = mount;
    c->is_relative = is_relative;
    hold_watch_init(&c->holds, mount == MOUNT_MAT);
    c->n_holds_scored = c->n_holds_at_begin = 0;
    c->coach.holds.n_seen = 0;
    peak_window_init(&c->peaks);
    stroke_rhythm_init(&c->rhythm);
    c->is_running = c->is_touched = c->matches = c->is_on_step = false;
    c->touch_part = 0;
}

void coaching_init(struct coaching *c, enum array_mount mount, bool is_relative)
{
    memset(c, 0, sizeof *c);
    coaching_set_array(c, mount, is_relative);
    coach_init(&c->coach, PLAN_CUES_TRUSTED);
    score_init(&c->score);
}

void coaching_follow_hands(struct coaching *c, bool is_wanted)
{
    c->follows_hands = is_wanted;
}

void coaching_pause(struct coaching *c, bool is_paused)
{
    if (c->plan)
        c->is_paused = is_paused;
}

void coaching_declare(struct coaching *c, enum technique technique, enum plan_variant variant)
{
    c->declared = technique;
    c->variant = variant;
}

void coaching_comfort(struct coaching *c, float pain)
{
    coach_comfort(&c->coach, pain);
}

/* ---- what is done ---- */

/* ---- ten times a second ---- */

static void keep_score(struct coaching *c, const struct coach_view *view, double span_s)
{
    if (!view->step)
        return;
    struct score_moment moment = {.span_s = (float)span_s,
                                  .step = c->step,
                                  .is_on_step = c->is_on_step,
                                  .pressure_kpa = view->pressure_kpa,
                                  .pace_cpm = view->pace_cpm,
                                  .regularity_pct = view->regularity_pct};
    score_add(&c->score, c->plan, &moment);
    if (view->hold.n_holds != c->n_holds_scored) {
        c->n_holds_scored = view->hold.n_holds;
        if (plan_is_held(view->step->technique))
            score_add_hold(&c->score, view->step, view->hold.hold_s);
    }
}

static bool tick(struct coaching *c, const struct coaching_frame *frame, struct coach_cue *cue)
{
    struct coach_view view;
    double span_s = frame->device_s - c->tick_s;
    c->tick_s = frame->device_s;
    peak_window_close(&c->peaks);
    coaching_mind_time(c, span_s);
    coaching_mind_hands(c, frame->technique, span_s);
    coaching_note_match(c, coaching_step_now(c), frame->technique);
    coaching_make_view(c, frame, &view);
    keep_score(c, &view, span_s);
    if (!c->plan)
        return false;
    enum coach_word word = coach_execute(&c->coach, &view, cue);
    if (word == COACH_NOTHING && c->cue_waits) {
        *cue = c->waiting;
        c->cue_waits = false;
        coach_note(&c->coach, frame->device_s);
        word = cue->word;
    }
    if (word == COACH_NOTHING)
        return false;
    c->last_cue = *cue;
    c->n_cues++;
    return true;
}

/* A device that was away, or whose clock began anew: that time is nobody's. */
static void take_up(struct coaching *c, double device_s)
{
    c->is_running = true;
    c->tick_s = c->last_s = c->match_since_s = device_s;
    c->touched_s = -(double)INFINITY;
    c->touch_part = 0;
    peak_window_init(&c->peaks);
}

static void note_touch(struct coaching *c, const struct coaching_frame *frame)
{
    float step_s = (float)(frame->device_s - c->last_s);
    c->touch_part += ((float)frame->is_touched - c->touch_part) * fminf(1, step_s / TOUCH_TAU_S);
    if (frame->is_touched && c->touch_part >= TOUCH_LEAST &&
        frame->technique->technique != TECHNIQUE_REST)
        c->touched_s = frame->device_s;
    c->is_touched = frame->device_s - c->touched_s < LIFT_S;
}

bool coaching_execute(struct coaching *c, const struct coaching_frame *frame, struct coach_cue *cue)
{
    double device_s = frame->device_s;
    if (!c->is_running || device_s < c->last_s || device_s - c->last_s > 2)
        take_up(c, device_s);
    note_touch(c, frame);
    c->last_s = device_s;
    peak_window_put(&c->peaks, frame->is_touched, frame->peak_kpa, frame->is_saturated);
    coaching_note_strokes(c, frame);
    float force_n = c->mount == MOUNT_MAT ? frame->load_change_n : frame->force_n;
    if (!isnan(force_n))
        hold_watch_execute(&c->holds, device_s, force_n,
                           coaching_has_kpa(c) ? frame->peak_kpa : NAN);
    if (device_s - c->tick_s < COACHING_TICK_S - 1e-6)
        return false;
    return tick(c, frame, cue);
}

void coaching_read(const struct coaching *c, struct coaching_report *r)
{
    const struct plan_step *step = coaching_step_now(c);
    bool is_saturated;
    *r = (struct coaching_report){.state = c->is_paused ? COACHING_PAUSED : c->state,
                                  .plan = c->plan,
                                  .step = step,
                                  .i_step = c->step,
                                  .elapsed_s = (float)c->step_s,
                                  .left_s = NAN,
                                  .declared = c->declared,
                                  .variant = c->variant,
                                  .is_on_step = c->is_on_step,
                                  .has_pain = c->coach.has_pain,
                                  .n_cues = c->n_cues};
    enum technique technique = c->declared;
    if (step) {
        r->left_s = fmaxf(0, step->duration_s - (float)c->step_s);
        if (technique == TECHNIQUE_UNKNOWN)
            technique = step->technique;
        if (c->variant == PLAN_VARIANT_NONE && technique == step->technique)
            r->variant = step->variant;
    }
    r->pressure_kpa = coaching_judged_kpa(c, technique, NAN, &is_saturated);
    r->has_holds = plan_is_held(technique);
    hold_watch_read(&c->holds, &r->hold);
    r->hold.n_holds -= c->n_holds_at_begin;
    if (c->plan) {
        struct score_parts *score = &r->score;
        score_read(&c->score, c->plan, c->step, c->step_s, score);
        /* A mat does not feel whether hands are there: time that passed is nobody's practice. */
        if (c->mount == MOUNT_MAT && isnan(score->pressure_pct) && isnan(score->pace_pct) &&
            isnan(score->regularity_pct) && isnan(score->holds_pct))
            score->practice_score = NAN;
    } else {
        r->score = (struct score_parts){NAN, NAN, NAN, NAN, NAN, NAN};
    }
}

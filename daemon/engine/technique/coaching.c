/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/coaching.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double TICK_S = 0.1;
static const double MATCH_S = 1; /* how long a change of what is done must last */
static const double LIFT_S = 3;  /* hands that are off so long are off */
static const double ANNOUNCE_AGAIN_S = 60;
static const float PACE_CONFIDENCE = 0.5F;

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
    c->coach.n_holds_seen = 0;
    c->n_buckets = c->at = 0;
    c->filling.peak_kpa = NAN;
    c->filling.is_saturated = false;
    c->is_running = c->is_touched = c->matches = c->is_on_step = false;
}

void coaching_init(struct coaching *c, enum array_mount mount, bool is_relative)
{
    memset(c, 0, sizeof *c);
    coaching_set_array(c, mount, is_relative);
    coach_init(&c->coach, COACH_TRUSTED);
    score_init(&c->score);
}

/* ---- steps ---- */

static const struct plan_step *step_now(const struct coaching *c)
{
    return c->plan && c->step < c->plan->n_steps ? &c->plan->steps[c->step] : NULL;
}

static void begin_step(struct coaching *c)
{
    struct hold_reading hold;
    hold_watch_read(&c->holds, &hold);
    c->n_holds_scored = c->n_holds_at_begin = hold.n_holds;
    c->step_s = 0;
    c->is_announced = false;
    c->matches = c->is_on_step = false;
    c->declared = TECHNIQUE_UNKNOWN;
    c->variant = PLAN_VARIANT_NONE;
    coach_begin_step(&c->coach);
    c->coach.n_holds_seen = hold.n_holds;
}

void coaching_start(struct coaching *c, const struct plan *plan, enum coach_policy policy)
{
    c->plan = plan;
    c->state = COACHING_WAITING;
    c->step = 0;
    c->is_paused = c->cue_waits = false;
    c->n_cues = 0;
    coach_init(&c->coach, policy);
    score_init(&c->score);
    begin_step(c);
}

void coaching_stop(struct coaching *c)
{
    c->plan = NULL;
    c->state = COACHING_NONE;
    c->cue_waits = c->is_paused = false;
}

static void tell_duration(char *text, size_t n_space, float duration_s)
{
    if (duration_s < 90)
        (void)snprintf(text, n_space, "%.0f s", (double)duration_s);
    else
        (void)snprintf(text, n_space, "%.3g min", (double)(duration_s / 60));
}

/* "myofascial_release" as a person says it. */
static void tell_technique(char *text, size_t n_space, enum technique technique)
{
    (void)snprintf(text, n_space, "%s", technique_name(technique));
    for (char *c = text; *c; c++)
        if (*c == '_')
            *c = ' ';
}

static void announce(struct coaching *c)
{
    const struct plan_step *step = step_now(c);
    char technique[40], duration[24];
    struct coach_cue *cue = &c->waiting;
    *cue = (struct coach_cue){.word = COACH_MOVE_ON,
                              .measure = COACH_OF_TIME,
                              .value = (float)c->step_s,
                              .low = NAN,
                              .high = NAN};
    c->cue_waits = true;
    if (!step) {
        (void)snprintf(cue->text, sizeof cue->text, "That was the last step. Let go slowly.");
        return;
    }
    tell_technique(technique, sizeof technique, step->technique);
    tell_duration(duration, sizeof duration, step->duration_s);
    (void)snprintf(cue->text, sizeof cue->text, "Move on: %s, %s, %s.", technique, step->region,
                   duration);
}

bool coaching_move(struct coaching *c, int steps)
{
    if (!c->plan || (steps < 0 && (c->step == 0 || c->step > c->plan->n_steps)))
        return false;
    if (steps > 0 && c->state == COACHING_FINISHED)
        return false;
    c->step += (unsigned)steps;
    if (c->state != COACHING_WAITING)
        c->state = COACHING_RUNNING;
    if (c->step >= c->plan->n_steps) {
        c->step = c->plan->n_steps;
        c->state = COACHING_FINISHED;
    }
    begin_step(c);
    announce(c);
    return true;
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

bool coaching_matches(enum technique wanted, enum technique seen, enum technique declared,
                      enum array_mount mount)
{
    if (declared != TECHNIQUE_UNKNOWN)
        return declared == wanted;
    if (!technique_is_visible(wanted, mount) || seen == wanted)
        return true;
    if (seen == TECHNIQUE_HOLD)
        return plan_is_held(wanted);
    if (seen == TECHNIQUE_RHYTHM)
        return !plan_is_held(wanted);
    /* These two show only in their history; each of their holds looks like another technique. */
    return (wanted == TECHNIQUE_SOFT_TISSUE_RELEASE || wanted == TECHNIQUE_MUSCLE_ENERGY) &&
           plan_is_held(seen);
}

static void note_match(struct coaching *c, const struct plan_step *step,
                       const struct technique_state *technique)
{
    bool matches = step && c->is_touched &&
                   coaching_matches(step->technique, technique->technique, c->declared, c->mount);
    if (matches != c->matches) {
        c->matches = matches;
        c->match_since_s = c->last_s;
    }
    if (c->last_s - c->match_since_s >= MATCH_S - 1e-9)
        c->is_on_step = matches;
}

static void fill_bucket(struct coaching *c, const struct coaching_frame *frame)
{
    if (frame->is_touched && !(frame->peak_kpa <= c->filling.peak_kpa))
        c->filling.peak_kpa = frame->peak_kpa;
    c->filling.is_saturated = c->filling.is_saturated || frame->is_saturated;
}

static void close_bucket(struct coaching *c)
{
    c->buckets[c->at] = c->filling;
    c->at = (c->at + 1) % COACHING_BUCKETS;
    if (c->n_buckets < COACHING_BUCKETS)
        c->n_buckets++;
    c->filling.peak_kpa = NAN;
    c->filling.is_saturated = false;
}

/* The largest pressure of the last cycle: what a stroke reaches is what its band speaks of. */
static void look_back(const struct coaching *c, float span_s, float *peak_kpa, bool *is_saturated)
{
    unsigned n = (unsigned)lrintf(span_s / (float)TICK_S);
    *peak_kpa = NAN;
    *is_saturated = false;
    for (unsigned i = 0; i < n && i < c->n_buckets; i++) {
        const struct coaching_bucket *bucket =
            &c->buckets[(c->at + COACHING_BUCKETS - 1 - i) % COACHING_BUCKETS];
        if (!isnan(bucket->peak_kpa) && !(bucket->peak_kpa <= *peak_kpa))
            *peak_kpa = bucket->peak_kpa;
        *is_saturated = *is_saturated || bucket->is_saturated;
    }
}

static bool has_kpa(const struct coaching *c)
{
    return !c->is_relative && c->mount != MOUNT_MAT;
}

/* NaN: there is none, or it is not to be judged now. */
static float judged_kpa(const struct coaching *c, enum technique technique, float pace_cpm,
                        bool *is_saturated)
{
    float peak_kpa, span_s = isnan(pace_cpm) ? 4 : fminf(fmaxf(75 / pace_cpm, 1), 10);
    struct hold_reading hold;
    hold_watch_read(&c->holds, &hold);
    bool held = plan_is_held(technique);
    look_back(c, held ? 1 : span_s, &peak_kpa, is_saturated);
    if (!has_kpa(c))
        return NAN;
    if (!held)
        return peak_kpa;
    return hold.is_holding && hold.age_s >= 1 ? hold.lock_kpa : NAN;
}

/* ---- ten times a second ---- */

static void make_view(const struct coaching *c, const struct coaching_frame *frame,
                      struct coach_view *view)
{
    const struct technique_state *technique = frame->technique;
    const struct plan_step *step = step_now(c);
    bool is_live = c->state == COACHING_RUNNING || c->state == COACHING_OVER_TIME;
    *view = (struct coach_view){
        .device_s = frame->device_s,
        .step = is_live && !c->is_paused ? step : NULL,
        .ceiling_kpa = c->plan ? c->plan->ceiling_kpa.high : NAN,
        .is_touched = frame->is_touched && c->mount != MOUNT_MAT,
        .is_on_step = c->is_on_step,
        .left_s = step && c->plan->advance == PLAN_ADVANCE_TIME
                      ? step->duration_s - (float)c->step_s
                      : NAN,
        .pace_cpm = technique->pace_confidence >= PACE_CONFIDENCE ? technique->pace_cpm : NAN,
        .regularity_pct =
            technique->pace_confidence >= PACE_CONFIDENCE ? technique->regularity_pct : NAN,
    };
    bool is_saturated;
    look_back(c, (float)TICK_S, &view->peak_kpa, &is_saturated);
    if (!has_kpa(c))
        view->peak_kpa = NAN;
    view->pressure_kpa = judged_kpa(c, step ? step->technique : technique->technique,
                                    view->pace_cpm, &view->is_saturated);
    hold_watch_read(&c->holds, &view->hold);
}

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

static void mind_time(struct coaching *c, double span_s)
{
    const struct plan_step *step = step_now(c);
    if (c->state == COACHING_WAITING && c->is_touched)
        c->state = COACHING_RUNNING;
    if (!step || c->is_paused || (c->state != COACHING_RUNNING && c->state != COACHING_OVER_TIME))
        return;
    c->step_s += span_s;
    if (c->step_s < (double)step->duration_s)
        return;
    if (c->plan->advance == PLAN_ADVANCE_TIME) {
        (void)coaching_move(c, 1);
        return;
    }
    c->state = COACHING_OVER_TIME;
    if (c->is_announced && c->step_s - c->announced_s < ANNOUNCE_AGAIN_S)
        return;
    c->is_announced = true;
    c->announced_s = c->step_s;
    c->waiting = (struct coach_cue){.word = COACH_MOVE_ON,
                                    .measure = COACH_OF_TIME,
                                    .value = (float)c->step_s,
                                    .low = NAN,
                                    .high = step->duration_s};
    (void)snprintf(c->waiting.text, sizeof c->waiting.text,
                   "Move on when you are ready: the time for this step is over.");
    c->cue_waits = true;
}

static bool tick(struct coaching *c, const struct coaching_frame *frame, struct coach_cue *cue)
{
    struct coach_view view;
    double span_s = frame->device_s - c->tick_s;
    c->tick_s = frame->device_s;
    close_bucket(c);
    mind_time(c, span_s);
    note_match(c, step_now(c), frame->technique);
    make_view(c, frame, &view);
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
    c->n_buckets = 0;
}

bool coaching_execute(struct coaching *c, const struct coaching_frame *frame, struct coach_cue *cue)
{
    double device_s = frame->device_s;
    if (!c->is_running || device_s < c->last_s || device_s - c->last_s > 2)
        take_up(c, device_s);
    c->last_s = device_s;
    if (frame->is_touched)
        c->touched_s = device_s;
    c->is_touched = device_s - c->touched_s < LIFT_S;
    fill_bucket(c, frame);
    hold_watch_execute(&c->holds, device_s, frame->force_n, has_kpa(c) ? frame->peak_kpa : NAN);
    if (device_s - c->tick_s < TICK_S - 1e-6)
        return false;
    return tick(c, frame, cue);
}

void coaching_read(const struct coaching *c, struct coaching_report *r)
{
    const struct plan_step *step = step_now(c);
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
    r->pressure_kpa = judged_kpa(c, technique, NAN, &is_saturated);
    r->has_holds = plan_is_held(technique);
    hold_watch_read(&c->holds, &r->hold);
    r->hold.n_holds -= c->n_holds_at_begin;
    if (c->plan)
        score_read(&c->score, c->plan, c->step, c->step_s, &r->score);
    else
        r->score = (struct score_parts){NAN, NAN, NAN, NAN, NAN, NAN};
}

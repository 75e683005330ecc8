/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/coaching.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double TICK_S = 0.1;
static const double MATCH_S = 1;               /* how long a change of what is done must last */
static const double LIFT_S = 3;                /* hands that are off so long are off */
static const double ANNOUNCE_AGAIN_S = 60;     /* then twice that, and so on */
static const double FOLLOW_S = 6, SKIP_S = 15; /* to the next step, and over one or two */
enum { SKIP_MOST = 3 };
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
    c->coach.holds.n_seen = 0;
    peak_window_init(&c->peaks);
    stroke_rhythm_init(&c->rhythm);
    c->is_running = c->is_touched = c->matches = c->is_on_step = false;
}

void coaching_init(struct coaching *c, enum array_mount mount, bool is_relative)
{
    memset(c, 0, sizeof *c);
    coaching_set_array(c, mount, is_relative);
    coach_init(&c->coach, PLAN_CUES_TRUSTED);
    score_init(&c->score);
}

/* ---- steps ---- */

static const struct plan_step *step_now(const struct coaching *c)
{
    return c->plan && c->step < c->plan->n_steps ? &c->plan->steps[c->step] : NULL;
}

static void begin_step(struct coaching *c, bool is_elsewhere)
{
    struct hold_reading hold;
    hold_watch_read(&c->holds, &hold);
    c->n_holds_scored = c->n_holds_at_begin = hold.n_holds;
    c->step_s = 0;
    c->n_announced = 0;
    c->matches = c->is_on_step = false;
    c->declared = TECHNIQUE_UNKNOWN;
    c->variant = PLAN_VARIANT_NONE;
    c->followed = TECHNIQUE_UNKNOWN;
    c->followed_s = 0;
    stroke_rhythm_init(&c->rhythm);
    coach_begin_step(&c->coach, is_elsewhere);
    c->coach.holds.n_seen = hold.n_holds;
}

static void tell_duration(char *text, size_t n_space, float duration_s)
{
    if (duration_s < 90)
        (void)snprintf(text, n_space, "%.0f s", (double)duration_s);
    else
        (void)snprintf(text, n_space, "%.3g min", (double)(duration_s / 60));
}

static void announce(struct coaching *c, const char *begin)
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
    coach_tell_technique(technique, sizeof technique, step->technique);
    tell_duration(duration, sizeof duration, step->duration_s);
    (void)snprintf(cue->text, sizeof cue->text, "%s: %s, %s, %s.", begin, technique, step->region,
                   duration);
}

void coaching_start(struct coaching *c, const struct plan *plan, enum plan_cues policy)
{
    c->plan = plan;
    c->state = COACHING_WAITING;
    c->step = 0;
    c->is_paused = false;
    c->n_cues = 0;
    coach_init(&c->coach, policy);
    score_init(&c->score);
    begin_step(c, true);
    announce(c, "Begin");
}

void coaching_stop(struct coaching *c)
{
    c->plan = NULL;
    c->state = COACHING_NONE;
    c->cue_waits = c->is_paused = false;
}

bool coaching_move(struct coaching *c, int steps)
{
    if (!c->plan || (steps < 0 && (c->step == 0 || c->step > c->plan->n_steps)))
        return false;
    if (steps > 0 && c->state == COACHING_FINISHED)
        return false;
    const struct plan_step *before = step_now(c);
    c->step += (unsigned)steps;
    if (c->state != COACHING_WAITING)
        c->state = COACHING_RUNNING;
    if (c->step >= c->plan->n_steps) {
        c->step = c->plan->n_steps;
        c->state = COACHING_FINISHED;
    }
    const struct plan_step *step = step_now(c);
    begin_step(c, !before || !step || strcmp(before->region, step->region) != 0);
    announce(c, "Move on");
    return true;
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
    /* Still hands look much alike, and some show only in their history. */
    return plan_is_held(wanted) && plan_is_held(seen);
}

/* Between two strokes the hands may lift: that is a part of what they do. */
static void note_match(struct coaching *c, const struct plan_step *step,
                       const struct technique_state *technique)
{
    bool is_between = c->is_touched && c->is_on_step && technique->technique == TECHNIQUE_REST;
    bool matches = is_between ||
                   (step && c->is_touched &&
                    coaching_matches(step->technique, technique->technique, c->declared, c->mount));
    if (matches != c->matches) {
        c->matches = matches;
        c->match_since_s = c->last_s;
    }
    if (c->last_s - c->match_since_s >= MATCH_S - 1e-9)
        c->is_on_step = matches;
}

static void note_strokes(struct coaching *c, const struct coaching_frame *frame)
{
    const struct plan_step *step = step_now(c);
    /* Fast ones may be too small for the array to part them; slow ones are seen one by one. */
    bool is_slow =
        step && (step->technique == TECHNIQUE_EFFLEURAGE ||
                 step->technique == TECHNIQUE_PETRISSAGE || step->technique == TECHNIQUE_ROLLING);
    for (unsigned i = 0; is_slow && i < frame->n_strokes; i++)
        if (coaching_matches(step->technique, frame->strokes[i].technique, c->declared, c->mount))
            stroke_rhythm_add(&c->rhythm, &frame->strokes[i]);
}

/* A technique that can be named to somebody's face. */
static enum technique surely_seen(const struct coaching *c, const struct technique_state *technique)
{
    bool is_sure = c->is_touched && technique->confidence >= COACH_SURE &&
                   c->declared == TECHNIQUE_UNKNOWN && plan_is_technique(technique->technique) &&
                   technique_is_visible(technique->technique, c->mount);
    return is_sure ? technique->technique : TECHNIQUE_UNKNOWN;
}

/* The largest pressure of the last cycle: what a stroke reaches is what its band speaks of. */
static float look_back(const struct coaching *c, float span_s, bool *is_saturated)
{
    return peak_window_read(&c->peaks, (unsigned)lrintf(span_s / (float)TICK_S), is_saturated);
}

static bool has_kpa(const struct coaching *c)
{
    return !c->is_relative && c->mount != MOUNT_MAT;
}

/* NaN: there is none, or it is not to be judged now. */
static float judged_kpa(const struct coaching *c, enum technique technique, float pace_cpm,
                        bool *is_saturated)
{
    float span_s = isnan(pace_cpm) ? 4 : fminf(fmaxf(75 / pace_cpm, 1), 10);
    struct hold_reading hold;
    hold_watch_read(&c->holds, &hold);
    bool held = plan_is_held(technique);
    float peak_kpa = look_back(c, held ? 1 : span_s, is_saturated);
    if (!has_kpa(c))
        return NAN;
    if (!held)
        return peak_kpa;
    return hold.is_holding && hold.age_s >= 1 ? hold.lock_kpa : NAN;
}

/* ---- ten times a second ---- */

/* By the spectrum where it finds a rhythm; by the strokes where hands are too uneven for one. */
static void put_rhythm(const struct coaching *c, const struct technique_state *technique,
                       struct coach_view *view)
{
    bool is_rhythm = technique->pace_confidence >= PACE_CONFIDENCE;
    float pace_cpm, regularity_pct;
    stroke_rhythm_read(&c->rhythm, c->last_s, &pace_cpm, &regularity_pct);
    view->pace_cpm = is_rhythm ? technique->pace_cpm : pace_cpm;
    /* Where strokes are counted they alone tell how even they are, once there are enough. */
    bool is_counted = !isnan(c->rhythm.start_s);
    view->regularity_pct = is_counted  ? regularity_pct
                           : is_rhythm ? technique->regularity_pct
                                       : NAN;
}

static void make_view(const struct coaching *c, const struct coaching_frame *frame,
                      struct coach_view *view)
{
    const struct technique_state *technique = frame->technique;
    const struct plan_step *step = step_now(c);
    bool is_live = c->state == COACHING_RUNNING || c->state == COACHING_OVER_TIME;
    bool goes_by_time = step && c->plan->advance == PLAN_ADVANCE_TIME;
    bool has_next = c->plan && c->step + 1 < c->plan->n_steps;
    *view = (struct coach_view){
        .device_s = frame->device_s,
        .step = is_live && !c->is_paused ? step : NULL,
        .ceiling_kpa = c->plan ? c->plan->ceiling_kpa.high : NAN,
        .is_touched = frame->is_touched && c->mount != MOUNT_MAT,
        .is_on_step = c->is_on_step,
        .seen = surely_seen(c, technique),
        .next = has_next ? step[1].technique : TECHNIQUE_UNKNOWN,
        .is_away = goes_by_time && !c->is_touched && c->mount != MOUNT_MAT,
        .left_s = goes_by_time ? step->duration_s - (float)c->step_s : NAN,
    };
    if (c->follows_hands && view->seen == view->next)
        view->seen = TECHNIQUE_UNKNOWN; /* the step will follow */
    bool is_saturated;
    put_rhythm(c, technique, view);
    view->peak_kpa = look_back(c, (float)TICK_S, &is_saturated);
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

/* Nobody says "next": which step is it that the hands are at? */
static void follow_hands(struct coaching *c, const struct technique_state *technique, double span_s)
{
    const struct plan_step *step = step_now(c);
    if (!c->follows_hands || !step || c->plan->advance != PLAN_ADVANCE_COMMAND || c->is_paused)
        return;
    bool is_over = c->step_s >= (double)step->duration_s;
    enum technique seen = surely_seen(c, technique);
    if (seen == TECHNIQUE_UNKNOWN)
        return; /* lifts between holds do not begin it anew */
    c->followed_s = seen == c->followed ? c->followed_s + span_s : 0;
    c->followed = seen;
    for (int k = 1; k <= SKIP_MOST && c->step + (unsigned)k < c->plan->n_steps; k++) {
        enum technique wanted = step[k].technique;
        bool is_alike =
            wanted == step->technique || (plan_is_held(wanted) && plan_is_held(step->technique));
        if (is_alike && !(k == 1 && is_over))
            return; /* only its time tells them apart */
        if (seen != wanted && !(is_alike && plan_is_held(seen)))
            continue;
        if (c->followed_s >= (k == 1 ? FOLLOW_S : SKIP_S))
            (void)coaching_move(c, k);
        return;
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
    double wait_s =
        ANNOUNCE_AGAIN_S * (double)(1U << (c->n_announced < 4 ? c->n_announced : 4)) / 2;
    if (c->n_announced > 0 && c->step_s - c->announced_s < wait_s)
        return;
    c->n_announced++;
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
    peak_window_close(&c->peaks);
    mind_time(c, span_s);
    follow_hands(c, frame->technique, span_s);
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
    peak_window_init(&c->peaks);
}

bool coaching_execute(struct coaching *c, const struct coaching_frame *frame, struct coach_cue *cue)
{
    double device_s = frame->device_s;
    if (!c->is_running || device_s < c->last_s || device_s - c->last_s > 2)
        take_up(c, device_s);
    c->last_s = device_s;
    /* A taxel that flickers while the hands rest is no hand. */
    if (frame->is_touched && frame->technique->technique != TECHNIQUE_REST)
        c->touched_s = device_s;
    c->is_touched = device_s - c->touched_s < LIFT_S;
    peak_window_put(&c->peaks, frame->is_touched, frame->peak_kpa, frame->is_saturated);
    note_strokes(c, frame);
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

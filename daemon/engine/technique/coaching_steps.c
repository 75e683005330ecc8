/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "technique/coaching_parts.h"

static const double ANNOUNCE_AGAIN_S = 60;     /* then twice that, and so on */
static const double FOLLOW_S = 6, SKIP_S = 15; /* to the next step, and over one or two */
static const double TOLD_S = 20;
enum { SKIP_MOST = 3 };

const struct plan_step *coaching_step_now(const struct coaching *c)
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

/* The plan's own word behind it, as a sentence, where it fits whole. */
static void add_note(char *text, size_t n_space, const char *note)
{
    size_t n_text = strlen(text), n_note = strlen(note);
    if (n_note == 0 || n_text + n_note + sizeof " ." > n_space)
        return;
    bool is_closed = strchr(".!?", note[n_note - 1]) != NULL;
    (void)snprintf(text + n_text, n_space - n_text, " %c%s%s", toupper((unsigned char)note[0]),
                   note + 1, is_closed ? "" : ".");
}

static void announce(struct coaching *c, const char *begin)
{
    const struct plan_step *step = coaching_step_now(c);
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
    add_note(cue->text, sizeof cue->text, step->note);
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
    const struct plan_step *before = coaching_step_now(c);
    c->step += (unsigned)steps;
    if (c->state != COACHING_WAITING)
        c->state = COACHING_RUNNING;
    if (c->step >= c->plan->n_steps) {
        c->step = c->plan->n_steps;
        c->state = COACHING_FINISHED;
    }
    const struct plan_step *step = coaching_step_now(c);
    begin_step(c, !before || !step || strcmp(before->region, step->region) != 0);
    announce(c, "Move on");
    return true;
}

/* Nobody says "next": which step is it that the hands are at? */
void coaching_mind_hands(struct coaching *c, const struct technique_state *technique, double span_s)
{
    const struct plan_step *step = coaching_step_now(c);
    if (!c->follows_hands || !step || c->plan->advance != PLAN_ADVANCE_COMMAND || c->is_paused)
        return;
    bool is_over = c->step_s >= (double)step->duration_s;
    enum technique seen = coaching_surely_seen(c, technique);
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

void coaching_mind_time(struct coaching *c, double span_s)
{
    const struct plan_step *step = coaching_step_now(c);
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
    /* "That was number 3 of 3" has just said it. */
    bool is_told = c->n_announced == 0 && c->coach.holds.repeats_told &&
                   c->last_s - c->coach.last_cue_s < TOLD_S;
    c->n_announced++;
    c->announced_s = c->step_s;
    if (is_told)
        return;
    c->waiting = (struct coach_cue){.word = COACH_MOVE_ON,
                                    .measure = COACH_OF_TIME,
                                    .value = (float)c->step_s,
                                    .low = NAN,
                                    .high = step->duration_s};
    (void)snprintf(c->waiting.text, sizeof c->waiting.text,
                   "Move on when you are ready: the time for this step is over.");
    c->cue_waits = true;
}

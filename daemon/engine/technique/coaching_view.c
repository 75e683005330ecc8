/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "technique/coaching_parts.h"

static const double MATCH_S = 1; /* how long a change of what is done must last */
static const float PACE_CONFIDENCE = 0.5F;
static const float UNEVEN_PCT =
    15; /* from here on a spectrum finds a pace now and then by chance */

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
void coaching_note_match(struct coaching *c, const struct plan_step *step,
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

void coaching_note_strokes(struct coaching *c, const struct coaching_frame *frame)
{
    const struct plan_step *step = coaching_step_now(c);
    /* Fast ones may be too small for the array to part them; slow ones are seen one by one. */
    bool is_slow =
        step && (step->technique == TECHNIQUE_EFFLEURAGE ||
                 step->technique == TECHNIQUE_PETRISSAGE || step->technique == TECHNIQUE_ROLLING);
    for (unsigned i = 0; is_slow && i < frame->n_strokes; i++)
        if (coaching_matches(step->technique, frame->strokes[i].technique, c->declared, c->mount))
            stroke_rhythm_add(&c->rhythm, &frame->strokes[i]);
}

/* A technique that can be named to somebody's face. */
enum technique coaching_surely_seen(const struct coaching *c,
                                    const struct technique_state *technique)
{
    bool is_sure = c->is_touched && technique->confidence >= COACH_SURE &&
                   c->declared == TECHNIQUE_UNKNOWN && plan_is_technique(technique->technique) &&
                   technique_is_visible(technique->technique, c->mount);
    return is_sure ? technique->technique : TECHNIQUE_UNKNOWN;
}

/* The largest pressure of the last cycle: what a stroke reaches is what its band speaks of. */
static float look_back(const struct coaching *c, float span_s, bool *is_saturated)
{
    return peak_window_read(&c->peaks, (unsigned)lrintf(span_s / (float)COACHING_TICK_S),
                            is_saturated);
}

bool coaching_has_kpa(const struct coaching *c)
{
    return !c->is_relative && c->mount != MOUNT_MAT;
}

/* A cycle and a quarter. */
static float look_back_s(enum technique technique, float pace_cpm)
{
    if (plan_is_held(technique))
        return 1;
    return isnan(pace_cpm) ? 4 : fminf(fmaxf(75 / pace_cpm, 1), 10);
}

float coaching_judged_kpa(const struct coaching *c, enum technique technique, float pace_cpm,
                          bool *is_saturated)
{
    struct hold_reading hold;
    hold_watch_read(&c->holds, &hold);
    float peak_kpa = look_back(c, look_back_s(technique, pace_cpm), is_saturated);
    if (!coaching_has_kpa(c))
        return NAN;
    if (!plan_is_held(technique))
        return peak_kpa;
    return hold.is_holding && hold.age_s >= 1 ? hold.now_kpa : NAN;
}

/* By the spectrum where it finds a rhythm; by the strokes where hands are too uneven for one, and
 * by what of them alone tells how even they are, once there are enough. */
static void put_rhythm(const struct coaching *c, const struct technique_state *technique,
                       struct coach_view *view)
{
    struct stroke_rhythm_reading strokes;
    stroke_rhythm_read(&c->rhythm, c->last_s, &strokes);
    bool is_counted = !isnan(c->rhythm.start_s);
    bool is_rhythm = technique->pace_confidence >= PACE_CONFIDENCE;
    bool by_strokes = !is_rhythm || strokes.regularity_pct > UNEVEN_PCT;
    view->pace_cpm = by_strokes ? strokes.pace_cpm : technique->pace_cpm;
    view->pace_u_cpm = by_strokes ? strokes.pace_u_cpm : 0;
    view->regularity_pct = view->regularity_u_pct = NAN;
    if (is_counted) {
        view->regularity_pct = strokes.regularity_pct;
        view->regularity_u_pct = strokes.regularity_u_pct;
    } else if (is_rhythm) {
        view->regularity_pct = technique->regularity_pct;
        view->regularity_u_pct = 0;
    }
}

void coaching_make_view(const struct coaching *c, const struct coaching_frame *frame,
                        struct coach_view *view)
{
    const struct technique_state *technique = frame->technique;
    const struct plan_step *step = coaching_step_now(c);
    bool is_live = c->state == COACHING_RUNNING || c->state == COACHING_OVER_TIME;
    bool goes_by_time = step && c->plan->advance == PLAN_ADVANCE_TIME;
    bool has_next = step && c->step + 1 < c->plan->n_steps;
    *view = (struct coach_view){
        .device_s = frame->device_s,
        .step = is_live && !c->is_paused ? step : NULL,
        .ceiling_kpa = c->plan ? c->plan->ceiling_kpa.high : NAN,
        .is_touched = frame->is_touched && c->mount != MOUNT_MAT,
        .is_on_step = c->is_on_step,
        .seen = coaching_surely_seen(c, technique),
        .next = has_next ? step[1].technique : TECHNIQUE_UNKNOWN,
        .is_away = goes_by_time && !c->is_touched && c->mount != MOUNT_MAT,
        .left_s = goes_by_time ? step->duration_s - (float)c->step_s : NAN,
    };
    if (c->follows_hands && view->seen == view->next)
        view->seen = TECHNIQUE_UNKNOWN; /* the step will follow */
    bool is_saturated;
    put_rhythm(c, technique, view);
    view->peak_kpa = look_back(c, (float)COACHING_TICK_S, &is_saturated);
    if (!coaching_has_kpa(c))
        view->peak_kpa = NAN;
    enum technique judged = step ? step->technique : technique->technique;
    view->pressure_kpa = coaching_judged_kpa(c, judged, view->pace_cpm, &view->is_saturated);
    view->look_back_s = look_back_s(judged, view->pace_cpm);
    hold_watch_read(&c->holds, &view->hold);
}

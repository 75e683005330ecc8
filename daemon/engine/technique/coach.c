/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/coach.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A value must be this far outside its band before it is a fault, and back inside to be mended. */
static const float MARGIN = 0.05F;
static const double MENDED_S = 4;      /* well again after a correction */
static const double WELL_S = 25;       /* well without one */
static const double HOLD_AGE_S = 3;    /* a hold that is meant */
static const float OVERDUE = 1.15F;    /* of the longest hold */
static const float PAIN_RELIEF = 0.8F; /* of the pressure that hurt */

void coach_init(struct coach *coach, enum coach_policy policy)
{
    memset(coach, 0, sizeof *coach);
    coach->policy = policy;
    coach->last_cue_s = coach->last_praise_s = coach->last_stop_s = -(double)INFINITY;
    for (int i = 0; i < COACH_CUES_A_MINUTE; i++)
        coach->recent_s[i] = -(double)INFINITY;
    coach->pain_limit_kpa = NAN;
    coach_begin_step(coach);
}

void coach_begin_step(struct coach *coach)
{
    for (int i = 0; i < N_COACH_FAULTS; i++)
        coach->faults[i] = (struct coach_fault_state){(double)NAN, -(double)INFINITY, 0};
    coach->on_step_since_s = coach->well_since_s = (double)NAN;
    coach->was_corrected = false;
    coach->hold_cue_s = -(double)INFINITY;
    coach->n_hold_cues = 0;
    coach->hold_praised = coach->hold_overdue = false;
}

void coach_comfort(struct coach *coach, float pain)
{
    coach->has_pain = isnan(pain) || pain >= COACH_PAIN;
    coach->pain_is_new = coach->has_pain;
    coach->pain = pain;
    if (!coach->has_pain)
        coach->pain_limit_kpa = NAN;
}

bool coach_heeds(enum coach_policy policy, enum plan_mark mark)
{
    if (mark == PLAN_MARK_NONE || policy == COACH_OFF)
        return false;
    return policy == COACH_ALL || mark == PLAN_MARK_MEASURED || mark == PLAN_MARK_INSTRUCTOR;
}

void coach_note(struct coach *coach, double device_s)
{
    coach->last_cue_s = device_s;
    memmove(&coach->recent_s[0], &coach->recent_s[1],
            sizeof coach->recent_s - sizeof coach->recent_s[0]);
    coach->recent_s[COACH_CUES_A_MINUTE - 1] = device_s;
}

__attribute__((format(printf, 3, 4))) static enum coach_word say(struct coach_cue *cue,
                                                                 enum coach_word word,
                                                                 const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(cue->text, sizeof cue->text, format, arguments);
    va_end(arguments);
    cue->word = word;
    return word;
}

static void put_band(struct coach_cue *cue, enum coach_measure measure, float value,
                     const struct plan_band *band)
{
    cue->measure = measure;
    cue->value = value;
    cue->low = band ? band->low : NAN;
    cue->high = band ? band->high : NAN;
    cue->mark = band ? band->mark : PLAN_MARK_NONE;
}

/* ---- what cannot wait ---- */

static enum coach_word mind_ceiling(struct coach *c, const struct coach_view *v,
                                    struct coach_cue *cue)
{
    if (!(v->peak_kpa > v->ceiling_kpa) || v->device_s - c->last_stop_s < COACH_STOP_AGAIN_S)
        return COACH_NOTHING;
    c->last_stop_s = c->last_cue_s = v->device_s;
    c->was_corrected = false;
    *cue = (struct coach_cue){
        .measure = COACH_OF_PRESSURE, .value = v->peak_kpa, .low = NAN, .high = v->ceiling_kpa};
    return say(cue, COACH_STOP,
               "Stop. %.0f kPa is above the ceiling of %.0f: come off, and begin "
               "again lighter.",
               (double)v->peak_kpa, (double)v->ceiling_kpa);
}

static enum coach_word mind_pain(struct coach *c, const struct coach_view *v, struct coach_cue *cue)
{
    if (!c->pain_is_new || !v->is_touched)
        return COACH_NOTHING;
    c->pain_is_new = false;
    float pressure_kpa = isnan(v->pressure_kpa) ? v->peak_kpa : v->pressure_kpa;
    c->pain_limit_kpa =
        fminf(isnan(c->pain_limit_kpa) ? INFINITY : c->pain_limit_kpa, pressure_kpa * PAIN_RELIEF);
    if (isnan(pressure_kpa))
        c->pain_limit_kpa = NAN;
    c->faults[COACH_FAULT_LIGHTER].spoken_s = v->device_s;
    c->faults[COACH_FAULT_LIGHTER].n_spoken++;
    coach_note(c, v->device_s);
    *cue =
        (struct coach_cue){.measure = COACH_OF_COMFORT, .value = c->pain, .low = NAN, .high = NAN};
    if (isnan(c->pain))
        return say(cue, COACH_LIGHTER, "Lighter. It hurts there: ease off, and ask.");
    return say(cue, COACH_LIGHTER, "Lighter. The receiver says %.0f of 10: ease off, and ask.",
               (double)c->pain);
}

/* ---- faults ---- */

/* The upper end for the hand: the band's, or what a report of pain left of it. */
static float upper_kpa(const struct coach *c, const struct coach_view *v)
{
    const struct plan_band *band = &v->step->pressure_kpa;
    float high = coach_heeds(c->policy, band->mark) ? band->high : INFINITY;
    return c->has_pain && !isnan(c->pain_limit_kpa) ? fminf(high, c->pain_limit_kpa) : high;
}

static bool may_go_deeper(const struct coach *c, const struct coach_view *v)
{
    return !c->has_pain && !v->is_saturated && !isnan(v->peak_kpa) &&
           !(v->pressure_kpa >= v->ceiling_kpa) && !(v->peak_kpa >= v->ceiling_kpa);
}

/* Whether each fault is there now. NaN compares false: what is not known is no fault. */
static void look(const struct coach *c, const struct coach_view *v, bool there[N_COACH_FAULTS])
{
    const struct plan_step *step = v->step;
    const struct plan_band *pressure = &step->pressure_kpa, *pace = &step->pace_cpm;
    const struct plan_band *regularity = &step->regularity_pct;
    there[COACH_FAULT_LIGHTER] = v->pressure_kpa > upper_kpa(c, v) * (1 + MARGIN);
    there[COACH_FAULT_DEEPER] = coach_heeds(c->policy, pressure->mark) && may_go_deeper(c, v) &&
                                v->pressure_kpa < pressure->low * (1 - MARGIN);
    bool heeds_pace = coach_heeds(c->policy, pace->mark);
    there[COACH_FAULT_SLOWER] = heeds_pace && v->pace_cpm > pace->high * (1 + MARGIN);
    there[COACH_FAULT_FASTER] = heeds_pace && v->pace_cpm < pace->low * (1 - MARGIN);
    there[COACH_FAULT_UNEVEN] = coach_heeds(c->policy, regularity->mark) &&
                                v->regularity_pct > regularity->high * (1 + 2 * MARGIN);
}

static enum coach_word say_fault(const struct coach *c, const struct coach_view *v,
                                 enum coach_fault fault, struct coach_cue *cue)
{
    const struct plan_step *step = v->step;
    switch (fault) {
    case COACH_FAULT_LIGHTER:
        put_band(cue, COACH_OF_PRESSURE, v->pressure_kpa,
                 coach_heeds(c->policy, step->pressure_kpa.mark) ? &step->pressure_kpa : NULL);
        cue->high = upper_kpa(c, v);
        if (c->has_pain)
            return say(cue, COACH_LIGHTER,
                       "Lighter still. It hurt: stay below %.0f kPa, this is %.0f.",
                       (double)cue->high, (double)v->pressure_kpa);
        return say(cue, COACH_LIGHTER, "Lighter. %.0f kPa; up to %.0f is wanted.",
                   (double)v->pressure_kpa, (double)cue->high);
    case COACH_FAULT_DEEPER:
        put_band(cue, COACH_OF_PRESSURE, v->pressure_kpa, &step->pressure_kpa);
        return say(cue, COACH_DEEPER,
                   "Deeper, if it is comfortable. %.0f kPa; %.0f or more is "
                   "wanted.",
                   (double)v->pressure_kpa, (double)cue->low);
    case COACH_FAULT_SLOWER:
        put_band(cue, COACH_OF_PACE, v->pace_cpm, &step->pace_cpm);
        return say(cue, COACH_SLOWER, "Slower. %.0f a minute; %.0f to %.0f is wanted.",
                   (double)v->pace_cpm, (double)cue->low, (double)cue->high);
    case COACH_FAULT_FASTER:
        put_band(cue, COACH_OF_PACE, v->pace_cpm, &step->pace_cpm);
        return say(cue, COACH_FASTER, "Faster. %.0f a minute; %.0f to %.0f is wanted.",
                   (double)v->pace_cpm, (double)cue->low, (double)cue->high);
    case COACH_FAULT_UNEVEN:
        put_band(cue, COACH_OF_REGULARITY, v->regularity_pct, &step->regularity_pct);
        return say(cue, COACH_STEADIER, "Steadier. Let one stroke follow the other evenly.");
    case N_COACH_FAULTS:
    default:
        return COACH_NOTHING;
    }
}

/* When a fault that was spoken of may be spoken of again: 20 s, 40 s, 80 s ... */
static bool is_patient(const struct coach_fault_state *fault, double device_s)
{
    unsigned doublings = fault->n_spoken > 4 ? 4 : fault->n_spoken;
    double wait_s = doublings ? COACH_AGAIN_S * (double)(1U << (doublings - 1)) : 0;
    return device_s - fault->spoken_s < wait_s;
}

/* One thing at a time: while what was spoken of last is still wrong, and it was said only once,
 * nothing else is brought up. */
static bool is_other_open(const struct coach *c, enum coach_fault fault)
{
    for (int i = 0; i < N_COACH_FAULTS; i++)
        if (i != (int)fault && !isnan(c->faults[i].since_s) && c->faults[i].n_spoken == 1)
            return true;
    return false;
}

static enum coach_word mind_faults(struct coach *c, const struct coach_view *v, bool may_speak,
                                   struct coach_cue *cue)
{
    bool there[N_COACH_FAULTS];
    look(c, v, there);
    for (int i = 0; i < N_COACH_FAULTS; i++) {
        struct coach_fault_state *fault = &c->faults[i];
        if (!there[i])
            fault->since_s = (double)NAN;
        else if (isnan(fault->since_s))
            fault->since_s = v->device_s;
    }
    for (int i = 0; may_speak && i < N_COACH_FAULTS; i++) {
        struct coach_fault_state *fault = &c->faults[i];
        if (isnan(fault->since_s) || v->device_s - fault->since_s < COACH_DWELL_S ||
            is_patient(fault, v->device_s) || is_other_open(c, (enum coach_fault)i))
            continue;
        fault->spoken_s = v->device_s;
        fault->n_spoken++;
        c->was_corrected = true;
        coach_note(c, v->device_s);
        return say_fault(c, v, (enum coach_fault)i, cue);
    }
    return COACH_NOTHING;
}

/* ---- holds ---- */

static enum coach_word mind_hold(struct coach *c, const struct coach_view *v, bool may_speak,
                                 struct coach_cue *cue)
{
    const struct plan_band *band = &v->step->hold_s;
    const struct hold_reading *hold = &v->hold;
    bool heeds = coach_heeds(c->policy, band->mark);
    bool has_ended = hold->n_holds != c->n_holds_seen;
    c->n_holds_seen = hold->n_holds;
    if (!hold->is_holding)
        c->hold_praised = c->hold_overdue = false;
    if (!plan_is_held(v->step->technique) || !may_speak || c->policy == COACH_OFF)
        return COACH_NOTHING;
    put_band(cue, COACH_OF_HOLD, hold->age_s, band->mark == PLAN_MARK_NONE ? NULL : band);
    bool may_repeat = v->device_s - c->hold_cue_s >= COACH_AGAIN_S && c->n_hold_cues < 2;
    if (has_ended && heeds && hold->hold_s < band->low * 0.8F && may_repeat) {
        cue->value = hold->hold_s;
        c->hold_cue_s = v->device_s;
        c->n_hold_cues++;
        c->was_corrected = true;
        coach_note(c, v->device_s);
        return say(cue, COACH_HOLD, "Hold longer. That was %.0f s; %.0f to %.0f is wanted.",
                   (double)hold->hold_s, (double)band->low, (double)band->high);
    }
    if (!hold->is_holding)
        return COACH_NOTHING;
    if (heeds && hold->age_s > band->high * OVERDUE && !c->hold_overdue) {
        c->hold_overdue = true;
        coach_note(c, v->device_s);
        return say(cue, COACH_MOVE_ON, "Long enough: %.0f s. Release slowly.", (double)hold->age_s);
    }
    bool is_early = band->mark == PLAN_MARK_NONE || hold->age_s < 0.6F * band->low;
    if ((double)hold->age_s < HOLD_AGE_S || !may_repeat || !is_early || c->n_hold_cues > 0)
        return COACH_NOTHING;
    c->hold_cue_s = v->device_s;
    c->n_hold_cues++;
    coach_note(c, v->device_s);
    if (band->mark == PLAN_MARK_NONE)
        return say(cue, COACH_HOLD, "Hold it there.");
    return say(cue, COACH_HOLD, "Hold it there, for %.0f to %.0f s.", (double)band->low,
               (double)band->high);
}

/* ---- praise ---- */

/* Something is judged, and all that is judged is inside its band. */
static bool is_well(const struct coach *c, const struct coach_view *v)
{
    const struct plan_step *step = v->step;
    bool judged = false;
    if (coach_heeds(c->policy, step->pressure_kpa.mark) && !isnan(v->pressure_kpa)) {
        judged = true;
        if (v->pressure_kpa < step->pressure_kpa.low || v->pressure_kpa > upper_kpa(c, v))
            return false;
    }
    if (coach_heeds(c->policy, step->pace_cpm.mark) && !isnan(v->pace_cpm)) {
        judged = true;
        if (v->pace_cpm < step->pace_cpm.low || v->pace_cpm > step->pace_cpm.high)
            return false;
    }
    if (coach_heeds(c->policy, step->regularity_pct.mark) &&
        v->regularity_pct > step->regularity_pct.high)
        return false;
    return judged;
}

static enum coach_word mind_praise(struct coach *c, const struct coach_view *v, bool may_speak,
                                   struct coach_cue *cue)
{
    if (!is_well(c, v) || c->has_pain) {
        c->well_since_s = (double)NAN;
        return COACH_NOTHING;
    }
    if (isnan(c->well_since_s))
        c->well_since_s = v->device_s;
    double well_s = v->device_s - c->well_since_s;
    if (!may_speak || v->device_s - c->last_praise_s < COACH_PRAISE_S ||
        well_s < (c->was_corrected ? MENDED_S : WELL_S))
        return COACH_NOTHING;
    bool was_corrected = c->was_corrected;
    c->was_corrected = false;
    c->last_praise_s = v->device_s;
    coach_note(c, v->device_s);
    *cue = (struct coach_cue){.measure = COACH_OF_NOTHING, .value = NAN, .low = NAN, .high = NAN};
    return was_corrected ? say(cue, COACH_GOOD, "Good, that is better. Keep it so.")
                         : say(cue, COACH_GOOD, "Good. Keep it so.");
}

enum coach_word coach_execute(struct coach *c, const struct coach_view *v, struct coach_cue *cue)
{
    enum coach_word word = mind_ceiling(c, v, cue);
    if (word == COACH_NOTHING)
        word = mind_pain(c, v, cue);
    if (word != COACH_NOTHING)
        return word;
    if (!v->step || !v->is_on_step) {
        c->on_step_since_s = c->well_since_s = (double)NAN;
        for (int i = 0; i < N_COACH_FAULTS; i++)
            c->faults[i].since_s = (double)NAN;
        c->n_holds_seen = v->hold.n_holds;
        return COACH_NOTHING;
    }
    if (isnan(c->on_step_since_s))
        c->on_step_since_s = v->device_s;
    bool is_quiet = v->device_s - c->last_cue_s >= COACH_QUIET_S &&
                    v->device_s - c->recent_s[0] >= 60 && !((double)v->left_s < COACH_TOO_LATE_S);
    bool may_speak = is_quiet && v->device_s - c->on_step_since_s >= COACH_SETTLE_S;
    *cue = (struct coach_cue){.value = NAN, .low = NAN, .high = NAN};
    word = mind_faults(c, v, may_speak, cue);
    if (word == COACH_NOTHING)
        word = mind_hold(c, v, is_quiet, cue); /* a hold needs no settling */
    if (word == COACH_NOTHING)
        word = mind_praise(c, v, may_speak, cue);
    return word;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/coach.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "technique/coach_parts.h"

static const float PAIN_RELIEF = 0.8F;  /* of the pressure that hurt */
static const double STOPS_APART_S = 20; /* below the ceiling so long, and it is forgotten */
static const double UNKNOWN_S = 10;     /* a fault that could not be seen so long is forgotten */
/* So many standard uncertainties beyond the band. Against "slower" where "faster" is right much
 * speaks; "steadier" does no harm. */
static const float PACE_SURE = 2, UNEVEN_SURE = 0.5F;
enum { STOPS_BRISK = 3 };

void coach_init(struct coach *coach, enum plan_cues policy)
{
    memset(coach, 0, sizeof *coach);
    coach->policy = policy;
    coach->last_cue_s = coach->last_praise_s = coach->last_stop_s = coach->above_s =
        -(double)INFINITY;
    for (int i = 0; i < COACH_CUES_A_MINUTE; i++)
        coach->recent_s[i] = -(double)INFINITY;
    coach_begin_step(coach, true);
}

void coach_begin_step(struct coach *coach, bool is_elsewhere)
{
    unsigned n_seen = coach->holds.n_seen;
    for (int i = 0; i < N_COACH_FAULTS; i++)
        coach->faults[i] =
            (struct coach_fault_state){(double)NAN, (double)NAN, -(double)INFINITY, 0};
    coach->on_step_since_s = coach->well_since_s = (double)NAN;
    coach->corrected = N_COACH_FAULTS;
    coach->n_praises = 0;
    coach->holds = (struct coach_holds){
        .n_seen = n_seen, .ended_s = -(double)INFINITY, .short_s = -(double)INFINITY};
    coach->attention = (struct coach_attention){.spoken_s = -(double)INFINITY};
    coach_attention_rest(coach);
    if (is_elsewhere)
        coach->pain_limit_kpa = NAN;
}

void coach_comfort(struct coach *coach, float pain)
{
    coach->has_pain = isnan(pain) || pain >= COACH_PAIN;
    coach->pain_is_new = coach->has_pain;
    coach->is_easing = coach->n_pains > 0 && pain < coach->pain;
    coach->n_pains = coach->has_pain ? coach->n_pains + 1 : 0;
    coach->pain = pain;
    if (!coach->has_pain)
        coach->pain_limit_kpa = NAN;
}

void coach_note(struct coach *coach, double device_s)
{
    coach->last_cue_s = device_s;
    memmove(&coach->recent_s[0], &coach->recent_s[1],
            sizeof coach->recent_s - sizeof coach->recent_s[0]);
    coach->recent_s[COACH_CUES_A_MINUTE - 1] = device_s;
}

enum coach_word coach_say(struct coach_cue *cue, enum coach_word word, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(cue->text, sizeof cue->text, format, arguments);
    va_end(arguments);
    cue->word = word;
    return word;
}

void coach_put_band(struct coach_cue *cue, enum coach_measure measure, float value,
                    const struct plan_band *band)
{
    cue->measure = measure;
    cue->value = value;
    cue->low = band ? band->low : NAN;
    cue->high = band ? band->high : NAN;
    cue->mark = band ? band->mark : PLAN_MARK_NONE;
}

bool coach_is_patient(unsigned n_spoken, double since_s)
{
    unsigned doublings = n_spoken > 4 ? 4 : n_spoken;
    double wait_s = doublings ? COACH_AGAIN_S * (double)(1U << (doublings - 1)) : 0;
    return since_s < wait_s;
}

/* Small pressures need their tenths: "below 2, this is 3" would be no help. */
static double tell_kpa(float kpa)
{
    double value = (double)kpa;
    return value < 10 ? round(10 * value) / 10 : round(value);
}

/* ---- what cannot wait ---- */

static enum coach_word mind_ceiling(struct coach *c, const struct coach_view *v,
                                    struct coach_cue *cue)
{
    static const double waits[] = {0, 1, 1, 2, 4, 6}; /* of COACH_STOP_AGAIN_S */
    unsigned n_waits = sizeof waits / sizeof *waits;
    if (!(v->peak_kpa > v->ceiling_kpa))
        return COACH_NOTHING;
    if (v->device_s - c->above_s > STOPS_APART_S)
        c->n_stops = 0;
    c->above_s = v->device_s;
    double wait_s = waits[c->n_stops < n_waits ? c->n_stops : n_waits - 1] * COACH_STOP_AGAIN_S;
    if (v->device_s - c->last_stop_s < wait_s)
        return COACH_NOTHING;
    c->last_stop_s = c->last_cue_s = v->device_s;
    c->corrected = N_COACH_FAULTS;
    c->n_stops++;
    *cue = (struct coach_cue){
        .measure = COACH_OF_PRESSURE, .value = v->peak_kpa, .low = NAN, .high = v->ceiling_kpa};
    if (c->n_stops > STOPS_BRISK)
        return coach_say(cue, COACH_STOP,
                         "Stop. Still above the ceiling of %.0f kPa: take the hands off, and ask "
                         "how it feels.",
                         (double)v->ceiling_kpa);
    return coach_say(cue, COACH_STOP,
                     "Stop. %.0f kPa is above the ceiling of %.0f: come off, and begin "
                     "again lighter.",
                     ceil((double)v->peak_kpa), (double)v->ceiling_kpa);
}

/* Easing off did not help, or cannot be enough: the hands come off. */
static enum coach_word say_pain(const struct coach *c, struct coach_cue *cue)
{
    bool is_again = c->n_pains > 1;
    bool is_severe = c->pain >= COACH_SEVERE_PAIN || (is_again && !c->is_easing);
    const char *what_to_do = is_severe ? "take the hands off, and ask" : "ease off, and ask";
    if (isnan(c->pain))
        return coach_say(cue, COACH_LIGHTER, "Lighter. It hurts %s: %s.",
                         is_again ? "again" : "there", what_to_do);
    const char *who = !is_again ? "The receiver says" : c->is_easing ? "Still" : "Again";
    return coach_say(cue, COACH_LIGHTER, "Lighter. %s %g of 10: %s.", who, (double)c->pain,
                     what_to_do);
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
    c->faults[COACH_FAULT_LIGHTER].n_spoken = 1; /* who does not ease off hears of it again soon */
    coach_note(c, v->device_s);
    *cue =
        (struct coach_cue){.measure = COACH_OF_COMFORT, .value = c->pain, .low = NAN, .high = NAN};
    return say_pain(c, cue);
}

/* ---- faults ---- */

/* The upper end for the hand: the band's, or what a report of pain left of it. */
float coach_upper_kpa(const struct coach *c, const struct coach_view *v)
{
    const struct plan_band *band = &v->step->pressure_kpa;
    float high = plan_cues_heed(c->policy, band->mark) ? band->high : INFINITY;
    return c->has_pain && !isnan(c->pain_limit_kpa) ? fminf(high, c->pain_limit_kpa) : high;
}

static bool may_go_deeper(const struct coach *c, const struct coach_view *v)
{
    return !c->has_pain && !v->is_saturated && !isnan(v->peak_kpa) &&
           !(v->pressure_kpa >= v->ceiling_kpa) && !(v->peak_kpa >= v->ceiling_kpa);
}

float coach_uneven_pct(const struct plan_step *step)
{
    return step->regularity_pct.mark == PLAN_MARK_NONE ? PLAN_REGULARITY_PCT
                                                       : step->regularity_pct.high;
}

bool coach_heeds_uneven(const struct coach *c, const struct plan_step *step)
{
    if (plan_is_held(step->technique))
        return false;
    return step->regularity_pct.mark == PLAN_MARK_NONE
               ? c->policy == PLAN_CUES_ALL
               : plan_cues_heed(c->policy, step->regularity_pct.mark);
}

static float measure_of(const struct coach_view *v, enum coach_fault fault)
{
    if (fault == COACH_FAULT_UNEVEN)
        return v->regularity_pct;
    return fault == COACH_FAULT_LIGHTER || fault == COACH_FAULT_DEEPER ? v->pressure_kpa
                                                                       : v->pace_cpm;
}

/* Whether each fault is there now. NaN compares false: what is not known is no fault. */
static void look(const struct coach *c, const struct coach_view *v, bool there[N_COACH_FAULTS])
{
    const struct plan_band *pressure = &v->step->pressure_kpa, *pace = &v->step->pace_cpm;
    there[COACH_FAULT_LIGHTER] = v->pressure_kpa > coach_upper_kpa(c, v) * (1 + PLAN_GRACE);
    there[COACH_FAULT_DEEPER] = plan_cues_heed(c->policy, pressure->mark) && may_go_deeper(c, v) &&
                                plan_band_place(pressure, v->pressure_kpa) < 0;
    bool of_pace = plan_cues_heed(c->policy, pace->mark) && !isnan(v->pace_cpm);
    float unsure_cpm = PACE_SURE * v->pace_u_cpm;
    there[COACH_FAULT_SLOWER] = of_pace && plan_band_place(pace, v->pace_cpm - unsure_cpm) > 0;
    there[COACH_FAULT_FASTER] = of_pace && plan_band_place(pace, v->pace_cpm + unsure_cpm) < 0;
    float uneven_pct = v->regularity_pct - UNEVEN_SURE * v->regularity_u_pct;
    there[COACH_FAULT_UNEVEN] = coach_heeds_uneven(c, v->step) &&
                                uneven_pct > coach_uneven_pct(v->step) * (1 + 2 * PLAN_GRACE);
}

static enum coach_word say_fault(const struct coach *c, const struct coach_view *v,
                                 enum coach_fault fault, struct coach_cue *cue)
{
    const struct plan_step *step = v->step;
    switch (fault) {
    case COACH_FAULT_LIGHTER:
        coach_put_band(cue, COACH_OF_PRESSURE, v->pressure_kpa,
                       plan_cues_heed(c->policy, step->pressure_kpa.mark) ? &step->pressure_kpa
                                                                          : NULL);
        cue->high = coach_upper_kpa(c, v);
        if (c->has_pain)
            return coach_say(cue, COACH_LIGHTER,
                             "Lighter still. It hurt: stay below %g kPa, this is %g.",
                             tell_kpa(cue->high), tell_kpa(v->pressure_kpa));
        return coach_say(cue, COACH_LIGHTER, "Lighter. %g kPa; up to %g is wanted.",
                         tell_kpa(v->pressure_kpa), tell_kpa(cue->high));
    case COACH_FAULT_DEEPER:
        coach_put_band(cue, COACH_OF_PRESSURE, v->pressure_kpa, &step->pressure_kpa);
        return coach_say(cue, COACH_DEEPER,
                         "Deeper, if it is comfortable. %g kPa; %g or more is "
                         "wanted.",
                         tell_kpa(v->pressure_kpa), tell_kpa(cue->low));
    case COACH_FAULT_SLOWER:
        coach_put_band(cue, COACH_OF_PACE, v->pace_cpm, &step->pace_cpm);
        return coach_say(cue, COACH_SLOWER, "Slower. %.0f a minute; %.0f to %.0f is wanted.",
                         (double)v->pace_cpm, (double)cue->low, (double)cue->high);
    case COACH_FAULT_FASTER:
        coach_put_band(cue, COACH_OF_PACE, v->pace_cpm, &step->pace_cpm);
        return coach_say(cue, COACH_FASTER, "Faster. %.0f a minute; %.0f to %.0f is wanted.",
                         (double)v->pace_cpm, (double)cue->low, (double)cue->high);
    case COACH_FAULT_UNEVEN:
        coach_put_band(cue, COACH_OF_REGULARITY, v->regularity_pct, &step->regularity_pct);
        cue->high = coach_uneven_pct(step);
        return coach_say(cue, COACH_STEADIER, "Steadier. Let one stroke follow the other evenly.");
    case N_COACH_FAULTS:
    default:
        return COACH_NOTHING;
    }
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

/* What cannot be seen for a moment is neither mended nor getting older. */
static void follow(struct coach_fault_state *fault, bool is_there, bool is_known, double device_s)
{
    if (is_there) {
        if (isnan(fault->since_s))
            fault->since_s = device_s;
        fault->seen_s = device_s;
    } else if (is_known || device_s - fault->seen_s > UNKNOWN_S) {
        fault->since_s = (double)NAN;
    }
}

/* How long a fault must last. One stroke that was too hard is seen for as long as the coach looks
 * back: it takes the next one, too. */
static double dwell_s(enum coach_fault fault, const struct coach_view *v)
{
    double look_back_s = fault == COACH_FAULT_LIGHTER ? (double)v->look_back_s : 0;
    return fmax(COACH_DWELL_S, look_back_s + 1);
}

static enum coach_word mind_faults(struct coach *c, const struct coach_view *v, bool may_speak,
                                   struct coach_cue *cue)
{
    bool there[N_COACH_FAULTS];
    look(c, v, there);
    for (int i = 0; i < N_COACH_FAULTS; i++)
        follow(&c->faults[i], there[i], !isnan(measure_of(v, (enum coach_fault)i)), v->device_s);
    for (int i = 0; may_speak && i < N_COACH_FAULTS; i++) {
        struct coach_fault_state *fault = &c->faults[i];
        if (!there[i] || v->device_s - fault->since_s < dwell_s((enum coach_fault)i, v) ||
            coach_is_patient(fault->n_spoken, v->device_s - fault->spoken_s) ||
            is_other_open(c, (enum coach_fault)i))
            continue;
        fault->spoken_s = v->device_s;
        fault->n_spoken++;
        c->corrected = (enum coach_fault)i;
        coach_note(c, v->device_s);
        return say_fault(c, v, (enum coach_fault)i, cue);
    }
    return COACH_NOTHING;
}

enum coach_word coach_execute(struct coach *c, const struct coach_view *v, struct coach_cue *cue)
{
    enum coach_word word = mind_ceiling(c, v, cue);
    if (word == COACH_NOTHING)
        word = mind_pain(c, v, cue);
    if (word != COACH_NOTHING)
        return word;
    bool is_quiet = v->device_s - c->last_cue_s >= COACH_QUIET_S &&
                    v->device_s - c->above_s >= COACH_QUIET_S &&
                    v->device_s - c->recent_s[0] >= 60 && !((double)v->left_s < COACH_TOO_LATE_S);
    *cue = (struct coach_cue){.value = NAN, .low = NAN, .high = NAN};
    if (!v->step || !v->is_on_step) {
        c->on_step_since_s = c->well_since_s = (double)NAN;
        for (int i = 0; i < N_COACH_FAULTS; i++)
            c->faults[i].since_s = (double)NAN;
        c->holds.n_seen = v->hold.n_holds;
        if (v->step)
            return coach_mind_attention(c, v, is_quiet, cue);
        coach_attention_rest(c);
        return COACH_NOTHING;
    }
    coach_attention_rest(c);
    if (isnan(c->on_step_since_s))
        c->on_step_since_s = v->device_s;
    bool may_speak = is_quiet && v->device_s - c->on_step_since_s >= COACH_SETTLE_S;
    word = mind_faults(c, v, may_speak, cue);
    if (word == COACH_NOTHING)
        word = coach_mind_hold(c, v, is_quiet, cue); /* a hold needs no settling */
    if (word == COACH_NOTHING)
        word = coach_mind_praise(c, v, may_speak, cue);
    return word;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "technique/coach_parts.h"

static const double MENDED_S = 4;  /* well again after a correction */
static const double EVEN_S = 10;   /* the same of regularity, which takes some strokes to tell */
static const double WELL_S = 25;   /* well without one */
static const float CLEARLY = 0.7F; /* of what is still even: a dozen strokes tell it roughly */
static const double EARNED_S = 15; /* between two praises, when something was mended */

bool coach_may_praise(const struct coach *c, const struct coach_view *v, bool is_earned)
{
    unsigned doublings = c->n_praises > 2 ? 2 : c->n_praises;
    double wait_s = is_earned ? EARNED_S : COACH_PRAISE_S * (double)(1U << doublings);
    return v->device_s - c->last_praise_s >= wait_s;
}

/* -1 outside, 0 nothing to judge, 1 within. What was corrected must be known to be within. */
static int judge(const struct plan_band *band, float value, bool must_be_known)
{
    if (band->mark == PLAN_MARK_NONE)
        return 0;
    if (isnan(value))
        return must_be_known ? -1 : 0;
    return plan_band_place(band, value) == 0 ? 1 : -1;
}

static int judge_regularity(const struct plan_step *step, float value_pct, bool must_be_known)
{
    if (isnan(value_pct))
        return must_be_known ? -1 : 0;
    return value_pct > CLEARLY * coach_uneven_pct(step) ? -1 : 0;
}

/* What is judged now, each as judge() tells it. */
struct judgement {
    int pressure, pace, regularity;
};

static struct judgement judge_all(const struct coach *c, const struct coach_view *v)
{
    enum coach_fault mended = c->corrected;
    bool of_pressure = mended == COACH_FAULT_LIGHTER || mended == COACH_FAULT_DEEPER;
    bool of_pace = mended == COACH_FAULT_SLOWER || mended == COACH_FAULT_FASTER;
    bool is_held = plan_is_held(v->step->technique);
    return (struct judgement){
        .pressure = judge(&v->step->pressure_kpa, v->pressure_kpa, of_pressure),
        .pace = judge(&v->step->pace_cpm, v->pace_cpm, of_pace),
        .regularity =
            is_held ? 0
                    : judge_regularity(v->step, v->regularity_pct, mended == COACH_FAULT_UNEVEN)};
}

/* Something is judged, and all that is known is as the step wants it. Bands of every mark count
 * here: one cannot praise what the plan does not want, whoever the plan has it from. */
static bool is_well(const struct coach *c, const struct judgement *is)
{
    if (is->pressure < 0 || is->pace < 0 || is->regularity < 0)
        return false;
    return is->pressure > 0 || is->pace > 0 || c->corrected == COACH_FAULT_UNEVEN;
}

/* Praise that names what is good teaches more than "good". */
static enum coach_word say_good(enum coach_fault mended, const struct judgement *is,
                                struct coach_cue *cue)
{
    const char *text = is->pressure > 0 && is->pace > 0 ? "Good: pressure and pace are right."
                       : is->pressure > 0               ? "Good: the pressure is right."
                                                        : "Good: the pace is right.";
    if (mended == COACH_FAULT_LIGHTER || mended == COACH_FAULT_DEEPER)
        text = "Good, that is the pressure. Keep it so.";
    else if (mended == COACH_FAULT_SLOWER || mended == COACH_FAULT_FASTER)
        text = "Good, that is the pace. Keep it so.";
    else if (mended == COACH_FAULT_UNEVEN)
        text = "Good, that is even. Keep it so.";
    return coach_say(cue, COACH_GOOD, "%s", text);
}

enum coach_word coach_mind_praise(struct coach *c, const struct coach_view *v, bool may_speak,
                                  struct coach_cue *cue)
{
    /* Holds are praised by their length, when they end. */
    bool by_holds = plan_is_held(v->step->technique) && v->step->hold_s.mark != PLAN_MARK_NONE;
    enum coach_fault mended = c->corrected;
    bool is_mended = mended != N_COACH_FAULTS;
    const struct judgement is = judge_all(c, v);
    if (c->policy == PLAN_CUES_OFF || c->has_pain || (by_holds && !is_mended) || !is_well(c, &is)) {
        c->well_since_s = (double)NAN;
        return COACH_NOTHING;
    }
    if (isnan(c->well_since_s))
        c->well_since_s = v->device_s;
    double well_s = v->device_s - c->well_since_s;
    double wanted_s = !is_mended ? WELL_S : mended == COACH_FAULT_UNEVEN ? EVEN_S : MENDED_S;
    if (!may_speak || well_s < wanted_s || !coach_may_praise(c, v, is_mended))
        return COACH_NOTHING;
    c->corrected = N_COACH_FAULTS;
    c->last_praise_s = v->device_s;
    c->n_praises++;
    coach_note(c, v->device_s);
    *cue = (struct coach_cue){.measure = COACH_OF_NOTHING, .value = NAN, .low = NAN, .high = NAN};
    return say_good(mended, &is, cue);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "technique/coach_parts.h"

static const double ANSWER_S = 6;         /* what ended longer ago is not spoken of any more */
static const float TOO_SHORT = 0.8F;      /* of the shortest hold that is wanted */
static const float OVERDUE = 1.15F;       /* of the longest */
static const float STILL_TELLABLE = 0.6F; /* of the shortest: "hold it" is no news later */
static const float LONG_HOLD_S = 10;      /* shorter ones are over before they are asked for */

/* Long enough to count, and not another part of the technique: muscle energy has longer rests. */
static bool is_kept(const struct plan_band *band, float hold_s)
{
    return band->mark == PLAN_MARK_NONE ||
           (hold_s >= TOO_SHORT * band->low && hold_s <= OVERDUE * band->high);
}

static enum coach_word say_short(struct coach *c, const struct coach_view *v,
                                 const struct plan_band *band, struct coach_cue *cue)
{
    cue->value = v->hold.hold_s;
    c->holds.short_s = v->device_s;
    c->holds.n_short++;
    c->holds.was_short = c->holds.is_told = true;
    coach_note(c, v->device_s);
    return coach_say(cue, COACH_HOLD, "Hold longer. That was %.0f s; %.0f to %.0f is wanted.",
                     (double)v->hold.hold_s, (double)band->low, (double)band->high);
}

/* A hold ended, a moment ago. */
static enum coach_word mind_end(struct coach *c, const struct coach_view *v, struct coach_cue *cue)
{
    const struct plan_band *band = &v->step->hold_s;
    struct coach_holds *h = &c->holds;
    /* "Move on when you are ready" was said: what comes after is the hand's own affair. */
    if (h->repeats_told || v->device_s - h->ended_s > ANSWER_S)
        return COACH_NOTHING;
    bool has_band = band->mark != PLAN_MARK_NONE;
    bool is_short = has_band && v->hold.hold_s < band->low * TOO_SHORT &&
                    v->hold.hold_s >= fminf(PLAN_MEANT_S, band->low);
    if (is_short && plan_cues_heed(c->policy, band->mark) &&
        !coach_is_patient(h->n_short, v->device_s - h->short_s)) {
        h->ended_s = -(double)INFINITY;
        return say_short(c, v, band, cue);
    }
    unsigned n_wanted = v->step->repeats;
    if (isnan(v->left_s) && n_wanted > 0 && h->n_kept >= n_wanted) {
        h->repeats_told = true;
        h->ended_s = -(double)INFINITY;
        coach_note(c, v->device_s);
        return coach_say(cue, COACH_MOVE_ON,
                         "That was number %u of %u. Move on when you are ready.", h->n_kept,
                         n_wanted);
    }
    if (!has_band || c->has_pain || plan_band_place(band, v->hold.hold_s) != 0 ||
        !coach_may_praise(c, v, h->was_short))
        return COACH_NOTHING;
    bool was_short = h->was_short;
    h->was_short = false;
    h->is_told = true;
    h->ended_s = -(double)INFINITY;
    c->last_praise_s = v->device_s;
    c->n_praises++;
    coach_note(c, v->device_s);
    cue->value = v->hold.hold_s;
    return coach_say(cue, COACH_GOOD,
                     was_short ? "Good, that was long enough: %.0f s." : "Good. That was %.0f s.",
                     (double)v->hold.hold_s);
}

/* "Hold it there": once a step, and of what is held long. Soft tissue release and muscle energy
 * come and go by themselves. */
static enum coach_word mind_begin(struct coach *c, const struct coach_view *v,
                                  struct coach_cue *cue)
{
    const struct plan_band *band = &v->step->hold_s;
    enum technique technique = v->step->technique;
    bool has_band = band->mark != PLAN_MARK_NONE;
    bool is_long = has_band ? band->low >= LONG_HOLD_S
                            : technique != TECHNIQUE_SOFT_TISSUE_RELEASE &&
                                  technique != TECHNIQUE_MUSCLE_ENERGY;
    if (!is_long || c->holds.is_told || v->hold.age_s < PLAN_MEANT_S ||
        (has_band && v->hold.age_s > STILL_TELLABLE * band->low))
        return COACH_NOTHING;
    c->holds.is_told = true;
    coach_note(c, v->device_s);
    if (!plan_cues_heed(c->policy, band->mark))
        return coach_say(cue, COACH_HOLD, "Hold it there.");
    return coach_say(cue, COACH_HOLD, "Hold it there, for %.0f to %.0f s.", (double)band->low,
                     (double)band->high);
}

enum coach_word coach_mind_hold(struct coach *c, const struct coach_view *v, bool may_speak,
                                struct coach_cue *cue)
{
    const struct plan_band *band = &v->step->hold_s;
    struct coach_holds *h = &c->holds;
    if (v->hold.n_holds != h->n_seen) {
        h->ended_s = v->device_s;
        h->n_kept += is_kept(band, v->hold.hold_s);
    }
    h->n_seen = v->hold.n_holds;
    if (!v->hold.is_holding)
        h->is_overdue = false;
    if (!plan_is_held(v->step->technique) || !may_speak || c->policy == PLAN_CUES_OFF)
        return COACH_NOTHING;
    bool heeds = plan_cues_heed(c->policy, band->mark);
    coach_put_band(cue, COACH_OF_HOLD, v->hold.age_s, heeds ? band : NULL);
    enum coach_word word = mind_end(c, v, cue);
    if (word != COACH_NOTHING || !v->hold.is_holding)
        return word;
    if (heeds && v->step->technique != TECHNIQUE_MUSCLE_ENERGY &&
        v->hold.age_s > band->high * OVERDUE && !h->is_overdue) {
        h->is_overdue = true;
        coach_note(c, v->device_s);
        return coach_say(cue, COACH_MOVE_ON, "Long enough: %.0f s. Release slowly.",
                         (double)v->hold.age_s);
    }
    return mind_begin(c, v, cue);
}

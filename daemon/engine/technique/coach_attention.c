/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "technique/coach_parts.h"

enum { WORD_BYTES = 40 };

static const double UNSURE_S = 3;     /* so long a name may be missing */
static const double AGAIN_S = 30;     /* then twice that, and so on */
static const float LEFT_LEAST_S = 10; /* less is not worth a reminder */
enum { SAID_MOST = 3 };               /* in a step */

void coach_attention_rest(struct coach *c)
{
    c->attention.seen = TECHNIQUE_UNKNOWN;
    c->attention.since_s = c->attention.away_since_s = (double)NAN;
}

/* Names are wrong now and then, and then it is the student who knows: that can be said. */
static enum coach_word say_other(const struct coach_view *v, bool is_again, struct coach_cue *cue)
{
    char wanted[WORD_BYTES], seen[WORD_BYTES];
    coach_tell_technique(wanted, sizeof wanted, v->step->technique);
    coach_tell_technique(seen, sizeof seen, v->seen);
    if (v->seen == v->next && isnan(v->left_s))
        return coach_say(cue, COACH_MOVE_ON,
                         "That looks like %s, the next step; this one is still %s. Say so when you "
                         "move on.",
                         seen, wanted);
    if (is_again)
        return coach_say(cue, COACH_MOVE_ON,
                         "This step is still %s; that looks like %s. If it is %s, declare it.",
                         wanted, seen, wanted);
    return coach_say(cue, COACH_MOVE_ON, "This step is %s, %s; that looks like %s.", wanted,
                     v->step->region, seen);
}

static enum coach_word say_away(const struct coach_view *v, struct coach_cue *cue)
{
    char wanted[WORD_BYTES];
    coach_tell_technique(wanted, sizeof wanted, v->step->technique);
    return coach_say(cue, COACH_MOVE_ON, "Go on: %s, %s; %.0f s are left.", wanted, v->step->region,
                     (double)v->left_s);
}

/* How long it has been so; NaN starts it. */
static double lasts_s(double *since_s, double device_s)
{
    if (isnan(*since_s))
        *since_s = device_s;
    return device_s - *since_s;
}

/* Since when it surely is one other thing than the step. Names that come and go are no sure ones.
 */
static void note_seen(struct coach_attention *a, const struct coach_view *v)
{
    if (v->is_away || (v->seen == TECHNIQUE_UNKNOWN && v->device_s - a->seen_s > UNSURE_S)) {
        a->since_s = (double)NAN;
        a->seen = TECHNIQUE_UNKNOWN;
    }
    if (v->is_away || v->seen == TECHNIQUE_UNKNOWN)
        return;
    if (v->seen != a->seen)
        a->since_s = v->device_s;
    a->seen = v->seen;
    a->seen_s = v->device_s;
}

enum coach_word coach_mind_attention(struct coach *c, const struct coach_view *v, bool may_speak,
                                     struct coach_cue *cue)
{
    struct coach_attention *a = &c->attention;
    note_seen(a, v);
    if (!v->is_away)
        a->away_since_s = (double)NAN;
    bool is_away = v->is_away && lasts_s(&a->away_since_s, v->device_s) >= COACH_AWAY_S;
    bool is_other =
        !v->is_away && v->seen != TECHNIQUE_UNKNOWN && v->device_s - a->since_s >= COACH_OTHER_S;
    double wait_s =
        a->n_spoken ? AGAIN_S * (double)(1U << (a->n_spoken > 3 ? 3 : a->n_spoken - 1)) : 0;
    bool is_late = is_away && v->left_s < LEFT_LEAST_S;
    if ((!is_away && !is_other) || is_late || a->n_spoken >= SAID_MOST || !may_speak ||
        c->policy == PLAN_CUES_OFF || v->device_s - a->spoken_s < wait_s)
        return COACH_NOTHING;
    bool is_again = !is_away && a->told == v->seen;
    a->told = is_away ? TECHNIQUE_UNKNOWN : v->seen;
    a->spoken_s = v->device_s;
    a->n_spoken++;
    coach_note(c, v->device_s);
    *cue = (struct coach_cue){.measure = is_away ? COACH_OF_TIME : COACH_OF_TECHNIQUE,
                              .value = NAN,
                              .low = NAN,
                              .high = NAN};
    if (!is_away)
        return say_other(v, is_again, cue);
    cue->value = v->left_s;
    return say_away(v, cue);
}

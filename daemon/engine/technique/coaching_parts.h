/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coaching_parts.h - what coaching.c is made of, for coaching*.c alone
 *
 *     coaching_steps.c  which step is in force: time, commands, hands that go on by themselves
 *     coaching_view.c   what is done: on the step or not, how hard, how fast
 *     coaching.c        frame by frame, both to the coach and the score */
#ifndef COACHING_PARTS_H
#define COACHING_PARTS_H

#include "technique/coaching.h"

#define COACHING_TICK_S 0.1

/** The step in force; NULL: there is no plan, or it is finished. */
const struct plan_step *coaching_step_now(const struct coaching *coaching);

/** The step's time goes on; its end is announced, or brings the next one. */
void coaching_mind_time(struct coaching *coaching, double span_s);

/** Where nobody says "next": the hands do (coaching_follow_hands). */
void coaching_mind_hands(struct coaching *coaching, const struct technique_state *technique,
                         double span_s);

/** Whether what is done is what the step wants. @param step  NULL: nothing is wanted */
void coaching_note_match(struct coaching *coaching, const struct plan_step *step,
                         const struct technique_state *technique);

/** Strokes that ended with this frame, for the rhythm of slow hands. */
void coaching_note_strokes(struct coaching *coaching, const struct coaching_frame *frame);

/** A technique that can be named to somebody's face; else TECHNIQUE_UNKNOWN. */
enum technique coaching_surely_seen(const struct coaching *coaching,
                                    const struct technique_state *technique);

/** Whether there is a pressure under the hand to speak of: calibrated, and no body between. */
bool coaching_has_kpa(const struct coaching *coaching);

/**
 * The pressure that a band of `technique` speaks of: what the last stroke reached, or a hold's
 * mean.
 * @param pace_cpm      how far to look back; NaN: four seconds
 * @param is_saturated  out: it is at least what is returned
 * @return NaN: there is none, or it is not to be judged now
 */
float coaching_judged_kpa(const struct coaching *coaching, enum technique technique, float pace_cpm,
                          bool *is_saturated);

/** All that the coach looks at. */
void coaching_make_view(const struct coaching *coaching, const struct coaching_frame *frame,
                        struct coach_view *view);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coach_parts.h - the coach's own parts, for coach*.c alone
 *
 * Each `mind` looks at one side of what is done, keeps what it must remember even when it may not
 * speak, and fills `cue` when its answer is not COACH_NOTHING. */
#ifndef COACH_PARTS_H
#define COACH_PARTS_H

#include "technique/coach.h"

/** The sentence of a cue. @return `word` */
__attribute__((format(printf, 3, 4))) enum coach_word coach_say(struct coach_cue *cue,
                                                                enum coach_word word,
                                                                const char *format, ...);

/** What a cue is about. @param band  NULL: there is none behind it */
void coach_put_band(struct coach_cue *cue, enum coach_measure measure, float value,
                    const struct plan_band *band);

/** Whether it is too early to say the same for the n-th time more: 20, 40, 80 s after. */
bool coach_is_patient(unsigned n_spoken, double since_s);

/** Where the hand must stay below: the band's end, or what a report of pain left of it. */
float coach_upper_kpa(const struct coach *coach, const struct coach_view *view);

/** The variation that is too much, and whether anybody may be told so. */
float coach_uneven_pct(const struct plan_step *step);
bool coach_heeds_uneven(const struct coach *coach, const struct plan_step *step);

/** Holds: too short, too long, as many as wanted. */
enum coach_word coach_mind_hold(struct coach *coach, const struct coach_view *view, bool may_speak,
                                struct coach_cue *cue);

/** Praise. */
enum coach_word coach_mind_praise(struct coach *coach, const struct coach_view *view,
                                  bool may_speak, struct coach_cue *cue);

/** Whether praise may come again. @param is_earned  something was mended: sooner */
bool coach_may_praise(const struct coach *coach, const struct coach_view *view, bool is_earned);

/** Something else than the step, or nothing, is done. */
enum coach_word coach_mind_attention(struct coach *coach, const struct coach_view *view,
                                     bool may_speak, struct coach_cue *cue);

/** The step is done: nothing else is. */
void coach_attention_rest(struct coach *coach);

#endif

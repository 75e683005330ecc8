/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coach_words.h - what the coach knows, as payloads of the feed (FEED.md: cue, plan) */
#ifndef COACH_WORDS_H
#define COACH_WORDS_H

#include "engine/technique/coaching.h"
#include "feed/payload.h"
#include "session/session_rows.h"

/** All but the stamp. */
void coach_words_cue(const struct coach_cue *cue, const struct coaching *coaching,
                     struct thenar_feed_cue *payload);
void coach_words_plan(const struct coaching *coaching, struct thenar_feed_plan *payload);

/** How the plan is followed, as a row of the file; all but its frame. */
void coach_words_score(const struct coaching *coaching, struct session_score_row *row);

/** The step from 1 as the feed counts; 0: no plan. */
unsigned coach_words_step(const struct coaching_report *report);

#endif

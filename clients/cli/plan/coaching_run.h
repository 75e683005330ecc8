/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coaching_run.h - a recording under a plan: the live coach's own code, offline
 *
 * A session in which the plan was started holds every command: they are followed, frame by frame,
 * and the coach says what it said, and the score is what it was. Other recordings are taken under
 * the plan from their first touch; steps that wait for a word go on with the hands. */
#ifndef COACHING_RUN_H
#define COACHING_RUN_H

#include "recording_run.h"
#include "technique/coaching.h"

struct coaching_said {
    double time_s; /* from the recording's first frame */
    unsigned step; /* from 1 */
    struct coach_cue cue;
};

struct coaching_run {
    struct plan plan;
    bool has_asked;        /* `plan` was asked for; else it is what the session says */
    bool follows_commands; /* the plan's own commands are in the session */
    enum plan_cues cues;   /* N_PLAN_CUES: as the session or the plan says */
    struct coaching coaching;
    bool has_first;
    double first_s;
    size_t n_said, n_space;
    struct coaching_said *said; /* [n_said] */
};

/**
 * @param out   out; NULL when no plan was asked for, and the recording has none
 * @param name  of the plan, or its file; NULL: the one that was started in the session
 * @param cues  trusted, all or off; NULL: as the session or the plan says
 * @return THENAR_OK; THENAR_ERR_VALUE; THENAR_ERR_MEMORY; as plan_folders_read
 */
THENAR_NODISCARD enum thenar_status coaching_run_create(struct coaching_run **out, const char *name,
                                                        const char *cues,
                                                        const struct recording_run *recording,
                                                        struct thenar_error *error);
void coaching_run_destroy(struct coaching_run *run);

/** What the recording's last frame brings. @return whether something was said: the last of `said`
 */
bool coaching_run_take(struct coaching_run *run, struct recording_run *recording,
                       const struct pipeline_output *output);

#endif

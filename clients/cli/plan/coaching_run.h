/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coaching_run.h - a recording under a plan: the live coach's own code, offline */
#ifndef COACHING_RUN_H
#define COACHING_RUN_H

#include "pipeline.h"
#include "technique/coaching.h"

struct coaching_said {
    double time_s; /* from the recording's first frame */
    unsigned step; /* from 1 */
    struct coach_cue cue;
};

struct coaching_run {
    struct plan plan;
    struct coaching coaching;
    bool has_first;
    double first_s;
    size_t n_said, n_space;
    struct coaching_said *said; /* [n_said] */
};

/**
 * @param name  of the plan, or its file
 * @param cues  trusted, all or off; NULL: trusted
 * @return THENAR_OK; THENAR_ERR_VALUE; THENAR_ERR_MEMORY; as plan_folders_read
 */
THENAR_NODISCARD enum thenar_status coaching_run_create(struct coaching_run **out, const char *name,
                                                        const char *cues,
                                                        const struct array_layout *layout,
                                                        struct thenar_error *error);
void coaching_run_destroy(struct coaching_run *run);

/** One frame. @return whether something was said: the last of `said` */
bool coaching_run_take(struct coaching_run *run, const struct pipeline_output *output);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_progress.h - a participant's sessions in a row, each in a few numbers */
#ifndef SESSION_PROGRESS_H
#define SESSION_PROGRESS_H

#include "session/session_digest.h"
#include "session/session_manifest.h"

/* One session: its files put together, weighted by the time that hands were on. */
struct progress_line {
    char id[SESSION_ID_BYTES];
    double start_unix_s, length_s, hands_on_s;
    size_t n_techniques;
    uint64_t n_strokes;
    float regularity_pct, evenness_pct, stroke_peak;
    float practice_score; /* NaN: no plan was followed */
    char plan[SESSION_PLAN_BYTES];
    bool is_relative;
};

struct session_progress {
    struct progress_line *lines; /* [n_lines] by the time they began; owned */
    size_t n_lines;
    unsigned n_unreadable;          /* files that were left out */
    struct thenar_error unreadable; /* why, the last of them */
};

/**
 * @param folder       of sessions
 * @param participant  their pseudonym
 * @return THENAR_OK, also without any session; THENAR_ERR_OS, THENAR_ERR_MEMORY
 * Owner: session_progress_finish frees, also after a failure
 */
THENAR_NODISCARD enum thenar_status session_progress_read(struct session_progress *progress,
                                                          const char *folder,
                                                          const char *participant,
                                                          struct thenar_error *error);
void session_progress_finish(struct session_progress *progress);

#endif

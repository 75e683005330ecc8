/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate_session.h - goes through a procedure step by step, by a script's times or with a person
 *
 * Each step is on the disk as soon as it is done. Broken off, the same command goes on after the
 * last one. */
#ifndef CALIBRATE_SESSION_H
#define CALIBRATE_SESSION_H

#include "calibrate/calibrate_capture.h"
#include "calibrate/calibrate_steps.h"
#include "calibrate/reference_stream.h"
#include "session/calibration_run_file.h"

struct calibrate_session {
    struct capture *capture;                     /* borrowed */
    const struct calibrate_procedure *procedure; /* borrowed */
    struct calibration_run run;                  /* owned */
    const struct array_layout *layout;           /* borrowed */
    const char *run_path;
    struct reference_stream *reference; /* borrowed; NULL: none */
    enum reference_unit reference_unit;
    bool is_guided; /* a person answers; otherwise each step has its time */
    bool is_quiet;  /* no progress */
};

/**
 * From the first step that is not in the run yet to the last.
 * @return THENAR_OK all are done; THENAR_PENDING stopped by the person: what is done is kept;
 *         or what went wrong
 */
THENAR_NODISCARD enum thenar_status calibrate_session_run(struct calibrate_session *session,
                                                          struct thenar_error *error);

/** Whether a run that was broken off is one of this procedure: same steps, as far as it came. */
bool calibrate_session_fits(const struct calibration_run *run,
                            const struct calibrate_procedure *procedure);

#endif

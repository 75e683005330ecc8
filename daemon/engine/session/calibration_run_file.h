/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_run_file.h - what was observed in a calibration, kept while it is under way
 *
 * JSON lines: the array and its device, then a line for each hold, written when it is done. So a
 * calibration can be broken off and gone on with, and fitted again later. A last line without its
 * end (the power went) is passed over; anything else that is wrong is refused. */
#ifndef CALIBRATION_RUN_FILE_H
#define CALIBRATION_RUN_FILE_H

#include "array_layout.h"
#include "error.h"
#include "signal/calibration_run.h"
#include "signal/sensor_calibration.h"

struct calibration_run_head {
    char serial[CALIBRATION_TEXT_BYTES], model[CALIBRATION_TEXT_BYTES],
        firmware[CALIBRATION_TEXT_BYTES];
    struct array_layout layout; /* places, areas, which exist, front end; owned */
};

void calibration_run_head_finish(struct calibration_run_head *head);

/** Begin a file with its first line; one that is there already is replaced.
 * @return THENAR_OK; THENAR_ERR_OS; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status calibration_run_file_begin(
    const char *path, const struct calibration_run_head *head, struct thenar_error *error);

/** Append a hold, and see that it is on the disk. @return as above */
THENAR_NODISCARD enum thenar_status calibration_run_file_append(const char *path,
                                                                const struct calibration_hold *hold,
                                                                size_t n_taxels,
                                                                struct thenar_error *error);

/**
 * Read it all.
 * @param head  out: calibration_run_head_finish, also after a failure
 * @param run   out: calibration_run_finish, also after a failure
 * @return THENAR_OK; THENAR_ERR_ABSENT no such file; THENAR_ERR_OS; THENAR_ERR_SYNTAX,
 *         THENAR_ERR_VALUE with the line; THENAR_ERR_VERSION; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status calibration_run_file_read(struct calibration_run_head *head,
                                                              struct calibration_run *run,
                                                              const char *path,
                                                              struct thenar_error *error);

/** The same from text of `n_bytes`, terminated at text[n_bytes]. */
THENAR_NODISCARD enum thenar_status calibration_run_file_parse(struct calibration_run_head *head,
                                                               struct calibration_run *run,
                                                               const char *text, size_t n_bytes,
                                                               const char *name,
                                                               struct thenar_error *error);

#endif

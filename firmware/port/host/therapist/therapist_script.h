/* SPDX-License-Identifier: MIT */
/* therapist_script.h - the script of a virtual therapist (SCRIPT.md has the format) */
#ifndef THERAPIST_SCRIPT_H
#define THERAPIST_SCRIPT_H

#include <stddef.h>

#include "error.h"
#include "therapist/move.h"

enum { SCRIPT_MAX_STEPS = 4096, SCRIPT_MAX_BYTES = 1 << 20, SCRIPT_LINE_BYTES = 1024 };

struct therapist_script {
    size_t n_steps;
    struct step *steps; /* [n_steps], whole: defaults are filled in; owned */
};

/** The script that is built in as "demo". */
extern const char therapist_script_demo[];

/**
 * Read a script's text.
 * @param text    [n_bytes]; need not be terminated
 * @param name    of the file, for messages
 * @param script  out; of no steps on failure
 * @return THENAR_OK; THENAR_ERR_SYNTAX; THENAR_ERR_VALUE a number out of range, or a step too short
 *         for one cycle; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status therapist_script_parse(struct therapist_script *script,
                                                           const char *text, size_t n_bytes,
                                                           const char *name,
                                                           struct thenar_error *error);

/** Read a file, or the built-in "demo". Also THENAR_ERR_OS, with the reason. */
THENAR_NODISCARD enum thenar_status therapist_script_load(struct therapist_script *script,
                                                          const char *path,
                                                          struct thenar_error *error);

void therapist_script_finish(struct therapist_script *script);

#endif

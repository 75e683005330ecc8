/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_file.h - treatment plans as files that an instructor edits (docs/plans.md)
 *
 * libconfig's syntax. Reading is strict: what is not known, missing or out of range is refused with
 * the line and what to do. Context: start, commands; allocates */
#ifndef PLAN_FILE_H
#define PLAN_FILE_H

#include <stdio.h>

#include "technique/plan.h"

enum { PLAN_FILE_BYTES_MAX = 256 * 1024 };

/**
 * @param text  the whole file, closed by a zero
 * @param name  of the file, begins the error sentences; the plan's name is its last part without
 *              ".plan"
 * @param plan  out; undefined on failure
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE with "FILE:LINE: what, and what to do"
 */
THENAR_NODISCARD enum thenar_status plan_file_parse(struct plan *plan, const char *text,
                                                    const char *name, struct thenar_error *error);

/** The same from a file. @return also THENAR_ERR_ABSENT, THENAR_ERR_DENIED, THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status plan_file_read(struct plan *plan, const char *path,
                                                   struct thenar_error *error);

/** The same, with the file's text: for free(), NULL unless THENAR_OK. @param text  NULL: not wanted
 */
THENAR_NODISCARD enum thenar_status plan_file_read_text(struct plan *plan, const char *path,
                                                        char **text, struct thenar_error *error);

/** Write a plan so that plan_file_parse reads the same again. */
void plan_file_write(FILE *out, const struct plan *plan);

#endif

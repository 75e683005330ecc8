/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recording_path.h - which file a user means by a recording
 *
 * A table, or a session's file; a session's folder, its id or the beginning of one, or "last", as
 * `thenar session show` takes them. */
#ifndef RECORDING_PATH_H
#define RECORDING_PATH_H

#include "cli_options.h"
#include "recording_run.h"

/**
 * The file that one operand names, and whether its options suffice: a table needs its shape.
 * @param path  out: [2 * SESSION_PATH_BYTES] of a file; as it was given when it names no session,
 *              so that opening it says what is wrong with it
 * @return -1 go on; else an exit code, and it was told why
 */
int recording_path_find(const struct option_table *table, const struct recording_options *options,
                        const struct options_result *result, size_t operand, char *path);

#endif

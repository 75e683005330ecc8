/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_text.h - what a message of the device link says, as the lines of a test vector
 * (protocol/vectors/link/README.md) */
#ifndef LINK_TEXT_H
#define LINK_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "link/stream.h"
#include "status.h"

/** Rows and columns in force, for FRAMEs. */
struct link_text_array {
    size_t n_rows, n_cols;
};

/** Decode a message and write its lines to `out`, or "error: REASON". Test code: one thread. */
void link_text_write(const struct thenar_message *message, struct link_text_array array, FILE *out);

/** Write "error: REASON" for what decoding answered. */
void link_text_write_error(enum thenar_status status, FILE *out);

#endif

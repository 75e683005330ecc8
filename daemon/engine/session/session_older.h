/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_older.h - rows as files of older formats have them
 *
 * Files of formats 1 and 2 lack the columns of `metrics`, `strokes` and `episodes` that came with
 * format 3: the rhythm's phase, the pace of each hand and which hand it was, and what a mat says.
 * Whoever reads one gets rows of today, in which what was not recorded is absent. */
#ifndef SESSION_OLDER_H
#define SESSION_OLDER_H

#include "session/session_tables.h"

/* Room for a form that is no more. */
struct session_older_form {
    struct session_table_form form;
    struct session_column columns[SESSION_COLUMNS_MAX];
};

/**
 * The form that a table has in a file of `format_version`.
 * @param space  out, where it is not today's; must live as long as the answer is used
 */
const struct session_table_form *session_older_find(enum session_table table,
                                                    uint32_t format_version,
                                                    struct session_older_form *space);

/**
 * Rows of an older file as rows of today. A checksum that was right is right for the new row too,
 * and one that was wrong is wrong.
 * @param older_bytes  of one older row
 * @param older        [n_rows * older_bytes]
 * @param rows         out: [n_rows] of session_table_form
 */
void session_older_take(enum session_table table, size_t older_bytes, const void *older,
                        size_t n_rows, void *rows);

/** Make absent in a row of today what a file of `format_version` lacks; its checksum is left. */
void session_older_blank(enum session_table table, uint32_t format_version, void *row);

#endif

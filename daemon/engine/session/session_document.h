/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_document.h - texts that were in force, as rows of a session file
 *
 * A plan, a calibration, what a device said of itself: whole, as they were, so that a file needs no
 * other to be understood. Rows have a fixed size, so a text is cut into pieces. */
#ifndef SESSION_DOCUMENT_H
#define SESSION_DOCUMENT_H

#include <stddef.h>

#include "error.h"
#include "session/session_rows.h"

struct session_reader;

#define SESSION_DOCUMENT_PLAN "plan"
#define SESSION_DOCUMENT_CALIBRATION "calibration"
#define SESSION_DOCUMENT_HELLO "hello"

/* Rows of some documents, one behind the other. */
struct session_documents {
    struct session_document_row *rows; /* [n_rows] owned */
    size_t n_rows;
};

/**
 * Add a text, in as many rows as it takes; an empty one takes a row too.
 * @param kind, name  cut to their columns
 * @return THENAR_OK; THENAR_ERR_MEMORY: nothing was added
 */
THENAR_NODISCARD enum thenar_status session_documents_add(struct session_documents *documents,
                                                          const char *kind, const char *name,
                                                          const char *text, double t_unix_s);

/** Add all of others. @return as above */
THENAR_NODISCARD enum thenar_status session_documents_join(struct session_documents *documents,
                                                           const struct session_documents *more);
void session_documents_finish(struct session_documents *documents);

/**
 * The last text of a kind in a file.
 * @param name  wanted; NULL: whichever
 * @param text  out: terminated, for free(); NULL unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_ABSENT there is none, or a piece of it is missing; as
 *         session_reader_rows
 */
THENAR_NODISCARD enum thenar_status session_document_read(struct session_reader *reader,
                                                          const char *kind, const char *name,
                                                          char **text, struct thenar_error *error);

#endif

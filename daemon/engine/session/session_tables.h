/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_tables.h - every table of a session file: its columns with units and descriptions
 *
 * The one place that says what a file holds; writer, readers, exports and docs/session-file.md
 * follow it (a test compares the document). */
#ifndef SESSION_TABLES_H
#define SESSION_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "session/session_rows.h"

enum session_table {
    SESSION_FRAMES, /* one row a frame, beside its samples */
    SESSION_METRICS,
    SESSION_STROKES,
    SESSION_EPISODES,
    SESSION_GAPS,
    SESSION_CUES,
    SESSION_SCORES,
    SESSION_COMMANDS,
    SESSION_NOTES,
    SESSION_DOCUMENTS,
    SESSION_EVENTS,
    SESSION_HEALTH,
    SESSION_AUX,
    SESSION_TAXELS,   /* the array; fixed before the first frame, like the two below */
    SESSION_SETTINGS, /* the daemon's configuration */
    SESSION_CHANNELS, /* auxiliary channels */
    N_SESSION_TABLES
};

enum session_type {
    SESSION_U16,
    SESSION_U32,
    SESSION_U64,
    SESSION_I32,
    SESSION_I64,
    SESSION_F32,
    SESSION_F64,
    SESSION_TEXT
};

struct session_column {
    const char *name, *name_relative; /* the latter of an uncalibrated device; NULL: the same */
    enum session_type type;
    size_t offset, n_bytes;
    unsigned n_values; /* above 1: an array */
    const char *unit, *unit_relative;
    const char *description;
};

struct session_table_form {
    const char *name, *description;
    size_t row_bytes;
    const struct session_column *columns;
    size_t n_columns;
    unsigned chunk_rows; /* 0: as many as a chunk of frames has */
    uint32_t since;      /* format version of the first files that have it */
};

enum { SESSION_ROW_BYTES_MAX = 576, SESSION_COLUMNS_MAX = 32 };

/** The form of a table. */
const struct session_table_form *session_table_form(enum session_table table);

/** The name of a column in a file; borrowed. */
const char *session_column_name(const struct session_column *column, bool is_relative);
const char *session_column_unit(const struct session_column *column, bool is_relative);

/** The table of a name; N_SESSION_TABLES when there is none. */
enum session_table session_table_find(const char *name);

#endif

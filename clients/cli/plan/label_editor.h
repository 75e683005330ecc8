/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label_editor.h - correct a table of episodes with keys, in a terminal
 *
 * The edits are plain functions of the table; label_editor_run draws it and reads the keys. */
#ifndef LABEL_EDITOR_H
#define LABEL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "session/episode_table.h"

struct label_editor {
    size_t n_rows, at;              /* `at`: the row that is chosen */
    struct episode_table_row *rows; /* [n_rows] owned by the caller; grows by realloc */
};

/** Name the chosen row. */
void label_editor_name(struct label_editor *editor, enum technique technique);

/** Cut it in the middle. @return false: it is shorter than 0.2 s, or out of memory */
bool label_editor_split(struct label_editor *editor);

/** Join it with the next one, under its own name. @return false: it is the last */
bool label_editor_join(struct label_editor *editor);

/**
 * Move its end, and the begin of what touches it there; not beyond what is next to it.
 * @param shift_s  seconds, either way
 */
void label_editor_shift(struct label_editor *editor, double shift_s);

/** Let a person edit. @return true: to be kept; false: left without keeping */
bool label_editor_run(struct label_editor *editor);

#endif

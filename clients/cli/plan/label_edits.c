/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "label_editor.h"

static const double SHORTEST_S = 0.1;

void label_editor_name(struct label_editor *editor, enum technique technique)
{
    if (editor->at < editor->n_rows)
        editor->rows[editor->at].technique = technique;
}

bool label_editor_split(struct label_editor *editor)
{
    if (editor->at >= editor->n_rows)
        return false;
    struct episode_table_row row = editor->rows[editor->at];
    if (row.end_s - row.start_s < 2 * SHORTEST_S)
        return false;
    struct episode_table_row *rows =
        realloc(editor->rows, (editor->n_rows + 1) * sizeof *editor->rows);
    if (!rows)
        return false;
    editor->rows = rows;
    memmove(&rows[editor->at + 1], &rows[editor->at], (editor->n_rows - editor->at) * sizeof *rows);
    editor->n_rows++;
    double middle_s = 0.5 * (row.start_s + row.end_s);
    rows[editor->at].end_s = rows[editor->at + 1].start_s = middle_s;
    return true;
}

bool label_editor_join(struct label_editor *editor)
{
    size_t at = editor->at;
    if (at + 1 >= editor->n_rows)
        return false;
    editor->rows[at].end_s = editor->rows[at + 1].end_s;
    memmove(&editor->rows[at + 1], &editor->rows[at + 2],
            (editor->n_rows - at - 2) * sizeof *editor->rows);
    editor->n_rows--;
    return true;
}

void label_editor_shift(struct label_editor *editor, double shift_s)
{
    if (!editor->rows || editor->at >= editor->n_rows)
        return;
    struct episode_table_row *row = &editor->rows[editor->at];
    struct episode_table_row *next = editor->at + 1 < editor->n_rows ? row + 1 : NULL;
    bool touches = next && next->start_s - row->end_s < 0.005;
    double end_s = fmax(row->end_s + shift_s, row->start_s + SHORTEST_S);
    if (touches)
        end_s = fmin(end_s, next->end_s - SHORTEST_S);
    else if (next)
        end_s = fmin(end_s, next->start_s);
    row->end_s = end_s;
    if (touches)
        next->start_s = end_s;
}

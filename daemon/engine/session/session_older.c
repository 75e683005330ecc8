/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_older.h"

#include <math.h>
#include <string.h>

#include "session/session_crc.h"

enum { RHYTHM_VERSION = 3 };

/* Where the columns of format 3 begin; before it `reserved` stood there, then the checksum. */
static size_t new_columns_at(enum session_table table, uint32_t format_version)
{
    if (format_version >= RHYTHM_VERSION)
        return 0;
    if (table == SESSION_METRICS)
        return offsetof(struct session_metrics_row, pace_hand_cpm);
    if (table == SESSION_STROKES)
        return offsetof(struct session_stroke_row, hand);
    if (table == SESSION_EPISODES)
        return offsetof(struct session_episode_row, pace_hand_cpm);
    return 0;
}

const struct session_table_form *session_older_find(enum session_table table,
                                                    uint32_t format_version,
                                                    struct session_older_form *space)
{
    const struct session_table_form *today = session_table_form(table);
    size_t end = new_columns_at(table, format_version), n = 0;
    if (end == 0)
        return today;
    for (; today->columns[n].offset < end; n++)
        space->columns[n] = today->columns[n];
    space->columns[n++] = (struct session_column){
        "reserved", NULL, SESSION_U32, end, sizeof(uint32_t), 1, "", NULL, "0"};
    space->columns[n] = today->columns[today->n_columns - 1];
    space->columns[n++].offset = end + sizeof(uint32_t);
    space->form = *today;
    space->form.columns = space->columns;
    space->form.n_columns = n;
    space->form.row_bytes = end + 2 * sizeof(uint32_t);
    return &space->form;
}

static void blank_metrics(struct session_metrics_row *row)
{
    row->pace_hand_cpm = row->phase = row->phase_confidence = NAN;
    row->load_change = row->breath_cpm = row->breath_confidence = NAN;
    row->shift = row->shift_age_s = NAN;
    row->reserved = 0;
}

void session_older_blank(enum session_table table, uint32_t format_version, void *row)
{
    if (new_columns_at(table, format_version) == 0)
        return;
    if (table == SESSION_METRICS)
        blank_metrics(row);
    else if (table == SESSION_STROKES)
        ((struct session_stroke_row *)row)->hand = 0;
    else
        ((struct session_episode_row *)row)->pace_hand_cpm = NAN;
}

void session_older_take(enum session_table table, size_t older_bytes, const void *older,
                        size_t n_rows, void *rows)
{
    size_t row_bytes = session_table_form(table)->row_bytes;
    const unsigned char *from = older;
    unsigned char *to = rows;
    for (size_t i = 0; i < n_rows; i++, from += older_bytes, to += row_bytes) {
        uint32_t crc32, own;
        memcpy(&crc32, from + older_bytes - sizeof crc32, sizeof crc32);
        bool is_right = crc32 == session_crc_of_row(from, older_bytes);
        memcpy(to, from, older_bytes - 2 * sizeof(uint32_t));
        session_older_blank(table, RHYTHM_VERSION - 1, to);
        own = session_crc_of_row(to, row_bytes);
        own = is_right ? own : ~own;
        memcpy(to + row_bytes - sizeof own, &own, sizeof own);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "session_json.h"

/* Of each kind at most so many: a page draws no more, and the CSV has all of them. */
enum { SHOWN_MAX = 2000 };

/* Texts of files come from elsewhere: what is not UTF-8 must not make the whole answer fail. */
static json_t *text(const char *field, size_t n_bytes)
{
    size_t n = strnlen(field, n_bytes);
    json_t *json = json_stringn(field, n);
    return json ? json : json_string("?");
}

#define TEXT(row, member) text((row)->member, sizeof(row)->member)
#define NUMBER(value) session_json_number((double)(value))

static json_t *episode(const void *any, double first_s)
{
    const struct session_episode_row *row = any;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "start_s",
                     NUMBER(row->t_start - first_s), "end_s", NUMBER(row->t_end - first_s),
                     "technique", TEXT(row, technique), "confidence", NUMBER(row->confidence),
                     "pace_cpm", NUMBER(row->pace_cpm), "regularity_pct",
                     NUMBER(row->regularity_pct), "peak", NUMBER(row->peak), "mean",
                     NUMBER(row->mean), "mean_force", NUMBER(row->mean_force), "contact_cm2",
                     NUMBER(row->contact_cm2), "n_strokes", (json_int_t)row->n_strokes);
}

static json_t *gap(const void *any, double first_s)
{
    const struct session_gap_row *row = any;
    return json_pack("{s:o, s:o, s:I, s:o, s:I}", "at_s", NUMBER(row->t - first_s), "lost_s",
                     NUMBER(row->lost_s), "n_frames", (json_int_t)row->n_frames, "side",
                     TEXT(row, side), "n_bad_messages", (json_int_t)row->n_bad_messages);
}

static json_t *cue(const void *any, double first_s)
{
    const struct session_cue_row *row = any;
    return json_pack("{s:o, s:o, s:o, s:o}", "at_s", NUMBER(row->t_device - first_s), "cue",
                     TEXT(row, cue), "text", TEXT(row, text), "value", NUMBER(row->value));
}

static json_t *command(const void *any, double first_s)
{
    const struct session_command_row *row = any;
    return json_pack("{s:o, s:o, s:b, s:o}", "at_s", NUMBER(row->t - first_s), "command",
                     TEXT(row, command), "is_done", row->is_done != 0, "request",
                     TEXT(row, request));
}

static json_t *note(const void *any, double first_s)
{
    const struct session_note_row *row = any;
    return json_pack("{s:o, s:o}", "at_s", NUMBER(row->t - first_s), "text", TEXT(row, text));
}

static json_t *event(const void *any, double first_s)
{
    const struct session_event_row *row = any;
    return json_pack("{s:o, s:o, s:o}", "at_s", NUMBER(row->t - first_s), "event", TEXT(row, event),
                     "text", TEXT(row, text));
}

static const struct {
    enum session_table table;
    const char *name;
    json_t *(*make)(const void *row, double first_s);
} kinds[] = {
    {SESSION_EPISODES, "episodes", episode},
    {SESSION_GAPS, "gaps", gap},
    {SESSION_CUES, "cues", cue},
    {SESSION_COMMANDS, "commands", command},
    {SESSION_NOTES, "notes", note},
    {SESSION_EVENTS, "events", event},
};

static enum thenar_status add_rows(json_t *device, size_t kind, struct session_reader *reader,
                                   double first_s, struct thenar_error *error)
{
    size_t row_bytes = session_table_form(kinds[kind].table)->row_bytes;
    uint64_t n_all = session_reader_n_rows(reader, kinds[kind].table);
    size_t n = n_all < SHOWN_MAX ? (size_t)n_all : SHOWN_MAX;
    char *rows = calloc(n + 1, row_bytes);
    json_t *list = json_array();
    enum thenar_status status = THENAR_OK;
    if (!rows || !list)
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    else if (n > 0)
        status = session_reader_rows(reader, kinds[kind].table, 0, n, rows, error);
    for (size_t i = 0; status == THENAR_OK && i < n; i++)
        (void)json_array_append_new(list, kinds[kind].make(rows + i * row_bytes, first_s));
    (void)json_object_set_new(device, kinds[kind].name, list);
    if (n_all > n) {
        json_t *more = json_object_get(device, "left_out");
        (void)json_object_set_new(more, kinds[kind].name, json_integer((json_int_t)(n_all - n)));
    }
    free(rows);
    return status;
}

enum thenar_status session_json_rows(json_t *device, struct session_reader *reader, double first_s,
                                     struct thenar_error *error)
{
    enum thenar_status status = THENAR_OK;
    (void)json_object_set_new(device, "left_out", json_object());
    for (size_t i = 0; status == THENAR_OK && i < sizeof kinds / sizeof *kinds; i++)
        status = add_rows(device, i, reader, first_s, error);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_query.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_choice.h"

#define SESSIONS "/api/sessions"

/* What follows a session's device in an address. */
static const struct {
    const char *name;
    enum session_question question;
} tables[] = {
    {"strokes", SESSION_ASK_STROKES},
    {"metrics", SESSION_ASK_METRICS},
    {"taxel", SESSION_ASK_TAXEL},
    {"map", SESSION_ASK_MAP},
};

static bool begins_address(const char *path, const char *address)
{
    size_t n = strlen(address);
    return strncmp(path, address, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool session_query_is_address(const char *path)
{
    return begins_address(path, SESSIONS) || strcmp(path, "/api/compare") == 0 ||
           strcmp(path, "/api/progress") == 0;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool session_query_is_name(const char *text)
{
    if (!is_letter_or_digit(text[0]))
        return false;
    for (const char *c = text; *c; c++)
        if (!is_letter_or_digit(*c) && *c != '.' && *c != '_' && *c != '-')
            return false;
    return true;
}

static enum thenar_status take_name(char *name, size_t n_space, const char *text, size_t n_text,
                                    struct thenar_error *error)
{
    if (n_text < n_space) {
        (void)snprintf(name, n_space, "%.*s", (int)n_text, text);
        if (session_query_is_name(name))
            return THENAR_OK;
    }
    name[0] = '\0';
    return thenar_fail(error, THENAR_ERR_VALUE,
                       "'%.*s' names no session: letters, digits, . _ and -, at most %zu",
                       (int)(n_text < 80 ? n_text : 80), text, n_space - 1);
}

static enum thenar_status no_such(const char *path, struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_ABSENT, "there is no address %.120s", path);
}

static bool ends_with(const char *text, const char *end, size_t *n_before)
{
    size_t n = strlen(text), n_end = strlen(end);
    if (n <= n_end || strcmp(text + n - n_end, end) != 0)
        return false;
    *n_before = n - n_end;
    return true;
}

/* "pad.h5", "pad.csv.zip", "pad/strokes", "report.html" */
static enum thenar_status take_part(struct session_query *query, const char *part,
                                    struct thenar_error *error)
{
    const char *slash = strchr(part, '/');
    size_t n_device = 0;
    if (strcmp(part, "report.html") == 0)
        query->question = SESSION_ASK_REPORT;
    else if (strcmp(part, "methods.txt") == 0)
        query->question = SESSION_ASK_METHODS;
    else if (!slash && ends_with(part, ".h5", &n_device))
        query->question = SESSION_ASK_FILE;
    else if (!slash && ends_with(part, ".csv.zip", &n_device))
        query->question = SESSION_ASK_CSV;
    else if (slash) {
        size_t i = 0, n = sizeof tables / sizeof *tables;
        while (i < n && strcmp(slash + 1, tables[i].name) != 0)
            i++;
        if (i == n)
            return no_such(part, error);
        query->question = tables[i].question;
        n_device = (size_t)(slash - part);
    } else {
        return no_such(part, error);
    }
    if (query->question == SESSION_ASK_REPORT || query->question == SESSION_ASK_METHODS)
        return THENAR_OK;
    return take_name(query->device, sizeof query->device, part, n_device, error);
}

enum thenar_status session_query_take_path(struct session_query *query, const char *path,
                                           struct thenar_error *error)
{
    *query = (struct session_query){.since_unix_s = (double)NAN,
                                    .until_unix_s = (double)NAN,
                                    .score_min = (double)NAN,
                                    .score_max = (double)NAN,
                                    .at_s = (double)NAN,
                                    .from_s = (double)NAN,
                                    .to_s = (double)NAN};
    if (!session_query_is_address(path))
        return no_such(path, error);
    if (path[strlen("/api/")] == 'c' || path[strlen("/api/")] == 'p') {
        query->question = path[strlen("/api/")] == 'c' ? SESSION_ASK_COMPARE : SESSION_ASK_PROGRESS;
        return THENAR_OK;
    }
    path += strlen(SESSIONS);
    if (path[0] == '\0')
        return THENAR_OK; /* the list */
    const char *id = path + 1, *slash = strchr(id, '/');
    size_t n_id = slash ? (size_t)(slash - id) : strlen(id);
    query->question = SESSION_ASK_ONE;
    enum thenar_status status = take_name(query->id, sizeof query->id, id, n_id, error);
    return status == THENAR_OK && slash ? take_part(query, slash + 1, error) : status;
}

/* ---- name=value ---- */

enum value_kind { VALUE_NAME, VALUE_SINCE, VALUE_UNTIL, VALUE_NUMBER, VALUE_COUNT };

struct value_row {
    const char *name;
    enum value_kind kind;
    size_t offset, n_bytes; /* of the member; bytes of a name's */
    unsigned questions;     /* bits of those that take it */
    double most;            /* of a count */
};

#define ASKED(question) (1U << (question))
#define ROW(text, kind, member, questions, most)                         \
    {                                                                    \
        text, kind, offsetof(struct session_query, member),              \
            sizeof(((struct session_query *)0)->member), questions, most \
    }

enum {
    LIST = ASKED(SESSION_ASK_LIST),
    SERIES = ASKED(SESSION_ASK_TAXEL) | ASKED(SESSION_ASK_MAP) | ASKED(SESSION_ASK_METRICS),
    SIDES = ASKED(SESSION_ASK_COMPARE)
};

static const struct value_row rows[] = {
    ROW("participant", VALUE_NAME, participant, LIST | ASKED(SESSION_ASK_PROGRESS), 0),
    ROW("operator", VALUE_NAME, operator_id, LIST, 0),
    ROW("plan", VALUE_NAME, plan, LIST, 0),
    ROW("station", VALUE_NAME, station, LIST, 0),
    ROW("since", VALUE_SINCE, since_unix_s, LIST, 0),
    ROW("until", VALUE_UNTIL, until_unix_s, LIST, 0),
    ROW("score_min", VALUE_NUMBER, score_min, LIST, 0),
    ROW("score_max", VALUE_NUMBER, score_max, LIST, 0),
    ROW("reference", VALUE_NAME, reference, SIDES, 0),
    ROW("session", VALUE_NAME, id, SIDES, 0),
    ROW("at_s", VALUE_NUMBER, at_s, ASKED(SESSION_ASK_MAP), 0),
    ROW("from_s", VALUE_NUMBER, from_s, SERIES, 0),
    ROW("to_s", VALUE_NUMBER, to_s, SERIES, 0),
    ROW("row", VALUE_COUNT, row, ASKED(SESSION_ASK_TAXEL), 4095),
    ROW("col", VALUE_COUNT, col, ASKED(SESSION_ASK_TAXEL), 4095),
    ROW("n", VALUE_COUNT, n, SERIES, SESSION_QUERY_SPANS_MAX),
    ROW("n_cells", VALUE_COUNT, n_cells, ASKED(SESSION_ASK_MAP), SESSION_QUERY_CELLS_MAX),
};

static enum thenar_status take_number(const struct value_row *row, void *member, const char *text,
                                      struct thenar_error *error)
{
    char *end;
    double value = strtod(text, &end);
    bool is_number =
        end != text && *end == '\0' && isfinite(value) && !isspace((unsigned char)text[0]);
    if (!is_number)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s=%.40s is no number", row->name, text);
    if (row->kind == VALUE_NUMBER) {
        *(double *)member = value;
        return THENAR_OK;
    }
    if (value < 0 || value > row->most || value != floor(value))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s is a whole number from 0 to %.0f, not %.40s", row->name, row->most,
                           text);
    *(unsigned *)member = (unsigned)value;
    return THENAR_OK;
}

static enum thenar_status take_value(struct session_query *query, const struct value_row *row,
                                     const char *text, struct thenar_error *error)
{
    char *member = (char *)query + row->offset;
    switch (row->kind) {
    case VALUE_NAME:
        return take_name(member, row->n_bytes, text, strlen(text), error);
    case VALUE_SINCE:
    case VALUE_UNTIL:
        return session_choice_date((double *)(void *)member, text, row->kind == VALUE_UNTIL, error);
    case VALUE_NUMBER:
    case VALUE_COUNT:
        return take_number(row, member, text, error);
    }
    return THENAR_OK;
}

enum thenar_status session_query_take(struct session_query *query, const char *argument,
                                      struct thenar_error *error)
{
    const char *equals = strchr(argument, '=');
    size_t n_name = equals ? (size_t)(equals - argument) : strlen(argument);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct value_row *row = &rows[i];
        if (strlen(row->name) != n_name || strncmp(row->name, argument, n_name) != 0 ||
            !(row->questions & ASKED(query->question)))
            continue;
        if (!equals || equals[1] == '\0') /* a filter that is left empty is none */
            return THENAR_OK;
        enum thenar_status status = take_value(query, row, equals + 1, error);
        query->has_row |= status == THENAR_OK && strcmp(row->name, "row") == 0;
        query->has_col |= status == THENAR_OK && strcmp(row->name, "col") == 0;
        return status;
    }
    return thenar_fail(error, THENAR_ERR_ARGUMENT, "this address takes no '%.*s'",
                       (int)(n_name < 40 ? n_name : 40), argument);
}

enum thenar_status session_query_check(const struct session_query *query,
                                       struct thenar_error *error)
{
    bool is_span = !isnan(query->from_s) && !isnan(query->to_s);
    if (query->question == SESSION_ASK_COMPARE && (!query->reference[0] || !query->id[0]))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "two sessions are compared: reference=ID and session=ID");
    if (query->question == SESSION_ASK_PROGRESS && !query->participant[0])
        return thenar_fail(error, THENAR_ERR_VALUE, "whose? participant=P007");
    if (query->question == SESSION_ASK_TAXEL && (!query->has_row || !query->has_col))
        return thenar_fail(error, THENAR_ERR_VALUE, "which taxel? row= and col=, from 0");
    if (is_span && query->from_s > query->to_s)
        return thenar_fail(error, THENAR_ERR_VALUE, "from_s is after to_s");
    if (query->question != SESSION_ASK_MAP)
        return THENAR_OK;
    if (isnan(query->at_s) == !is_span)
        return thenar_fail(error, THENAR_ERR_VALUE, "a map is at_s=, or from_s= and to_s=");
    if (query->n > SESSION_QUERY_MAPS_MAX)
        return thenar_fail(error, THENAR_ERR_VALUE, "%u maps at once are too many; %d are the most",
                           query->n, SESSION_QUERY_MAPS_MAX);
    return THENAR_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "class_request.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    FIELD_STATION = 1 << 0,
    FIELD_TITLE = 1 << 1,
    FIELD_CODES = 1 << 2,
    FIELD_GIVER = 1 << 3,
    FIELD_RECEIVER = 1 << 4,
    FIELD_PLAN = 1 << 5,
    FIELD_NOTE = 1 << 6,
    FIELD_SESSION = 1 << 7,
    FIELD_CRITERION = 1 << 8,
    FIELD_LEVEL = 1 << 9,
    FIELD_SCORE = 1 << 10,
    FIELD_REMARK = 1 << 11,
};

static const char *const field_names[] = {"station",   "title", "codes", "giver",
                                          "receiver",  "plan",  "note",  "session",
                                          "criterion", "level", "score", "remark"};

struct act_row {
    const char *name;
    unsigned must, may; /* FIELD_ */
};

static const struct act_row acts[N_CLASS_ACTS] = {
    [CLASS_BEGIN] = {"begin", 0, FIELD_TITLE},
    [CLASS_END] = {"end", 0, 0},
    [CLASS_CODES] = {"codes", FIELD_CODES, 0},
    [CLASS_SEAT] = {"seat", FIELD_STATION, FIELD_GIVER | FIELD_RECEIVER},
    [CLASS_SEAT_ALL] = {"seat_all", 0, 0},
    [CLASS_SWAP] = {"swap", FIELD_STATION, 0},
    [CLASS_PLAN] = {"plan", 0, FIELD_STATION | FIELD_PLAN},
    [CLASS_START] = {"start", 0, FIELD_STATION},
    [CLASS_STOP] = {"stop", 0, FIELD_STATION},
    [CLASS_CALL] = {"call", 0, FIELD_STATION},
    [CLASS_NOTE] = {"note", FIELD_NOTE, FIELD_STATION},
    [CLASS_JOIN] = {"join", FIELD_STATION, 0},
    [CLASS_JUDGE] = {"judge", FIELD_SESSION,
                     FIELD_CRITERION | FIELD_LEVEL | FIELD_SCORE | FIELD_REMARK},
    [CLASS_FORGET] = {"forget", FIELD_STATION, 0},
};

/* One line of plain text; absent is "". */
static enum thenar_status read_line(const json_t *object, const char *key, char *text,
                                    size_t n_space, struct thenar_error *error)
{
    const json_t *value = json_object_get(object, key);
    text[0] = '\0';
    if (!value)
        return THENAR_OK;
    const char *line = json_string_value(value);
    if (!line)
        return thenar_fail(error, THENAR_ERR_VALUE, "\"%s\" must be a text", key);
    if (json_string_length(value) >= n_space)
        return thenar_fail(error, THENAR_ERR_VALUE, "\"%s\" has at most %zu octets", key,
                           n_space - 1);
    for (size_t i = 0; i < json_string_length(value); i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            return thenar_fail(error, THENAR_ERR_VALUE, "\"%s\" must be one line of plain text",
                               key);
    (void)snprintf(text, n_space, "%s", line);
    return THENAR_OK;
}

static enum thenar_status read_codes(const json_t *object, struct class_request *request,
                                     struct thenar_error *error)
{
    const json_t *list = json_object_get(object, "codes");
    if (!list)
        return THENAR_OK;
    if (!json_is_array(list) || json_array_size(list) > CLASS_CODES_MAX)
        return thenar_fail(error, THENAR_ERR_VALUE, "\"codes\" must be a list of at most %d",
                           CLASS_CODES_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *code = json_array_get(list, i);
        size_t n_code = json_string_length(code);
        if (!json_is_string(code) || n_code == 0 || n_code >= CLASS_CODE_BYTES ||
            strlen(json_string_value(code)) != n_code)
            return thenar_fail(error, THENAR_ERR_VALUE, "\"codes\": entry %zu is no code", i + 1);
        (void)snprintf(request->codes[request->n_codes++], CLASS_CODE_BYTES, "%s",
                       json_string_value(code));
    }
    return THENAR_OK;
}

static enum thenar_status read_lines(const json_t *object, struct class_request *request,
                                     struct thenar_error *error)
{
    const struct {
        const char *key;
        char *text;
        size_t n_space;
    } lines[] = {
        {"station", request->station, sizeof request->station},
        {"title", request->title, sizeof request->title},
        {"giver", request->giver, sizeof request->giver},
        {"receiver", request->receiver, sizeof request->receiver},
        {"plan", request->plan, sizeof request->plan},
        {"note", request->note, sizeof request->note},
        {"session", request->session, sizeof request->session},
        {"criterion", request->criterion, sizeof request->criterion},
        {"remark", request->remark, sizeof request->remark},
    };
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < sizeof lines / sizeof *lines && status == THENAR_OK; i++)
        status = read_line(object, lines[i].key, lines[i].text, lines[i].n_space, error);
    return status;
}

/* {"score":null} takes the instructor's own score back. */
static enum thenar_status read_numbers(const json_t *object, struct class_request *request,
                                       struct thenar_error *error)
{
    const json_t *level = json_object_get(object, "level");
    const json_t *score = json_object_get(object, "score");
    json_int_t number = json_integer_value(level);
    if (level && (!json_is_integer(level) || number < 0 || number > CLASS_LEVELS_MAX))
        return thenar_fail(error, THENAR_ERR_VALUE, "\"level\" must be a number from 0 to %d",
                           CLASS_LEVELS_MAX);
    request->level = (unsigned)number;
    request->score = json_is_number(score) ? (float)json_number_value(score) : NAN;
    if (score && !json_is_null(score) && !(request->score >= 0 && request->score <= 100))
        return thenar_fail(error, THENAR_ERR_VALUE, "\"score\" must be a number from 0 to 100");
    request->has_score = score != NULL;
    request->has_remark = json_object_get(object, "remark") != NULL;
    return THENAR_OK;
}

static enum thenar_status check_fields(const json_t *object, const struct act_row *act,
                                       struct thenar_error *error)
{
    const char *key;
    json_t *value;
    unsigned seen = 0;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        while (i < sizeof field_names / sizeof *field_names && strcmp(field_names[i], key) != 0)
            i++;
        if (strcmp(key, "act") != 0 && (i == sizeof field_names / sizeof *field_names ||
                                        !((act->must | act->may) & (1u << i))))
            return thenar_fail(error, THENAR_ERR_VALUE, "'%s' knows no \"%.40s\"", act->name, key);
        if (strcmp(key, "act") != 0)
            seen |= 1u << i;
    }
    for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
        if (act->must & ~seen & (1u << i))
            return thenar_fail(error, THENAR_ERR_VALUE, "'%s' needs a \"%s\"", act->name,
                               field_names[i]);
    return THENAR_OK;
}

/* Plans by their names, never files: they are looked up on the daemons' machines. */
static enum thenar_status check_values(const struct class_request *request,
                                       const struct act_row *act, struct thenar_error *error)
{
    if (request->station[0] && !thenar_name_is_valid(request->station))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "\"station\" must be a name of a-z, 0-9, _ and -, at most 31 of them");
    if ((act->must & FIELD_STATION) && request->station[0] == '\0')
        return thenar_fail(error, THENAR_ERR_VALUE, "\"station\" must not be empty");
    if (strpbrk(request->plan, "/."))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "a page starts plans by their names; '%s' is a "
                           "file",
                           request->plan);
    if ((act->must & FIELD_NOTE) && request->note[0] == '\0')
        return thenar_fail(error, THENAR_ERR_VALUE, "a note needs some words");
    return THENAR_OK;
}

enum thenar_status class_request_decode(const json_t *object, struct class_request *request,
                                        struct thenar_error *error)
{
    memset(request, 0, sizeof *request);
    const char *name = json_string_value(json_object_get(object, "act"));
    size_t act = 0;
    while (name && act < N_CLASS_ACTS && strcmp(acts[act].name, name) != 0)
        act++;
    if (!name || act == N_CLASS_ACTS)
        return thenar_fail(error, THENAR_ERR_TYPE, "\"class\" has no such \"act\"");
    request->act = (enum class_act)act;
    enum thenar_status status = check_fields(object, &acts[act], error);
    if (status == THENAR_OK)
        status = read_lines(object, request, error);
    if (status == THENAR_OK)
        status = read_codes(object, request, error);
    if (status == THENAR_OK)
        status = read_numbers(object, request, error);
    return status == THENAR_OK ? check_values(request, &acts[act], error) : status;
}

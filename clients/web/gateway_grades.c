/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the class came to, over HTTP: /api/class for the page, and the gradebook. */
#include <stdlib.h>
#include <string.h>

#include "class_json.h"
#include "gateway_class.h"
#include "gradebook.h"

#define JSON_TYPE "application/json"

static json_t *summary_session(const struct rubric *rubric, const struct class_session *session)
{
    json_t *object = class_json_session(session), *measures = json_object(),
           *criteria = json_array();
    for (size_t i = 0; i < N_TALLY_MEASURES; i++) {
        double value = (double)class_tally_value(&session->tally, (enum tally_measure)i);
        if (value == value) /* NaN is absent */
            (void)json_object_set_new(measures, tally_measure_name((enum tally_measure)i),
                                      json_real(value));
    }
    for (size_t i = 0; i < rubric->n_criteria; i++) {
        const struct rubric_criterion *criterion = &rubric->criteria[i];
        (void)json_array_append_new(
            criteria, json_pack("{s:s, s:i, s:i}", "name", criterion->name, "level",
                                (int)rubric_level(rubric, criterion, &session->tally), "own",
                                (int)class_session_level(session, criterion->name)));
    }
    (void)json_object_set_new(object, "measures", measures);
    (void)json_object_set_new(object, "criteria", criteria);
    return object;
}

static json_t *rubric_json(const struct rubric *rubric)
{
    json_t *levels = json_array(), *criteria = json_array();
    for (size_t i = 0; i < rubric->n_levels; i++)
        (void)json_array_append_new(levels, json_string(rubric->levels[i]));
    for (size_t i = 0; i < rubric->n_criteria; i++)
        (void)json_array_append_new(criteria,
                                    json_pack("{s:s, s:s, s:s}", "name", rubric->criteria[i].name,
                                              "title", rubric->criteria[i].title, "measure",
                                              tally_measure_name(rubric->criteria[i].measure)));
    return json_pack("{s:s, s:o, s:o}", "title", rubric->title, "levels", levels, "criteria",
                     criteria);
}

static char *summary_text(const struct gateway_class *own)
{
    const struct class_book *book = &own->room.book;
    json_t *root = classroom_json(&own->room, true), *sessions = json_array();
    for (size_t i = 0; i < book->n_sessions; i++)
        (void)json_array_append_new(sessions, summary_session(&own->rubric, &book->sessions[i]));
    (void)json_object_set_new(root, "rubric", rubric_json(&own->rubric));
    (void)json_object_set_new(root, "sessions", sessions);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    return text;
}

static char *gradebook_text(const struct gateway_class *own)
{
    char *text = NULL;
    size_t n_text = 0;
    FILE *out = open_memstream(&text, &n_text);
    if (!out)
        return NULL;
    gradebook_write(out, &own->room.book, &own->rubric);
    bool is_good = !ferror(out);
    if (fclose(out) == 0 && is_good)
        return text;
    free(text);
    return NULL;
}

bool gateway_class_get(struct gateway *gateway, struct gateway_request *request, const char *path,
                       const struct permission *permission, int *result)
{
    if (strcmp(path, "/api/class") != 0 && strcmp(path, "/api/class/gradebook.csv") != 0)
        return false;
    if (!permission_teaches(permission))
        *result = gateway_http_say(request->wsi, HTTP_STATUS_FORBIDDEN, JSON_TYPE, NULL,
                                   "{\"ok\":false,\"error\":\"the class is the instructor's\"}");
    else if (strcmp(path, "/api/class") == 0)
        *result = gateway_http_reply(request, HTTP_STATUS_OK, JSON_TYPE, NULL,
                                     summary_text(gateway->classroom));
    else
        *result = gateway_http_reply(request, HTTP_STATUS_OK, "text/csv; charset=utf-8", NULL,
                                     gradebook_text(gateway->classroom));
    return true;
}

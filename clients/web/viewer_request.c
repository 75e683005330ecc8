/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewer_request.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Absent is well; a name that no station or device can have is not. */
static enum thenar_status read_name(const json_t *object, const char *key,
                                    char name[static THENAR_TOPIC_NAME_BYTES],
                                    struct thenar_error *error)
{
    const json_t *value = json_object_get(object, key);
    name[0] = '\0';
    if (!value || (json_is_string(value) && json_string_length(value) == 0))
        return THENAR_OK;
    if (!json_is_string(value) || !thenar_name_is_valid(json_string_value(value)))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "\"%s\" must be a name of a-z, 0-9, _ and -, at most 31 of them", key);
    (void)snprintf(name, THENAR_TOPIC_NAME_BYTES, "%s", json_string_value(value));
    return THENAR_OK;
}

static enum thenar_status read_number(const json_t *object, const char *key, double most,
                                      double *number, struct thenar_error *error)
{
    const json_t *value = json_object_get(object, key);
    *number = 0;
    if (!value)
        return THENAR_OK;
    *number = json_number_value(value);
    if (!json_is_number(value) || !(*number >= 0 && *number <= most))
        return thenar_fail(error, THENAR_ERR_VALUE, "\"%s\" must be a number from 0 to %g", key,
                           most);
    return THENAR_OK;
}

static enum thenar_status read_show(const json_t *show, struct viewer_wish *wish,
                                    struct thenar_error *error)
{
    double state_hz = 0, maps_hz = 0, n_cells = 0;
    enum thenar_status status = read_name(show, "station", wish->station, error);
    if (status == THENAR_OK)
        status = read_name(show, "device", wish->device, error);
    if (status == THENAR_OK)
        status = read_number(show, "state_hz", 100, &state_hz, error);
    if (status == THENAR_OK)
        status = read_number(show, "maps_hz", 100, &maps_hz, error);
    if (status == THENAR_OK)
        status = read_number(show, "n_cells", 1024, &n_cells, error);
    if (status != THENAR_OK)
        return status;
    wish->state_hz = (float)state_hz;
    wish->maps_hz = (float)maps_hz;
    wish->n_cells_max = (unsigned)n_cells;
    wish->events = json_is_true(json_object_get(show, "events"));
    wish->classroom = json_is_true(json_object_get(show, "class"));
    return THENAR_OK;
}

static enum thenar_status read_id(const json_t *root, struct viewer_request *request,
                                  struct thenar_error *error)
{
    const json_t *id = json_object_get(root, "id");
    if (!json_is_integer(id) || json_integer_value(id) < 0)
        return thenar_fail(error, THENAR_ERR_VALUE, "\"id\" must be a number of the page's own");
    request->id = (uint64_t)json_integer_value(id);
    return THENAR_OK;
}

/* The daemon's own reader checks the command, so that both ends know the same ones. */
static enum thenar_status read_control(const json_t *root, const json_t *control,
                                       struct viewer_request *request, struct thenar_error *error)
{
    enum thenar_status status = read_name(root, "station", request->station, error);
    if (status == THENAR_OK)
        status = read_id(root, request, error);
    if (status != THENAR_OK)
        return status;
    char text[VIEWER_REQUEST_BYTES_MAX];
    json_t *numbered = json_copy((json_t *)control); /* shallow, as copying a struct */
    if (!numbered || json_object_set_new(numbered, "id", json_integer(0)) != 0) {
        json_decref(numbered);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    size_t n_text = json_dumpb(numbered, text, sizeof text, JSON_COMPACT);
    json_decref(numbered);
    if (n_text == 0 || n_text > sizeof text)
        return thenar_fail(error, THENAR_ERR_LENGTH, "this command is too long");
    return thenar_control_request_decode(text, n_text, &request->control, error);
}

static enum thenar_status read_request(const json_t *root, struct viewer_request *request,
                                       struct thenar_error *error)
{
    const json_t *show = json_object_get(root, "show");
    const json_t *control = json_object_get(root, "control");
    const json_t *class_part = json_object_get(root, "class");
    if (json_is_object(class_part) && !show && !control) {
        request->kind = VIEWER_REQUEST_CLASS;
        enum thenar_status status = read_id(root, request, error);
        return status == THENAR_OK
                   ? class_request_decode(class_part, &request->class_request, error)
                   : status;
    }
    if (json_is_object(show) && !control && !class_part) {
        request->kind = VIEWER_REQUEST_SHOW;
        return read_show(show, &request->wish, error);
    }
    if (json_is_object(control) && !show && !class_part) {
        request->kind = VIEWER_REQUEST_CONTROL;
        return read_control(root, control, request, error);
    }
    return thenar_fail(
        error, THENAR_ERR_TYPE,
        "a message must be an object with one of \"show\", \"control\" and \"class\"");
}

enum thenar_status viewer_request_decode(const char *text, size_t n_text,
                                         struct viewer_request *request, struct thenar_error *error)
{
    memset(request, 0, sizeof *request);
    if (n_text > VIEWER_REQUEST_BYTES_MAX)
        return thenar_fail(error, THENAR_ERR_LENGTH, "a message has at most %d octets",
                           VIEWER_REQUEST_BYTES_MAX);
    json_error_t fault;
    json_t *root = json_loadb(text, n_text, JSON_REJECT_DUPLICATES, &fault);
    if (!root)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "not JSON: %s at octet %d", fault.text,
                           fault.position);
    enum thenar_status status = read_request(root, request, error);
    json_decref(root);
    return status;
}

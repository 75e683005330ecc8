/* SPDX-License-Identifier: MIT */
#include "feed/control.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "feed/control_tables.h"
#include "feed/record_parts.h"

const char *thenar_control_command_name(enum thenar_control_command command)
{
    return (unsigned)command < THENAR_N_CONTROL_COMMANDS ? control_table[command].name : NULL;
}

void thenar_control_request_clear(struct thenar_control_request *request)
{
    memset(request, 0, sizeof *request);
    request->metrics_rate_hz = request->frame_rate_hz = request->rate_hz = request->span_s = NAN;
    request->pain = request->wait_s = NAN;
}

void thenar_control_reply_clear(struct thenar_control_reply *reply)
{
    thenar_record_clear(&control_any_reply, reply);
}

enum thenar_status thenar_control_request_encode(const struct thenar_control_request *request,
                                                 char *text, size_t n_space, size_t *n_text)
{
    *n_text = 0;
    const char *name = thenar_control_command_name(request->command);
    if (!name)
        return THENAR_ERR_ARGUMENT;
    struct thenar_control_request named = *request;
    (void)snprintf(named.command_name, sizeof named.command_name, "%s", name);
    return thenar_record_encode(control_table[request->command].request, &named, text, n_space,
                                n_text);
}

static enum thenar_status find_command(const char *name, enum thenar_control_command *command,
                                       struct thenar_error *error)
{
    for (unsigned i = 0; i < THENAR_N_CONTROL_COMMANDS; i++)
        if (strcmp(control_table[i].name, name) == 0) {
            *command = (enum thenar_control_command)i;
            return THENAR_OK;
        }
    return thenar_fail(error, THENAR_ERR_VALUE,
                       "unknown command \"%s\"; there are status, devices, rate, tare, plan, "
                       "discover, identify, selftest, bootloader, declare, comfort, session, "
                       "session_start, session_stop, session_note and shutdown",
                       name);
}

static enum thenar_status check_rate(const struct thenar_control_request *request,
                                     struct thenar_error *error)
{
    if (isnan(request->metrics_rate_hz) && isnan(request->frame_rate_hz) && isnan(request->rate_hz))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "rate needs \"metrics_rate_hz\", \"frame_rate_hz\" or \"rate_hz\"");
    if (request->metrics_rate_hz < 0 || request->frame_rate_hz < 0 || request->rate_hz <= 0)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "metrics_rate_hz and frame_rate_hz must be 0 Hz (off) or above, rate_hz above 0");
    return THENAR_OK;
}

/* Whether there is such a plan is the daemon's to say. */
static enum thenar_status check_plan(const struct thenar_control_request *request,
                                     struct thenar_error *error)
{
    static const char *const actions[] = {"", "start", "stop", "next", "back", "pause", "resume"};
    bool is_known = false;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        is_known = is_known || strcmp(request->action, actions[i]) == 0;
    if (!is_known)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "unknown action \"%s\"; there are start, stop, next, back, pause and "
                           "resume",
                           request->action);
    bool is_start = strcmp(request->action, "start") == 0;
    if (is_start != (request->plan[0] != '\0') && request->action[0] != '\0')
        return thenar_fail(error, THENAR_ERR_VALUE,
                           is_start ? "start needs \"plan\", the name of one"
                                    : "\"plan\" goes with the action start only");
    return THENAR_OK;
}

static bool needs_device(enum thenar_control_command command)
{
    return command == THENAR_CONTROL_RATE || command == THENAR_CONTROL_IDENTIFY ||
           command == THENAR_CONTROL_SELF_TEST || command == THENAR_CONTROL_BOOTLOADER;
}

static enum thenar_status check_fields(const struct thenar_control_request *request,
                                       struct thenar_error *error)
{
    bool named = request->device[0] || needs_device(request->command);
    if (named && !thenar_name_is_valid(request->device))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "device \"%s\" is no name: 1 to 31 of a-z, 0-9, _ and -",
                           request->device);
    if (request->command == THENAR_CONTROL_RATE)
        return check_rate(request, error);
    if (request->command == THENAR_CONTROL_TARE && (request->span_s <= 0 || request->span_s > 60))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "span_s must be above 0 and not above 60 seconds");
    if (request->command == THENAR_CONTROL_PLAN)
        return check_plan(request, error);
    if (request->command == THENAR_CONTROL_COMFORT && (request->pain < 0 || request->pain > 10))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "pain must be within 0 (none) and 10 (the worst)");
    if (request->command == THENAR_CONTROL_IDENTIFY &&
        (request->span_s < 0 || request->span_s > 60))
        return thenar_fail(error, THENAR_ERR_VALUE, "span_s must be within 0 and 60 seconds");
    return THENAR_OK;
}

/* The fields of one command; those of the others stay absent. */
static enum thenar_status read_fields(const struct thenar_record *record, json_t *object,
                                      struct thenar_control_request *request,
                                      struct thenar_error *error)
{
    struct thenar_control_request read;
    enum thenar_status status =
        thenar_record_read(record, object, THENAR_REFUSE_UNKNOWN, &read, error);
    const struct thenar_field *field;
    for (size_t i = 0; status == THENAR_OK && (field = thenar_record_field(record, i)); i++)
        memcpy((char *)request + field->offset, (const char *)&read + field->offset,
               field->n_bytes);
    return status;
}

enum thenar_status thenar_control_request_decode(const char *text, size_t n_text,
                                                 struct thenar_control_request *request,
                                                 struct thenar_error *error)
{
    thenar_control_request_clear(request);
    if (n_text >= THENAR_REQUEST_BYTES)
        return thenar_fail(error, THENAR_ERR_VALUE, "request is longer than %d octets",
                           THENAR_REQUEST_BYTES - 1);
    json_t *object;
    enum thenar_status status = thenar_json_load(text, n_text, &object, error);
    if (status != THENAR_OK)
        return status;

    struct thenar_control_request head;
    enum thenar_control_command command = THENAR_CONTROL_STATUS;
    status = thenar_record_read(&control_head_record, object, THENAR_PASS_UNKNOWN, &head, error);
    uint64_t id = head.id; /* read first, so that even a bad request gets its id back */
    if (status == THENAR_OK)
        status = find_command(head.command_name, &command, error);
    if (status == THENAR_OK)
        status = read_fields(control_table[command].request, object, request, error);
    request->command = command;
    if (status == THENAR_OK)
        status = check_fields(request, error);
    request->id = id;
    json_decref(object);
    return status;
}

enum thenar_status thenar_control_error_encode(uint64_t id, const char *sentence, char *text,
                                               size_t n_space, size_t *n_text)
{
    struct thenar_control_reply reply;
    thenar_control_reply_clear(&reply);
    reply.id = id;
    (void)snprintf(reply.error, sizeof reply.error, "%s", sentence);
    return thenar_record_encode(&control_error_record, &reply, text, n_space, n_text);
}

static enum thenar_status put_devices(const struct thenar_feed_status *devices, size_t n_devices,
                                      struct json_text *out)
{
    const struct thenar_record *record = thenar_payload_record(THENAR_TOPIC_STATUS);
    json_text_put(out, "\"devices\":[", 11);
    for (size_t i = 0; i < n_devices; i++) {
        json_text_put(out, "{", 1);
        enum thenar_status status = thenar_record_put(record, &devices[i], out);
        if (status != THENAR_OK)
            return status;
        json_text_close(out, '}');
        json_text_put(out, ",", 1);
    }
    json_text_close(out, ']');
    return THENAR_OK;
}

enum thenar_status thenar_control_reply_encode(enum thenar_control_command command,
                                               const struct thenar_control_reply *reply,
                                               const struct thenar_control_daemon *daemon,
                                               const struct thenar_feed_status *devices,
                                               size_t n_devices, char *text, size_t n_space,
                                               size_t *n_text)
{
    *n_text = 0;
    if (!thenar_control_command_name(command))
        return THENAR_ERR_ARGUMENT;
    if (!reply->ok)
        return thenar_control_error_encode(reply->id, reply->error, text, n_space, n_text);
    struct json_text out;
    json_text_init(&out, text, n_space);
    json_text_put(&out, "{", 1);
    enum thenar_status status = thenar_record_put(control_table[command].reply, reply, &out);
    if (status == THENAR_OK && command == THENAR_CONTROL_STATUS)
        status = thenar_record_put(&control_daemon_record, daemon, &out);
    if (status == THENAR_OK &&
        (command == THENAR_CONTROL_STATUS || command == THENAR_CONTROL_DEVICES))
        status = put_devices(devices, n_devices, &out);
    if (status != THENAR_OK)
        return status;
    json_text_close(&out, '}');
    return json_text_finish(&out, n_text);
}

static enum thenar_status read_devices(json_t *object, struct thenar_feed_status *devices,
                                       size_t n_space, size_t *n_devices,
                                       struct thenar_error *error)
{
    json_t *array = json_object_get(object, "devices");
    if (!json_is_array(array))
        return thenar_fail(error, THENAR_ERR_TYPE, "field \"devices\" must be an array");
    size_t n = json_array_size(array);
    for (size_t i = 0; i < n && i < n_space; i++) {
        enum thenar_status status =
            thenar_record_read(thenar_payload_record(THENAR_TOPIC_STATUS), json_array_get(array, i),
                               THENAR_PASS_UNKNOWN, &devices[i], error);
        if (status != THENAR_OK)
            return status;
        *n_devices = i + 1;
    }
    return THENAR_OK;
}

enum thenar_status thenar_control_reply_decode(const char *text, size_t n_text,
                                               struct thenar_control_reply *reply,
                                               struct thenar_control_daemon *daemon,
                                               struct thenar_feed_status *devices, size_t n_space,
                                               size_t *n_devices, struct thenar_error *error)
{
    json_t *object;
    size_t n_read = 0;
    thenar_control_reply_clear(reply);
    enum thenar_status status = thenar_json_load(text, n_text, &object, error);
    if (status == THENAR_OK)
        status = thenar_record_read(&control_any_reply, object, THENAR_PASS_UNKNOWN, reply, error);
    if (status == THENAR_OK && daemon) {
        thenar_record_clear(&control_daemon_record, daemon);
        if (reply->ok)
            status = thenar_record_read(&control_daemon_record, object, THENAR_PASS_UNKNOWN, daemon,
                                        error);
    }
    if (status == THENAR_OK && devices && reply->ok)
        status = read_devices(object, devices, n_space, &n_read, error);
    if (n_devices)
        *n_devices = n_read;
    json_decref(object);
    return status;
}

/* SPDX-License-Identifier: MIT */
#include "feed/control.h"
#include "feed/control_tables.h"
#include "feed/record_parts.h"

enum thenar_status thenar_control_found_encode(uint64_t id,
                                               const struct thenar_control_found *found,
                                               size_t n_found, char *text, size_t n_space,
                                               size_t *n_text)
{
    struct thenar_control_reply reply;
    struct json_text out;
    *n_text = 0;
    thenar_control_reply_clear(&reply);
    reply.id = id;
    reply.ok = true;
    json_text_init(&out, text, n_space);
    json_text_put(&out, "{", 1);
    enum thenar_status status =
        thenar_record_put(control_table[THENAR_CONTROL_DISCOVER].reply, &reply, &out);
    json_text_put(&out, "\"found\":[", 9);
    for (size_t i = 0; i < n_found && status == THENAR_OK; i++) {
        json_text_put(&out, "{", 1);
        status = thenar_record_put(&control_found_record, &found[i], &out);
        json_text_close(&out, '}');
        json_text_put(&out, ",", 1);
    }
    json_text_close(&out, ']');
    json_text_close(&out, '}');
    return status == THENAR_OK ? json_text_finish(&out, n_text) : status;
}

enum thenar_status thenar_control_found_decode(const char *text, size_t n_text,
                                               struct thenar_control_found *found, size_t n_space,
                                               size_t *n_found, struct thenar_error *error)
{
    json_t *object;
    *n_found = 0;
    enum thenar_status status = thenar_json_load(text, n_text, &object, error);
    if (status != THENAR_OK)
        return status;
    json_t *array = json_object_get(object, "found");
    if (!json_is_array(array))
        status = thenar_fail(error, THENAR_ERR_TYPE, "field \"found\" must be an array");
    for (size_t i = 0; status == THENAR_OK && i < n_space && i < json_array_size(array); i++) {
        status = thenar_record_read(&control_found_record, json_array_get(array, i),
                                    THENAR_PASS_UNKNOWN, &found[i], error);
        *n_found += status == THENAR_OK;
    }
    json_decref(object);
    return status;
}

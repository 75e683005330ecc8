/* SPDX-License-Identifier: MIT */
#include "feed/payload.h"

#include "feed/json_text.h"
#include "feed/payload_tables.h"

const struct thenar_record *thenar_payload_record(enum thenar_topic_kind kind)
{
    return (unsigned)kind < THENAR_N_TOPIC_KINDS ? payload_tables[kind] : NULL;
}

void thenar_payload_clear(enum thenar_topic_kind kind, void *payload)
{
    const struct thenar_record *record = thenar_payload_record(kind);
    if (record)
        thenar_record_clear(record, payload);
}

enum thenar_status thenar_payload_encode(enum thenar_topic_kind kind, const void *payload,
                                         char *text, size_t n_space, size_t *n_text)
{
    const struct thenar_record *record = thenar_payload_record(kind);
    *n_text = 0;
    if (!record)
        return THENAR_ERR_TYPE;
    return thenar_record_encode(record, payload, text, n_space, n_text);
}

enum thenar_status thenar_payload_decode(enum thenar_topic_kind kind, const char *text,
                                         size_t n_text, void *payload, struct thenar_error *error)
{
    const struct thenar_record *record = thenar_payload_record(kind);
    if (!record)
        return thenar_fail(error, THENAR_ERR_TYPE, "this kind of message has no payload defined");
    return thenar_record_decode(record, text, n_text, THENAR_PASS_UNKNOWN, payload, error);
}

double thenar_payload_time(enum thenar_topic_kind kind, const struct thenar_feed_stamp *stamp)
{
    bool of_device = kind == THENAR_TOPIC_STATUS || kind == THENAR_TOPIC_GAP ||
                     kind == THENAR_TOPIC_PLAN || kind == THENAR_TOPIC_COMFORT ||
                     kind == THENAR_TOPIC_SESSION;
    return of_device ? stamp->t_publish : stamp->t_device;
}

enum thenar_status thenar_time_encode(double time_s, char *text, size_t n_space, size_t *n_text)
{
    *n_text = 0;
    if (!json_text_is_number(time_s) || time_s < 0)
        return THENAR_ERR_VALUE;
    struct json_text out;
    json_text_init(&out, text, n_space);
    json_text_put_number(&out, time_s, 6);
    return json_text_finish(&out, n_text);
}

enum thenar_status thenar_time_decode(const char *text, size_t n_text, double *time_s)
{
    double whole = 0, part = 0, step = 1;
    size_t n_points = 0, n_digits = 0;
    for (size_t i = 0; i < n_text; i++) {
        char c = text[i];
        if (c == '.' && n_points++ == 0)
            continue;
        if (c < '0' || c > '9' || ++n_digits > 18)
            return THENAR_ERR_SYNTAX;
        if (n_points) {
            part = part * 10 + (c - '0');
            step *= 10;
        } else {
            whole = whole * 10 + (c - '0');
        }
    }
    if (n_digits == 0)
        return THENAR_ERR_SYNTAX;
    *time_s = whole + part / step;
    return THENAR_OK;
}

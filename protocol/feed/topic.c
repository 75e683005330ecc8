/* SPDX-License-Identifier: MIT */
#include "feed/topic.h"

#include <string.h>

static const char *const kind_names[THENAR_N_TOPIC_KINDS] = {
    [THENAR_TOPIC_METRICS] = "metrics", [THENAR_TOPIC_CONTACT] = "contact",
    [THENAR_TOPIC_STROKE] = "stroke",   [THENAR_TOPIC_EPISODE] = "episode",
    [THENAR_TOPIC_CUE] = "cue",         [THENAR_TOPIC_FRAME] = "frame",
    [THENAR_TOPIC_STATUS] = "status",   [THENAR_TOPIC_SESSION] = "session",
    [THENAR_TOPIC_GAP] = "gap",         [THENAR_TOPIC_MOTION] = "motion",
    [THENAR_TOPIC_PLAN] = "plan",       [THENAR_TOPIC_COMFORT] = "comfort",
};

const char *thenar_topic_kind_name(enum thenar_topic_kind kind)
{
    return (unsigned)kind < THENAR_N_TOPIC_KINDS ? kind_names[kind] : NULL;
}

static bool is_name(const char *text, size_t n_text)
{
    if (n_text == 0 || n_text >= THENAR_TOPIC_NAME_BYTES)
        return false;
    for (size_t i = 0; i < n_text; i++) {
        char c = text[i];
        bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!allowed)
            return false;
    }
    return true;
}

bool thenar_name_is_valid(const char *name)
{
    return name && is_name(name, strnlen(name, THENAR_TOPIC_NAME_BYTES));
}

enum thenar_status thenar_topic_encode(enum thenar_topic_kind kind, const char *station,
                                       const char *device, char *text, size_t n_space,
                                       size_t *n_text)
{
    if (n_text)
        *n_text = 0;
    const char *name = thenar_topic_kind_name(kind);
    if (!name || !thenar_name_is_valid(station) || !thenar_name_is_valid(device))
        return THENAR_ERR_ARGUMENT;
    const char *const parts[] = {name, station, device};
    size_t used = 0;
    for (size_t i = 0; i < 3; i++) {
        size_t n_part = strlen(parts[i]);
        if (n_space < used + n_part + 1)
            return THENAR_ERR_SPACE;
        memcpy(text + used, parts[i], n_part);
        used += n_part;
        text[used++] = i < 2 ? '.' : '\0';
    }
    if (n_text)
        *n_text = used - 1;
    return THENAR_OK;
}

/* Up to `n_most` parts between dots; 0 when there are more. */
static size_t split(const char *text, size_t n_text, const char *part[], size_t n_part[],
                    size_t n_most)
{
    size_t n = 0;
    for (const char *end = text + n_text;; n++) {
        if (n == n_most)
            return 0;
        const char *dot = memchr(text, '.', (size_t)(end - text));
        part[n] = text;
        n_part[n] = (size_t)((dot ? dot : end) - text);
        if (!dot)
            return n + 1;
        text = dot + 1;
    }
}

static enum thenar_status kind_decode(const char *text, size_t n_text, enum thenar_topic_kind *kind)
{
    for (unsigned i = 0; i < THENAR_N_TOPIC_KINDS; i++)
        if (strlen(kind_names[i]) == n_text && memcmp(kind_names[i], text, n_text) == 0) {
            *kind = (enum thenar_topic_kind)i;
            return THENAR_OK;
        }
    return THENAR_ERR_TYPE;
}

enum thenar_status thenar_topic_decode(const char *text, size_t n_text, struct thenar_topic *topic)
{
    const char *part[3];
    size_t n_part[3];
    if (split(text, n_text, part, n_part, 3) != 3 || !is_name(part[1], n_part[1]) ||
        !is_name(part[2], n_part[2]))
        return THENAR_ERR_SYNTAX;
    struct thenar_topic read = {0};
    enum thenar_status status = kind_decode(part[0], n_part[0], &read.kind);
    if (status != THENAR_OK)
        return status;
    memcpy(read.station, part[1], n_part[1]);
    memcpy(read.device, part[2], n_part[2]);
    *topic = read;
    return THENAR_OK;
}

enum thenar_status thenar_topic_filter_decode(const char *text, struct thenar_topic_filter *filter)
{
    size_t n_text = strnlen(text, THENAR_TOPIC_BYTES);
    if (n_text > 0 && text[n_text - 1] == '.')
        n_text--;
    *filter = (struct thenar_topic_filter){0};
    if (n_text == 0)
        return text[0] ? THENAR_ERR_SYNTAX : THENAR_OK;

    const char *part[3];
    size_t n_part[3];
    size_t n_parts = split(text, n_text, part, n_part, 3);
    enum thenar_topic_kind kind;
    if (n_parts == 0)
        return THENAR_ERR_SYNTAX;
    for (size_t i = 1; i < n_parts; i++)
        if (!is_name(part[i], n_part[i]))
            return THENAR_ERR_SYNTAX;
    enum thenar_status status = kind_decode(part[0], n_part[0], &kind);
    if (status != THENAR_OK)
        return status;
    memcpy(filter->prefix, text, n_text);
    filter->n_prefix = n_text;
    filter->exact = n_parts == 3;
    if (!filter->exact)
        filter->prefix[filter->n_prefix++] = '.';
    return THENAR_OK;
}

bool thenar_topic_filter_matches(const struct thenar_topic_filter *filter, const char *topic,
                                 size_t n_topic)
{
    if (n_topic < filter->n_prefix || (filter->exact && n_topic != filter->n_prefix))
        return false;
    return memcmp(topic, filter->prefix, filter->n_prefix) == 0;
}

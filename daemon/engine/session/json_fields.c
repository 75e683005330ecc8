/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/json_fields.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void json_fields_init(struct json_fields *fields, const char *name, const char *text,
                      struct thenar_error *error)
{
    *fields = (struct json_fields){name, text, error, THENAR_OK};
}

/* Behind `from`, where the member's name stands in quotes; NULL when it does not. */
static const char *find_name(const char *from, const char *name)
{
    char quoted[80];
    (void)snprintf(quoted, sizeof quoted, "\"%s\"", name);
    return from && *name ? strstr(from, quoted) : NULL;
}

static unsigned line_of(const struct json_fields *fields, const char *parent, const char *key)
{
    const char *at = find_name(fields->text, parent);
    const char *found = find_name(at ? at : fields->text, key);
    at = found ? found : at;
    unsigned line = 1;
    for (const char *c = fields->text; at && c < at; c++)
        line += *c == '\n';
    return line;
}

void json_fields_fail(struct json_fields *fields, const char *parent, const char *key,
                      const char *format, ...)
{
    char what[THENAR_ERROR_TEXT_BYTES / 2];
    if (fields->status != THENAR_OK)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    char line[16] = "";
    if (fields->text)
        (void)snprintf(line, sizeof line, ":%u", line_of(fields, parent, key));
    fields->status = thenar_fail(fields->error, THENAR_ERR_VALUE, "%s%s: %s%s%s: %s", fields->name,
                                 line, parent, *parent && *key ? "." : "", key, what);
}

static const json_t *member(struct json_fields *fields, const json_t *object, const char *parent,
                            const char *key)
{
    if (fields->status != THENAR_OK)
        return NULL;
    const json_t *value = json_object_get(object, key);
    if (!value)
        json_fields_fail(fields, parent, key, "is missing");
    return value;
}

double json_fields_number(struct json_fields *fields, const json_t *object, const char *parent,
                          const char *key, double least, double most)
{
    const json_t *value = member(fields, object, parent, key);
    if (!value)
        return 0.0;
    double number = json_number_value(value);
    if (!json_is_number(value))
        json_fields_fail(fields, parent, key, "is not a number");
    else if (!(number >= least && number <= most))
        json_fields_fail(fields, parent, key, "is %g; it may be %g to %g", number, least, most);
    return fields->status == THENAR_OK ? number : 0.0;
}

double json_fields_number_or_null(struct json_fields *fields, const json_t *object,
                                  const char *parent, const char *key, double least, double most)
{
    const json_t *value = member(fields, object, parent, key);
    if (!value || json_is_null(value))
        return (double)NAN;
    return json_fields_number(fields, object, parent, key, least, most);
}

void json_fields_text(struct json_fields *fields, const json_t *object, const char *parent,
                      const char *key, char *out, size_t n_space)
{
    const json_t *value = member(fields, object, parent, key);
    out[0] = '\0';
    if (!value)
        return;
    if (!json_is_string(value))
        json_fields_fail(fields, parent, key, "is not a text");
    else if (json_string_length(value) >= n_space)
        json_fields_fail(fields, parent, key, "is longer than %zu characters", n_space - 1);
    else
        (void)snprintf(out, n_space, "%s", json_string_value(value));
}

const json_t *json_fields_object(struct json_fields *fields, const json_t *object,
                                 const char *parent, const char *key)
{
    const json_t *value = member(fields, object, parent, key);
    if (value && !json_is_object(value))
        json_fields_fail(fields, parent, key, "is not an object in braces");
    return fields->status == THENAR_OK ? value : NULL;
}

const json_t *json_fields_array(struct json_fields *fields, const json_t *object,
                                const char *parent, const char *key, size_t n_least, size_t n_most)
{
    const json_t *value = member(fields, object, parent, key);
    if (value && !json_is_array(value))
        json_fields_fail(fields, parent, key, "is not a list in brackets");
    else if (value && (json_array_size(value) < n_least || json_array_size(value) > n_most))
        json_fields_fail(fields, parent, key, "has %zu entries; it should have %zu%s%.0zu",
                         json_array_size(value), n_least, n_least < n_most ? " to " : "",
                         n_least < n_most ? n_most : 0);
    return fields->status == THENAR_OK ? value : NULL;
}

void json_fields_only(struct json_fields *fields, const json_t *object, const char *parent,
                      const char *const *names, size_t n_names)
{
    if (fields->status != THENAR_OK)
        return;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        bool known = false;
        for (size_t k = 0; k < n_names; k++)
            known = known || strcmp(key, names[k]) == 0;
        if (!known) {
            json_fields_fail(fields, parent, key, "is not known here");
            return;
        }
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "uri.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"

/* Copy one part up to `end`, decoded and terminated. Returns the next free octet, or NULL. */
static char *decode(const char *from, const char *end, char *to)
{
    while (from < end) {
        char c = *from++;
        if (c == '%') {
            if (end - from < 2 || !isxdigit((unsigned char)from[0]) ||
                !isxdigit((unsigned char)from[1]))
                return NULL;
            char code[3] = {from[0], from[1], 0};
            c = (char)strtol(code, NULL, 16);
            if (c == '\0')
                return NULL; /* it would end the text early */
            from += 2;
        }
        *to++ = c;
    }
    *to++ = '\0';
    return to;
}

static enum thenar_status bad_code(const struct uri *uri, struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_SYNTAX,
                       "%s: '%%' must be followed by two hexadecimal digits that are not 00; write "
                       "%%25 for a percent sign",
                       uri->written);
}

static enum thenar_status parse_param(struct uri *uri, const char *from, const char *end, char **to,
                                      struct thenar_error *error)
{
    if (uri->n_params == URI_PARAMS_MAX)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: more than %d parameters", uri->written,
                           URI_PARAMS_MAX);
    const char *equals = memchr(from, '=', (size_t)(end - from));
    const char *name_end = equals ? equals : end;
    if (name_end == from)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: a parameter has no name; parameters look like ?rows=16&cols=16",
                           uri->written);
    struct uri_param param = {.name = *to};
    char *next = decode(from, name_end, *to);
    if (!next)
        return bad_code(uri, error);
    param.value = next;
    next = equals ? decode(equals + 1, end, next) : decode(end, end, next);
    if (!next)
        return bad_code(uri, error);
    uri->params[uri->n_params++] = param;
    *to = next;
    return THENAR_OK;
}

enum thenar_status uri_parse(struct uri *uri, const char *text, struct thenar_error *error)
{
    memset(uri, 0, sizeof *uri);
    size_t n = strlen(text);
    if (n >= sizeof uri->written)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "%.40s...: longer than %d characters", text,
                           URI_TEXT_BYTES - 1);
    memcpy(uri->written, text, n + 1);
    if (strcmp(text, "auto") == 0) /* the one that needs no path: its colon may be left out */
        n = strlen(text = "auto:");
    const char *colon = strchr(text, ':');
    size_t n_scheme = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789");
    if (!colon || colon == text || text + n_scheme != colon)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: not an address of a device; write auto, usb:SERIAL, "
                           "serial:/dev/ttyACM0, virtual:table32 or csv:FILE?rows=16&cols=16",
                           text);
    const char *question = strchr(colon, '?');
    char *to = uri->text;
    uri->scheme = to;
    to = decode(text, colon, to);
    uri->path = to;
    if (to)
        to = decode(colon + 1, question ? question : text + n, to);
    if (!to)
        return bad_code(uri, error);
    for (const char *from = question; from && *from;) {
        const char *start = from + 1; /* behind '?' or '&' */
        size_t length = strcspn(start, "&");
        from = start + length;
        if (length == 0 && *from == '\0')
            break; /* "path?" and "path?a=1&" are harmless */
        enum thenar_status status = parse_param(uri, start, from, &to, error);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}

const char *uri_value(const struct uri *uri, const char *name)
{
    for (size_t i = 0; i < uri->n_params; i++)
        if (strcmp(uri->params[i].name, name) == 0)
            return uri->params[i].value;
    return NULL;
}

enum thenar_status uri_allow(const struct uri *uri, const char *const *names, size_t n_names,
                             const char *repeatable, struct thenar_error *error)
{
    for (size_t i = 0; i < uri->n_params; i++) {
        const char *name = uri->params[i].name;
        bool may_repeat = repeatable && strcmp(name, repeatable) == 0;
        if (!may_repeat && uri_value(uri, name) != uri->params[i].value)
            return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: parameter '%s' is given twice",
                               uri->written, name);
        size_t k = 0;
        while (k < n_names && strcmp(name, names[k]) != 0)
            k++;
        if (k < n_names)
            continue;
        if (n_names == 0)
            return thenar_fail(error, THENAR_ERR_SYNTAX,
                               "%s: unknown parameter '%s'; here are none", uri->written, name);
        char hint[320];
        nearest_hint(hint, sizeof hint, name, names, n_names);
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: unknown parameter '%s'%s", uri->written,
                           name, hint);
    }
    return THENAR_OK;
}

enum thenar_status uri_number(const struct uri *uri, const char *name, double smallest,
                              double largest, double *value, struct thenar_error *error)
{
    const char *text = uri_value(uri, name);
    if (!text)
        return THENAR_OK;
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: %s=%s is not a number", uri->written,
                           name, text);
    if (number < smallest || number > largest)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: %s=%s must be from %g to %g", uri->written,
                           name, text, smallest, largest);
    *value = number;
    return THENAR_OK;
}

enum thenar_status uri_integer(const struct uri *uri, const char *name, long smallest, long largest,
                               long *value, struct thenar_error *error)
{
    double number = (double)*value;
    enum thenar_status status =
        uri_number(uri, name, (double)smallest, (double)largest, &number, error);
    if (status != THENAR_OK)
        return status;
    if (number != floor(number))
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: %s=%s must be a whole number",
                           uri->written, name, uri_value(uri, name));
    *value = (long)number;
    return THENAR_OK;
}

enum thenar_status uri_choice(const struct uri *uri, const char *name, const char *const *words,
                              size_t n_words, size_t *index, struct thenar_error *error)
{
    const char *text = uri_value(uri, name);
    if (!text)
        return THENAR_OK;
    for (size_t i = 0; i < n_words; i++)
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return THENAR_OK;
        }
    char hint[200];
    nearest_hint(hint, sizeof hint, text, words, n_words);
    return thenar_fail(error, THENAR_ERR_VALUE, "%s: unknown %s '%s'%s", uri->written, name, text,
                       hint);
}

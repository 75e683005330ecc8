/* SPDX-License-Identifier: MIT */
#include "feed/curve_key.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct span {
    const char *at;
    size_t n;
};

static bool is(struct span span, const char *word)
{
    return span.n == strlen(word) && memcmp(span.at, word, span.n) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct span trim(struct span span)
{
    while (span.n > 0 && is_blank(span.at[0])) {
        span.at++;
        span.n--;
    }
    while (span.n > 0 && is_blank(span.at[span.n - 1]))
        span.n--;
    return span;
}

/* "name = value" or "name = "value"". */
static bool split(struct span line, struct span *name, struct span *value)
{
    const char *equals = memchr(line.at, '=', line.n);
    if (!equals)
        return false;
    *name = trim((struct span){line.at, (size_t)(equals - line.at)});
    *value = trim((struct span){equals + 1, line.n - (size_t)(equals + 1 - line.at)});
    if (value->n >= 2 && value->at[0] == '"' && value->at[value->n - 1] == '"') {
        value->at++;
        value->n -= 2;
    }
    return true;
}

static enum thenar_status take_key(char *to, struct span value, unsigned line_number,
                                   struct thenar_error *error)
{
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   ".-:+=^!/*?&<>()[]{}@%$#";
    if (value.n != THENAR_Z85_BYTES - 1)
        return thenar_fail(error, THENAR_ERR_VALUE, "line %u: a key has %d characters, not %zu",
                           line_number, THENAR_Z85_BYTES - 1, value.n);
    for (size_t i = 0; i < value.n; i++)
        if (!memchr(alphabet, value.at[i], sizeof alphabet - 1))
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "line %u: character %zu of the key is not one of Z85", line_number,
                               i + 1);
    memcpy(to, value.at, value.n);
    to[value.n] = '\0';
    return THENAR_OK;
}

enum thenar_status thenar_curve_key_decode(const char *text, size_t n_text,
                                           struct thenar_curve_key *key, struct thenar_error *error)
{
    bool is_curve = false;
    *key = (struct thenar_curve_key){0};
    unsigned line_number = 0;
    for (const char *end = text + n_text; text < end;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        struct span line = {text, (size_t)((newline ? newline : end) - text)}, name, value;
        text = newline ? newline + 1 : end;
        line_number++;
        bool is_inside = line.n > 0 && is_blank(line.at[0]);
        line = trim(line);
        if (line.n == 0 || line.at[0] == '#')
            continue;
        if (!is_inside) {
            is_curve = is(line, "curve");
            continue;
        }
        if (!is_curve)
            continue;
        if (!split(line, &name, &value))
            return thenar_fail(error, THENAR_ERR_SYNTAX,
                               "line %u: expected public-key = \"...\" or secret-key = \"...\"",
                               line_number);
        enum thenar_status status = THENAR_OK;
        if (is(name, "public-key"))
            status = take_key(key->public_z85, value, line_number, error);
        else if (is(name, "secret-key"))
            status = take_key(key->secret_z85, value, line_number, error);
        if (status != THENAR_OK)
            return status;
    }
    if (key->public_z85[0] == '\0')
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "no public-key in it; 'thenar keys make' writes such files");
    return THENAR_OK;
}

void thenar_curve_key_encode(const struct thenar_curve_key *key, char *text)
{
    int n = snprintf(text, THENAR_KEY_TEXT_BYTES, "%s\ncurve\n    public-key = \"%s\"\n",
                     key->secret_z85[0] ? "# Thenar: the secret key of this machine. Keep it here."
                                        : "# Thenar: a public key. Anybody may see it.",
                     key->public_z85);
    if (key->secret_z85[0])
        (void)snprintf(text + n, THENAR_KEY_TEXT_BYTES - (size_t)n, "    secret-key = \"%s\"\n",
                       key->secret_z85);
}

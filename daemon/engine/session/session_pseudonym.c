/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_pseudonym.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { PSEUDONYM_CHARACTERS = 31, SHORT_LETTERS = 2, LONG_DIGITS = 8 };

/* Words that codes are made with. */
static const char *const plain_words[] = {
    "client",    "demo",    "group",  "guest", "instructor", "operator", "participant",
    "pat",       "patient", "person", "pilot", "proband",    "ses",      "session",
    "station",   "student", "sub",    "subj",  "subject",    "teacher",  "test",
    "therapist", "trainee", "trial",  "tutor", "user",       "vp"};

static bool is_plain_word(const char *word, size_t n)
{
    for (size_t i = 0; i < sizeof plain_words / sizeof *plain_words; i++)
        if (strlen(plain_words[i]) == n && strncasecmp(plain_words[i], word, n) == 0)
            return true;
    return false;
}

/* Three letters and more that can be spoken might be a name. */
static bool may_be_name(const char *word, size_t n)
{
    return n > SHORT_LETTERS && strcspn(word, "aeiouyAEIOUY") < n && !is_plain_word(word, n);
}

static size_t span_of(const char *text, int (*is)(int))
{
    size_t n = 0;
    while (text[n] && is((unsigned char)text[n]))
        n++;
    return n;
}

static enum thenar_status check_words(const char *what, const char *text, bool *has_digit,
                                      struct thenar_error *error)
{
    *has_digit = false;
    for (const char *c = text; *c;) {
        size_t n_letters = span_of(c, isalpha), n_digits = span_of(c, isdigit);
        if (may_be_name(c, n_letters))
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "%s: '%s' looks like a name; files hold pseudonyms only, such as "
                               "P007 or student12, and the list of who is who is kept elsewhere",
                               what, text);
        if (n_digits >= LONG_DIGITS)
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "%s: '%s' looks like a date of birth or a telephone number; take a "
                               "code such as P007",
                               what, text);
        *has_digit |= n_digits > 0;
        c += n_letters + n_digits > 0 ? n_letters + n_digits : 1;
    }
    return THENAR_OK;
}

enum thenar_status session_pseudonym_check(const char *what, const char *text,
                                           struct thenar_error *error)
{
    if (text[0] == '\0')
        return THENAR_OK;
    if (strchr(text, '@'))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: '%.60s' looks like an e-mail address; take a code such as P007",
                           what, text);
    if (strchr(text, ' '))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: '%.60s' looks like a name; take a code such as P007", what, text);
    if (strlen(text) > PSEUDONYM_CHARACTERS)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: longer than %d characters", what,
                           PSEUDONYM_CHARACTERS);
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "%s: '%s' cannot be; use A-Z, a-z, 0-9, _ and -, as in P007", what,
                               text);
    bool has_digit;
    enum thenar_status status = check_words(what, text, &has_digit, error);
    if (status == THENAR_OK && !has_digit)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: '%s' has no digit, and may be somebody's initials; take a code "
                           "such as P007",
                           what, text);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* uri.h - the address of a source: scheme:path?name=value&name=value
 *
 * Names, values and the path may be percent-encoded ("%3F" for a question mark in a file's name);
 * a plus stands for itself. `auto` alone is read as `auto:`. */
#ifndef URI_H
#define URI_H

#include <stddef.h>

#include "error.h"

enum { URI_TEXT_BYTES = 1024, URI_PARAMS_MAX = 32 };

struct uri_param {
    const char *name, *value; /* inside the uri's own text */
};

struct uri {
    char written[URI_TEXT_BYTES];  /* as it was given, for messages */
    char text[2 * URI_TEXT_BYTES]; /* decoded; the pointers below point into it */
    const char *scheme;
    const char *path; /* may be empty */
    size_t n_params;
    struct uri_param params[URI_PARAMS_MAX];
};

/**
 * Take a text apart. The struct must not be moved afterwards (its pointers point into itself).
 * @return THENAR_OK; THENAR_ERR_SYNTAX no scheme, a bad percent code, a parameter without a name,
 *         or too many; THENAR_ERR_ARGUMENT too long
 */
THENAR_NODISCARD enum thenar_status uri_parse(struct uri *uri, const char *text,
                                              struct thenar_error *error);

/** The first value of a parameter; NULL when it is not there. Borrowed from the uri. */
const char *uri_value(const struct uri *uri, const char *name);

/**
 * Refuse parameters that nobody will read, and those given twice.
 * @param names       [n_names] the allowed ones
 * @param repeatable  one of these that may be given again; NULL: none
 * @return THENAR_OK; THENAR_ERR_SYNTAX with the nearest, or all allowed names, in the text
 */
THENAR_NODISCARD enum thenar_status uri_allow(const struct uri *uri, const char *const *names,
                                              size_t n_names, const char *repeatable,
                                              struct thenar_error *error);

/**
 * Read a number.
 * @param value  in: what holds when the parameter is absent; out: the number
 * @return THENAR_OK; THENAR_ERR_SYNTAX no number; THENAR_ERR_VALUE outside smallest..largest
 */
THENAR_NODISCARD enum thenar_status uri_number(const struct uri *uri, const char *name,
                                               double smallest, double largest, double *value,
                                               struct thenar_error *error);

/** The same for whole numbers. */
THENAR_NODISCARD enum thenar_status uri_integer(const struct uri *uri, const char *name,
                                                long smallest, long largest, long *value,
                                                struct thenar_error *error);

/**
 * Read one of a few words.
 * @param words  [n_words]
 * @param index  in: what holds when absent; out: which word
 */
THENAR_NODISCARD enum thenar_status uri_choice(const struct uri *uri, const char *name,
                                               const char *const *words, size_t n_words,
                                               size_t *index, struct thenar_error *error);

#endif

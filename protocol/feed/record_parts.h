/* SPDX-License-Identifier: MIT */
/* record_parts.h - records inside larger messages: for control.c, others use record.h */
#ifndef THENAR_RECORD_PARTS_H
#define THENAR_RECORD_PARTS_H

#include <jansson.h>

#include "feed/json_text.h"
#include "feed/record.h"

/** Put the members, each with a closing comma, without braces. @return as thenar_record_encode */
THENAR_NODISCARD enum thenar_status thenar_record_put(const struct thenar_record *record,
                                                      const void *values, struct json_text *out);

/** thenar_record_decode of a value that is parsed already; it is not changed. */
THENAR_NODISCARD enum thenar_status thenar_record_read(const struct thenar_record *record,
                                                       json_t *object,
                                                       enum thenar_strictness strictness,
                                                       void *values, struct thenar_error *error);

/**
 * Parse JSON.
 * @param object  out: any JSON value, for json_decref; NULL on failure
 * @return THENAR_OK; THENAR_ERR_SYNTAX
 */
THENAR_NODISCARD enum thenar_status thenar_json_load(const char *text, size_t n_text,
                                                     json_t **object, struct thenar_error *error);

#endif

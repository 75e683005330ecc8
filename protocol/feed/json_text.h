/* SPDX-License-Identifier: MIT */
/* json_text.h - write JSON into the caller's buffer: fast, the same in every locale, no heap
 *
 * Putting past the end is allowed and remembered; json_text_finish tells. */
#ifndef THENAR_JSON_TEXT_H
#define THENAR_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "status.h"

struct json_text {
    char *begin, *at, *end; /* one octet behind `end` is kept for the closing zero */
    bool overflow;
};

/** @param text [n_space] where to write; n_space may be 0 */
void json_text_init(struct json_text *out, char *text, size_t n_space);

/** Copy `n_bytes` octets as they are. Here, so that a bracket or a comma costs one store. */
static inline void json_text_put(struct json_text *out, const char *bytes, size_t n_bytes)
{
    if ((size_t)(out->end - out->at) < n_bytes) {
        out->overflow = true;
        return;
    }
    memcpy(out->at, bytes, n_bytes);
    out->at += n_bytes;
}

/** A quoted, escaped string; octets that are not UTF-8 become U+FFFD. */
void json_text_put_string(struct json_text *out, const char *bytes, size_t n_bytes);

void json_text_put_integer(struct json_text *out, uint64_t integer);

/** True for what json_text_put_number can write: |number| < 1e12. */
bool json_text_is_number(double number);

/**
 * A number rounded to at most `n_decimals` (1..6), halves away from zero, without closing zeros
 * but always with a point and one digit behind it: 12.0, -0.25.
 */
void json_text_put_number(struct json_text *out, double number, unsigned n_decimals);

/** Put `bracket`, in place of a closing comma if there is one. */
void json_text_close(struct json_text *out, char bracket);

/**
 * Close with a zero.
 * @param n_text  out: octets without the zero; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SPACE
 */
THENAR_NODISCARD enum thenar_status json_text_finish(struct json_text *out, size_t *n_text);

#endif

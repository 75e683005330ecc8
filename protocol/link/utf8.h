/* SPDX-License-Identifier: MIT */
/* utf8.h - whether a text from the wire may be shown to a person
 *
 * Source: RFC 3629, section 4. Internal to the link library. */
#ifndef THENAR_UTF8_H
#define THENAR_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Whether [n_text] is well-formed UTF-8 without control characters (U+0000..1F, U+007F..9F): a
 * device's name must not steer the terminal that shows it. The empty text is printable.
 * Context: any thread or interrupt; never blocks
 */
bool thenar_utf8_is_printable(const uint8_t *text, size_t n_text);

#endif

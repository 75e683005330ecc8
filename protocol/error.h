/* SPDX-License-Identifier: MIT */
/* error.h - a status with the sentence that a person reads
 *
 * Every message says what was wrong, where, and what to do:
 *     "table.conf:12: unknown setting 'statoin'; did you mean 'station'?"
 * Hosted code only (the firmware sends codes). */
#ifndef THENAR_ERROR_H
#define THENAR_ERROR_H

#include "status.h"

enum { THENAR_ERROR_TEXT_BYTES = 512 };

struct thenar_error {
    enum thenar_status status;
    char text[THENAR_ERROR_TEXT_BYTES]; /* one line, no newline, always terminated */
};

/**
 * Fill `error` and hand back `status`, so that a function can fail in one line:
 *     return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: ...", path, line);
 *
 * @param error   where to write; NULL is allowed and drops the text
 * @param status  a negative code
 * @param format  printf format; a text longer than the field is cut
 * @return `status`
 * Context: any thread; never blocks; allocates nothing
 */
__attribute__((format(printf, 3, 4))) enum thenar_status thenar_fail(struct thenar_error *error,
                                                                     enum thenar_status status,
                                                                     const char *format, ...);

#endif

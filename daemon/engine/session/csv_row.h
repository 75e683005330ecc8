/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv_row.h - one line of numbers between commas */
#ifndef CSV_ROW_H
#define CSV_ROW_H

#include <stddef.h>

#include "status.h"

/**
 * Parse one decimal number.
 *
 * The text is decimal whatever the locale. Up to 19 significant digits within 10^+-22 are exact to
 * the nearest double by one multiplication or division (W. D. Clinger, "How to read floating point
 * numbers accurately", PLDI 1990, fast path); the rest is rounded twice, which a sensor never sees.
 *
 * @param text   NUL-terminated; blanks before it are passed over
 * @param value  out, unless NULL is returned
 * @return the first character behind the number; NULL if there is none, or it is not finite
 */
const char *csv_number(const char *text, double *value);

/**
 * Parse one line of numbers.
 * @param line      NUL-terminated, with or without its line end
 * @param values    out: [n_columns]
 * @return THENAR_OK; THENAR_ERR_SYNTAX a field is no number, or there are more or fewer of them
 */
THENAR_NODISCARD enum thenar_status csv_row_parse(const char *line, double *values,
                                                  size_t n_columns);

/**
 * Split a header line in place: each field is NUL-terminated, blanks and quotes around it dropped.
 * @param names    out: [n_space] pointers into `line`
 * @return how many fields there are; those past n_space are not stored
 */
size_t csv_header_split(char *line, char **names, size_t n_space);

#endif

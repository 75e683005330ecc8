/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradebook.h - a class in one table: a row a session, for spreadsheets (RFC 4180)
 *
 * Codes, no names. Texts that a spreadsheet would take for a formula are made harmless with an
 * apostrophe in front. docs/web.md tells the columns. */
#ifndef GRADEBOOK_H
#define GRADEBOOK_H

#include <stdio.h>

#include "rubric.h"

/** The whole table, its header first; lines end in CR LF. Failures stay in `out` (ferror). */
void gradebook_write(FILE *out, const struct class_book *book, const struct rubric *rubric);

/** One field, quoted and made harmless as need be. */
void gradebook_write_text(FILE *out, const char *text);

#endif

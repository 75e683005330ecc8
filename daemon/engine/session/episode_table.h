/* SPDX-License-Identifier: GPL-3.0-or-later */
/* episode_table.h - who did what when, as a CSV that a person can correct
 *
 *     start_s,end_s,technique
 *     0.00,12.40,effleurage
 *     12.40,14.10,rest
 *
 * Seconds from the recording's first frame. The header is required; the three columns may stand in
 * any order, and further columns are passed over. Rows are in order of time and do not overlap;
 * what no row covers is not labelled. Lines that begin with # and empty lines are passed over. */
#ifndef EPISODE_TABLE_H
#define EPISODE_TABLE_H

#include <stdio.h>

#include "error.h"
#include "technique/technique.h"

enum { EPISODE_TABLE_ROWS_MAX = 100000, EPISODE_TABLE_BYTES_MAX = 16 * 1024 * 1024 };

struct episode_table_row {
    double start_s, end_s; /* start < end */
    enum technique technique;
};

struct episode_table {
    size_t n_rows;
    struct episode_table_row *rows; /* [n_rows] */
};

/**
 * @param text   the whole file, closed by a zero
 * @param name   of the file, begins the error sentences
 * @param table  out: episode_table_finish frees it; empty after a failure
 * @return THENAR_OK; THENAR_ERR_SYNTAX, THENAR_ERR_VALUE with "FILE:LINE: ..."; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status episode_table_parse(struct episode_table *table,
                                                        const char *text, const char *name,
                                                        struct thenar_error *error);

/** The same from a file. @return also THENAR_ERR_ABSENT, THENAR_ERR_DENIED, THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status episode_table_read(struct episode_table *table,
                                                       const char *path,
                                                       struct thenar_error *error);
void episode_table_finish(struct episode_table *table);

/** Header and rows, to a hundredth of a second. */
void episode_table_write(FILE *out, const struct episode_table_row *rows, size_t n_rows);

/** What is labelled at a time; TECHNIQUE_UNKNOWN where nothing is. */
enum technique episode_table_at(const struct episode_table *table, double time_s);

#endif

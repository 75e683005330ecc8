/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_columns.h - series of a device's file as JSON columns, thinned to what a page can draw
 *
 *     {"unit":"kpa","length_s":61.2,"n_rows":12,"columns":[{"name":"start_s","unit":"s",
 *      "values":[...]},...]}
 *
 * Numbers have six significant digits; absent values are null. Context: the shelf's workers. */
#ifndef SESSION_COLUMNS_H
#define SESSION_COLUMNS_H

#include <stdio.h>

#include "session/session_reader.h"
#include "session_query.h"

/** Every stroke; times from the first frame. At most SESSION_COLUMNS_ROWS_MAX rows.
 * @return THENAR_OK; as session_reader_rows; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status session_columns_strokes(FILE *out,
                                                            struct session_reader *reader,
                                                            struct thenar_error *error);

/** The metrics from from_s to to_s in n equal spans: for each column least, mean and largest.
 * @return as above */
THENAR_NODISCARD enum thenar_status session_columns_metrics(FILE *out,
                                                            struct session_reader *reader,
                                                            const struct session_query *query,
                                                            struct thenar_error *error);

/** One taxel from from_s to to_s in n equal spans: least, mean and largest pressure. Long stretches
 * are sampled: `n_frames_read` of `n_frames`. @return also THENAR_ERR_VALUE no such taxel */
THENAR_NODISCARD enum thenar_status session_columns_taxel(FILE *out, struct session_reader *reader,
                                                          const struct session_query *query,
                                                          struct thenar_error *error);

enum { SESSION_COLUMNS_ROWS_MAX = 50000 };

/** Unix time of the first and last frame; NaN: there is none. @return as session_reader_rows */
THENAR_NODISCARD enum thenar_status session_columns_span(struct session_reader *reader,
                                                         double *first_s, double *last_s,
                                                         struct thenar_error *error);

#endif

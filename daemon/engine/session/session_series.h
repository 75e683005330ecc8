/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_series.h - the course of a session in a given number of equal spans
 *
 * From the table `metrics`; values are as there, NaN where hands are off or there is no rhythm. */
#ifndef SESSION_SERIES_H
#define SESSION_SERIES_H

#include "session/session_reader.h"

struct session_span {
    float peak_typical; /* mean of the pressure under the hand while it touches */
    float peak_highest;
    float pace_cpm;      /* mean where there is a rhythm */
    float touched_share; /* 0 to 1 of the rows; NaN: nothing was recorded in it */
};

/**
 * @param spans  out: [n_spans] of equal length from first_s to last_s
 * @param first_s, last_s  Unix time (t_device) of begin and end
 */
void session_series_make(struct session_span *spans, size_t n_spans, double first_s, double last_s,
                         const struct session_metrics_row *rows, size_t n_rows);

/** The same from a file. @return THENAR_OK; as session_reader_rows; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status session_series_read(struct session_span *spans, size_t n_spans,
                                                        double first_s, double last_s,
                                                        struct session_reader *reader,
                                                        struct thenar_error *error);

#endif

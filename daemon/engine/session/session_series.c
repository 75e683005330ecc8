/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_series.h"

#include <math.h>
#include <stdlib.h>

struct span_sums {
    double peak, pace;
    size_t n_rows, n_touched, n_pace;
    float highest;
};

static void add_row(struct span_sums *sums, const struct session_metrics_row *row)
{
    sums->n_rows++;
    if (row->n_touched > 0) {
        sums->n_touched++;
        sums->peak += (double)row->peak;
        sums->highest = fmaxf(sums->highest, row->peak);
    }
    if (!isnan(row->pace_cpm)) {
        sums->n_pace++;
        sums->pace += (double)row->pace_cpm;
    }
}

static struct session_span span_of(const struct span_sums *sums)
{
    return (struct session_span){
        .peak_typical = sums->n_touched ? (float)(sums->peak / (double)sums->n_touched) : NAN,
        .peak_highest = sums->n_touched ? sums->highest : NAN,
        .pace_cpm = sums->n_pace ? (float)(sums->pace / (double)sums->n_pace) : NAN,
        .touched_share = sums->n_rows ? (float)sums->n_touched / (float)sums->n_rows : NAN,
    };
}

void session_series_make(struct session_span *spans, size_t n_spans, double first_s, double last_s,
                         const struct session_metrics_row *rows, size_t n_rows)
{
    struct span_sums sums = {0};
    size_t at = 0;
    double step_s = (last_s - first_s) / (double)n_spans;
    for (size_t i = 0; i < n_rows; i++) {
        double place = step_s > 0 ? (rows[i].t_device - first_s) / step_s : 0;
        size_t span = place > 0 ? (size_t)fmin(place, (double)(n_spans - 1)) : 0;
        for (; at < span; at++) {
            spans[at] = span_of(&sums);
            sums = (struct span_sums){0};
        }
        add_row(&sums, &rows[i]);
    }
    for (; at < n_spans; at++) {
        spans[at] = span_of(&sums);
        sums = (struct span_sums){0};
    }
}

enum thenar_status session_series_read(struct session_span *spans, size_t n_spans, double first_s,
                                       double last_s, struct session_reader *reader,
                                       struct thenar_error *error)
{
    struct session_metrics_row *rows = NULL;
    size_t n_rows = 0;
    enum thenar_status status =
        session_reader_all(reader, SESSION_METRICS, (void **)&rows, &n_rows, error);
    if (status == THENAR_OK)
        session_series_make(spans, n_spans, first_s, last_s, rows, n_rows);
    free(rows);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_pressure.h"

#define EDGE_S 1e-6 /* rounding of a sum of Unix times */

enum { ROWS_A_READ = 4096, TAXEL_FRAMES_MOST = 60000 };

/* Least, mean and largest of what fell into a span. */
struct span {
    double sum;
    float least, most;
    unsigned n;
};

static void span_add(struct span *span, float value)
{
    if (isnan(value))
        return;
    span->least = span->n == 0 || value < span->least ? value : span->least;
    span->most = span->n == 0 || value > span->most ? value : span->most;
    span->sum += (double)value;
    span->n++;
}

enum thenar_status session_columns_span(struct session_reader *reader, double *first_s,
                                        double *last_s, struct thenar_error *error)
{
    struct session_frame_row row;
    uint64_t n = session_reader_n_frames(reader);
    *first_s = *last_s = (double)NAN;
    if (n == 0)
        return THENAR_OK;
    enum thenar_status status = session_reader_rows(reader, SESSION_FRAMES, 0, 1, &row, error);
    *first_s = row.t_device;
    if (status == THENAR_OK)
        status = session_reader_rows(reader, SESSION_FRAMES, n - 1, 1, &row, error);
    *last_s = row.t_device;
    return status;
}

/* ---- writing ---- */

static void put_value(FILE *out, size_t i, double value)
{
    if (i > 0)
        (void)fputc(',', out);
    if (isfinite(value))
        (void)fprintf(out, "%.6g", value);
    else
        (void)fputs("null", out);
}

static void put_column(FILE *out, bool is_first, const char *name, const char *ending,
                       const char *unit)
{
    (void)fprintf(out, "%s{\"name\":\"%s%s\",\"unit\":\"%s\",\"values\":[", is_first ? "" : ",",
                  name, ending, unit);
}

static void put_head(FILE *out, const struct session_reader *reader, double length_s)
{
    const struct session_head *head = session_reader_head(reader);
    (void)fprintf(
        out, "{\"unit\":\"%s\",\"length_s\":", array_layout_is_kpa(&head->layout) ? "kpa" : "rel");
    put_value(out, 0, length_s);
}

/* ---- strokes ---- */

static double value_of(const struct session_column *column, const char *row, double first_s)
{
    double wide;
    float narrow;
    if (column->type == SESSION_F32) {
        memcpy(&narrow, row + column->offset, sizeof narrow);
        return (double)narrow;
    }
    memcpy(&wide, row + column->offset, sizeof wide);
    return wide - first_s;
}

/* A stroke's times are told once, from the first frame; the file has them by two clocks. */
static const char *name_of_time(const char *name)
{
    return strcmp(name, "t_start") == 0 ? "start_s" : strcmp(name, "t_end") == 0 ? "end_s" : NULL;
}

static void put_techniques(FILE *out, const struct session_stroke_row *rows, size_t n_rows)
{
    put_column(out, true, "technique", "", "");
    for (size_t i = 0; i < n_rows; i++)
        (void)fprintf(out, "%s\"%.*s\"", i ? "," : "", (int)strcspn(rows[i].technique, "\"\\"),
                      rows[i].technique);
    (void)fputs("]}", out);
}

enum thenar_status session_columns_strokes(FILE *out, struct session_reader *reader,
                                           struct thenar_error *error)
{
    const struct session_table_form *form = session_table_form(SESSION_STROKES);
    bool is_relative = !array_layout_is_kpa(&session_reader_head(reader)->layout);
    uint64_t n_all = session_reader_n_rows(reader, SESSION_STROKES);
    size_t n_rows = n_all < SESSION_COLUMNS_ROWS_MAX ? (size_t)n_all : SESSION_COLUMNS_ROWS_MAX;
    double first_s, last_s;
    struct session_stroke_row *rows = (struct session_stroke_row *)calloc(n_rows + 1, sizeof *rows);
    if (!rows)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    enum thenar_status status = session_columns_span(reader, &first_s, &last_s, error);
    if (status == THENAR_OK && n_rows > 0)
        status = session_reader_rows(reader, SESSION_STROKES, 0, n_rows, rows, error);
    if (status == THENAR_OK) {
        put_head(out, reader, last_s - first_s);
        (void)fprintf(out, ",\"n_rows\":%zu,\"n_all\":%llu,\"columns\":[", n_rows,
                      (unsigned long long)n_all);
        put_techniques(out, rows, n_rows);
    }
    for (size_t c = 0; status == THENAR_OK && c < form->n_columns; c++) {
        const struct session_column *column = &form->columns[c];
        const char *time = column->type == SESSION_F64 ? name_of_time(column->name) : NULL;
        if (!time && column->type != SESSION_F32)
            continue;
        put_column(out, false, time ? time : session_column_name(column, is_relative), "",
                   time ? "s" : session_column_unit(column, is_relative));
        for (size_t i = 0; i < n_rows; i++)
            put_value(out, i, value_of(column, (const char *)&rows[i], first_s));
        (void)fputs("]}", out);
    }
    if (status == THENAR_OK)
        (void)fputs("]}", out);
    free(rows);
    return status;
}

/* ---- metrics ---- */

/* Columns of least, mean and largest of every number among the metrics. */
static void put_spans(FILE *out, const char *name, const char *unit, const struct span *spans,
                      size_t n, size_t stride)
{
    put_column(out, false, name, "_min", unit);
    for (size_t i = 0; i < n; i++)
        put_value(out, i, spans[i * stride].n ? (double)spans[i * stride].least : (double)NAN);
    (void)fputs("]}", out);
    put_column(out, false, name, "_mean", unit);
    for (size_t i = 0; i < n; i++)
        put_value(out, i,
                  spans[i * stride].n ? spans[i * stride].sum / spans[i * stride].n : (double)NAN);
    (void)fputs("]}", out);
    put_column(out, false, name, "_max", unit);
    for (size_t i = 0; i < n; i++)
        put_value(out, i, spans[i * stride].n ? (double)spans[i * stride].most : (double)NAN);
    (void)fputs("]}", out);
}

static void put_times(FILE *out, double from_s, double to_s, size_t n)
{
    put_column(out, true, "at_s", "", "s");
    for (size_t i = 0; i < n; i++)
        put_value(out, i, from_s + (to_s - from_s) * ((double)i + 0.5) / (double)n);
    (void)fputs("]}", out);
}

static size_t place_of(double at_s, double from_s, double to_s, size_t n)
{
    double place = to_s > from_s ? (at_s - from_s) / (to_s - from_s) * (double)n : 0;
    return place <= 0 ? 0 : place >= (double)n ? n - 1 : (size_t)place;
}

/* @param spans [n][n_columns] */
static enum thenar_status gather(struct span *spans, size_t n, struct session_reader *reader,
                                 double from_t, double to_t, struct thenar_error *error)
{
    const struct session_table_form *form = session_table_form(SESSION_METRICS);
    uint64_t n_rows = session_reader_n_rows(reader, SESSION_METRICS);
    struct session_metrics_row *rows =
        (struct session_metrics_row *)calloc(ROWS_A_READ, sizeof *rows);
    enum thenar_status status = THENAR_OK;
    if (!rows)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    for (uint64_t at = 0; status == THENAR_OK && at < n_rows; at += ROWS_A_READ) {
        size_t n_now = n_rows - at < ROWS_A_READ ? (size_t)(n_rows - at) : ROWS_A_READ;
        status = session_reader_rows(reader, SESSION_METRICS, at, n_now, rows, error);
        for (size_t i = 0; status == THENAR_OK && i < n_now; i++) {
            if (rows[i].t_device < from_t - EDGE_S || rows[i].t_device > to_t + EDGE_S)
                continue;
            struct span *to = spans + place_of(rows[i].t_device, from_t, to_t, n) * form->n_columns;
            for (size_t c = 0; c < form->n_columns; c++)
                if (form->columns[c].type == SESSION_F32)
                    span_add(&to[c], (float)value_of(&form->columns[c], (const char *)&rows[i], 0));
        }
    }
    free(rows);
    return status;
}

enum thenar_status session_columns_metrics(FILE *out, struct session_reader *reader,
                                           const struct session_query *query,
                                           struct thenar_error *error)
{
    const struct session_table_form *form = session_table_form(SESSION_METRICS);
    bool is_relative = !array_layout_is_kpa(&session_reader_head(reader)->layout);
    size_t n = query->n ? query->n : SESSION_QUERY_SPANS;
    double first_s, last_s;
    struct span *spans = (struct span *)calloc(n * form->n_columns, sizeof *spans);
    if (!spans)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    enum thenar_status status = session_columns_span(reader, &first_s, &last_s, error);
    double length_s = isnan(last_s) ? 0 : last_s - first_s;
    double from_s = isnan(query->from_s) ? 0 : fmax(0, query->from_s);
    double to_s = isnan(query->to_s) ? length_s : fmin(query->to_s, length_s);
    if (status == THENAR_OK)
        status = gather(spans, n, reader, first_s + from_s, first_s + to_s, error);
    if (status == THENAR_OK) {
        put_head(out, reader, last_s - first_s);
        (void)fprintf(out, ",\"n_rows\":%zu,\"columns\":[", n);
        put_times(out, from_s, to_s, n);
        for (size_t c = 0; c < form->n_columns; c++)
            if (form->columns[c].type == SESSION_F32)
                put_spans(out, session_column_name(&form->columns[c], is_relative),
                          session_column_unit(&form->columns[c], is_relative), spans + c, n,
                          form->n_columns);
        (void)fputs("]}", out);
    }
    free(spans);
    return status;
}

/* ---- one taxel ---- */

struct taxel_walk {
    struct session_reader *reader;
    struct session_pressure *pressure;
    size_t taxel, n_taxels;
    uint64_t first, n_frames, n_read;
    double first_s, from_s, to_s; /* from_s, to_s from first_s */
    size_t n_spans;
    struct span *spans;
    float *pressures;               /* [chunk][n_taxels] */
    struct session_frame_row *rows; /* [chunk] */
};

static enum thenar_status walk(struct taxel_walk *w, struct thenar_error *error)
{
    uint64_t chunk = session_reader_chunk_frames(w->reader);
    /* Whole chunks: a part of one costs as much to decode. */
    uint64_t first = w->first / chunk * chunk, end = w->first + w->n_frames;
    uint64_t every = (w->n_frames + TAXEL_FRAMES_MOST - 1) / TAXEL_FRAMES_MOST;
    every = every > 0 ? every : 1;
    for (uint64_t at = first; at < end; at += every * chunk) {
        uint64_t from = at > w->first ? at : w->first;
        size_t n_now = (size_t)((end - from < at + chunk - from) ? end - from : at + chunk - from);
        enum thenar_status status =
            session_pressure_read(w->pressure, from, n_now, w->pressures, error);
        if (status == THENAR_OK)
            status = session_reader_rows(w->reader, SESSION_FRAMES, from, n_now, w->rows, error);
        if (status != THENAR_OK)
            return status;
        for (size_t i = 0; i < n_now; i++)
            span_add(&w->spans[place_of(w->rows[i].t_device - w->first_s, w->from_s, w->to_s,
                                        w->n_spans)],
                     w->pressures[i * w->n_taxels + w->taxel]);
        w->n_read += n_now;
    }
    return THENAR_OK;
}

static enum thenar_status begin(struct taxel_walk *w, const struct session_query *query,
                                struct thenar_error *error)
{
    const struct array_layout *layout = &session_reader_head(w->reader)->layout;
    double last_s;
    uint64_t last = 0;
    if (query->row >= layout->n_rows || query->col >= layout->n_cols ||
        !layout->exists[(size_t)query->row * layout->n_cols + query->col])
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "there is no taxel in row %u, column %u: the array has %u x %u",
                           query->row, query->col, layout->n_rows, layout->n_cols);
    w->n_taxels = layout->n_taxels;
    w->taxel = (size_t)query->row * layout->n_cols + query->col;
    enum thenar_status status = session_columns_span(w->reader, &w->first_s, &last_s, error);
    w->from_s = isnan(query->from_s) ? 0 : fmax(0, query->from_s);
    w->to_s = isnan(query->to_s) ? last_s - w->first_s : fmin(query->to_s, last_s - w->first_s);
    uint64_t chunk = session_reader_chunk_frames(w->reader);
    w->spans = (struct span *)calloc(w->n_spans, sizeof *w->spans);
    w->pressures = (float *)calloc(chunk * w->n_taxels, sizeof *w->pressures);
    w->rows = (struct session_frame_row *)calloc(chunk, sizeof *w->rows);
    if (!w->spans || !w->pressures || !w->rows)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    if (status == THENAR_OK)
        status = session_pressure_create(&w->pressure, w->reader, error);
    if (status != THENAR_OK || session_reader_n_frames(w->reader) == 0)
        return status;
    status = session_pressure_frame_at(w->reader, w->first_s + w->from_s, &w->first, error);
    if (status == THENAR_OK)
        status = session_pressure_frame_at(w->reader, w->first_s + w->to_s, &last, error);
    w->n_frames = last >= w->first ? last - w->first + 1 : 0;
    return status;
}

enum thenar_status session_columns_taxel(FILE *out, struct session_reader *reader,
                                         const struct session_query *query,
                                         struct thenar_error *error)
{
    struct taxel_walk w = {.reader = reader, .n_spans = query->n ? query->n : SESSION_QUERY_SPANS};
    bool is_kpa = array_layout_is_kpa(&session_reader_head(reader)->layout);
    enum thenar_status status = begin(&w, query, error);
    if (status == THENAR_OK)
        status = walk(&w, error);
    if (status == THENAR_OK) {
        put_head(out, reader, w.to_s - w.from_s);
        (void)fprintf(out, ",\"row\":%u,\"col\":%u,\"n_frames\":%llu,\"n_frames_read\":%llu",
                      query->row, query->col, (unsigned long long)w.n_frames,
                      (unsigned long long)w.n_read);
        (void)fprintf(out, ",\"n_rows\":%zu,\"columns\":[", w.n_spans);
        put_times(out, w.from_s, w.to_s, w.n_spans);
        put_spans(out, is_kpa ? "pressure_kpa" : "pressure_rel", is_kpa ? "kPa" : "1", w.spans,
                  w.n_spans, 1);
        (void)fputs("]}", out);
    }
    session_pressure_destroy(w.pressure);
    free(w.spans);
    free(w.pressures);
    free(w.rows);
    return status;
}

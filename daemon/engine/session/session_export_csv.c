/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_export_csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_export_file.h"

enum { BATCH_ROWS = 4096, VALUE_BYTES = 64 };

/* ---- values ---- */

static void put_text(FILE *out, const char *text, size_t n_bytes)
{
    (void)fputc('"', out);
    for (size_t i = 0; i < n_bytes && text[i]; i++) {
        if (text[i] == '"')
            (void)fputc('"', out);
        (void)fputc(text[i], out);
    }
    (void)fputc('"', out);
}

static void put_word(FILE *out, const char *text)
{
    put_text(out, text, strlen(text));
}

/* The shortest that reads back to the same value; nothing for NaN. */
static void put_double(FILE *out, double value, int least, int most, bool is_float)
{
    char text[VALUE_BYTES];
    if (isnan(value))
        return;
    for (int digits = least; digits <= most; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (is_float ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value)
            break;
    }
    (void)fputs(text, out);
}

static void put_value(FILE *out, const struct session_column *column, const unsigned char *at)
{
    union {
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        int32_t i32;
        int64_t i64;
        float f32;
        double f64;
    } value;
    if (column->type == SESSION_TEXT) {
        put_text(out, (const char *)at, column->n_bytes);
        return;
    }
    memcpy(&value, at, column->n_bytes / column->n_values);
    switch (column->type) {
    case SESSION_U16:
        (void)fprintf(out, "%u", value.u16);
        break;
    case SESSION_U32:
        (void)fprintf(out, "%" PRIu32, value.u32);
        break;
    case SESSION_U64:
        (void)fprintf(out, "%" PRIu64, value.u64);
        break;
    case SESSION_I32:
        (void)fprintf(out, "%" PRId32, value.i32);
        break;
    case SESSION_I64:
        (void)fprintf(out, "%" PRId64, value.i64);
        break;
    case SESSION_F32:
        put_double(out, (double)value.f32, 6, 9, true);
        break;
    case SESSION_F64:
        put_double(out, value.f64, 15, 17, false);
        break;
    case SESSION_TEXT:
        break;
    }
}

/* ---- a table ---- */

static bool is_shown(const struct session_column *column)
{
    return strcmp(column->name, "crc32") != 0 && strcmp(column->name, "reserved") != 0;
}

static void put_heading(FILE *out, const struct session_column *column, bool is_relative)
{
    const char *name = session_column_name(column, is_relative);
    const char *unit = session_column_unit(column, is_relative);
    for (unsigned v = 0; v < column->n_values; v++) {
        (void)fprintf(out, "%s\"%s", v ? "," : "", name);
        if (column->n_values > 1)
            (void)fprintf(out, "_%u", v);
        if (unit[0])
            (void)fprintf(out, " [%s]", unit);
        (void)fputc('"', out);
    }
}

static void put_row(FILE *out, const struct session_table_form *form, const unsigned char *row)
{
    const char *comma = "";
    for (size_t c = 0; c < form->n_columns; c++) {
        const struct session_column *column = &form->columns[c];
        if (!is_shown(column))
            continue;
        for (unsigned v = 0; v < column->n_values; v++) {
            (void)fputs(comma, out);
            comma = ",";
            put_value(out, column, row + column->offset + v * (column->n_bytes / column->n_values));
        }
    }
    (void)fputc('\n', out);
}

static void put_headings(FILE *out, const struct session_table_form *form, bool is_relative)
{
    const char *comma = "";
    for (size_t c = 0; c < form->n_columns; c++)
        if (is_shown(&form->columns[c])) {
            (void)fputs(comma, out);
            comma = ",";
            put_heading(out, &form->columns[c], is_relative);
        }
    (void)fputc('\n', out);
}

struct export
{
    struct session_reader *reader;
    const char *folder, *stem;
    bool is_relative;
    unsigned n_files;
    struct thenar_error *error;
};

static enum thenar_status write_table(struct export *e, enum session_table table)
{
    const struct session_table_form *form = session_table_form(table);
    uint64_t n_rows = session_reader_n_rows(e->reader, table);
    struct session_export_file file;
    enum thenar_status status =
        session_export_file_open(&file, e->folder, e->stem, form->name, ".csv", e->error);
    if (status != THENAR_OK)
        return status;
    unsigned char *rows = (unsigned char *)calloc(BATCH_ROWS, form->row_bytes);
    if (!rows)
        status =
            thenar_fail(e->error, THENAR_ERR_MEMORY, "out of memory for rows of `%s`", form->name);
    put_headings(file.out, form, e->is_relative);
    for (uint64_t first = 0; status == THENAR_OK && first < n_rows; first += BATCH_ROWS) {
        size_t n = n_rows - first < BATCH_ROWS ? (size_t)(n_rows - first) : BATCH_ROWS;
        status = session_reader_rows(e->reader, table, first, n, rows, e->error);
        for (size_t i = 0; status == THENAR_OK && i < n; i++)
            put_row(file.out, form, rows + i * form->row_bytes);
    }
    free(rows);
    e->n_files++;
    return session_export_file_close(&file, status, e->error);
}

/* ---- the samples ---- */

static void put_sample_headings(FILE *out, const struct session_head *head)
{
    const char *const units[] = {"counts", "kPa", "N"};
    (void)fputs("\"frame\",\"t_device [s]\"", out);
    for (size_t k = 0; k < head->layout.n_taxels; k++)
        (void)fprintf(out, ",\"r%zuc%zu [%s]\"", k / head->layout.n_cols, k % head->layout.n_cols,
                      units[head->layout.sensor.unit]);
    (void)fputc('\n', out);
}

static void put_samples(FILE *out, const struct session_frame *frame, size_t n_taxels)
{
    (void)fprintf(out, "%" PRIu64 ",", frame->index);
    put_double(out, frame->row->t_device, 15, 17, false);
    for (size_t k = 0; k < n_taxels; k++) {
        (void)fputc(',', out);
        if (frame->counts)
            (void)fprintf(out, "%u", frame->counts[k]);
        else
            put_double(out, (double)frame->samples[k], 6, 9, true);
    }
    (void)fputc('\n', out);
}

static enum thenar_status write_samples(struct export *e)
{
    const struct session_head *head = session_reader_head(e->reader);
    struct session_export_file file;
    struct session_frame frame;
    enum thenar_status status = session_export_file_open(
        &file, e->folder, e->stem, head->is_float ? "samples" : "counts", ".csv", e->error);
    if (status != THENAR_OK)
        return status;
    put_sample_headings(file.out, head);
    session_reader_seek(e->reader, 0);
    while ((status = session_reader_next(e->reader, &frame, e->error)) == THENAR_OK &&
           !ferror(file.out))
        put_samples(file.out, &frame, head->layout.n_taxels);
    e->n_files++;
    return session_export_file_close(&file, status == THENAR_END ? THENAR_OK : status, e->error);
}

/* ---- what the file says of itself ---- */

static void put_pair(FILE *out, const char *key, const char *value, const char *unit)
{
    (void)fprintf(out, "\"%s\",", key);
    put_word(out, value);
    (void)fprintf(out, ",\"%s\"\n", unit);
}

static void put_number(FILE *out, const char *key, double value, const char *unit)
{
    (void)fprintf(out, "\"%s\",", key);
    put_double(out, value, 6, 17, false);
    (void)fprintf(out, ",\"%s\"\n", unit);
}

static void put_about(FILE *out, const struct session_head *head,
                      const struct session_summary *summary)
{
    static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};
    static const char *const states[] = {"recording", "closed", "repaired"};
    const struct array_layout *layout = &head->layout;
    (void)fputs("\"key\",\"value\",\"unit\"\n", out);
    put_pair(out, "session", head->about.id, "");
    put_pair(out, "station", head->about.station, "");
    put_pair(out, "participant", head->about.participant, "");
    put_pair(out, "operator", head->about.operator_id, "");
    put_pair(out, "plan", head->about.plan, "");
    put_pair(out, "note", head->about.note, "");
    put_pair(out, "software", head->about.software, "");
    put_number(out, "start_unix_s", head->about.start_unix_s, "s");
    put_pair(out, "state", states[summary->state <= SESSION_REPAIRED ? summary->state : 0], "");
    put_pair(out, "device", head->device, "");
    put_pair(out, "model", head->model, "");
    put_pair(out, "serial", head->serial, "");
    put_pair(out, "firmware", head->firmware, "");
    put_number(out, "part", head->part, "");
    put_pair(out, "mount", mounts[layout->mount], "");
    put_number(out, "n_rows", layout->n_rows, "");
    put_number(out, "n_cols", layout->n_cols, "");
    put_number(out, "pitch_x", (double)layout->pitch_x_mm, "mm");
    put_number(out, "pitch_y", (double)layout->pitch_y_mm, "mm");
    put_number(out, "rate", (double)layout->rate_hz, "Hz");
    put_number(out, "tick", head->tick_hz, "Hz");
    put_pair(out, "calibrated", layout->sensor.calibrated ? "yes" : "no", "");
    put_number(out, "calibration_uncertainty", (double)layout->sensor.uncertainty_pct, "%");
    put_number(out, "device_gate", head->gate_counts, "counts");
    put_pair(out, "filter", head->filter_form, "");
    put_number(out, "filter_taps", head->filter_taps, "");
    put_number(out, "filter_pass", (double)head->filter_pass_hz, "Hz");
    put_number(out, "filter_stop", (double)head->filter_stop_hz, "Hz");
    put_number(out, "filter_delay", (double)head->filter_delay_ms, "ms");
    put_pair(out, "technique_model", head->technique_model, "");
    put_number(out, "metrics_every", head->metrics_every, "frames");
    put_number(out, "lost_device", (double)summary->lost_device, "frames");
    put_number(out, "lost_link", (double)summary->lost_link, "frames");
    put_number(out, "lost_host", (double)summary->lost_host, "frames");
    put_number(out, "lost_disk", (double)summary->lost_disk, "frames");
}

static void put_columns(FILE *out, bool is_relative)
{
    (void)fputs("\"table\",\"column\",\"unit\",\"description\"\n", out);
    for (int t = 0; t < N_SESSION_TABLES; t++) {
        const struct session_table_form *form = session_table_form((enum session_table)t);
        for (size_t c = 0; c < form->n_columns; c++) {
            const struct session_column *column = &form->columns[c];
            if (!is_shown(column))
                continue;
            (void)fprintf(out, "\"%s\",\"%s\",\"%s\",", form->name,
                          session_column_name(column, is_relative),
                          session_column_unit(column, is_relative));
            put_word(out, column->description);
            (void)fputc('\n', out);
        }
    }
}

static enum thenar_status write_about(struct export *e)
{
    struct session_export_file file;
    enum thenar_status status =
        session_export_file_open(&file, e->folder, e->stem, "about", ".csv", e->error);
    if (status != THENAR_OK)
        return status;
    put_about(file.out, session_reader_head(e->reader), session_reader_summary(e->reader));
    e->n_files++;
    status = session_export_file_close(&file, THENAR_OK, e->error);
    if (status != THENAR_OK)
        return status;
    status = session_export_file_open(&file, e->folder, e->stem, "columns", ".csv", e->error);
    if (status != THENAR_OK)
        return status;
    put_columns(file.out, e->is_relative);
    e->n_files++;
    return session_export_file_close(&file, THENAR_OK, e->error);
}

enum thenar_status session_export_csv(struct session_reader *reader, const char *folder,
                                      const char *stem,
                                      const struct session_export_csv_options *options,
                                      unsigned *n_files, struct thenar_error *error)
{
    struct export e = {.reader = reader, .folder = folder, .stem = stem, .error = error};
    e.is_relative = !array_layout_is_kpa(&session_reader_head(reader)->layout);
    enum thenar_status status = write_about(&e);
    for (int t = 0; status == THENAR_OK && t < N_SESSION_TABLES; t++)
        if (session_reader_n_rows(reader, (enum session_table)t) > 0)
            status = write_table(&e, (enum session_table)t);
    if (status == THENAR_OK && options->with_samples)
        status = write_samples(&e);
    *n_files = e.n_files;
    return status;
}

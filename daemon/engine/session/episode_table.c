/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/episode_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/text_file.h"

enum column { COLUMN_START, COLUMN_END, COLUMN_TECHNIQUE, N_COLUMNS };

static const char *const column_names[N_COLUMNS] = {"start_s", "end_s", "technique"};

struct reader {
    const char *name, *at;
    unsigned line;
    unsigned places[N_COLUMNS]; /* of each column */
    struct thenar_error *error;
};

/* The next field of the line: borrowed, without blanks around. @return false at the line's end */
static bool next_field(const char **at, const char *end, const char **field, size_t *n_field)
{
    if (!*at)
        return false;
    const char *comma = memchr(*at, ',', (size_t)(end - *at));
    const char *begin = *at, *stop = comma ? comma : end;
    *at = comma ? comma + 1 : NULL;
    while (begin < stop && (*begin == ' ' || *begin == '\t'))
        begin++;
    while (stop > begin && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r'))
        stop--;
    *field = begin;
    *n_field = (size_t)(stop - begin);
    return true;
}

static enum thenar_status read_header(struct reader *r, const char *end)
{
    unsigned place = 0;
    const char *at = r->at, *field;
    size_t n_field;
    bool found[N_COLUMNS] = {false};
    for (; next_field(&at, end, &field, &n_field); place++)
        for (int i = 0; i < N_COLUMNS; i++)
            if (strlen(column_names[i]) == n_field &&
                memcmp(field, column_names[i], n_field) == 0) {
                if (found[i])
                    return thenar_fail(r->error, THENAR_ERR_SYNTAX,
                                       "%.200s:%u: column %s is there "
                                       "twice",
                                       r->name, r->line, column_names[i]);
                found[i] = true;
                r->places[i] = place;
            }
    for (int i = 0; i < N_COLUMNS; i++)
        if (!found[i])
            return thenar_fail(r->error, THENAR_ERR_SYNTAX,
                               "%.200s:%u: no column %s; the first line must name the columns "
                               "start_s,end_s,technique",
                               r->name, r->line, column_names[i]);
    return THENAR_OK;
}

static bool read_time(const char *field, size_t n_field, double *time_s)
{
    char text[40], *stop;
    if (n_field == 0 || n_field >= sizeof text)
        return false;
    memcpy(text, field, n_field);
    text[n_field] = '\0';
    *time_s = strtod(text, &stop);
    return *stop == '\0' && isfinite(*time_s) && *time_s >= 0 && *time_s < 1e7;
}

static enum thenar_status read_field(struct reader *r, enum column column, const char *field,
                                     size_t n_field, struct episode_table_row *row)
{
    int n = n_field > 60 ? 60 : (int)n_field;
    if (column == COLUMN_TECHNIQUE) {
        char word[40] = "";
        if (n_field < sizeof word)
            memcpy(word, field, n_field);
        row->technique = technique_from_name(word);
        if (row->technique != TECHNIQUE_UNKNOWN || strcmp(word, "unknown") == 0)
            return THENAR_OK;
        return thenar_fail(r->error, THENAR_ERR_VALUE,
                           "%.200s:%u: '%.*s' is no technique; there are rest, effleurage, "
                           "petrissage, rolling, friction, tapotement, vibration, shaking, "
                           "compression, myofascial_release, soft_tissue_release, muscle_energy, "
                           "stretching and unknown",
                           r->name, r->line, n, field);
    }
    if (read_time(field, n_field, column == COLUMN_START ? &row->start_s : &row->end_s))
        return THENAR_OK;
    return thenar_fail(r->error, THENAR_ERR_SYNTAX,
                       "%.200s:%u: %s '%.*s' is no time; write seconds, as in 12.5", r->name,
                       r->line, column_names[column], n, field);
}

static enum thenar_status read_row(struct reader *r, const char *end, double after_s,
                                   struct episode_table_row *row)
{
    const char *at = r->at, *field;
    size_t n_field;
    unsigned n_found = 0;
    for (unsigned place = 0; next_field(&at, end, &field, &n_field); place++)
        for (int i = 0; i < N_COLUMNS; i++)
            if (r->places[i] == place) {
                enum thenar_status status = read_field(r, (enum column)i, field, n_field, row);
                if (status != THENAR_OK)
                    return status;
                n_found++;
            }
    if (n_found < N_COLUMNS)
        return thenar_fail(r->error, THENAR_ERR_SYNTAX,
                           "%.200s:%u: this row has fewer columns than the first line names",
                           r->name, r->line);
    if (row->end_s <= row->start_s)
        return thenar_fail(r->error, THENAR_ERR_VALUE,
                           "%.200s:%u: the end must come after the "
                           "start",
                           r->name, r->line);
    if (row->start_s < after_s - 1e-6)
        return thenar_fail(r->error, THENAR_ERR_VALUE,
                           "%.200s:%u: this row begins at %g s, before the one above ends (%g s); "
                           "rows stand in order of time and do not overlap",
                           r->name, r->line, row->start_s, after_s);
    return THENAR_OK;
}

static enum thenar_status append(struct episode_table *table, const struct episode_table_row *row,
                                 struct reader *r)
{
    if (table->n_rows == EPISODE_TABLE_ROWS_MAX)
        return thenar_fail(r->error, THENAR_ERR_VALUE, "%.200s:%u: more than %d rows", r->name,
                           r->line, EPISODE_TABLE_ROWS_MAX);
    if ((table->n_rows & (table->n_rows - 1)) == 0) {
        size_t n_space = table->n_rows ? 2 * table->n_rows : 1;
        struct episode_table_row *rows = realloc(table->rows, n_space * sizeof *rows);
        if (!rows)
            return thenar_fail(r->error, THENAR_ERR_MEMORY, "out of memory");
        table->rows = rows;
    }
    table->rows[table->n_rows++] = *row;
    return THENAR_OK;
}

static enum thenar_status read_lines(struct reader *r, struct episode_table *table)
{
    bool has_header = false;
    double after_s = 0;
    while (*r->at) {
        const char *end = r->at + strcspn(r->at, "\n");
        r->line++;
        if (*r->at != '#' && strspn(r->at, " \t\r") < (size_t)(end - r->at)) {
            struct episode_table_row row = {0};
            enum thenar_status status =
                has_header ? read_row(r, end, after_s, &row) : read_header(r, end);
            if (status == THENAR_OK && has_header)
                status = append(table, &row, r);
            if (status != THENAR_OK)
                return status;
            after_s = has_header ? row.end_s : 0;
            has_header = true;
        }
        r->at = *end ? end + 1 : end;
    }
    if (!has_header)
        return thenar_fail(r->error, THENAR_ERR_SYNTAX,
                           "%.200s: empty; the first line must be start_s,end_s,technique",
                           r->name);
    return THENAR_OK;
}

enum thenar_status episode_table_parse(struct episode_table *table, const char *text,
                                       const char *name, struct thenar_error *error)
{
    struct reader reader = {.name = name, .at = text, .error = error};
    *table = (struct episode_table){0};
    enum thenar_status status = read_lines(&reader, table);
    if (status != THENAR_OK)
        episode_table_finish(table);
    return status;
}

enum thenar_status episode_table_read(struct episode_table *table, const char *path,
                                      struct thenar_error *error)
{
    char *text;
    *table = (struct episode_table){0};
    enum thenar_status status =
        text_file_read(&text, path, EPISODE_TABLE_BYTES_MAX, "a table of episodes", error);
    if (status == THENAR_OK)
        status = episode_table_parse(table, text, path, error);
    free(text);
    return status;
}

void episode_table_finish(struct episode_table *table)
{
    free(table->rows);
    *table = (struct episode_table){0};
}

void episode_table_write(FILE *out, const struct episode_table_row *rows, size_t n_rows)
{
    (void)fputs("start_s,end_s,technique\n", out);
    for (size_t i = 0; i < n_rows; i++)
        (void)fprintf(out, "%.2f,%.2f,%s\n", rows[i].start_s, rows[i].end_s,
                      technique_name(rows[i].technique));
}

enum technique episode_table_at(const struct episode_table *table, double time_s)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if (time_s >= table->rows[i].start_s && time_s < table->rows[i].end_s)
            return table->rows[i].technique;
    return TECHNIQUE_UNKNOWN;
}

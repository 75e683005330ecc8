/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/recording_csv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "session/csv_row.h"

enum {
    LINE_BYTES = 256 * 1024, /* 4096 samples of up to 60 characters */
    COLUMNS_MAX = 4096 + 64,
    GAP_FRAMES = 5
};

static const double GAP_S = 0.25;
static const double SLOWEST_HZ = 1.0;                 /* less is another unit of time */
static const char byte_order_mark[] = "\xEF\xBB\xBF"; /* which some spreadsheets put first */

/* What a column of the file is. */
enum { COLUMN_OTHER = -2, COLUMN_TIME = -1 }; /* 0.. is the taxel's index */

/* Makes the times of a file even: frames of one stretch are 1 / rate apart. */
struct even_clock {
    double stretch_s; /* when the stretch began */
    uint64_t n_in_stretch;
    double file_first_s, file_last_s;
    double last_s; /* what was given last */
    bool started;
};

struct recording_csv {
    gzFile file;
    char path[1024];
    bool has_header;
    size_t n_taxels;
    size_t n_columns;
    int *columns;   /* [n_columns] */
    double *values; /* [n_columns] of the line in work */
    char *line;     /* [LINE_BYTES] */
    uint64_t line_number;
    uint64_t n_given; /* frames, since the start or the last rewind */
    struct recording_csv_info info;
    struct even_clock clock;
};

/* The next line that is neither empty nor a comment. */
static enum thenar_status next_line(struct recording_csv *r)
{
    while (gzgets(r->file, r->line, LINE_BYTES)) {
        r->line_number++;
        if (r->line_number == 1 && strncmp(r->line, byte_order_mark, 3) == 0)
            memmove(r->line, r->line + 3, strlen(r->line + 3) + 1);
        const char *p = r->line;
        while (*p == ' ' || *p == '\t')
            p++;
        if (*p != '\0' && *p != '\n' && *p != '\r' && *p != '#')
            return THENAR_OK;
    }
    int code = Z_OK;
    (void)gzerror(r->file, &code);
    return code == Z_OK || code == Z_STREAM_END ? THENAR_END : THENAR_ERR_OS;
}

static enum thenar_status fail_broken(const struct recording_csv *r, struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_OS,
                       "%s:%llu: the file breaks off here; is the .gz complete? (gzip -t tells)",
                       r->path, (unsigned long long)r->line_number);
}

/* Times and samples of the line in work; false when the row does not parse. */
static bool parse_row(struct recording_csv *r, double *time_s, float *samples)
{
    if (csv_row_parse(r->line, r->values, r->n_columns) != THENAR_OK)
        return false;
    for (size_t i = 0; i < r->n_columns; i++) {
        if (r->columns[i] == COLUMN_TIME)
            *time_s = r->values[i];
        else if (r->columns[i] >= 0)
            samples[r->columns[i]] = (float)r->values[i];
    }
    return true;
}

/* A taxel's index from a name such as "p17"; COLUMN_OTHER for any other name. */
static int column_of(const char *name)
{
    double index = 0;
    if (strcmp(name, "t_s") == 0)
        return COLUMN_TIME;
    if (name[0] != 'p' || name[1] < '0' || name[1] > '9')
        return COLUMN_OTHER;
    const char *end = csv_number(name + 1, &index);
    if (!end || *end || index >= COLUMNS_MAX || index != floor(index))
        return COLUMN_OTHER;
    return (int)index;
}

/* Some spreadsheets write a;b;c, with decimal commas. */
static const char *separator_hint(const struct recording_csv *r)
{
    return r->n_columns == 1 && strchr(r->line, ';')
               ? "; its columns are separated by ';', and should be by commas, with decimal points"
               : "";
}

static enum thenar_status map_named_columns(struct recording_csv *r, char **names,
                                            struct thenar_error *error)
{
    size_t n_found = 0;
    for (size_t i = 0; i < r->n_columns; i++) {
        int column = r->columns[i] = column_of(names[i]);
        if (column >= 0 && (size_t)column >= r->n_taxels)
            return thenar_fail(error, THENAR_ERR_SYNTAX,
                               "%s:%llu: column '%s' is beyond the %zu taxels asked for; are rows "
                               "and columns right?",
                               r->path, (unsigned long long)r->line_number, names[i], r->n_taxels);
        for (size_t k = 0; k < i; k++)
            if (column != COLUMN_OTHER && r->columns[k] == column)
                return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%llu: column '%s' stands twice",
                                   r->path, (unsigned long long)r->line_number, names[i]);
        r->info.has_time |= column == COLUMN_TIME;
        n_found += column >= 0;
    }
    if (n_found != r->n_taxels)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s:%llu: %zu taxel columns (p0, p1, ...) where rows x columns asks for "
                           "%zu%s",
                           r->path, (unsigned long long)r->line_number, n_found, r->n_taxels,
                           separator_hint(r));
    return THENAR_OK;
}

static enum thenar_status map_unnamed_columns(struct recording_csv *r, struct thenar_error *error)
{
    r->info.has_time = r->n_columns == r->n_taxels + 1;
    if (!r->info.has_time && r->n_columns != r->n_taxels)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s:%llu: %zu columns without names; rows x columns asks for %zu, or "
                           "%zu with the time first%s",
                           r->path, (unsigned long long)r->line_number, r->n_columns, r->n_taxels,
                           r->n_taxels + 1, separator_hint(r));
    for (size_t i = 0; i < r->n_columns; i++)
        r->columns[i] = (int)i - r->info.has_time;
    return THENAR_OK;
}

/* Learn the columns from the first line. Leaves the file behind a header, or at its start. */
static enum thenar_status read_columns(struct recording_csv *r, struct thenar_error *error)
{
    enum thenar_status status = next_line(r);
    if (status == THENAR_END)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: the file is empty", r->path);
    if (status != THENAR_OK)
        return fail_broken(r, error);

    double first = 0;
    r->has_header = csv_number(r->line, &first) == NULL;
    char **names = calloc(COLUMNS_MAX, sizeof *names);
    char *header = strdup(r->line);
    status = THENAR_ERR_MEMORY;
    if (!names || !header)
        goto done;
    r->n_columns = csv_header_split(header, names, COLUMNS_MAX);
    if (r->n_columns > COLUMNS_MAX) {
        status = thenar_fail(error, THENAR_ERR_SYNTAX, "%s: %zu columns; %d are the most", r->path,
                             r->n_columns, COLUMNS_MAX);
        goto done;
    }
    r->columns = calloc(r->n_columns, sizeof *r->columns);
    r->values = calloc(r->n_columns, sizeof *r->values);
    if (!r->columns || !r->values)
        goto done;
    status = r->has_header ? map_named_columns(r, names, error) : map_unnamed_columns(r, error);
done:
    free(header);
    free(names);
    return status;
}

static bool is_gap(double interval_s, double period_s)
{
    return interval_s > GAP_S && interval_s > GAP_FRAMES * period_s;
}

/* Mean interval of the stretches without a gap, found as the rows come by. */
struct rate_survey {
    double first_s, last_s, sum_s;
    uint64_t n_intervals;
    bool started;
};

static void rate_survey_push(struct rate_survey *survey, double time_s)
{
    double interval_s = time_s - survey->last_s;
    bool known = survey->n_intervals > GAP_FRAMES;
    double mean_s = known ? survey->sum_s / (double)survey->n_intervals : HUGE_VAL;
    /* Steps back by jitter belong to the mean, else the rate would come out too low. */
    if (survey->started && interval_s > -GAP_S && !(known && is_gap(interval_s, mean_s))) {
        survey->sum_s += interval_s;
        survey->n_intervals++;
    }
    if (!survey->started)
        survey->first_s = time_s;
    survey->last_s = time_s;
    survey->started = true;
}

static void note_range(struct recording_csv_info *info, const float *samples, size_t n_taxels)
{
    for (size_t i = 0; i < n_taxels; i++) {
        info->smallest = fminf(info->smallest, samples[i]);
        info->largest = fmaxf(info->largest, samples[i]);
    }
}

/* Read all rows once. */
static enum thenar_status survey(struct recording_csv *r, double rate_hz,
                                 struct thenar_error *error)
{
    struct rate_survey rate = {0};
    float *samples = calloc(r->n_taxels, sizeof *samples);
    if (!samples)
        return thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", r->path);
    r->info.smallest = INFINITY;
    r->info.largest = -INFINITY;
    enum thenar_status status;
    while ((status = next_line(r)) == THENAR_OK) {
        double time_s = 0;
        if (!parse_row(r, &time_s, samples)) {
            if (r->info.n_bad_rows++ == 0)
                r->info.first_bad_line = r->line_number;
            continue;
        }
        r->info.n_frames++;
        note_range(&r->info, samples, r->n_taxels);
        if (!r->info.has_time)
            continue;
        if (rate.started && time_s < rate.last_s && r->info.n_back_rows++ == 0)
            r->info.first_back_line = r->line_number;
        rate_survey_push(&rate, time_s);
    }
    free(samples);
    if (status != THENAR_END)
        return fail_broken(r, error);
    if (r->info.n_frames == 0)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s:%llu: no row holds %zu numbers between commas", r->path,
                           (unsigned long long)r->info.first_bad_line, r->n_columns);
    r->info.rate_hz = rate_hz > 0 ? rate_hz : (double)rate.n_intervals / rate.sum_s;
    if (!(r->info.rate_hz > 0) || !isfinite(r->info.rate_hz))
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           r->info.has_time
                               ? "%s: the times in t_s do not grow; give the rate (frames a second)"
                               : "%s: no column t_s; give the rate (frames a second)",
                           r->path);
    if (r->info.has_time && r->info.rate_hz < SLOWEST_HZ)
        return thenar_fail(
            error, THENAR_ERR_ARGUMENT,
            "%s: by t_s there are %g frames a second; t_s is in seconds (or give the "
            "rate)",
            r->path, r->info.rate_hz);
    r->info.duration_s = r->info.has_time && r->info.n_back_rows == 0
                             ? rate.last_s - rate.first_s + 1 / r->info.rate_hz
                             : (double)(r->info.n_frames + r->info.n_bad_rows) / r->info.rate_hz;
    return THENAR_OK;
}

static double clock_next(struct even_clock *clock, double period_s)
{
    double time_s = clock->stretch_s + (double)clock->n_in_stretch * period_s;
    clock->n_in_stretch++;
    return clock->last_s = time_s;
}

static double clock_next_with_file(struct even_clock *clock, double period_s, double file_s)
{
    if (!clock->started) {
        *clock = (struct even_clock){.file_first_s = file_s, .file_last_s = file_s};
        clock->started = true;
    } else if (is_gap(file_s - clock->file_last_s, period_s)) {
        clock->stretch_s = fmax(file_s - clock->file_first_s, clock->last_s + period_s);
        clock->n_in_stretch = 0;
    }
    clock->file_last_s = file_s;
    return clock_next(clock, period_s);
}

static enum thenar_status open_file(struct recording_csv *r, struct thenar_error *error)
{
    struct stat facts;
    errno = 0;
    r->file = gzopen(r->path, "rbe");
    if (!r->file || stat(r->path, &facts) < 0) {
        int reason = errno ? errno : ENOMEM;
        enum thenar_status status = reason == ENOENT                      ? THENAR_ERR_ABSENT
                                    : reason == EACCES || reason == EPERM ? THENAR_ERR_DENIED
                                                                          : THENAR_ERR_OS;
        return thenar_fail(error, status, "%s: cannot open the recording: %s", r->path,
                           strerror(reason));
    }
    if (S_ISDIR(facts.st_mode))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: is a folder, not a recording", r->path);
    (void)gzbuffer(r->file, 1 << 18);
    return THENAR_OK;
}

enum thenar_status recording_csv_open(struct recording_csv **out, const char *path, size_t n_taxels,
                                      double rate_hz, struct thenar_error *error)
{
    *out = NULL;
    if (n_taxels == 0 || n_taxels > 4096 || rate_hz < 0 || !isfinite(rate_hz))
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "%s: rows x columns must be 1..4096 and the rate positive", path);
    struct recording_csv *r = calloc(1, sizeof *r);
    if (!r || !(r->line = malloc(LINE_BYTES))) {
        free(r);
        return thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", path);
    }
    (void)snprintf(r->path, sizeof r->path, "%s", path);
    r->n_taxels = n_taxels;

    enum thenar_status status = open_file(r, error);
    if (status == THENAR_OK)
        status = read_columns(r, error);
    if (status == THENAR_OK && !r->has_header)
        status = recording_csv_rewind(r);
    if (status == THENAR_OK)
        status = survey(r, rate_hz, error);
    if (status == THENAR_OK)
        status = recording_csv_rewind(r);
    if (status != THENAR_OK) {
        recording_csv_close(r);
        return status;
    }
    *out = r;
    return THENAR_OK;
}

void recording_csv_close(struct recording_csv *recording)
{
    if (!recording)
        return;
    if (recording->file)
        (void)gzclose(recording->file);
    free(recording->columns);
    free(recording->values);
    free(recording->line);
    free(recording);
}

const struct recording_csv_info *recording_csv_info(const struct recording_csv *recording)
{
    return &recording->info;
}

enum thenar_status recording_csv_next(struct recording_csv *recording, double *time_s,
                                      float *samples)
{
    struct recording_csv *r = recording;
    double period_s = 1 / r->info.rate_hz;
    enum thenar_status status;
    while ((status = next_line(r)) == THENAR_OK) {
        double file_s = 0;
        if (!parse_row(r, &file_s, samples)) {
            r->clock.n_in_stretch += r->clock.started || !r->info.has_time;
            continue;
        }
        r->n_given++;
        *time_s = r->info.has_time ? clock_next_with_file(&r->clock, period_s, file_s)
                                   : clock_next(&r->clock, period_s);
        return THENAR_OK;
    }
    return status;
}

enum thenar_status recording_csv_rewind(struct recording_csv *recording)
{
    struct recording_csv *r = recording;
    if (gzrewind(r->file) < 0)
        return THENAR_ERR_OS;
    r->line_number = 0;
    r->n_given = 0;
    r->clock = (struct even_clock){0};
    return r->has_header ? next_line(r) : THENAR_OK;
}

double recording_csv_progress(const struct recording_csv *recording)
{
    return (double)recording->n_given / (double)recording->info.n_frames;
}

float recording_csv_full_scale(const struct recording_csv_info *info)
{
    static const float scales[] = {255, 256, 1023, 4095};
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
        if (info->largest <= scales[i])
            return scales[i];
    return 65535;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/recorded_takes.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline.h"
#include "session/recording_csv.h"
#include "session/session_player.h"
#include "training/window_collector.h"

enum { LINE_BYTES = 4096, FIELDS_MAX = 32, SPANS_MAX = 4096 };

enum column {
    COLUMN_FILE,
    COLUMN_PERSON,
    COLUMN_TECHNIQUE,
    COLUMN_EPISODES,
    COLUMN_ROWS,
    COLUMN_COLS,
    COLUMN_PITCH,
    COLUMN_RATE,
    COLUMN_UNIT,
    COLUMN_MOUNT,
    COLUMN_WEIGHT,
    N_COLUMNS
};
static const char *const list_columns[N_COLUMNS] = {"file", "person", "technique", "episodes",
                                                    "rows", "cols",   "pitch_mm",  "rate_hz",
                                                    "unit", "mount",  "weight"};

enum { EPISODE_START, EPISODE_END, EPISODE_TECHNIQUE, N_EPISODE_COLUMNS };
static const char *const episode_columns[N_EPISODE_COLUMNS] = {"start_s", "end_s", "technique"};
/* The same times as other programs call them. */
static const char *const other_columns[N_EPISODE_COLUMNS] = {"t_start", "t_end", "technique"};

/* A CSV file with named columns, read line by line. Fields hold no commas and no quotes. */
struct named_csv {
    const char *path;
    FILE *file;
    unsigned line;
    unsigned n_columns;
    int at[N_COLUMNS]; /* of each wanted column; -1: not there */
    char text[LINE_BYTES];
    char *fields[FIELDS_MAX];
    unsigned n_fields;
};

static bool split(struct named_csv *csv)
{
    csv->n_fields = 0;
    if (!fgets(csv->text, sizeof csv->text, csv->file))
        return false;
    csv->line++;
    csv->text[strcspn(csv->text, "\r\n")] = '\0';
    char *rest = csv->text, *field;
    while (csv->n_fields < FIELDS_MAX && (field = strsep(&rest, ",")))
        csv->fields[csv->n_fields++] = field;
    return true;
}

/* Of the first line, while it is the one that was read. @return -1: not there */
static int find_column(const struct named_csv *csv, const char *name)
{
    for (unsigned k = 0; k < csv->n_fields; k++)
        if (strcmp(csv->fields[k], name) == 0)
            return (int)k;
    return -1;
}

static enum thenar_status open_csv(struct named_csv *csv, const char *path,
                                   const char *const *columns, unsigned n_columns,
                                   struct thenar_error *error)
{
    *csv = (struct named_csv){.path = path, .n_columns = n_columns, .file = fopen(path, "r")};
    if (!csv->file)
        return thenar_fail(error, THENAR_ERR_ABSENT, "%.300s: %s", path, strerror(errno));
    if (!split(csv))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s: empty", path);
    for (unsigned i = 0; i < n_columns; i++)
        csv->at[i] = find_column(csv, columns[i]);
    return THENAR_OK;
}

/* "" where it is absent. */
static const char *field_of(const struct named_csv *csv, unsigned column)
{
    int at = csv->at[column];
    return at >= 0 && (unsigned)at < csv->n_fields ? csv->fields[at] : "";
}

static bool read_number(const char *text, double least, double most, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= least && *value <= most;
}

/* One recording of the list. */
struct recorded_take {
    char path[PATH_MAX], episodes[PATH_MAX];
    struct array_layout layout;
    double rate_hz;
    struct recording_csv *recording; /* a table, with a pipeline of ours; or */
    struct session_player *session;  /* a session's file, with its own */
    double first_s;                  /* of the session: spans count from there; NaN: not yet */
    struct pipeline *pipeline;
    float *samples, *pressure; /* [n_taxels] */
    unsigned n_spans;
    struct labelled_span *spans;
};

static void close_take(struct recorded_take *take)
{
    pipeline_destroy(take->pipeline);
    recording_csv_close(take->recording);
    session_player_close(take->session);
    array_layout_finish(&take->layout);
    free(take->samples);
    free(take->pressure);
    free(take->spans);
}

/* Beside the list, unless its path is whole. */
static void place_beside(char *out, const char *list, const char *name)
{
    const char *slash = strrchr(list, '/');
    int n = name[0] == '/' || !slash ? 0 : (int)(slash + 1 - list);
    (void)snprintf(out, PATH_MAX, "%.*s%s", n, list, name);
}

static enum thenar_status read_episodes(struct recorded_take *take, struct thenar_error *error)
{
    struct named_csv csv;
    enum thenar_status status =
        open_csv(&csv, take->episodes, episode_columns, N_EPISODE_COLUMNS, error);
    for (unsigned i = 0; status == THENAR_OK && i < N_EPISODE_COLUMNS; i++)
        if (csv.at[i] < 0)
            csv.at[i] = find_column(&csv, other_columns[i]);
    if (status == THENAR_OK && (csv.at[0] < 0 || csv.at[1] < 0 || csv.at[2] < 0))
        status = thenar_fail(error, THENAR_ERR_SYNTAX,
                             "%.300s: its first line must name start_s, end_s and technique",
                             take->episodes);
    while (status == THENAR_OK && split(&csv)) {
        if (csv.n_fields == 1 && csv.fields[0][0] == '\0')
            continue;
        struct labelled_span *span = &take->spans[take->n_spans];
        const char *label = field_of(&csv, EPISODE_TECHNIQUE);
        if (take->n_spans == SPANS_MAX ||
            !read_number(field_of(&csv, EPISODE_START), 0, 1e9, &span->start_s) ||
            !read_number(field_of(&csv, EPISODE_END), 0, 1e9, &span->end_s) ||
            !(span->end_s > span->start_s) || !*label || strlen(label) >= sizeof span->label) {
            status = thenar_fail(error, THENAR_ERR_SYNTAX,
                                 "%.300s:%u: not an episode: start_s before end_s, in seconds, and "
                                 "a technique",
                                 take->episodes, csv.line);
            break;
        }
        (void)snprintf(span->label, sizeof span->label, "%s", label);
        /* Whether hands are on is measured, and what nobody could name teaches nothing. */
        bool is_taught = strcmp(label, "rest") != 0 && strcmp(label, "unknown") != 0;
        take->n_spans += is_taught;
    }
    if (csv.file)
        (void)fclose(csv.file);
    return status;
}

static int choice(const char *word, const char *const *words, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

static enum thenar_status read_array(struct recorded_take *take, const struct named_csv *csv,
                                     struct thenar_error *error)
{
    static const char *const units[] = {"counts", "kpa", "n"}; /* as enum sample_unit */
    static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};
    double n_rows, n_cols, pitch_mm = 15;
    const char *unit = field_of(csv, COLUMN_UNIT), *mount = field_of(csv, COLUMN_MOUNT);
    const char *pitch = field_of(csv, COLUMN_PITCH), *rate = field_of(csv, COLUMN_RATE);
    int unit_at = *unit ? choice(unit, units, 3) : 0;
    int mount_at = *mount ? choice(mount, mounts, N_MOUNTS) : 0;
    if (!read_number(field_of(csv, COLUMN_ROWS), 1, 4096, &n_rows) ||
        !read_number(field_of(csv, COLUMN_COLS), 1, 4096, &n_cols) || n_rows * n_cols > 4096 ||
        (*pitch && !read_number(pitch, 0.1, 1000, &pitch_mm)) ||
        (*rate && !read_number(rate, 1, 2000, &take->rate_hz)) || unit_at < 0 || mount_at < 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%.200s:%u: rows, cols (4096 taxels at most), pitch_mm, rate_hz, unit "
                           "(counts, kpa, n) or mount (pad, torso, mat, glove) is not possible",
                           csv->path, csv->line);
    size_t n_taxels = (size_t)n_rows * (size_t)n_cols;
    enum thenar_status status =
        recording_csv_open(&take->recording, take->path, n_taxels, take->rate_hz, error);
    if (status != THENAR_OK)
        return status;
    const struct recording_csv_info *info = recording_csv_info(take->recording);
    if (array_layout_init(&take->layout, (uint16_t)n_rows, (uint16_t)n_cols, (float)pitch_mm,
                          (float)pitch_mm, (float)info->rate_hz) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    take->layout.mount = (enum array_mount)mount_at;
    take->layout.sensor.unit = (enum sample_unit)unit_at;
    take->layout.sensor.circuit = SENSOR_LINEAR;
    take->layout.sensor.full_scale_counts = recording_csv_full_scale(info);
    return THENAR_OK;
}

/* It tells its array itself. */
static bool is_session_file(const char *path)
{
    size_t n = strlen(path);
    return n > 3 && strcmp(path + n - 3, ".h5") == 0;
}

static enum thenar_status open_take(struct recorded_take *take, const struct named_csv *csv,
                                    struct thenar_error *error)
{
    const char *technique = field_of(csv, COLUMN_TECHNIQUE);
    const char *episodes = field_of(csv, COLUMN_EPISODES);
    take->spans = calloc(SPANS_MAX + 1, sizeof *take->spans);
    if (!take->spans)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    place_beside(take->path, csv->path, field_of(csv, COLUMN_FILE));
    bool is_session = is_session_file(take->path);
    enum thenar_status status =
        is_session ? session_player_open(&take->session, take->path, &classifier_rules, error)
                   : read_array(take, csv, error);
    take->first_s = is_session ? (double)NAN : 0;
    if (status != THENAR_OK)
        return status;
    if (*episodes) {
        place_beside(take->episodes, csv->path, episodes);
        status = read_episodes(take, error);
    } else if (*technique && strlen(technique) < SAMPLE_TEXT_BYTES) {
        take->n_spans = 1;
        take->spans[0] = (struct labelled_span){.start_s = 0, .end_s = 1e9};
        (void)snprintf(take->spans[0].label, SAMPLE_TEXT_BYTES, "%s", technique);
    } else {
        status = thenar_fail(error, THENAR_ERR_SYNTAX,
                             "%.200s:%u: neither technique nor episodes tell what was done",
                             csv->path, csv->line);
    }
    if (status != THENAR_OK || is_session)
        return status;
    take->samples = calloc(take->layout.n_taxels, sizeof *take->samples);
    take->pressure = calloc(take->layout.n_taxels, sizeof *take->pressure);
    if (!take->samples || !take->pressure)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    struct pipeline_options rules = {.gate_kpa = NAN, .classifier = &classifier_rules};
    return pipeline_create(&take->pipeline, &take->layout, &rules, error);
}

/* One frame through the pipeline. @param at_s out: from the recording's start */
static enum thenar_status next(struct recorded_take *take, struct pipeline_input *input,
                               double *at_s, struct pipeline_output *output,
                               struct thenar_error *error)
{
    if (take->session) {
        enum thenar_status status = session_player_next(take->session, at_s, output, error);
        if (isnan(take->first_s))
            take->first_s = *at_s;
        *at_s -= take->first_s;
        return status;
    }
    enum thenar_status status =
        recording_csv_next(take->recording, &input->device_s, take->samples);
    if (status == THENAR_OK) {
        pipeline_execute(take->pipeline, input, take->pressure, output);
        input->sequence++;
    } else if (status != THENAR_END) {
        return thenar_fail(error, status, "%.300s: broke off", take->path);
    }
    *at_s = input->device_s;
    return status;
}

static const struct labelled_span *span_at(const struct recorded_take *take, double at_s)
{
    for (unsigned i = 0; i < take->n_spans; i++)
        if (at_s >= take->spans[i].start_s && at_s < take->spans[i].end_s)
            return &take->spans[i];
    return NULL;
}

static enum thenar_status play(struct recorded_take *take, struct window_collector *collector,
                               struct thenar_error *error)
{
    struct pipeline_output output;
    struct pipeline_input input = {.samples = take->samples};
    const struct labelled_span *before = NULL;
    enum thenar_status status;
    double at_s = 0;
    while ((status = next(take, &input, &at_s, &output, error)) == THENAR_OK) {
        const struct labelled_span *span = span_at(take, at_s);
        if (span && span != before)
            collector->table->n_takes++;
        before = span;
        const struct pipeline *pipeline =
            take->session ? session_player_pipeline(take->session) : take->pipeline;
        status = window_collector_look(collector, pipeline, at_s, span);
        if (status != THENAR_OK)
            return thenar_fail(error, status, "too many windows or techniques for memory");
    }
    return status == THENAR_END ? THENAR_OK : status;
}

static enum thenar_status add_take(struct sample_table *table, const struct named_csv *csv,
                                   const struct recorded_takes_options *options,
                                   struct thenar_error *error)
{
    const char *person = field_of(csv, COLUMN_PERSON), *weight = field_of(csv, COLUMN_WEIGHT);
    double times = 1;
    if (*weight && !read_number(weight, 1, 100, &times))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%.200s:%u: weight '%.20s': how many times a recording counts, 1 to 100",
                           csv->path, csv->line, weight);
    struct recorded_take take = {0};
    struct window_collector collector = {.table = table,
                                         .every_s = options->every_s,
                                         .next_s = 1.0,
                                         .settle_s = 0.5,
                                         .with_rest = true,
                                         .weight = (unsigned)times};
    collector.person = sample_names_index(&table->people, *person ? person : "nobody");
    enum thenar_status status = open_take(&take, csv, error);
    if (status == THENAR_OK && collector.person == UINT_MAX)
        status = thenar_fail(error, THENAR_ERR_VALUE, "%.200s: more than %d people", csv->path,
                             SAMPLE_PEOPLE_MAX);
    if (status == THENAR_OK)
        status = play(&take, &collector, error);
    close_take(&take);
    return status;
}

enum thenar_status recorded_takes_add(struct sample_table *table, const char *path,
                                      const struct recorded_takes_options *options,
                                      struct thenar_error *error)
{
    struct named_csv csv;
    unsigned n_done = 0;
    enum thenar_status status = open_csv(&csv, path, list_columns, N_COLUMNS, error);
    if (status == THENAR_OK && csv.at[COLUMN_FILE] < 0)
        status = thenar_fail(error, THENAR_ERR_SYNTAX,
                             "%.300s: its first line must name file, "
                             "rows, cols, and technique or episodes",
                             path);
    while (status == THENAR_OK && split(&csv)) {
        if (csv.n_fields == 1 && csv.fields[0][0] == '\0')
            continue;
        status = add_take(table, &csv, options, error);
        if (options->progress)
            options->progress(options->context, ++n_done);
    }
    if (csv.file)
        (void)fclose(csv.file);
    return status;
}

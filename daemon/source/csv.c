/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.c - csv:FILE?rows=R&cols=C&...: a recording, played as if it happened now */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/recording_csv.h"
#include "frame_wait.h"
#include "source_kinds.h"

enum { LOOP_PAUSE_FRAMES = 1 };

struct csv_source {
    struct source source;
    struct recording_csv *recording;
    struct source_description description;
    float *samples; /* [n_taxels] */
    double speed;   /* 0: as fast as it is taken */
    bool loop;

    bool is_described, is_over, has_frame; /* has_frame: read, and waiting for its time */
    bool is_started;
    int64_t start_ns; /* when device time 0 was */
    double loop_s;    /* device time at which this round began */
    double device_s, last_s;
    uint32_t sequence;
    bool has_last;
};

/* The recording's own time, with a sequence that counts the frames which the file lacks. */
static enum thenar_status read_frame(struct csv_source *csv)
{
    double time_s, rate_hz = (double)csv->description.layout.rate_hz;
    enum thenar_status status = recording_csv_next(csv->recording, &time_s, csv->samples);
    if (status == THENAR_END && csv->loop && csv->has_last) {
        csv->loop_s = csv->last_s + LOOP_PAUSE_FRAMES / rate_hz;
        status = recording_csv_rewind(csv->recording);
        if (status == THENAR_OK)
            status = recording_csv_next(csv->recording, &time_s, csv->samples);
    }
    if (status != THENAR_OK)
        return status;
    csv->device_s = csv->loop_s + time_s;
    if (csv->has_last) {
        double n_periods = round((csv->device_s - csv->last_s) * rate_hz);
        csv->sequence += n_periods > 1 ? (uint32_t)n_periods : 1;
    }
    csv->has_last = true;
    csv->last_s = csv->device_s;
    return THENAR_OK;
}

static enum thenar_status give(struct csv_source *csv, struct source_event *event,
                               enum source_event_kind kind)
{
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->arrival = moment_now();
    if (kind == SOURCE_DESCRIBED) {
        event->description = &csv->description;
    } else if (kind == SOURCE_FRAME) {
        csv->has_frame = false;
        event->frame.sequence = csv->sequence;
        event->frame.device_s = csv->device_s;
        event->frame.samples = csv->samples;
    }
    return THENAR_OK;
}

static enum thenar_status next(struct source *source, int wake_fd, int timeout_ms,
                               struct source_event *event)
{
    struct csv_source *csv = (struct csv_source *)source;
    int64_t until_ns = moment_monotonic_ns() + (int64_t)timeout_ms * NS_PER_MS;
    if (!csv->is_described) {
        csv->is_described = true;
        return give(csv, event, SOURCE_DESCRIBED);
    }
    if (csv->is_over) {
        (void)frame_wait_until(INT64_MAX, wake_fd, until_ns);
        return THENAR_PENDING;
    }
    if (!csv->has_frame) {
        enum thenar_status status = read_frame(csv);
        csv->is_over = status != THENAR_OK;
        if (csv->is_over)
            return give(csv, event, SOURCE_END);
        csv->has_frame = true;
        csv->source.damage.n_messages++;
    }
    if (csv->speed == 0)
        return give(csv, event, SOURCE_FRAME);
    if (!csv->is_started)
        csv->start_ns = moment_monotonic_ns();
    csv->is_started = true;
    int64_t due_ns = csv->start_ns + (int64_t)(csv->device_s / csv->speed * NS_PER_S);
    return frame_wait_until(due_ns, wake_fd, until_ns) ? give(csv, event, SOURCE_FRAME)
                                                       : THENAR_PENDING;
}

static void close_csv(struct source *source)
{
    struct csv_source *csv = (struct csv_source *)source;
    recording_csv_close(csv->recording);
    array_layout_finish(&csv->description.layout);
    free(csv->samples);
    free(csv);
}

struct csv_options {
    long n_rows, n_cols;
    double rate_hz, pitch_mm, full_scale;
    size_t unit, mount;
    double speed;
    long loop;
};

static enum thenar_status read_speed(const struct uri *uri, struct csv_options *options,
                                     struct thenar_error *error)
{
    const char *text = uri_value(uri, "speed");
    if (!text || strcmp(text, "max") != 0)
        return uri_number(uri, "speed", 0.01, 1000, &options->speed, error);
    options->speed = 0;
    return THENAR_OK;
}

static enum thenar_status read_options(const struct uri *uri, struct csv_options *options,
                                       struct thenar_error *error)
{
    static const char *const names[] = {"rows",       "cols",  "rate",  "pitch_mm", "unit",
                                        "full_scale", "mount", "speed", "loop"};
    static const char *const units[] = {"counts", "kpa", "n"}; /* as enum sample_unit */
    static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};
    *options = (struct csv_options){.pitch_mm = 15, .speed = 1};
    enum thenar_status status = uri_allow(uri, names, sizeof names / sizeof *names, NULL, error);
    if (status == THENAR_OK && (!uri_value(uri, "rows") || !uri_value(uri, "cols")))
        status = thenar_fail(error, THENAR_ERR_SYNTAX,
                             "%s: rows and cols are needed; write csv:FILE?rows=16&cols=16",
                             uri->written);
    if (status == THENAR_OK)
        status = uri_integer(uri, "rows", 1, 256, &options->n_rows, error);
    if (status == THENAR_OK)
        status = uri_integer(uri, "cols", 1, 256, &options->n_cols, error);
    if (status == THENAR_OK && options->n_rows * options->n_cols > THENAR_MAX_TAXELS)
        status = thenar_fail(error, THENAR_ERR_VALUE, "%s: more than %d taxels", uri->written,
                             THENAR_MAX_TAXELS);
    if (status == THENAR_OK)
        status = uri_number(uri, "rate", 1, 2000, &options->rate_hz, error);
    if (status == THENAR_OK)
        status = uri_number(uri, "pitch_mm", 0.1, 1000, &options->pitch_mm, error);
    if (status == THENAR_OK)
        status = uri_number(uri, "full_scale", 1e-6, 1e9, &options->full_scale, error);
    if (status == THENAR_OK)
        status = uri_choice(uri, "unit", units, 3, &options->unit, error);
    if (status == THENAR_OK)
        status = uri_choice(uri, "mount", mounts, N_MOUNTS, &options->mount, error);
    if (status == THENAR_OK)
        status = uri_integer(uri, "loop", 0, 1, &options->loop, error);
    return status == THENAR_OK ? read_speed(uri, options, error) : status;
}

static enum thenar_status describe(struct csv_source *csv, const struct uri *uri,
                                   const struct csv_options *options, struct thenar_error *error)
{
    const struct recording_csv_info *info = recording_csv_info(csv->recording);
    struct source_description *description = &csv->description;
    struct array_layout *layout = &description->layout;
    if (array_layout_init(layout, (uint16_t)options->n_rows, (uint16_t)options->n_cols,
                          (float)options->pitch_mm, (float)options->pitch_mm,
                          (float)info->rate_hz) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "%s: %ld x %ld taxels at %g Hz cannot be",
                           uri->written, options->n_rows, options->n_cols, info->rate_hz);
    layout->mount = (enum array_mount)options->mount;
    layout->sensor.unit = (enum sample_unit)options->unit;
    layout->sensor.circuit = SENSOR_LINEAR;
    layout->sensor.full_scale_counts =
        options->full_scale > 0 ? (float)options->full_scale : recording_csv_full_scale(info);
    const char *slash = strrchr(uri->path, '/');
    (void)snprintf(description->model, sizeof description->model, "recording");
    (void)snprintf(description->serial, sizeof description->serial, "%.31s",
                   slash ? slash + 1 : uri->path);
    description->gives_floats = true;
    description->rate_min_hz = description->rate_max_hz = info->rate_hz;
    return THENAR_OK;
}

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    struct csv_options options;
    enum thenar_status status = read_options(uri, &options, error);
    if (status != THENAR_OK)
        return status;
    struct csv_source *csv = calloc(1, sizeof *csv);
    size_t n_taxels = (size_t)(options.n_rows * options.n_cols);
    if (csv)
        csv->samples = calloc(n_taxels, sizeof *csv->samples);
    if (!csv || !csv->samples) {
        free(csv);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a recording");
    }
    csv->source.next = next;
    csv->source.close = close_csv;
    csv->source.can_wait = csv->source.is_recording = true;
    csv->speed = options.speed;
    csv->loop = options.loop;
    status = recording_csv_open(&csv->recording, uri->path, n_taxels, options.rate_hz, error);
    if (status == THENAR_OK)
        status = describe(csv, uri, &options, error);
    if (status != THENAR_OK) {
        close_csv(&csv->source);
        return status;
    }
    *out = &csv->source;
    return THENAR_OK;
}

const struct source_kind source_csv = {
    .scheme = "csv",
    .usage = "csv:FILE?rows=R&cols=C[&rate=HZ&pitch_mm=15&unit=counts|kpa|n&speed=1|max&loop=1]",
    .help = "a recording, played in its own time",
    .open = open_source,
};

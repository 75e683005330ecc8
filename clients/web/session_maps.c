/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_maps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map_code.h"
#include "session/session_pressure.h"
#include "session_columns.h"

/* A mean looks at about so many frames, evenly spread: a page waits for it. */
enum { MEAN_FRAMES = 4000, MAPS_BYTES_MAX = 8 * 1024 * 1024 };

struct maps_work {
    struct session_reader *reader;
    struct session_pressure *pressure;
    struct thenar_feed_frame frame;
    size_t n_taxels;
    double first_s;
    float *pressures; /* [chunk][n_taxels] */
    double *sums;     /* [n_taxels] */
};

static enum thenar_status begin(struct maps_work *w, struct session_reader *reader,
                                struct thenar_error *error)
{
    const struct array_layout *layout = &session_reader_head(reader)->layout;
    double last_s;
    *w = (struct maps_work){.reader = reader, .n_taxels = layout->n_taxels};
    w->frame = (struct thenar_feed_frame){.n_rows = layout->n_rows,
                                          .n_cols = layout->n_cols,
                                          .pitch_x_mm = layout->pitch_x_mm,
                                          .pitch_y_mm = layout->pitch_y_mm,
                                          .uncalibrated = !array_layout_is_kpa(layout)};
    if (session_reader_n_frames(reader) == 0) {
        (void)thenar_fail(error, THENAR_ERR_ABSENT, "session %s holds no frames of this device",
                          session_reader_head(reader)->about.id);
        return THENAR_ERR_ABSENT;
    }
    w->pressures =
        (float *)calloc(session_reader_chunk_frames(reader) * w->n_taxels, sizeof *w->pressures);
    w->sums = (double *)calloc(w->n_taxels, sizeof *w->sums);
    if (!w->pressures || !w->sums) {
        (void)thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
        return THENAR_ERR_MEMORY;
    }
    enum thenar_status status = session_columns_span(reader, &w->first_s, &last_s, error);
    return status == THENAR_OK ? session_pressure_create(&w->pressure, reader, error) : status;
}

static void finish(struct maps_work *w)
{
    session_pressure_destroy(w->pressure);
    free(w->pressures);
    free(w->sums);
}

/* One frame: the last at this time. */
static enum thenar_status read_frame(struct maps_work *w, double at_s, struct thenar_error *error)
{
    uint64_t index;
    struct session_frame_row row;
    enum thenar_status status =
        session_pressure_frame_at(w->reader, w->first_s + at_s, &index, error);
    if (status == THENAR_OK)
        status = session_reader_rows(w->reader, SESSION_FRAMES, index, 1, &row, error);
    if (status == THENAR_OK)
        status = session_pressure_read(w->pressure, index, 1, w->pressures, error);
    if (status != THENAR_OK)
        return status;
    w->frame.frame_seq = row.sequence;
    w->frame.stamp.t_device = row.t_device;
    return status;
}

/* The mean of a stretch, in place of the first frame. */
static enum thenar_status read_mean(struct maps_work *w, double from_s, double to_s,
                                    struct thenar_error *error)
{
    uint64_t first, last, chunk = session_reader_chunk_frames(w->reader), n_read = 0;
    enum thenar_status status =
        session_pressure_frame_at(w->reader, w->first_s + from_s, &first, error);
    if (status == THENAR_OK)
        status = session_pressure_frame_at(w->reader, w->first_s + to_s, &last, error);
    if (status != THENAR_OK)
        return status;
    uint64_t every = (last - first) / MEAN_FRAMES + 1;
    for (uint64_t at = first; at <= last && status == THENAR_OK;) {
        uint64_t in_chunk = chunk - at % chunk;
        size_t n_now = (size_t)(last + 1 - at < in_chunk ? last + 1 - at : in_chunk);
        status = session_pressure_read(w->pressure, at, n_now, w->pressures, error);
        for (size_t i = 0; status == THENAR_OK && i < n_now * w->n_taxels; i++)
            w->sums[i % w->n_taxels] += (double)w->pressures[i];
        n_read += n_now;
        at += n_now + (every - 1) * chunk;
    }
    for (size_t k = 0; k < w->n_taxels; k++)
        w->pressures[k] = (float)(w->sums[k] / (double)n_read);
    w->frame.frame_seq = 0;
    w->frame.stamp.t_device = w->first_s + from_s;
    return status;
}

static enum thenar_status read_one(struct maps_work *w, const struct session_query *query,
                                   unsigned i, struct thenar_error *error)
{
    if (!isnan(query->at_s))
        return read_frame(w, query->at_s, error);
    if (query->n == 0)
        return read_mean(w, query->from_s, query->to_s, error);
    double step_s = (query->to_s - query->from_s) / query->n;
    return read_frame(w, query->from_s + step_s * i, error);
}

enum thenar_status session_maps_make(struct session_reader *reader,
                                     const struct session_query *query, char **maps,
                                     size_t *n_bytes, struct thenar_error *error)
{
    struct maps_work w;
    const struct array_layout *layout = &session_reader_head(reader)->layout;
    size_t map_bytes = map_code_bytes(layout->n_rows, layout->n_cols, query->n_cells);
    unsigned n = isnan(query->at_s) && query->n > 0 ? query->n : 1;
    *maps = NULL;
    *n_bytes = n * map_bytes;
    if (*n_bytes > MAPS_BYTES_MAX)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%u maps of this array are too many at once: at most %zu, or n_cells=",
                           n, MAPS_BYTES_MAX / map_bytes);
    enum thenar_status status = begin(&w, reader, error);
    if (status == THENAR_OK && !(*maps = malloc(*n_bytes)))
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    for (unsigned i = 0; i < n && status == THENAR_OK; i++) {
        status = read_one(&w, query, i, error);
        if (status == THENAR_OK)
            (void)map_code_encode(0, &w.frame, w.pressures, query->n_cells,
                                  (unsigned char *)*maps + i * map_bytes);
    }
    finish(&w);
    return status;
}

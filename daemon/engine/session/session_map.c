/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_map.h"

#include <math.h>
#include <stdlib.h>

#include "session/session_pressure.h"

struct map_work {
    struct session_reader *reader;
    const struct session_head *head;
    struct session_map *map;
    struct session_pressure *pressure;
    float *pressures;    /* [chunk][n_taxels] */
    float *tenth;        /* [n_taxels] sum of a tenth of a second */
    uint64_t *n_of_part; /* [n_parts] */
    double *part_sums;   /* [n_parts][n_taxels] */
    unsigned n_tenth, n_in_tenth;
};

static void end_tenth(struct map_work *w)
{
    size_t n = w->head->layout.n_taxels;
    for (size_t k = 0; k < n && w->n_in_tenth > 0; k++) {
        w->map->highest[k] = fmaxf(w->map->highest[k], w->tenth[k] / (float)w->n_in_tenth);
        w->tenth[k] = 0;
    }
    w->n_in_tenth = 0;
}

static enum thenar_status add_chunk(struct map_work *w, uint64_t first, size_t n_frames,
                                    struct thenar_error *error)
{
    size_t n = w->head->layout.n_taxels;
    enum thenar_status status =
        session_pressure_read(w->pressure, first, n_frames, w->pressures, error);
    if (status != THENAR_OK)
        return status;
    size_t part = (size_t)(first * w->map->n_parts / w->map->n_frames);
    double *sums = w->part_sums + part * n;
    for (size_t i = 0; i < n_frames; i++) {
        const float *pressure = w->pressures + i * n;
        for (size_t k = 0; k < n; k++) {
            sums[k] += (double)pressure[k];
            w->tenth[k] += pressure[k];
        }
        if (++w->n_in_tenth >= w->n_tenth)
            end_tenth(w);
    }
    end_tenth(w);
    w->n_of_part[part] += n_frames;
    w->map->n_frames_read += n_frames;
    return THENAR_OK;
}

static enum thenar_status walk(struct map_work *w, uint64_t n_frames_most,
                               struct thenar_error *error)
{
    uint64_t n_frames = w->map->n_frames, chunk = session_reader_chunk_frames(w->reader);
    uint64_t n_chunks = (n_frames + chunk - 1) / chunk;
    uint64_t every = n_frames_most > 0 ? (n_frames + n_frames_most - 1) / n_frames_most : 1;
    every = every > 0 ? every : 1;
    for (uint64_t c = 0; c < n_chunks; c += every) {
        uint64_t first = c * chunk, n_now = n_frames - first < chunk ? n_frames - first : chunk;
        enum thenar_status status = add_chunk(w, first, n_now, error);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}

static void conclude(struct map_work *w)
{
    size_t n = w->map->n_taxels;
    const struct array_layout *layout = &w->head->layout;
    for (size_t k = 0; k < n; k++) {
        double sum = 0;
        for (size_t p = 0; p < w->map->n_parts; p++) {
            double part = w->part_sums[p * n + k];
            sum += part;
            w->map->parts[p * n + k] = layout->exists[k] && w->n_of_part[p] > 0
                                           ? fmaxf(0, (float)(part / (double)w->n_of_part[p]))
                                           : NAN;
        }
        w->map->mean[k] = layout->exists[k] && w->map->n_frames_read > 0
                              ? fmaxf(0, (float)(sum / (double)w->map->n_frames_read))
                              : NAN;
        w->map->highest[k] = layout->exists[k] ? w->map->highest[k] : NAN;
    }
}

static enum thenar_status begin(struct map_work *w, size_t n_parts, struct thenar_error *error)
{
    size_t n = w->head->layout.n_taxels;
    w->map->mean = (float *)calloc(n, sizeof(float));
    w->map->highest = (float *)calloc(n, sizeof(float));
    w->map->parts = (float *)calloc(n_parts * n, sizeof(float));
    w->pressures = (float *)calloc(session_reader_chunk_frames(w->reader), n * sizeof(float));
    w->tenth = (float *)calloc(n, sizeof(float));
    w->n_of_part = (uint64_t *)calloc(n_parts, sizeof(uint64_t));
    w->part_sums = (double *)calloc(n_parts * n, sizeof(double));
    w->n_tenth = (unsigned)fmaxf(1, 0.1F * w->head->layout.rate_hz);
    if (!w->map->mean || !w->map->highest || !w->map->parts || !w->pressures || !w->tenth ||
        !w->n_of_part || !w->part_sums)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a pressure map");
    return session_pressure_create(&w->pressure, w->reader, error);
}

enum thenar_status session_map_read(struct session_map *map, struct session_reader *reader,
                                    size_t n_parts, uint64_t n_frames_most,
                                    struct thenar_error *error)
{
    struct map_work w = {.reader = reader, .head = session_reader_head(reader), .map = map};
    *map = (struct session_map){.n_taxels = w.head->layout.n_taxels, .n_parts = n_parts};
    map->n_frames = session_reader_n_frames(reader);
    enum thenar_status status = begin(&w, n_parts, error);
    if (status == THENAR_OK)
        status = walk(&w, n_frames_most, error);
    if (status == THENAR_OK)
        conclude(&w);
    session_pressure_destroy(w.pressure);
    free(w.pressures);
    free(w.tenth);
    free(w.n_of_part);
    free(w.part_sums);
    return status;
}

void session_map_finish(struct session_map *map)
{
    free(map->mean);
    free(map->highest);
    free(map->parts);
    *map = (struct session_map){0};
}

static int compare_down(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

enum thenar_status session_map_quarter_share(const struct session_map *map, float *share)
{
    size_t n = 0;
    double sum = 0, quarter = 0;
    float *sorted = (float *)calloc(map->n_taxels, sizeof *sorted);
    if (!sorted)
        return THENAR_ERR_MEMORY;
    for (size_t k = 0; k < map->n_taxels; k++)
        if (!isnan(map->mean[k])) {
            sorted[n++] = map->mean[k];
            sum += (double)map->mean[k];
        }
    qsort(sorted, n, sizeof *sorted, compare_down);
    for (size_t k = 0; k < n / 4; k++)
        quarter += (double)sorted[k];
    *share = sum > 0 ? (float)(quarter / sum) : NAN;
    free(sorted);
    return THENAR_OK;
}

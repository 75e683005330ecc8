/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration.h"

struct map_work {
    struct session_reader *reader;
    const struct session_head *head;
    struct session_map *map;
    struct calibration *calibration;
    void *samples;       /* [chunk][n_taxels] */
    float *pressure;     /* [n_taxels] of a frame */
    float *tenth;        /* [n_taxels] sum of a tenth of a second */
    double *sums, *all;  /* [n_taxels] of a part, of all */
    uint64_t *n_of_part; /* [n_parts] */
    double *part_sums;   /* [n_parts][n_taxels] */
    unsigned n_tenth, n_in_tenth;
};

static void to_pressure(struct map_work *w, size_t i)
{
    unsigned n_saturated;
    size_t n = w->head->layout.n_taxels;
    if (w->head->is_float)
        calibration_execute_samples(w->calibration, (const float *)w->samples + i * n, w->pressure,
                                    &n_saturated);
    else
        calibration_execute_counts(w->calibration, (const uint16_t *)w->samples + i * n,
                                   w->pressure, &n_saturated);
}

/* A tare of the session, once more: the mean over its span. */
static enum thenar_status tare(struct map_work *w, const struct session_command_row *command,
                               struct thenar_error *error)
{
    size_t n = w->head->layout.n_taxels;
    double wanted = command->value * (double)w->head->layout.rate_hz;
    uint64_t n_frames = w->map->n_frames, chunk = session_reader_chunk_frames(w->reader);
    uint64_t first = command->frame;
    uint64_t left = wanted > 1 ? (uint64_t)fmin(wanted, (double)n_frames) : 1;
    double n_taken = 0;
    memset(w->sums, 0, n * sizeof *w->sums);
    while (left > 0 && first < n_frames) {
        uint64_t n_now = left < chunk ? left : chunk;
        n_now = n_now < n_frames - first ? n_now : n_frames - first;
        enum thenar_status status =
            session_reader_samples(w->reader, first, n_now, w->samples, error);
        if (status != THENAR_OK)
            return status;
        for (size_t i = 0; i < n_now; i++) {
            to_pressure(w, i);
            for (size_t k = 0; k < n; k++)
                w->sums[k] += (double)w->pressure[k];
        }
        n_taken += (double)n_now;
        first += n_now;
        left -= n_now;
    }
    for (size_t k = 0; k < n; k++)
        w->pressure[k] = n_taken > 0 ? (float)(w->sums[k] / n_taken) : 0;
    calibration_tare(w->calibration, w->pressure);
    return THENAR_OK;
}

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
        session_reader_samples(w->reader, first, n_frames, w->samples, error);
    if (status != THENAR_OK)
        return status;
    size_t part = (size_t)(first * w->map->n_parts / w->map->n_frames);
    double *sums = w->part_sums + part * n;
    for (size_t i = 0; i < n_frames; i++) {
        to_pressure(w, i);
        for (size_t k = 0; k < n; k++) {
            sums[k] += (double)w->pressure[k];
            w->tenth[k] += w->pressure[k];
        }
        if (++w->n_in_tenth >= w->n_tenth)
            end_tenth(w);
    }
    end_tenth(w);
    w->n_of_part[part] += n_frames;
    w->map->n_frames_read += n_frames;
    return THENAR_OK;
}

static enum thenar_status walk(struct map_work *w, const struct session_command_row *commands,
                               size_t n_commands, uint64_t n_frames_most,
                               struct thenar_error *error)
{
    uint64_t n_frames = w->map->n_frames, chunk = session_reader_chunk_frames(w->reader);
    uint64_t n_chunks = (n_frames + chunk - 1) / chunk;
    uint64_t every = n_frames_most > 0 ? (n_frames + n_frames_most - 1) / n_frames_most : 1;
    size_t next = 0;
    every = every > 0 ? every : 1;
    for (uint64_t c = 0; c < n_chunks; c += every) {
        uint64_t first = c * chunk, n_now = n_frames - first < chunk ? n_frames - first : chunk;
        enum thenar_status status = THENAR_OK;
        for (; status == THENAR_OK && next < n_commands && commands[next].frame <= first; next++)
            if (commands[next].is_done &&
                strncmp(commands[next].command, "tare", sizeof commands[next].command) == 0)
                status = tare(w, &commands[next], error);
        if (status == THENAR_OK)
            status = add_chunk(w, first, n_now, error);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}

static void conclude(struct map_work *w)
{
    size_t n = w->map->n_taxels;
    const struct array_layout *layout = &w->head->layout;
    float scale = array_layout_is_kpa(layout) ? 1.0F : 1.0F / RELATIVE_FULL_SCALE;
    for (size_t k = 0; k < n; k++) {
        double sum = 0;
        for (size_t p = 0; p < w->map->n_parts; p++) {
            double part = w->part_sums[p * n + k];
            sum += part;
            w->map->parts[p * n + k] =
                layout->exists[k] && w->n_of_part[p] > 0
                    ? fmaxf(0, scale * (float)(part / (double)w->n_of_part[p]))
                    : NAN;
        }
        w->map->mean[k] = layout->exists[k] && w->map->n_frames_read > 0
                              ? fmaxf(0, scale * (float)(sum / (double)w->map->n_frames_read))
                              : NAN;
        w->map->highest[k] = layout->exists[k] ? scale * w->map->highest[k] : NAN;
    }
}

static enum thenar_status begin(struct map_work *w, size_t n_parts)
{
    size_t n = w->head->layout.n_taxels;
    uint64_t chunk = session_reader_chunk_frames(w->reader);
    w->map->mean = (float *)calloc(n, sizeof(float));
    w->map->highest = (float *)calloc(n, sizeof(float));
    w->map->parts = (float *)calloc(n_parts * n, sizeof(float));
    w->samples = calloc(chunk, session_head_frame_bytes(w->head));
    w->pressure = (float *)calloc(n, sizeof(float));
    w->tenth = (float *)calloc(n, sizeof(float));
    w->sums = (double *)calloc(n, sizeof(double));
    w->n_of_part = (uint64_t *)calloc(n_parts, sizeof(uint64_t));
    w->part_sums = (double *)calloc(n_parts * n, sizeof(double));
    w->n_tenth = (unsigned)fmaxf(1, 0.1F * w->head->layout.rate_hz);
    if (!w->map->mean || !w->map->highest || !w->map->parts || !w->samples || !w->pressure ||
        !w->tenth || !w->sums || !w->n_of_part || !w->part_sums)
        return THENAR_ERR_MEMORY;
    enum thenar_status status = calibration_create(&w->calibration, &w->head->layout);
    if (status == THENAR_OK && w->head->zero)
        calibration_set_zeros(w->calibration, w->head->zero);
    return status;
}

enum thenar_status session_map_read(struct session_map *map, struct session_reader *reader,
                                    size_t n_parts, uint64_t n_frames_most,
                                    struct thenar_error *error)
{
    struct map_work w = {.reader = reader, .head = session_reader_head(reader), .map = map};
    struct session_command_row *commands = NULL;
    size_t n_commands = 0;
    *map = (struct session_map){.n_taxels = w.head->layout.n_taxels, .n_parts = n_parts};
    map->n_frames = session_reader_n_frames(reader);
    enum thenar_status status = begin(&w, n_parts);
    if (status != THENAR_OK)
        (void)thenar_fail(error, status,
                          "pressure map: out of memory, or a sensor law without "
                          "sense");
    if (status == THENAR_OK)
        status =
            session_reader_all(reader, SESSION_COMMANDS, (void **)&commands, &n_commands, error);
    if (status == THENAR_OK)
        status = walk(&w, commands, n_commands, n_frames_most, error);
    if (status == THENAR_OK)
        conclude(&w);
    free(commands);
    calibration_destroy(w.calibration);
    free(w.samples);
    free(w.pressure);
    free(w.tenth);
    free(w.sums);
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

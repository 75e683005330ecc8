/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_pressure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration.h"

struct session_pressure {
    struct session_reader *reader;
    const struct session_head *head;
    size_t n_taxels;
    struct calibration *calibration;
    struct session_command_row *tares; /* [n_tares] in order of their frames */
    size_t n_tares;
    size_t n_known;  /* tares whose zero was worked out */
    float *zeros;    /* [1 + n_tares][n_taxels] in force before the first, after the first, ... */
    size_t in_force; /* tares that the calibration has now */
    void *samples;   /* [chunk][n_taxels] */
    float *frame;    /* [n_taxels] */
    double *sums;    /* [n_taxels] */
};

static void to_pressure(const struct session_pressure *p, size_t i, float *out)
{
    unsigned n_saturated;
    if (p->head->is_float)
        calibration_execute_samples(p->calibration, (const float *)p->samples + i * p->n_taxels,
                                    out, &n_saturated);
    else
        calibration_execute_counts(p->calibration, (const uint16_t *)p->samples + i * p->n_taxels,
                                   out, &n_saturated);
}

static void put_in_force(struct session_pressure *p, size_t n_tares)
{
    calibration_set_zeros(p->calibration, p->zeros + n_tares * p->n_taxels);
    p->in_force = n_tares;
}

static uint64_t n_frames_of(const struct session_pressure *p)
{
    return session_reader_n_frames(p->reader);
}

/* The next tare that is not known yet, once more: the mean over its span. */
static enum thenar_status learn_tare(struct session_pressure *p, struct thenar_error *error)
{
    const struct session_command_row *row = &p->tares[p->n_known];
    uint64_t chunk = session_reader_chunk_frames(p->reader), first = row->frame;
    double wanted = row->value * (double)p->head->layout.rate_hz, n_taken = 0;
    uint64_t left = wanted > 1 ? (uint64_t)wanted : 1;
    put_in_force(p, p->n_known);
    memset(p->sums, 0, p->n_taxels * sizeof *p->sums);
    while (left > 0 && first < n_frames_of(p)) {
        uint64_t n_now = left < chunk ? left : chunk;
        n_now = n_now < n_frames_of(p) - first ? n_now : n_frames_of(p) - first;
        enum thenar_status status =
            session_reader_samples(p->reader, first, n_now, p->samples, error);
        if (status != THENAR_OK)
            return status;
        for (size_t i = 0; i < n_now; i++) {
            to_pressure(p, i, p->frame);
            for (size_t k = 0; k < p->n_taxels; k++)
                p->sums[k] += (double)p->frame[k];
        }
        n_taken += (double)n_now;
        first += n_now;
        left -= n_now;
    }
    for (size_t k = 0; k < p->n_taxels; k++)
        p->frame[k] = n_taken > 0 ? (float)(p->sums[k] / n_taken) : 0;
    calibration_tare(p->calibration, p->frame);
    p->n_known++;
    memcpy(p->zeros + p->n_known * p->n_taxels, calibration_zeros(p->calibration),
           p->n_taxels * sizeof *p->zeros);
    p->in_force = p->n_known;
    return THENAR_OK;
}

/* Bring the zero of a frame into force. @param n_until out: frames that it holds for */
static enum thenar_status prepare(struct session_pressure *p, uint64_t frame, uint64_t *n_until,
                                  struct thenar_error *error)
{
    size_t n_tares = 0;
    while (n_tares < p->n_tares && p->tares[n_tares].frame <= frame)
        n_tares++;
    *n_until = n_tares < p->n_tares ? p->tares[n_tares].frame - frame : UINT64_MAX;
    while (p->n_known < n_tares) {
        enum thenar_status status = learn_tare(p, error);
        if (status != THENAR_OK)
            return status;
    }
    if (p->in_force != n_tares)
        put_in_force(p, n_tares);
    return THENAR_OK;
}

static void finish_frame(const struct session_pressure *p, float *frame)
{
    const struct array_layout *layout = &p->head->layout;
    float scale = array_layout_is_kpa(layout) ? 1.0F : 1.0F / RELATIVE_FULL_SCALE;
    for (size_t k = 0; k < p->n_taxels; k++)
        frame[k] = layout->exists[k] ? scale * frame[k] : NAN;
}

enum thenar_status session_pressure_read(struct session_pressure *p, uint64_t first,
                                         size_t n_frames, float *pressures,
                                         struct thenar_error *error)
{
    uint64_t chunk = session_reader_chunk_frames(p->reader), n_until;
    for (size_t done = 0; done < n_frames;) {
        enum thenar_status status = prepare(p, first + done, &n_until, error);
        size_t n_now = n_frames - done;
        n_now = n_now < n_until ? n_now : (size_t)n_until;
        n_now = n_now < chunk ? n_now : (size_t)chunk;
        if (status == THENAR_OK)
            status = session_reader_samples(p->reader, first + done, n_now, p->samples, error);
        if (status != THENAR_OK)
            return status;
        for (size_t i = 0; i < n_now; i++) {
            to_pressure(p, i, pressures + (done + i) * p->n_taxels);
            finish_frame(p, pressures + (done + i) * p->n_taxels);
        }
        done += n_now;
    }
    return THENAR_OK;
}

static enum thenar_status read_tares(struct session_pressure *p, struct thenar_error *error)
{
    size_t n_rows;
    enum thenar_status status =
        session_reader_all(p->reader, SESSION_COMMANDS, (void **)&p->tares, &n_rows, error);
    if (status != THENAR_OK)
        return status;
    for (size_t i = 0; i < n_rows; i++)
        if (p->tares[i].is_done &&
            strncmp(p->tares[i].command, "tare", sizeof p->tares[i].command) == 0)
            p->tares[p->n_tares++] = p->tares[i];
    return THENAR_OK;
}

static enum thenar_status begin(struct session_pressure *p, struct thenar_error *error)
{
    enum thenar_status status = read_tares(p, error);
    if (status != THENAR_OK)
        return status;
    p->zeros = (float *)calloc((1 + p->n_tares) * p->n_taxels, sizeof *p->zeros);
    p->samples = calloc(session_reader_chunk_frames(p->reader), session_head_frame_bytes(p->head));
    p->frame = (float *)calloc(p->n_taxels, sizeof *p->frame);
    p->sums = (double *)calloc(p->n_taxels, sizeof *p->sums);
    if (!p->zeros || !p->samples || !p->frame || !p->sums ||
        calibration_create(&p->calibration, &p->head->layout) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_MEMORY,
                           "pressures of %.200s: out of memory, or a sensor law without sense",
                           p->head->about.id);
    if (p->head->zero)
        memcpy(p->zeros, p->head->zero, p->n_taxels * sizeof *p->zeros);
    else
        memcpy(p->zeros, calibration_zeros(p->calibration), p->n_taxels * sizeof *p->zeros);
    put_in_force(p, 0);
    return THENAR_OK;
}

enum thenar_status session_pressure_create(struct session_pressure **out,
                                           struct session_reader *reader,
                                           struct thenar_error *error)
{
    *out = NULL;
    struct session_pressure *p = (struct session_pressure *)calloc(1, sizeof *p);
    if (!p)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    p->reader = reader;
    p->head = session_reader_head(reader);
    p->n_taxels = p->head->layout.n_taxels;
    enum thenar_status status = begin(p, error);
    if (status != THENAR_OK) {
        session_pressure_destroy(p);
        return status;
    }
    *out = p;
    return THENAR_OK;
}

void session_pressure_destroy(struct session_pressure *p)
{
    if (!p)
        return;
    calibration_destroy(p->calibration);
    free(p->tares);
    free(p->zeros);
    free(p->samples);
    free(p->frame);
    free(p->sums);
    free(p);
}

enum thenar_status session_pressure_frame_at(struct session_reader *reader, double t,
                                             uint64_t *index, struct thenar_error *error)
{
    uint64_t low = 0, high = session_reader_n_frames(reader); /* the answer is in [low, high) */
    *index = 0;
    if (high == 0)
        return THENAR_END;
    while (high - low > 1) {
        struct session_frame_row row;
        uint64_t middle = low + (high - low) / 2;
        enum thenar_status status =
            session_reader_rows(reader, SESSION_FRAMES, middle, 1, &row, error);
        if (status != THENAR_OK)
            return status;
        if (row.t_device <= t)
            low = middle;
        else
            high = middle;
    }
    *index = low;
    return THENAR_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/cell_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float wanted_mm = 15.0F, wanted_hz = 45.0F;

struct cell_history {
    unsigned n_rows, n_cols;           /* of the array */
    unsigned joined_rows, joined_cols; /* taxels in a cell, each way */
    unsigned cell_rows, cell_cols;
    float pitch_x_mm, pitch_y_mm; /* of the cells */
    size_t n_cells;
    float rate_hz;
    unsigned group;   /* frames in a sample */
    unsigned n_group; /* frames in the one being filled */
    size_t n, most, head;
    float *sum;  /* [n_cells] of the sample being filled */
    float *ring; /* [most * n_cells] */
};

static unsigned joined(float pitch_mm)
{
    return (unsigned)fmaxf(1.0F, rintf(wanted_mm / pitch_mm));
}

enum thenar_status cell_history_create(struct cell_history **out, const struct array_layout *layout)
{
    struct cell_history *h = calloc(1, sizeof *h);
    *out = NULL;
    if (!h)
        return THENAR_ERR_MEMORY;
    h->n_rows = layout->n_rows;
    h->n_cols = layout->n_cols;
    h->joined_rows = joined(layout->pitch_y_mm);
    h->joined_cols = joined(layout->pitch_x_mm);
    h->cell_rows = (h->n_rows + h->joined_rows - 1) / h->joined_rows;
    h->cell_cols = (h->n_cols + h->joined_cols - 1) / h->joined_cols;
    h->pitch_x_mm = (float)h->joined_cols * layout->pitch_x_mm;
    h->pitch_y_mm = (float)h->joined_rows * layout->pitch_y_mm;
    h->n_cells = (size_t)h->cell_rows * h->cell_cols;
    h->group = (unsigned)fmaxf(1.0F, rintf(layout->rate_hz / wanted_hz));
    h->rate_hz = layout->rate_hz / (float)h->group;
    h->most = (size_t)fmaxf(1.0F, CELL_HISTORY_S * h->rate_hz);
    h->sum = calloc(h->n_cells, sizeof *h->sum);
    h->ring = calloc(h->most * h->n_cells, sizeof *h->ring);
    if (!h->sum || !h->ring) {
        cell_history_destroy(h);
        return THENAR_ERR_MEMORY;
    }
    *out = h;
    return THENAR_OK;
}

void cell_history_destroy(struct cell_history *history)
{
    if (!history)
        return;
    free(history->sum);
    free(history->ring);
    free(history);
}

void cell_history_reset(struct cell_history *history)
{
    history->n = 0;
    history->n_group = 0;
    memset(history->sum, 0, history->n_cells * sizeof *history->sum);
}

void cell_history_keep(struct cell_history *history, double span_s)
{
    double n = fmax(span_s, 0) * (double)history->rate_hz;
    if (n < (double)history->n)
        history->n = (size_t)n;
}

/* Cells at the far edges may hold fewer taxels; they are weighed as if the rest were untouched. */
static void add_frame(struct cell_history *h, const float *pressure)
{
    for (unsigned row = 0; row < h->n_rows; row++) {
        float *cells = h->sum + (size_t)(row / h->joined_rows) * h->cell_cols;
        const float *from = pressure + (size_t)row * h->n_cols;
        if (h->joined_cols == 1) {
            for (unsigned col = 0; col < h->n_cols; col++)
                cells[col] += from[col];
            continue;
        }
        for (unsigned col = 0; col < h->n_cols; cells++)
            for (unsigned k = 0; k < h->joined_cols && col < h->n_cols; k++)
                *cells += from[col++];
    }
}

static void end_sample(struct cell_history *h)
{
    float *out = h->ring + h->head * h->n_cells;
    float scale = 1.0F / (float)(h->group * h->joined_rows * h->joined_cols);
    for (size_t i = 0; i < h->n_cells; i++)
        out[i] = scale * h->sum[i];
    memset(h->sum, 0, h->n_cells * sizeof *h->sum);
    h->n_group = 0;
    h->head = (h->head + 1) % h->most;
    if (h->n < h->most)
        h->n++;
}

void cell_history_push(struct cell_history *history, const float *pressure)
{
    add_frame(history, pressure);
    if (++history->n_group >= history->group)
        end_sample(history);
}

float cell_history_rate_hz(const struct cell_history *history)
{
    return history->rate_hz;
}

size_t cell_history_n(const struct cell_history *history)
{
    return history->n;
}

size_t cell_history_n_cells(const struct cell_history *history)
{
    return history->n_cells;
}

const float *cell_history_sample(const struct cell_history *history, size_t i)
{
    size_t at = (history->head + history->most - history->n + i) % history->most;
    return history->ring + at * history->n_cells;
}

void cell_history_place(const struct cell_history *history, size_t cell, float *x_mm, float *y_mm)
{
    size_t row = cell / history->cell_cols, col = cell % history->cell_cols;
    *x_mm = history->pitch_x_mm * (float)col;
    *y_mm = history->pitch_y_mm * (float)row;
}

float cell_history_cell_cm2(const struct cell_history *history)
{
    return 0.01F * history->pitch_x_mm * history->pitch_y_mm;
}

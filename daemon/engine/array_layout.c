/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "array_layout.h"

#include <stdlib.h>
#include <string.h>

enum { LAYOUT_MAX_TAXELS = 4096 };

static enum thenar_status allocate(struct array_layout *layout)
{
    size_t n = layout->n_taxels;
    layout->x_mm = calloc(n, sizeof *layout->x_mm);
    layout->y_mm = calloc(n, sizeof *layout->y_mm);
    layout->cell_mm2 = calloc(n, sizeof *layout->cell_mm2);
    layout->sensing_mm2 = calloc(n, sizeof *layout->sensing_mm2);
    layout->gain = calloc(n, sizeof *layout->gain);
    layout->exists = calloc(n, sizeof *layout->exists);
    if (layout->x_mm && layout->y_mm && layout->cell_mm2 && layout->sensing_mm2 && layout->gain &&
        layout->exists)
        return THENAR_OK;
    array_layout_finish(layout);
    return THENAR_ERR_MEMORY;
}

enum thenar_status array_layout_init(struct array_layout *layout, uint16_t n_rows, uint16_t n_cols,
                                     float pitch_x_mm, float pitch_y_mm, float rate_hz)
{
    memset(layout, 0, sizeof *layout);
    size_t n_taxels = (size_t)n_rows * n_cols;
    if (n_taxels == 0 || n_taxels > LAYOUT_MAX_TAXELS || !(pitch_x_mm > 0) || !(pitch_y_mm > 0) ||
        !(rate_hz > 0))
        return THENAR_ERR_ARGUMENT;
    layout->n_rows = n_rows;
    layout->n_cols = n_cols;
    layout->n_taxels = n_taxels;
    layout->rate_hz = rate_hz;
    layout->pitch_x_mm = pitch_x_mm;
    layout->pitch_y_mm = pitch_y_mm;
    enum thenar_status status = allocate(layout);
    if (status != THENAR_OK)
        return status;
    for (size_t i = 0; i < n_taxels; i++) {
        size_t row = i / n_cols, col = i % n_cols;
        layout->x_mm[i] = ((float)col - (float)(n_cols - 1) / 2) * pitch_x_mm;
        layout->y_mm[i] = ((float)row - (float)(n_rows - 1) / 2) * pitch_y_mm;
        layout->cell_mm2[i] = pitch_x_mm * pitch_y_mm;
        layout->sensing_mm2[i] = layout->cell_mm2[i];
        layout->gain[i] = 1;
        layout->exists[i] = true;
    }
    return THENAR_OK;
}

enum thenar_status array_layout_copy(struct array_layout *layout, const struct array_layout *from)
{
    *layout = *from;
    size_t n = from->n_taxels;
    enum thenar_status status = allocate(layout);
    if (status != THENAR_OK)
        return status;
    memcpy(layout->x_mm, from->x_mm, n * sizeof *layout->x_mm);
    memcpy(layout->y_mm, from->y_mm, n * sizeof *layout->y_mm);
    memcpy(layout->cell_mm2, from->cell_mm2, n * sizeof *layout->cell_mm2);
    memcpy(layout->sensing_mm2, from->sensing_mm2, n * sizeof *layout->sensing_mm2);
    memcpy(layout->gain, from->gain, n * sizeof *layout->gain);
    memcpy(layout->exists, from->exists, n * sizeof *layout->exists);
    return THENAR_OK;
}

void array_layout_finish(struct array_layout *layout)
{
    free(layout->x_mm);
    free(layout->y_mm);
    free(layout->cell_mm2);
    free(layout->sensing_mm2);
    free(layout->gain);
    free(layout->exists);
    memset(layout, 0, sizeof *layout);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/blobs.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_TAXELS = 16 };

enum thenar_status blobs_init(struct blobs *blobs, const struct array_layout *layout)
{
    /* At most every other taxel of a row begins a run. */
    size_t n_most = (size_t)layout->n_rows * ((size_t)layout->n_cols + 1) / 2 + layout->n_rows;
    memset(blobs, 0, sizeof *blobs);
    blobs->layout = layout;
    blobs->runs = calloc(n_most, sizeof *blobs->runs);
    blobs->blobs = calloc(n_most, sizeof *blobs->blobs);
    blobs->parent = calloc(n_most, sizeof *blobs->parent);
    if (blobs->runs && blobs->blobs && blobs->parent)
        return THENAR_OK;
    blobs_finish(blobs);
    return THENAR_ERR_MEMORY;
}

void blobs_finish(struct blobs *blobs)
{
    free(blobs->runs);
    free(blobs->blobs);
    free(blobs->parent);
    memset(blobs, 0, sizeof *blobs);
}

/* Roots point at themselves; every step halves the path. */
static uint32_t root_of(uint32_t *parent, uint32_t run)
{
    while (parent[run] != run) {
        parent[run] = parent[parent[run]];
        run = parent[run];
    }
    return run;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
    uint32_t root_a = root_of(parent, a), root_b = root_of(parent, b);
    if (root_a < root_b) /* the earlier run stays root, so that blobs come in taxel order */
        parent[root_b] = root_a;
    else
        parent[root_a] = root_b;
}

static bool any_above(const float *p, size_t n, float level)
{
    unsigned above = 0;
    for (size_t i = 0; i < n; i++)
        above |= p[i] > level;
    return above != 0;
}

/* Runs of one row, appended. */
static void find_runs(struct blobs *blobs, const float *pressure, size_t begin, size_t end,
                      float level)
{
    size_t i = begin;
    while (i < end) {
        /* Most of a table is untouched: pass it by sixteen taxels at a time. */
        size_t n = end - i < LOOK_TAXELS ? end - i : LOOK_TAXELS;
        if (!any_above(pressure + i, n, level)) {
            i += n;
            continue;
        }
        while (!(pressure[i] > level))
            i++;
        struct blob_run *run = &blobs->runs[blobs->n_runs];
        blobs->parent[blobs->n_runs] = (uint32_t)blobs->n_runs;
        blobs->n_runs++;
        run->first = (uint32_t)i;
        while (i < end && pressure[i] > level)
            i++;
        run->last = (uint32_t)(i - 1);
    }
}

/* Join the runs of this row to those of the row above that they touch, corners included. */
static void join_rows(struct blobs *blobs, size_t above, size_t row, size_t n_cols)
{
    size_t i = above, j = row;
    while (i < row && j < blobs->n_runs) {
        /* Column for column, the run above lies one row back. */
        size_t up_first = blobs->runs[i].first + n_cols, up_last = blobs->runs[i].last + n_cols;
        size_t first = blobs->runs[j].first, last = blobs->runs[j].last;
        if (up_first <= last + 1 && first <= up_last + 1)
            join(blobs->parent, (uint32_t)i, (uint32_t)j);
        if (up_last < last)
            i++;
        else
            j++;
    }
}

static void add_run(struct blob *blob, const struct array_layout *layout, const float *pressure,
                    const struct blob_run *run)
{
    float w = 0, wx = 0, wy = 0, wxx = 0, wyy = 0, wxy = 0, cell_mm2 = 0, peak = 0;
    for (size_t i = run->first; i <= run->last; i++) {
        float x = layout->x_mm[i], y = layout->y_mm[i], f = pressure[i] * layout->cell_mm2[i];
        w += f;
        wx += f * x;
        wy += f * y;
        wxx += f * x * x;
        wyy += f * y * y;
        wxy += f * x * y;
        cell_mm2 += layout->cell_mm2[i];
        peak = pressure[i] > peak ? pressure[i] : peak;
    }
    blob->w += (double)w;
    blob->wx += (double)wx;
    blob->wy += (double)wy;
    blob->wxx += (double)wxx;
    blob->wyy += (double)wyy;
    blob->wxy += (double)wxy;
    blob->cell_mm2 += (double)cell_mm2;
    blob->peak_kpa = peak > blob->peak_kpa ? peak : blob->peak_kpa;
    blob->n_taxels += run->last - run->first + 1;
}

void blobs_find(struct blobs *blobs, const float *pressure, float level_kpa)
{
    size_t n_cols = blobs->layout->n_cols, above = 0;
    blobs->n_runs = blobs->n_blobs = 0;
    for (size_t row = 0; row < blobs->layout->n_rows; row++) {
        size_t first_run = blobs->n_runs;
        find_runs(blobs, pressure, row * n_cols, (row + 1) * n_cols, level_kpa);
        join_rows(blobs, above, first_run, n_cols);
        above = first_run;
    }
    for (size_t i = 0; i < blobs->n_runs; i++) {
        uint32_t root = root_of(blobs->parent, (uint32_t)i);
        struct blob_run *run = &blobs->runs[i];
        if (root == i) {
            run->blob = (uint32_t)blobs->n_blobs;
            memset(&blobs->blobs[blobs->n_blobs++], 0, sizeof *blobs->blobs);
        } else {
            run->blob = blobs->runs[root].blob;
        }
        add_run(&blobs->blobs[run->blob], blobs->layout, pressure, run);
    }
}

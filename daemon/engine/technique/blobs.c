/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/blobs.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_TAXELS = 16, LANES = 4 };

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

/* Of LOOK_TAXELS taxels; a loop of fixed length, which compilers turn into a few vector compares.
 */
static bool any_above(const float *p, float level)
{
    unsigned above = 0;
    for (size_t i = 0; i < LOOK_TAXELS; i++)
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
        if (end - i >= LOOK_TAXELS && !any_above(pressure + i, level)) {
            i += LOOK_TAXELS;
            continue;
        }
        while (i < end && !(pressure[i] > level))
            i++;
        if (i == end)
            return;
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

/* Sums over a run. Four taxels go side by side, each with sums of its own: for the vector units. */
struct lanes {
    float w[LANES], wx[LANES], wy[LANES], wxx[LANES], wyy[LANES], wxy[LANES];
    float cell_mm2[LANES], peak[LANES];
};

static void add_taxel(struct lanes *lanes, size_t lane, const struct array_layout *layout,
                      const float *pressure, size_t taxel)
{
    float x = layout->x_mm[taxel], y = layout->y_mm[taxel], cell = layout->cell_mm2[taxel];
    float p = pressure[taxel], f = p * cell, fx = f * x, fy = f * y;
    lanes->w[lane] += f;
    lanes->wx[lane] += fx;
    lanes->wy[lane] += fy;
    lanes->wxx[lane] += fx * x;
    lanes->wyy[lane] += fy * y;
    lanes->wxy[lane] += fx * y;
    lanes->cell_mm2[lane] += cell;
    lanes->peak[lane] = p > lanes->peak[lane] ? p : lanes->peak[lane];
}

static float sum_of(const float *lane)
{
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

static void add_run(struct blob *blob, const struct array_layout *layout, const float *pressure,
                    struct blob_run *run)
{
    struct lanes lanes = {0};
    size_t i = run->first;
    for (; i + LANES <= (size_t)run->last + 1; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            add_taxel(&lanes, lane, layout, pressure, i + lane);
    for (size_t lane = 0; i <= run->last; i++, lane++)
        add_taxel(&lanes, lane, layout, pressure, i);
    run->w = sum_of(lanes.w);
    blob->w += (double)run->w;
    blob->wx += (double)sum_of(lanes.wx);
    blob->wy += (double)sum_of(lanes.wy);
    blob->wxx += (double)sum_of(lanes.wxx);
    blob->wyy += (double)sum_of(lanes.wyy);
    blob->wxy += (double)sum_of(lanes.wxy);
    blob->cell_mm2 += (double)sum_of(lanes.cell_mm2);
    for (size_t lane = 0; lane < LANES; lane++)
        blob->peak_kpa = lanes.peak[lane] > blob->peak_kpa ? lanes.peak[lane] : blob->peak_kpa;
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

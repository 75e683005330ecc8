/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/blobs.h"

#include <stdlib.h>
#include <string.h>

enum thenar_status blobs_init(struct blobs *blobs, const struct array_layout *layout)
{
    size_t n_most = taxel_runs_most(layout);
    memset(blobs, 0, sizeof *blobs);
    blobs->layout = layout;
    blobs->runs = calloc(n_most, sizeof *blobs->runs);
    blobs->blobs = calloc(n_most, sizeof *blobs->blobs);
    blobs->found = calloc(n_most, sizeof *blobs->found);
    blobs->sums = calloc(n_most, sizeof *blobs->sums);
    blobs->parent = calloc(n_most, sizeof *blobs->parent);
    if (blobs->runs && blobs->blobs && blobs->found && blobs->sums && blobs->parent &&
        taxel_runs_create(&blobs->finder, layout) == THENAR_OK)
        return THENAR_OK;
    blobs_finish(blobs);
    return THENAR_ERR_MEMORY;
}

void blobs_finish(struct blobs *blobs)
{
    taxel_runs_destroy(blobs->finder);
    free(blobs->runs);
    free(blobs->blobs);
    free(blobs->found);
    free(blobs->sums);
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

/* Join each run to those of the row above that it touches, corners included. */
static void join_rows(struct blobs *blobs)
{
    size_t n_cols = blobs->layout->n_cols, i = 0, j = 0;
    while (j < blobs->n_runs) {
        const struct taxel_run *up = &blobs->found[i], *run = &blobs->found[j];
        /* Column for column, the run above lies one row back. */
        size_t up_first = up->first + n_cols, up_last = up->last + n_cols;
        if (up_first <= (size_t)run->last + 1 && run->first <= up_last + 1 &&
            up->row + 1 == run->row)
            join(blobs->parent, (uint32_t)i, (uint32_t)j);
        if (up_last < run->last)
            i++;
        else
            j++;
    }
}

static void add_run(struct blob *blob, const struct taxel_run *run, const struct run_sums *sums)
{
    blob->w += (double)sums->w;
    blob->wx += (double)sums->wx;
    blob->wy += (double)sums->wy;
    blob->wxx += (double)sums->wxx;
    blob->wyy += (double)sums->wyy;
    blob->wxy += (double)sums->wxy;
    blob->cell_mm2 += (double)sums->cell_mm2;
    blob->peak_kpa = sums->peak > blob->peak_kpa ? sums->peak : blob->peak_kpa;
    blob->n_taxels += run->last - run->first + 1;
}

void blobs_find(struct blobs *blobs, const float *pressure, float level_kpa)
{
    blobs->n_runs = taxel_runs_find(blobs->finder, pressure, level_kpa, blobs->found, blobs->sums);
    blobs->n_blobs = 0;
    for (size_t i = 0; i < blobs->n_runs; i++)
        blobs->parent[i] = (uint32_t)i;
    join_rows(blobs);
    for (size_t i = 0; i < blobs->n_runs; i++) {
        uint32_t root = root_of(blobs->parent, (uint32_t)i), blob;
        if (root == i) {
            blob = (uint32_t)blobs->n_blobs++;
            blobs->blobs[blob] = (struct blob){.n_taxels = 0};
        } else {
            blob = blobs->runs[root].blob;
        }
        const struct taxel_run *run = &blobs->found[i];
        blobs->runs[i] = (struct blob_run){run->first, run->last, blob, blobs->sums[i].w};
        add_run(&blobs->blobs[blob], run, &blobs->sums[i]);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/frame_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/signal_loops.h"

static const float n_per_kpa_mm2 = 1e-3F;
static const float cm2_per_mm2 = 1e-2F;

struct frame_features_map {
    struct sum_job job; /* reads the arrays below, which are padded to whole lanes */
    float *cell_mm2, *x_mm, *y_mm;
    float *whole_cell_mm2; /* [n_taxels] before the dead were left out */
    const struct signal_loops *loops;
};

enum thenar_status frame_features_create(struct frame_features_map **out,
                                         const struct array_layout *layout)
{
    *out = NULL;
    struct frame_features_map *map = calloc(1, sizeof *map);
    if (!map)
        return THENAR_ERR_MEMORY;
    size_t n = layout->n_taxels;
    size_t n_padded = (n + SIGNAL_LANES - 1) / SIGNAL_LANES * SIGNAL_LANES;
    map->cell_mm2 = calloc(n_padded, sizeof *map->cell_mm2);
    map->x_mm = calloc(n_padded, sizeof *map->x_mm);
    map->y_mm = calloc(n_padded, sizeof *map->y_mm);
    map->whole_cell_mm2 = calloc(n_padded, sizeof *map->whole_cell_mm2);
    if (!map->cell_mm2 || !map->x_mm || !map->y_mm || !map->whole_cell_mm2) {
        frame_features_destroy(map);
        return THENAR_ERR_MEMORY;
    }
    memcpy(map->x_mm, layout->x_mm, n * sizeof *map->x_mm);
    memcpy(map->y_mm, layout->y_mm, n * sizeof *map->y_mm);
    for (size_t i = 0; i < n; i++)
        map->whole_cell_mm2[i] = layout->exists[i] ? layout->cell_mm2[i] : 0.0F;
    memcpy(map->cell_mm2, map->whole_cell_mm2, n_padded * sizeof *map->cell_mm2);
    map->job = (struct sum_job){
        .cell_mm2 = map->cell_mm2, .x_mm = map->x_mm, .y_mm = map->y_mm, .n_taxels = n};
    map->loops = signal_loops_of(signal_kernel_best());
    *out = map;
    return THENAR_OK;
}

void frame_features_destroy(struct frame_features_map *map)
{
    if (!map)
        return;
    free(map->cell_mm2);
    free(map->x_mm);
    free(map->y_mm);
    free(map->whole_cell_mm2);
    free(map);
}

void frame_features_mask(struct frame_features_map *map, const bool *dead)
{
    for (size_t i = 0; i < map->job.n_taxels; i++)
        map->cell_mm2[i] = dead[i] ? 0.0F : map->whole_cell_mm2[i];
}

void frame_features_set_kernel(struct frame_features_map *map, enum signal_kernel kernel)
{
    if (signal_kernel_is_available(kernel))
        map->loops = signal_loops_of(kernel);
}

void frame_features_execute(const struct frame_features_map *map, const float *filtered,
                            const float *raw, float gate_kpa, unsigned n_saturated,
                            struct frame_features *features)
{
    struct frame_sums sums;
    map->loops->sum(&map->job, filtered, raw, gate_kpa, &sums);
    bool touched = sums.n_touched > 0;
    *features = (struct frame_features){
        .force_n = sums.force * n_per_kpa_mm2,
        .peak_kpa = sums.peak,
        .peak_raw_kpa = sums.peak_raw,
        .mean_kpa = touched ? sums.force / sums.area_mm2 : 0.0F,
        .contact_cm2 = sums.area_mm2 * cm2_per_mm2,
        .cop_x_mm = touched ? sums.moment_x / sums.force : NAN,
        .cop_y_mm = touched ? sums.moment_y / sums.force : NAN,
        .n_touched = sums.n_touched,
        .n_saturated = n_saturated,
    };
}

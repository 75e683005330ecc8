/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_map.h"

#include <math.h>

static unsigned clamp(float value, unsigned most)
{
    if (!(value > 1.0F))
        return 1;
    return value < (float)most ? (unsigned)lroundf(value) : most;
}

void watch_map_fit(struct watch_map *map, float width_mm, float height_mm, unsigned width,
                   unsigned height, float aspect)
{
    if (width < 1)
        width = 1;
    if (height < 1)
        height = 1;
    /* Points a millimetre, as far as both directions allow. */
    float across = (float)width / width_mm;
    float down = (float)height * aspect / height_mm;
    float scale = across < down ? across : down;
    map->width = clamp(scale * width_mm, width);
    map->height = clamp(scale * height_mm / aspect, height);
}

static float at(const struct watch_map *map, unsigned row, unsigned col)
{
    return map->matrix[(size_t)row * map->n_cols + col];
}

/* The largest of the taxels that a point covers; NaN when there is none. */
static float largest(const struct watch_map *map, unsigned x, unsigned y)
{
    unsigned col_from = x * map->n_cols / map->width;
    unsigned col_to = ((x + 1) * map->n_cols + map->width - 1) / map->width;
    unsigned row_from = y * map->n_rows / map->height;
    unsigned row_to = ((y + 1) * map->n_rows + map->height - 1) / map->height;
    float best = NAN;
    for (unsigned row = row_from; row < row_to && row < map->n_rows; row++)
        for (unsigned col = col_from; col < col_to && col < map->n_cols; col++)
            best = fmaxf(best, at(map, row, col)); /* fmaxf passes over NaN */
    return best;
}

/* Which two taxels a point lies between, and how far from the first. */
static float between(unsigned point, unsigned n_points, unsigned n_taxels, unsigned *first,
                     unsigned *second)
{
    float place = ((float)point + 0.5F) * (float)n_taxels / (float)n_points - 0.5F;
    if (place <= 0) {
        *first = *second = 0;
        return 0;
    }
    *first = (unsigned)place;
    if (*first + 1 >= n_taxels) {
        *first = *second = n_taxels - 1;
        return 0;
    }
    *second = *first + 1;
    return place - (float)*first;
}

/* Bilinear; taxels that do not exist have no weight, and where the nearest does not exist there is
 * nothing to see. */
static float interpolated(const struct watch_map *map, unsigned x, unsigned y)
{
    unsigned col[2], row[2];
    float right = between(x, map->width, map->n_cols, &col[0], &col[1]);
    float low = between(y, map->height, map->n_rows, &row[0], &row[1]);
    if (isnan(at(map, row[low > 0.5F], col[right > 0.5F])))
        return NAN;
    float sum = 0, weights = 0;
    for (unsigned i = 0; i < 2; i++)
        for (unsigned j = 0; j < 2; j++) {
            float value = at(map, row[i], col[j]);
            float weight = (i ? low : 1 - low) * (j ? right : 1 - right);
            if (isnan(value))
                continue;
            sum += weight * value;
            weights += weight;
        }
    return weights > 0 ? sum / weights : NAN;
}

float watch_map_point(const struct watch_map *map, unsigned x, unsigned y)
{
    if (map->width < map->n_cols || map->height < map->n_rows)
        return largest(map, x, y);
    return interpolated(map, x, y);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_map.h - the pressure matrix as a picture of as many points as there is room for
 *
 * Points between taxels are interpolated (bilinear); a point that covers several taxels shows the
 * largest, so that a thumb does not vanish from a small window. */
#ifndef WATCH_MAP_H
#define WATCH_MAP_H

#include <stddef.h>

struct watch_map {
    const float *matrix; /* [n_rows * n_cols], NaN: no taxel; borrowed */
    unsigned n_rows, n_cols;
    unsigned width, height; /* of the picture, in points */
};

/**
 * Fit an array into a space, in true proportion, as large as possible.
 *
 * @param map         matrix, n_rows and n_cols are set; width and height are written, at least 1
 * @param width_mm, height_mm  size of the array
 * @param width, height        points of the space
 * @param aspect      height of a point over its width: 1 for half a terminal cell, 2 for a whole
 */
void watch_map_fit(struct watch_map *map, float width_mm, float height_mm, unsigned width,
                   unsigned height, float aspect);

/** The value at a point of the picture; NaN where there is no taxel. */
float watch_map_point(const struct watch_map *map, unsigned x, unsigned y);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_map_view.h"

#include <math.h>
#include <string.h>

#include "watch_map.h"

enum { LEGEND_CELLS = 24 };

static void draw_legend(const struct watch_screen *screen, const struct watch_device *device,
                        int row, int col, int n_cols)
{
    int cells = n_cols - 14 < LEGEND_CELLS ? n_cols - 14 : LEGEND_CELLS;
    if (cells < 4)
        return;
    (void)watch_screen_text(screen, row, col, 2, STYLE_DIM, "0 ");
    for (int i = 0; i < cells; i++) {
        float part = ((float)i + 0.5F) / (float)cells;
        watch_screen_points(screen, row, col + 2 + i, part, part);
    }
    bool relative = device->frame.uncalibrated;
    bool is_mat = strcmp(device->status.mount, "mat") == 0; /* not what a hand presses */
    (void)watch_screen_print(screen, row, col + 3 + cells, n_cols - cells - 3, STYLE_DIM, "%g %s",
                             relative ? 100.0 * (double)device->map.end : (double)device->map.end,
                             relative ? "% of full scale"
                             : is_mat ? "kPa on the mat"
                                      : "kPa");
}

void watch_map_view_draw(const struct watch_screen *screen, const struct watch_device *device,
                         int row, int col, int n_rows, int n_cols)
{
    const struct thenar_feed_frame *frame = &device->frame;
    if (frame->n_rows == 0 || frame->n_cols == 0 || n_rows < 1 || n_cols < 1)
        return;
    bool legend = n_rows >= 6;
    int n_map_rows = legend ? n_rows - 1 : n_rows;
    unsigned points_a_cell = screen->colours && screen->utf8 ? 2 : 1;
    struct watch_map map = {
        .matrix = device->matrix, .n_rows = frame->n_rows, .n_cols = frame->n_cols};
    watch_map_fit(&map, (float)frame->n_cols * frame->pitch_x_mm,
                  (float)frame->n_rows * frame->pitch_y_mm, (unsigned)n_cols,
                  (unsigned)n_map_rows * points_a_cell, points_a_cell == 2 ? 1.0F : 2.0F);

    int n_cells_high = (int)((map.height + points_a_cell - 1) / points_a_cell);
    int top = row + (n_map_rows - n_cells_high) / 2;
    int left = col + (n_cols - (int)map.width) / 2;
    float scale = 1.0F / device->map.end;
    for (int y = 0; y < n_cells_high; y++)
        for (int x = 0; x < (int)map.width; x++) {
            unsigned point = (unsigned)y * points_a_cell;
            float upper = watch_map_point(&map, (unsigned)x, point);
            float lower = NAN;
            if (points_a_cell == 2 && point + 1 < map.height)
                lower = watch_map_point(&map, (unsigned)x, point + 1);
            watch_screen_points(screen, top + y, left + x, upper * scale, lower * scale);
        }
    if (legend)
        draw_legend(screen, device, row + n_rows - 1, col, n_cols);
}

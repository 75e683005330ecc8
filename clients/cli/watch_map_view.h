/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_map_view.h - the pressure map and the legend of its colours, in a part of the screen */
#ifndef WATCH_MAP_VIEW_H
#define WATCH_MAP_VIEW_H

#include "watch_screen.h"
#include "watch_state.h"

/** Draw into `n_rows` x `n_cols` cells; the legend takes the last row where there is room. */
void watch_map_view_draw(const struct watch_screen *screen, const struct watch_device *device,
                         int row, int col, int n_rows, int n_cols);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_panel.h - the numbers of the live view: technique, force, peak pressure, pace, warnings */
#ifndef WATCH_PANEL_H
#define WATCH_PANEL_H

#include "watch_screen.h"
#include "watch_state.h"

/** The panel beside the map. */
void watch_panel_draw(const struct watch_screen *screen, const struct watch_device *device, int row,
                      int col, int n_rows, int n_cols);

/** A few lines above the map, for small windows. @return rows used */
int watch_panel_draw_short(const struct watch_screen *screen, const struct watch_device *device,
                           int row, int col, int n_rows, int n_cols);

#endif

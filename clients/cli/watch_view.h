/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_view.h - the live view's page: what stands where, in a window of any size
 *
 *     wide                                   narrow
 *     header                                 header
 *     map              | name of technique   technique, pace
 *                      | force, peak, pace   force, peak
 *                      | warnings, link      map
 *     log of events                          log
 *     keys                                   keys
 */
#ifndef WATCH_VIEW_H
#define WATCH_VIEW_H

#include "watch_screen.h"
#include "watch_state.h"

struct watch_view {
    const char *feed_address;
    bool paused;
    bool help;
    double waiting_s; /* since the view opened: said while no device is known */
};

/** Draw the whole page; the screen shows it when the caller refreshes. */
void watch_view_draw(const struct watch_view *view, const struct watch_screen *screen,
                     const struct watch_state *state, double now_s);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_view.h"

#include <curses.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "message_line.h"
#include "watch_map_view.h"
#include "watch_panel.h"

/* Sizes at which the page changes. */
enum {
    WIDE_COLS = 76, /* room for map and panel side by side */
    WIDE_ROWS = 18,
    ROOMY_COLS = 104, /* room for a panel with the big letters */
    PANEL_COLS = 30,
    PANEL_ROOMY_COLS = 45
};

static void draw_header(const struct watch_view *view, const struct watch_screen *screen,
                        const struct watch_state *state, const struct watch_device *device)
{
    int right = screen->n_cols;
    if (view->paused) {
        right -= 9;
        (void)watch_screen_text(screen, 0, right, 8, STYLE_NOTICE, " PAUSED ");
    }
    int col = watch_screen_text(screen, 0, 1, right - 1, STYLE_TITLE, "thenar") + 3;
    if (!device)
        return;
    col += watch_screen_print(screen, 0, col, right - col, STYLE_BIG, "%s.%s", device->station,
                              device->name);
    if (state->n_devices > 1)
        col += watch_screen_print(screen, 0, col, right - col, STYLE_DIM, "  %u of %u",
                                  state->selected + 1, state->n_devices);
    const struct thenar_feed_status *status = &device->status;
    if (status->model[0])
        (void)watch_screen_print(screen, 0, col, right - col, STYLE_DIM, "   %s %s   %s %ux%u",
                                 status->model, status->serial, status->mount, status->n_rows,
                                 status->n_cols);
}

static void draw_log(const struct watch_screen *screen, const struct watch_state *state, int top,
                     int n_rows)
{
    static const enum watch_style style_of[] = {
        [WATCH_PLAIN] = STYLE_DIM, [WATCH_GOOD] = STYLE_GOOD, [WATCH_BAD] = STYLE_BAD};
    for (int i = 0; i < n_rows; i++) {
        const struct watch_event *event = watch_state_event(state, (unsigned)i);
        if (!event)
            return;
        char clock[16];
        message_line_clock(event->time_s, clock);
        int row = top + n_rows - 1 - i;
        int col =
            1 + watch_screen_print(screen, row, 1, screen->n_cols - 1, STYLE_DIM, "%.8s  ", clock);
        if (state->n_devices > 1)
            col += watch_screen_print(screen, row, col, screen->n_cols - col, STYLE_DIM, "%-8s ",
                                      state->devices[event->device].name);
        (void)watch_screen_text(screen, row, col, screen->n_cols - col, style_of[event->mood],
                                event->text);
    }
}

static void draw_keys(const struct watch_screen *screen, int row)
{
    /* Help comes first after quit: it tells of those that find no room. */
    static const char *const keys[] = {"q quit", "? help", "space pause", "t tare", "d device"};
    int col = 1;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        int length = (int)strlen(keys[i]);
        if (col + length > screen->n_cols)
            return;
        col += watch_screen_text(screen, row, col, length, STYLE_DIM, keys[i]) + 3;
    }
}

/* Lines in a box in the middle of a part of the screen. */
static void draw_notice(const struct watch_screen *screen, int row, int col, int n_rows, int n_cols,
                        const char *const *lines, int n_lines)
{
    int width = 0;
    for (int i = 0; i < n_lines; i++)
        if ((int)strlen(lines[i]) > width)
            width = (int)strlen(lines[i]);
    if (width > n_cols - 2)
        width = n_cols - 2;
    int top = row + (n_rows - n_lines) / 2, left = col + (n_cols - width - 2) / 2;
    for (int i = 0; i < n_lines; i++)
        (void)watch_screen_print(screen, top + i < row ? row : top + i, left, width + 2,
                                 STYLE_NOTICE, " %-*.*s ", width, width, lines[i]);
}

/* What stands over the map when it is not the present. */
static void draw_silence(const struct watch_screen *screen, const struct watch_device *device,
                         double now_s, int row, int col, int n_rows, int n_cols)
{
    char line[2][THENAR_REASON_BYTES + 40];
    const char *const lines[] = {line[0], line[1]};
    int n_lines = 1;
    double silence_s = watch_device_silence_s(device, now_s);
    bool streams = strcmp(device->status.state, "streaming") == 0;
    if (silence_s == 0 && (streams || !device->status.state[0]))
        return;
    if (isnan(silence_s))
        (void)snprintf(line[0], sizeof line[0], "no data yet");
    else if (silence_s > 0)
        (void)snprintf(line[0], sizeof line[0], "no data for %.1f s", silence_s);
    else
        return;
    if (device->status.state[0] && !streams) {
        (void)snprintf(line[1], sizeof line[1], "device %s%s%s", device->status.state,
                       device->status.reason[0] ? ": " : "", device->status.reason);
        n_lines = 2;
    }
    draw_notice(screen, row, col, n_rows, n_cols, lines, n_lines);
}

static void draw_waiting(const struct watch_view *view, const struct watch_screen *screen)
{
    char line[2][320];
    const char *const lines[] = {line[0], line[1], "", "Start a daemon with a virtual table:",
                                 "thenard --device 'virtual:table32?script=demo'"};
    (void)snprintf(line[0], sizeof line[0], "Waiting for a device (%.0f s)", view->waiting_s);
    (void)snprintf(line[1], sizeof line[1], "at %s", view->feed_address);
    draw_notice(screen, 1, 0, screen->n_rows - 2, screen->n_cols, lines,
                view->waiting_s > 3 ? 5 : 2);
}

static void draw_help(const struct watch_screen *screen)
{
    static const char *const lines[] = {
        "q       quit",
        "d, D    next device, device before",
        "t       tare: what is felt now is zero (hands off!)",
        "space   pause the picture; data goes on being read",
        "?       this page",
        "",
        "The colours end at the number below the map. They and",
        "the bars grow at once, and shrink when it was calm.",
        "The dot swings with the pace. kPa and N only from",
        "calibrated devices; others show parts of full scale.",
    };
    draw_notice(screen, 0, 0, screen->n_rows, screen->n_cols, lines,
                (int)(sizeof lines / sizeof *lines));
}

static void draw_wide(const struct watch_screen *screen, const struct watch_state *state,
                      const struct watch_device *device, double now_s)
{
    int n_log = screen->n_rows / 6;
    n_log = n_log < 3 ? 3 : n_log > 8 ? 8 : n_log;
    int panel = screen->n_cols >= ROOMY_COLS ? PANEL_ROOMY_COLS : PANEL_COLS;
    int n_map_rows = screen->n_rows - n_log - 4;
    int n_map_cols = screen->n_cols - panel - 3;
    watch_map_view_draw(screen, device, 2, 1, n_map_rows, n_map_cols);
    draw_silence(screen, device, now_s, 2, 1, n_map_rows - 1, n_map_cols);
    watch_panel_draw(screen, device, 2, screen->n_cols - panel - 1, n_map_rows, panel);
    draw_log(screen, state, screen->n_rows - 1 - n_log, n_log);
    draw_keys(screen, screen->n_rows - 1);
}

static void draw_narrow(const struct watch_screen *screen, const struct watch_state *state,
                        const struct watch_device *device, double now_s)
{
    int n_panel =
        watch_panel_draw_short(screen, device, 1, 1, screen->n_rows - 1, screen->n_cols - 2);
    int top = 1 + n_panel;
    int left = screen->n_rows - top;
    int n_keys = left >= 6;
    int n_log = left >= 16 ? 3 : left >= 9 ? 1 : 0;
    int n_map = left - n_keys - n_log;
    if (n_map >= 2) {
        watch_map_view_draw(screen, device, top, 1, n_map, screen->n_cols - 2);
        draw_silence(screen, device, now_s, top, 1, n_map, screen->n_cols - 2);
    }
    draw_log(screen, state, screen->n_rows - n_keys - n_log, n_log);
    if (n_keys)
        draw_keys(screen, screen->n_rows - 1);
}

void watch_view_draw(const struct watch_view *view, const struct watch_screen *screen,
                     const struct watch_state *state, double now_s)
{
    const struct watch_device *device = watch_state_selected(state);
    (void)erase();
    draw_header(view, screen, state, device);
    if (view->help) {
        draw_help(screen);
    } else if (!device) {
        draw_waiting(view, screen);
        draw_keys(screen, screen->n_rows - 1);
    } else if (screen->n_cols >= WIDE_COLS && screen->n_rows >= WIDE_ROWS) {
        draw_wide(screen, state, device, now_s);
    } else {
        draw_narrow(screen, state, device, now_s);
    }
}

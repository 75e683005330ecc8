/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_screen.h - the terminal: colours, text clipped to its place, points of the map, bars
 *
 * With 256 colours a cell shows two points (an upper half block); without colours (terminal,
 * NO_COLOR) a shade character; without UTF-8, plain ASCII. */
#ifndef WATCH_SCREEN_H
#define WATCH_SCREEN_H

#include <stdbool.h>

#include "error.h"

enum watch_style {
    STYLE_PLAIN,
    STYLE_DIM,
    STYLE_TITLE,
    STYLE_BIG,    /* the technique's name */
    STYLE_ACCENT, /* bars, beat */
    STYLE_GOOD,
    STYLE_BAD,
    STYLE_NOTICE, /* a box over the map */
    N_STYLES
};

struct watch_screen {
    int n_rows, n_cols; /* of the window */
    bool colours;       /* 256 or more */
    bool utf8;
};

/** Take the terminal over. @return THENAR_OK; THENAR_ERR_UNSUPPORTED not a terminal that can */
THENAR_NODISCARD enum thenar_status watch_screen_open(struct watch_screen *screen,
                                                      struct thenar_error *error);

/** Give it back as it was. */
void watch_screen_close(struct watch_screen *screen);

/** Read the window's size anew. */
void watch_screen_measure(struct watch_screen *screen);

/** Text at a place, cut at `width` columns; UTF-8 (or what the locale is). @return columns used */
int watch_screen_text(const struct watch_screen *screen, int row, int col, int width,
                      enum watch_style style, const char *text);

/** printf of the same. */
__attribute__((format(printf, 6, 7))) int watch_screen_print(const struct watch_screen *screen,
                                                             int row, int col, int width,
                                                             enum watch_style style,
                                                             const char *format, ...);

/**
 * One cell of the map.
 * @param upper, lower  0..1 of the colours' end; NaN: nothing there
 */
void watch_screen_points(const struct watch_screen *screen, int row, int col, float upper,
                         float lower);

/** A bar of `width` cells, `part` 0..1 of it full. */
void watch_screen_bar(const struct watch_screen *screen, int row, int col, int width, float part,
                      enum watch_style style);

/** A letter's pixel pair of the big font: which halves of a cell are lit. */
void watch_screen_halves(const struct watch_screen *screen, int row, int col, bool upper,
                         bool lower, enum watch_style style);

#endif

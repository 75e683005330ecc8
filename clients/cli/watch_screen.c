/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_screen.h"

#include <curses.h>
#include <langinfo.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

/* Lightness only rises (CIELAB L* 10, 14, 24, 32, 38, 46, 55, 62, 69, 78, 87, 98): equal steps of
 * pressure look about equal, and the map can be read in grey too. Chosen from the 256 fixed colours
 * near the curve of matplotlib's "inferno"; the first is an array at rest. */
static const short ramp[] = {234, 18, 54, 90, 125, 161, 167, 203, 209, 215, 221, 228};
enum { N_RAMP = sizeof ramp / sizeof *ramp, NOTHING = N_RAMP, N_POINTS = N_RAMP + 1 };

/* Colour pairs: one a style, then one for each two points that may share a cell. */
enum { PAIR_STYLE = 1, PAIR_POINTS = PAIR_STYLE + N_STYLES };

static const struct {
    short foreground, background;
    attr_t attributes, plain_attributes; /* with colours; without */
} styles[N_STYLES] = {
    [STYLE_PLAIN] = {-1, -1, A_NORMAL, A_NORMAL},   [STYLE_DIM] = {245, -1, A_NORMAL, A_DIM},
    [STYLE_TITLE] = {252, -1, A_BOLD, A_BOLD},      [STYLE_BIG] = {223, -1, A_BOLD, A_BOLD},
    [STYLE_ACCENT] = {209, -1, A_NORMAL, A_NORMAL}, [STYLE_GOOD] = {115, -1, A_NORMAL, A_NORMAL},
    [STYLE_BAD] = {210, -1, A_NORMAL, A_BOLD},      [STYLE_NOTICE] = {230, 52, A_BOLD, A_REVERSE},
};

static short point_colour(int point)
{
    return point == NOTHING ? -1 : ramp[point];
}

static void init_colours(struct watch_screen *screen)
{
    const char *no_color = getenv("NO_COLOR");
    bool unwanted = no_color && no_color[0];
    screen->colours = !unwanted && has_colors() && start_color() == OK && COLORS == 256 &&
                      use_default_colors() == OK && COLOR_PAIRS > PAIR_POINTS + N_POINTS * N_POINTS;
    if (!screen->colours)
        return;
    for (int i = 0; i < N_STYLES; i++)
        (void)init_pair((short)(PAIR_STYLE + i), styles[i].foreground, styles[i].background);
    for (int upper = 0; upper < N_POINTS; upper++)
        for (int lower = 0; lower < N_POINTS; lower++)
            (void)init_pair((short)(PAIR_POINTS + upper * N_POINTS + lower), point_colour(upper),
                            point_colour(lower));
}

enum thenar_status watch_screen_open(struct watch_screen *screen, struct thenar_error *error)
{
    const char *name = getenv("TERM");
    bool both = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    SCREEN *terminal = both ? newterm(NULL, stdout, stdin) : NULL;
    if (!terminal)
        return thenar_fail(error, THENAR_ERR_UNSUPPORTED,
                           "%s (TERM=%s); 'thenar tail' works anywhere",
                           both ? "this terminal cannot show a live view"
                                : "a live view needs a terminal for its input and output",
                           name ? name : "");
    (void)set_term(terminal);
    (void)cbreak();
    (void)noecho();
    (void)nodelay(stdscr, TRUE);
    (void)keypad(stdscr, TRUE);
    (void)curs_set(0);
    set_escdelay(25);
    screen->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    init_colours(screen);
    watch_screen_measure(screen);
    return THENAR_OK;
}

void watch_screen_close(struct watch_screen *screen)
{
    (void)screen;
    (void)endwin();
}

void watch_screen_measure(struct watch_screen *screen)
{
    getmaxyx(stdscr, screen->n_rows, screen->n_cols);
}

static void set_style(const struct watch_screen *screen, enum watch_style style)
{
    if (screen->colours)
        (void)attr_set(styles[style].attributes, (short)(PAIR_STYLE + (int)style), NULL);
    else
        (void)attr_set(styles[style].plain_attributes, 0, NULL);
}

int watch_screen_text(const struct watch_screen *screen, int row, int col, int width,
                      enum watch_style style, const char *text)
{
    if (row < 0 || row >= screen->n_rows || col < 0 || col >= screen->n_cols)
        return 0;
    if (width > screen->n_cols - col)
        width = screen->n_cols - col;
    wchar_t wide[512];
    size_t n_wide = mbstowcs(wide, text, sizeof wide / sizeof *wide - 1);
    if (n_wide == (size_t)-1) { /* not of this locale: octets, as far as they are ASCII */
        n_wide = 0;
        for (; text[n_wide] && n_wide + 1 < sizeof wide / sizeof *wide; n_wide++)
            wide[n_wide] = (unsigned char)text[n_wide] < 0x80 ? (wchar_t)text[n_wide] : L'?';
    }
    int used = 0;
    size_t n = 0;
    for (; n < n_wide && n + 1 < sizeof wide / sizeof *wide; n++) {
        int columns = wcwidth(wide[n]);
        if (columns < 0) { /* a control character has no place on the screen */
            wide[n] = L'?';
            columns = 1;
        }
        if (used + columns > width)
            break;
        used += columns;
    }
    wide[n] = L'\0';
    set_style(screen, style);
    (void)mvaddnwstr(row, col, wide, (int)n);
    return used;
}

int watch_screen_print(const struct watch_screen *screen, int row, int col, int width,
                       enum watch_style style, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return watch_screen_text(screen, row, col, width, style, text);
}

static void put_cell(int row, int col, wchar_t character, attr_t attributes, short pair)
{
    const wchar_t text[2] = {character, L'\0'};
    cchar_t cell;
    if (setcchar(&cell, text, attributes, pair, NULL) == OK)
        (void)mvadd_wch(row, col, &cell);
}

static int level(float part, int n_levels)
{
    if (!(part > 0))
        return 0;
    int found = (int)(part * (float)n_levels);
    return found < n_levels ? found : n_levels - 1;
}

void watch_screen_points(const struct watch_screen *screen, int row, int col, float upper,
                         float lower)
{
    if (isnan(upper) && isnan(lower))
        return;
    if (screen->colours && screen->utf8) {
        int above = isnan(upper) ? NOTHING : level(upper, N_RAMP);
        int below = isnan(lower) ? NOTHING : level(lower, N_RAMP);
        short pair = (short)(PAIR_POINTS + above * N_POINTS + below);
        if (above == NOTHING) /* a foreground of no colour would be white */
            put_cell(row, col, L'\u2584', A_NORMAL,
                     (short)(PAIR_POINTS + below * N_POINTS + NOTHING));
        else
            put_cell(row, col, L'\u2580', A_NORMAL, pair);
        return;
    }
    float both = fmaxf(upper, lower);
    if (screen->colours) {
        int one = level(both, N_RAMP);
        put_cell(row, col, L' ', A_NORMAL, (short)(PAIR_POINTS + one * N_POINTS + one));
        return;
    }
    static const wchar_t shades[] = L"\u00b7\u2591\u2592\u2593\u2588";
    static const wchar_t letters[] = L".:-=+*#%@";
    wchar_t mark = screen->utf8 ? shades[level(both, 5)] : letters[level(both, 9)];
    put_cell(row, col, mark, A_NORMAL, 0);
}

void watch_screen_bar(const struct watch_screen *screen, int row, int col, int width, float part,
                      enum watch_style style)
{
    static const wchar_t eighths[] = L"\u258f\u258e\u258d\u258c\u258b\u258a\u2589";
    if (row < 0 || row >= screen->n_rows || width < 1)
        return;
    if (!(part > 0))
        part = 0;
    int full = part < 1 ? (int)(part * (float)width * 8.0F) : width * 8;
    short pair = screen->colours ? (short)(PAIR_STYLE + (int)style) : 0;
    short dim = screen->colours ? (short)(PAIR_STYLE + (int)STYLE_DIM) : 0;
    for (int i = 0; i < width && col + i < screen->n_cols; i++) {
        int here = full - 8 * i;
        if (here >= 8)
            put_cell(row, col + i, screen->utf8 ? L'\u2588' : L'#', A_NORMAL, pair);
        else if (here > 0 && screen->utf8)
            put_cell(row, col + i, eighths[here - 1], A_NORMAL, pair);
        else
            put_cell(row, col + i, screen->utf8 ? L'\u00b7' : L'.', A_NORMAL, dim);
    }
}

void watch_screen_halves(const struct watch_screen *screen, int row, int col, bool upper,
                         bool lower, enum watch_style style)
{
    if ((!upper && !lower) || row < 0 || row >= screen->n_rows || col >= screen->n_cols)
        return;
    wchar_t mark = upper && lower ? L'\u2588' : upper ? L'\u2580' : L'\u2584';
    put_cell(row, col, mark, A_NORMAL,
             screen->colours ? (short)(PAIR_STYLE + (int)style) : (short)0);
}

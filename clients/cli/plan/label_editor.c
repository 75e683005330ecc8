/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label_editor.h"

#include <curses.h>
#include <string.h>

#include "plan_print.h"

/* One key a technique. */
static const struct {
    char key;
    enum technique technique;
} keys[] = {
    {'e', TECHNIQUE_EFFLEURAGE},
    {'p', TECHNIQUE_PETRISSAGE},
    {'r', TECHNIQUE_ROLLING},
    {'f', TECHNIQUE_FRICTION},
    {'t', TECHNIQUE_TAPOTEMENT},
    {'v', TECHNIQUE_VIBRATION},
    {'s', TECHNIQUE_SHAKING},
    {'c', TECHNIQUE_COMPRESSION},
    {'m', TECHNIQUE_MYOFASCIAL_RELEASE},
    {'o', TECHNIQUE_SOFT_TISSUE_RELEASE},
    {'g', TECHNIQUE_MUSCLE_ENERGY},
    {'h', TECHNIQUE_STRETCHING},
    {'0', TECHNIQUE_REST},
    {'u', TECHNIQUE_UNKNOWN},
};
enum { N_KEYS = sizeof keys / sizeof *keys, FOOT_ROWS = 5 };

static void draw(const struct label_editor *editor, const char *word)
{
    int n_lines = LINES - FOOT_ROWS - 1;
    size_t n_shown = n_lines > 0 ? (size_t)n_lines : 1;
    size_t first = editor->at >= n_shown ? editor->at - n_shown + 1 : 0;
    char name[40];
    erase();
    mvprintw(0, 0, "    begin       end    lasts  technique   (%zu of %zu)", editor->at + 1,
             editor->n_rows);
    for (size_t i = first; i < editor->n_rows && i < first + n_shown; i++) {
        const struct episode_table_row *row = &editor->rows[i];
        plan_print_technique(name, sizeof name, row->technique);
        if (i == editor->at)
            attron(A_REVERSE);
        mvprintw((int)(i - first) + 1, 0, "%9.2f %9.2f %8.2f  %-24s", row->start_s, row->end_s,
                 row->end_s - row->start_s, name);
        attroff(A_REVERSE);
    }
    move(LINES - FOOT_ROWS, 0);
    for (int i = 0; i < N_KEYS; i++) {
        plan_print_technique(name, sizeof name, keys[i].technique);
        printw("%c %s  ", keys[i].key, name);
    }
    mvprintw(LINES - 2, 0,
             "up/down choose   left/right move the end by 0.1 s   "
             "x split   j join with the next");
    mvprintw(LINES - 1, 0, "W write and leave   Q leave without writing   %s", word);
    refresh();
}

/* @return what to say of it; "" when all is well */
static const char *edit(struct label_editor *editor, int key)
{
    for (int i = 0; i < N_KEYS; i++)
        if (key == keys[i].key) {
            label_editor_name(editor, keys[i].technique);
            return "";
        }
    switch (key) {
    case KEY_UP:
        editor->at -= editor->at > 0;
        return "";
    case KEY_DOWN:
        editor->at += editor->at + 1 < editor->n_rows;
        return "";
    case KEY_LEFT:
        label_editor_shift(editor, -0.1);
        return "";
    case KEY_RIGHT:
        label_editor_shift(editor, 0.1);
        return "";
    case 'x':
        return label_editor_split(editor) ? "" : "too short to split";
    case 'j':
        return label_editor_join(editor) ? "" : "this is the last";
    default:
        return "";
    }
}

bool label_editor_run(struct label_editor *editor)
{
    const char *word = "";
    if (!initscr())
        return false;
    (void)cbreak();
    (void)noecho();
    (void)keypad(stdscr, TRUE);
    (void)curs_set(0);
    int key = 0;
    while (key != 'W' && key != 'Q' && key != ERR) {
        draw(editor, word);
        key = getch();
        word = edit(editor, key);
    }
    (void)endwin();
    return key == 'W';
}

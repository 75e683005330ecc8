/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_command.h - `thenar session ACTION`: one function an action, and what they share */
#ifndef SESSION_COMMAND_H
#define SESSION_COMMAND_H

#include <stdbool.h>

#include "error.h"
#include "session/session_folder.h"

struct session_action {
    const char *name, *summary;
    /** @param argc, argv  argv[0] is the action's name @return enum exit_code */
    int (*execute)(int argc, char **argv);
};

int session_start_action(int argc, char **argv);
int session_stop_action(int argc, char **argv);
int session_note_action(int argc, char **argv);
int session_status_action(int argc, char **argv);
int session_list_action(int argc, char **argv);
int session_show_action(int argc, char **argv);
int session_verify_action(int argc, char **argv);
int session_repair_action(int argc, char **argv);
int session_report_action(int argc, char **argv);
int session_export_action(int argc, char **argv);
int session_methods_action(int argc, char **argv);
int session_progress_action(int argc, char **argv);
int session_erase_action(int argc, char **argv);
int session_replay_action(int argc, char **argv);

/** The folder of sessions: the option if given, else that of the daemon if one is there, else the
 * usual one. @param path out: [SESSION_PATH_BYTES]
 * @return false: nobody said which, and it is the usual one */
bool session_choose_folder(const char *option, const char *control, char *path);

/* The files that a user means: one, or all of a session. */
struct session_files {
    char folder[SESSION_PATH_BYTES]; /* that they are in */
    char **names;                    /* [n_files] */
    size_t n_files;
    bool is_whole; /* all of a session: its folder was named */
};

/**
 * @param text  a path, an id or its beginning, "last"; what goes wrong is printed
 * @return EXIT_DONE: session_files_finish frees it; EXIT_FAILED
 */
int session_files_find(struct session_files *files, const char *command, const char *folder,
                       const char *text);
void session_files_finish(struct session_files *files);

struct option_table;

/**
 * How an action on SESSION begins: its options are read, and the files found.
 * @param option  where the table puts the folder of sessions
 * @return -1: go on, and session_files_finish frees `files`; else an exit code
 */
int session_files_ask(const struct option_table *table, int argc, char **argv,
                      const char *const *option, struct session_files *files);

/** The path of one of them. @param path out: [2 * SESSION_PATH_BYTES] */
void session_files_path(const struct session_files *files, size_t i, char *path);

/** Make a text from a file fit for a line on a terminal: control characters, and those that turn
 * the direction of writing, become spaces. @param text  [n_bytes] or shorter, closed by a zero */
void session_plain(char *text, size_t n_bytes);

/** "1 h 02 min 03 s", "59.5 s" @param text out: [n_space] */
void session_print_span(char *text, size_t n_space, double seconds);

/** "12.3 MB" */
void session_print_size(char *text, size_t n_space, double bytes);

/** "2026-11-21 12:34:56" in local time; "-" for NaN */
void session_print_time(char *text, size_t n_space, double unix_s);

#endif

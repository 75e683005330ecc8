/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_options.h - options of a command: one table says what they are, help and errors follow it
 *
 *     bool json = false;
 *     const struct option_row rows[] = {
 *         {"json", OPTION_FLAG, &json, NULL, "JSON instead of text", 0, 0},
 *     };
 *     struct option_table table = {"list", "", "The devices.", rows, 1, OPTION_CONTROL};
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_type {
    OPTION_FLAG,   /* bool: no value */
    OPTION_TEXT,   /* const char *: borrowed from argv */
    OPTION_NUMBER, /* double, within least..most */
    OPTION_COUNT   /* unsigned, within least..most */
};

struct option_row {
    const char *name; /* without the dashes */
    enum option_type type;
    void *value;          /* where it goes; keeps its default when the option is not given */
    const char *argument; /* name of the value in the help; NULL for flags */
    const char *help;
    double least, most;
};

/* Options that several commands share. */
enum { OPTION_FEED = 1, OPTION_CONTROL = 2 };

struct option_table {
    const char *command;
    const char
        *arguments; /* what follows the options, for the usage line: "[TOPIC...]"; "" refuses any */
    const char *summary; /* for --help; may have several lines */
    const struct option_row *rows;
    size_t n_rows;
    unsigned shared; /* OPTION_FEED | OPTION_CONTROL */
};

struct options_result {
    const char *feed, *control; /* option, else environment, else the default; borrowed */
    char **operands;            /* [n_operands] the arguments that are no options */
    size_t n_operands;
};

/**
 * Read a command line. `--name value`, `--name=value`, `--` ends the options. --help prints the
 * help; a mistake prints a sentence that names the option and the nearest one that exists.
 *
 * @param argv    argv[0] is the command; reordered: operands come to its end
 * @param result  out
 * @return -1 go on; else an exit code to leave with
 */
int options_read(const struct option_table *table, int argc, char **argv,
                 struct options_result *result);

/** Print "thenar COMMAND: ..." to stderr. @return EXIT_USAGE */
__attribute__((format(printf, 2, 3))) int options_fail(const struct option_table *table,
                                                       const char *format, ...);

#endif

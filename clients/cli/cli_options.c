/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli_options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "feed/topic.h"
#include "suggest.h"

enum { ROWS_MAX = 32 };

/* "thenar list", "thenar-web" */
struct whole_name {
    char text[64];
};

static struct whole_name whole_name(const struct option_table *table)
{
    struct whole_name name;
    (void)snprintf(name.text, sizeof name.text, "%s%s%s", program_invocation_short_name,
                   table->command[0] ? " " : "", table->command);
    return name;
}

int options_fail(const struct option_table *table, const char *format, ...)
{
    va_list arguments;
    (void)fprintf(stderr, "%s: ", whole_name(table).text);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    return EXIT_USAGE;
}

/* The command's own rows and the shared ones. */
static size_t all_rows(const struct option_table *table, struct options_result *result,
                       struct option_row *rows)
{
    size_t n = 0;
    for (; n < table->n_rows && n < ROWS_MAX - 2; n++)
        rows[n] = table->rows[n];
    if (table->shared & OPTION_FEED)
        rows[n++] =
            (struct option_row){"feed",
                                OPTION_TEXT,
                                &result->feed,
                                "ADDRESS",
                                "where the feed is (THENAR_FEED, else " THENAR_FEED_ADDRESS ")",
                                0,
                                0};
    if (table->shared & OPTION_CONTROL)
        rows[n++] = (struct option_row){
            "control",
            OPTION_TEXT,
            &result->control,
            "ADDRESS",
            "where the control socket is (THENAR_CONTROL, else " THENAR_CONTROL_ADDRESS ")",
            0,
            0};
    return n;
}

static void print_help(const struct option_table *table, const struct option_row *rows, size_t n)
{
    printf("Usage: %s [OPTION...]%s%s\n%s\n\n", whole_name(table).text,
           table->arguments[0] ? " " : "", table->arguments, table->summary);
    for (size_t i = 0; i < n; i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].argument ? " " : "",
                       rows[i].argument ? rows[i].argument : "");
        printf("  %-22s %s\n", left, rows[i].help);
    }
    printf("  %-22s %s\n", "--help", "this text");
}

static int fail_unknown(const struct option_table *table, const struct option_row *rows, size_t n,
                        const char *name)
{
    const char *names[ROWS_MAX + 1];
    for (size_t i = 0; i < n; i++)
        names[i] = rows[i].name;
    names[n] = "help";
    const char *nearest = suggest_nearest(name, names, n + 1);
    if (nearest)
        return options_fail(table, "unknown option '--%s'; did you mean '--%s'?", name, nearest);
    return options_fail(table, "unknown option '--%s'; '%s --help' lists them", name,
                        whole_name(table).text);
}

/* @return -1 taken, else an exit code */
static int take_number(const struct option_table *table, const struct option_row *row,
                       const char *text)
{
    char *end;
    errno = 0;
    double number = strtod(text, &end);
    bool whole = row->type != OPTION_COUNT || number == floor(number);
    if (end == text || *end || errno || !isfinite(number) || !whole)
        return options_fail(table, "--%s needs a %s, not '%s'", row->name,
                            row->type == OPTION_COUNT ? "whole number" : "number", text);
    if (number < row->least || number > row->most)
        return options_fail(table, "--%s %s is out of range: %g to %g", row->name, text, row->least,
                            row->most);
    if (row->type == OPTION_COUNT)
        *(unsigned *)row->value = (unsigned)number;
    else
        *(double *)row->value = number;
    return -1;
}

static int take_option(const struct option_table *table, const struct option_row *rows, size_t n,
                       char *text, char *next, int *n_used)
{
    char *equals = strchr(text, '=');
    size_t n_name = equals ? (size_t)(equals - text) : strlen(text);
    const struct option_row *row = NULL;
    for (size_t i = 0; i < n && !row; i++)
        if (strlen(rows[i].name) == n_name && strncmp(rows[i].name, text, n_name) == 0)
            row = &rows[i];
    if (!row) {
        if (equals)
            *equals = '\0';
        return fail_unknown(table, rows, n, text);
    }
    *n_used = 1;
    if (row->type == OPTION_FLAG) {
        if (equals)
            return options_fail(table, "--%s takes no value", row->name);
        *(bool *)row->value = true;
        return -1;
    }
    char *value = equals ? equals + 1 : next;
    if (!value)
        return options_fail(table, "--%s needs a value: --%s %s", row->name, row->name,
                            row->argument);
    *n_used = equals ? 1 : 2;
    if (row->type != OPTION_TEXT)
        return take_number(table, row, value);
    *(const char **)row->value = value;
    return -1;
}

static const char *address_of(const char *variable, const char *fallback)
{
    const char *value = getenv(variable);
    return value && value[0] ? value : fallback;
}

int options_read(const struct option_table *table, int argc, char **argv,
                 struct options_result *result)
{
    struct option_row rows[ROWS_MAX];
    *result =
        (struct options_result){.feed = address_of("THENAR_FEED", THENAR_FEED_ADDRESS),
                                .control = address_of("THENAR_CONTROL", THENAR_CONTROL_ADDRESS),
                                .operands = argv + 1};
    size_t n_rows = all_rows(table, result, rows);
    bool options_over = false;
    for (int i = 1; i < argc;) {
        char *text = argv[i];
        if (options_over || text[0] != '-' || text[1] == '\0') {
            result->operands[result->n_operands++] = text;
            i++;
        } else if (strcmp(text, "--") == 0) {
            options_over = true;
            i++;
        } else if (strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0) {
            print_help(table, rows, n_rows);
            return EXIT_DONE;
        } else if (text[1] != '-') {
            return options_fail(table, "unknown option '%s'; options are long, as in --help", text);
        } else {
            int n_used = 0;
            int code = take_option(table, rows, n_rows, text + 2, i + 1 < argc ? argv[i + 1] : NULL,
                                   &n_used);
            if (code >= 0)
                return code;
            i += n_used;
        }
    }
    if (!table->arguments[0] && result->n_operands > 0)
        return options_fail(table, "unexpected argument '%s'", result->operands[0]);
    return -1;
}

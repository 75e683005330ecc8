/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recording_path.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_command.h"
#include "session_command.h"

enum { PATH_BYTES = 2 * SESSION_PATH_BYTES };

/* What is there and is a file (or a pipe) is itself; "last", an id and a folder are sessions. What
 * is not there and looks like a path, "pad.csv" or "a/b", was meant as a file. */
static bool is_file(const char *text)
{
    struct stat facts;
    if (stat(text, &facts) == 0)
        return !S_ISDIR(facts.st_mode);
    return strpbrk(text, "./") != NULL;
}

/* A session of several devices has a file for each: which one is for the user to say. */
static int one_of(const struct option_table *table, const struct session_files *files, char *path)
{
    if (files->n_files == 1) {
        session_files_path(files, 0, path);
        return -1;
    }
    (void)fprintf(stderr, "thenar %s: this session has %zu files; name the one you mean:\n",
                  table->command, files->n_files);
    for (size_t i = 0; i < files->n_files; i++)
        (void)fprintf(stderr, "    %s/%s\n", files->folder, files->names[i]);
    return EXIT_USAGE;
}

int recording_path_find(const struct option_table *table, const struct recording_options *options,
                        const struct options_result *result, size_t operand, char *path)
{
    const char *text = result->operands[operand];
    if (is_file(text)) {
        (void)snprintf(path, PATH_BYTES, "%s", text);
        return recording_run_is_session(path) ? -1 : recording_options_check(table, options);
    }
    char folder[SESSION_PATH_BYTES];
    struct session_files files;
    session_choose_folder(options->sessions, result->control, folder);
    int code = session_files_find(&files, table->command, folder, text);
    if (code != EXIT_DONE)
        return code;
    code = one_of(table, &files, path);
    session_files_finish(&files);
    return code;
}

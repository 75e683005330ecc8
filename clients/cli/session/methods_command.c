/* SPDX-License-Identifier: GPL-3.0-or-later */
/* methods: the paragraph that a paper needs, from what the file itself says */
#include <stdio.h>

#include "cli_command.h"
#include "cli_options.h"
#include "methods_text.h"
#include "session_command.h"

static const char COMMAND[] = "session methods";

static int print_methods(const char *path)
{
    struct session_reader *reader;
    struct thenar_error error;
    enum thenar_status status = session_reader_open(&reader, path, &error);
    if (status == THENAR_OK) {
        status = methods_text_write(stdout, reader, &error);
        session_reader_close(reader);
    }
    if (status != THENAR_OK)
        (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, error.text);
    return status == THENAR_OK ? EXIT_DONE : EXIT_FAILED;
}

int session_methods_action(int argc, char **argv)
{
    const char *option = NULL;
    const struct option_row rows[] = {
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        COMMAND,
        "SESSION",
        "The paragraph that a paper needs: device, rates, filter, calibration and its error,\n"
        "losses, versions. One a device. How to cite Thenar: CITATION.cff",
        rows,
        1,
        OPTION_CONTROL};
    char path[2 * SESSION_PATH_BYTES];
    struct session_files files;
    int code = session_files_ask(&table, argc, argv, &option, &files);
    if (code >= 0)
        return code;
    code = EXIT_DONE;
    for (size_t i = 0; i < files.n_files && code == EXIT_DONE; i++) {
        if (i > 0)
            printf("\n");
        session_files_path(&files, i, path);
        code = print_methods(path);
    }
    session_files_finish(&files);
    return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli_command.h"
#include "compare.h"
#include "recording_path.h"
#include "session/session_folder.h"
#include "stop_signal.h"

/* What is one run of a technique, and what is only on the way to another. */
static const double PAUSE_S = 6, SHORTEST_S = 3;

struct sides {
    const char *reference_table, *recording_table;
};

static int compare(const char *reference_path, const char *recording_path,
                   const struct sides *sides, const struct recording_options *options)
{
    struct recording_takes reference = {0}, recording = {0};
    struct compare_result result = {0};
    struct thenar_error error = {.text = "out of memory"};
    enum thenar_status status =
        recording_takes_read(&reference, reference_path, sides->reference_table, options, &error);
    if (status == THENAR_OK)
        status = recording_takes_read(&recording, recording_path, sides->recording_table, options,
                                      &error);
    if (status == THENAR_OK) {
        recording_takes_join(&reference, PAUSE_S, SHORTEST_S);
        recording_takes_join(&recording, PAUSE_S, SHORTEST_S);
    }
    if (status == THENAR_OK)
        status = compare_takes(&result, &reference, &recording);
    if (status == THENAR_OK)
        compare_print(stdout, &result, &reference, &recording);
    else
        (void)fprintf(stderr, "thenar compare: %s\n", error.text);
    compare_finish(&result);
    recording_takes_finish(&reference);
    recording_takes_finish(&recording);
    return status == THENAR_OK ? EXIT_DONE : EXIT_FAILED;
}

int compare_command(int argc, char **argv)
{
    struct recording_options recording;
    struct sides sides = {0};
    recording_options_init(&recording);
    const struct option_row rows[] = {
        RECORDING_OPTION_ROWS(recording),
        {"reference-episodes", OPTION_TEXT, &sides.reference_table, "TABLE",
         "corrected names of the reference (thenar label)", 0, 0},
        {"episodes", OPTION_TEXT, &sides.recording_table, "TABLE",
         "corrected names of the recording", 0, 0},
    };
    const struct option_table table = {
        "compare",
        "REFERENCE RECORDING",
        "A recording beside another one, the instructor's for example: what was done in which\n"
        "order, and for each technique how pressure, pace, regularity and time differ, and how\n"
        "sure that is. Both are of the same kind of array: tables, or sessions (a file .h5, a "
        "folder,\n"
        "an id or 'last').",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 2)
        return options_fail(&table, "two recordings are compared: thenar compare REFERENCE "
                                    "RECORDING --rows R --cols C");
    char reference_path[2 * SESSION_PATH_BYTES], recording_path[2 * SESSION_PATH_BYTES];
    code = recording_path_find(&table, &recording, &options, 0, reference_path);
    if (code < 0)
        code = recording_path_find(&table, &recording, &options, 1, recording_path);
    if (code >= 0)
        return code;
    stop_signal_start();
    return compare(reference_path, recording_path, &sides, &recording);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "plan_from.h"
#include "session/plan_file.h"
#include "recording_path.h"
#include "session/session_folder.h"
#include "stop_signal.h"

static int write_plan(const struct plan *plan, const char *path)
{
    FILE *out = path ? fopen(path, "wxe") : stdout;
    if (!out) {
        (void)fprintf(stderr, "thenar plan from: %s: %s%s\n", path, strerror(errno),
                      errno == EEXIST ? "; it is not overwritten" : "");
        return EXIT_FAILED;
    }
    plan_file_write(out, plan);
    bool good = fflush(out) == 0 && !ferror(out);
    if (path)
        good = fclose(out) == 0 && good;
    if (!good)
        (void)fprintf(stderr, "thenar plan from: it could not be written\n");
    else if (path)
        (void)fprintf(stderr,
                      "%s: %u steps. Fill in regions, goal and the rest, then: thenar plan check "
                      "%s\n",
                      path, plan->n_steps, path);
    return good ? EXIT_DONE : EXIT_FAILED;
}

int plan_from_command(int argc, char **argv)
{
    struct recording_options recording;
    const char *episodes = NULL, *out = NULL;
    recording_options_init(&recording);
    recording.unit = "kpa";
    const struct option_row rows[] = {
        RECORDING_OPTION_ROWS(recording),
        {"episodes", OPTION_TEXT, &episodes, "TABLE",
         "names from a corrected table (thenar label) instead of the pipeline's", 0, 0},
        {"out", OPTION_TEXT, &out, "FILE", "where to write the plan (else to the terminal)", 0, 0},
    };
    const struct option_table table = {
        "plan from",
        "RECORDING",
        "A plan of what the instructor did, in its order, with bands from the instructor's own\n"
        "strokes: 10th to 90th percentile of their pressure, pace and length. RECORDING is a "
        "table,\n"
        "or a session: its file (.h5), its folder, its id or 'last'.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1)
        return options_fail(&table, "which recording? thenar plan from FILE --rows R --cols C");
    char path[2 * SESSION_PATH_BYTES];
    code = recording_path_find(&table, &recording, &options, 0, path);
    if (code >= 0)
        return code;
    struct recording_takes takes;
    struct thenar_error error;
    const char *slash = strrchr(path, '/');
    struct plan *plan = malloc(sizeof *plan);
    stop_signal_start();
    enum thenar_status status =
        plan ? recording_takes_read(&takes, path, episodes, &recording, &error) : THENAR_ERR_MEMORY;
    if (status == THENAR_OK)
        status = plan_from_takes(plan, &takes, slash ? slash + 1 : path, &error);
    if (status == THENAR_OK)
        code = write_plan(plan, out);
    else
        (void)fprintf(stderr, "thenar plan from: %s\n", plan ? error.text : "out of memory");
    if (plan)
        recording_takes_finish(&takes);
    free(plan);
    return status == THENAR_OK ? code : EXIT_FAILED;
}

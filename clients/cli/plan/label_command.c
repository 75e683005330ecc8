/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_command.h"
#include "label_editor.h"
#include "recording_takes.h"
#include "session/episode_table.h"
#include "recording_path.h"
#include "session/session_folder.h"
#include "stop_signal.h"

/* What the pipeline named becomes rows; parents and unknown stay unknown, for a person to name. */
static struct episode_table_row *rows_of(const struct recording_takes *takes)
{
    struct episode_table_row *rows = calloc(takes->n_episodes + 1, sizeof *rows);
    double before_s = 0;
    for (size_t i = 0; rows && i < takes->n_episodes; i++) {
        const struct episode *episode = &takes->episodes[i];
        bool is_parent =
            episode->technique == TECHNIQUE_HOLD || episode->technique == TECHNIQUE_RHYTHM;
        rows[i].technique = is_parent ? TECHNIQUE_UNKNOWN : episode->technique;
        rows[i].start_s = episode->start_s < before_s ? before_s : episode->start_s;
        rows[i].end_s = episode->end_s;
        before_s = rows[i].end_s;
    }
    return rows;
}

/* @param is_again  the table was begun with: it may be replaced. No other is: it may be somebody's
 *                  evening */
static bool write_table(const char *path, bool is_again, const struct episode_table_row *rows,
                        size_t n_rows)
{
    FILE *out = path ? fopen(path, is_again ? "we" : "wxe") : stdout;
    if (!out) {
        (void)fprintf(stderr, "thenar label: %s: %s\n", path, strerror(errno));
        return false;
    }
    episode_table_write(out, rows, n_rows);
    bool good = fflush(out) == 0 && !ferror(out);
    if (path)
        good = fclose(out) == 0 && good;
    if (!good)
        (void)fprintf(stderr, "thenar label: the table could not be written\n");
    else if (path)
        (void)fprintf(stderr, "%s: %zu rows\n", path, n_rows);
    return good;
}

/* At a terminal a person corrects; otherwise the table goes straight through. */
static int label(const struct recording_takes *takes, const char *out, bool is_again, bool batch)
{
    struct label_editor editor = {.n_rows = takes->n_episodes, .rows = rows_of(takes)};
    if (!editor.rows)
        return EXIT_FAILED;
    bool keep = true;
    if (!batch && out && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        keep = label_editor_run(&editor);
    bool good = !keep || write_table(out, is_again, editor.rows, editor.n_rows);
    if (!keep)
        (void)fprintf(stderr, "thenar label: nothing was written\n");
    free(editor.rows);
    return good && keep ? EXIT_DONE : EXIT_FAILED;
}

int label_command(int argc, char **argv)
{
    struct recording_options recording;
    const char *episodes = NULL, *out = NULL;
    bool batch = false;
    recording_options_init(&recording);
    const struct option_row rows[] = {
        RECORDING_OPTION_ROWS(recording),
        {"episodes", OPTION_TEXT, &episodes, "TABLE",
         "begin with this table, not with the "
         "pipeline's names",
         0, 0},
        {"out", OPTION_TEXT, &out, "FILE", "where to write the table (else to the terminal)", 0, 0},
        {"batch", OPTION_FLAG, &batch, NULL, "ask nothing: only write the table", 0, 0},
    };
    const struct option_table table = {
        "label",
        "RECORDING",
        "Correct who did what when. With --out at a terminal, keys name, split, join and shift\n"
        "the runs; otherwise the table start_s,end_s,technique is written, to be corrected in any\n"
        "editor and read by compare, plan from and train. RECORDING is a table, or a session: its\n"
        "file (.h5), its folder, its id or 'last'.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    bool is_again = out && episodes && strcmp(out, episodes) == 0;
    if (out && !is_again && access(out, F_OK) == 0)
        return options_fail(&table,
                            "%s is there already: go on with it by --episodes %s as well, or name "
                            "another",
                            out, out);
    if (options.n_operands != 1)
        return options_fail(&table, "which recording? thenar label FILE --rows R --cols C, or "
                                    "thenar label last");
    char path[2 * SESSION_PATH_BYTES];
    code = recording_path_find(&table, &recording, &options, 0, path);
    if (code >= 0)
        return code;
    struct recording_takes takes;
    struct thenar_error error;
    if (recording_takes_read(&takes, path, episodes, &recording, &error) == THENAR_OK) {
        code = label(&takes, out, is_again, batch);
    } else {
        (void)fprintf(stderr, "thenar label: %s\n", error.text);
        code = EXIT_FAILED;
    }
    recording_takes_finish(&takes);
    return code;
}

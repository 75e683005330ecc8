/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: a session where researchers work */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/session_export_csv.h"
#include "session/session_export_edf.h"
#include "session_command.h"

static const char COMMAND[] = "session export";

struct export_wish {
    bool csv, edf;
    struct session_export_csv_options csv_options;
    const char *to;
};

static int fail(const char *text)
{
    (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, text);
    return EXIT_FAILED;
}

/* "pad.h5" -> "pad" */
static void stem_of(char *stem, size_t n_space, const char *name)
{
    (void)snprintf(stem, n_space, "%s", name);
    char *dot = strrchr(stem, '.');
    if (dot && dot != stem)
        *dot = '\0';
}

/* Of local time from UTC when it began. */
static long offset_at(double unix_s)
{
    struct tm parts;
    time_t at = (time_t)unix_s;
    return localtime_r(&at, &parts) ? parts.tm_gmtoff : 0;
}

static int export_edf(struct session_reader *reader, const char *stem,
                      const struct export_wish *wish)
{
    static struct session_export_edf_result result; /* large */
    struct thenar_error error;
    long offset_s = offset_at(session_reader_head(reader)->about.start_unix_s);
    if (session_export_edf(reader, wish->to, stem, offset_s, &result, &error) != THENAR_OK)
        return fail(error.text);
    printf("%s: %u signals, %u samples a second, %" PRIu64 " s, %" PRIu64 " annotations\n",
           result.path, result.n_signals, result.rate_hz, result.n_records, result.n_annotations);
    if (result.n_left_out > 0)
        printf("  %" PRIu64 " annotations found no room: libedf takes 64 a second\n",
               result.n_left_out);
    return EXIT_DONE;
}

static int export_file(const char *path, const char *name, const struct export_wish *wish)
{
    char stem[256];
    struct session_reader *reader;
    struct thenar_error error;
    unsigned n_files = 0;
    int code = EXIT_DONE;
    stem_of(stem, sizeof stem, name);
    if (session_reader_open(&reader, path, &error) != THENAR_OK)
        return fail(error.text);
    if (session_reader_is_open(reader))
        (void)fprintf(stderr,
                      "thenar %s: %s is being recorded, or was cut off: what is in it now is "
                      "exported\n",
                      COMMAND, name);
    if (wish->csv) {
        enum thenar_status status =
            session_export_csv(reader, wish->to, stem, &wish->csv_options, &n_files, &error);
        if (status == THENAR_OK)
            printf("%s/%s-*.csv: %u tables, each column is described in %s-columns.csv\n", wish->to,
                   stem, n_files, stem);
        else
            code = fail(error.text);
    }
    if (code == EXIT_DONE && wish->edf)
        code = export_edf(reader, stem, wish);
    session_reader_close(reader);
    return code;
}

static int check_wish(const struct option_table *table, struct export_wish *wish,
                      const char *format)
{
    if (!wish->to)
        return options_fail(table, "where to? --to DIR");
    wish->csv = strcmp(format, "csv") == 0 || strcmp(format, "all") == 0;
    wish->edf = strcmp(format, "edf") == 0 || strcmp(format, "all") == 0;
    if (!wish->csv && !wish->edf)
        return options_fail(table, "--format is csv, edf or all, not '%s'", format);
    if (!wish->csv && wish->csv_options.with_samples)
        return options_fail(table, "--samples are CSV only: EDF+ cannot hold so many signals");
    return EXIT_DONE;
}

int session_export_action(int argc, char **argv)
{
    const char *option = NULL, *format = "csv";
    struct export_wish wish = {0};
    const struct option_row rows[] = {
        {"to", OPTION_TEXT, &wish.to, "DIR", "where the files go; made when it is not there", 0, 0},
        {"format", OPTION_TEXT, &format, "FORMAT", "csv, edf or all (csv)", 0, 0},
        {"samples", OPTION_FLAG, &wish.csv_options.with_samples, NULL,
         "every taxel of every frame as CSV too: large", 0, 0},
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        COMMAND,
        "SESSION",
        "CSV: one table a file, units in the header. EDF+: the metrics, for physiology viewers.\n"
        "MATLAB, R and Python read the session files themselves, too: docs/session-export.md",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    char path[2 * SESSION_PATH_BYTES];
    struct session_files files;
    struct thenar_error error;
    int code = session_files_ask(&table, argc, argv, &option, &files);
    if (code >= 0)
        return code;
    code = check_wish(&table, &wish, format);
    if (code != EXIT_DONE) {
        session_files_finish(&files);
        return code;
    }
    if (session_folder_prepare(wish.to, &error) != THENAR_OK)
        code = fail(error.text);
    for (size_t i = 0; i < files.n_files && code == EXIT_DONE; i++) {
        session_files_path(&files, i, path);
        code = export_file(path, files.names[i], &wish);
    }
    session_files_finish(&files);
    return code;
}

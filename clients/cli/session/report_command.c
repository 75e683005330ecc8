/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: one page a device of a session, for the student */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"
#include "report_make.h"
#include "session_command.h"

static const char COMMAND[] = "session report";

static int fail(const char *text)
{
    (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, text);
    return EXIT_FAILED;
}

static int write_page(const char *to, const struct session_files *files,
                      const struct session_files *reference, const char *plan)
{
    int code = EXIT_DONE;
    bool is_stdout = strcmp(to, "-") == 0;
    int fd = is_stdout ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = is_stdout ? stdout : fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out) {
        (void)fprintf(stderr, "thenar %s: %s: %s\n", COMMAND, to, strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return EXIT_FAILED;
    }
    struct thenar_error error = {0}, warning = {0};
    if (report_make(out, files, reference, plan, &warning, &error) != THENAR_OK)
        code = fail(error.text);
    if (warning.text[0])
        (void)fail(warning.text);
    bool is_bad = fflush(out) != 0 || ferror(out);
    if (!is_stdout)
        is_bad = fclose(out) != 0 || is_bad;
    if (code == EXIT_DONE && is_bad)
        code = fail("the page was not written: is the disk full?");
    if (code != EXIT_DONE && !is_stdout)
        (void)unlink(to);
    else if (code == EXIT_DONE && !is_stdout)
        printf("%s: open it in any browser; it prints on A4\n", to);
    return code;
}

int session_report_action(int argc, char **argv)
{
    const char *option = NULL, *to = "report.html", *reference_text = NULL, *plan = NULL;
    const struct option_row rows[] = {
        {"output", OPTION_TEXT, &to, "FILE", "the page, - for stdout (report.html)", 0, 0},
        {"plan", OPTION_TEXT, &plan, "PLAN", "its bands and score (else the session's plan)", 0, 0},
        {"reference", OPTION_TEXT, &reference_text, "SESSION",
         "compare with this one, an instructor's", 0, 0},
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        COMMAND,
        "SESSION",
        "One page that a student can take home: what was done when, with which pressure and pace,\n"
        "where, and three things to work on. Needs no network, prints on A4.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    char folder[SESSION_PATH_BYTES];
    struct options_result options;
    struct session_files files, reference = {0};
    static char long_name[] = "--output";
    /* -o is short for --output, as everywhere. */
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "-o") == 0)
            argv[i] = long_name;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1)
        return options_fail(&table, "which session? Its file, its id or 'last'");
    session_choose_folder(option, options.control, folder);
    code = session_files_find(&files, COMMAND, folder, options.operands[0]);
    if (code != EXIT_DONE)
        return code;
    if (reference_text)
        code = session_files_find(&reference, COMMAND, folder, reference_text);
    if (code == EXIT_DONE)
        code = write_page(to, &files, &reference, plan);
    session_files_finish(&reference);
    session_files_finish(&files);
    return code;
}

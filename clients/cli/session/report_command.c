/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: one page a device of a session, for the student */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/plan_folder.h"
#include "session_report.h"
#include "session_command.h"

static const char COMMAND[] = "session report";

static int fail(const char *text)
{
    (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, text);
    return EXIT_FAILED;
}

/* The reference's file for a device: the one of the same name, else the first. */
static size_t reference_file(const struct session_files *files, const char *name)
{
    for (size_t i = 0; i < files->n_files; i++)
        if (strcmp(files->names[i], name) == 0)
            return i;
    return 0;
}

static int read_reference(struct report *report, const struct session_files *reference,
                          const char *name)
{
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader;
    struct thenar_error error;
    session_files_path(reference, reference_file(reference, name), path);
    if (session_reader_open(&reader, path, &error) != THENAR_OK)
        return fail(error.text);
    const struct session_head *head = session_reader_head(reader);
    report->reference_is_relative = !array_layout_is_kpa(&head->layout);
    (void)snprintf(report->reference_id, sizeof report->reference_id, "%s", head->about.id);
    enum thenar_status status = session_digest_read(&report->reference, reader, &error);
    session_reader_close(reader);
    report->has_reference = status == THENAR_OK;
    return status == THENAR_OK ? EXIT_DONE : fail(error.text);
}

/* The plan that was asked for, else the session's own, if it can still be found. */
static int read_plan(struct report *report, struct session_reader *reader, const char *name)
{
    struct plan_folders folders;
    struct thenar_error error;
    bool is_own = !name;
    name = name ? name : report->head->about.plan;
    if (name[0] == '\0')
        return EXIT_DONE;
    plan_folders_init(&folders);
    enum thenar_status status = plan_folders_read(&folders, name, &report->plan, &error);
    if (status == THENAR_OK)
        status = report_take_plan(report, reader, &error);
    if (status == THENAR_OK)
        return EXIT_DONE;
    (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, error.text);
    if (is_own)
        (void)fprintf(stderr, "thenar %s: the page is made without the session's plan\n", COMMAND);
    return is_own ? EXIT_DONE : EXIT_FAILED;
}

static int write_device(FILE *out, const struct session_files *files, size_t i,
                        const struct session_files *reference, const char *plan)
{
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader;
    struct thenar_error error;
    struct report *report = (struct report *)calloc(1, sizeof *report);
    session_files_path(files, i, path);
    if (!report)
        return fail("out of memory");
    if (session_reader_open(&reader, path, &error) != THENAR_OK) {
        free(report);
        return fail(error.text);
    }
    int code = report_read(report, reader, &error) == THENAR_OK ? EXIT_DONE : fail(error.text);
    if (code == EXIT_DONE)
        code = read_plan(report, reader, plan);
    if (code == EXIT_DONE && reference->n_files > 0)
        code = read_reference(report, reference, files->names[i]);
    if (code == EXIT_DONE) {
        report->index = i;
        report_advise(report);
        if (i == 0)
            report_write_begin(out, report);
        report_write_device(out, report, files->n_files);
    }
    report_finish(report);
    free(report);
    session_reader_close(reader);
    return code;
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
    for (size_t i = 0; i < files->n_files && code == EXIT_DONE; i++)
        code = write_device(out, files, i, reference, plan);
    if (code == EXIT_DONE)
        report_write_end(out);
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

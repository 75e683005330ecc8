/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_make.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/plan_file.h"
#include "session/plan_folder.h"

/* The reference's file for a device: the one of the same name, else the first. */
static size_t reference_file(const struct session_files *files, const char *name)
{
    for (size_t i = 0; i < files->n_files; i++)
        if (strcmp(files->names[i], name) == 0)
            return i;
    return 0;
}

static enum thenar_status read_reference(struct report *report,
                                         const struct session_files *reference, const char *name,
                                         struct thenar_error *error)
{
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader;
    session_files_path(reference, reference_file(reference, name), path);
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    const struct session_head *head = session_reader_head(reader);
    report->reference_is_relative = !array_layout_is_kpa(&head->layout);
    (void)snprintf(report->reference_id, sizeof report->reference_id, "%s", head->about.id);
    status = session_digest_read(&report->reference, reader, error);
    session_reader_close(reader);
    report->has_reference = status == THENAR_OK;
    return status;
}

/* The plan as it was in that session; of older files the one that goes by its name today. */
static enum thenar_status read_own_plan(struct report *report, struct session_reader *reader,
                                        const char *name, struct thenar_error *error)
{
    char *text;
    struct plan_folders folders;
    enum thenar_status status =
        session_document_read(reader, SESSION_DOCUMENT_PLAN, name, &text, error);
    if (status == THENAR_OK)
        status = plan_file_parse(&report->plan, text, name, error);
    free(text);
    report->is_plan_of_file = status == THENAR_OK;
    if (status == THENAR_OK)
        return status;
    plan_folders_init(&folders);
    return plan_folders_read(&folders, name, &report->plan, error);
}

/* What the coach made of it while it went on is the score; any other plan is held against the
 * strokes afterwards. */
static void take_own_score(struct report *report, const struct session_summary *summary)
{
    if (isnan(summary->score.practice_score))
        return;
    report->score = summary->score;
    report->is_live_score = true;
}

/* The plan that was asked for, else the session's own. */
static enum thenar_status read_plan(struct report *report, struct session_reader *reader,
                                    const char *name, struct thenar_error *warning,
                                    struct thenar_error *error)
{
    struct plan_folders folders;
    bool is_own = !name;
    const char *followed = report->losses.score_plan;
    if (is_own)
        name = followed[0] ? followed : report->head->about.plan;
    if (name[0] == '\0')
        return THENAR_OK;
    enum thenar_status status;
    if (is_own) {
        status = read_own_plan(report, reader, name, error);
    } else {
        plan_folders_init(&folders);
        status = plan_folders_read(&folders, name, &report->plan, error);
    }
    if (status == THENAR_OK)
        status = report_take_plan(report, reader, error);
    if (status == THENAR_OK && is_own)
        take_own_score(report, &report->losses);
    if (status == THENAR_OK)
        return status;
    if (!is_own)
        return status;
    (void)thenar_fail(warning, status, "%.400s; the page is made without the session's plan",
                      error->text);
    return THENAR_OK;
}

enum thenar_status report_make_read(struct report *report, struct session_reader *reader,
                                    const char *plan, struct thenar_error *warning,
                                    struct thenar_error *error)
{
    enum thenar_status status = report_read(report, reader, error);
    return status == THENAR_OK ? read_plan(report, reader, plan, warning, error) : status;
}

static enum thenar_status write_device(FILE *out, const struct session_files *files, size_t i,
                                       const struct session_files *reference, const char *plan,
                                       struct thenar_error *warning, struct thenar_error *error)
{
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader;
    struct report *report = (struct report *)calloc(1, sizeof *report);
    if (!report)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    session_files_path(files, i, path);
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK) {
        free(report);
        return status;
    }
    status = report_make_read(report, reader, plan, warning, error);
    if (status == THENAR_OK && reference->n_files > 0)
        status = read_reference(report, reference, files->names[i], error);
    if (status == THENAR_OK) {
        report->index = i;
        report_advise(report);
        if (i == 0)
            report_write_begin(out, report);
        report_write_device(out, report, files->n_files);
    }
    report_finish(report);
    free(report);
    session_reader_close(reader);
    return status;
}

enum thenar_status report_make(FILE *out, const struct session_files *files,
                               const struct session_files *reference, const char *plan,
                               struct thenar_error *warning, struct thenar_error *error)
{
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < files->n_files && status == THENAR_OK; i++)
        status = write_device(out, files, i, reference, plan, warning, error);
    if (status == THENAR_OK)
        report_write_end(out);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shelf_answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "methods_text.h"
#include "report_make.h"
#include "session_columns.h"
#include "session_maps.h"
#include "session_zip.h"

void shelf_answer_finish(struct shelf_answer *answer)
{
    free(answer->body);
    if (answer->fd >= 0)
        (void)close(answer->fd);
    *answer = (struct shelf_answer){.fd = -1};
}

void shelf_answer_json(struct shelf_answer *answer, json_t *json)
{
    answer->mime_type = SHELF_JSON_TYPE;
    answer->body = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    answer->n_body = answer->body ? strlen(answer->body) : 0;
    answer->code = answer->body ? SHELF_OK : 500;
    json_decref(json);
}

static unsigned code_of(enum thenar_status status)
{
    switch ((int)status) {
    case THENAR_ERR_ABSENT:
        return 404;
    case THENAR_ERR_DENIED:
        return 403;
    case THENAR_ERR_VALUE:
    case THENAR_ERR_ARGUMENT:
        return 400;
    case THENAR_ERR_BUSY:
        return 409;
    default:
        return 500;
    }
}

void shelf_answer_error(struct shelf_answer *answer, enum thenar_status status,
                        const struct thenar_error *error)
{
    free(answer->body);
    answer->body = NULL;
    shelf_answer_json(answer, json_pack("{s:s}", "error", error->text));
    if (!answer->body) /* a sentence with a file's name that is no UTF-8 */
        shelf_answer_json(answer, json_pack("{s:s}", "error", "the session cannot be read"));
    answer->code = code_of(status);
    answer->name[0] = answer->etag[0] = '\0';
}

/* ---- one session ---- */

/* What writes to a stream, to memory. */
struct page {
    FILE *out;
    char *text;
    size_t n_text;
};

static enum thenar_status page_open(struct page *page, struct thenar_error *error)
{
    *page = (struct page){0};
    page->out = open_memstream(&page->text, &page->n_text);
    return page->out ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
}

static enum thenar_status page_close(struct page *page, enum thenar_status status,
                                     struct shelf_answer *answer, const char *mime_type,
                                     struct thenar_error *error)
{
    bool is_good = fclose(page->out) == 0;
    if (status != THENAR_OK || !is_good) {
        free(page->text);
        return status != THENAR_OK ? status
                                   : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    answer->body = page->text;
    answer->n_body = page->n_text;
    answer->mime_type = mime_type;
    answer->code = SHELF_OK;
    return THENAR_OK;
}

enum thenar_status shelf_answer_report(struct shelf_answer *answer,
                                       const struct session_case *found, struct thenar_error *error)
{
    struct session_files files;
    const struct session_files no_reference = {0};
    struct thenar_error warning = {0};
    struct page page;
    enum thenar_status status = session_case_files(found, &files, error);
    if (status != THENAR_OK)
        return status;
    status = page_open(&page, error);
    if (status == THENAR_OK)
        status =
            page_close(&page, report_make(page.out, &files, &no_reference, NULL, &warning, error),
                       answer, "text/html; charset=utf-8", error);
    answer->is_report = status == THENAR_OK;
    session_files_finish(&files);
    return status;
}

enum thenar_status shelf_answer_methods(struct shelf_answer *answer,
                                        const struct session_case *found,
                                        struct thenar_error *error)
{
    struct session_files files;
    struct page page;
    char path[2 * SESSION_PATH_BYTES];
    enum thenar_status status = session_case_files(found, &files, error);
    if (status != THENAR_OK)
        return status;
    status = page_open(&page, error);
    for (size_t i = 0; status == THENAR_OK && i < files.n_files; i++) {
        struct session_reader *reader;
        session_files_path(&files, i, path);
        status = session_reader_open(&reader, path, error);
        if (status != THENAR_OK)
            break;
        (void)fputs(i > 0 ? "\n" : "", page.out);
        status = methods_text_write(page.out, reader, error);
        session_reader_close(reader);
    }
    if (page.out)
        status = page_close(&page, status, answer, "text/plain; charset=utf-8", error);
    session_files_finish(&files);
    return status;
}

/* ---- one device's file ---- */

static enum thenar_status answer_file(struct shelf_answer *answer, const struct session_case *found,
                                      const char *path, struct thenar_error *error)
{
    struct stat facts;
    if (found->is_recording)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "session %s is being recorded: its files can be taken when it has ended",
                           found->manifest.about.id);
    answer->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (answer->fd < 0 || fstat(answer->fd, &facts) != 0)
        return thenar_fail(error, THENAR_ERR_OS, "%.300s: %s", path, strerror(errno));
    answer->n_body = (size_t)facts.st_size;
    answer->mime_type = "application/x-hdf5";
    answer->code = SHELF_OK;
    return THENAR_OK;
}

static enum thenar_status answer_zip(struct shelf_answer *answer, struct session_reader *reader,
                                     const struct session_query *query, struct thenar_error *error)
{
    enum thenar_status status =
        session_zip_make(reader, query->device, &answer->fd, &answer->n_body, error);
    answer->mime_type = "application/zip";
    answer->code = SHELF_OK;
    return status;
}

static enum thenar_status answer_columns(struct shelf_answer *answer, struct session_reader *reader,
                                         const struct session_query *query,
                                         struct thenar_error *error)
{
    struct page page;
    enum thenar_status status = page_open(&page, error);
    if (status != THENAR_OK)
        return status;
    if (query->question == SESSION_ASK_STROKES)
        status = session_columns_strokes(page.out, reader, error);
    else if (query->question == SESSION_ASK_METRICS)
        status = session_columns_metrics(page.out, reader, query, error);
    else
        status = session_columns_taxel(page.out, reader, query, error);
    return page_close(&page, status, answer, SHELF_JSON_TYPE, error);
}

enum thenar_status shelf_answer_device(struct shelf_answer *answer,
                                       const struct session_case *found,
                                       const struct session_query *query,
                                       struct thenar_error *error)
{
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader;
    enum thenar_status status = session_case_file(found, query->device, path, error);
    bool is_csv = query->question == SESSION_ASK_CSV;
    if (status != THENAR_OK)
        return status;
    if (is_csv || query->question == SESSION_ASK_FILE)
        (void)snprintf(answer->name, sizeof answer->name, "%s-%s%s", found->manifest.about.id,
                       query->device, is_csv ? "-csv.zip" : ".h5");
    if (query->question == SESSION_ASK_FILE)
        return answer_file(answer, found, path, error);
    status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    if (is_csv)
        status = answer_zip(answer, reader, query, error);
    else if (query->question != SESSION_ASK_MAP)
        status = answer_columns(answer, reader, query, error);
    else
        status = session_maps_make(reader, query, &answer->body, &answer->n_body, error);
    if (query->question == SESSION_ASK_MAP) {
        answer->mime_type = "application/octet-stream";
        answer->code = SHELF_OK;
    }
    session_reader_close(reader);
    return status;
}

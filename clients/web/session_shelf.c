/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_shelf.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "session_json.h"
#include "worker.h"

enum {
    FOLDER_AGE_S = 10,  /* a daemon is asked for its folder anew after so long */
    FORGOTTEN = 64,     /* more than can wait, so that few numbers share a place */
    SMALL_BYTES = 1024, /* below it packing brings nothing */
    CODE_NOT_MODIFIED = 304
};

/* One worker, and what is its own. */
struct lane {
    struct shelf *shelf;
    struct worker *worker;
    char folder[SESSION_PATH_BYTES];
    time_t folder_at_s; /* when the daemon was asked for it; 0: never */
};

/* Exports of an hour take a quarter of a minute; whoever turns pages does not wait behind them. */
enum { LANE_PAGES, LANE_EXPORTS, N_LANES };

struct shelf {
    struct shelf_options options;
    struct lane lanes[N_LANES];
    atomic_uint_least64_t forgotten[FORGOTTEN]; /* job n at place n % FORGOTTEN, by the loop */
    uint64_t began; /* makes tags of one run of the program differ from another's */
};

/* ---- where ---- */

static bool is_here(const char *control)
{
    return strncmp(control, "ipc://", 6) == 0 || strncmp(control, "tcp://127.", 10) == 0 ||
           strncmp(control, "tcp://localhost:", 16) == 0 ||
           strncmp(control, "tcp://[::1]", 11) == 0;
}

static const char *folder_of(struct lane *lane)
{
    const struct shelf_options *options = &lane->shelf->options;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (lane->folder_at_s != 0 && now.tv_sec - lane->folder_at_s < FOLDER_AGE_S)
        return lane->folder;
    lane->folder_at_s = now.tv_sec;
    char folder[SESSION_PATH_BYTES];
    bool is_told = false;
    if (options->sessions || is_here(options->control))
        is_told = session_choose_folder(options->sessions, options->control, folder);
    else
        session_folder_default(folder, sizeof folder);
    /* A daemon that is gone, or busy, has its sessions where they were. */
    if (is_told || !lane->folder[0])
        (void)snprintf(lane->folder, sizeof lane->folder, "%s", folder);
    return lane->folder;
}

static double now_unix_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- one session ---- */

/* What a browser has is still right when neither files nor program changed. */
static bool tag(const struct shelf *shelf, struct shelf_answer *answer,
                const struct session_case *found, const struct shelf_job *job)
{
    struct stat facts;
    char path[2 * SESSION_PATH_BYTES];
    uint64_t hash = shelf->began;
    if (found->manifest.state == SESSION_RECORDING || job->query.question == SESSION_ASK_REPORT ||
        job->query.question == SESSION_ASK_ONE) /* these also follow the plan, as it is now */
        return false;
    for (size_t i = 0; i < found->manifest.n_devices; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", found->path, found->manifest.devices[i].file);
        if (stat(path, &facts) != 0)
            return false;
        const uint64_t values[] = {(uint64_t)facts.st_mtim.tv_sec, (uint64_t)facts.st_mtim.tv_nsec,
                                   (uint64_t)facts.st_size, (uint64_t)facts.st_ino};
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            hash = (hash ^ values[k]) * 0x100000001b3U + (hash >> 29);
    }
    (void)snprintf(answer->etag, sizeof answer->etag, "\"s%016llx%s\"", (unsigned long long)hash,
                   job->takes_gzip ? "z" : "");
    if (strcmp(answer->etag, job->known_etag) != 0)
        return false;
    answer->code = CODE_NOT_MODIFIED;
    answer->mime_type = SHELF_JSON_TYPE;
    return true;
}

static enum thenar_status answer_one(struct shelf *shelf, const char *folder,
                                     const struct shelf_job *job, struct shelf_answer *answer,
                                     struct thenar_error *error)
{
    struct session_case found;
    json_t *json = NULL;
    enum thenar_status status =
        session_case_find(&found, folder, job->query.id, &job->permission, now_unix_s(), error);
    if (status != THENAR_OK)
        return status;
    if (!tag(shelf, answer, &found, job)) {
        if (job->query.question == SESSION_ASK_ONE) {
            status = session_json_one(&json, &found, error);
            shelf_answer_json(answer, json);
        } else if (job->query.question == SESSION_ASK_REPORT) {
            status = shelf_answer_report(answer, &found, error);
        } else if (job->query.question == SESSION_ASK_METHODS) {
            status = shelf_answer_methods(answer, &found, error);
        } else {
            status = shelf_answer_device(answer, &found, &job->query, error);
        }
    }
    session_case_finish(&found);
    return status;
}

/* ---- more than one ---- */

static enum thenar_status answer_compare(const char *folder, const struct shelf_job *job,
                                         struct shelf_answer *answer, struct thenar_error *error)
{
    struct session_case reference, session;
    json_t *json = NULL;
    enum thenar_status status = session_case_find(&reference, folder, job->query.reference,
                                                  &job->permission, now_unix_s(), error);
    if (status != THENAR_OK)
        return status;
    status =
        session_case_find(&session, folder, job->query.id, &job->permission, now_unix_s(), error);
    if (status == THENAR_OK) {
        status = session_json_compare(&json, &reference, &session, error);
        shelf_answer_json(answer, json);
        session_case_finish(&session);
    }
    session_case_finish(&reference);
    return status;
}

static enum thenar_status answer_any(struct lane *lane, const struct shelf_job *job,
                                     struct shelf_answer *answer, struct thenar_error *error)
{
    const char *folder = folder_of(lane);
    json_t *json = NULL;
    enum thenar_status status;
    switch ((int)job->query.question) {
    case SESSION_ASK_LIST:
        status =
            session_json_list(&json, folder, &job->query, &job->permission, now_unix_s(), error);
        shelf_answer_json(answer, json);
        return status;
    case SESSION_ASK_PROGRESS:
        status = session_json_progress(&json, folder, job->query.participant, &job->permission,
                                       now_unix_s(), error);
        shelf_answer_json(answer, json);
        return status;
    case SESSION_ASK_COMPARE:
        return answer_compare(folder, job, answer, error);
    default:
        return answer_one(lane->shelf, folder, job, answer, error);
    }
}

/* ---- the worker ---- */

static void pack(struct shelf_answer *answer)
{
    uLong n_bound = compressBound(answer->n_body) + 32;
    unsigned char *packed = malloc(n_bound);
    z_stream stream = {.next_in = (unsigned char *)answer->body,
                       .avail_in = (uInt)answer->n_body,
                       .next_out = packed,
                       .avail_out = (uInt)n_bound};
    /* 15 + 16: with the head of gzip. Level 4: a page waits. */
    bool is_good =
        packed && deflateInit2(&stream, 4, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    if (is_good) {
        is_good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
        (void)deflateEnd(&stream);
    }
    if (!is_good) {
        free(packed);
        return;
    }
    free(answer->body);
    answer->body = (char *)packed;
    answer->n_body = stream.total_out;
    answer->is_gzip = true;
}

static void work(void *argument, const void *job_given, void *answer_given)
{
    struct lane *lane = argument;
    const struct shelf_job *job = job_given;
    struct shelf_answer *answer = answer_given;
    struct thenar_error error = {.text = "out of memory"};
    *answer = (struct shelf_answer){.number = job->number, .fd = -1};
    if (atomic_load(&lane->shelf->forgotten[job->number % FORGOTTEN]) == job->number)
        return;
    enum thenar_status status = answer_any(lane, job, answer, &error);
    if (status != THENAR_OK) {
        if (answer->fd >= 0)
            (void)close(answer->fd);
        answer->fd = -1;
        shelf_answer_error(answer, status, &error);
    }
    if (answer->body && job->takes_gzip && answer->n_body > SMALL_BYTES)
        pack(answer);
}

static enum thenar_status open_lane(struct shelf *shelf, size_t i, struct thenar_error *error)
{
    struct lane *lane = &shelf->lanes[i];
    lane->shelf = shelf;
    const struct worker_options options = {.name = "sessions",
                                           .n_most = SHELF_WAITING_MAX,
                                           .job_bytes = sizeof(struct shelf_job),
                                           .answer_bytes = sizeof(struct shelf_answer),
                                           .work = work,
                                           .work_argument = lane,
                                           .wake = shelf->options.wake,
                                           .wake_argument = shelf->options.wake_argument};
    return worker_create(&lane->worker, &options, error);
}

enum thenar_status shelf_create(struct shelf **out, const struct shelf_options *options,
                                struct thenar_error *error)
{
    *out = NULL;
    struct shelf *shelf = calloc(1, sizeof *shelf);
    struct timespec now;
    if (!shelf)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the sessions");
    (void)clock_gettime(CLOCK_REALTIME, &now);
    shelf->options = *options;
    shelf->began = (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < N_LANES && status == THENAR_OK; i++)
        status = open_lane(shelf, i, error);
    if (status != THENAR_OK) {
        shelf_destroy(shelf);
        return status;
    }
    *out = shelf;
    return THENAR_OK;
}

void shelf_stop(struct shelf *shelf)
{
    for (size_t i = 0; shelf && i < N_LANES; i++)
        if (shelf->lanes[i].worker)
            worker_stop(shelf->lanes[i].worker);
}

void shelf_destroy(struct shelf *shelf)
{
    struct shelf_answer answer;
    if (!shelf)
        return;
    shelf_stop(shelf);
    while (shelf_pop(shelf, &answer))
        shelf_answer_finish(&answer);
    for (size_t i = 0; i < N_LANES; i++)
        worker_destroy(shelf->lanes[i].worker);
    free(shelf);
}

bool shelf_push(struct shelf *shelf, const struct shelf_job *job)
{
    size_t lane = job->query.question == SESSION_ASK_CSV ? LANE_EXPORTS : LANE_PAGES;
    return worker_push(shelf->lanes[lane].worker, job);
}

void shelf_forget(struct shelf *shelf, uint64_t number)
{
    atomic_store(&shelf->forgotten[number % FORGOTTEN], number);
}

bool shelf_pop(struct shelf *shelf, struct shelf_answer *answer)
{
    bool found = false;
    for (size_t i = 0; i < N_LANES && !found; i++)
        found = shelf->lanes[i].worker && worker_pop(shelf->lanes[i].worker, answer);
    return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The class within the gateway: its file, its requests and replies, what pages are sent of it. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "class_json.h"
#include "gateway_class.h"

#define CALL_S 8.0f
#define RETRY_S 10.0
#define LISTEN_S 5.0 /* after the start: what still goes on has been heard by then */

struct save_job {
    const char *text; /* gateway_class.saving, which stays until the answer came */
    char path[CLASS_FILE_PATH_BYTES];
};

struct save_answer {
    bool is_well;
    char text[THENAR_ERROR_TEXT_BYTES];
};

static double unix_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- begin and end */

static void save(void *argument, const void *job, void *answer)
{
    (void)argument;
    const struct save_job *save_job = job;
    struct save_answer *save_answer = answer;
    struct thenar_error error = {0};
    save_answer->is_well = class_file_write(save_job->path, save_job->text, &error) == THENAR_OK;
    memcpy(save_answer->text, error.text, sizeof save_answer->text);
}

static void wake(void *argument)
{
    struct gateway *gateway = argument;
    lws_cancel_service(gateway->context);
}

static enum thenar_status read_rubric(const struct gateway_options *options, struct rubric *rubric,
                                      struct thenar_error *error)
{
    char path[CLASS_FILE_PATH_BYTES];
    if (options->rubric_path)
        return rubric_load(options->rubric_path, rubric, error);
    rubric_default_path(path, sizeof path);
    enum thenar_status status = path[0] ? rubric_load(path, rubric, error) : THENAR_ERR_ABSENT;
    return status == THENAR_ERR_ABSENT
               ? rubric_parse(rubric_default_text(), "the built-in rubric", rubric, error)
               : status;
}

enum thenar_status gateway_class_start(struct gateway *gateway, struct thenar_error *error)
{
    struct gateway_class *own = calloc(1, sizeof *own);
    if (!own)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the class");
    gateway->classroom = own;
    own->room.version = 1;
    own->read_s = gateway_now_s() + LISTEN_S;
    if (gateway->options->class_path)
        (void)snprintf(own->path, sizeof own->path, "%s", gateway->options->class_path);
    else
        class_file_default(own->path, sizeof own->path);
    if (sodium_init() < 0)
        return thenar_fail(error, THENAR_ERR_OS, "libsodium cannot start");
    enum thenar_status status = read_rubric(gateway->options, &own->rubric, error);
    if (status == THENAR_OK && own->path[0])
        status = class_file_load(own->path, &own->room.book, error);
    for (size_t i = 0; i < own->room.book.n_sessions; i++)
        own->room.book.sessions[i].is_closed = true; /* those that still go on will be heard */
    if (status == THENAR_OK)
        status = worker_create(&own->saver,
                               &(struct worker_options){.name = "the class file",
                                                        .n_most = 1,
                                                        .job_bytes = sizeof(struct save_job),
                                                        .answer_bytes = sizeof(struct save_answer),
                                                        .work = save,
                                                        .wake = wake,
                                                        .wake_argument = gateway},
                               error);
    return status;
}

/* One save at a time; what changes meanwhile is in the next one. */
static void save_when_due(struct gateway_class *own)
{
    struct save_answer answer;
    if (worker_pop(own->saver, &answer)) {
        free(own->saving);
        own->saving = NULL;
        if (strcmp(own->fault, answer.text) != 0)
            own->room.version++;
        memcpy(own->fault, answer.text, sizeof own->fault);
        own->room.is_unsaved |= !answer.is_well;
        own->retry_s = answer.is_well ? 0 : gateway_now_s() + RETRY_S;
    }
    if (!own->room.is_unsaved || own->saving || !own->path[0] || gateway_now_s() < own->retry_s)
        return;
    struct save_job job = {.text = class_file_text(&own->room.book)};
    (void)snprintf(job.path, sizeof job.path, "%s", own->path);
    own->saving = (char *)job.text;
    if (own->saving && worker_push(own->saver, &job))
        own->room.is_unsaved = false;
}

void gateway_class_stop(struct gateway *gateway)
{
    if (gateway->classroom && gateway->classroom->saver)
        worker_stop(gateway->classroom->saver);
}

static void save_last(const struct gateway_class *own)
{
    struct thenar_error error;
    char *text = class_file_text(&own->room.book);
    if (text && class_file_write(own->path, text, &error) != THENAR_OK)
        (void)fprintf(stderr, "thenar-web: %s\n", error.text);
    free(text);
}

void gateway_class_finish(struct gateway *gateway)
{
    struct gateway_class *own = gateway->classroom;
    if (!own)
        return;
    if (own->path[0] && (own->room.is_unsaved || own->saving))
        save_last(own); /* whether the saver was done or not */
    worker_destroy(own->saver);
    free(own->saving);
    classroom_finish(&own->room);
    sodium_memzero(&own->joins, sizeof own->joins);
    free(own);
    gateway->classroom = NULL;
}

/* ---- daemons */

void gateway_class_take(struct gateway *gateway, const struct thenar_feed_message *message)
{
    classroom_take(&gateway->classroom->room, message, unix_s());
}

void gateway_class_take_reply(struct gateway *gateway, const struct errand_reply *reply)
{
    classroom_take_reply(&gateway->classroom->room, reply->id, reply->json);
}

static void send_waiting(struct gateway *gateway)
{
    struct classroom *room = &gateway->classroom->room;
    struct classroom_command command;
    while (classroom_next(room, &command)) {
        const struct hub_device *device = hub_find_station(&gateway->hub, command.station);
        const struct errand errand = {.viewer = GATEWAY_CLASS_VIEWER,
                                      .id = command.errand,
                                      .daemon = device ? device->daemon : 0,
                                      .request = command.control};
        if (!device) {
            classroom_take_reply(room, command.errand,
                                 "{\"id\":0,\"ok\":false,\"error\":\"this table has not been heard "
                                 "of since the gateway started\"}");
        } else if (!errands_push(gateway->errands, &errand)) {
            classroom_unsend(room, command.errand); /* full: at the next tick */
            return;
        }
    }
}

void gateway_class_tick(struct gateway *gateway)
{
    classroom_tick(&gateway->classroom->room, unix_s());
    send_waiting(gateway);
    gateway_catch_up_tick(gateway);
    save_when_due(gateway->classroom);
}

/* Each device of the tables blinks; one that cannot is no fault of the class. */
static void blink(struct gateway *gateway, const char *station)
{
    for (size_t i = 0; i < gateway->hub.n_devices; i++) {
        const struct hub_device *device = gateway->hub.devices[i];
        struct errand errand = {.viewer = GATEWAY_CLASS_VIEWER, .daemon = device->daemon};
        if (station[0] && strcmp(device->station, station) != 0)
            continue;
        thenar_control_request_clear(&errand.request);
        errand.request.command = THENAR_CONTROL_IDENTIFY;
        errand.request.span_s = CALL_S;
        (void)snprintf(errand.request.device, sizeof errand.request.device, "%s", device->name);
        if (!errands_push(gateway->errands, &errand))
            return;
    }
}

/* ---- what the instructor asks */

static void answer_json(struct gateway_viewer *viewer, uint64_t id, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    if (text)
        gateway_socket_reply(viewer, id, text);
    json_decref(json);
    free(text);
}

static void refuse(struct gateway_viewer *viewer, uint64_t id, const char *sentence)
{
    answer_json(viewer, id, json_pack("{s:b, s:s}", "ok", 0, "error", sentence));
}

/* What was before a new class is kept beside its file. The loop waits for the disk this once. */
static enum thenar_status begin_class(struct gateway_class *own,
                                      const struct class_request *request,
                                      struct thenar_error *error)
{
    const struct class_book *book = &own->room.book;
    enum thenar_status status = THENAR_OK;
    if (own->path[0] && book->n_sessions > 0) {
        char kept[CLASS_FILE_PATH_BYTES];
        char *text = class_file_text(book);
        class_file_kept(own->path, book->began_unix_s, kept, sizeof kept);
        status = text ? class_file_write(kept, text, error)
                      : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the class");
        free(text);
    }
    struct class_request begin = {.act = CLASS_BEGIN};
    memcpy(begin.title, request->title, sizeof begin.title);
    return status == THENAR_OK ? classroom_do(&own->room, &begin, unix_s(), error) : status;
}

static enum thenar_status do_request(struct gateway *gateway, const struct gateway_viewer *viewer,
                                     const struct class_request *request, json_t **reply,
                                     struct thenar_error *error)
{
    struct gateway_class *own = gateway->classroom;
    enum thenar_status status = THENAR_OK;
    if (!permission_teaches(&viewer->permission))
        return thenar_fail(error, THENAR_ERR_DENIED, "the class is the instructor's to lead");
    if (request->act == CLASS_JOIN)
        return gateway_join_offer(gateway, viewer, request->station, reply, error);
    if (request->act == CLASS_JUDGE && request->criterion[0] &&
        (!rubric_find(&own->rubric, request->criterion) || request->level > own->rubric.n_levels))
        return thenar_fail(error, THENAR_ERR_VALUE, "the rubric has no '%s' with level %u",
                           request->criterion, request->level);
    bool must_begin = request->act == CLASS_START && !class_book_is_on(&own->room.book);
    if (request->act == CLASS_BEGIN || must_begin)
        status = begin_class(own, request, error);
    if (status == THENAR_OK && request->act != CLASS_BEGIN)
        status = classroom_do(&own->room, request, unix_s(), error);
    if (status == THENAR_OK && request->act == CLASS_END)
        gateway_join_end(gateway);
    if (status == THENAR_OK && request->act == CLASS_CALL)
        blink(gateway, request->station);
    return status;
}

void gateway_class_request(struct gateway *gateway, struct gateway_viewer *viewer, uint64_t id,
                           const struct class_request *request)
{
    struct thenar_error error = {0};
    json_t *reply = NULL;
    if (do_request(gateway, viewer, request, &reply, &error) == THENAR_OK)
        answer_json(viewer, id, reply ? reply : json_pack("{s:b}", "ok", 1));
    else
        refuse(viewer, id, error.text);
    send_waiting(gateway);
}

/* ---- what pages are sent */

bool gateway_class_is_due(const struct gateway *gateway, const struct gateway_viewer *viewer)
{
    return viewer->viewer.wish.classroom &&
           viewer->class_version != gateway->classroom->room.version &&
           (viewer->permission.station[0] || permission_teaches(&viewer->permission));
}

static size_t write_class(const struct gateway_class *own, const char *station, bool with_words,
                          char *text, size_t n_space)
{
    json_t *json = station[0] ? classroom_json_of(&own->room, station)
                              : classroom_json(&own->room, with_words);
    if (json && !station[0] && own->fault[0])
        (void)json_object_set_new(json, "fault", json_string(own->fault));
    json_t *message = json ? json_pack("[{s:s, s:o}]", "topic", "class", "data", json) : NULL;
    size_t n_text = message ? json_dumpb(message, text, n_space, JSON_COMPACT) : 0;
    json_decref(message);
    return n_text <= n_space ? n_text : 0;
}

size_t gateway_class_write(struct gateway *gateway, struct gateway_viewer *viewer, char *text,
                           size_t n_space)
{
    const struct gateway_class *own = gateway->classroom;
    const struct permission *permission = &viewer->permission;
    /* At the gateway's own machine a page may show one table, as a tablet there does. */
    const char *station =
        permission->station[0] ? permission->station : viewer->viewer.wish.station;
    viewer->class_version = own->room.version;
    size_t n_text = write_class(own, station, true, text, n_space);
    return n_text ? n_text : write_class(own, station, false, text, n_space); /* a large class */
}

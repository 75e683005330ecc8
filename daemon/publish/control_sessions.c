/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_sessions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/plan_folder.h"
#include "session/session_convert.h"

enum { PATIENCE_MS = 8000 };
static const float WAIT_S = 1800; /* for the first touch, unless the request says how long */

static void fill(struct recorder *recorder, struct thenar_control_reply *reply)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
#define COPY(to, from) (void)snprintf(reply->to, sizeof reply->to, "%.255s", from)
    COPY(session, state.id);
    COPY(session_state, state.state);
    COPY(session_reason, state.reason);
    COPY(participant, state.about.participant);
    COPY(operator_id, state.about.operator_id);
    COPY(plan, state.about.plan);
    COPY(sessions, recorder_folder(recorder));
    COPY(folder, state.folder);
#undef COPY
    reply->length_s = state.id[0] ? (float)state.length_s : NAN;
    reply->files = state.n_files_begun;
    reply->frames = state.n_frames;
    reply->lost = state.n_lost;
    reply->lost_disk = state.n_lost_disk;
    reply->gaps = state.n_gaps;
    reply->size_bytes = state.size_bytes;
    reply->free_bytes = state.free_bytes == UINT64_MAX ? 0 : state.free_bytes;
}

/* The file of a plan, which goes into the session: without it nobody could tell later what was
 * wanted. */
static enum thenar_status read_plan(char name[static SESSION_PLAN_BYTES], char **text,
                                    struct thenar_error *error)
{
    struct plan_folders *folders = malloc(sizeof *folders);
    struct plan *plan = malloc(sizeof *plan);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (folders && plan) {
        plan_folders_init(folders);
        status = plan_folders_read_text(folders, name, plan, text, error);
        if (status == THENAR_OK) /* it may have been a path */
            session_convert_text(name, SESSION_PLAN_BYTES, plan->name);
    } else {
        (void)thenar_fail(error, status, "out of memory for a plan");
    }
    free(folders);
    free(plan);
    return status;
}

static enum thenar_status begin(struct recorder *recorder,
                                const struct thenar_control_request *request,
                                struct thenar_error *error)
{
    struct session_about about = {0};
    session_convert_text(about.participant, sizeof about.participant, request->participant);
    session_convert_text(about.operator_id, sizeof about.operator_id, request->operator_id);
    session_convert_text(about.plan, sizeof about.plan, request->plan);
    session_convert_text(about.note, sizeof about.note, request->note);
    char *plan_text = NULL;
    enum thenar_status status = THENAR_OK;
    float wait_s = isnan(request->wait_s) ? WAIT_S : request->wait_s;
    if (!(wait_s > 0 && wait_s <= 86400))
        return thenar_fail(error, THENAR_ERR_VALUE, "\"wait_s\" must be above 0 and at most 86400");
    if (about.plan[0])
        status = read_plan(about.plan, &plan_text, error);
    if (status == THENAR_OK)
        status = recorder_begin(recorder, &about, plan_text,
                                request->on_contact ? (double)wait_s : 0, error);
    free(plan_text);
    return status;
}

static void tell(struct control_desk *desk, const struct control_client *client,
                 const struct thenar_control_request *request)
{
    struct thenar_control_reply reply;
    thenar_control_reply_clear(&reply);
    reply.id = request->id;
    fill(desk->view.recorder, &reply);
    control_desk_reply(desk, client, request->command, &reply);
}

/* ---- one step after the other ---- */

/* Every device is told; when all have answered, the recorder is waited for. */
static void tell_devices(struct control_desk *desk, const struct control_client *client,
                         const struct thenar_control_request *request,
                         enum device_command_kind kind)
{
    struct control_pending *pending = control_desk_keep(desk, client, request, PATIENCE_MS);
    struct device_command command = control_desk_letter(desk, kind, (double)NAN);
    command.ticket = pending ? pending->ticket : 0;
    unsigned n_told = 0;
    for (size_t i = 0; i < desk->view.n_devices; i++)
        n_told += device_thread_command(desk->view.devices[i], &command);
    if (pending) {
        pending->n_awaited = n_told;
        pending->is_for_recorder = n_told == 0;
    }
    if (kind == DEVICE_RECORD_END && (n_told == 0 || !pending))
        recorder_end(desk->view.recorder);
}

bool control_sessions_answered(struct control_desk *desk, struct control_pending *pending,
                               const struct device_answer *answer)
{
    bool is_start = pending->request.command == THENAR_CONTROL_SESSION_START;
    if (!is_start && pending->request.command != THENAR_CONTROL_SESSION_STOP)
        return false;
    pending->n_files += answer->value > 0;
    pending->is_for_recorder = --pending->n_awaited == 0;
    if (pending->is_for_recorder && !is_start)
        recorder_end(desk->view.recorder);
    return true;
}

/* Without anybody who waits for an answer. */
static void end(struct control_desk *desk)
{
    const struct device_command command = {.kind = DEVICE_RECORD_END};
    for (size_t i = 0; i < desk->view.n_devices; i++)
        (void)!device_thread_command(desk->view.devices[i], &command);
    recorder_end(desk->view.recorder);
}

/* Not one file could be made: the session ends before it began. */
static void give_up(struct control_desk *desk, const struct control_pending *pending,
                    const char *reason)
{
    control_desk_refuse(desk, &pending->client, pending->request.id, reason);
    end(desk);
}

static void look(struct control_desk *desk, struct control_pending *pending)
{
    struct recorder_state state;
    recorder_state(desk->view.recorder, &state);
    bool is_start = pending->request.command == THENAR_CONTROL_SESSION_START;
    bool is_through = is_start ? state.n_files_begun + state.n_files_failed >= pending->n_files
                               : !state.is_recording;
    if (!is_through)
        return;
    pending->is_used = false;
    if (is_start && pending->n_files > 0 && state.n_files_begun == 0)
        give_up(desk, pending, state.reason);
    else
        tell(desk, &pending->client, &pending->request);
}

void control_sessions_look(struct control_desk *desk)
{
    for (size_t i = 0; i < CONTROL_PENDING_MAX; i++)
        if (desk->pendings[i].is_used && desk->pendings[i].is_for_recorder)
            look(desk, &desk->pendings[i]);
    struct recorder_state state;
    recorder_state(desk->view.recorder, &state);
    if (state.is_overdue && !state.is_ending)
        end(desk);
}

/* ---- requests ---- */

/* Whether one goes on that can be stopped, or written into. */
static enum thenar_status check(struct recorder *recorder, struct thenar_error *error)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
    if (!state.is_recording)
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "no session goes on; `thenar session start` begins one");
    if (state.is_ending)
        return thenar_fail(error, THENAR_ERR_BUSY, "session %s is being closed", state.id);
    return THENAR_OK;
}

/* Notes lie in the files of the devices: where there is none yet, one would be lost. */
static enum thenar_status check_note(struct recorder *recorder, const char *text,
                                     struct thenar_error *error)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
    if (text[strspn(text, " \t\r\n")] == '\0')
        return thenar_fail(error, THENAR_ERR_VALUE, "the note is empty");
    if (state.n_files_open == 0)
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "no device is being recorded, and a note needs the file of one: note it "
                           "again when one is there");
    return THENAR_OK;
}

static enum thenar_status write_note(struct control_desk *desk, const char *text,
                                     struct thenar_error *error)
{
    enum thenar_status status = check_note(desk->view.recorder, text, error);
    if (status != THENAR_OK)
        return status;
    struct device_command command = {.kind = DEVICE_NOTE};
    session_convert_text(command.text, sizeof command.text, text);
    bool is_written = desk->view.n_devices > 0;
    for (size_t i = 0; i < desk->view.n_devices; i++)
        is_written &= device_thread_command(desk->view.devices[i], &command);
    return is_written ? THENAR_OK
                      : thenar_fail(error, THENAR_ERR_BUSY,
                                    desk->view.n_devices ? "a device has too many commands waiting"
                                                         : "there is no device yet");
}

void control_sessions_execute(struct control_desk *desk, const struct control_client *client,
                              const struct thenar_control_request *request)
{
    struct thenar_error error = {0};
    struct recorder *recorder = desk->view.recorder;
    enum thenar_status status = THENAR_OK;
    bool is_start = request->command == THENAR_CONTROL_SESSION_START;
    if (is_start)
        status = begin(recorder, request, &error);
    else if (request->command != THENAR_CONTROL_SESSION)
        status = check(recorder, &error);
    if (status == THENAR_OK && request->command == THENAR_CONTROL_SESSION_NOTE)
        status = write_note(desk, request->note, &error);
    if (status != THENAR_OK)
        control_desk_refuse(desk, client, request->id, error.text);
    else if (is_start || request->command == THENAR_CONTROL_SESSION_STOP)
        tell_devices(desk, client, request, is_start ? DEVICE_RECORD : DEVICE_RECORD_END);
    else
        tell(desk, client, request);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_desk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum thenar_status control_desk_init(struct control_desk *desk, const struct control_view *view)
{
    desk->view = *view;
    desk->start_ns = moment_monotonic_ns();
    size_t n_most = view->n_most > THENAR_FOUND_MAX ? view->n_most : THENAR_FOUND_MAX;
    desk->n_text_space = (1 + n_most) * THENAR_PAYLOAD_BYTES;
    desk->text = malloc(desk->n_text_space);
    desk->states = calloc(view->n_most, sizeof *desk->states);
    return desk->text && desk->states ? THENAR_OK : THENAR_ERR_MEMORY;
}

void control_desk_finish(struct control_desk *desk)
{
    free(desk->states);
    free(desk->text);
}

struct publisher_counts control_desk_look(struct control_desk *desk)
{
    struct publisher_counts counts;
    publisher_states(desk->view.publisher, desk->states, &counts);
    return counts;
}

/* ---- replies ---- */

void control_desk_refuse(struct control_desk *desk, const struct control_client *client,
                         uint64_t id, const char *sentence)
{
    size_t n_text;
    if (thenar_control_error_encode(id, sentence, desk->text, desk->n_text_space, &n_text) ==
        THENAR_OK)
        control_socket_send(&desk->socket, client, desk->text, n_text);
}

void control_desk_send(struct control_desk *desk, const struct control_client *client, uint64_t id,
                       enum thenar_status status, size_t n_text)
{
    if (status == THENAR_OK)
        control_socket_send(&desk->socket, client, desk->text, n_text);
    else
        control_desk_refuse(desk, client, id, "the reply could not be written; this is a defect");
}

void control_desk_reply(struct control_desk *desk, const struct control_client *client,
                        enum thenar_control_command command, struct thenar_control_reply *reply)
{
    size_t n_text = 0;
    reply->ok = true;
    enum thenar_status status = thenar_control_reply_encode(
        command, reply, NULL, NULL, 0, desk->text, desk->n_text_space, &n_text);
    control_desk_send(desk, client, reply->id, status, n_text);
}

size_t control_desk_device(struct control_desk *desk, const struct control_client *client,
                           const struct thenar_control_request *request)
{
    const struct publisher_device *devices = desk->view.publisher_devices;
    const size_t n = desk->view.n_devices;
    for (size_t i = 0; i < n; i++)
        if (strcmp(devices[i].name, request->device) == 0)
            return i;
    char sentence[400];
    size_t used = (size_t)snprintf(sentence, sizeof sentence, "no device '%s' here; there %s",
                                   request->device, n == 1 ? "is" : "are");
    for (size_t i = 0; i < n && used < sizeof sentence; i++)
        used += (size_t)snprintf(sentence + used, sizeof sentence - used, "%s %s", i ? "," : "",
                                 devices[i].name);
    control_desk_refuse(desk, client, request->id, sentence);
    return n;
}

/* ---- requests that wait ---- */

struct control_pending *control_desk_keep(struct control_desk *desk,
                                          const struct control_client *client,
                                          const struct thenar_control_request *request,
                                          int patience_ms)
{
    struct control_pending *pending = desk->pendings;
    while (pending < desk->pendings + CONTROL_PENDING_MAX && pending->is_used)
        pending++;
    if (pending == desk->pendings + CONTROL_PENDING_MAX) {
        control_desk_refuse(desk, client, request->id,
                            "too many requests wait; try again in a moment");
        return NULL;
    }
    memset(pending, 0, sizeof *pending);
    pending->is_used = true;
    pending->client = *client;
    pending->request = *request;
    pending->ticket = ++desk->last_ticket;
    pending->patience_ms = patience_ms;
    pending->deadline_ns = moment_monotonic_ns() + (int64_t)patience_ms * NS_PER_MS;
    thenar_control_reply_clear(&pending->reply);
    pending->reply.id = request->id;
    return pending;
}

struct device_command control_desk_letter(const struct control_desk *desk,
                                          enum device_command_kind kind, double value)
{
    struct device_command command = {.kind = kind, .value = value};
    memcpy(command.text, desk->request_text, sizeof desk->request_text);
    return command;
}

void control_desk_write_down(struct control_desk *desk,
                             const struct thenar_control_request *request)
{
    struct device_command command = control_desk_letter(desk, DEVICE_WRITE_DOWN, (double)NAN);
    (void)snprintf(command.name, sizeof command.name, "%s",
                   thenar_control_command_name(request->command));
    for (size_t i = 0; i < desk->view.n_devices; i++)
        (void)!device_thread_command(desk->view.devices[i], &command);
}

struct control_pending *control_desk_pending(struct control_desk *desk, uint32_t ticket)
{
    for (size_t i = 0; i < CONTROL_PENDING_MAX; i++)
        if (desk->pendings[i].is_used && desk->pendings[i].ticket == ticket)
            return &desk->pendings[i];
    return NULL;
}

void control_desk_give_up_late(struct control_desk *desk)
{
    int64_t now_ns = moment_monotonic_ns();
    for (size_t i = 0; i < CONTROL_PENDING_MAX; i++) {
        struct control_pending *pending = &desk->pendings[i];
        if (!pending->is_used || now_ns < pending->deadline_ns)
            continue;
        char sentence[96];
        (void)snprintf(sentence, sizeof sentence, "the %s did not answer within %d s%s",
                       pending->is_for_recorder ? "recorder" : "device",
                       pending->patience_ms / 1000,
                       pending->is_for_recorder ? ": the disk is slow; it goes on" : "");
        if (pending->request.command == THENAR_CONTROL_SESSION_STOP)
            recorder_end(desk->view.recorder);
        control_desk_refuse(desk, &pending->client, pending->request.id, sentence);
        pending->is_used = false;
    }
}

int control_desk_patience_ms(const struct control_desk *desk)
{
    int64_t next_ns = INT64_MAX;
    for (size_t i = 0; i < CONTROL_PENDING_MAX; i++)
        if (desk->pendings[i].is_used && desk->pendings[i].deadline_ns < next_ns)
            next_ns = desk->pendings[i].deadline_ns;
    if (next_ns == INT64_MAX)
        return -1;
    int64_t left_ns = next_ns - moment_monotonic_ns();
    return left_ns < 0 ? 0 : (int)(left_ns / NS_PER_MS) + 1;
}

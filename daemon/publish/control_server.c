/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_server.h"

#include <stdlib.h>
#include <string.h>

#include "control_commands.h"
#include "control_sessions.h"

struct control_server {
    struct control_desk desk;
};

static bool on_request(struct control_desk *desk, const struct control_client *client,
                       const char *text, size_t n_text)
{
    struct thenar_control_request request;
    struct thenar_error error = {0};
    size_t n_kept = n_text < sizeof desk->request_text ? n_text : sizeof desk->request_text - 1;
    memset(desk->request_text, 0, sizeof desk->request_text);
    memcpy(desk->request_text, text, n_kept);
    if (thenar_control_request_decode(text, n_text, &request, &error) == THENAR_OK)
        return control_commands_execute(desk, client, &request);
    control_desk_refuse(desk, client, request.id, error.text);
    return false;
}

bool control_server_execute(struct control_server *server, int *timeout_ms)
{
    struct control_desk *desk = &server->desk;
    struct device_answer answer;
    for (size_t i = 0; i < desk->view.n_devices; i++)
        while (device_thread_answer(desk->view.devices[i], &answer))
            control_commands_answered(desk, i, &answer);
    control_sessions_look(desk);
    control_desk_give_up_late(desk);
    /* Last, and until nothing is there: ZMQ_FD tells of changes only, and sending hides them. */
    bool is_shutdown = false;
    enum thenar_status status;
    struct control_client client;
    const char *text;
    size_t n_text;
    while ((status = control_socket_receive(&desk->socket, &client, &text, &n_text)) !=
           THENAR_PENDING) {
        if (status == THENAR_OK)
            is_shutdown |= on_request(desk, &client, text, n_text);
        else
            control_desk_refuse(desk, &client, 0, "a request is one part of JSON");
    }
    *timeout_ms = control_desk_patience_ms(desk);
    return is_shutdown;
}

enum thenar_status control_server_create(struct control_server **out, void *context,
                                         const struct feed_place *place,
                                         const struct control_view *view,
                                         struct thenar_error *error)
{
    struct control_server *server = calloc(1, sizeof *server);
    enum thenar_status status = server ? control_desk_init(&server->desk, view) : THENAR_ERR_MEMORY;
    if (status != THENAR_OK)
        (void)thenar_fail(error, status, "out of memory for the control socket");
    else
        status = control_socket_open(&server->desk.socket, context, place, error);
    if (status != THENAR_OK) {
        control_server_destroy(server);
        return status;
    }
    *out = server;
    return THENAR_OK;
}

void control_server_add_device(struct control_server *server)
{
    server->desk.view.n_devices++;
}

void control_server_destroy(struct control_server *server)
{
    if (!server)
        return;
    control_socket_close(&server->desk.socket);
    control_desk_finish(&server->desk);
    free(server);
}

const char *control_server_address(const struct control_server *server)
{
    return server->desk.socket.address;
}

int control_server_fd(const struct control_server *server)
{
    return control_socket_fd(&server->desk.socket);
}

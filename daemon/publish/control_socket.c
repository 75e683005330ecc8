/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control_socket.h"

#include <stdint.h>
#include <string.h>

enum { LINGER_MS = 200, PARTS_MAX = 8 };

/* Up to here a request is refused with words; a longer one is cut off. */
static const int64_t LARGEST_BYTES = 1024 * 1024;

enum thenar_status control_socket_open(struct control_socket *socket, void *context,
                                       const struct feed_place *place, struct thenar_error *error)
{
    int linger_ms = LINGER_MS;
    socket->socket = zmq_socket(context, ZMQ_ROUTER);
    if (!socket->socket)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the control socket");
    (void)zmq_setsockopt(socket->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    (void)zmq_setsockopt(socket->socket, ZMQ_MAXMSGSIZE, &LARGEST_BYTES, sizeof LARGEST_BYTES);
    return feed_address_bind(socket->socket, "control", place, socket->address,
                             sizeof socket->address, error);
}

static void drop_letter(struct control_socket *socket)
{
    if (socket->has_letter)
        zmq_msg_close(&socket->letter);
    socket->has_letter = false;
}

void control_socket_close(struct control_socket *socket)
{
    feed_address_remove(socket->address);
    drop_letter(socket);
    if (socket->socket)
        zmq_close(socket->socket);
    socket->socket = NULL;
}

int control_socket_fd(const struct control_socket *socket)
{
    int fd = -1;
    size_t n = sizeof fd;
    (void)zmq_getsockopt(socket->socket, ZMQ_FD, &fd, &n);
    return fd;
}

/* All parts of one message; those over PARTS_MAX are dropped. Returns how many; 0: nothing. */
static size_t receive_parts(void *socket, zmq_msg_t *parts)
{
    size_t n_parts = 0;
    for (bool more = true; more;) {
        zmq_msg_t extra, *part = n_parts < PARTS_MAX ? &parts[n_parts] : &extra;
        zmq_msg_init(part);
        if (zmq_msg_recv(part, socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(part);
            break;
        }
        more = zmq_msg_more(part);
        if (n_parts < PARTS_MAX)
            n_parts++;
        else
            zmq_msg_close(&extra);
    }
    return n_parts;
}

/* Identity, perhaps an empty part, the request. THENAR_PENDING: nobody could be answered. */
static enum thenar_status open_envelope(struct control_socket *socket, zmq_msg_t *parts,
                                        size_t n_parts, struct control_client *client)
{
    if (n_parts < 2 || zmq_msg_size(&parts[0]) > CONTROL_CLIENT_BYTES)
        return THENAR_PENDING;
    client->n_identity = zmq_msg_size(&parts[0]);
    memcpy(client->identity, zmq_msg_data(&parts[0]), client->n_identity);
    client->has_delimiter = n_parts > 2 && zmq_msg_size(&parts[1]) == 0;
    size_t body = client->has_delimiter ? 2 : 1;
    if (n_parts != body + 1)
        return THENAR_ERR_LENGTH;
    zmq_msg_init(&socket->letter);
    zmq_msg_move(&socket->letter, &parts[body]);
    socket->has_letter = true;
    return THENAR_OK;
}

enum thenar_status control_socket_receive(struct control_socket *socket,
                                          struct control_client *client, const char **text,
                                          size_t *n_text)
{
    enum thenar_status status = THENAR_PENDING;
    drop_letter(socket);
    while (status == THENAR_PENDING) {
        zmq_msg_t parts[PARTS_MAX];
        size_t n_parts = receive_parts(socket->socket, parts);
        if (n_parts == 0)
            return THENAR_PENDING;
        status = open_envelope(socket, parts, n_parts, client);
        for (size_t i = 0; i < n_parts; i++)
            zmq_msg_close(&parts[i]);
    }
    if (status == THENAR_OK) {
        *text = zmq_msg_data(&socket->letter);
        *n_text = zmq_msg_size(&socket->letter);
    }
    return status;
}

void control_socket_send(struct control_socket *socket, const struct control_client *client,
                         const char *text, size_t n_text)
{
    const int flags = ZMQ_DONTWAIT;
    if (zmq_send(socket->socket, client->identity, client->n_identity, ZMQ_SNDMORE | flags) < 0)
        return;
    if (client->has_delimiter)
        (void)zmq_send(socket->socket, "", 0, ZMQ_SNDMORE | flags);
    (void)zmq_send(socket->socket, text, n_text, flags);
}

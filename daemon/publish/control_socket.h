/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_socket.h - letters in and out of the control's ROUTER socket, with who sent them
 *
 * Knows ZeroMQ's envelopes and nothing of what is in the letters. Context: one thread */
#ifndef CONTROL_SOCKET_H
#define CONTROL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <zmq.h>

#include "error.h"
#include "feed_address.h"

enum { CONTROL_CLIENT_BYTES = 256 };

/* Who asked: the envelope that goes before the reply. */
struct control_client {
    size_t n_identity;
    unsigned char identity[CONTROL_CLIENT_BYTES];
    bool has_delimiter; /* a REQ socket puts an empty part before the request */
};

struct control_socket {
    void *socket;
    char address[256]; /* in force */
    zmq_msg_t letter;  /* the last one received */
    bool has_letter;
};

/**
 * @param context  of ZeroMQ, borrowed
 * @return THENAR_OK; THENAR_ERR_MEMORY; what feed_address_bind says
 */
THENAR_NODISCARD enum thenar_status control_socket_open(struct control_socket *socket,
                                                        void *context,
                                                        const struct feed_place *place,
                                                        struct thenar_error *error);

/** Close, and remove the address's file; a socket that was not opened (all zero) is allowed. */
void control_socket_close(struct control_socket *socket);

/** Becomes readable when something may have come; then receive until nothing is there. */
int control_socket_fd(const struct control_socket *socket);

/**
 * @param client  out: who sent it
 * @param text    out: [n_text] the request, borrowed until the next call
 * @return THENAR_OK; THENAR_PENDING nothing is there; THENAR_ERR_LENGTH it is not one part
 */
THENAR_NODISCARD enum thenar_status control_socket_receive(struct control_socket *socket,
                                                           struct control_client *client,
                                                           const char **text, size_t *n_text);

/** To a client that is gone, or does not read, the reply is dropped. Never blocks. */
void control_socket_send(struct control_socket *socket, const struct control_client *client,
                         const char *text, size_t n_text);

#endif

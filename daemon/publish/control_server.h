/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_server.h - requests and replies on a ROUTER socket (FEED.md, "Control")
 *
 * Lives in the main thread: control_socket -> control_commands -> control_desk -> control_socket.
 *
 * A request that a device must answer is kept until the answer comes, or three seconds have passed
 * (a self-test: eight); meanwhile other clients are served. What is malformed is answered with the
 * reason and forgotten. */
#ifndef CONTROL_SERVER_H
#define CONTROL_SERVER_H

#include "device/device_thread.h"
#include "feed_address.h"
#include "key_gate.h"
#include "publisher.h"
#include "recorder.h"

struct control_server;

/* What the server works on; all borrowed. */
struct control_view {
    const char *station;
    const char *feed; /* address in force */
    struct publisher *publisher;
    struct key_gate *gate; /* NULL: no keys */
    struct recorder *recorder;
    struct device_thread **devices;             /* [n_most] */
    struct publisher_device *publisher_devices; /* [n_most] names and rates */
    size_t n_devices, n_most;                   /* there now; there is room for */
};

THENAR_NODISCARD enum thenar_status control_server_create(struct control_server **out,
                                                          void *context,
                                                          const struct feed_place *place,
                                                          const struct control_view *view,
                                                          struct thenar_error *error);
void control_server_destroy(struct control_server *server);

/** One more is there, after publisher_add_device(). Context: the server's thread */
void control_server_add_device(struct control_server *server);

const char *control_server_address(const struct control_server *server);

/** Becomes readable when there may be something to do; then call execute. */
int control_server_fd(const struct control_server *server);

/**
 * Serve all that is there: requests, answers of devices, patience that ran out.
 * @param timeout_ms  out: call again after this at the latest; -1: no need
 * @return true when somebody asked for shutdown (already answered)
 */
bool control_server_execute(struct control_server *server, int *timeout_ms);

#endif

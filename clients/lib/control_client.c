/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "curve_client.h"
#include "thenar.h"

struct thenar_control {
    void *own_context;
    void *socket; /* DEALER: a request that nobody answers does not block the next, as in REQ */
    char address[THENAR_URI_BYTES];
    uint64_t id;
    char *json; /* the last reply, closed by a zero; NULL: none */
    size_t n_json;
};

static enum thenar_status os_fail(struct thenar_error *error, const char *what, const char *address)
{
    return thenar_fail(error, THENAR_ERR_OS, "%s '%s': %s", what, address, zmq_strerror(errno));
}

enum thenar_status thenar_control_open_in(struct thenar_control **out, void *zmq_context,
                                          const char *address, struct thenar_error *error)
{
    *out = NULL;
    if (!address)
        address = THENAR_CONTROL_ADDRESS;
    if (strlen(address) >= THENAR_URI_BYTES)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "address is longer than %d octets",
                           THENAR_URI_BYTES - 1);
    struct thenar_control *control = calloc(1, sizeof *control);
    if (!control)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    memcpy(control->address, address, strlen(address) + 1);
    enum thenar_status status = THENAR_OK;
    if (!zmq_context)
        zmq_context = control->own_context = zmq_ctx_new();
    control->socket = zmq_context ? zmq_socket(zmq_context, ZMQ_DEALER) : NULL;
    if (!control->socket) {
        status = os_fail(error, "cannot make a socket for", address);
        goto fail;
    }
    const int linger = 0;
    (void)zmq_setsockopt(control->socket, ZMQ_LINGER, &linger, sizeof linger);
    status = curve_client_prepare(control->socket, address, error);
    if (status != THENAR_OK)
        goto fail;
    if (zmq_connect(control->socket, address) != 0) {
        status = thenar_fail(error, THENAR_ERR_ARGUMENT,
                             "cannot connect to '%s': %s; addresses look like "
                             "tcp://127.0.0.1:9873 or ipc:///path",
                             address, zmq_strerror(errno));
        goto fail;
    }
    *out = control;
    return THENAR_OK;
fail:
    thenar_control_close(control);
    return status;
}

enum thenar_status thenar_control_open(struct thenar_control **out, const char *address,
                                       struct thenar_error *error)
{
    return thenar_control_open_in(out, NULL, address, error);
}

void thenar_control_close(struct thenar_control *control)
{
    if (!control)
        return;
    if (control->socket)
        (void)zmq_close(control->socket);
    if (control->own_context)
        (void)zmq_ctx_term(control->own_context);
    free(control->json);
    free(control);
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The last part of one reply (REQ's empty part may stand before it) into control->json. */
static enum thenar_status take_reply(struct thenar_control *control, struct thenar_error *error)
{
    for (int more = 1; more;) {
        zmq_msg_t part;
        (void)zmq_msg_init(&part);
        if (zmq_msg_recv(&part, control->socket, 0) < 0) {
            (void)zmq_msg_close(&part);
            return os_fail(error, "receiving from", control->address);
        }
        more = zmq_msg_more(&part);
        size_t n_json = zmq_msg_size(&part);
        char *json = realloc(control->json, n_json + 1);
        if (json) {
            memcpy(json, zmq_msg_data(&part), n_json);
            json[n_json] = '\0';
            control->json = json;
            control->n_json = n_json;
        }
        (void)zmq_msg_close(&part);
        if (!json)
            return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    return THENAR_OK;
}

static enum thenar_status wait_reply(struct thenar_control *control, uint64_t id, int timeout_ms,
                                     struct thenar_control_reply *reply, struct thenar_error *error)
{
    for (int64_t end_ms = now_ms() + timeout_ms;;) {
        int64_t left_ms = end_ms - now_ms();
        zmq_pollitem_t item = {.socket = control->socket, .events = ZMQ_POLLIN};
        int n_ready = zmq_poll(&item, 1, left_ms > 0 ? (long)left_ms : 0);
        if (n_ready < 0 && errno != EINTR)
            return os_fail(error, "waiting for", control->address);
        if (n_ready <= 0 && left_ms <= 0)
            return thenar_fail(error, THENAR_ERR_TIMEOUT, "no answer from '%s' within %.1f s",
                               control->address, timeout_ms / 1000.0);
        if (n_ready <= 0)
            continue;
        enum thenar_status status = take_reply(control, error);
        if (status == THENAR_OK)
            status = thenar_control_reply_decode(control->json, control->n_json, reply, NULL, NULL,
                                                 0, NULL, error);
        if (status != THENAR_OK || reply->id == id || reply->id == 0)
            return status;
    }
}

enum thenar_status thenar_control_send(struct thenar_control *control,
                                       struct thenar_control_request *request, int timeout_ms,
                                       const char **json, struct thenar_error *error)
{
    char text[THENAR_REQUEST_BYTES];
    size_t n_text;
    free(control->json);
    control->json = NULL;
    request->id = ++control->id;
    enum thenar_status status = thenar_control_request_encode(request, text, sizeof text, &n_text);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "the request lacks a field that its command needs");
    if (zmq_send(control->socket, "", 0, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(control->socket, text, n_text, ZMQ_DONTWAIT) < 0)
        return os_fail(error, "sending to", control->address);
    struct thenar_control_reply reply = {0};
    status = wait_reply(control, request->id, timeout_ms, &reply, error);
    if (status != THENAR_OK)
        return status;
    if (json)
        *json = control->json;
    if (!reply.ok)
        return thenar_fail(error, THENAR_ERR_DENIED, "%s", reply.error);
    return THENAR_OK;
}

enum thenar_status thenar_control_reply(struct thenar_control *control,
                                        struct thenar_control_reply *reply,
                                        struct thenar_control_daemon *daemon,
                                        struct thenar_feed_status *devices, size_t n_space,
                                        size_t *n_devices, struct thenar_error *error)
{
    if (!control->json)
        return thenar_fail(error, THENAR_ERR_ABSENT, "there is no reply to read");
    return thenar_control_reply_decode(control->json, control->n_json, reply, daemon, devices,
                                       n_space, n_devices, error);
}

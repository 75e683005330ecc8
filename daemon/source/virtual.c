/* SPDX-License-Identifier: GPL-3.0-or-later */
/* virtual.c - virtual:BOARD?option=value starts a virtual device; virtual:/PATH and virtual:@NAME
 * connect to one that runs already */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "link_source.h"
#include "nearest.h"
#include "source_kinds.h"
#include "virtual_process.h"

struct virtual_transport {
    struct transport transport;
    struct virtual_process *process; /* NULL: somebody else's device */
    struct sockaddr_un address;
    socklen_t n_address;
    char written[URI_TEXT_BYTES];
    int fd;
    bool has_received; /* anything since it was opened */
};

static enum thenar_status connect_now(struct virtual_transport *virtual, struct thenar_error *error)
{
    virtual->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (virtual->fd < 0)
        return thenar_fail(error, THENAR_ERR_OS, "socket: %s", strerror(errno));
    /* A full backlog would block: somebody else's device serves one host at a time. */
    struct timeval limit = {.tv_sec = 0, .tv_usec = 200000};
    (void)setsockopt(virtual->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(virtual->fd, (struct sockaddr *)&virtual->address, virtual->n_address) == 0)
        return THENAR_OK;
    int reason = errno;
    close(virtual->fd);
    virtual->fd = -1;
    if (reason == ENOENT || reason == ECONNREFUSED)
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "%s: no virtual device listens there; start one with thenar-virtual "
                           "--listen",
                           virtual->written);
    if (reason == EACCES || reason == EPERM)
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "%s: may not connect; it belongs to another user", virtual->written);
    if (reason == EAGAIN)
        return thenar_fail(error, THENAR_ERR_BUSY, "%s: another program has this device open",
                           virtual->written);
    return thenar_fail(error, THENAR_ERR_OS, "%s: %s", virtual->written, strerror(reason));
}

static enum thenar_status open_virtual(struct transport *transport, struct thenar_error *error)
{
    struct virtual_transport *virtual = (struct virtual_transport *)transport;
    virtual->has_received = false;
    if (virtual->process) {
        enum thenar_status status = virtual_process_ensure(virtual->process, error);
        if (status != THENAR_OK)
            return status;
        virtual->n_address = virtual_process_address(virtual->process, &virtual->address);
    }
    return connect_now(virtual, error);
}

static size_t virtual_fds(const struct transport *transport, struct pollfd *fds)
{
    const struct virtual_transport *virtual = (const struct virtual_transport *)transport;
    fds[0] = (struct pollfd){.fd = virtual->fd, .events = POLLIN};
    return virtual->fd >= 0 ? 1 : 0;
}

/* The other end closed: because it ended, was unplugged, or serves another host already. */
static enum thenar_status say_gone(struct virtual_transport *virtual, struct thenar_error *error)
{
    const char *ended = virtual->process ? virtual_process_ending(virtual->process) : NULL;
    virtual->transport.is_over = ended && virtual_process_is_over(virtual->process);
    if (ended)
        return thenar_fail(error, THENAR_END, "thenar-virtual %s; starting it again", ended);
    if (!virtual->has_received && !virtual->process)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "%s: it hung up at once: another program has this device open; close "
                           "that first",
                           virtual->written);
    return thenar_fail(error, THENAR_END, "the virtual device was unplugged");
}

static enum thenar_status read_virtual(struct transport *transport, uint8_t *bytes, size_t n_space,
                                       size_t *n_read, struct thenar_error *error)
{
    struct virtual_transport *virtual = (struct virtual_transport *)transport;
    ssize_t n = recv(virtual->fd, bytes, n_space, MSG_DONTWAIT);
    if (n > 0) {
        virtual->has_received = true;
        *n_read = (size_t)n;
        return THENAR_OK;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return THENAR_PENDING;
    return say_gone(virtual, error);
}

static enum thenar_status write_virtual(struct transport *transport, const uint8_t *bytes,
                                        size_t n_bytes, struct thenar_error *error)
{
    struct virtual_transport *virtual = (struct virtual_transport *)transport;
    ssize_t n = send(virtual->fd, bytes, n_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n == (ssize_t)n_bytes)
        return THENAR_OK;
    if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
        return say_gone(virtual, error);
    return thenar_fail(error, THENAR_ERR_OS, "the virtual device takes no commands: %s",
                       n < 0 ? strerror(errno) : "its socket is full");
}

static void close_virtual(struct transport *transport)
{
    struct virtual_transport *virtual = (struct virtual_transport *)transport;
    if (virtual->fd >= 0)
        close(virtual->fd);
    virtual->fd = -1;
}

static void destroy_virtual(struct transport *transport)
{
    struct virtual_transport *virtual = (struct virtual_transport *)transport;
    close_virtual(transport);
    virtual_process_destroy(virtual->process);
    free(virtual);
}

/* "/path" names a socket file, "@name" one without a file (Linux's abstract names). */
static enum thenar_status set_address(struct virtual_transport *virtual, const struct uri *uri,
                                      struct thenar_error *error)
{
    size_t n = strlen(uri->path);
    if (n >= sizeof virtual->address.sun_path)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: the path is longer than a socket's name may be (%zu characters)",
                           uri->written, sizeof virtual->address.sun_path - 1);
    enum thenar_status status = uri_allow(uri, NULL, 0, NULL, error);
    if (status != THENAR_OK)
        return status;
    virtual->address.sun_family = AF_UNIX;
    memcpy(virtual->address.sun_path, uri->path, n + 1);
    virtual->n_address = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
    if (uri->path[0] == '@') {
        virtual->address.sun_path[0] = '\0';
        virtual->n_address--;
    }
    return THENAR_OK;
}

/* A misspelt board is told here and now; another program (exec) may have boards of its own. */
static enum thenar_status check_board(const struct uri *uri, struct thenar_error *error)
{
    static const char *const boards[] = {"table32", "glove16", "array"};
    enum { N_BOARDS = sizeof boards / sizeof *boards };
    for (size_t i = 0; i < N_BOARDS; i++)
        if (uri->path[0] == '\0' || strcmp(uri->path, boards[i]) == 0 || uri_value(uri, "exec"))
            return THENAR_OK;
    char hint[128];
    nearest_hint(hint, sizeof hint, uri->path, boards, N_BOARDS);
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: no virtual device is called '%s'%s",
                       uri->written, uri->path, hint);
}

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    bool runs_already = uri->path[0] == '/' || uri->path[0] == '@';
    if (!runs_already && check_board(uri, error) != THENAR_OK)
        return THENAR_ERR_SYNTAX;
    struct virtual_transport *virtual = calloc(1, sizeof *virtual);
    if (!virtual)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for a device");
    virtual->transport = (struct transport){.open = open_virtual,
                                            .fds = virtual_fds,
                                            .read = read_virtual,
                                            .write = write_virtual,
                                            .close = close_virtual,
                                            .destroy = destroy_virtual};
    virtual->fd = -1;
    memcpy(virtual->written, uri->written, sizeof virtual->written);
    enum thenar_status status = runs_already
                                    ? set_address(virtual, uri, error)
                                    : virtual_process_create(&virtual->process, uri, error);
    if (status != THENAR_OK) {
        destroy_virtual(&virtual->transport);
        return status;
    }
    status = link_source_create(out, &virtual->transport, NULL, error);
    const char *speed = uri_value(uri, "speed");
    if (status == THENAR_OK && speed)
        (*out)->can_wait = strcmp(speed, "max") == 0;
    return status;
}

const struct source_kind source_virtual = {
    .scheme = "virtual",
    .usage = "virtual:BOARD[?script=demo&seed=1&...]",
    .help = "start a virtual device (table32, glove16 or array); virtual:/PATH and virtual:@NAME "
            "connect to one that runs",
    .open = open_source,
};

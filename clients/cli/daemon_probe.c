/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon_probe.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "feed/socket_address.h"

static bool is_answered(const struct sockaddr *to, socklen_t n_to, int timeout_ms)
{
    int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    bool is_there = connect(fd, to, n_to) == 0;
    /* EAGAIN: a Unix socket whose listener is behind with accepting. */
    if (!is_there && errno == EAGAIN)
        is_there = true;
    if (!is_there && errno == EINPROGRESS) {
        struct pollfd ready = {.fd = fd, .events = POLLOUT};
        int failure = 1;
        socklen_t n_failure = sizeof failure;
        is_there = poll(&ready, 1, timeout_ms) == 1 &&
                   getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &n_failure) == 0 && failure == 0;
    }
    (void)close(fd);
    return is_there;
}

static bool probe_path(const char *path, int timeout_ms)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n_path = strlen(path);
    if (n_path == 0 || n_path >= sizeof to.sun_path)
        return false;
    memcpy(to.sun_path, path, n_path);
    if (path[0] == '@') /* a name without a file */
        to.sun_path[0] = '\0';
    size_t n_to = offsetof(struct sockaddr_un, sun_path) + n_path + (path[0] != '@');
    return is_answered((const struct sockaddr *)&to, (socklen_t)n_to, timeout_ms);
}

static bool probe_host(const char *host, const char *port, int timeout_ms)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    bool is_there = false;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    for (const struct addrinfo *i = found; i && !is_there; i = i->ai_next)
        is_there = is_answered(i->ai_addr, i->ai_addrlen, timeout_ms);
    freeaddrinfo(found);
    return is_there;
}

bool daemon_probe(const char *address, int timeout_ms)
{
    static const char ipc[] = "ipc://";
    char host[THENAR_HOST_BYTES];
    if (strncmp(address, ipc, sizeof ipc - 1) == 0)
        return probe_path(address + sizeof ipc - 1, timeout_ms);
    return thenar_address_host(address, host) &&
           probe_host(host, strrchr(address, ':') + 1, timeout_ms);
}

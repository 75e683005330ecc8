/* SPDX-License-Identifier: MIT */
#include "virtual_link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void init(struct virtual_link *link, uint64_t seed)
{
    memset(link, 0, sizeof *link);
    link->listen_fd = link->host_fd = -1;
    link->plugged = true;
    link->close_was_seen = true;
    fault_line_init(&link->line, seed);
}

/* A socket file that nobody listens on is left over from a device that was killed. */
static bool is_left_over(const struct sockaddr_un *address, socklen_t n_address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)address, n_address) != 0 &&
                   errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return refused;
}

static enum thenar_status bind_to(struct virtual_link *link, const struct sockaddr_un *address,
                                  socklen_t n_address, const char *written,
                                  struct thenar_error *error)
{
    const struct sockaddr *generic = (const struct sockaddr *)address;
    if (bind(link->listen_fd, generic, n_address) == 0)
        return THENAR_OK;
    int reason = errno;
    if (reason == EADDRINUSE && address->sun_path[0] && is_left_over(address, n_address) &&
        unlink(address->sun_path) == 0 && bind(link->listen_fd, generic, n_address) == 0)
        return THENAR_OK;
    if (reason == EADDRINUSE)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "%s: another device listens there; choose another with --listen",
                           written);
    return thenar_fail(error, THENAR_ERR_OS, "%s: cannot listen there: %s", written,
                       strerror(reason));
}

enum thenar_status virtual_link_listen(struct virtual_link *link, const char *address,
                                       uint64_t seed, struct thenar_error *error)
{
    init(link, seed);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t n = strlen(address);
    if (n < 2 || n >= sizeof name.sun_path)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--listen '%s': a socket's name has 2 to %zu characters", address,
                           sizeof name.sun_path - 1);
    memcpy(name.sun_path, address, n);
    bool has_file = address[0] != '@';
    if (!has_file)
        name.sun_path[0] = '\0';
    socklen_t n_name = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + has_file);

    link->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (link->listen_fd < 0)
        return thenar_fail(error, THENAR_ERR_OS, "socket: %s", strerror(errno));
    enum thenar_status status = bind_to(link, &name, n_name, address, error);
    if (status == THENAR_OK && has_file)
        memcpy(link->path, address, n + 1);
    if (status == THENAR_OK && listen(link->listen_fd, 4) != 0)
        status = thenar_fail(error, THENAR_ERR_OS, "%s: listen: %s", address, strerror(errno));
    if (status != THENAR_OK)
        virtual_link_finish(link);
    return status;
}

enum thenar_status virtual_link_inherit(struct virtual_link *link, int listen_fd, uint64_t seed,
                                        struct thenar_error *error)
{
    init(link, seed);
    int listens = 0, domain = 0;
    socklen_t n = sizeof listens, n_domain = sizeof domain;
    if (getsockopt(listen_fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) != 0 || !listens ||
        getsockopt(listen_fd, SOL_SOCKET, SO_DOMAIN, &domain, &n_domain) != 0 || domain != AF_UNIX)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--listen-fd %d: not a listening Unix socket; the parent is to bind, "
                           "listen and pass it on",
                           listen_fd);
    link->listen_fd = listen_fd;
    return THENAR_OK;
}

static void close_host(struct virtual_link *link)
{
    if (link->host_fd >= 0)
        close(link->host_fd);
    link->host_fd = -1;
    link->close_was_seen = false;
    link->n_stage = link->n_stage_sent = 0;
    link->line.place = LINE_BETWEEN;
}

void virtual_link_finish(struct virtual_link *link)
{
    close_host(link);
    if (link->listen_fd >= 0)
        close(link->listen_fd);
    link->listen_fd = -1;
    if (link->path[0])
        (void)unlink(link->path);
    link->path[0] = '\0';
}

void virtual_link_plug(struct virtual_link *link, bool plugged)
{
    link->plugged = plugged;
    if (!plugged)
        close_host(link);
}

void virtual_link_poll(struct virtual_link *link)
{
    struct pollfd fds[2] = {{.fd = link->listen_fd, .events = POLLIN},
                            {.fd = link->host_fd, .events = POLLRDHUP}};
    if (poll(fds, 2, 0) <= 0)
        return;
    if (link->host_fd >= 0 && fds[1].revents & (POLLRDHUP | POLLHUP | POLLERR))
        close_host(link);
    /* Whoever comes right after must not be taken for the one who left. */
    bool is_between = link->plugged && link->host_fd < 0 && !link->close_was_seen;
    if (!(fds[0].revents & POLLIN) || is_between)
        return;
    int fd = accept4(link->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (!link->plugged || link->host_fd >= 0)
        close(fd);
    else
        link->host_fd = fd;
}

bool virtual_link_is_open(struct virtual_link *link)
{
    if (link->host_fd >= 0)
        return true;
    link->close_was_seen = true;
    return false;
}

size_t virtual_link_read(struct virtual_link *link, uint8_t *bytes, size_t n_space)
{
    if (link->host_fd < 0)
        return 0;
    ssize_t n = recv(link->host_fd, bytes, n_space, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_host(link);
    return n > 0 ? (size_t)n : 0;
}

/* @return how many octets the socket took */
static size_t send_some(struct virtual_link *link, const uint8_t *bytes, size_t n_bytes)
{
    if (link->host_fd < 0)
        return 0;
    ssize_t n = send(link->host_fd, bytes, n_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        close_host(link);
    return n > 0 ? (size_t)n : 0;
}

size_t virtual_link_write(struct virtual_link *link, const uint8_t *bytes, size_t n_bytes)
{
    if (link->stalled)
        return 0;
    if (virtual_link_is_sending(link)) {
        link->n_stage_sent +=
            send_some(link, link->stage + link->n_stage_sent, link->n_stage - link->n_stage_sent);
        if (virtual_link_is_sending(link))
            return 0;
    }
    if (fault_line_is_sound(&link->line)) {
        size_t n_taken = send_some(link, bytes, n_bytes);
        if (n_taken > 0 && bytes[n_taken - 1] != 0)
            link->line.place = LINE_INSIDE; /* in the middle of a message: the line has to know */
        return n_taken;
    }
    if (n_bytes > VIRTUAL_LINK_STAGE_BYTES - 1)
        n_bytes = VIRTUAL_LINK_STAGE_BYTES - 1;
    link->n_stage = fault_line_pass(&link->line, bytes, n_bytes, link->stage);
    link->n_stage_sent = send_some(link, link->stage, link->n_stage);
    return n_bytes;
}

enum thenar_status virtual_link_default(char *path, size_t n_path, const char *model,
                                        struct thenar_error *error)
{
    char folder[64];
    const char *run = getenv("XDG_RUNTIME_DIR");
    int n;
    if (run && run[0] == '/' && strlen(run) < sizeof folder - 8)
        n = snprintf(folder, sizeof folder, "%s/thenar", run);
    else
        n = snprintf(folder, sizeof folder, "/tmp/thenar-%lu", (unsigned long)getuid());
    if (n < 0 || (mkdir(folder, 0700) != 0 && errno != EEXIST))
        return thenar_fail(error, THENAR_ERR_OS, "%s: %s; say where to listen with --listen PATH",
                           folder, strerror(errno));
    struct stat about;
    if (lstat(folder, &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != getuid())
        return thenar_fail(error, THENAR_ERR_DENIED,
                           "%s is not a folder of yours; say where to listen with --listen PATH",
                           folder);
    n = snprintf(path, n_path, "%s/%s.sock", folder, model);
    if (n < 0 || (size_t)n >= n_path)
        return thenar_fail(error, THENAR_ERR_SPACE, "%s: too long; use --listen PATH", folder);
    return THENAR_OK;
}

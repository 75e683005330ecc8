/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed_address.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include "feed/socket_address.h"

static bool is_port(const char *text)
{
    if (strcmp(text, "*") == 0)
        return true;
    char *end;
    long port = strtol(text, &end, 10);
    return isdigit((unsigned char)*text) && *end == '\0' && port >= 0 && port <= 65535;
}

static enum thenar_status check_tcp(const char *what, const char *address,
                                    struct thenar_error *error)
{
    const char *host = address + strlen("tcp://");
    const char *colon = strrchr(host, ':');
    if (!colon || colon == host || !is_port(colon + 1))
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: %s: host and port are needed, as in tcp://127.0.0.1:9872", what,
                           address);
    return THENAR_OK;
}

enum thenar_status feed_address_check(const char *what, const char *address,
                                      struct thenar_error *error)
{
    if (strncmp(address, "tcp://", 6) == 0)
        return check_tcp(what, address, error);
    if (strncmp(address, "ipc://", 6) != 0)
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s: %s: not an address; write tcp://127.0.0.1:PORT or ipc:///PATH",
                           what, address);
    const char *path = address + 6;
    if (*path == '\0')
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: %s: the path is missing", what, address);
    if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return thenar_fail(
            error, THENAR_ERR_SYNTAX,
            "%s: %s: the path is longer than a socket's name may be (%zu characters)", what,
            address, sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
    return THENAR_OK;
}

static bool is_listened_on(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path) + 1);
    socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
        n--;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_alive = fd >= 0 && connect(fd, (struct sockaddr *)&address, n) == 0;
    if (fd >= 0)
        close(fd);
    return is_alive;
}

bool feed_address_is_reached(const char *address)
{
    char host[THENAR_HOST_BYTES];
    return thenar_address_host(address, host) && !thenar_host_is_loopback(host);
}

/* Without a pair the address must be this machine's alone. */
static enum thenar_status secure(void *socket, const char *what, const struct feed_place *place,
                                 struct thenar_error *error)
{
    const char *address = place->address;
    const struct thenar_curve_key *own = place->own;
    const int is_server = 1;
    if (!own && feed_address_is_reached(address))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: %s: other machines reach this address, so it needs keys: run "
                           "'thenar keys make' and give the folder as `keys` (thenard(1), "
                           "Other machines)",
                           what, address);
    if (!own || strncmp(address, "ipc://", 6) == 0)
        return THENAR_OK;
    if (!zmq_has("curve"))
        return thenar_fail(error, THENAR_ERR_UNSUPPORTED,
                           "keys are given, but the ZeroMQ library here was built without CURVE");
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &is_server, sizeof is_server) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, own->secret_z85, THENAR_Z85_BYTES) != 0)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s: own.key_secret is no key of ZeroMQ's",
                           what);
    return THENAR_OK;
}

enum thenar_status feed_address_bind(void *socket, const char *what, const struct feed_place *place,
                                     char *bound, size_t n_space, struct thenar_error *error)
{
    const char *address = place->address;
    char numeric[300];
    enum thenar_status status = feed_address_check(what, address, error);
    if (status == THENAR_OK)
        status = secure(socket, what, place, error);
    if (status != THENAR_OK)
        return status;
    if (strncmp(address, "ipc://", 6) == 0 && is_listened_on(address + 6))
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "%s: %s: another program listens there; is thenard running already?",
                           what, address);
    /* ZeroMQ does not look up names for binding. */
    (void)snprintf(numeric, sizeof numeric, "%s", address);
    if (strncmp(address, "tcp://localhost:", 16) == 0)
        (void)snprintf(numeric, sizeof numeric, "tcp://127.0.0.1:%s", address + 16);
    int is_ipv6 = strchr(numeric, '[') != NULL;
    (void)zmq_setsockopt(socket, ZMQ_IPV6, &is_ipv6, sizeof is_ipv6);
    if (zmq_bind(socket, numeric) != 0) {
        bool is_taken = errno == EADDRINUSE;
        return thenar_fail(error, is_taken ? THENAR_ERR_BUSY : THENAR_ERR_OS, "%s: %s: %s%s", what,
                           address, zmq_strerror(errno),
                           is_taken ? "; is thenard running already?" : "");
    }
    size_t n = n_space;
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &n) != 0)
        (void)snprintf(bound, n_space, "%s", numeric);
    return THENAR_OK;
}

void feed_address_remove(const char *bound)
{
    if (strncmp(bound, "ipc:///", 7) == 0)
        (void)unlink(bound + 6);
}

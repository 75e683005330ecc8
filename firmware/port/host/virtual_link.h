/* SPDX-License-Identifier: MIT */
/* virtual_link.h - the virtual device's cable: a Unix stream socket, one host at a time
 *
 * A second host is turned away (closed at once); so is any while the device is unplugged. */
#ifndef VIRTUAL_LINK_H
#define VIRTUAL_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include "error.h"
#include "fault_line.h"

enum { VIRTUAL_LINK_STAGE_BYTES = 8192 };

struct virtual_link {
    int listen_fd, host_fd;                               /* -1: none */
    char path[sizeof((struct sockaddr_un *)0)->sun_path]; /* of the file to remove; may be "" */
    bool close_was_seen;                                  /* by virtual_link_is_open() */
    bool plugged;
    bool stalled; /* nothing is taken from the device */
    struct fault_line line;
    uint8_t stage[VIRTUAL_LINK_STAGE_BYTES]; /* through the line, not in the socket yet */
    size_t n_stage, n_stage_sent;
};

/** Bind and listen. @param address  PATH, or @NAME for one without a file */
THENAR_NODISCARD enum thenar_status virtual_link_listen(struct virtual_link *link,
                                                        const char *address, uint64_t seed,
                                                        struct thenar_error *error);

/** Use a socket that listens already. It is owned from now on. */
THENAR_NODISCARD enum thenar_status virtual_link_inherit(struct virtual_link *link, int listen_fd,
                                                         uint64_t seed, struct thenar_error *error);
void virtual_link_finish(struct virtual_link *link);

/** Take or turn away who knocks, and notice who left. Never blocks. */
void virtual_link_poll(struct virtual_link *link);

/** Pull the plug, or put it back. */
void virtual_link_plug(struct virtual_link *link, bool plugged);

bool virtual_link_is_open(struct virtual_link *link);
size_t virtual_link_read(struct virtual_link *link, uint8_t *bytes, size_t n_space);
size_t virtual_link_write(struct virtual_link *link, const uint8_t *bytes, size_t n_bytes);

/** Whether octets wait for the host to read. */
static inline bool virtual_link_is_sending(const struct virtual_link *link)
{
    return link->n_stage_sent < link->n_stage;
}

/**
 * Where a device listens when nobody says: $XDG_RUNTIME_DIR/thenar/MODEL.sock, or
 * /tmp/thenar-UID/MODEL.sock. The folder is made.
 */
THENAR_NODISCARD enum thenar_status virtual_link_default(char *path, size_t n_path,
                                                         const char *model,
                                                         struct thenar_error *error);

#endif

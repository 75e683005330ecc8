/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transport.h - octets to and from a device that speaks the device link
 *
 * What a serial port and a socket have in common, for link_source.c, which does the talking.
 * Opening is tried again and again until it works, so it may fail without being an error. */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum { TRANSPORT_FDS_MAX = 12 };

struct transport {
    /**
     * Connect; called again, after a pause, whenever it failed or the device went away.
     * @param error  out: why not, in one sentence with the cure
     * @return THENAR_OK; THENAR_ERR_ABSENT, THENAR_ERR_BUSY, THENAR_ERR_DENIED, THENAR_ERR_OS
     */
    enum thenar_status (*open)(struct transport *transport, struct thenar_error *error);
    /**
     * What to poll. While open: when one of them is ready, read. While closed: when one of them is
     * ready, ask has_returned; there may be none.
     * @param fds  out: [TRANSPORT_FDS_MAX] descriptors, and for which events
     * @return how many
     */
    size_t (*fds)(const struct transport *transport, struct pollfd *fds);
    /**
     * Take what has arrived; never blocks.
     * @return THENAR_OK n_read > 0; THENAR_PENDING nothing is there; THENAR_END the device hung
     *         up; THENAR_ERR_OS with the reason (an unplugged tty reads as an error)
     */
    enum thenar_status (*read)(struct transport *transport, uint8_t *bytes, size_t n_space,
                               size_t *n_read, struct thenar_error *error);
    /** Send a whole command; short enough never to block on a link that is read. */
    enum thenar_status (*write)(struct transport *transport, const uint8_t *bytes, size_t n_bytes,
                                struct thenar_error *error);
    /** Disconnect; the transport may be opened again. */
    void (*close)(struct transport *transport);
    /** While closed: true when there is reason to open again before the pause is over. May be NULL.
     */
    bool (*has_returned)(struct transport *transport);
    /** Who has the device on another of its interfaces, as far as can be seen. May be NULL. */
    void (*name_rival)(const struct transport *transport, char *name, size_t n_space);
    /** Set by read or write when the device has said all: it will not come back. */
    bool is_over;
    /** Free all, disconnecting first. */
    void (*destroy)(struct transport *transport);
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transport.h - octets to and from a device that speaks the device link
 *
 * What a serial port and a socket have in common, for link_source.c, which does the talking.
 * Opening is tried again and again until it works, so it may fail without being an error. */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct transport {
    /**
     * Connect; called again, after a pause, whenever it failed or the device went away.
     * @param error  out: why not, in one sentence with the cure
     * @return THENAR_OK; THENAR_ERR_ABSENT, THENAR_ERR_BUSY, THENAR_ERR_DENIED, THENAR_ERR_OS
     */
    enum thenar_status (*open)(struct transport *transport, struct thenar_error *error);
    /** Descriptor to poll for reading; valid while open. */
    int (*fd)(const struct transport *transport);
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
    /** Free all, disconnecting first. */
    void (*destroy)(struct transport *transport);
};

#endif

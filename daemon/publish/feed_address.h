/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed_address.h - where the feed and control sockets may be bound
 *
 * ipc:// files and loopback tcp:// as they are; any tcp:// address with keys, by which both ends
 * know each other and what goes between is encrypted (ZeroMQ's CURVE). */
#ifndef FEED_ADDRESS_H
#define FEED_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "feed/curve_key.h"

/* Where a socket is bound, and with what key; both borrowed. */
struct feed_place {
    const char *address;
    const struct thenar_curve_key *own; /* tcp then speaks CURVE alone; NULL: loopback, as it is */
};

/**
 * @param what  "feed" or "control", for the message
 * @return THENAR_OK; THENAR_ERR_SYNTAX not such an address
 */
THENAR_NODISCARD enum thenar_status feed_address_check(const char *what, const char *address,
                                                       struct thenar_error *error);

/**
 * Whether other machines can reach an address, so that it needs keys.
 * @param address  one that passed feed_address_check
 */
bool feed_address_is_reached(const char *address);

/**
 * Bind a ZeroMQ socket. An ipc file that a living program listens on is not taken over (ZeroMQ
 * alone would do that silently); a stale one is.
 * @param bound  out: [n_space] the address in force
 * @return THENAR_OK; THENAR_ERR_VALUE other machines reach it, and there are no keys;
 *         THENAR_ERR_BUSY in use; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status feed_address_bind(void *socket, const char *what,
                                                      const struct feed_place *place, char *bound,
                                                      size_t n_space, struct thenar_error *error);

/** Before closing: remove the file of an ipc:// address, which ZeroMQ leaves behind. */
void feed_address_remove(const char *bound);

#endif

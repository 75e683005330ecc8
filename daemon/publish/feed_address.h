/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed_address.h - where the feed and control sockets may be bound
 *
 * ipc:// files and loopback tcp:// only: other addresses need keys and an allow list. */
#ifndef FEED_ADDRESS_H
#define FEED_ADDRESS_H

#include <stddef.h>

#include "error.h"

/**
 * @param what  "feed" or "control", for the message
 * @return THENAR_OK; THENAR_ERR_SYNTAX not such an address; THENAR_ERR_VALUE not loopback
 */
THENAR_NODISCARD enum thenar_status feed_address_check(const char *what, const char *address,
                                                       struct thenar_error *error);

/**
 * Bind a ZeroMQ socket. An ipc file that a living program listens on is not taken over (ZeroMQ
 * alone would do that silently); a stale one is.
 * @param bound  out: [n_space] the address in force
 * @return THENAR_OK; THENAR_ERR_BUSY in use; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status feed_address_bind(void *socket, const char *what,
                                                      const char *address, char *bound,
                                                      size_t n_space, struct thenar_error *error);

/** Before closing: remove the file of an ipc:// address, which ZeroMQ leaves behind. */
void feed_address_remove(const char *bound);

#endif

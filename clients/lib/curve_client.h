/* SPDX-License-Identifier: MIT */
/* curve_client.h - encrypt a socket before it connects, when the other end is known by a key */
#ifndef CURVE_CLIENT_H
#define CURVE_CLIENT_H

#include "error.h"

/**
 * Look for the host of `address` in the folder of keys (key_folder.h). With a key there the socket
 * speaks CURVE; this machine itself needs none; any other without one is refused, since what goes
 * to and from it could be read and changed on the way.
 *
 * @param socket  of ZeroMQ, not connected yet
 * @return THENAR_OK; THENAR_ERR_ARGUMENT the host is another machine, and no key of it is known;
 *         THENAR_ERR_ABSENT, THENAR_ERR_DENIED this machine's own; THENAR_ERR_UNSUPPORTED this
 *         ZeroMQ cannot; as thenar_key_folder_host
 */
THENAR_NODISCARD enum thenar_status curve_client_prepare(void *socket, const char *address,
                                                         struct thenar_error *error);

#endif

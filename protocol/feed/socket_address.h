/* SPDX-License-Identifier: MIT */
/* socket_address.h - which machine a ZeroMQ address names */
#ifndef SOCKET_ADDRESS_H
#define SOCKET_ADDRESS_H

#include <stdbool.h>

enum { THENAR_HOST_BYTES = 256 };

/**
 * The host of `tcp://HOST:PORT`, without the brackets of an IPv6 address.
 * @param host  out: [THENAR_HOST_BYTES]
 * @return false: not tcp, or no host stands there
 */
bool thenar_address_host(const char *address, char *host);

/** Whether a host is this machine itself: 127.x.y.z, ::1, localhost. */
bool thenar_host_is_loopback(const char *host);

#endif

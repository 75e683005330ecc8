/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reach.h - by which name another machine reaches this gateway */
#ifndef REACH_H
#define REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REACH_HOST_BYTES = 300 };

/** "127.0.0.1:9874", "localhost", "[::1]:80": only this machine itself. */
bool reach_is_loopback(const char *host);

/**
 * The name with its port, for an address that a tablet types: the one that the instructor's browser
 * uses; from the gateway's own machine the address that it listens on, or, when it listens on all,
 * that of its first network interface.
 *
 * @param asked    the Host of the instructor's page
 * @param address  that is listened on: "0.0.0.0", "192.168.1.20", "127.0.0.1"
 * @param host     [n_space] out
 * @return false: nobody but this machine reaches it, `host` is a loopback one
 */
bool reach_host(const char *asked, const char *address, uint16_t port, char *host, size_t n_space);

#endif

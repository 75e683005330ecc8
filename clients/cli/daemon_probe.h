/* SPDX-License-Identifier: GPL-3.0-or-later */
/* daemon_probe.h - does anybody listen at an address of the control socket?
 *
 * ZeroMQ connects to nobody as gladly as to somebody, so that only patience tells the two apart.
 * Asked of the system it is known at once, and whoever is there can be given time to answer. */
#ifndef DAEMON_PROBE_H
#define DAEMON_PROBE_H

#include <stdbool.h>

/** @param address  tcp://HOST:PORT or ipc://PATH @return false also for any other address */
bool daemon_probe(const char *address, int timeout_ms);

#endif

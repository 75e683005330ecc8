/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_devices.h - what the control server tells of devices: those on the bus, and their health
 * in words */
#ifndef CONTROL_DEVICES_H
#define CONTROL_DEVICES_H

#include "feed/control.h"
#include "link/message.h"

/**
 * What is plugged in, and which of the daemon's devices each is.
 *
 * @param states   [n_states] of the daemon's devices
 * @param found    out: [THENAR_FOUND_MAX]
 * @return how many were found
 * Context: the control server's thread; some milliseconds, opens no device
 */
size_t control_devices_discover(const struct thenar_feed_status *states, size_t n_states,
                                struct thenar_control_found *found);

/**
 * "row 3 is open (12 counts); taxel 17 is stuck (4095 counts)"; "nothing" when there is none.
 *
 * @param n_cols  to say where a taxel is: 0 when not known
 * @param report  out: [THENAR_REPORT_BYTES]
 */
void control_devices_report(const struct thenar_finding *findings, unsigned n_findings,
                            unsigned n_cols, char *report);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auto_devices.h - `--device auto`: a device of the daemon for each that is, or will be, plugged in
 *
 * Each is named after its model and the end of its serial number, so it has the same name whenever
 * and wherever it is plugged in. `NAME=auto` is something else: one device, the first that is free.
 */
#ifndef AUTO_DEVICES_H
#define AUTO_DEVICES_H

#include <stdint.h>

#include "conf.h"

enum { AUTO_DEVICES_LATER_MAX = 32 /* that come after the start */ };

/**
 * Put every device that is plugged in, and that no other setting names, in the place of each
 * `auto` without a name, and note in `config->takes_new` that more may come: nothing plugged in is
 * no error.
 *
 * @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_VALUE more devices than there can be
 */
THENAR_NODISCARD enum thenar_status auto_devices_expand(struct conf *config,
                                                        struct thenar_error *error);

struct auto_devices; /* those to come */

/** @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status auto_devices_create(struct auto_devices **out,
                                                        struct thenar_error *error);
void auto_devices_destroy(struct auto_devices *devices);

/**
 * Add to `config` what was plugged in since the last call and is of no device of it. Names that are
 * there stay. Call at least each USB_ARRIVALS_MS.
 *
 * @param n_most  no more devices than these in all; a device too many is said once, in the log
 * @return how many were added, behind the others
 * Context: one thread, the owner of `config`; takes some milliseconds after an arrival
 */
size_t auto_devices_add(struct auto_devices *devices, struct conf *config, size_t n_most);

#endif

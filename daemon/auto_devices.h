/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auto_devices.h - `--device auto`: one device of the daemon for each that is plugged in */
#ifndef AUTO_DEVICES_H
#define AUTO_DEVICES_H

#include "conf.h"

/**
 * Put every device that is plugged in, and that no other setting names, in the place of the first
 * `auto` without a name. `NAME=auto` stays one device, and so does `auto` when nothing is plugged
 * in: it takes the first that comes.
 *
 * @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_VALUE more devices than there can be
 */
THENAR_NODISCARD enum thenar_status auto_devices_expand(struct conf *config,
                                                        struct thenar_error *error);

#endif

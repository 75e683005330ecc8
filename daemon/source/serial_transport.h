/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial_transport.h - the device link over a serial port, by libserialport
 *
 * The library opens and configures the port; waiting is done on its descriptor, so that arrival
 * times are exact and closing is immediate. */
#ifndef SERIAL_TRANSPORT_H
#define SERIAL_TRANSPORT_H

#include "transport.h"

/** @param path  "/dev/ttyACM0" @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status serial_transport_create(struct transport **out,
                                                            const char *path,
                                                            struct thenar_error *error);

#endif

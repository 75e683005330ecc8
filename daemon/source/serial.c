/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serial.c - serial:/dev/ttyACM0: a device behind a serial port */
#include "link_source.h"
#include "serial_transport.h"
#include "source_kinds.h"

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    struct transport *transport;
    if (uri->path[0] == '\0')
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: which port? write serial:/dev/ttyACM0",
                           uri->written);
    enum thenar_status status = uri_allow(uri, NULL, 0, NULL, error);
    if (status == THENAR_OK)
        status = serial_transport_create(&transport, uri->path, error);
    return status == THENAR_OK
               ? link_source_create(out, transport, &link_source_plugged_times, error)
               : status;
}

const struct source_kind source_serial = {
    .scheme = "serial",
    .usage = "serial:/dev/ttyACM0",
    .help = "a device behind a serial port",
    .open = open_source,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb.c - usb:SERIAL: a device by its serial number, on whatever port it is plugged in */
#include <string.h>

#include "link_source.h"
#include "source_kinds.h"
#include "usb_discovery.h"
#include "usb_transport.h"

static enum thenar_status open_source(struct source **out, const struct uri *uri,
                                      struct thenar_error *error)
{
    struct transport *transport;
    if (strlen(uri->path) >= USB_NAME_BYTES)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: longer than a serial number can be; `thenar list` shows them",
                           uri->written);
    enum thenar_status status = uri_allow(uri, NULL, 0, NULL, error);
    if (status == THENAR_OK)
        status = usb_transport_create(&transport, uri->path, error);
    return status == THENAR_OK
               ? link_source_create(out, transport, &link_source_plugged_times, error)
               : status;
}

const struct source_kind source_usb = {
    .scheme = "usb",
    .usage = "usb:SERIAL",
    .help = "a device on USB by its serial number; usb: alone for the only one",
    .open = open_source,
};

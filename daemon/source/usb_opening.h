/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb_opening.h - which USB device is meant, open it, claim its interface; or say why not */
#ifndef USB_OPENING_H
#define USB_OPENING_H

#include <libusb-1.0/libusb.h>
#include <stdint.h>

#include "usb_discovery.h"

struct usb_opening {
    libusb_device_handle *handle; /* NULL: closed */
    struct usb_found found;       /* what is open, or was last */
    uint8_t interface, endpoint_in, endpoint_out;
};

/**
 * Open it, and tell it that a host is there (LINK.md, 1.1).
 *
 * @param wanted  serial; "": the only one that is plugged in
 * @return THENAR_OK; THENAR_ERR_ABSENT, THENAR_ERR_BUSY, THENAR_ERR_DENIED, THENAR_ERR_OS, with the
 *         cure
 */
THENAR_NODISCARD enum thenar_status usb_opening_open(struct usb_opening *opening,
                                                     libusb_context *context, const char *wanted,
                                                     struct thenar_error *error);

/** Tell it that the host leaves; not when it has left itself. */
void usb_opening_say_bye(const struct usb_opening *opening);

/** What is still under way after this, libusb takes back from the kernel. */
void usb_opening_close(struct usb_opening *opening);

#endif

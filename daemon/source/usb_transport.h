/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb_transport.h - the device link over a vendor interface with two bulk endpoints (LINK.md, 1.1)
 *
 * libusb without a thread of ours: its descriptors are polled by whoever polls the transport's.
 * Reading keeps as much under way as a reader can miss in 40 ms of a full bus. After opening, this
 * file allocates nothing; libusb takes one small block from the heap for each transfer that it
 * hands to the kernel. */
#ifndef USB_TRANSPORT_H
#define USB_TRANSPORT_H

#include "transport.h"

/**
 * @param serial  of the device; "": the only one that is plugged in
 * @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS libusb does not start
 */
THENAR_NODISCARD enum thenar_status usb_transport_create(struct transport **out, const char *serial,
                                                         struct thenar_error *error);

/** While closed: open this device the next time; forgets that something was plugged in. */
void usb_transport_want(struct transport *transport, const char *serial);

#endif

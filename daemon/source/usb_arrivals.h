/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb_arrivals.h - look for Thenar devices again when something was plugged in
 *
 * libusb tells of arrivals; where it cannot (no udev), one looks every two seconds. A device is not
 * all there at once, its serial port comes last: so one looks more than once after each arrival.
 * One thread. */
#ifndef USB_ARRIVALS_H
#define USB_ARRIVALS_H

#include <stdint.h>

#include "error.h"
#include "source/usb_discovery.h"

enum { USB_ARRIVALS_MS = 250 /* ask at least so often */ };

struct usb_arrivals;

/** @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS libusb cannot be used at all */
THENAR_NODISCARD enum thenar_status usb_arrivals_create(struct usb_arrivals **out,
                                                        struct thenar_error *error);
void usb_arrivals_destroy(struct usb_arrivals *arrivals);

/**
 * What is plugged in, if there may be something new.
 * @param found  out: [USB_FOUND_MAX] as usb_discover()
 * @return how many; 0 also when there is no reason to look
 */
size_t usb_arrivals_look(struct usb_arrivals *arrivals, int64_t now_ns, struct usb_found *found);

#endif

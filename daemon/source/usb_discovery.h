/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb_discovery.h - which Thenar devices are plugged in, each once, whatever it can be reached by
 *
 * libusb lists what is on the bus, libserialport lists the serial ports; both say bus and address,
 * and by these the two interfaces of one device are told to be one. Names come from sysfs, where
 * everybody may read them: a device that may not be opened is listed all the same, with the cure.
 */
#ifndef USB_DISCOVERY_H
#define USB_DISCOVERY_H

#include <stddef.h>

#include "error.h"

enum { USB_FOUND_MAX = 32, USB_NAME_BYTES = 64, USB_PROBLEM_BYTES = 256 };

/* What to do about a device that may not be opened. */
#define USB_RULE_FILE "60-thenar.rules"
#define USB_RULE_CURE                                                                       \
    "install Thenar's udev rule (cp 60-thenar.rules /etc/udev/rules.d/ && udevadm control " \
    "--reload), then plug it in anew"

struct usb_found {
    unsigned bus, address;       /* new with each plugging in */
    char serial[USB_NAME_BYTES]; /* "" when it has none */
    char model[USB_NAME_BYTES];
    char port[USB_NAME_BYTES]; /* where it is plugged in: "1-2.4" is bus 1, hub at 2, its port 4 */
    char node[USB_NAME_BYTES]; /* "/dev/bus/usb/001/005"; "" when libusb does not see it */
    char tty[USB_NAME_BYTES];  /* "/dev/ttyACM0"; "" when it has no serial port */
};

struct libusb_context;

/**
 * @param context  of libusb; NULL: one of its own, for this once
 * @param found    out: [USB_FOUND_MAX] by serial number
 * @return how many; more than fit are left out
 * Context: any thread, one at a time a context; allocates
 */
size_t usb_discover(struct libusb_context *context, struct usb_found *found);

/**
 * Why this device could not be opened now, with the cure; "" when nothing is known against it.
 * Opens nothing: looks at permissions, and at who has it open.
 *
 * @param problem  out: [USB_PROBLEM_BYTES]
 */
void usb_found_problem(const struct usb_found *found, char *problem);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fake_usb.h - Thenar devices on a bus that umockdev makes up
 *
 * sysfs, udev and the device files are umockdev's; what libusb asks of usbfs is answered here, in
 * a thread; behind the bulk endpoints is thenar-virtual, on a socket: real firmware, real frames.
 * Only under umockdev-wrapper. */
#ifndef FAKE_USB_H
#define FAKE_USB_H

#include <stdbool.h>

struct fake_usb; /* one device that is plugged in */

/* How it is plugged in, and what it says of itself. */
struct fake_usb_options {
    int port, address;        /* 1-PORT on bus 1 */
    const char *serial;       /* also of the firmware behind it */
    const char *manufacturer; /* NULL: Thenar's */
    bool has_tty;             /* /dev/ttyACM0 for the first that has one, and so on */
};

/** Before all else, once; ends with the process. */
void fake_usb_init(void);

/** The bus sees it, and udev tells. Fails the test if it cannot be done. */
struct fake_usb *fake_usb_plug(const struct fake_usb_options *options);

/** It is gone from the bus: transfers under way fail, udev tells. Frees it. */
void fake_usb_unplug(struct fake_usb *device);

/** Somebody else has claimed the bulk interface. */
void fake_usb_claim_elsewhere(struct fake_usb *device, bool claimed);

/** How often a host said that it opens, and that it leaves. */
unsigned fake_usb_n_hosts(const struct fake_usb *device);
unsigned fake_usb_n_leavings(const struct fake_usb *device);

/** Whether anybody may open the device file. */
void fake_usb_permit(struct fake_usb *device, bool permitted);

#endif

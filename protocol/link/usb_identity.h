/* SPDX-License-Identifier: MIT */
/* usb_identity.h - by what a host knows a Thenar device on the bus (LINK.md, 1.1)
 *
 * 1209:0001 is pid.codes' number for private tests, which anybody's prototype may carry: so the
 * manufacturer's name counts as well. Whoever gives devices away asks pid.codes for a number of his
 * own (free for open hardware), and changes it here and in packaging/udev/60-thenar.rules. */
#ifndef THENAR_LINK_USB_IDENTITY_H
#define THENAR_LINK_USB_IDENTITY_H

#define THENAR_USB_MANUFACTURER "Thenar"

enum {
    THENAR_USB_VENDOR_ID = 0x1209,
    THENAR_USB_PRODUCT_ID = 0x0001,

    /* Vendor request to the bulk interface: wValue 1 a host opens the link, 0 it leaves */
    THENAR_USB_REQUEST_HOST = 0x01
};

#endif

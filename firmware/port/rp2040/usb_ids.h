/* SPDX-License-Identifier: MIT */
/* usb_ids.h - numbers by which a host knows the device on the bus
 *
 * 1209:0001 is pid.codes' number for private tests, which anybody's prototype may carry. Whoever
 * gives devices away asks pid.codes for a number of his own (free for open hardware), and changes
 * it here and in packaging/udev/60-thenar.rules. Hosts go by the product's name as well. */
#ifndef USB_IDS_H
#define USB_IDS_H

#define USB_MANUFACTURER "Thenar"

enum {
    USB_VENDOR_ID = 0x1209,
    USB_PRODUCT_ID = 0x0001,
    USB_RELEASE_BCD = 0x0100,

    USB_INTERFACE_CDC = 0, /* and 1, its data */
    USB_INTERFACE_BULK = 2,
    USB_N_INTERFACES = 3,

    USB_ENDPOINT_NOTIFY = 0x81,
    USB_ENDPOINT_CDC_OUT = 0x02,
    USB_ENDPOINT_CDC_IN = 0x82,
    USB_ENDPOINT_BULK_OUT = 0x03,
    USB_ENDPOINT_BULK_IN = 0x83,

    /* Vendor requests on endpoint 0 */
    USB_REQUEST_HOST = 0x01,  /* to interface 2: wValue 1 a host opens the link, 0 it leaves */
    USB_REQUEST_MS_OS = 0x20, /* Microsoft OS 2.0 descriptor set, wIndex 7 */
    USB_MS_OS_INDEX = 7
};

#endif

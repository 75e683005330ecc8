/* SPDX-License-Identifier: MIT */
/* usb_ids.h - numbers of this device's USB descriptors; by what hosts know it: link/usb_identity.h
 */
#ifndef USB_IDS_H
#define USB_IDS_H

#include "link/usb_identity.h"

enum {
    USB_VENDOR_ID = THENAR_USB_VENDOR_ID,
    USB_PRODUCT_ID = THENAR_USB_PRODUCT_ID,
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
    USB_REQUEST_HOST = THENAR_USB_REQUEST_HOST,
    USB_REQUEST_MS_OS = 0x20, /* Microsoft OS 2.0 descriptor set, wIndex 7 */
    USB_MS_OS_INDEX = 7
};

#endif

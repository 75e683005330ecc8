/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb_transfers.h - octets in and out of two bulk endpoints, with many transfers under way
 *
 * Allocated once; an emptied IN transfer goes back to the kernel at once. Whoever has the libusb
 * context handles its events, from which the transfers complete. Context: one thread */
#ifndef USB_TRANSFERS_H
#define USB_TRANSFERS_H

#include <libusb-1.0/libusb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

/* A full-speed bus carries 1000 kB/s at most, so 32 transfers of 512 octets are 16 ms of it, and of
 * short messages, which end a transfer each, 64 ms at 500 a second. Both ends' sizes: all that is
 * under way fits into one read. */
enum {
    USB_TRANSFERS_IN = 32,
    USB_TRANSFERS_IN_BYTES = 512,
    USB_TRANSFERS_OUT = 4,
    USB_TRANSFERS_OUT_BYTES = 128
};

struct usb_slot {
    struct libusb_transfer *transfer;
    bool is_flying, is_done; /* done: octets wait to be read */
    size_t n_taken;
};

struct usb_transfers {
    bool is_gone;                        /* the device has left; hotplug may set it too */
    bool is_closing;                     /* cancelled transfers are no trouble */
    enum libusb_transfer_status trouble; /* of a transfer; COMPLETED: none */
    struct usb_slot in[USB_TRANSFERS_IN], out[USB_TRANSFERS_OUT];
    size_t oldest; /* of the IN slots: they complete in the order of their submission */
    uint8_t in_bytes[USB_TRANSFERS_IN][USB_TRANSFERS_IN_BYTES];
    uint8_t out_bytes[USB_TRANSFERS_OUT][USB_TRANSFERS_OUT_BYTES];
};

/** @return THENAR_OK; THENAR_ERR_MEMORY: finish frees what there is */
THENAR_NODISCARD enum thenar_status usb_transfers_init(struct usb_transfers *transfers);
void usb_transfers_finish(struct usb_transfers *transfers);

/** Forget the last device's troubles; before events are handled for a new one. */
void usb_transfers_reset(struct usb_transfers *transfers);

/** Begin to read; the endpoints are open. */
void usb_transfers_start(struct usb_transfers *transfers, libusb_device_handle *handle,
                         uint8_t endpoint_in, uint8_t endpoint_out);

/** Move what has come to the reader, oldest first. @return how many octets */
size_t usb_transfers_take(struct usb_transfers *transfers, uint8_t *bytes, size_t n_space);

/** Send. @return false: too long, too much under way, or the device does not take it */
THENAR_NODISCARD bool usb_transfers_send(struct usb_transfers *transfers, const uint8_t *bytes,
                                         size_t n_bytes);

/** Wait, for a while at most, until what was sent has gone out. */
void usb_transfers_drain_out(const struct usb_transfers *transfers, libusb_context *context);

/** Take back all reading, and wait for a while at most until it is back. */
void usb_transfers_cancel_in(struct usb_transfers *transfers, libusb_context *context);

#endif

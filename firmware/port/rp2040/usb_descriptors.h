/* SPDX-License-Identifier: MIT */
/* usb_descriptors.h - what the device says of itself on the bus; the rest is TinyUSB's callbacks */
#ifndef USB_DESCRIPTORS_H
#define USB_DESCRIPTORS_H

#include <stdint.h>

/** Before the bus is joined. @param serial  borrowed for ever */
void usb_descriptors_init(const char *model, const char *serial);

/** The Microsoft OS 2.0 descriptor set: Windows binds WinUSB to the bulk interface by itself. */
const uint8_t *usb_descriptors_ms_os(uint16_t *n_bytes);

#endif

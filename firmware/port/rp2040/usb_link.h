/* SPDX-License-Identifier: MIT */
/* usb_link.h - the device link over USB: a serial port and a pair of bulk endpoints (LINK.md, 1.1)
 *
 * Both carry the same link, one at a time: whoever opens first has it, and the other interface
 * answers each command with BUSY. Fulfils port_link_* of port/port.h. Main context, but for
 * usb_link_last_words(). */
#ifndef USB_LINK_H
#define USB_LINK_H

#include <stddef.h>
#include <stdint.h>

/** Join the bus. @param model, serial  borrowed for ever */
void usb_link_init(const char *model, const char *serial);

/** Serve the bus, and decide whose the link is. Before each device_poll(). */
void usb_link_poll(void);

/** Let what was said reach the host (a tenth of a second at the most), then leave the bus. */
void usb_link_leave(void);

/**
 * Say this to whoever has the link, although the main loop hangs: tries for at most 100 ms.
 * Only from an interrupt less urgent than USB's, and only when a reset follows.
 */
void usb_link_last_words(const uint8_t *bytes, size_t n_bytes);

#endif

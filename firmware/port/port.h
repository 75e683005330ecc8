/* SPDX-License-Identifier: MIT */
/* port.h - all that a chip does for the core
 *
 * A chip is a folder beside this file that defines these functions and a main():
 *
 *     static struct device device;
 *     if (device_init(&device, &board_table32, &identity) == THENAR_OK)   once a reset
 *         for (;;)
 *             device_poll(&device);                                       at least every 10 ms
 *
 * The main context calls them; none blocks, but for the flash. Only the scan runs elsewhere, in the
 * port's timer interrupt, which drives the record of core/scan.h and calls nothing else. */
#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board/board.h"
#include "link/message.h"

struct scan;

/* --- time ------------------------------------------------------------------------------------ */

/** Ticks a second: constant, 10^6 or more. */
uint32_t port_tick_hz(void);

/** Ticks since the reset; never goes back. Interrupt-safe. */
uint64_t port_ticks(void);

/* --- the scan -------------------------------------------------------------------------------- */

/**
 * Begin to scan: drive the array, and from now on, at each scan->pace.due_ticks, step through
 * scan->order with the inline calls of core/scan.h. Whether an interrupt reads each sample or DMA
 * brings them is the port's affair. Called with the scan already started, and not while scanning.
 */
void port_scan_start(struct scan *scan);

/** Stop and leave the array undriven (the safe state). On return no interrupt touches the scan. */
void port_scan_stop(void);

/**
 * Read the check resistor at the far end of a row; only while not scanning, and only on a board
 * whose row_check_counts is not 0. About 100 us.
 */
uint16_t port_row_check(uint16_t row);

/* --- the link -------------------------------------------------------------------------------- */

/** Whether a host has the link open. False at least once between two hosts. */
bool port_link_is_open(void);

/** Take what the host sent, 0..n_space octets. */
size_t port_link_read(uint8_t *bytes, size_t n_space);

/** Hand octets to the host. @return how many were taken, 0..n_bytes */
size_t port_link_write(const uint8_t *bytes, size_t n_bytes);

/* --- auxiliary channels: a motion sensor, say ------------------------------------------------ */

/**
 * Which there are, as HELLO is to announce them. The same from reset to reset: a sensor that did
 * not answer at the reset has no channel.
 * @param channels  out
 * @return how many; 0: none, and then port_aux_read() is always false
 */
uint8_t port_aux_channels(struct thenar_aux_channel channels[THENAR_MAX_AUX]);

/**
 * A sample that is new since the last call, if one can be had without disturbing the scan: a bus
 * near the array is used between two scans only. Asked again and again, some microseconds long.
 * @param sample  out
 * @return false: none, or not now
 */
bool port_aux_read(struct thenar_aux_sample *sample);

/* --- what lasts ------------------------------------------------------------------------------ */

enum {
    PORT_FLASH_SLOTS = 2,      /* each in an erase block of its own */
    PORT_FLASH_SLOT_BYTES = 64 /* that settings may use of one */
};

/** Read the beginning of a slot. @return false: the flash failed */
bool port_flash_read(unsigned slot, uint8_t *bytes, size_t n_bytes);

/** Erase a slot, then write its beginning; stalls the chip. @return false: the flash failed */
bool port_flash_write(unsigned slot, const uint8_t *bytes, size_t n_bytes);

/* Words that outlive a reset but not a loss of power, which leaves them 0. */
enum port_word { PORT_WORD_FAULT = 0, PORT_WORD_WATCHDOG_RESETS = 1, PORT_N_WORDS = 2 };

uint32_t port_word_read(enum port_word word);
void port_word_write(enum port_word word, uint32_t value);

/* --- health ---------------------------------------------------------------------------------- */

/** Whether the watchdog caused the last reset. */
bool port_was_watchdog_reset(void);

/** Prove to be alive; the watchdog bites after 500 ms without. */
void port_watchdog_feed(void);

/** Hundredths of a degree Celsius; INT16_MIN: no sensor. */
int16_t port_temperature_centi_c(void);

/** Millivolts; 0: not measured. */
uint16_t port_supply_mv(void);

/** The light by which a person finds this device among others. */
void port_identify(bool on);

/** Reset into the chip's bootloader; false: it has none. May not return. */
bool port_bootloader(void);

#endif

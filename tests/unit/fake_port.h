/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fake_port.h - a chip made of variables: port.h for the tests of firmware/core
 *
 * The test turns the clock, plays the host, makes the scans and breaks things. */
#ifndef TEST_FAKE_PORT_H
#define TEST_FAKE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device.h"
#include "link/stream.h"
#include "port/port.h"

enum { FAKE_TICK_HZ = 1000000, FAKE_LINK_BYTES = 1 << 20 };

struct fake_port {
    uint64_t ticks;
    struct scan *scan; /* while scanning */
    bool host_is_there;
    uint8_t from_host[4096], to_host[FAKE_LINK_BYTES];
    size_t n_from_host, n_from_host_read, n_to_host, n_to_host_read;
    size_t link_room; /* octets that the link will still take; SIZE_MAX: any number */
    uint8_t flash[PORT_FLASH_SLOTS][PORT_FLASH_SLOT_BYTES];
    size_t cut_after; /* octets of the next flash write that arrive before power fails */
    bool power_failed, flash_is_broken;
    uint32_t words[PORT_N_WORDS];
    bool was_watchdog, identifying, in_bootloader;
    uint16_t supply_mv;
    int open_row; /* -1: none */
    uint8_t n_aux;
    struct thenar_aux_channel aux[THENAR_MAX_AUX];
    unsigned n_aux_samples; /* that wait to be read; values[0] counts them down */
    unsigned n_fed;
    struct thenar_stream stream; /* of the host */
};

extern struct fake_port fake;

/** Power on: everything as new, a host is there. */
void fake_port_init(void);

/** A reset: flash and words stay. */
void fake_port_reset(bool by_watchdog);

/** The host sends a command; a message of any kind; octets as they are. */
void fake_host_command(uint16_t request, uint8_t code, uint32_t argument);
void fake_host_message(uint8_t type, const uint8_t *body, size_t n_body);
void fake_host_send(const uint8_t *bytes, size_t n_bytes);

/** The next message that came to the host, whole and undamaged. @return false: none */
bool fake_host_receive(struct thenar_message *message);

/** The next REPLY; other messages before it are passed over. Fails the test if there is none. */
struct thenar_reply fake_host_reply(void);

/** One command and its reply, polling the device meanwhile. */
struct thenar_reply fake_host_call(struct device *device, uint8_t code, uint32_t argument);

/** A scan at its due time, every taxel reading `counts`, or what `samples` says if not NULL. */
void fake_scan(uint16_t counts, const uint16_t *samples);

#endif

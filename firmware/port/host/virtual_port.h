/* SPDX-License-Identifier: MIT */
/* virtual_port.h - the chip that the virtual device runs on: port.h over a clock, a socket and a
 * stimulus
 *
 * There is one in a process, as there is one chip on a board; port_*() mean that one. */
#ifndef VIRTUAL_PORT_H
#define VIRTUAL_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/device.h"
#include "port/port.h"
#include "sensor/lsm6ds3.h"
#include "busy_bus.h"
#include "fault_plan.h"
#include "stimulus.h"
#include "virtual_clock.h"
#include "virtual_link.h"

struct virtual_port {
    const struct board *board;
    struct stimulus *stimulus; /* borrowed */
    struct fault_plan *faults; /* borrowed */
    struct virtual_clock clock;
    struct virtual_link link;
    struct busy_bus bus; /* between the device and the link */

    int64_t reset_ns;  /* device time of the last reset: there ticks began */
    struct scan *scan; /* while scanning; else NULL */
    bool is_over;      /* the stimulus has come to its end */
    bool stops_at_end; /* no scan after that; else scans go on, of an array at rest */

    uint8_t flash[PORT_FLASH_SLOTS][PORT_FLASH_SLOT_BYTES];
    uint32_t words[PORT_N_WORDS];
    bool was_watchdog, wants_bootloader, identifying;
    uint16_t counts[BOARD_MAX_TAXELS];
    struct thenar_aux_sample motion[LSM6DS3_N_CHANNELS];
    uint8_t n_motion; /* of these, still to be handed out: the last ones */
};

/** Power on. The clock and the link are the caller's to set up before. */
void virtual_port_init(struct virtual_port *port, const struct board *board,
                       struct stimulus *stimulus, struct fault_plan *faults);

/** The chip restarts: ticks from 0, no scan. Flash stays; words too, unless power was lost. */
void virtual_port_reset(struct virtual_port *port, bool by_watchdog, bool power_lost);

/** Device time at which the next scan will be over, so that its frame may go; INT64_MAX: none. */
int64_t virtual_port_due_ns(const struct virtual_port *port);

/**
 * The end of one whole scan, with the samples of its begin. A scan that is called for a little late
 * still has the ticks at which it was due, as a real timer would have kept them.
 */
void virtual_port_scan(struct virtual_port *port);

#endif

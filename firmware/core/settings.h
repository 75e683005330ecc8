/* SPDX-License-Identifier: MIT */
/* settings.h - what the device remembers over power loss: frame rate and gate
 *
 * Two flash slots are written in turn, each with a sequence number and a checksum. A write that is
 * cut anywhere spoils only the slot being written; the other one still holds the settings before.
 * Main context only; storing stalls the chip for the time of an erase. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>

#include "board/board.h"
#include "status.h"

struct settings {
    uint32_t rate_mhz;
    uint16_t gate_counts;
};

/** Those of a new device. */
void settings_default(struct settings *settings, const struct board *board);

/**
 * Read the newest that are whole and within the board's limits.
 * @return THENAR_OK; THENAR_ERR_ABSENT no slot holds any (`settings` is untouched);
 *         THENAR_ERR_OS the flash failed
 */
THENAR_NODISCARD enum thenar_status settings_load(struct settings *settings,
                                                  const struct board *board);

/**
 * Write them over the older slot and read them back.
 * @return THENAR_OK; THENAR_ERR_OS the flash failed (those stored before still stand)
 */
THENAR_NODISCARD enum thenar_status settings_store(const struct settings *settings);

#endif

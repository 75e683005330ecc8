/* SPDX-License-Identifier: MIT */
/* chip.h - what the port's files share: waking the main loop, and who this chip is */
#ifndef CHIP_H
#define CHIP_H

#include <stdbool.h>

#include "board/board.h"
#include "core/identity.h"

/** Once, first of all: watchdog, clocks of ours, light. */
void chip_init(const struct board *board);

/** Serial number of this chip (its flash's unique id), and the build. */
void chip_identify(struct identity *identity);

/** There is something for the main loop to do. Interrupt-safe. */
void chip_wake(void);

/** Sleep until chip_wake(), at most a few milliseconds; at once if it has come already. */
void chip_sleep(void);

#endif

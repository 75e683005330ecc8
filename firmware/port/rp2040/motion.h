/* SPDX-License-Identifier: MIT */
/* motion.h - the glove's motion sensor on SPI, read in the pauses of the scan
 *
 * SPI and not I2C: a sample must fit between two scans, and there are 68 us at 600 frames/s. Over
 * SPI it takes 35 us, over I2C at 400 kHz 360. Nothing moves on these wires while the converter
 * works, so that they cannot disturb it. Fulfils port_aux_* of port/port.h. Main context. */
#ifndef MOTION_H
#define MOTION_H

#include <stdbool.h>

#include "board/board.h"

/**
 * Look for the sensor, and set it up. Takes up to 50 ms where there should be one and is none.
 * @return false: the board's pins are no SPI of this chip
 */
bool motion_init(const struct board *board);

#endif

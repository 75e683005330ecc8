/* SPDX-License-Identifier: MIT */
/* scan_engine.h - the scan on the RP2040: the converter keeps time, an interrupt steps the lines
 *
 * What steps the multiplexers is the converter's own interrupt, in RAM and above USB's priority.
 * Conversions start by the converter's divider, from the same crystal as all else, so that the
 * moment of a sample does not hang on software at all; only how long a line had to settle does. A
 * step that left less than the board's settle time is counted, in FRAME's n_late.
 * A scan begins by an alarm of the microsecond timer, of the same priority. */
#ifndef SCAN_ENGINE_H
#define SCAN_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "board/board.h"

enum scan_engine_reading { SCAN_ENGINE_SUPPLY = 0, SCAN_ENGINE_TEMPERATURE = 1 };

struct scan;

/**
 * Once, before the first poll of the device.
 * @param scan  of the device, for its order
 * @return false: the board asks for what this chip cannot do
 */
bool scan_engine_init(const struct board *board, const struct scan *scan);

/**
 * What the converter's housekeeping inputs read, 0..4095. While scanning: as of a fraction of a
 * second ago. Main context.
 */
uint16_t scan_engine_reading(enum scan_engine_reading which);

/**
 * How long from now nothing will be scanned: 0 while a scan is under way; UINT32_MAX when none is
 * to come. Main context.
 */
uint32_t scan_engine_pause_us(void);

#endif

/* SPDX-License-Identifier: MIT */
/* scan_plan.h - a scan, laid out conversion by conversion before it begins
 *
 * The converter runs freely, one conversion each period_ns, and never waits; all that software does
 * is to step the multiplexers after a conversion and in time for another. The plan says, slot by
 * slot, which pins to toggle then, and whose sample the slot brings.
 *
 * One converter input: a slot is a few conversions, the first n_skipped of which pass while the
 * line settles; the others are averaged. | skip | take take | skip | take take |        step ^
 * here, at the end of each slot Two inputs, each behind a multiplexer bank of its own: a slot is
 * one conversion, A and B in turn. A is stepped when its conversion ends and has the time of B's
 * slot to settle. Where both must wait (the next row), slots without a taxel pass. | A0 | B0 | A1 |
 * B1 | -- | A0 | ... Knows no register; main context only. */
#ifndef SCAN_PLAN_H
#define SCAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "board/board.h"
#include "core/scan.h"

enum {
    SCAN_PLAN_CONVERSION_NS = 2000, /* 96 cycles of 48 MHz: RP2040 datasheet, 4.9.2 */
    /* From the end of a conversion to the pins: the interrupt's entry and first instructions, 50
     * cycles of 8 ns as the emulator counts them. */
    SCAN_PLAN_LATENCY_NS = 400,
    /* With one input: a conversion, and time for the interrupt to step the line before the next. */
    SCAN_PLAN_PERIOD_NS = 3000,
    SCAN_PLAN_FIFO = 4, /* conversions that the converter can hold */
    SCAN_PLAN_NO_TAXEL = 0xFFFF,
    SCAN_PLAN_STOP = BOARD_MAX_ADC_INPUTS, /* in place of an input: the scan is over */
    SCAN_PLAN_MAX_SLOTS = BOARD_MAX_TAXELS + 4 * 64 + 1
};

struct scan_slot {
    uint32_t toggle_pins; /* when it has been converted */
    uint16_t taxel;       /* row-major; SCAN_PLAN_NO_TAXEL: only time passes */
    uint8_t next_input;   /* which of the board's inputs the next slot reads, or SCAN_PLAN_STOP */
};

struct scan_plan {
    uint32_t period_ns; /* from the start of a conversion to the next one's */
    uint8_t n_skipped, n_taken;
    uint32_t slack_ns; /* how much later than SCAN_PLAN_LATENCY_NS a step may come */
    uint32_t settle_ns;
    uint32_t all_pins;   /* that the scan drives */
    uint32_t first_pins; /* of these, high before the first slot */
    uint8_t first_input;
    uint16_t n_slots;
    struct scan_slot slots[SCAN_PLAN_MAX_SLOTS];
};

/**
 * Lay out a scan.
 * @param order  [n_steps] of scan_init()
 * @return false: the board asks for what the chip cannot do (step too short for settling and
 *         conversion, oversampling on two inputs, too many pins, no taxels)
 */
bool scan_plan_init(struct scan_plan *plan, const struct board *board,
                    const struct scan_place *order, uint16_t n_steps);

/** How long the whole scan takes. */
uint32_t scan_plan_duration_ns(const struct scan_plan *plan);

#endif

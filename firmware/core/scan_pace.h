/* SPDX-License-Identifier: MIT */
/* scan_pace.h - when each scan is due, exactly, with additions only
 *
 * The period tick_hz / rate is seldom a whole number of ticks. Its remainder is carried from scan
 * to scan (Bresenham's way), so that 10^9 scans later the pace is still off by less than a tick,
 * and an interrupt on a core without a divider can keep it. */
#ifndef SCAN_PACE_H
#define SCAN_PACE_H

#include <stdint.h>

struct scan_pace {
    uint64_t due_ticks;   /* of the scan to come */
    uint32_t whole_ticks; /* period = whole + rest / modulus */
    uint32_t rest, modulus;
    uint32_t carried;
};

/** @param rate_mhz  1 .. 2^31 - 1 millihertz; divides, so not for interrupts */
static inline void scan_pace_init(struct scan_pace *pace, uint32_t tick_hz, uint32_t rate_mhz,
                                  uint64_t due_ticks)
{
    uint64_t thousand = (uint64_t)tick_hz * 1000U;
    pace->due_ticks = due_ticks;
    pace->whole_ticks = (uint32_t)(thousand / rate_mhz);
    pace->rest = (uint32_t)(thousand % rate_mhz);
    pace->modulus = rate_mhz;
    pace->carried = 0;
}

/** One period on. Interrupt-safe; never divides. */
static inline void scan_pace_step(struct scan_pace *pace)
{
    pace->due_ticks += pace->whole_ticks;
    pace->carried += pace->rest;
    if (pace->carried >= pace->modulus) {
        pace->carried -= pace->modulus;
        pace->due_ticks++;
    }
}

#endif

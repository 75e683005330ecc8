/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_clock.h - when was this frame scanned, on the host's clock?
 *
 * A frame arrives some delay after it was scanned; the delay varies, but is never less than the
 * link's own. The line beneath the arrivals (floor_line.h) gives offset and drift of the device's
 * clock, and its uncertainty. What it cannot see is the constant part of the delay: a link on which
 * even the quickest frame takes 1 ms makes all times 1 ms late.
 *
 * What holds of the times that come out:
 *   - none lies after its frame's arrival;
 *   - each is after the one before, whatever the arrivals do;
 *   - their intervals are the device's own times its drift, within 0.2 % while a better line is
 *     taken over. Two things pass over that limit: a frame that is quicker than the line allows
 *     (the first moments of a stream), and a beginning anew.
 *
 * The line begins anew, and keeps the drift, when the device's clock went back, when a frame comes
 * much too early for it (the host slept), or when all have been a second late for two (a clock was
 * set). A pure function of the times given to it: no clock is read, and the same times give the
 * same results. Allocates nothing; Context: one thread a clock. */
#ifndef DEVICE_CLOCK_H
#define DEVICE_CLOCK_H

#include <stdbool.h>

#include "clock/floor_line.h"

struct device_clock {
    struct floor_line floor;
    bool has_time;
    double correction_s;     /* times given less the line: taken out slowly */
    double device_s, host_s; /* of the last frame */
    double late_since_s;     /* device time since which all were a second late; NaN */
    unsigned n_restarts;
};

/** Forget everything: another device. */
void device_clock_init(struct device_clock *clock);

/** The device was reset: its ticks began anew, its crystal is the same. */
void device_clock_restart(struct device_clock *clock);

/**
 * One frame.
 * @param device_s  its device time
 * @param ready_s   the earliest moment at which it can have been scanned that is known: when it
 *                  arrived, less the scan itself, on a host clock that is not set (CLOCK_MONOTONIC)
 * @return host time of the scan: above the last one returned, and not after ready_s unless that
 *         would be going back
 */
double device_clock_update(struct device_clock *clock, double device_s, double ready_s);

/** Host time of another device time near the last frame (the beginning of a stroke). */
double device_clock_host_s(const struct device_clock *clock, double device_s);

/** How much faster the device's clock runs than the host's, parts per million; NaN: not known. */
double device_clock_drift_ppm(const struct device_clock *clock);

/** Standard uncertainty of the times given, of the delay's constant part apart; NaN: not known. */
double device_clock_uncertainty_s(const struct device_clock *clock);

#endif

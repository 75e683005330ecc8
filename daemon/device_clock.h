/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_clock.h - when was this frame scanned, on the host's clock?
 *
 * A frame arrives some delay after it was scanned; the delay varies, but is never less than the
 * link's own. So the smallest difference of arrival and device time seen so far is the best offset:
 * its lower envelope. Crystals drift, so the envelope leaks upwards (500 ppm), and is followed
 * downwards at once in the offset but with a slope limit in the result: intervals stay the device's
 * own within 1 %, and time never runs back. Only where a time would lie after its frame's arrival
 * is the limit passed over: that is when the first frames of a stream were late. A difference that
 * stays off by more than a second means that one of the clocks was set: the envelope starts anew.
 *
 * A pure function of the times given to it; no clock is read. */
#ifndef DEVICE_CLOCK_H
#define DEVICE_CLOCK_H

#include <stdbool.h>

struct device_clock {
    bool has_time;
    double offset_s;         /* lower envelope of arrival - device */
    double applied_s;        /* offset in force, slewed towards it */
    double device_s, host_s; /* of the last frame */
    double last_arrival_s;
    double late_since_s; /* arrival since which all frames were more than a second late; NaN */
};

/** Forget everything: another device, or its ticks began anew. */
void device_clock_init(struct device_clock *clock);

/**
 * One frame.
 * @param device_s   its device time, increasing
 * @param arrival_s  when it arrived, on a host clock that is not set (CLOCK_MONOTONIC)
 * @return host time of the scan: above the last one returned, and not after arrival_s unless that
 *         would be going back
 */
double device_clock_update(struct device_clock *clock, double device_s, double arrival_s);

/** Host time of another device time near the last frame (the beginning of a stroke). */
double device_clock_host_s(const struct device_clock *clock, double device_s);

#endif

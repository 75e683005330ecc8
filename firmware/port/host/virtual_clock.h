/* SPDX-License-Identifier: MIT */
/* virtual_clock.h - the virtual device's quartz: how its time follows the machine's
 *
 * Device time is in nanoseconds since power-on. It follows CLOCK_MONOTONIC, times a speed, times a
 * drift; or, free-running, it stands still until it is told to go on, so that what the device does
 * depends on nothing but what it is asked. */
#ifndef VIRTUAL_CLOCK_H
#define VIRTUAL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct virtual_clock {
    bool free_running;
    double speed, drift_ppm;
    int64_t base_wall_ns, base_device_ns; /* a moment at which both were known */
};

/** @param speed  device seconds a second; passed over when free_running */
void virtual_clock_init(struct virtual_clock *clock, double speed, bool free_running);

/** Device time now; never goes back. */
int64_t virtual_clock_now_ns(const struct virtual_clock *clock);

/** From now on, fast by this many parts per million. */
void virtual_clock_set_drift(struct virtual_clock *clock, double drift_ppm);

/** Free-running only: it is `device_ns` now; the past is passed over. */
void virtual_clock_advance(struct virtual_clock *clock, int64_t device_ns);

/** How long the machine has to wait for that device time; 0 if it has come. */
int64_t virtual_clock_wait_ns(const struct virtual_clock *clock, int64_t device_ns);

#endif

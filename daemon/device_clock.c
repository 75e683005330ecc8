/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_clock.h"

#include <math.h>

static const double LEAK = 500e-6;      /* s/s: more than a poor oscillator is off */
static const double SLEW = 0.01;        /* of the interval between two frames */
static const double SET_S = 1.0;        /* further off than a link can delay */
static const double SET_PATIENCE_S = 2; /* a stall recovers; a set clock does not */
static const double RATIO_MIN = 1e-9;

void device_clock_init(struct device_clock *clock)
{
    *clock = (struct device_clock){.late_since_s = (double)NAN};
}

static double start(struct device_clock *clock, double device_s, double arrival_s)
{
    bool had_time = clock->has_time;
    double before_s = clock->host_s;
    device_clock_init(clock);
    clock->has_time = true;
    clock->offset_s = clock->applied_s = arrival_s - device_s;
    clock->device_s = device_s;
    clock->last_arrival_s = arrival_s;
    clock->host_s = had_time && arrival_s <= before_s ? before_s + RATIO_MIN : arrival_s;
    return clock->host_s;
}

/* True when the frames have been more than a second late, or early, for longer than any stall. */
static bool was_set(struct device_clock *clock, double difference_s, double arrival_s)
{
    double off_s = difference_s - clock->offset_s;
    if (off_s < -SET_S)
        return true; /* nothing arrives before it was sent */
    if (off_s < SET_S) {
        clock->late_since_s = (double)NAN;
        return false;
    }
    if (isnan(clock->late_since_s))
        clock->late_since_s = arrival_s;
    return arrival_s - clock->late_since_s > SET_PATIENCE_S;
}

double device_clock_update(struct device_clock *clock, double device_s, double arrival_s)
{
    double difference_s = arrival_s - device_s;
    if (!clock->has_time || was_set(clock, difference_s, arrival_s))
        return start(clock, device_s, arrival_s);
    double step_s = device_s - clock->device_s;
    if (step_s < 0)
        step_s = 0;
    clock->offset_s += LEAK * step_s;
    if (difference_s < clock->offset_s)
        clock->offset_s = difference_s;
    double change_s = clock->offset_s - clock->applied_s;
    double limit_s = SLEW * step_s;
    clock->applied_s += fmax(-limit_s, fmin(limit_s, change_s));
    double host_s = device_s + clock->applied_s;
    if (host_s > arrival_s) { /* no frame comes before it was scanned: the first ones were late */
        host_s = arrival_s;
        clock->applied_s = difference_s;
    }
    if (host_s <= clock->host_s)
        host_s = clock->host_s + RATIO_MIN;
    clock->device_s = device_s;
    clock->last_arrival_s = arrival_s;
    clock->host_s = host_s;
    return host_s;
}

double device_clock_host_s(const struct device_clock *clock, double device_s)
{
    return clock->host_s + (device_s - clock->device_s);
}

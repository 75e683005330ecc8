/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clock/device_clock.h"

#include <math.h>

static const double SLEW = 0.002;    /* of the interval between two frames */
static const double EARLY_S = 0.002; /* and more: nothing arrives before it was sent */
static const double EARLY_TIMES = 8; /* the uncertainty */
static const double SETTLED_S = 8;   /* before that, early frames are those that were not late */
static const double LATE_S = 1.0;    /* more than a link can delay */
static const double LATE_PATIENCE_S = 2; /* a stall recovers; a set clock does not */
static const double STEP_LEAST_S = 1e-9;

void device_clock_init(struct device_clock *clock)
{
    *clock = (struct device_clock){.late_since_s = (double)NAN};
    floor_line_init(&clock->floor);
}

void device_clock_restart(struct device_clock *clock)
{
    clock->n_restarts += clock->has_time;
    clock->has_time = false;
}

static double give(struct device_clock *clock, double device_s, double host_s, bool is_first)
{
    if (!is_first && host_s <= clock->host_s)
        host_s = clock->host_s + STEP_LEAST_S;
    clock->device_s = device_s;
    clock->host_s = host_s;
    return host_s;
}

static double start(struct device_clock *clock, double device_s, double ready_s)
{
    bool is_first = !clock->has_time && clock->n_restarts == 0;
    clock->n_restarts += clock->has_time;
    clock->has_time = true;
    clock->correction_s = 0;
    clock->late_since_s = (double)NAN;
    floor_line_restart(&clock->floor, device_s, ready_s - device_s);
    return give(clock, device_s, ready_s, is_first);
}

static bool is_much_too_early(const struct device_clock *clock, double below_s)
{
    double doubt_s = clock->floor.uncertainty_s;
    return below_s > LATE_S || (floor_line_span_s(&clock->floor) > SETTLED_S &&
                                below_s > EARLY_S + EARLY_TIMES * doubt_s);
}

/* The frames have been more than a second late for longer than any stall: the old line is void. */
static void heed_lateness(struct device_clock *clock, double device_s, double above_s)
{
    if (above_s < LATE_S) {
        clock->late_since_s = (double)NAN;
        return;
    }
    if (isnan(clock->late_since_s))
        clock->late_since_s = device_s;
    if (device_s - clock->late_since_s < LATE_PATIENCE_S)
        return;
    floor_line_forget_before(&clock->floor, clock->late_since_s);
    clock->late_since_s = (double)NAN;
    clock->correction_s = 0;
    clock->n_restarts++;
}

double device_clock_update(struct device_clock *clock, double device_s, double ready_s)
{
    struct floor_line *floor = &clock->floor;
    double late_s = ready_s - device_s;
    if (!clock->has_time || device_s < clock->device_s)
        return start(clock, device_s, ready_s);
    double above_s = late_s - floor_line_at(floor, device_s);
    bool was_away = device_s - clock->device_s > LATE_S && above_s > LATE_S;
    if (was_away || is_much_too_early(clock, -above_s))
        return start(clock, device_s, ready_s);
    if (above_s < 0) {
        floor_line_lower(floor, -above_s);
        clock->correction_s -= above_s;
    }
    heed_lateness(clock, device_s, above_s);

    double before_s = floor_line_at(floor, device_s);
    if (floor_line_add(floor, device_s, late_s))
        clock->correction_s += before_s - floor_line_at(floor, device_s);
    double most_s = SLEW * (device_s - clock->device_s);
    clock->correction_s -= fmax(-most_s, fmin(most_s, clock->correction_s));
    clock->correction_s = fmin(clock->correction_s, late_s - floor_line_at(floor, device_s));
    double host_s = device_s + floor_line_at(floor, device_s) + clock->correction_s;
    return give(clock, device_s, fmin(host_s, ready_s), false);
}

double device_clock_host_s(const struct device_clock *clock, double device_s)
{
    return clock->host_s + (device_s - clock->device_s) * (1 + clock->floor.slope);
}

double device_clock_drift_ppm(const struct device_clock *clock)
{
    bool is_known = clock->has_time && !isnan(clock->floor.slope_sd);
    return is_known ? -clock->floor.slope / (1 + clock->floor.slope) * 1e6 : (double)NAN;
}

double device_clock_uncertainty_s(const struct device_clock *clock)
{
    return clock->has_time ? clock->floor.uncertainty_s + fabs(clock->correction_s) : (double)NAN;
}

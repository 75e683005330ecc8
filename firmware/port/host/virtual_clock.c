/* SPDX-License-Identifier: MIT */
#include "virtual_clock.h"

#include <math.h>
#include <time.h>

static int64_t wall_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static double factor(const struct virtual_clock *clock)
{
    return clock->speed * (1.0 + clock->drift_ppm * 1e-6);
}

void virtual_clock_init(struct virtual_clock *clock, double speed, bool free_running)
{
    *clock = (struct virtual_clock){
        .free_running = free_running, .speed = speed, .base_wall_ns = wall_ns()};
}

int64_t virtual_clock_now_ns(const struct virtual_clock *clock)
{
    if (clock->free_running)
        return clock->base_device_ns;
    double gone_ns = (double)(wall_ns() - clock->base_wall_ns) * factor(clock);
    return clock->base_device_ns + (int64_t)gone_ns;
}

void virtual_clock_set_drift(struct virtual_clock *clock, double drift_ppm)
{
    int64_t now_ns = virtual_clock_now_ns(clock);
    clock->base_wall_ns = wall_ns();
    clock->base_device_ns = now_ns;
    clock->drift_ppm = drift_ppm;
}

void virtual_clock_advance(struct virtual_clock *clock, int64_t device_ns)
{
    if (clock->free_running && device_ns > clock->base_device_ns)
        clock->base_device_ns = device_ns;
}

int64_t virtual_clock_wait_ns(const struct virtual_clock *clock, int64_t device_ns)
{
    int64_t left_ns = device_ns - virtual_clock_now_ns(clock);
    if (left_ns <= 0 || clock->free_running)
        return 0;
    return (int64_t)ceil((double)left_ns / factor(clock));
}

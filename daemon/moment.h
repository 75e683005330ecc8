/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moment.h - one instant on both host clocks
 *
 * The monotonic clock measures latencies and never steps; the wall clock is what the feed carries.
 * The daemon reads clocks here and nowhere else; the engine reads none. */
#ifndef MOMENT_H
#define MOMENT_H

#include <stdint.h>
#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

struct moment {
    int64_t monotonic_ns;
    int64_t unix_ns;
};

static inline int64_t moment_clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

/** Now on the clock that never steps. */
static inline int64_t moment_monotonic_ns(void)
{
    return moment_clock_ns(CLOCK_MONOTONIC);
}

/** Now on both clocks. Costs no system call on Linux. */
static inline struct moment moment_now(void)
{
    struct moment now = {moment_clock_ns(CLOCK_MONOTONIC), moment_clock_ns(CLOCK_REALTIME)};
    return now;
}

static inline double moment_unix_s(struct moment moment)
{
    return (double)moment.unix_ns * 1e-9;
}

#endif

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

enum { MOMENT_APART_NS = 20000, MOMENT_TRIES = 4 };

/** Now on both clocks, read again when the thread was interrupted between the two. Costs no system
 * call on Linux. */
static inline struct moment moment_now(void)
{
    struct moment now = {0, 0};
    for (int i = 0; i < MOMENT_TRIES; i++) {
        now.monotonic_ns = moment_clock_ns(CLOCK_MONOTONIC);
        now.unix_ns = moment_clock_ns(CLOCK_REALTIME);
        if (moment_clock_ns(CLOCK_MONOTONIC) - now.monotonic_ns < MOMENT_APART_NS)
            break;
    }
    return now;
}

static inline double moment_unix_s(struct moment moment)
{
    return (double)moment.unix_ns * 1e-9;
}

#endif

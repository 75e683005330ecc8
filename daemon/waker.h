/* SPDX-License-Identifier: GPL-3.0-or-later */
/* waker.h - wake a thread that sleeps in poll, at no cost while it is awake
 *
 * The sleeper:                              The waker:
 *     waker_prepare(&w);                        publish work (ring_commit)
 *     if (no work)                              waker_wake(&w);
 *         poll(waker_fd(&w) ...);
 *     waker_finish_sleep(&w);
 *
 * An eventfd is written only when the other side said that it is about to sleep; both sides order
 * their two accesses with a full fence, so that no wake-up is lost (Dekker's argument). */
#ifndef WAKER_H
#define WAKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "status.h"

struct waker {
    _Alignas(64) atomic_bool is_sleeping;
    int fd;
    uint64_t
        n_owed; /* the sleeper's: wake-ups that took the flag but may not have been written yet */
};

/** @return THENAR_OK; THENAR_ERR_OS no descriptor to be had */
THENAR_NODISCARD enum thenar_status waker_init(struct waker *waker);
void waker_finish(struct waker *waker);

/** About to sleep; look for work once more after this. */
static inline void waker_prepare(struct waker *waker)
{
    (void)atomic_exchange_explicit(&waker->is_sleeping, true, memory_order_acq_rel);
}

/** Awake again: forget what was written meanwhile. */
void waker_finish_sleep(struct waker *waker);

void waker_write(struct waker *waker);

/**
 * After work was published. Any thread; costs one exchange when the other side is awake.
 *
 * Both sides exchange the flag, so one exchange comes first: if the sleeper's, it is woken; if this
 * one, the sleeper's acquires what was published here, and its second look finds the work.
 */
static inline void waker_wake(struct waker *waker)
{
    if (atomic_exchange_explicit(&waker->is_sleeping, false, memory_order_acq_rel))
        waker_write(waker);
}

#endif

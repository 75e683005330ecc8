/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waker.h"

#include <sys/eventfd.h>
#include <unistd.h>

enum thenar_status waker_init(struct waker *waker)
{
    atomic_init(&waker->is_sleeping, false);
    waker->n_owed = 0;
    waker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return waker->fd >= 0 ? THENAR_OK : THENAR_ERR_OS;
}

void waker_finish(struct waker *waker)
{
    if (waker->fd >= 0)
        close(waker->fd);
    waker->fd = -1;
}

void waker_finish_sleep(struct waker *waker)
{
    /* Whoever took the flag writes once; maybe a moment later, so what is owed is remembered: a
     * write that nobody reads would keep poll from ever sleeping again. */
    if (!atomic_exchange_explicit(&waker->is_sleeping, false, memory_order_relaxed))
        waker->n_owed++;
    uint64_t n_written;
    if (waker->n_owed > 0 && read(waker->fd, &n_written, sizeof n_written) == sizeof n_written)
        waker->n_owed -= n_written;
}

void waker_write(struct waker *waker)
{
    uint64_t one = 1;
    (void)!write(waker->fd, &one, sizeof one);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ring.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 64 };

enum thenar_status ring_init(struct ring *ring, size_t n_slots, size_t slot_bytes,
                             struct waker *data)
{
    if (n_slots == 0 || (n_slots & (n_slots - 1)) != 0 || slot_bytes == 0)
        return THENAR_ERR_ARGUMENT;
    slot_bytes = (slot_bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    if (waker_init(&ring->space) != THENAR_OK)
        return THENAR_ERR_OS;
    ring->slots = aligned_alloc(LINE_BYTES, n_slots * slot_bytes);
    if (!ring->slots) {
        waker_finish(&ring->space);
        return THENAR_ERR_MEMORY;
    }
    ring->n_slots = n_slots;
    ring->slot_bytes = slot_bytes;
    ring->data = data;
    ring->n_released_seen = 0;
    atomic_init(&ring->n_committed, 0);
    atomic_init(&ring->n_released, 0);
    return THENAR_OK;
}

void ring_finish(struct ring *ring)
{
    if (!ring->slots)
        return;
    free(ring->slots);
    ring->slots = NULL;
    waker_finish(&ring->space);
}

static void *slot(const struct ring *ring, size_t count)
{
    return ring->slots + (count & (ring->n_slots - 1)) * ring->slot_bytes;
}

void *ring_claim(struct ring *ring, size_t n_reserve)
{
    size_t head = atomic_load_explicit(&ring->n_committed, memory_order_relaxed);
    if (head - ring->n_released_seen + n_reserve >= ring->n_slots) {
        ring->n_released_seen = atomic_load_explicit(&ring->n_released, memory_order_acquire);
        if (head - ring->n_released_seen + n_reserve >= ring->n_slots)
            return NULL;
    }
    return slot(ring, head);
}

void ring_commit(struct ring *ring)
{
    size_t head = atomic_load_explicit(&ring->n_committed, memory_order_relaxed);
    atomic_store_explicit(&ring->n_committed, head + 1, memory_order_release);
    if (ring->data)
        waker_wake(ring->data);
}

void ring_wait(struct ring *ring, size_t n_reserve, int timeout_ms)
{
    waker_prepare(&ring->space);
    if (!ring_claim(ring, n_reserve)) {
        struct pollfd fd = {.fd = ring->space.fd, .events = POLLIN};
        (void)poll(&fd, 1, timeout_ms);
    }
    waker_finish_sleep(&ring->space);
}

const void *ring_peek(struct ring *ring)
{
    size_t tail = atomic_load_explicit(&ring->n_released, memory_order_relaxed);
    if (tail == atomic_load_explicit(&ring->n_committed, memory_order_acquire))
        return NULL;
    return slot(ring, tail);
}

void ring_release(struct ring *ring)
{
    size_t tail = atomic_load_explicit(&ring->n_released, memory_order_relaxed);
    atomic_store_explicit(&ring->n_released, tail + 1, memory_order_release);
    waker_wake(&ring->space);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ring.h - hand slots from one thread to another without a lock, a copy or an allocation
 *
 *     producer                                  consumer
 *     slot = ring_claim(&ring, reserve);        slot = ring_peek(&ring);
 *     if (slot) {                               if (slot) {
 *         fill(slot);                               use(slot);
 *         ring_commit(&ring);                       ring_release(&ring);
 *     }                                         }
 *
 * One producer, one consumer. A slot belongs to the producer from claim to commit and to the
 * consumer from peek to release. The last `reserve` free slots can be kept for what matters most.
 */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"
#include "waker.h"

struct ring {
    unsigned char *slots; /* [n_slots * slot_bytes] */
    size_t n_slots, slot_bytes;
    struct waker *data;                     /* of the consumer, borrowed; may serve many rings */
    struct waker space;                     /* of a producer that waits (ring_wait) */
    _Alignas(64) atomic_size_t n_committed; /* written by the producer only */
    size_t n_released_seen;                 /* the producer's last look at the other counter */
    _Alignas(64) atomic_size_t n_released;  /* written by the consumer only */
};

/**
 * @param n_slots     a power of two
 * @param slot_bytes  rounded up to a multiple of 64; slots begin on cache lines
 * @param data        woken by commit; borrowed; NULL: nobody sleeps
 * @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status ring_init(struct ring *ring, size_t n_slots, size_t slot_bytes,
                                              struct waker *data);
void ring_finish(struct ring *ring);

/**
 * A slot to fill; claiming again without a commit gives the same slot.
 * @param n_reserve  slots that must stay free behind this one, for others
 * @return NULL when there are not so many free ones
 * Context: producer; wait-free
 */
void *ring_claim(struct ring *ring, size_t n_reserve);

/** Hand the claimed slot over. Context: producer; wait-free */
void ring_commit(struct ring *ring);

/**
 * Sleep until more than `n_reserve` slots are free, or the time is over.
 * Context: producer, when it may wait (recordings); never needed on a live device
 */
void ring_wait(struct ring *ring, size_t n_reserve, int timeout_ms);

/** The oldest slot handed over; NULL: none. Context: consumer; wait-free */
const void *ring_peek(struct ring *ring);

/** Give the peeked slot back. Context: consumer; wait-free */
void ring_release(struct ring *ring);

#endif

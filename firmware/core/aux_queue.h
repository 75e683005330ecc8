/* SPDX-License-Identifier: MIT */
/* aux_queue.h - samples of auxiliary channels waiting for the link, in static memory
 *
 * The port has them (port_aux_read in port/port.h), the link says them (AUX in LINK.md). When the
 * queue is full the oldest sample goes: newer ones tell more of a hand than older ones.
 * Main context only. */
#ifndef AUX_QUEUE_H
#define AUX_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "link/message.h"

enum { AUX_QUEUE_SLOTS = 16 /* two channels of 200 Hz, for 40 ms */ };

struct aux_queue {
    struct thenar_aux_sample samples[AUX_QUEUE_SLOTS];
    uint8_t oldest, n_samples;
};

/** Take what the port has by now. While not streaming it is forgotten. */
void aux_queue_fill(struct aux_queue *queue, bool streaming);

/** @return the oldest sample, borrowed until the next fill; NULL: none */
const struct thenar_aux_sample *aux_queue_pop(struct aux_queue *queue);

/** Forget all that waits. */
void aux_queue_clear(struct aux_queue *queue);

#endif

/* SPDX-License-Identifier: MIT */
#include "core/aux_queue.h"

#include <stddef.h>

#include "port/port.h"

void aux_queue_clear(struct aux_queue *queue)
{
    queue->oldest = 0;
    queue->n_samples = 0;
}

static void forget_oldest(struct aux_queue *queue)
{
    queue->oldest = (uint8_t)((queue->oldest + 1U) % AUX_QUEUE_SLOTS);
    queue->n_samples--;
}

void aux_queue_fill(struct aux_queue *queue, bool streaming)
{
    /* At most a queue of them at a time: a port that always has one more must not keep us here. */
    for (unsigned n = 0; n < AUX_QUEUE_SLOTS; n++) {
        struct thenar_aux_sample sample;
        if (!port_aux_read(&sample))
            return;
        if (!streaming)
            continue;
        if (queue->n_samples == AUX_QUEUE_SLOTS)
            forget_oldest(queue);
        queue->samples[(queue->oldest + queue->n_samples) % AUX_QUEUE_SLOTS] = sample;
        queue->n_samples++;
    }
}

const struct thenar_aux_sample *aux_queue_pop(struct aux_queue *queue)
{
    if (queue->n_samples == 0)
        return NULL;
    const struct thenar_aux_sample *sample = &queue->samples[queue->oldest];
    forget_oldest(queue);
    return sample;
}

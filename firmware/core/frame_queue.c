/* SPDX-License-Identifier: MIT */
#include "core/frame_queue.h"

void frame_queue_init(struct frame_queue *queue)
{
    frame_queue_clear(queue);
    queue->n_dropped = 0;
}

void frame_queue_clear(struct frame_queue *queue)
{
    queue->oldest = 0;
    queue->n_frames = 0;
}

static void forget_oldest(struct frame_queue *queue)
{
    queue->oldest = (uint16_t)((queue->oldest + 1U) % FRAME_QUEUE_SLOTS);
    queue->n_frames--;
}

struct frame_slot *frame_queue_reserve(struct frame_queue *queue)
{
    if (frame_queue_is_full(queue)) {
        forget_oldest(queue);
        queue->n_dropped++;
    }
    return &queue->slots[(queue->oldest + queue->n_frames) % FRAME_QUEUE_SLOTS];
}

void frame_queue_push(struct frame_queue *queue)
{
    queue->n_frames++;
}

struct frame_slot *frame_queue_pop(struct frame_queue *queue)
{
    if (queue->n_frames == 0)
        return NULL;
    struct frame_slot *slot = &queue->slots[queue->oldest];
    thenar_frame_set_dropped(slot->message + 1, slot->n_lost + queue->n_dropped);
    forget_oldest(queue);
    return slot;
}

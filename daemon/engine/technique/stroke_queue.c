/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/stroke_queue.h"

#include <string.h>

void stroke_queue_push(struct stroke_queue *queue, const struct stroke *stroke, double ended_s)
{
    if (queue->n == STROKE_QUEUE_MAX)
        stroke_queue_drop(queue, 1);
    queue->stroke[queue->n] = *stroke;
    queue->ended_s[queue->n++] = ended_s;
}

void stroke_queue_drop(struct stroke_queue *queue, unsigned n)
{
    memmove(queue->stroke, queue->stroke + n, (queue->n - n) * sizeof queue->stroke[0]);
    memmove(queue->ended_s, queue->ended_s + n, (queue->n - n) * sizeof queue->ended_s[0]);
    queue->n -= n;
}

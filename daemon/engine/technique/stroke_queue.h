/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stroke_queue.h - strokes that ended and wait for their name, oldest first */
#ifndef STROKE_QUEUE_H
#define STROKE_QUEUE_H

#include "technique/technique.h"

enum { STROKE_QUEUE_MAX = 48 }; /* 4 s of the fastest pace */

struct stroke_queue {
    unsigned n;
    struct stroke stroke[STROKE_QUEUE_MAX];
    double ended_s[STROKE_QUEUE_MAX]; /* when it became known */
};

/** Add one; when there is no room, the oldest goes. */
void stroke_queue_push(struct stroke_queue *queue, const struct stroke *stroke, double ended_s);

/** Take the `n` oldest away; n <= queue->n. */
void stroke_queue_drop(struct stroke_queue *queue, unsigned n);

#endif

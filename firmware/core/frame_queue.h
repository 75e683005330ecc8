/* SPDX-License-Identifier: MIT */
/* frame_queue.h - whole encoded FRAMEs waiting for the link, in static memory
 *
 * When it is full the oldest frame goes, and is counted. Each frame is wrapped for the wire only
 * when its turn comes, so that its n_dropped counts what was dropped just before it.
 * Main context only. */
#ifndef FRAME_QUEUE_H
#define FRAME_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board/board.h"
#include "link/frame.h"

/* How many wait; the build may say. 16 of table32's are 27 kB, and 80 ms at 200 frames a second. */
#ifndef FRAME_QUEUE_SLOTS
#define FRAME_QUEUE_SLOTS 16
#endif

enum { FRAME_QUEUE_MESSAGE_BYTES = 1 + THENAR_FRAME_MAX_BYTES(BOARD_MAX_TAXELS) + 4 };

struct frame_slot {
    uint32_t n_lost; /* scans lost before this one */
    uint16_t n_body;
    uint8_t
        message[FRAME_QUEUE_MESSAGE_BYTES]; /* type, body, checksum, as thenar_stream_wrap wants */
};

struct frame_queue {
    struct frame_slot slots[FRAME_QUEUE_SLOTS];
    uint16_t oldest, n_frames;
    uint32_t n_dropped; /* since init */
};

void frame_queue_init(struct frame_queue *queue);

/**
 * Where to encode the next frame: n_lost, n_body and message + 1 are to be filled. The oldest frame
 * is dropped if all slots are taken. Nothing is queued until frame_queue_push().
 */
struct frame_slot *frame_queue_reserve(struct frame_queue *queue);
void frame_queue_push(struct frame_queue *queue);

/**
 * The oldest frame, its n_dropped brought up to date, out of the queue.
 * @return borrowed until the next frame_queue_reserve(); NULL: none
 */
struct frame_slot *frame_queue_pop(struct frame_queue *queue);

/** Forget all that waits: no host is there to read it. Not counted. */
void frame_queue_clear(struct frame_queue *queue);

static inline bool frame_queue_is_full(const struct frame_queue *queue)
{
    return queue->n_frames == FRAME_QUEUE_SLOTS;
}

#endif

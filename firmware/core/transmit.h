/* SPDX-License-Identifier: MIT */
/* transmit.h - what is said next, and saying it without ever waiting
 *
 * One encoded message is on its way to the link at a time. When it has gone, the next is chosen:
 * FAULT, HELLO, TAXELS pages, REPLY and STATUS are made from what is due at that moment, so they
 * need no queue and cannot be dropped; then AUX, then the oldest FRAME. */
#ifndef TRANSMIT_H
#define TRANSMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/frame_queue.h"
#include "link/cobs.h"
#include "link/message.h"

struct device;

enum {
    /* TAXELS and HELLO are the longest but for FRAME: pages of 64 x 14 octets; texts and a bitmap.
     */
    TRANSMIT_BODY_BYTES = 512 + BOARD_MAX_TAXELS / 8 > 960 ? 512 + BOARD_MAX_TAXELS / 8 : 960,
    TRANSMIT_MESSAGE_BYTES = 1 + TRANSMIT_BODY_BYTES + 4,
    TRANSMIT_LONGEST_BYTES = (int)TRANSMIT_MESSAGE_BYTES > (int)FRAME_QUEUE_MESSAGE_BYTES
                                 ? (int)TRANSMIT_MESSAGE_BYTES
                                 : (int)FRAME_QUEUE_MESSAGE_BYTES,
    TRANSMIT_WIRE_BYTES = THENAR_COBS_MAX_BYTES(TRANSMIT_LONGEST_BYTES) + 2
};

struct transmit {
    bool hello_due, reply_due, status_due, fault_due;
    bool frames_first; /* queued frames go before the reply */
    bool leaving;      /* to the bootloader, when all is said */
    uint16_t next_page, n_pages;
    struct thenar_reply reply;

    union {
        struct thenar_hello hello;
        struct thenar_taxel_page page;
    } scratch; /* while one is encoded */
    uint8_t message[TRANSMIT_MESSAGE_BYTES];
    _Alignas(4) uint8_t wire[TRANSMIT_WIRE_BYTES]; /* copied by words where a port copies */
    uint16_t n_wire, n_sent;

    uint64_t moved_ticks; /* when the link last took something, or had nothing to take */
    bool stalled;
    uint32_t n_stalls; /* times that the host took nothing for 100 ms */
};

void transmit_init(struct transmit *transmit);

/** The host left: what it was to hear of its own requests is forgotten. */
void transmit_reset(struct transmit *transmit);

/** HELLO and its pages are due, before any reply. */
void transmit_describe(struct transmit *transmit);

/** This reply is due. Only when transmit_has_answered(). */
void transmit_reply(struct transmit *transmit, const struct thenar_reply *reply);

/** STATUS is due; FAULT is due. What they say is looked up when their turn comes. */
void transmit_status(struct transmit *transmit);
void transmit_fault(struct transmit *transmit);

/** The frames that wait now go before the next reply. */
void transmit_frames_first(struct transmit *transmit);

/** After the next reply, go to the bootloader. */
void transmit_then_leave(struct transmit *transmit);

/** Whether the last reply has gone, so that another command may be taken. */
static inline bool transmit_has_answered(const struct transmit *transmit)
{
    return !transmit->reply_due && !transmit->leaving;
}

/** Hand the link as much as it takes. */
void transmit_poll(struct device *device);

#endif

/* SPDX-License-Identifier: MIT */
/* turn_away.h - a second host, on another interface of the same device, is told BUSY
 *
 * LINK.md, 1.1: each of its commands gets a REPLY with its request and code and the result BUSY;
 * nothing else is sent to it. Static memory, no I/O: whoever has the second interface feeds octets
 * and sends answers. One answer is in hand at a time. Main context. */
#ifndef TURN_AWAY_H
#define TURN_AWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link/cobs.h"
#include "link/stream.h"

enum {
    TURN_AWAY_MESSAGE_BYTES = 1 + 9 + 4, /* a REPLY without findings */
    TURN_AWAY_WIRE_BYTES = THENAR_COBS_MAX_BYTES(TURN_AWAY_MESSAGE_BYTES) + 2
};

struct turn_away {
    struct thenar_stream stream;
    uint8_t wire[TURN_AWAY_WIRE_BYTES];
    size_t n_wire, n_sent;
};

void turn_away_init(struct turn_away *turn_away);

/** The second host left: forget what it began to say, and what it was to hear. */
void turn_away_reset(struct turn_away *turn_away);

/** Whether the last answer has gone, so that another octet may be taken. */
bool turn_away_is_ready(const struct turn_away *turn_away);

/** Take an octet of the second host's. Only when turn_away_is_ready(). */
void turn_away_receive(struct turn_away *turn_away, uint8_t byte);

/** What is still to be sent. @param n_bytes  out; 0: nothing. @return borrowed until sent */
const uint8_t *turn_away_answer(const struct turn_away *turn_away, size_t *n_bytes);

/** So many octets of it were taken. */
void turn_away_sent(struct turn_away *turn_away, size_t n_bytes);

#endif

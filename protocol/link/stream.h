/* SPDX-License-Identifier: MIT */
/* stream.h - octets into checked messages and back (LINK.md, "Framing")
 *
 * Damage is skipped and counted, never reported as data. No heap, no I/O.
 *
 *     thenar_stream_init(&stream);
 *     while (n_bytes > 0) {
 *         size_t n_used;
 *         struct thenar_message message;
 *         if (thenar_stream_next(&stream, bytes, n_bytes, &n_used, &message) == THENAR_OK)
 *             use(&message); // until the next call
 *         bytes += n_used;
 *         n_bytes -= n_used;
 *     }
 */
#ifndef THENAR_STREAM_H
#define THENAR_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "link/message.h"
#include "status.h"

struct thenar_message {
    uint8_t type;        /* enum thenar_message_type, or one that this end does not know */
    const uint8_t *body; /* [n_body] inside the stream's buffer: borrowed until the next call */
    size_t n_body;
};

struct thenar_stream {
    uint8_t buffer[THENAR_ENCODED_BYTES];
    size_t n_buffered;
    int skipping;          /* the message in progress is too long: drop until its delimiter */
    uint64_t n_messages;   /* whole and checked */
    uint64_t n_bad_cobs;   /* dropped: not an encoding */
    uint64_t n_bad_crc;    /* dropped: checksum differs */
    uint64_t n_bad_length; /* dropped: longer than any message, or shorter than type and checksum */
    uint64_t n_skipped_bytes; /* octets in all that were dropped */
};

/** Forget what is buffered and set the counters to zero. Also how a stream begins. */
void thenar_stream_init(struct thenar_stream *stream);

/** Forget a half-received message (the link was reopened); counters stay. */
void thenar_stream_reset(struct thenar_stream *stream);

/**
 * Take the next message out of `bytes`.
 *
 * Octets before the first delimiter after init or reset are part of a message like any other: a
 * receiver that joins in the middle drops one damaged message, which is counted.
 *
 * @param bytes    [n_bytes] received octets, borrowed for this call
 * @param n_used   out: octets consumed, 0..n_bytes, set on every return; call again with the rest
 * @param message  out: type and body of one checked message, borrowed until the next call
 * @return THENAR_OK one message; THENAR_PENDING all consumed, more octets needed;
 *         THENAR_ERR_COBS, THENAR_ERR_CRC, THENAR_ERR_LENGTH one message dropped and counted
 * Owner:   caller owns the stream
 * Context: one thread a stream; interrupt-safe; never blocks
 * Source:  LINK.md, "Framing"
 */
THENAR_NODISCARD enum thenar_status thenar_stream_next(struct thenar_stream *stream,
                                                       const uint8_t *bytes, size_t n_bytes,
                                                       size_t *n_used,
                                                       struct thenar_message *message);

/**
 * Wrap one message for the wire: delimiter, COBS(type, body, checksum), delimiter.
 *
 * The body must already stand in `message` after one octet for the type, with room for the four
 * octets of the checksum behind it: message[0] is overwritten by `type`, message[1 .. n_body] is
 * the body, message[n_body + 1 ..] gets the checksum. So nothing is copied twice.
 *
 * @param message   [1 + n_body + 4] scratch that holds the body, overwritten as said
 * @param wire      [n_space] where to write
 * @param n_wire    out: octets to send; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SPACE if `wire` is too small;
 *         THENAR_ERR_ARGUMENT if the message is longer than THENAR_MESSAGE_BYTES
 * Context: any thread or interrupt; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_stream_wrap(uint8_t type, uint8_t *message,
                                                       size_t n_body, uint8_t *wire, size_t n_space,
                                                       size_t *n_wire);

#endif

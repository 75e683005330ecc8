/* SPDX-License-Identifier: MIT */
#include "link/stream.h"

#include <string.h>

#include "link/cobs.h"
#include "link/crc32c.h"

enum {
    TYPE_BYTES = 1,
    CRC_BYTES = 4,
    LONGEST_ENCODED = THENAR_COBS_MAX_BYTES(THENAR_MESSAGE_BYTES)
};

_Static_assert(LONGEST_ENCODED <= THENAR_ENCODED_BYTES - 2, "two delimiters fit beside a message");

static uint32_t read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void thenar_stream_init(struct thenar_stream *stream)
{
    memset(stream, 0, sizeof *stream);
}

void thenar_stream_reset(struct thenar_stream *stream)
{
    stream->n_buffered = 0;
    stream->skipping = 0;
}

/* Keep a piece of a message whose delimiter has not come yet. */
static void keep(struct thenar_stream *stream, const uint8_t *piece, size_t n_piece)
{
    if (stream->skipping || n_piece > LONGEST_ENCODED - stream->n_buffered) {
        stream->skipping = 1;
        stream->n_skipped_bytes += stream->n_buffered + n_piece;
        stream->n_buffered = 0;
        return;
    }
    memcpy(stream->buffer + stream->n_buffered, piece, n_piece);
    stream->n_buffered += n_piece;
}

/* Check one encoding, and leave what it says in the buffer. */
static enum thenar_status check(struct thenar_stream *stream, const uint8_t *encoded,
                                size_t n_encoded, struct thenar_message *message)
{
    size_t n_bytes;
    if (thenar_cobs_decode(encoded, n_encoded, stream->buffer, sizeof stream->buffer, &n_bytes)) {
        stream->n_bad_cobs++;
        return THENAR_ERR_COBS;
    }
    if (n_bytes < TYPE_BYTES + CRC_BYTES || n_bytes > THENAR_MESSAGE_BYTES) {
        stream->n_bad_length++;
        return THENAR_ERR_LENGTH;
    }
    n_bytes -= CRC_BYTES;
    if (thenar_crc32c(stream->buffer, n_bytes) != read_u32(stream->buffer + n_bytes)) {
        stream->n_bad_crc++;
        return THENAR_ERR_CRC;
    }
    stream->n_messages++;
    message->type = stream->buffer[0];
    message->body = stream->buffer + TYPE_BYTES;
    message->n_body = n_bytes - TYPE_BYTES;
    return THENAR_OK;
}

/* The delimiter has come: `piece` is the rest of a message, or all of it. */
static enum thenar_status finish(struct thenar_stream *stream, const uint8_t *piece, size_t n_piece,
                                 struct thenar_message *message)
{
    const uint8_t *encoded = piece;
    size_t n_encoded = n_piece;
    if (stream->n_buffered || stream->skipping || n_piece > LONGEST_ENCODED) {
        keep(stream, piece, n_piece);
        if (stream->skipping) {
            thenar_stream_reset(stream);
            stream->n_bad_length++;
            return THENAR_ERR_LENGTH;
        }
        encoded = stream->buffer;
        n_encoded = stream->n_buffered;
        stream->n_buffered = 0;
    }
    enum thenar_status status = check(stream, encoded, n_encoded, message);
    if (status)
        stream->n_skipped_bytes += n_encoded;
    return status;
}

enum thenar_status thenar_stream_next(struct thenar_stream *stream, const uint8_t *bytes,
                                      size_t n_bytes, size_t *n_used,
                                      struct thenar_message *message)
{
    size_t used = 0;
    while (used < n_bytes) {
        const uint8_t *piece = bytes + used;
        const uint8_t *delimiter = memchr(piece, 0, n_bytes - used);
        if (!delimiter) {
            keep(stream, piece, n_bytes - used);
            break;
        }
        size_t n_piece = (size_t)(delimiter - piece);
        used += n_piece + 1;
        if (n_piece || stream->n_buffered || stream->skipping) {
            *n_used = used;
            return finish(stream, piece, n_piece, message);
        }
    }
    *n_used = n_bytes;
    return THENAR_PENDING;
}

enum thenar_status thenar_stream_wrap(uint8_t type, uint8_t *message, size_t n_body, uint8_t *wire,
                                      size_t n_space, size_t *n_wire)
{
    *n_wire = 0;
    if (n_body > THENAR_MESSAGE_BYTES - TYPE_BYTES - CRC_BYTES)
        return THENAR_ERR_ARGUMENT;
    size_t n_message = TYPE_BYTES + n_body + CRC_BYTES;
    if (n_space < THENAR_COBS_MAX_BYTES(n_message) + 2)
        return THENAR_ERR_SPACE;

    message[0] = type;
    uint32_t crc = thenar_crc32c(message, TYPE_BYTES + n_body);
    for (size_t i = 0; i < CRC_BYTES; i++)
        message[TYPE_BYTES + n_body + i] = (uint8_t)(crc >> 8 * i);

    size_t n_encoded;
    enum thenar_status status =
        thenar_cobs_encode(message, n_message, wire + 1, n_space - 2, &n_encoded);
    if (status)
        return status;
    wire[0] = 0;
    wire[1 + n_encoded] = 0;
    *n_wire = n_encoded + 2;
    return THENAR_OK;
}

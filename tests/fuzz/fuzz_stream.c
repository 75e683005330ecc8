/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first octet chooses the size of the pieces; the rest is the stream. However it is cut, the
 * same comes out, and what comes out goes in again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/stream.h"

struct outcome {
    uint64_t n_calls, n_octets, hash;
};

static struct thenar_stream stream;

static void check(int condition)
{
    if (!condition)
        abort();
}

static void add(struct outcome *outcome, const uint8_t *bytes, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        outcome->hash = (outcome->hash ^ bytes[i]) * 1099511628211u;
    outcome->n_octets += n_bytes;
}

/* Wrapped again, a message that was heard is heard again. */
static void check_wrap(const struct thenar_message *heard)
{
    static uint8_t scratch[THENAR_MESSAGE_BYTES], wire[THENAR_ENCODED_BYTES];
    static struct thenar_stream second;
    struct thenar_message message;
    size_t n_wire, n_used;
    memcpy(scratch + 1, heard->body, heard->n_body);
    check(thenar_stream_wrap(heard->type, scratch, heard->n_body, wire, sizeof wire, &n_wire) ==
          THENAR_OK);
    thenar_stream_init(&second);
    check(thenar_stream_next(&second, wire, n_wire, &n_used, &message) == THENAR_OK);
    check(message.type == heard->type && message.n_body == heard->n_body);
    check(memcmp(message.body, heard->body, heard->n_body) == 0);
}

static struct outcome run(const uint8_t *bytes, size_t n_bytes, size_t n_piece)
{
    struct outcome outcome = {0};
    thenar_stream_init(&stream);
    while (n_bytes > 0) {
        struct thenar_message message;
        size_t n_used = SIZE_MAX, n_given = n_bytes < n_piece ? n_bytes : n_piece;
        enum thenar_status status = thenar_stream_next(&stream, bytes, n_given, &n_used, &message);
        check(n_used > 0 && n_used <= n_given);
        check(status != THENAR_PENDING || n_used == n_given);
        bytes += n_used;
        n_bytes -= n_used;
        if (status == THENAR_PENDING)
            continue;
        outcome.n_calls++;
        uint8_t answer = (uint8_t)(int)status;
        add(&outcome, &answer, 1);
        if (status == THENAR_OK) {
            add(&outcome, &message.type, 1);
            add(&outcome, message.body, message.n_body);
            check_wrap(&message);
        }
    }
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    if (n_bytes < 1)
        return 0;
    struct outcome whole = run(bytes + 1, n_bytes - 1, n_bytes);
    check(stream.n_messages + stream.n_bad_cobs + stream.n_bad_crc + stream.n_bad_length ==
          whole.n_calls);
    struct outcome pieces = run(bytes + 1, n_bytes - 1, 1 + bytes[0] % 64u);
    check(memcmp(&whole, &pieces, sizeof whole) == 0);
    return 0;
}

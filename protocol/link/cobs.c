/* SPDX-License-Identifier: MIT */
#include "link/cobs.h"

#include <stdbool.h>
#include <string.h>

#include "link/cobs_short.h"

enum { FULL_BLOCK = 0xFF }; /* 254 octets that no zero follows */

enum thenar_status thenar_cobs_encode(const uint8_t *bytes, size_t n_bytes, uint8_t *encoded,
                                      size_t n_space, size_t *n_encoded)
{
    *n_encoded = 0;
    if (n_space < THENAR_COBS_MAX_BYTES(n_bytes))
        return THENAR_ERR_SPACE;

    uint8_t *code = encoded;
    uint8_t *out = encoded + 1;
    uint8_t length = 1;
    for (size_t i = 0; i < n_bytes; i++) {
        if (bytes[i]) {
            *out++ = bytes[i];
            length++;
        }
        if (!bytes[i] || length == FULL_BLOCK) {
            *code = length;
            code = out++;
            length = 1;
        }
    }
    *code = length;
    *n_encoded = (size_t)(out - encoded);
    return THENAR_OK;
}

enum thenar_status thenar_cobs_decode(const uint8_t *encoded, size_t n_encoded, uint8_t *bytes,
                                      size_t n_space, size_t *n_bytes)
{
    *n_bytes = 0;
    if (n_encoded == 0 || memchr(encoded, 0, n_encoded))
        return THENAR_ERR_COBS;

    size_t n_data = encoded[0] - 1u; /* of the block in hand, from `in` on */
    bool full = encoded[0] == FULL_BLOCK;
    size_t in = 1, out = 0;
    for (;;) {
        if (!full) {
            size_t n_left = n_encoded - in, n_room = n_space - out;
            size_t n_done = thenar_cobs_decode_short(
                encoded + in, n_left < n_room ? n_left : n_room, bytes + out, &n_data);
            in += n_done;
            out += n_done;
        }
        if (n_data > n_encoded - in)
            return THENAR_ERR_COBS;
        if (n_data > n_space - out)
            return THENAR_ERR_SPACE;
        memmove(bytes + out, encoded + in, n_data);
        in += n_data;
        out += n_data;
        if (in == n_encoded)
            break;
        if (!full) {
            if (out == n_space)
                return THENAR_ERR_SPACE;
            bytes[out++] = 0;
        }
        full = encoded[in] == FULL_BLOCK;
        n_data = encoded[in++] - 1u;
    }
    *n_bytes = out;
    return THENAR_OK;
}

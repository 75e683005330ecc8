/* SPDX-License-Identifier: MIT */
#include "link/cobs_short.h"

size_t thenar_cobs_decode_short_portably(const uint8_t *encoded, size_t n_bytes, uint8_t *bytes,
                                         size_t *n_until)
{
    size_t until = *n_until, i = 0;
    while (until < THENAR_COBS_LONG && until < n_bytes - i) {
        size_t code_at = i + until;
        if (encoded[code_at] >= THENAR_COBS_LONG)
            break;
        until = encoded[code_at] - 1u;
        for (; i < code_at; i++)
            bytes[i] = encoded[i];
        bytes[i++] = 0;
    }
    *n_until = until;
    return i;
}

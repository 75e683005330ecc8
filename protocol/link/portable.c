/* SPDX-License-Identifier: MIT */
/* Machines without kernels of their own: the portable forms stand in. */
#include "link/cobs_short.h"
#include "link/crc32c.h"
#include "link/packed12.h"

uint32_t thenar_crc32c(const uint8_t *bytes, size_t n_bytes)
{
    return thenar_crc32c_by_table(bytes, n_bytes);
}

void thenar_packed12_decode(const uint8_t *packed, size_t n_samples, uint16_t *samples)
{
    thenar_packed12_decode_portably(packed, n_samples, samples);
}

size_t thenar_cobs_decode_short(const uint8_t *encoded, size_t n_bytes, uint8_t *bytes,
                                size_t *n_until)
{
    return thenar_cobs_decode_short_portably(encoded, n_bytes, bytes, n_until);
}

/* SPDX-License-Identifier: MIT */
/* cobs.h - consistent overhead byte stuffing: octets without any zero
 *
 * Source: S. Cheshire, M. Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Trans. Networking
 * 7(2), 1999. The delimiter 0x00 between encodings is not part of them. */
#ifndef THENAR_COBS_H
#define THENAR_COBS_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

/** Octets that encoding `n_bytes` takes at the most. */
#define THENAR_COBS_MAX_BYTES(n_bytes) ((n_bytes) + (n_bytes) / 254 + 1)

/**
 * Encode `bytes` so that no octet is zero.
 *
 * @param bytes       [n_bytes] borrowed
 * @param encoded     [n_space] where to write; must not overlap `bytes`
 * @param n_encoded   out: octets written; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SPACE if n_space < THENAR_COBS_MAX_BYTES(n_bytes)
 * Context: any thread or interrupt; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_cobs_encode(const uint8_t *bytes, size_t n_bytes,
                                                       uint8_t *encoded, size_t n_space,
                                                       size_t *n_encoded);

/**
 * Decode one encoding (without its delimiter).
 *
 * @param encoded   [n_encoded] borrowed
 * @param bytes     [n_space] where to write; may be `encoded` itself: decoding in place is allowed
 * @param n_bytes   out: octets written; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_COBS on a zero inside, a block that runs past the end or no octet
 *         at all; THENAR_ERR_SPACE if the result does not fit
 * Context: any thread or interrupt; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_cobs_decode(const uint8_t *encoded, size_t n_encoded,
                                                       uint8_t *bytes, size_t n_space,
                                                       size_t *n_bytes);

#endif

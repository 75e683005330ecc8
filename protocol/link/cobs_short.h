/* SPDX-License-Identifier: MIT */
/* cobs_short.h - the fast way through many short blocks
 *
 * A quiet array is mostly zeros, so its frames are hundreds of blocks of one to three octets, each
 * telling where the next begins. While no block is full, decoding moves nothing: it turns each code
 * into the zero that it stands for. cobs_short.c does that an octet at a time, cobs_x86.c sixteen.
 * Internal to the link library. Any thread or interrupt; never blocks. */
#ifndef THENAR_COBS_SHORT_H
#define THENAR_COBS_SHORT_H

#include <stddef.h>
#include <stdint.h>

/** Codes from here on are left to the caller, who copies long blocks whole. */
enum { THENAR_COBS_LONG = 128 };

/**
 * Decode as far as blocks are short. It is called inside a block that is not full.
 *
 * @param encoded  [n_bytes] the rest of the encoding, without any zero
 * @param bytes    [n_bytes] where to write; may be the same memory some octets earlier
 * @param n_until  in, out: octets from here to the next code
 * @return octets read, and as many written; 0 if the next is not for this function
 */
size_t thenar_cobs_decode_short(const uint8_t *encoded, size_t n_bytes, uint8_t *bytes,
                                size_t *n_until);

/** The same in portable C. */
size_t thenar_cobs_decode_short_portably(const uint8_t *encoded, size_t n_bytes, uint8_t *bytes,
                                         size_t *n_until);

#endif

/* SPDX-License-Identifier: MIT */
/* packed12.h - 12-bit samples, two in three octets (LINK.md, "FRAME")
 *
 * A pair a, b is: a's low 8 bits; a's high 4 and b's low 4 above them; b's high 8. A single last
 * sample takes two octets, the top four bits zero. Internal to the link library.
 * Any thread or interrupt; never blocks. */
#ifndef THENAR_PACKED12_H
#define THENAR_PACKED12_H

#include <stddef.h>
#include <stdint.h>

/** Octets that `n_samples` take. */
static inline size_t thenar_packed12_bytes(size_t n_samples)
{
    return (n_samples * 3 + 1) / 2;
}

/** Pack [n_samples] into [thenar_packed12_bytes(n_samples)]; bits above the twelfth are left out.
 */
void thenar_packed12_encode(const uint16_t *samples, size_t n_samples, uint8_t *packed);

/** Unpack [thenar_packed12_bytes(n_samples)] into [n_samples]; they must not overlap. */
void thenar_packed12_decode(const uint8_t *packed, size_t n_samples, uint16_t *samples);

/** The same in portable C: what thenar_packed12_decode is tested against. */
void thenar_packed12_decode_portably(const uint8_t *packed, size_t n_samples, uint16_t *samples);

#endif

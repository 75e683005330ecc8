/* SPDX-License-Identifier: MIT */
/* crc32c.h - the checksum of the device link
 *
 * CRC-32C (Castagnoli), reflected, initial and final value 0xFFFFFFFF.
 * Source: RFC 3720 B.4; check value over "123456789" is 0xE3069283.
 * Two files have the same function: crc32c_table.c for any machine, crc32c_x86.c with SSE4.2. */
#ifndef THENAR_CRC32C_H
#define THENAR_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/**
 * Checksum of `n_bytes` octets.
 * Context: any thread or interrupt; never blocks
 */
uint32_t thenar_crc32c(const uint8_t *bytes, size_t n_bytes);

/** The same by table alone, whatever the machine: what thenar_crc32c is tested against. */
uint32_t thenar_crc32c_by_table(const uint8_t *bytes, size_t n_bytes);

#endif

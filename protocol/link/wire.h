/* SPDX-License-Identifier: MIT */
/* wire.h - a cursor with an end: little-endian numbers in and out of octets
 *
 * Running past the end sets `failed` and stays there; a failed reader gives zeros, a failed writer
 * writes nothing more. So a codec reads or writes all its fields and asks once at the end.
 * Internal to the link library. Any thread or interrupt; never blocks. */
#ifndef THENAR_WIRE_H
#define THENAR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thenar_wire_reader {
    const uint8_t *next; /* borrowed */
    size_t n_left;
    bool failed;
};

struct thenar_wire_writer {
    uint8_t *next; /* borrowed */
    size_t n_left;
    bool failed;
};

static inline struct thenar_wire_reader thenar_wire_read(const uint8_t *bytes, size_t n_bytes)
{
    return (struct thenar_wire_reader){.next = bytes, .n_left = n_bytes};
}

static inline struct thenar_wire_writer thenar_wire_write(uint8_t *bytes, size_t n_bytes)
{
    return (struct thenar_wire_writer){.next = bytes, .n_left = n_bytes};
}

/** The next `n_bytes` octets, borrowed; NULL, and failed, if there are fewer. */
const uint8_t *thenar_wire_take(struct thenar_wire_reader *reader, size_t n_bytes);
uint8_t thenar_wire_get_u8(struct thenar_wire_reader *reader);
uint16_t thenar_wire_get_u16(struct thenar_wire_reader *reader);
uint32_t thenar_wire_get_u32(struct thenar_wire_reader *reader);
uint64_t thenar_wire_get_u64(struct thenar_wire_reader *reader);

/** Room for `n_bytes` octets, to be filled by the caller; NULL, and failed, if there is less. */
uint8_t *thenar_wire_reserve(struct thenar_wire_writer *writer, size_t n_bytes);
void thenar_wire_put_u8(struct thenar_wire_writer *writer, uint8_t value);
void thenar_wire_put_u16(struct thenar_wire_writer *writer, uint16_t value);
void thenar_wire_put_u32(struct thenar_wire_writer *writer, uint32_t value);
void thenar_wire_put_u64(struct thenar_wire_writer *writer, uint64_t value);

#endif

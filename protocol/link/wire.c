/* SPDX-License-Identifier: MIT */
#include "link/wire.h"

const uint8_t *thenar_wire_take(struct thenar_wire_reader *reader, size_t n_bytes)
{
    if (reader->failed || reader->n_left < n_bytes) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *taken = reader->next;
    reader->next += n_bytes;
    reader->n_left -= n_bytes;
    return taken;
}

uint8_t thenar_wire_get_u8(struct thenar_wire_reader *reader)
{
    const uint8_t *at = thenar_wire_take(reader, 1);
    return at ? at[0] : 0;
}

uint16_t thenar_wire_get_u16(struct thenar_wire_reader *reader)
{
    const uint8_t *at = thenar_wire_take(reader, 2);
    if (!at)
        return 0;
    return (uint16_t)((unsigned)at[0] | (unsigned)at[1] << 8);
}

uint32_t thenar_wire_get_u32(struct thenar_wire_reader *reader)
{
    const uint8_t *at = thenar_wire_take(reader, 4);
    if (!at)
        return 0;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint64_t thenar_wire_get_u64(struct thenar_wire_reader *reader)
{
    /* Both halves or none: half a number is no number. */
    if (reader->n_left < 8)
        reader->failed = true;
    uint64_t low = thenar_wire_get_u32(reader);
    uint64_t high = thenar_wire_get_u32(reader);
    return low | high << 32;
}

uint8_t *thenar_wire_reserve(struct thenar_wire_writer *writer, size_t n_bytes)
{
    if (writer->failed || writer->n_left < n_bytes) {
        writer->failed = true;
        return NULL;
    }
    uint8_t *room = writer->next;
    writer->next += n_bytes;
    writer->n_left -= n_bytes;
    return room;
}

static void put(struct thenar_wire_writer *writer, uint64_t value, size_t n_bytes)
{
    uint8_t *at = thenar_wire_reserve(writer, n_bytes);
    if (!at)
        return;
    for (size_t i = 0; i < n_bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

void thenar_wire_put_u8(struct thenar_wire_writer *writer, uint8_t value)
{
    put(writer, value, 1);
}

void thenar_wire_put_u16(struct thenar_wire_writer *writer, uint16_t value)
{
    put(writer, value, 2);
}

void thenar_wire_put_u32(struct thenar_wire_writer *writer, uint32_t value)
{
    put(writer, value, 4);
}

void thenar_wire_put_u64(struct thenar_wire_writer *writer, uint64_t value)
{
    put(writer, value, 8);
}

/* SPDX-License-Identifier: MIT */
#include "link/frame.h"

#include <string.h>

#include "link/packed12.h"
#include "link/wire.h"

enum { ENCODING_PACKED12 = 0, ENCODING_SPARSE12 = 1 };
enum { FLAG_TRIGGER = 1 << 0 };
enum { DROPPED_AT = 16 };

/* The bitmap first, then each sample above the gate; a pair is packed as soon as it is whole. */
static size_t encode_sparse(const uint16_t *counts, size_t n_taxels, uint16_t gate_counts,
                            uint8_t *samples)
{
    size_t n_bitmap = (n_taxels + 7) / 8;
    uint8_t *packed = samples + n_bitmap;
    uint16_t pair[2];
    size_t n_present = 0;
    memset(samples, 0, n_bitmap);
    for (size_t i = 0; i < n_taxels; i++) {
        if (counts[i] <= gate_counts)
            continue;
        samples[i / 8] = (uint8_t)(samples[i / 8] | 1u << i % 8);
        pair[n_present++ % 2] = counts[i];
        if (n_present % 2 == 0) {
            thenar_packed12_encode(pair, 2, packed);
            packed += 3;
        }
    }
    thenar_packed12_encode(pair, n_present % 2, packed);
    return n_bitmap + thenar_packed12_bytes(n_present);
}

enum thenar_status thenar_frame_encode(const struct thenar_frame *frame, const uint16_t *counts,
                                       size_t n_taxels, uint16_t gate_counts, uint8_t *body,
                                       size_t n_space, size_t *n_body)
{
    *n_body = 0;
    if (n_taxels == 0 || n_taxels > THENAR_MAX_TAXELS)
        return THENAR_ERR_ARGUMENT;
    if (n_space < THENAR_FRAME_MAX_BYTES(n_taxels))
        return THENAR_ERR_SPACE;

    struct thenar_wire_writer head = thenar_wire_write(body, THENAR_FRAME_HEAD_BYTES);
    thenar_wire_put_u32(&head, frame->sequence);
    thenar_wire_put_u64(&head, frame->ticks);
    thenar_wire_put_u32(&head, frame->scan_ticks);
    thenar_wire_put_u32(&head, frame->n_dropped);
    thenar_wire_put_u16(&head, frame->n_late);
    thenar_wire_put_u8(&head, frame->trigger ? FLAG_TRIGGER : 0);
    thenar_wire_put_u8(&head, gate_counts ? ENCODING_SPARSE12 : ENCODING_PACKED12);

    uint8_t *samples = body + THENAR_FRAME_HEAD_BYTES;
    size_t n_samples = thenar_packed12_bytes(n_taxels);
    if (gate_counts)
        n_samples = encode_sparse(counts, n_taxels, gate_counts, samples);
    else
        thenar_packed12_encode(counts, n_taxels, samples);
    *n_body = THENAR_FRAME_HEAD_BYTES + n_samples;
    return THENAR_OK;
}

void thenar_frame_set_dropped(uint8_t *body, uint32_t n_dropped)
{
    struct thenar_wire_writer field =
        thenar_wire_write(body + DROPPED_AT, THENAR_FRAME_HEAD_BYTES - DROPPED_AT);
    thenar_wire_put_u32(&field, n_dropped);
}

/* The odd last sample leaves four bits over, which must be zero. */
static bool tail_is_clean(const uint8_t *packed, size_t n_samples)
{
    return n_samples % 2 == 0 || packed[thenar_packed12_bytes(n_samples) - 1] <= 0x0F;
}

static enum thenar_status decode_packed(const uint8_t *samples, size_t n_bytes, size_t n_taxels,
                                        uint16_t *counts)
{
    if (n_bytes != thenar_packed12_bytes(n_taxels))
        return THENAR_ERR_LENGTH;
    if (!tail_is_clean(samples, n_taxels))
        return THENAR_ERR_VALUE;
    thenar_packed12_decode(samples, n_taxels, counts);
    return THENAR_OK;
}

static size_t count_bits(const uint8_t *bytes, size_t n_bytes)
{
    size_t n_bits = 0;
    for (size_t i = 0; i < n_bytes; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t n_left = n_bytes - i;
        memcpy(&word, bytes + i, n_left < sizeof word ? n_left : sizeof word);
        n_bits += (size_t)__builtin_popcountll(word);
    }
    return n_bits;
}

/* Move the samples at the front of `counts` to their places. Backwards: the k-th present taxel
 * never stands before place k, so nothing is overwritten that is still to be moved. Most octets of
 * a bitmap are all there or all not; in the others, no branch to be guessed wrongly. */
static void spread(const uint8_t *bitmap, size_t n_present, size_t n_taxels, uint16_t *counts)
{
    size_t i = n_taxels;
    while (i > 0) {
        size_t first = (i - 1) / 8 * 8;
        if (bitmap[first / 8] == 0) {
            memset(counts + first, 0, (i - first) * sizeof *counts);
            i = first;
        }
        for (; i > first; i--) {
            unsigned present = (unsigned)bitmap[first / 8] >> (i - 1) % 8 & 1u;
            n_present -= present;
            counts[i - 1] = (uint16_t)(counts[n_present] & (0u - present));
        }
    }
}

static enum thenar_status decode_sparse(const uint8_t *samples, size_t n_bytes, size_t n_taxels,
                                        uint16_t *counts)
{
    size_t n_bitmap = (n_taxels + 7) / 8;
    if (n_bytes < n_bitmap)
        return THENAR_ERR_LENGTH;
    if (n_taxels % 8 && samples[n_bitmap - 1] >> n_taxels % 8)
        return THENAR_ERR_VALUE;
    size_t n_present = count_bits(samples, n_bitmap);
    if (n_bytes - n_bitmap != thenar_packed12_bytes(n_present))
        return THENAR_ERR_LENGTH;
    if (!tail_is_clean(samples + n_bitmap, n_present))
        return THENAR_ERR_VALUE;
    thenar_packed12_decode(samples + n_bitmap, n_present, counts);
    spread(samples, n_present, n_taxels, counts);
    return THENAR_OK;
}

enum thenar_status thenar_frame_decode(const uint8_t *body, size_t n_body, size_t n_taxels,
                                       struct thenar_frame *frame, uint16_t *counts)
{
    if (n_body < THENAR_FRAME_HEAD_BYTES || n_taxels == 0 || n_taxels > THENAR_MAX_TAXELS)
        return THENAR_ERR_LENGTH;

    struct thenar_wire_reader head = thenar_wire_read(body, THENAR_FRAME_HEAD_BYTES);
    frame->sequence = thenar_wire_get_u32(&head);
    frame->ticks = thenar_wire_get_u64(&head);
    frame->scan_ticks = thenar_wire_get_u32(&head);
    frame->n_dropped = thenar_wire_get_u32(&head);
    frame->n_late = thenar_wire_get_u16(&head);
    frame->trigger = thenar_wire_get_u8(&head) & FLAG_TRIGGER;
    uint8_t encoding = thenar_wire_get_u8(&head);
    frame->sparse = encoding == ENCODING_SPARSE12;

    const uint8_t *samples = body + THENAR_FRAME_HEAD_BYTES;
    size_t n_bytes = n_body - THENAR_FRAME_HEAD_BYTES;
    if (encoding == ENCODING_PACKED12)
        return decode_packed(samples, n_bytes, n_taxels, counts);
    if (encoding == ENCODING_SPARSE12)
        return decode_sparse(samples, n_bytes, n_taxels, counts);
    return THENAR_ERR_VALUE;
}

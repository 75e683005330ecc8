/* SPDX-License-Identifier: MIT */
#include "fault_line.h"

#include <math.h>

#include "link/message.h"

enum { FLIPS_WITHIN_BITS = 4096, STREAM_LINE = 77 };

void fault_line_init(struct fault_line *line, uint64_t seed)
{
    *line = (struct fault_line){.place = LINE_BETWEEN};
    pcg_init(&line->random, seed, STREAM_LINE);
}

void fault_line_set_bit_errors(struct fault_line *line, double rate)
{
    line->bit_error_rate = rate;
    line->armed = false;
}

void fault_line_flip(struct fault_line *line, unsigned n_bits)
{
    line->n_flips += n_bits;
    line->armed = false;
}

void fault_line_drop(struct fault_line *line, unsigned n_frames)
{
    line->n_drops += n_frames;
}

/* Bits between independent errors are distributed geometrically. */
static void arm(struct fault_line *line)
{
    line->armed = true;
    if (line->n_flips > 0) {
        line->bits_to_error = pcg_next(&line->random) % FLIPS_WITHIN_BITS;
        return;
    }
    double u = 1.0 - pcg_uniform(&line->random);
    double bits = floor(log(u) / log1p(-line->bit_error_rate));
    line->bits_to_error = bits < 1e15 ? (uint64_t)bits : (uint64_t)1e15;
}

static uint8_t flip(struct fault_line *line, uint8_t octet)
{
    unsigned next_bit = 0;
    while (line->n_flips > 0 || line->bit_error_rate > 0.0) {
        if (!line->armed)
            arm(line);
        if (line->bits_to_error >= 8 - next_bit) {
            line->bits_to_error -= 8 - next_bit;
            break;
        }
        next_bit += (unsigned)line->bits_to_error;
        octet = (uint8_t)(octet ^ 1U << next_bit++);
        line->n_flips -= line->n_flips > 0;
        line->armed = false;
    }
    return octet;
}

/* Which octets are lost with their frame. @return how many of `in` go on, in `kept` */
static size_t follow(struct fault_line *line, uint8_t in, uint8_t kept[2])
{
    bool is_end = in == 0;
    switch (line->place) {
    case LINE_BETWEEN:
        if (is_end || line->n_drops == 0)
            break;
        line->code = in;
        line->place = LINE_CODE;
        return 0;
    case LINE_CODE:
        if (in == THENAR_MESSAGE_FRAME && line->code > 1 && line->n_drops > 0) {
            line->n_drops--;
            line->place = LINE_DROPPING;
            return 0;
        }
        kept[0] = line->code;
        kept[1] = in;
        line->place = is_end ? LINE_BETWEEN : LINE_INSIDE;
        return 2;
    case LINE_DROPPING:
        if (!is_end)
            return 0;
        break;
    case LINE_INSIDE:
        break;
    }
    line->place = is_end ? LINE_BETWEEN : line->place == LINE_BETWEEN ? LINE_INSIDE : line->place;
    kept[0] = in;
    return 1;
}

size_t fault_line_pass(struct fault_line *line, const uint8_t *bytes, size_t n_bytes, uint8_t *out)
{
    size_t n_out = 0;
    for (size_t i = 0; i < n_bytes; i++) {
        uint8_t kept[2];
        size_t n_kept = follow(line, bytes[i], kept);
        for (size_t k = 0; k < n_kept; k++)
            out[n_out++] = flip(line, kept[k]);
    }
    return n_out;
}

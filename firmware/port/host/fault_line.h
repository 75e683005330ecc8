/* SPDX-License-Identifier: MIT */
/* fault_line.h - the cable, and what happens to octets in it
 *
 * A sound line passes octets on as they are. A faulty one flips bits at random, or loses whole
 * FRAMEs, which it tells from other messages by their first two encoded octets. */
#ifndef FAULT_LINE_H
#define FAULT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "therapist/pcg.h"

struct fault_line {
    struct pcg random;
    double bit_error_rate;
    unsigned n_flips;       /* bits still to be flipped, near each other */
    unsigned n_drops;       /* FRAMEs still to be lost */
    uint64_t bits_to_error; /* sound bits before the next flip */
    bool armed;             /* bits_to_error is drawn */
    enum { LINE_BETWEEN, LINE_CODE, LINE_INSIDE, LINE_DROPPING } place;
    uint8_t code; /* in hand while the place is LINE_CODE */
};

void fault_line_init(struct fault_line *line, uint64_t seed);

void fault_line_set_bit_errors(struct fault_line *line, double rate);
void fault_line_flip(struct fault_line *line, unsigned n_bits);
void fault_line_drop(struct fault_line *line, unsigned n_frames);

/** Whether octets go through unchanged at present, at a moment between two messages. */
static inline bool fault_line_is_sound(const struct fault_line *line)
{
    return line->bit_error_rate <= 0.0 && line->n_flips == 0 && line->n_drops == 0 &&
           line->place == LINE_BETWEEN;
}

/**
 * Pass octets through.
 * @param out  [n_bytes + 1] what comes out at the other end
 * @return how many come out
 */
size_t fault_line_pass(struct fault_line *line, const uint8_t *bytes, size_t n_bytes, uint8_t *out);

#endif

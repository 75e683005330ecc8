/* SPDX-License-Identifier: MIT */
/* frame.h - FRAME as octets: a head and 12-bit samples (LINK.md, "FRAME") */
#ifndef THENAR_FRAME_H
#define THENAR_FRAME_H

#include "link/message.h"
#include "status.h"

enum { THENAR_FRAME_HEAD_BYTES = 24 };

/** Octets that a body takes at the most, for `n_taxels`. */
#define THENAR_FRAME_MAX_BYTES(n_taxels) \
    (THENAR_FRAME_HEAD_BYTES + ((n_taxels) + 7) / 8 + ((n_taxels)*3 + 1) / 2)

/**
 * Write a body. Packed when gate_counts is 0; otherwise sparse: a bitmap of the taxels above the
 * gate, then their samples. `frame->sparse` is ignored: the gate decides.
 *
 * @param frame   head
 * @param counts  [n_taxels] row-major, 0..4095
 * @param body    [n_space] where to write
 * @param n_body  out: octets written; 0 unless THENAR_OK
 * @return THENAR_OK; THENAR_ERR_SPACE if n_space < THENAR_FRAME_MAX_BYTES(n_taxels);
 *         THENAR_ERR_ARGUMENT if n_taxels is 0 or above THENAR_MAX_TAXELS
 * Context: any thread or interrupt; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_frame_encode(const struct thenar_frame *frame,
                                                        const uint16_t *counts, size_t n_taxels,
                                                        uint16_t gate_counts, uint8_t *body,
                                                        size_t n_space, size_t *n_body);

/**
 * Put another n_dropped into an encoded body: frames may be dropped while this one waits its turn.
 * @param body  [THENAR_FRAME_HEAD_BYTES or more] as thenar_frame_encode wrote it
 * Context: any thread or interrupt; never blocks
 */
void thenar_frame_set_dropped(uint8_t *body, uint32_t n_dropped);

/**
 * Read a body.
 * @param n_taxels  n_rows * n_cols of the HELLO in force
 * @param frame     out: head
 * @param counts    out: [n_taxels] row-major, 0..4095; taxels not sent read 0
 * @return THENAR_OK; THENAR_ERR_LENGTH not the length of n_taxels samples (another array, or cut);
 *         THENAR_ERR_VALUE unknown encoding, or bits set that stand for no taxel. On failure
 *         nothing is to be used.
 * Context: any thread; never blocks
 */
THENAR_NODISCARD enum thenar_status thenar_frame_decode(const uint8_t *body, size_t n_body,
                                                        size_t n_taxels, struct thenar_frame *frame,
                                                        uint16_t *counts);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first two octets are the number of taxels, 1..4096; what is accepted must come back the same,
 * packed or with the gate that its samples allow. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/frame.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static uint8_t again[THENAR_FRAME_MAX_BYTES(THENAR_MAX_TAXELS)];
    if (n_bytes < 2)
        return 0;
    size_t n_taxels = 1 + (bytes[0] | (size_t)bytes[1] << 8) % THENAR_MAX_TAXELS;
    /* Exactly as many samples as the header promises to write: the sanitizer sees one more. */
    uint16_t *counts = malloc(n_taxels * sizeof *counts);
    uint16_t *counts_again = malloc(n_taxels * sizeof *counts_again);
    check(counts && counts_again);
    struct thenar_frame frame, frame_again;
    if (thenar_frame_decode(bytes + 2, n_bytes - 2, n_taxels, &frame, counts) == THENAR_OK) {
        size_t n_again;
        uint16_t gate_counts = frame.sparse ? 1 : 0;
        for (size_t i = 0; i < n_taxels; i++) {
            check(counts[i] <= 4095);
            if (frame.sparse && counts[i] == 1)
                counts[i] = 0; /* at the gate of 1: not sent again */
        }
        check(thenar_frame_encode(&frame, counts, n_taxels, gate_counts, again, sizeof again,
                                  &n_again) == THENAR_OK);
        check(thenar_frame_decode(again, n_again, n_taxels, &frame_again, counts_again) ==
              THENAR_OK);
        check(memcmp(counts, counts_again, n_taxels * sizeof *counts) == 0);
        check(frame.ticks == frame_again.ticks && frame.sequence == frame_again.sequence);
        check(frame.sparse == frame_again.sparse && frame.trigger == frame_again.trigger);
    }
    free(counts);
    free(counts_again);
    return 0;
}

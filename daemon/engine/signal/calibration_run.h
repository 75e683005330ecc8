/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_run.h - what was observed while known loads stood on an array
 *
 * A run is a row of holds. A hold is one load that stood still, as mean counts of each taxel over
 * bins of half a second. Plain data: captured live (clients/cli), kept in a file, fitted later. */
#ifndef CALIBRATION_RUN_H
#define CALIBRATION_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

enum { CALIBRATION_HOLDS_MAX = 200, HOLD_BINS_MAX = 1200, HOLD_LABEL_BYTES = 40 };
#define HOLD_BIN_S 0.5

enum hold_kind {
    HOLD_ZERO, /* nothing on the array */
    HOLD_EVEN, /* the same pressure on every taxel */
    HOLD_PUCK, /* a known force on a stiff round plate */
    N_HOLD_KINDS
};

struct calibration_hold {
    enum hold_kind kind;
    char label[HOLD_LABEL_BYTES]; /* for messages: "3 kg" */
    double load_kpa;              /* puck: force over area. Even: NaN when not known */
    double diameter_mm;           /* of the puck; 0 otherwise */
    double contact_s;             /* at its beginning, since the array was last without a load */
    unsigned n_bins;
    double *time_s;      /* [n_bins] middle of each bin, since the hold began; owned */
    float *counts;       /* [n_bins * n_taxels] mean of each bin; owned */
    float *noise_counts; /* [n_taxels] standard deviation of a single reading; owned */
};

struct calibration_run {
    uint16_t n_rows, n_cols;
    size_t n_taxels;
    unsigned n_holds;
    struct calibration_hold *holds; /* [n_holds], in the order of time; owned */
};

/** No holds. @return THENAR_OK; THENAR_ERR_ARGUMENT size; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status calibration_run_init(struct calibration_run *run,
                                                         uint16_t n_rows, uint16_t n_cols);
void calibration_run_finish(struct calibration_run *run);

/**
 * Append a hold.
 * @param hold  its arrays are taken over when the answer is THENAR_OK; then it is zeroed
 * @return THENAR_OK; THENAR_ERR_SPACE there are CALIBRATION_HOLDS_MAX
 */
THENAR_NODISCARD enum thenar_status calibration_run_take(struct calibration_run *run,
                                                         struct calibration_hold *hold);

/** Make room for `n_bins`. @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status calibration_hold_init(struct calibration_hold *hold,
                                                          size_t n_taxels, unsigned n_bins);
void calibration_hold_finish(struct calibration_hold *hold);

/** "zero", "even", "puck"; and back: false when there is none of that name. */
const char *hold_kind_name(enum hold_kind kind);
bool hold_kind_of(const char *name, enum hold_kind *kind);

#endif

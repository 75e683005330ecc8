/* SPDX-License-Identifier: GPL-3.0-or-later */
/* virtual_array.h - an array for the therapist's hands to work on, in tests */
#ifndef VIRTUAL_ARRAY_H
#define VIRTUAL_ARRAY_H

#include <math.h>
#include <stdlib.h>

#include "stimulus.h"

struct virtual_array {
    struct stimulus_array array;
    size_t n_taxels;
    float *x_mm, *y_mm, *sensing_mm2;
    bool *exists;
};

/* A regular grid whose taxels feel four fifths of the pitch each way. */
static inline void virtual_array_init(struct virtual_array *v, uint16_t n_rows, uint16_t n_cols,
                                      float pitch_mm, uint8_t mount)
{
    v->n_taxels = (size_t)n_rows * n_cols;
    v->x_mm = calloc(v->n_taxels, sizeof *v->x_mm);
    v->y_mm = calloc(v->n_taxels, sizeof *v->y_mm);
    v->sensing_mm2 = calloc(v->n_taxels, sizeof *v->sensing_mm2);
    v->exists = calloc(v->n_taxels, sizeof *v->exists);
    if (!v->x_mm || !v->y_mm || !v->sensing_mm2 || !v->exists)
        abort();
    for (size_t i = 0; i < v->n_taxels; i++) {
        v->x_mm[i] = ((float)(i % n_cols) - 0.5F * (float)(n_cols - 1)) * pitch_mm;
        v->y_mm[i] = ((float)(i / n_cols) - 0.5F * (float)(n_rows - 1)) * pitch_mm;
        v->sensing_mm2[i] = 0.64F * pitch_mm * pitch_mm;
        v->exists[i] = true;
    }
    v->array = (struct stimulus_array){.n_rows = n_rows,
                                       .n_cols = n_cols,
                                       .mount = mount,
                                       .adc_bits = 12,
                                       .rate_hz = 200.0F,
                                       .pitch_x_mm = pitch_mm,
                                       .pitch_y_mm = pitch_mm,
                                       .x_mm = v->x_mm,
                                       .y_mm = v->y_mm,
                                       .sensing_mm2 = v->sensing_mm2,
                                       .exists = v->exists};
}

static inline void virtual_array_finish(struct virtual_array *v)
{
    free(v->x_mm);
    free(v->y_mm);
    free(v->sensing_mm2);
    free(v->exists);
}

/* Counts back to kPa by the law that the device announces. */
static inline double virtual_kpa(const struct stimulus_calibration *law, size_t i, double counts)
{
    double siemens = counts / 4095.0 / law->reference_ohm;
    double nominal = 1e-9 * law->conductance_100kpa_ns * (law->gain ? (double)law->gain[i] : 1.0);
    return 100.0 * pow(siemens / nominal, 1e4 / law->exponent_e4);
}

#endif

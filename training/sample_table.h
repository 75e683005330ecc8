/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample_table.h - labelled windows to learn from and to be tested on
 *
 * A sample is one window's feature row with its label, the person (or simulated style) who did it
 * and the take that it is of. */
#ifndef SAMPLE_TABLE_H
#define SAMPLE_TABLE_H

#include <stddef.h>

#include "status.h"

enum { SAMPLE_LABELS_MAX = 96, SAMPLE_PEOPLE_MAX = 256, SAMPLE_TEXT_BYTES = 48 };

struct sample_names {
    unsigned n;
    char name[SAMPLE_PEOPLE_MAX][SAMPLE_TEXT_BYTES];
};

struct sample {
    unsigned label, person; /* index into labels, people */
    unsigned take;
    unsigned weight; /* how many it counts as when it is learned from, >= 1 */
    float at_s;      /* since the take began */
};

struct sample_table {
    unsigned n_features;
    size_t n, n_max;
    float *rows;            /* [n * n_features] */
    struct sample *samples; /* [n] */
    struct sample_names labels, people;
    unsigned n_takes;
};

void sample_table_init(struct sample_table *table, unsigned n_features);
void sample_table_finish(struct sample_table *table);

/** Index of a name, added when new; UINT_MAX when there is no more room. */
unsigned sample_names_index(struct sample_names *names, const char *name);

/** @param row [n_features] copied. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status sample_table_add(struct sample_table *table,
                                                     const struct sample *sample, const float *row);

#endif

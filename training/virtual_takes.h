/* SPDX-License-Identifier: GPL-3.0-or-later */
/* virtual_takes.h - labelled windows of the virtual therapist's hands
 *
 * Each scene has an array, sensors and hands of its own, drawn from the seed over wide bands. */
#ifndef VIRTUAL_TAKES_H
#define VIRTUAL_TAKES_H

#include <stdint.h>

#include "error.h"
#include "training/sample_table.h"
#include "training/virtual_recipes.h"

struct virtual_takes_options {
    uint64_t seed;
    unsigned n_scenes;
    enum virtual_styles styles;
    double every_s; /* between two samples */
    /** Told after each scene; NULL: nobody. */
    void (*progress)(void *context, unsigned n_done);
    void *context;
};

/** Scenes `seed`, their windows added to `table`; people are "style NAME". */
THENAR_NODISCARD enum thenar_status virtual_takes_add(struct sample_table *table,
                                                      const struct virtual_takes_options *options,
                                                      struct thenar_error *error);

#endif

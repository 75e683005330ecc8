/* SPDX-License-Identifier: GPL-3.0-or-later */
/* virtual_recipes.h - the styles of the virtual therapist that models learn from, and are tested on
 *
 * A recipe is one way to do a technique, with bands wider than any one hand has; some recipes are
 * kept for testing, so that a test asks for what was never seen. */
#ifndef VIRTUAL_RECIPES_H
#define VIRTUAL_RECIPES_H

#include <stdbool.h>
#include <stddef.h>

#include "therapist/pcg.h"

/* A parameter drawn evenly between two bounds; NULL ends. */
struct recipe_band {
    const char *name;
    double low, high;
};

struct virtual_recipe {
    const char *technique;
    const char *name;                /* of the style; the label is technique/name */
    const char *words;               /* style=, shape=, hand= as a script has them */
    bool for_testing;                /* never learned from */
    double least_s, most_s;          /* of a step */
    const struct recipe_band *bands; /* ended by a NULL name */
    bool on_soft;                    /* only on a small soft pad; the others never there */
};

extern const struct virtual_recipe virtual_recipes[];
extern const size_t virtual_recipe_n;

enum virtual_styles { STYLES_LEARNING, STYLES_TESTING, STYLES_ALL };

enum virtual_surface { SURFACE_TABLE, SURFACE_GLOVE, SURFACE_SOFT };

/**
 * Write a script of `n_steps` steps, drawn evenly over the techniques, rests between most.
 * @param recipe_of  out: [n_steps] index of each step's recipe, rests left out
 * @param out        out: [n_out] the script's text
 */
void virtual_recipes_script(struct pcg *draws, enum virtual_styles styles,
                            enum virtual_surface surface, unsigned n_steps, unsigned *recipe_of,
                            char *out, size_t n_out);

#endif

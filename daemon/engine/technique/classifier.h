/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classifier.h - features in, probability of each technique out
 *
 * The interface that rules and learned models share: a model is a pure function of the window
 * features (window_features.h). technique_tracker masks what the mount cannot show, smooths over
 * time and abstains. */
#ifndef CLASSIFIER_H
#define CLASSIFIER_H

#include "technique/technique.h"
#include "technique/window_features.h"

struct classifier {
    const char *name;   /* with whose hands it learned from: "thenar 1, simulated hands" */
    const char *recipe; /* how it was made */
    bool sees_cells;    /* it needs features->cell; else they may be NaN */
    float final_share;  /* of what speaks for any name in an episode: its own, or it gets none */
    /**
     * @param features     of the windows that end now
     * @param probability  out: [N_TECHNIQUES], >= 0, sum 1; parents and unknown may have their
     * share Context: pipeline thread; allocates nothing; the same input gives the same bits
     */
    void (*evaluate)(const struct classifier *classifier, const struct window_features *features,
                     float *probability);
};

/** The rules that ship: thresholds in physical units, from the definitions of design.md. */
extern const struct classifier classifier_rules;

#endif

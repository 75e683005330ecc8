/* SPDX-License-Identifier: GPL-3.0-or-later */
/* naming.h - from one moment's probabilities to a name that stands
 *
 * A forward filter over time (techniques rarely change: at each step a small share moves over),
 * masked by what the mount can show. A name needs half of the probability, and among still ones
 * nine tenths of what speaks for any of them; where no technique has it but the still or the
 * rhythmic ones together do, their parent is named; else unknown. Rest is measured, and named at
 * once; what comes after it begins with no prejudice. */
#ifndef NAMING_H
#define NAMING_H

#include <stdbool.h>

#include "technique/technique.h"

struct naming {
    enum array_mount mount;
    float probability[N_TECHNIQUES]; /* smoothed, sum 1 */
    bool is_fresh;                   /* nothing was seen yet: the first moment speaks for itself */
    enum technique technique;
    float confidence; /* its probability, or its family's */
};

void naming_init(struct naming *naming, enum array_mount mount);

/** What comes now has nothing to do with what was: unknown, until it is seen. */
void naming_forget(struct naming *naming);

/**
 * @param probability  [N_TECHNIQUES] as the classifier gave it
 * @param in_air       the hands are off for longer than a blow: nothing new is learnt but rest
 */
void naming_execute(struct naming *naming, const float *probability, bool in_air);

#endif

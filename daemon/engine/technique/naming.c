/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/naming.h"

#include <string.h>

static const float moves = 0.06F; /* of the probability, a step */
static const float sharpness_floor = 0.02F;
static const float enough = 0.5F;

static bool is_rhythmic(enum technique technique)
{
    return technique == TECHNIQUE_PETRISSAGE || technique == TECHNIQUE_ROLLING ||
           technique == TECHNIQUE_FRICTION || technique == TECHNIQUE_TAPOTEMENT ||
           technique == TECHNIQUE_VIBRATION || technique == TECHNIQUE_SHAKING ||
           technique == TECHNIQUE_RHYTHM;
}

void naming_init(struct naming *naming, enum array_mount mount)
{
    naming->mount = mount;
    naming_forget(naming);
}

void naming_forget(struct naming *naming)
{
    memset(naming->probability, 0, sizeof naming->probability);
    naming->probability[TECHNIQUE_UNKNOWN] = 1;
    naming->technique = TECHNIQUE_UNKNOWN;
    naming->confidence = 0;
}

/* What the mount cannot show goes to the parent of its kind, or to unknown. */
static void mask(const struct naming *naming, const float *from, float *to)
{
    memset(to, 0, N_TECHNIQUES * sizeof *to);
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        unsigned as = i;
        if (!technique_is_visible((enum technique)i, naming->mount))
            as = technique_is_still((enum technique)i) ? TECHNIQUE_HOLD
                 : is_rhythmic((enum technique)i)      ? TECHNIQUE_RHYTHM
                                                       : TECHNIQUE_UNKNOWN;
        to[as] += from[i];
    }
}

static void filter(struct naming *naming, const float *seen)
{
    float sum = 0;
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        float prior = (1.0F - moves) * naming->probability[i] + moves / (float)N_TECHNIQUES;
        naming->probability[i] = prior * (seen[i] + sharpness_floor);
        sum += naming->probability[i];
    }
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        naming->probability[i] /= sum;
}

static float family(const struct naming *naming, bool (*belongs)(enum technique))
{
    float sum = 0;
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        sum += belongs((enum technique)i) ? naming->probability[i] : 0.0F;
    return sum;
}

static void name(struct naming *naming)
{
    unsigned best = 0;
    for (unsigned i = 1; i < N_TECHNIQUES; i++)
        if (naming->probability[i] > naming->probability[best])
            best = i;
    naming->technique = (enum technique)best;
    naming->confidence = naming->probability[best];
    if (naming->confidence >= enough)
        return;
    float as_still = family(naming, technique_is_still), as_rhythm = family(naming, is_rhythmic);
    naming->technique = TECHNIQUE_UNKNOWN;
    naming->confidence = naming->probability[TECHNIQUE_UNKNOWN];
    if (as_still >= enough) {
        naming->technique = TECHNIQUE_HOLD;
        naming->confidence = as_still;
    } else if (as_rhythm >= enough) {
        naming->technique = TECHNIQUE_RHYTHM;
        naming->confidence = as_rhythm;
    }
}

void naming_execute(struct naming *naming, const float *probability, bool in_air)
{
    float seen[N_TECHNIQUES];
    if (in_air && probability[TECHNIQUE_REST] < 0.5F)
        return;
    mask(naming, probability, seen);
    filter(naming, seen);
    name(naming);
}

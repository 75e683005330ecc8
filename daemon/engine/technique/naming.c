/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/naming.h"

#include <string.h>

static const float moves = 0.1F; /* of the probability, a step */
static const float sharpness_floor = 0.02F;
static const float enough = 0.5F;
static const float enough_of_still = 0.9F; /* of what speaks for the still ones that have names */

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
    naming->is_fresh = true;
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
    float stays = naming->is_fresh ? 0.0F : 1.0F - moves;
    float sum = 0;
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        float prior = stays * naming->probability[i] + (1.0F - stays) / (float)N_TECHNIQUES;
        naming->probability[i] = prior * (seen[i] + sharpness_floor);
        sum += naming->probability[i];
    }
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        naming->probability[i] /= sum;
    naming->is_fresh = false;
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
    float as_still = family(naming, technique_is_still), as_rhythm = family(naming, is_rhythmic);
    float named = as_still - naming->probability[TECHNIQUE_HOLD];
    /* Still hands are much alike at first, and only time tells which they are. */
    bool is_close = technique_is_still(naming->technique) &&
                    naming->probability[best] < enough_of_still * named;
    if (naming->confidence >= enough && !is_close)
        return;
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

/* Rest is measured: it needs no smoothing, and what comes after it begins with no prejudice. */
static void rest(struct naming *naming, float probability)
{
    memset(naming->probability, 0, sizeof naming->probability);
    naming->probability[TECHNIQUE_REST] = 1;
    naming->technique = TECHNIQUE_REST;
    naming->confidence = probability;
}

void naming_execute(struct naming *naming, const float *probability, bool in_air)
{
    float seen[N_TECHNIQUES];
    if (probability[TECHNIQUE_REST] >= enough) {
        rest(naming, probability[TECHNIQUE_REST]);
        return;
    }
    if (in_air)
        return;
    if (naming->technique == TECHNIQUE_REST)
        naming_forget(naming);
    mask(naming, probability, seen);
    filter(naming, seen);
    name(naming);
}

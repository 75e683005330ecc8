/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/technique.h"

#include <string.h>

static const char *const names[N_TECHNIQUES] = {
    [TECHNIQUE_UNKNOWN] = "unknown",
    [TECHNIQUE_REST] = "rest",
    [TECHNIQUE_EFFLEURAGE] = "effleurage",
    [TECHNIQUE_PETRISSAGE] = "petrissage",
    [TECHNIQUE_ROLLING] = "rolling",
    [TECHNIQUE_FRICTION] = "friction",
    [TECHNIQUE_TAPOTEMENT] = "tapotement",
    [TECHNIQUE_VIBRATION] = "vibration",
    [TECHNIQUE_SHAKING] = "shaking",
    [TECHNIQUE_COMPRESSION] = "compression",
    [TECHNIQUE_MYOFASCIAL_RELEASE] = "myofascial_release",
    [TECHNIQUE_SOFT_TISSUE_RELEASE] = "soft_tissue_release",
    [TECHNIQUE_MUSCLE_ENERGY] = "muscle_energy",
    [TECHNIQUE_STRETCHING] = "stretching",
    [TECHNIQUE_HOLD] = "hold",
    [TECHNIQUE_RHYTHM] = "rhythm",
};

#define BIT(technique) (1U << (technique))

/* Answers that every mount can give. */
#define ALWAYS \
    (BIT(TECHNIQUE_UNKNOWN) | BIT(TECHNIQUE_REST) | BIT(TECHNIQUE_HOLD) | BIT(TECHNIQUE_RHYTHM))

/* design.md, "What each mounting can see". A glove feels pressure in the hand, but neither gliding
 * nor place, so nothing that is told by way, by distance or by staying where it is: a steady thumb
 * may rub or press, and is a hold. A mat feels through a body that load comes and goes, and how
 * fast: blows and ripples look alike there, and breathing is a plateau too. */
static const unsigned visible[N_MOUNTS] = {
    [MOUNT_PAD] = ~0U,
    [MOUNT_TORSO] = ~0U,
    [MOUNT_MAT] = ALWAYS,
    [MOUNT_GLOVE] = ALWAYS | BIT(TECHNIQUE_PETRISSAGE) | BIT(TECHNIQUE_TAPOTEMENT) |
                    BIT(TECHNIQUE_VIBRATION) | BIT(TECHNIQUE_SHAKING) |
                    BIT(TECHNIQUE_MUSCLE_ENERGY),
};

const char *technique_name(enum technique technique)
{
    return (unsigned)technique < N_TECHNIQUES ? names[technique] : names[TECHNIQUE_UNKNOWN];
}

enum technique technique_from_name(const char *name)
{
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        if (strcmp(names[i], name) == 0)
            return (enum technique)i;
    return TECHNIQUE_UNKNOWN;
}

bool technique_is_visible(enum technique technique, enum array_mount mount)
{
    if ((unsigned)technique >= N_TECHNIQUES || (unsigned)mount >= N_MOUNTS)
        return false;
    return visible[mount] & BIT(technique);
}

bool technique_is_still(enum technique technique)
{
    return technique == TECHNIQUE_HOLD || technique == TECHNIQUE_COMPRESSION ||
           technique == TECHNIQUE_MYOFASCIAL_RELEASE || technique == TECHNIQUE_STRETCHING ||
           technique == TECHNIQUE_MUSCLE_ENERGY;
}

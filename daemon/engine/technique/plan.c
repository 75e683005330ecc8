/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/plan.h"

#include <math.h>
#include <string.h>

static const char *const marks[N_PLAN_MARKS] = {"", "measured", "convention", "analogue",
                                                "instructor"};
static const char *const variants[N_PLAN_VARIANTS] = {"", "passive", "active", "weight_bearing"};

const char *plan_mark_name(enum plan_mark mark)
{
    return (unsigned)mark < N_PLAN_MARKS ? marks[mark] : "";
}

enum plan_mark plan_mark_from_name(const char *name)
{
    for (unsigned i = 1; i < N_PLAN_MARKS; i++)
        if (strcmp(marks[i], name) == 0)
            return (enum plan_mark)i;
    return PLAN_MARK_NONE;
}

const char *plan_variant_name(enum plan_variant variant)
{
    return (unsigned)variant < N_PLAN_VARIANTS ? variants[variant] : "";
}

enum plan_variant plan_variant_from_name(const char *name)
{
    for (unsigned i = 0; i < N_PLAN_VARIANTS; i++)
        if (strcmp(variants[i], name) == 0)
            return (enum plan_variant)i;
    return N_PLAN_VARIANTS;
}

bool plan_is_held(enum technique technique)
{
    return technique == TECHNIQUE_COMPRESSION || technique == TECHNIQUE_MYOFASCIAL_RELEASE ||
           technique == TECHNIQUE_SOFT_TISSUE_RELEASE || technique == TECHNIQUE_MUSCLE_ENERGY ||
           technique == TECHNIQUE_STRETCHING;
}

bool plan_is_technique(enum technique technique)
{
    return technique >= TECHNIQUE_EFFLEURAGE && technique <= TECHNIQUE_STRETCHING;
}

float plan_duration_s(const struct plan *plan)
{
    float sum_s = 0;
    for (unsigned i = 0; i < plan->n_steps; i++)
        sum_s += plan->steps[i].duration_s;
    return sum_s;
}

void plan_band_clear(struct plan_band *band)
{
    *band = (struct plan_band){.mark = PLAN_MARK_NONE, .low = NAN, .high = NAN};
}

enum thenar_status plan_band_check(const struct plan_band *band, const char *what, float least,
                                   float most, struct thenar_error *error)
{
    if (band->mark == PLAN_MARK_NONE)
        return THENAR_OK;
    if (!(band->low <= band->high))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: low (%g) is above high (%g); write the smaller number first", what,
                           (double)band->low, (double)band->high);
    if (!(band->low >= least) || !(band->high <= most))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: %g to %g is not within %g to %g; look at the unit", what,
                           (double)band->low, (double)band->high, (double)least, (double)most);
    if (band->source[0] == '\0')
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s: source is missing; say where the numbers come from", what);
    return THENAR_OK;
}

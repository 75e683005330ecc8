/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/plan.h"

#include <math.h>
#include <string.h>

static const char *const marks[N_PLAN_MARKS] = {"", "measured", "convention", "analogue",
                                                "instructor"};
static const char *const variants[N_PLAN_VARIANTS] = {"", "passive", "active", "weight_bearing"};

static const char *const cues_names[N_PLAN_CUES] = {"trusted", "all", "off"};

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

const char *plan_cues_name(enum plan_cues cues)
{
    return (unsigned)cues < N_PLAN_CUES ? cues_names[cues] : "";
}

enum plan_cues plan_cues_from_name(const char *name)
{
    for (unsigned i = 0; i < N_PLAN_CUES; i++)
        if (strcmp(cues_names[i], name) == 0)
            return (enum plan_cues)i;
    return N_PLAN_CUES;
}

bool plan_cues_heed(enum plan_cues cues, enum plan_mark mark)
{
    if (mark == PLAN_MARK_NONE || cues == PLAN_CUES_OFF)
        return false;
    return cues == PLAN_CUES_ALL || mark == PLAN_MARK_MEASURED || mark == PLAN_MARK_INSTRUCTOR;
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

int plan_band_place(const struct plan_band *band, float value)
{
    if (value < band->low * (1 - PLAN_GRACE))
        return -1;
    return value > band->high * (1 + PLAN_GRACE) ? 1 : 0;
}

static unsigned count_bands(const struct plan *plan, bool only_heard, enum plan_cues cues)
{
    unsigned n = 0;
    for (unsigned i = 0; i < plan->n_steps; i++) {
        const struct plan_step *step = &plan->steps[i];
        const struct plan_band *bands[] = {&step->pressure_kpa, &step->pace_cpm,
                                           &step->regularity_pct, &step->hold_s};
        for (size_t k = 0; k < sizeof bands / sizeof *bands; k++)
            n += only_heard ? plan_cues_heed(cues, bands[k]->mark)
                            : bands[k]->mark != PLAN_MARK_NONE;
    }
    return n;
}

unsigned plan_n_bands(const struct plan *plan)
{
    return count_bands(plan, false, PLAN_CUES_OFF);
}

unsigned plan_n_heard(const struct plan *plan, enum plan_cues cues)
{
    return count_bands(plan, true, cues);
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

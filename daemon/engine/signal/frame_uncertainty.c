/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/frame_uncertainty.h"

#include <math.h>

static const float coverage = 2.0F;
static const float zero_of_gate =
    0.2887F; /* half a gate either way, all alike likely: 1/sqrt(12) */
static const float n_per_kpa_cm2 = 0.1F;

static float squares(float a, float b)
{
    return sqrtf(a * a + b * b);
}

/* Parts of the reading: what all taxels share, and what each has for itself. */
static void parts_of(const struct sensor_law *law, float *shared, float *own)
{
    const struct sensor_uncertainty *u = &law->uncertainty;
    *shared = 0.01F * squares(u->hysteresis_pct, squares(u->creep_pct, u->reference_pct));
    *own = 0.01F * squares(u->repeatability_pct, u->fit_pct);
    if (*shared == 0.0F && *own == 0.0F)
        *shared = 0.01F * law->uncertainty_pct;
}

void frame_uncertainty_find(const struct sensor_law *law, const struct frame_features *features,
                            float gate_kpa, float noise_kpa, struct frame_uncertainty *found)
{
    const struct frame_features *f = features;
    float shared, own;
    *found = (struct frame_uncertainty){NAN, NAN, NAN};
    if (law->unit != UNIT_COUNTS || !law->calibrated || f->n_saturated > 0)
        return;
    *found = (struct frame_uncertainty){0};
    if (f->n_touched == 0)
        return;
    parts_of(law, &shared, &own);
    float noise = isnan(noise_kpa) ? 0.0F : noise_kpa;
    float zero_kpa = zero_of_gate * gate_kpa;
    /* The sum of squares of n parts is at most their sum times the largest. */
    float evenness = fminf(f->peak_kpa / (f->mean_kpa * (float)f->n_touched), 1.0F);
    float own_of_sum = own * sqrtf(evenness);
    float noise_of_mean = noise / sqrtf((float)f->n_touched);
    float mean_kpa =
        squares(squares(shared, own_of_sum) * f->mean_kpa, squares(zero_kpa, noise_of_mean));
    found->peak_kpa =
        coverage * squares(squares(shared, own) * f->peak_kpa, squares(zero_kpa, noise));
    found->mean_kpa = coverage * mean_kpa;
    found->force_n = coverage * mean_kpa * f->contact_cm2 * n_per_kpa_cm2;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/creep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration.h"

enum { LAGS_MAX = 20, LAGS_A_DECADE = 2 };

static const float looks_hz = 8.0F; /* at each taxel */
static const float loaded_kpa = 1.0F;
static const float before_onset = 1.0F / 3.0F, after_limit = 10.0F;
static const float same_time = 0.01F; /* part of a step of time that is not worth an exponential */
static const float forgotten = 1e-4F; /* decades */
static const float lag_least = 1e-9F; /* no denormals in silence */
static const float n_per_kpa_mm2 = 1e-3F;
static const double gap_most_s = 3600.0; /* after which nothing is left */

struct creep {
    size_t n_taxels, n_blocks, n_in_block;
    size_t block; /* the one that is brought up to date in this frame */
    unsigned n_lags;
    float lag_s[LAGS_MAX];
    float share[LAGS_MAX]; /* of the way that a lag goes in step_s */
    float step_s;
    float rise;        /* c, a decade */
    float reference;   /* 1 + c h(reference) */
    float exponent;    /* -1 / n */
    float rest_factor; /* of a taxel that has long been left alone */
    double *last_s;    /* [n_blocks] */
    bool *exists;      /* [n_taxels] */
    bool *at_rest;     /* [n_taxels] nothing left to forget */
    float *lags;       /* [n_taxels][n_lags] */
    bool has_begun;
};

static bool is_possible(const struct sensor_law *law)
{
    const struct sensor_creep *c = &law->creep;
    return fabsf(c->pct_decade) <= 50.0F && c->reference_s > 0.0F && c->onset_s > 0.0F &&
           c->limit_s >= c->onset_s && isfinite(c->limit_s) && isfinite(c->reference_s) &&
           law->exponent > 0.0F;
}

/* Decades of a load that has stayed for `time_s`. */
static float decades(const struct creep *creep, float time_s)
{
    float sum = 0;
    for (unsigned k = 0; k < creep->n_lags; k++)
        sum += (1.0F - expf(-time_s / creep->lag_s[k])) / (float)LAGS_A_DECADE;
    return sum;
}

static void choose_lags(struct creep *creep, const struct sensor_creep *law)
{
    float first_s = law->onset_s * before_onset, last_s = law->limit_s * after_limit;
    float n_lags = 1.0F + ceilf((float)LAGS_A_DECADE * log10f(last_s / first_s));
    creep->n_lags = n_lags < (float)LAGS_MAX ? (unsigned)n_lags : LAGS_MAX;
    for (unsigned k = 0; k < creep->n_lags; k++)
        creep->lag_s[k] = first_s * powf(10.0F, (float)k / (float)LAGS_A_DECADE);
    creep->rise = law->pct_decade / 100.0F;
    creep->reference = 1.0F + creep->rise * decades(creep, law->reference_s);
}

static float factor_of(const struct creep *creep, float h)
{
    return powf(fmaxf((1.0F + creep->rise * h) / creep->reference, 0.1F), creep->exponent);
}

enum thenar_status creep_create(struct creep **out, const struct array_layout *layout)
{
    *out = NULL;
    const struct sensor_law *law = &layout->sensor;
    if (law->unit != UNIT_COUNTS || !law->calibrated || law->creep.pct_decade == 0.0F)
        return THENAR_ERR_ABSENT;
    if (!is_possible(law))
        return THENAR_ERR_ARGUMENT;
    struct creep *creep = calloc(1, sizeof *creep);
    if (!creep)
        return THENAR_ERR_MEMORY;
    choose_lags(creep, &law->creep);
    creep->exponent = -1.0F / law->exponent;
    creep->rest_factor = factor_of(creep, 0);
    float n_blocks = fmaxf(1.0F, floorf(layout->rate_hz / looks_hz));
    creep->n_taxels = layout->n_taxels;
    creep->n_in_block = (size_t)ceilf((float)layout->n_taxels / n_blocks);
    creep->n_blocks = (layout->n_taxels + creep->n_in_block - 1) / creep->n_in_block;
    creep->last_s = calloc(creep->n_blocks, sizeof *creep->last_s);
    creep->exists = calloc(layout->n_taxels, sizeof *creep->exists);
    creep->at_rest = calloc(layout->n_taxels, sizeof *creep->at_rest);
    creep->lags = calloc(layout->n_taxels * creep->n_lags, sizeof *creep->lags);
    if (!creep->last_s || !creep->exists || !creep->at_rest || !creep->lags) {
        creep_destroy(creep);
        return THENAR_ERR_MEMORY;
    }
    memcpy(creep->exists, layout->exists, layout->n_taxels * sizeof *creep->exists);
    *out = creep;
    return THENAR_OK;
}

void creep_destroy(struct creep *creep)
{
    if (!creep)
        return;
    free(creep->last_s);
    free(creep->exists);
    free(creep->at_rest);
    free(creep->lags);
    free(creep);
}

void creep_reset(struct creep *creep, struct calibration *calibration)
{
    memset(creep->lags, 0, creep->n_taxels * creep->n_lags * sizeof *creep->lags);
    for (size_t i = 0; i < creep->n_taxels; i++) {
        creep->at_rest[i] = true;
        calibration_set_factor(calibration, i, creep->rest_factor);
    }
    creep->has_begun = false;
}

static void pass_time(struct creep *creep, float step_s)
{
    if (fabsf(step_s - creep->step_s) <= same_time * creep->step_s)
        return;
    creep->step_s = step_s;
    for (unsigned k = 0; k < creep->n_lags; k++)
        creep->share[k] = 1.0F - expf(-step_s / creep->lag_s[k]);
}

/* Brings one taxel up to date. @return its decades */
static float follow(struct creep *creep, float *lags, float load)
{
    float sum = 0;
    for (unsigned k = 0; k < creep->n_lags; k++) {
        float next = lags[k] + creep->share[k] * (load - lags[k]);
        lags[k] = next < lag_least ? 0.0F : next;
        sum += lags[k];
    }
    return sum / (float)LAGS_A_DECADE;
}

static void update_block(struct creep *creep, const float *filtered,
                         struct calibration *calibration)
{
    size_t first = creep->block * creep->n_in_block, end = first + creep->n_in_block;
    end = end < creep->n_taxels ? end : creep->n_taxels;
    for (size_t i = first; i < end; i++) {
        float load = fminf(fmaxf(filtered[i] / loaded_kpa, 0.0F), 1.0F);
        bool loaded = filtered[i] >= 0.5F * loaded_kpa;
        if (!creep->exists[i] || (creep->at_rest[i] && !loaded))
            continue;
        float h = follow(creep, creep->lags + i * creep->n_lags, load);
        creep->at_rest[i] = !loaded && h < forgotten;
        if (creep->at_rest[i])
            memset(creep->lags + i * creep->n_lags, 0, creep->n_lags * sizeof *creep->lags);
        calibration_set_factor(calibration, i,
                               creep->at_rest[i] ? creep->rest_factor : factor_of(creep, h));
    }
}

void creep_execute(struct creep *creep, const float *filtered, double device_s,
                   struct calibration *calibration)
{
    if (!creep->has_begun) {
        creep_reset(creep, calibration);
        for (size_t b = 0; b < creep->n_blocks; b++)
            creep->last_s[b] = device_s;
        creep->has_begun = true;
    }
    double step_s = fmin(device_s - creep->last_s[creep->block], gap_most_s);
    if (step_s > 0.0) {
        pass_time(creep, (float)step_s);
        update_block(creep, filtered, calibration);
        creep->last_s[creep->block] = device_s;
    }
    creep->block = creep->block + 1 < creep->n_blocks ? creep->block + 1 : 0;
}

void creep_undo(const float *filtered, const float *cell_mm2, size_t n_taxels, float gate_kpa,
                const struct calibration *calibration, struct creep_undone *undone)
{
    const float *factor = calibration_factors(calibration), *zero = calibration_zeros(calibration);
    float force = 0, peak = 0;
    for (size_t i = 0; i < n_taxels; i++) {
        if (!(filtered[i] > gate_kpa))
            continue;
        float kpa = (filtered[i] + zero[i]) / factor[i] - zero[i];
        force += kpa * cell_mm2[i];
        peak = fmaxf(peak, kpa);
    }
    *undone = (struct creep_undone){.force_n = force * n_per_kpa_mm2, .peak_kpa = peak};
}

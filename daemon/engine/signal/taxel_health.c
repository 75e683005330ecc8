/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/taxel_health.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float looks_hz = 4.0F; /* at each taxel */
static const float silent_s = 5.0F; /* of no change at all */
static const float pressed = 5.0F;  /* times the gate, for a neighbour */
enum { PRESSES_ENOUGH = 30 };

struct taxel {
    float reference; /* reading that the next looks compare with */
    bool exists;
    bool referred;     /* reference is set */
    bool moved;        /* was seen to differ from it */
    bool answered;     /* was seen above the gate */
    bool beside;       /* both neighbours were pressed at the last look */
    uint8_t n_presses; /* how often they came to be, up to PRESSES_ENOUGH */
    bool across;       /* it has neighbours left and right */
    bool along;        /* above and below */
};

struct taxel_health {
    size_t n_taxels, n_cols, n_existing;
    struct taxel *taxels; /* [n_taxels] */
    bool *dead;           /* [n_taxels] */
    unsigned n_dead;
    size_t n_looks; /* a frame */
    size_t cursor;
    bool is_noisy;                                       /* once known, it stays */
    uint64_t n_frames, n_frames_silent, n_frames_judged; /* so far; of silent_s; a second */
};

enum thenar_status taxel_health_create(struct taxel_health **out, const struct array_layout *layout)
{
    *out = NULL;
    struct taxel_health *health = calloc(1, sizeof *health);
    if (!health)
        return THENAR_ERR_MEMORY;
    size_t n = layout->n_taxels;
    health->taxels = calloc(n, sizeof *health->taxels);
    health->dead = calloc(n, sizeof *health->dead);
    if (!health->taxels || !health->dead) {
        taxel_health_destroy(health);
        return THENAR_ERR_MEMORY;
    }
    health->n_taxels = n;
    health->n_cols = layout->n_cols;
    for (size_t i = 0; i < n; i++) {
        size_t row = i / layout->n_cols, col = i % layout->n_cols;
        health->taxels[i].exists = layout->exists[i];
        health->taxels[i].across = col > 0 && col + 1 < layout->n_cols;
        health->taxels[i].along = row > 0 && row + 1 < layout->n_rows;
        health->n_existing += layout->exists[i];
    }
    size_t n_looks = (size_t)ceilf((float)n * looks_hz / layout->rate_hz);
    health->n_looks = n_looks < n ? n_looks : n;
    health->n_frames_silent = (uint64_t)ceilf(silent_s * layout->rate_hz);
    health->n_frames_judged = (uint64_t)ceilf(layout->rate_hz);
    *out = health;
    return THENAR_OK;
}

void taxel_health_destroy(struct taxel_health *health)
{
    if (!health)
        return;
    free(health->taxels);
    free(health->dead);
    free(health);
}

void taxel_health_reset(struct taxel_health *health)
{
    for (size_t i = 0; i < health->n_taxels; i++) {
        const struct taxel *taxel = &health->taxels[i];
        health->taxels[i] =
            (struct taxel){.exists = taxel->exists, .across = taxel->across, .along = taxel->along};
    }
    memset(health->dead, 0, health->n_taxels * sizeof *health->dead);
    health->n_dead = 0;
    health->cursor = 0;
    health->n_frames = 0;
    health->is_noisy = false;
}

static bool is_beside(const struct taxel *taxel, const float *at, size_t n_cols, float enough)
{
    return (taxel->across && *(at - 1) > enough && *(at + 1) > enough) ||
           (taxel->along && *(at - n_cols) > enough && *(at + n_cols) > enough);
}

static void look(struct taxel_health *health, float reading, const float *raw, float gate_kpa,
                 size_t i)
{
    struct taxel *taxel = &health->taxels[i];
    if (!taxel->referred) {
        taxel->reference = reading;
        taxel->referred = true;
    } else if (!taxel->moved) {
        taxel->moved = reading < taxel->reference || reading > taxel->reference;
    }
    if (taxel->answered)
        return;
    if (raw[i] > gate_kpa)
        taxel->answered = true;
    bool beside = !taxel->answered && is_beside(taxel, raw + i, health->n_cols, pressed * gate_kpa);
    if (beside && !taxel->beside && taxel->n_presses < PRESSES_ENOUGH)
        taxel->n_presses++;
    taxel->beside = beside;
}

/* Whether taxels that no hand has pressed move all the same. In a recording without noise they do
 * not, and a taxel that never changed is just one that was never touched. */
static bool noise_shows(const struct taxel_health *health)
{
    size_t n_quiet = 0, n_moved = 0;
    for (size_t i = 0; i < health->n_taxels; i++) {
        const struct taxel *taxel = &health->taxels[i];
        bool quiet = taxel->exists && !taxel->answered;
        n_quiet += quiet;
        n_moved += quiet && taxel->moved;
    }
    return n_quiet > 0 && 4 * n_quiet >= health->n_existing && 10 * n_moved >= 9 * n_quiet;
}

static bool judge(struct taxel_health *health)
{
    bool changed = false;
    bool long_enough = health->n_frames >= health->n_frames_silent;
    health->is_noisy = health->is_noisy || (long_enough && noise_shows(health));
    health->n_dead = 0;
    for (size_t i = 0; i < health->n_taxels; i++) {
        const struct taxel *taxel = &health->taxels[i];
        bool silent = health->is_noisy && !taxel->moved;
        bool deaf = !taxel->answered && taxel->n_presses >= PRESSES_ENOUGH;
        bool dead = taxel->exists && (silent || deaf);
        changed |= dead != health->dead[i];
        health->dead[i] = dead;
        health->n_dead += dead;
    }
    return changed;
}

bool taxel_health_execute(struct taxel_health *health, const uint16_t *counts, const float *samples,
                          const float *raw, float gate_kpa)
{
    for (size_t k = 0; k < health->n_looks; k++) {
        size_t i = health->cursor;
        if (health->taxels[i].exists)
            look(health, counts ? (float)counts[i] : samples[i], raw, gate_kpa, i);
        health->cursor = i + 1 < health->n_taxels ? i + 1 : 0;
    }
    health->n_frames++;
    return health->n_frames % health->n_frames_judged == 0 && judge(health);
}

const bool *taxel_health_dead(const struct taxel_health *health)
{
    return health->dead;
}

unsigned taxel_health_n_dead(const struct taxel_health *health)
{
    return health->n_dead;
}

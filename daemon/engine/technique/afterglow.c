/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/afterglow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float SHARE = 0.12F;
static const float FADE_S = 8.0F;

struct afterglow {
    size_t n_taxels;
    float *glow, *seen; /* [n_taxels] */
    double last_s;
};

enum thenar_status afterglow_create(struct afterglow **out, const struct array_layout *layout)
{
    struct afterglow *afterglow = calloc(1, sizeof *afterglow);
    *out = afterglow;
    if (!afterglow)
        return THENAR_ERR_MEMORY;
    afterglow->n_taxels = layout->n_taxels;
    afterglow->glow = calloc(layout->n_taxels, sizeof *afterglow->glow);
    afterglow->seen = calloc(layout->n_taxels, sizeof *afterglow->seen);
    if (afterglow->glow && afterglow->seen)
        return THENAR_OK;
    afterglow_destroy(afterglow);
    *out = NULL;
    return THENAR_ERR_MEMORY;
}

void afterglow_destroy(struct afterglow *afterglow)
{
    if (!afterglow)
        return;
    free(afterglow->glow);
    free(afterglow->seen);
    free(afterglow);
}

void afterglow_reset(struct afterglow *afterglow)
{
    memset(afterglow->glow, 0, afterglow->n_taxels * sizeof *afterglow->glow);
}

const float *afterglow_execute(struct afterglow *afterglow, double device_s, const float *pressure)
{
    float step_s = fmaxf((float)(device_s - afterglow->last_s), 0);
    float stays = FADE_S / (FADE_S + step_s);
    float *glow = afterglow->glow, *seen = afterglow->seen;
    afterglow->last_s = device_s;
    for (size_t i = 0; i < afterglow->n_taxels; i++) {
        float before = stays * glow[i], now = SHARE * pressure[i];
        seen[i] = pressure[i] > before ? pressure[i] : 0.0F;
        glow[i] = now > before ? now : before;
    }
    return seen;
}

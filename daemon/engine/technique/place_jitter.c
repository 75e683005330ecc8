/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/place_jitter.h"

#include <math.h>
#include <string.h>

static const double apart_s = 0.018, gap_s = 0.06; /* a longer one has lost frames in it */
static const float settle = 0.04F;                 /* of the new one: about half a second */
/* Mean length of a difference whose two parts have a standard deviation of sqrt(70). */
static const float mean_of_sigma = 10.486F;

void place_jitter_break(struct place_jitter *jitter)
{
    jitter->n = 0;
}

static float fourth_difference(const float *v)
{
    return v[0] - 4.0F * v[1] + 6.0F * v[2] - 4.0F * v[3] + v[4];
}

void place_jitter_push(struct place_jitter *jitter, double at_s, float x_mm, float y_mm)
{
    if (jitter->n > 0 && at_s - jitter->last_s < apart_s)
        return;
    if (jitter->n > 0 && at_s - jitter->last_s > gap_s)
        jitter->n = 0;
    jitter->last_s = at_s;
    if (jitter->n == PLACE_JITTER_N) {
        memmove(jitter->x_mm, jitter->x_mm + 1, (PLACE_JITTER_N - 1) * sizeof jitter->x_mm[0]);
        memmove(jitter->y_mm, jitter->y_mm + 1, (PLACE_JITTER_N - 1) * sizeof jitter->y_mm[0]);
        jitter->n--;
    }
    jitter->x_mm[jitter->n] = x_mm;
    jitter->y_mm[jitter->n++] = y_mm;
    if (jitter->n < PLACE_JITTER_N)
        return;
    float now = hypotf(fourth_difference(jitter->x_mm), fourth_difference(jitter->y_mm));
    /* A finger more or less is a step of the centre, and no noise. */
    float most = jitter->mean_mm > 0 ? 4.0F * jitter->mean_mm + 0.5F : now;
    jitter->mean_mm += settle * (fminf(now, most) - jitter->mean_mm);
}

float place_jitter_mm(const struct place_jitter *jitter)
{
    return jitter->mean_mm / mean_of_sigma;
}

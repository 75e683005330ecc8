/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/hand_turns.h"

#include <math.h>
#include <string.h>

static const float clear = 2.5F; /* the way from hand to hand, of its spread */
static const unsigned least = 5; /* cycles */

void hand_turns_reset(struct hand_turns *turns)
{
    turns->n = turns->last = 0;
    turns->apart = false;
}

static void push(struct hand_turns *t, float x_mm, float y_mm)
{
    if (t->n == HAND_TURNS_MAX) {
        memmove(t->x_mm, t->x_mm + 1, (HAND_TURNS_MAX - 1) * sizeof t->x_mm[0]);
        memmove(t->y_mm, t->y_mm + 1, (HAND_TURNS_MAX - 1) * sizeof t->y_mm[0]);
        t->n--;
    }
    t->x_mm[t->n] = x_mm;
    t->y_mm[t->n++] = y_mm;
}

/* How far cycle i lies from between its neighbours, seen as if it were the last one's hand. */
static float aside(const float *at, unsigned i, unsigned n)
{
    float d = at[i] - 0.5F * (at[i - 1] + at[i + 1]);
    return (n - 1 - i) % 2 ? -d : d;
}

unsigned hand_turns_add(struct hand_turns *t, float x_mm, float y_mm, float least_mm)
{
    push(t, x_mm, y_mm);
    t->last = 0;
    t->apart = false;
    if (t->n < least)
        return 0;
    float way_x = 0, way_y = 0, spread = 0, count = (float)(t->n - 2);
    for (unsigned i = 1; i + 1 < t->n; i++) {
        way_x += aside(t->x_mm, i, t->n) / count;
        way_y += aside(t->y_mm, i, t->n) / count;
    }
    for (unsigned i = 1; i + 1 < t->n; i++) {
        float dx = aside(t->x_mm, i, t->n) - way_x, dy = aside(t->y_mm, i, t->n) - way_y;
        spread += (dx * dx + dy * dy) / count;
    }
    float way = hypotf(way_x, way_y);
    t->apart = way >= least_mm && way >= clear * sqrtf(spread);
    if (!t->apart)
        return 0;
    bool further = fabsf(way_x) >= 0.5F * fabsf(way_y) ? way_x > 0 : way_y > 0;
    return t->last = further ? 2 : 1;
}

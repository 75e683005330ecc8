/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/hand_change.h"

#include <math.h>
#include <string.h>

static const double LAY_ON_S = 0.12;  /* the first edge of a hand is not its place */
static const double LOOK_S = 0.45;    /* the place as it began is known */
static const double LONG_S = 8.0;     /* a touch so long is a work of its own */
static const float PRESSING = 0.35F;  /* of the touch's peak */
static const float AWAY_MM = 30.0F;   /* elsewhere */
static const float AWAY_PART = 0.25F; /* of the main axis of before */
static const float LONGER = 1.7F;     /* another main axis */

void hand_change_reset(struct hand_change *change)
{
    memset(change, 0, sizeof *change);
}

static void add(struct hand_place *place, double step_s, const struct contacts_sum *sum)
{
    double w = (double)sum->force_n * step_s;
    if (!(w > 0))
        return;
    place->w += w;
    place->wx += w * (double)sum->cop_x_mm;
    place->wy += w * (double)sum->cop_y_mm;
    place->wmajor += w * (double)sum->major_mm;
}

static double apart(const struct hand_place *a, const struct hand_place *b)
{
    return hypot(a->wx / a->w - b->wx / b->w, a->wy / a->w - b->wy / b->w);
}

static bool is_other(const struct hand_change *c)
{
    const struct hand_place *now = &c->first, *all = &c->before_all, *began = &c->before_first;
    if (c->before_lasted_s < LONG_S || !(now->w > 0) || !(all->w > 0))
        return false;
    double before_mm = all->wmajor / all->w, now_mm = now->wmajor / now->w;
    if (now_mm > (double)LONGER * before_mm)
        return true; /* much shorter may be the edge of the same hands */
    double away_mm = fmax((double)AWAY_MM, (double)AWAY_PART * before_mm);
    return apart(now, all) > away_mm && (!(began->w > 0) || apart(now, began) > away_mm);
}

static void begin(struct hand_change *c, double change_s)
{
    c->touched = true;
    c->touch_s = change_s;
    c->peak_n = 0;
    c->first = c->all = (struct hand_place){0};
    c->is_open = c->has_before;
}

static void end(struct hand_change *c, double change_s)
{
    c->touched = false;
    c->lift_s = change_s;
    c->has_before = true;
    c->before_first = c->first;
    c->before_all = c->all;
    c->before_lasted_s = change_s - c->touch_s;
}

bool hand_change_execute(struct hand_change *c, double device_s, bool touched, double change_s,
                         const struct contacts_sum *sum)
{
    double step_s = fmin(fmax(device_s - c->last_s, 0), 0.1);
    c->last_s = device_s;
    if (touched && !c->touched)
        begin(c, change_s);
    else if (!touched && c->touched)
        end(c, change_s);
    if (!touched)
        return false;
    double age_s = device_s - c->touch_s;
    c->peak_n = fmaxf(c->peak_n, sum->force_n);
    if (age_s < LAY_ON_S)
        return false;
    if (age_s < LOOK_S)
        add(&c->first, step_s, sum);
    if (sum->force_n >= PRESSING * c->peak_n)
        add(&c->all, step_s, sum);
    if (!c->is_open || age_s < LOOK_S)
        return false;
    c->is_open = false;
    return is_other(c);
}

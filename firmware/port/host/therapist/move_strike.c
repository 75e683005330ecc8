/* SPDX-License-Identifier: MIT */
/* Moves that strike: tapotement. */
#include <math.h>

#include "therapist/hand.h"
#include "therapist/move.h"

static const float degree = 0.0174532925F;
static const double most_contact = 0.6; /* of a period: the hand is off for the rest */

struct cycle_plan move_plan_strike(const struct step *step, double budget_s)
{
    struct cycle_plan plan = move_plan_pace(step, budget_s);
    plan.contact_s =
        fmin((double)step->value[PARAM_CONTACT_MS] / 1000.0, most_contact * plan.period_s);
    return plan;
}

/* A loose hand falls and bounces: half a wave of force, raised to 3/2 as Hertz has it for a sphere
 * on an elastic half space, then nothing. */
void move_pose_tapotement(const struct moment *moment, struct pose *pose)
{
    const float *value = moment->step->value;
    float keep = value[PARAM_RETURN_PCT] / 100.0F; /* hands that do not lift quite */
    bool strikes = moment->time_s < moment->plan.contact_s;
    if (!strikes && !(keep > 0.0F))
        return;
    double wave = strikes ? sin(M_PI * moment->time_s / moment->plan.contact_s) : 0.0;
    float force_n = moment->force_n * (keep + (1.0F - keep) * (float)(wave * sqrt(wave)));
    struct hand_place place = {.x_mm = moment->x_mm,
                               .y_mm = moment->y_mm,
                               .angle_rad = value[PARAM_ANGLE_DEG] * degree,
                               .size = value[PARAM_SIZE],
                               .hand = HAND_RIGHT};
    if (moment->step->hands == HANDS_BOTH) {
        float aside = 38.0F * value[PARAM_SIZE];
        place.hand = moment->index % 2 ? HAND_LEFT : HAND_RIGHT;
        if (place.hand == HAND_LEFT)
            aside = -aside;
        place.x_mm += aside * sinf(place.angle_rad);
        place.y_mm -= aside * cosf(place.angle_rad);
    } else if (moment->step->hands == HANDS_LEFT) {
        place.hand = HAND_LEFT;
    }
    static const enum hand_shape usual[] = {SHAPE_EDGE, SHAPE_CUP, SHAPE_FIST};
    hand_add_shape(pose, &place, moment->step, usual[moment->step->style], force_n);
}

/* SPDX-License-Identifier: MIT */
/* Moves that travel: effleurage, rolling, soft tissue release. */
#include <math.h>

#include "therapist/ease.h"
#include "therapist/hand.h"
#include "therapist/move.h"

static const float degree = 0.0174532925F;
static const double glide_share = 0.62;   /* of a stroke's period; the rest is the way back */
static const double release_share = 0.80; /* of a soft tissue release's period, locked */

static const float *values(const struct moment *moment)
{
    return moment->step->value;
}

/* How far a hand travels along `angle_rad` when the script leaves it open: most of the stage, but
 * no further than an arm does from the wrist and elbow. */
static float travel_mm(const struct moment *moment, float share, float least_mm, float most_mm)
{
    float set = values(moment)[PARAM_GLIDE_MM];
    if (!isnan(set))
        return set;
    float angle = values(moment)[PARAM_ANGLE_DEG] * degree;
    float along = 2.0F * hypotf(moment->stage->half_x_mm * cosf(angle),
                                moment->stage->half_y_mm * sinf(angle));
    return fminf(fmaxf(share * along, least_mm), most_mm);
}

struct cycle_plan move_plan_effleurage(const struct step *step, double budget_s)
{
    struct cycle_plan plan = move_plan_pace(step, budget_s);
    if (!(step->value[PARAM_RETURN_PCT] > 0.0F))
        plan.contact_s = glide_share * plan.period_s;
    return plan;
}

void move_pose_effleurage(const struct moment *moment, struct pose *pose)
{
    double out_s = glide_share * moment->plan.period_s;
    double out = moment->time_s / out_s;
    double back = (moment->time_s - out_s) / (moment->plan.period_s - out_s);
    double way = out < 1.0 ? ease_reach(out) : 1.0 - ease_reach(back);
    double keep = (double)values(moment)[PARAM_RETURN_PCT] / 100.0;
    double press = keep + (1.0 - keep) * (out < 1.0 ? ease_between(out, 1.0, 0.16, 0.16) : 0.0);
    float length = travel_mm(moment, 0.55F, 90.0F, 280.0F);
    float angle = values(moment)[PARAM_ANGLE_DEG] * degree;
    float c = cosf(angle), s = sinf(angle);
    float along = length * ((float)way - 0.5F);
    unsigned hands = moment->step->hands;
    float n_hands = hands == HANDS_BOTH ? 2.0F : 1.0F;
    pose->glide_mm_s = out < 1.0 ? length * 1.875F / (float)out_s : 0.0F;
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        if (!(hands >> hand & 1))
            continue;
        /* Side by side, thumbs inward, when there are two: she stands behind her hands. */
        float aside = hands != HANDS_BOTH ? 0.0F : hand == HAND_LEFT ? -52.0F : 52.0F;
        aside *= values(moment)[PARAM_SIZE];
        struct hand_place place = {.x_mm = moment->x_mm + c * along - s * aside,
                                   .y_mm = moment->y_mm + s * along + c * aside,
                                   .angle_rad = angle,
                                   .size = values(moment)[PARAM_SIZE],
                                   .hand = hand};
        hand_add_shape(pose, &place, moment->step, SHAPE_FLAT,
                       (float)press * moment->force_n / n_hands);
    }
}

void move_pose_rolling(const struct moment *moment, struct pose *pose)
{
    double turn = 2.0 * M_PI * moment->time_s / moment->plan.period_s;
    float length = travel_mm(moment, 0.30F, 45.0F, 120.0F);
    float angle = values(moment)[PARAM_ANGLE_DEG] * degree;
    float along = -0.5F * length * (float)cos(turn);
    /* Leaning in on the way out, a little less on the way back. */
    float swing = values(moment)[PARAM_RIPPLE_PCT] / 100.0F;
    float press = 1.0F - swing + swing * (float)sin(turn);
    struct hand_place place = {.x_mm = moment->x_mm + cosf(angle) * along,
                               .y_mm = moment->y_mm + sinf(angle) * along,
                               .angle_rad = angle,
                               .size = values(moment)[PARAM_SIZE],
                               .hand = moment->step->hands & HANDS_RIGHT ? HAND_RIGHT : HAND_LEFT};
    pose->glide_mm_s = 0.0F; /* a roll does not slide */
    hand_add_shape(pose, &place, moment->step, moment->step->style ? SHAPE_FIST : SHAPE_FOREARM,
                   press * moment->force_n);
}

struct cycle_plan move_plan_release(const struct step *step, double budget_s)
{
    struct cycle_plan plan = move_plan_pace(step, budget_s);
    plan.contact_s = release_share * plan.period_s;
    return plan;
}

/* Lock, with the thumb for the most part; the other hand takes up the tissue and draws it away; let
 * go. */
void move_pose_release(const struct moment *moment, struct pose *pose)
{
    static void (*const pins[])(struct pose *, const struct hand_place *,
                                float) = {hand_add_thumb, hand_add_knuckles, hand_add_heel};
    double phase = moment->time_s / moment->plan.contact_s;
    float length = travel_mm(moment, 0.28F, 60.0F, 110.0F);
    float angle = values(moment)[PARAM_ANGLE_DEG] * degree;
    float c = cosf(angle), s = sinf(angle), size = values(moment)[PARAM_SIZE];
    unsigned pinning = moment->step->hands == HANDS_RIGHT ? HAND_RIGHT : HAND_LEFT;
    unsigned drawing = pinning == HAND_LEFT ? HAND_RIGHT : HAND_LEFT;
    float away = 75.0F * size + length * (float)ease_reach((phase - 0.2) / 0.62);
    struct hand_place pin = {moment->x_mm, moment->y_mm, angle, size, pinning};
    struct hand_place draw = {moment->x_mm + c * away, moment->y_mm + s * away, angle, size,
                              drawing};
    double keep = (double)values(moment)[PARAM_RETURN_PCT] / 100.0; /* a lock that is eased only */
    double lock = fmax(ease_between(phase, 1.0, 0.12, 0.1), keep);
    pins[moment->step->style](pose, &pin, 0.5F * moment->force_n * (float)lock);
    hand_add_shape(pose, &draw, moment->step, SHAPE_PALM,
                   0.5F * moment->force_n *
                       (float)(ease((phase - 0.1) / 0.1) * ease((0.95 - phase) / 0.1)));
    pose->tracked_hand = (int)drawing;
    pose->glide_mm_s = phase > 0.2 && phase < 0.82 ? length / (float)moment->plan.contact_s : 0.0F;
}

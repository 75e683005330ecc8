/* SPDX-License-Identifier: MIT */
/* Moves that work one place: petrissage, friction, vibration, shaking. */
#include <math.h>

#include "therapist/ease.h"
#include "therapist/hand.h"
#include "therapist/move.h"

static const float degree = 0.0174532925F;

static double turn_of(const struct moment *moment)
{
    return 2.0 * M_PI * moment->time_s / moment->plan.period_s;
}

static struct hand_place place_of(const struct moment *moment, unsigned hand)
{
    return (struct hand_place){.x_mm = moment->x_mm,
                               .y_mm = moment->y_mm,
                               .angle_rad = moment->step->value[PARAM_ANGLE_DEG] * degree,
                               .size = moment->step->value[PARAM_SIZE],
                               .hand = hand};
}

static unsigned one_hand(const struct moment *moment)
{
    return moment->step->hands & HANDS_RIGHT ? HAND_RIGHT : HAND_LEFT;
}

/* Two hands pass each other, to and fro, and squeeze what is between them at each pass. */
static void wring(const struct moment *moment, struct pose *pose, float force_n)
{
    static const float reach_mm = 27.0F, aside_mm = 40.0F;
    float pass = moment->index % 2 ? -1.0F : 1.0F;
    float along = reach_mm * pass * (float)cos(0.5 * turn_of(moment));
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        struct hand_place place = place_of(moment, hand);
        float side = hand == HAND_RIGHT ? 1.0F : -1.0F;
        float c = cosf(place.angle_rad), s = sinf(place.angle_rad);
        float aside = -side * aside_mm * place.size;
        place.x_mm += c * side * along - s * aside;
        place.y_mm += s * side * along + c * aside;
        hand_add_shape(pose, &place, moment->step, SHAPE_PALM, 0.5F * force_n);
    }
}

/* Squeeze: the force swells while thumb and fingers close on the fold, and ebbs as they open. The
 * other hand, when there is one, keeps its place and takes the next cycle. */
void move_pose_petrissage(const struct moment *moment, struct pose *pose)
{
    float ebb = moment->step->value[PARAM_RETURN_PCT] / 100.0F; /* left between two squeezes */
    static const float open_mm = 78.0F, closed_mm = 46.0F;
    float size = moment->step->value[PARAM_SIZE];
    float closing = (float)(0.5 - 0.5 * cos(turn_of(moment)));
    bool rolls_skin = moment->step->style == 1;
    if (moment->step->style == 2) { /* the palm circles, and leans in on one side */
        struct hand_place place = place_of(moment, one_hand(moment));
        place.x_mm += 9.0F * (float)cos(turn_of(moment));
        place.y_mm += 9.0F * (float)sin(turn_of(moment));
        hand_add_shape(pose, &place, moment->step, SHAPE_PALM,
                       moment->force_n * (2.0F * ebb + (1.0F - 2.0F * ebb) * closing));
        return;
    }
    if (moment->step->style == 3) {
        wring(moment, pose, moment->force_n * (ebb + (1.0F - ebb) * closing));
        return;
    }
    if (moment->step->hands != HANDS_BOTH) {
        struct hand_place place = place_of(moment, one_hand(moment));
        /* Skin rolling creeps along the fold while it squeezes. */
        if (rolls_skin)
            place.y_mm += 8.0F * (closing - 0.5F);
        hand_add_grip(pose, &place, size * (open_mm + closing * (closed_mm - open_mm)),
                      moment->force_n * (ebb + (1.0F - ebb) * closing));
        return;
    }
    unsigned working = moment->index % 2 ? HAND_LEFT : HAND_RIGHT;
    float apart = 60.0F * size;
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        struct hand_place place = place_of(moment, hand);
        float share = hand == working ? closing : 0.0F;
        place.x_mm += (hand == HAND_RIGHT ? apart : -apart) * sinf(place.angle_rad);
        place.y_mm += (hand == HAND_RIGHT ? -apart : apart) * cosf(place.angle_rad);
        hand_add_grip(pose, &place, size * (open_mm + share * (closed_mm - open_mm)),
                      moment->force_n * (0.5F * ebb + (1.0F - ebb) * share));
    }
}

/* There and back across the fibres, or around, with the skin: within 20 mm. */
void move_pose_friction(const struct moment *moment, struct pose *pose)
{
    float set_mm = moment->step->value[PARAM_GLIDE_MM];
    float across_mm = isnan(set_mm) ? 14.0F : set_mm, around_mm = isnan(set_mm) ? 12.0F : set_mm;
    double turn = turn_of(moment);
    struct hand_place place = place_of(moment, one_hand(moment));
    float c = cosf(place.angle_rad), s = sinf(place.angle_rad), press, swing;
    float set_pct = moment->step->value[PARAM_RIPPLE_PCT];
    if (moment->step->style == 0) {
        float along = -0.5F * across_mm * (float)cos(turn);
        place.x_mm += c * along;
        place.y_mm += s * along;
        swing = isnan(set_pct) ? 0.05F : 0.005F * set_pct;
        press =
            1.0F - swing - swing * (float)cos(2.0 * turn); /* most in the middle, twice a cycle */
    } else {
        place.x_mm += 0.5F * around_mm * (float)cos(turn);
        place.y_mm += 0.5F * around_mm * (float)sin(turn);
        swing = isnan(set_pct) ? 0.07F : 0.005F * set_pct;
        press = 1.0F - swing + swing * (float)sin(turn); /* leaning in on one side of the circle */
    }
    place.angle_rad += 1.57079633F; /* the pad lies across its way */
    hand_add_shape(pose, &place, moment->step, SHAPE_THUMB, press * moment->force_n);
}

/* A flat hand that trembles: force_n is the mean, the ripple swings about it. */
void move_pose_vibration(const struct moment *moment, struct pose *pose)
{
    double turn = turn_of(moment);
    float ripple = moment->step->value[PARAM_RIPPLE_PCT] / 100.0F;
    struct hand_place place = place_of(moment, one_hand(moment));
    place.x_mm += 0.8F * (float)sin(turn);
    hand_add_shape(pose, &place, moment->step, SHAPE_FLAT,
                   moment->force_n * (1.0F - ripple * (float)cos(turn)));
}

/* A grip that swings sideways: slower and wider. */
void move_pose_shaking(const struct moment *moment, struct pose *pose)
{
    double turn = turn_of(moment);
    float ripple = moment->step->value[PARAM_RIPPLE_PCT] / 100.0F;
    float swing = 0.5F * moment->step->value[PARAM_GLIDE_MM];
    struct hand_place place = place_of(moment, one_hand(moment));
    float force_n = moment->force_n * (1.0F - ripple * (float)cos(turn));
    place.x_mm += swing * (float)sin(turn);
    if (moment->step->shape == SHAPE_USUAL)
        hand_add_grip(pose, &place, 62.0F * place.size, force_n);
    else
        hand_add_shape(pose, &place, moment->step, SHAPE_FLAT, force_n);
}

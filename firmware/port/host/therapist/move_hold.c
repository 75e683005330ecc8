/* SPDX-License-Identifier: MIT */
/* Moves that hold: compression, myofascial release, muscle energy, stretching. */
#include <math.h>

#include "therapist/ease.h"
#include "therapist/hand.h"
#include "therapist/move.h"

static const float degree = 0.0174532925F;
static const double pause_s = 2.0; /* between two holds */
static const double push_rise_s = 0.8, push_fall_s = 1.0;

/* One hold that fills the step, or holds of hold_s with pauses. */
struct cycle_plan move_plan_hold(const struct step *step, double budget_s)
{
    double hold_s = (double)step->value[PARAM_HOLD_S];
    if (isnan(hold_s))
        return (struct cycle_plan){budget_s, budget_s};
    return (struct cycle_plan){hold_s + pause_s, hold_s};
}

struct cycle_plan move_plan_energy(const struct step *step, double budget_s)
{
    (void)budget_s;
    double period_s = (double)(step->value[PARAM_PUSH_S] + step->value[PARAM_HOLD_S]);
    return (struct cycle_plan){period_s, period_s};
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

/* On, for the cycle's contact. Short holds have shorter ramps. */
static double hold_shape(const struct moment *moment, double rise_s, double fall_s)
{
    double contact_s = moment->plan.contact_s;
    return ease_between(moment->time_s, contact_s, fmin(rise_s, 0.25 * contact_s),
                        fmin(fall_s, 0.2 * contact_s));
}

void move_pose_compression(const struct moment *moment, struct pose *pose)
{
    /* Raised slowly towards the pain threshold, then held until it subsides. */
    float force_n = moment->force_n * (float)hold_shape(moment, 2.5, 1.2);
    struct hand_place place = place_of(moment, one_hand(moment));
    float speed_mm_s = moment->step->value[PARAM_SPEED_MM_S]; /* a hand that slips */
    place.x_mm += speed_mm_s * (float)moment->time_s * cosf(place.angle_rad);
    place.y_mm += speed_mm_s * (float)moment->time_s * sinf(place.angle_rad);
    hand_add_shape(pose, &place, moment->step, moment->step->style ? SHAPE_ELBOW : SHAPE_THUMB,
                   force_n);
}

/* Two flat hands in line, sinking in, then creeping apart with the tissue. */
void move_pose_myofascial(const struct moment *moment, struct pose *pose)
{
    static const float most_mm = 30.0F; /* each hand, then it waits */
    float force_n = moment->force_n * (float)hold_shape(moment, 3.0, 2.0);
    float size = moment->step->value[PARAM_SIZE];
    float crept =
        fminf(0.5F * moment->step->value[PARAM_SPEED_MM_S] * (float)moment->time_s, most_mm);
    if (moment->step->hands != HANDS_BOTH) {
        struct hand_place place = place_of(moment, one_hand(moment));
        place.x_mm += cosf(place.angle_rad) * 2.0F * crept;
        place.y_mm += sinf(place.angle_rad) * 2.0F * crept;
        hand_add_shape(pose, &place, moment->step, SHAPE_FLAT, force_n);
        return;
    }
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        struct hand_place place = place_of(moment, hand);
        float away = (62.0F * size + crept) * (hand == HAND_RIGHT ? 1.0F : -1.0F);
        bool beside = moment->step->style == 1;
        place.x_mm += beside ? -sinf(place.angle_rad) * 0.8F * away : cosf(place.angle_rad) * away;
        place.y_mm += beside ? cosf(place.angle_rad) * 0.8F * away : sinf(place.angle_rad) * away;
        if (hand == HAND_LEFT && !beside)
            place.angle_rad += 3.14159265F; /* fingers outward, heels together */
        hand_add_shape(pose, &place, moment->step, SHAPE_PALM, 0.5F * force_n);
    }
    pose->tracked_hand = HAND_RIGHT;
}

/* The receiver pushes against the hand, lets go, and is stretched for longer. */
void move_pose_energy(const struct moment *moment, struct pose *pose)
{
    double push_s = moment->plan.period_s * (double)moment->step->value[PARAM_PUSH_S] /
                    (double)(moment->step->value[PARAM_PUSH_S] + moment->step->value[PARAM_HOLD_S]);
    double push = ease_between(moment->time_s, push_s, push_rise_s, push_fall_s);
    /* A muscle at a fifth of its strength is not steady: 2 % at a few hertz. */
    push *= 1.0 - 0.02 * (0.5 + 0.5 * sin(2.0 * M_PI * 3.1 * moment->time_s));
    /* Then everything is loose for a moment, before the stretch. */
    double slack_s = (double)moment->step->value[PARAM_SLACK_S], since_s = moment->time_s - push_s;
    double loose =
        slack_s > 0.0 ? ease_between(since_s, slack_s, 0.3 * slack_s, 0.3 * slack_s) : 0.0;
    double support = (double)moment->step->value[PARAM_RETURN_PCT] / 100.0 * (1.0 - 0.6 * loose);
    float force_n = moment->force_n * (float)(support + (1.0 - support) * push);
    if (moment->step->hands != HANDS_BOTH) {
        struct hand_place place = place_of(moment, one_hand(moment));
        hand_add_shape(pose, &place, moment->step, SHAPE_FLAT, force_n);
        return;
    }
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        struct hand_place place = place_of(moment, hand);
        float aside = (hand == HAND_RIGHT ? -58.0F : 58.0F) * place.size;
        place.x_mm += -sinf(place.angle_rad) * aside;
        place.y_mm += cosf(place.angle_rad) * aside;
        hand_add_shape(pose, &place, moment->step, SHAPE_PALM, 0.5F * force_n);
    }
}

void move_pose_stretching(const struct moment *moment, struct pose *pose)
{
    float force_n = moment->force_n * (float)hold_shape(moment, 2.0, 1.5);
    float size = moment->step->value[PARAM_SIZE];
    /* The slack is taken up within the first seconds. */
    float slack = 8.0F * (float)ease(moment->time_s / fmin(3.0, 0.3 * moment->plan.contact_s));
    float along =
        hypotf(moment->stage->half_x_mm * cosf(moment->step->value[PARAM_ANGLE_DEG] * degree),
               moment->stage->half_y_mm * sinf(moment->step->value[PARAM_ANGLE_DEG] * degree));
    float half_mm = fminf(fmaxf(0.5F * along, 62.0F * size), 150.0F) + 0.5F * slack;
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        struct hand_place place = place_of(moment, hand);
        float away = hand == HAND_RIGHT ? half_mm : -half_mm;
        place.x_mm += cosf(place.angle_rad) * away;
        place.y_mm += sinf(place.angle_rad) * away;
        place.angle_rad += 1.57079633F;
        hand_add_shape(pose, &place, moment->step, SHAPE_PALM, 0.5F * force_n);
    }
}

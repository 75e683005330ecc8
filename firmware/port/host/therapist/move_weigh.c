/* SPDX-License-Identifier: MIT */
/* Loads that stand still, as a calibration puts them on: an even pressure, a puck with weights. */
#include <math.h>

#include "therapist/ease.h"
#include "therapist/move.h"

static const float gravity_m_s2 = 9.80665F;
static const double put_on_s = 0.5, slip_s = 0.3;

float move_weight(const struct step *step)
{
    return step->value[step->move->takes >> PARAM_MASS_KG & 1 ? PARAM_MASS_KG : PARAM_PRESSURE_KPA];
}

static bool is_same(float a, float b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

bool move_goes_on(const struct step *step, const struct step *next)
{
    return step->move->stands && next->move == step->move &&
           is_same(step->value[PARAM_X_MM], next->value[PARAM_X_MM]) &&
           is_same(step->value[PARAM_Y_MM], next->value[PARAM_Y_MM]) &&
           is_same(step->value[PARAM_DIAMETER_MM], next->value[PARAM_DIAMETER_MM]);
}

/* From what stood there before to this step's weight, and off unless the next step goes on. */
static float weight_now(const struct moment *moment)
{
    const struct step *step = moment->step;
    double on_s = fmin(put_on_s, 0.25 * step->duration_s);
    float weight =
        step->before + (move_weight(step) - step->before) * (float)ease(moment->time_s / on_s);
    if (!step->stays)
        weight *= (float)ease((step->duration_s - moment->time_s) / on_s);
    return weight;
}

void move_pose_load(const struct moment *moment, struct pose *pose)
{
    pose->even_kpa = weight_now(moment);
}

void move_pose_puck(const struct moment *moment, struct pose *pose)
{
    const struct step *step = moment->step;
    /* A puck that slips does so in the middle of its step. */
    double slipped = ease((moment->time_s - 0.5 * step->duration_s) / slip_s);
    pose->puck = (struct puck){.force_n = gravity_m_s2 * weight_now(moment),
                               .x_mm = moment->x_mm + step->value[PARAM_GLIDE_MM] * (float)slipped,
                               .y_mm = moment->y_mm,
                               .radius_mm = 0.5F * step->value[PARAM_DIAMETER_MM]};
}

/* SPDX-License-Identifier: MIT */
#include "therapist/move.h"

#include <math.h>
#include <string.h>

const struct move_param_info move_params[N_PARAMS] = {
    [PARAM_PACE_CPM] = {"pace_cpm", 0.5F, 900.0F},
    [PARAM_FORCE_N] = {"force_n", 0.1F, 1000.0F},
    [PARAM_X_MM] = {"x_mm", -2000.0F, 2000.0F},
    [PARAM_Y_MM] = {"y_mm", -2000.0F, 2000.0F},
    [PARAM_SIZE] = {"size", 0.3F, 3.0F},
    [PARAM_ANGLE_DEG] = {"angle_deg", -360.0F, 360.0F},
    [PARAM_IRREGULARITY_PCT] = {"irregularity_pct", 0.0F, 40.0F},
    [PARAM_VARIATION_PCT] = {"variation_pct", 0.0F, 60.0F},
    [PARAM_WANDER_MM] = {"wander_mm", 0.0F, 100.0F},
    [PARAM_GLIDE_MM] = {"glide_mm", 1.0F, 1000.0F},
    [PARAM_RETURN_PCT] = {"return_pct", 0.0F, 90.0F},
    [PARAM_CONTACT_MS] = {"contact_ms", 10.0F, 500.0F},
    [PARAM_RIPPLE_PCT] = {"ripple_pct", 0.0F, 90.0F},
    [PARAM_SPEED_MM_S] = {"speed_mm_s", 0.0F, 20.0F},
    [PARAM_PUSH_S] = {"push_s", 2.5F, 30.0F},
    [PARAM_HOLD_S] = {"hold_s", 2.0F, 600.0F},
    [PARAM_PRESSURE_KPA] = {"pressure_kpa", 0.1F, 2000.0F},
    [PARAM_MASS_KG] = {"mass_kg", 0.001F, 200.0F},
    [PARAM_DIAMETER_MM] = {"diameter_mm", 5.0F, 500.0F},
    [PARAM_SKEW_PCT] = {"skew_pct", -70.0F, 70.0F},
    [PARAM_HESITATION_PCT] = {"hesitation_pct", 0.0F, 50.0F},
    [PARAM_UNREST_PCT] = {"unrest_pct", 0.0F, 40.0F},
    [PARAM_SWAY_MM] = {"sway_mm", 0.0F, 30.0F},
    [PARAM_SLACK_S] = {"slack_s", 0.0F, 10.0F},
};

#define TAKES(param) (1U << (param))
#define TAKES_ALWAYS                                                                       \
    (TAKES(PARAM_FORCE_N) | TAKES(PARAM_X_MM) | TAKES(PARAM_Y_MM) | TAKES(PARAM_SIZE) |    \
     TAKES(PARAM_ANGLE_DEG) | TAKES(PARAM_IRREGULARITY_PCT) | TAKES(PARAM_VARIATION_PCT) | \
     TAKES(PARAM_WANDER_MM) | TAKES(PARAM_SKEW_PCT) | TAKES(PARAM_HESITATION_PCT) |        \
     TAKES(PARAM_UNREST_PCT) | TAKES(PARAM_SWAY_MM))

/* Usual values. Letters in brackets name the study behind a figure:
 *   [Mick]  force effleurage > petrissage > tapotement, pace the other way: Mickelwright et al.,
 *           measured with a manikin; (C) convention of teaching texts, nobody measured
 *   [Li24]  tuina rolling 4 kg at 120/min: J Phys Ther Sci 36(5):294
 *   [DTF]   transverse friction, mean 227 kPa, quartiles 100 and 408: doi 10.3390/app10082705
 *   [MT10]  tapotement 4-10 strikes a second: Massage Today teaching text, 2010
 *   [AM]    shaking 6.2 +- 2.3 Hz, vibration 10.5 +- 2.3 Hz: PubMed 12754172, an animal model
 *   [McC]   chest vibration 74 +- 47 N: McCarren 2006
 *   [TrP]   trigger point test stimulus 2.5 kg/cm^2 = 245 kPa: J Bodyw Mov Ther 10:3, 2006
 *   [MET]   push 7-10 s at a fifth of strength, then a longer stretch (practice)
 * Irregularity and variation are guesses held below the 14-31 % that clinicians vary by in one
 * measured stroke (J Sport Rehabil 33(8):687): these hands are trained ones. */
const struct move move_table[] = {
    {.name = "effleurage",
     .hands = HANDS_BOTH,
     .plan = move_plan_effleurage,
     .pose = move_pose_effleurage,
     .takes =
         TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_GLIDE_MM) | TAKES(PARAM_RETURN_PCT),
     .usual = {[PARAM_PACE_CPM] = 15.0F, /* 10-20 (C) */
               [PARAM_FORCE_N] = 80.0F,  /* the highest mean of the three [Mick] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 5.0F,
               [PARAM_VARIATION_PCT] = 8.0F,
               [PARAM_WANDER_MM] = 6.0F,
               [PARAM_GLIDE_MM] = NAN}},
    {.name = "petrissage",
     .held = true,
     .alternates = true,
     .hands = HANDS_RIGHT,
     .styles = {"kneading", "skin_rolling", "palming", "wringing"},
     .plan = move_plan_pace,
     .pose = move_pose_petrissage,
     .takes = TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_RETURN_PCT),
     .usual = {[PARAM_PACE_CPM] = 36.0F, /* 0.3-1 Hz (C) */
               [PARAM_FORCE_N] = 40.0F,  /* between the other two [Mick] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 5.0F,
               [PARAM_VARIATION_PCT] = 8.0F,
               [PARAM_WANDER_MM] = 3.0F,
               [PARAM_RETURN_PCT] = 10.0F}},
    {.name = "rolling",
     .held = true,
     .hands = HANDS_RIGHT,
     .styles = {"forearm", "fist"},
     .plan = move_plan_pace,
     .pose = move_pose_rolling,
     .takes =
         TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_GLIDE_MM) | TAKES(PARAM_RIPPLE_PCT),
     .usual = {[PARAM_PACE_CPM] = 60.0F, /* up to 120 [Li24] */
               [PARAM_FORCE_N] = 39.0F,  /* [Li24] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 4.0F,
               [PARAM_VARIATION_PCT] = 6.0F,
               [PARAM_WANDER_MM] = 3.0F,
               [PARAM_GLIDE_MM] = NAN,
               [PARAM_RIPPLE_PCT] = 7.0F}},
    {.name = "friction",
     .held = true,
     .hands = HANDS_RIGHT,
     .place_x = -0.2F,
     .styles = {"transverse", "circular"},
     .plan = move_plan_pace,
     .pose = move_pose_friction,
     .takes =
         TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_GLIDE_MM) | TAKES(PARAM_RIPPLE_PCT),
     .usual = {[PARAM_PACE_CPM] = 144.0F, /* 2-3 Hz (C) */
               [PARAM_FORCE_N] = 36.0F,   /* 214 kPa at the middle of a thumb [DTF] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 0.0F,
               [PARAM_IRREGULARITY_PCT] = 4.0F,
               [PARAM_VARIATION_PCT] = 6.0F,
               [PARAM_WANDER_MM] = 0.6F,
               [PARAM_GLIDE_MM] = NAN,
               [PARAM_RIPPLE_PCT] = NAN}},
    {.name = "tapotement",
     .alternates = true,
     .hands = HANDS_BOTH,
     .styles = {"hacking", "cupping", "pounding"},
     .plan = move_plan_strike,
     .pose = move_pose_tapotement,
     .takes =
         TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_CONTACT_MS) | TAKES(PARAM_RETURN_PCT),
     .usual = {[PARAM_PACE_CPM] = 330.0F, /* 4-10 Hz [MT10] */
               [PARAM_FORCE_N] = 30.0F,   /* at the peak; the mean is the lowest [Mick] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 5.0F,
               [PARAM_VARIATION_PCT] = 12.0F,
               [PARAM_WANDER_MM] = 7.0F,
               [PARAM_CONTACT_MS] = 50.0F}},
    {.name = "vibration",
     .held = true,
     .hands = HANDS_RIGHT,
     .plan = move_plan_pace,
     .pose = move_pose_vibration,
     .takes = TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_RIPPLE_PCT),
     .usual = {[PARAM_PACE_CPM] = 600.0F, /* 10.5 +- 2.3 Hz [AM] */
               [PARAM_FORCE_N] = 45.0F,   /* 74 +- 47 N on a chest [McC] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 3.0F,
               [PARAM_VARIATION_PCT] = 3.0F,
               [PARAM_WANDER_MM] = 0.2F,
               [PARAM_RIPPLE_PCT] = 22.0F}},
    {.name = "shaking",
     .held = true,
     .hands = HANDS_RIGHT,
     .plan = move_plan_pace,
     .pose = move_pose_shaking,
     .takes =
         TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_RIPPLE_PCT) | TAKES(PARAM_GLIDE_MM),
     .usual = {[PARAM_PACE_CPM] = 350.0F, /* 6.2 +- 2.3 Hz [AM] */
               [PARAM_FORCE_N] = 28.0F,
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 4.0F,
               [PARAM_VARIATION_PCT] = 5.0F,
               [PARAM_WANDER_MM] = 0.5F,
               [PARAM_RIPPLE_PCT] = 35.0F,
               [PARAM_GLIDE_MM] = 12.0F}},
    {.name = "compression",
     .hands = HANDS_RIGHT,
     .place_x = 0.2F,
     .place_y = -0.2F,
     .styles = {"thumb", "elbow"},
     .plan = move_plan_hold,
     .pose = move_pose_compression,
     .takes = TAKES_ALWAYS | TAKES(PARAM_HOLD_S) | TAKES(PARAM_SPEED_MM_S),
     .usual = {[PARAM_FORCE_N] =
                   52.0F, /* 308 kPa at the middle of a thumb, some 200 as taxels feel it [TrP] */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_VARIATION_PCT] = 6.0F,
               [PARAM_WANDER_MM] = 1.0F,
               [PARAM_HOLD_S] = NAN}}, /* 30-60 s */
    {.name = "myofascial_release",
     .hands = HANDS_BOTH,
     .styles = {"in_line", "beside"},
     .plan = move_plan_hold,
     .pose = move_pose_myofascial,
     .takes = TAKES_ALWAYS | TAKES(PARAM_HOLD_S) | TAKES(PARAM_SPEED_MM_S),
     .usual = {[PARAM_FORCE_N] = 40.0F, /* "gentle": nobody measured */
               [PARAM_SIZE] = 1.1F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_VARIATION_PCT] = 6.0F,
               [PARAM_WANDER_MM] = 2.0F,
               [PARAM_SPEED_MM_S] = 2.0F, /* between the hands; creeping is below 5 */
               [PARAM_HOLD_S] = NAN}},    /* 60-300 s (claims) */
    {.name = "soft_tissue_release",
     .hands = HANDS_BOTH,
     .place_y = -0.35F,
     .styles = {"thumb", "knuckles", "heel"},
     .plan = move_plan_release,
     .pose = move_pose_release,
     .takes =
         TAKES_ALWAYS | TAKES(PARAM_PACE_CPM) | TAKES(PARAM_GLIDE_MM) | TAKES(PARAM_RETURN_PCT),
     .usual = {[PARAM_PACE_CPM] = 11.0F, /* 3-5 repeats (C), rhythmic */
               [PARAM_FORCE_N] = 56.0F,  /* half on the lock */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 5.0F,
               [PARAM_VARIATION_PCT] = 6.0F,
               [PARAM_WANDER_MM] = 1.5F,
               [PARAM_GLIDE_MM] = NAN}},
    {.name = "muscle_energy",
     .held = true,
     .hands = HANDS_RIGHT,
     .plan = move_plan_energy,
     .pose = move_pose_energy,
     .takes = TAKES_ALWAYS | TAKES(PARAM_PUSH_S) | TAKES(PARAM_HOLD_S) | TAKES(PARAM_RETURN_PCT) |
              TAKES(PARAM_SLACK_S),
     .usual = {[PARAM_FORCE_N] = 70.0F, /* a fifth of a leg's 350 N */
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_IRREGULARITY_PCT] = 3.0F,
               [PARAM_VARIATION_PCT] = 5.0F,
               [PARAM_WANDER_MM] = 0.5F,
               [PARAM_PUSH_S] = 8.0F, /* 7-10 s [MET] */
               [PARAM_HOLD_S] = 12.0F,
               [PARAM_RETURN_PCT] = 35.0F}}, /* longer; 30 s in full [MET] */
    {.name = "stretching",
     .hands = HANDS_BOTH,
     .plan = move_plan_hold,
     .pose = move_pose_stretching,
     .takes = TAKES_ALWAYS | TAKES(PARAM_HOLD_S),
     .usual = {[PARAM_FORCE_N] = 60.0F,
               [PARAM_SIZE] = 1.0F,
               [PARAM_ANGLE_DEG] = 90.0F,
               [PARAM_VARIATION_PCT] = 5.0F,
               [PARAM_WANDER_MM] = 2.0F,
               [PARAM_HOLD_S] = NAN}}, /* 30 s */
    {.name = "load",
     .stands = true,
     .hands = HANDS_BOTH,
     .plan = move_plan_hold,
     .pose = move_pose_load,
     .takes = TAKES(PARAM_PRESSURE_KPA),
     .usual = {[PARAM_PRESSURE_KPA] = 50.0F, [PARAM_HOLD_S] = NAN}},
    {.name = "puck",
     .stands = true,
     .hands = HANDS_RIGHT,
     .plan = move_plan_hold,
     .pose = move_pose_puck,
     .takes = TAKES(PARAM_MASS_KG) | TAKES(PARAM_DIAMETER_MM) | TAKES(PARAM_X_MM) |
              TAKES(PARAM_Y_MM) | TAKES(PARAM_GLIDE_MM),
     .usual = {[PARAM_MASS_KG] = 1.0F, [PARAM_DIAMETER_MM] = 30.0F, [PARAM_HOLD_S] = NAN}},
    {.name = "rest"},
};
const size_t move_n = sizeof move_table / sizeof move_table[0];

const struct move *move_find(const char *name)
{
    for (size_t i = 0; i < move_n; i++)
        if (strcmp(move_table[i].name, name) == 0)
            return &move_table[i];
    return NULL;
}

const char *move_style(const struct step *step)
{
    const char *style = step->move->styles[step->style];
    return style ? style : "";
}

struct cycle_plan move_plan_pace(const struct step *step, double budget_s)
{
    (void)budget_s;
    double period_s = 60.0 / (double)step->value[PARAM_PACE_CPM];
    return (struct cycle_plan){period_s, period_s};
}

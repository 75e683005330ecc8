/* SPDX-License-Identifier: GPL-3.0-or-later */
/* score.h - the practice score: how much of the time was as the plan wants it
 *
 * Each part is a share of time (or of holds) in percent, so that anybody can check it with a watch;
 * the score is their mean by the weights below, over the parts that exist. What gets no cue costs
 * nothing: a band has the same grace at its ends (plan_band_place). It says how well a plan
 * was followed on a sensing array, and nothing about a treatment's worth (docs/plans.md). */
#ifndef SCORE_H
#define SCORE_H

#include "technique/plan.h"

/* Weights of the parts; those that do not exist leave theirs to the others. */
enum {
    SCORE_WEIGHT_PRESSURE = 40,
    SCORE_WEIGHT_PACE = 25,
    SCORE_WEIGHT_HOLDS = 25,
    SCORE_WEIGHT_REGULARITY = 15,
    SCORE_WEIGHT_TIME = 40
};

struct score {
    double pressure_s, pressure_in_s;
    double pace_s, pace_in_s;
    double regularity_s, regularity_in_s;
    unsigned n_holds, n_holds_in;
    double on_step_s[PLAN_STEPS_MAX]; /* doing the step's technique */
};

/* One moment, as the coach sees it. */
struct score_moment {
    float span_s;
    unsigned step;
    bool is_on_step;
    float pressure_kpa, pace_cpm, regularity_pct; /* NaN: not judged */
};

/* 0 to 100; NaN: there was nothing to judge. */
struct score_parts {
    float practice_score;
    float pressure_pct, pace_pct, regularity_pct, holds_pct, time_pct;
};

void score_init(struct score *score);
void score_add(struct score *score, const struct plan *plan, const struct score_moment *moment);

/** A hold ended while `step` was in force. */
void score_add_hold(struct score *score, const struct plan_step *step, float hold_s);

/**
 * @param step, elapsed_s  the step in force and its time so far: the steps after it do not count;
 *                         step == n_steps: all do (the final score)
 */
void score_read(const struct score *score, const struct plan *plan, unsigned step, double elapsed_s,
                struct score_parts *parts);

#endif

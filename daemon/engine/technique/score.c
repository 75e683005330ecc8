/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/score.h"

#include <math.h>
#include <string.h>

void score_init(struct score *score)
{
    memset(score, 0, sizeof *score);
}

static void add_band(const struct plan_band *band, float value, float span_s, double *all_s,
                     double *in_s)
{
    if (band->mark == PLAN_MARK_NONE || isnan(value))
        return;
    *all_s += (double)span_s;
    if (plan_band_place(band, value) == 0)
        *in_s += (double)span_s;
}

void score_add(struct score *score, const struct plan *plan, const struct score_moment *moment)
{
    if (!moment->is_on_step || moment->step >= plan->n_steps)
        return;
    const struct plan_step *step = &plan->steps[moment->step];
    score->on_step_s[moment->step] += (double)moment->span_s;
    add_band(&step->pressure_kpa, moment->pressure_kpa, moment->span_s, &score->pressure_s,
             &score->pressure_in_s);
    add_band(&step->pace_cpm, moment->pace_cpm, moment->span_s, &score->pace_s, &score->pace_in_s);
    if (isnan(moment->regularity_pct) || plan_is_held(step->technique))
        return;
    float limit_pct = step->regularity_pct.mark == PLAN_MARK_NONE ? PLAN_REGULARITY_PCT
                                                                  : step->regularity_pct.high;
    score->regularity_s += (double)moment->span_s;
    if (moment->regularity_pct <= limit_pct * (1 + 2 * PLAN_GRACE))
        score->regularity_in_s += (double)moment->span_s;
}

void score_add_hold(struct score *score, const struct plan_step *step, float hold_s)
{
    if (step->hold_s.mark == PLAN_MARK_NONE || !(hold_s >= fminf(PLAN_MEANT_S, step->hold_s.low)))
        return;
    score->n_holds++;
    if (plan_band_place(&step->hold_s, hold_s) == 0)
        score->n_holds_in++;
}

static float share_pct(double part, double whole)
{
    return whole > 0 ? (float)(100 * part / whole) : NAN;
}

static float time_pct(const struct score *score, const struct plan *plan, unsigned step,
                      double elapsed_s)
{
    double done_s = 0, wanted_s = 0;
    for (unsigned i = 0; i < plan->n_steps && i <= step; i++) {
        double step_s = (double)plan->steps[i].duration_s;
        if (i == step)
            step_s = fmin(step_s, elapsed_s);
        wanted_s += step_s;
        done_s += fmin(score->on_step_s[i], step_s);
    }
    return share_pct(done_s, wanted_s);
}

void score_read(const struct score *score, const struct plan *plan, unsigned step, double elapsed_s,
                struct score_parts *parts)
{
    parts->pressure_pct = share_pct(score->pressure_in_s, score->pressure_s);
    parts->pace_pct = share_pct(score->pace_in_s, score->pace_s);
    parts->regularity_pct = share_pct(score->regularity_in_s, score->regularity_s);
    parts->holds_pct = share_pct(score->n_holds_in, score->n_holds);
    parts->time_pct = time_pct(score, plan, step, elapsed_s);
    const struct {
        float pct;
        int weight;
    } rows[] = {{parts->pressure_pct, SCORE_WEIGHT_PRESSURE},
                {parts->pace_pct, SCORE_WEIGHT_PACE},
                {parts->holds_pct, SCORE_WEIGHT_HOLDS},
                {parts->regularity_pct, SCORE_WEIGHT_REGULARITY},
                {parts->time_pct, SCORE_WEIGHT_TIME}};
    float sum = 0, weight = 0;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (isnan(rows[i].pct))
            continue;
        sum += (float)rows[i].weight * rows[i].pct;
        weight += (float)rows[i].weight;
    }
    parts->practice_score = weight > 0 ? sum / weight : NAN;
}

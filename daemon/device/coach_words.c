/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coach_words.h"

#include <math.h>
#include <stdio.h>

#define PUT(field, text) (void)snprintf(field, sizeof(field), "%s", text)

unsigned coach_words_step(const struct coaching_report *report)
{
    return report->plan ? report->i_step + 1 : 0;
}

void coach_words_cue(const struct coach_cue *cue, const struct coaching *coaching,
                     struct thenar_feed_cue *payload)
{
    struct coaching_report report;
    coaching_read(coaching, &report);
    thenar_payload_clear(THENAR_TOPIC_CUE, payload);
    PUT(payload->cue, coach_word_name(cue->word));
    PUT(payload->text, cue->text);
    PUT(payload->plan, report.plan ? report.plan->name : "");
    payload->step = coach_words_step(&report);
    if (report.step) {
        PUT(payload->technique, technique_name(report.step->technique));
        PUT(payload->region, report.step->region);
    }
    PUT(payload->measure, coach_measure_name(cue->measure));
    PUT(payload->unit, coach_measure_unit(cue->measure));
    payload->value = cue->value;
    payload->low = cue->low;
    payload->high = isfinite(cue->high) ? cue->high : NAN;
    PUT(payload->mark, plan_mark_name(cue->mark));
}

static void put_step(const struct coaching_report *report, struct thenar_feed_plan *p)
{
    const struct plan_step *step = report->step;
    PUT(p->technique, technique_name(step->technique));
    PUT(p->region, step->region);
    PUT(p->note, step->note);
    p->duration_s = step->duration_s;
    p->elapsed_s = report->elapsed_s;
    p->left_s = report->left_s;
    p->pressure_low_kpa = step->pressure_kpa.low;
    p->pressure_high_kpa = step->pressure_kpa.high;
    PUT(p->pressure_mark, plan_mark_name(step->pressure_kpa.mark));
    p->pace_low_cpm = step->pace_cpm.low;
    p->pace_high_cpm = step->pace_cpm.high;
    PUT(p->pace_mark, plan_mark_name(step->pace_cpm.mark));
    p->hold_low_s = step->hold_s.low;
    p->hold_high_s = step->hold_s.high;
    PUT(p->hold_mark, plan_mark_name(step->hold_s.mark));
    p->repeats = step->repeats;
}

static void put_holds(const struct hold_reading *hold, struct thenar_feed_plan *p)
{
    p->holding = hold->is_holding;
    p->holds = hold->n_holds;
    p->hold_s = hold->is_holding ? hold->age_s : hold->hold_s;
    p->lock_kpa = hold->lock_kpa;
    p->rhythm_cpm = hold->rhythm_cpm;
}

static void put_score(const struct score_parts *score, struct thenar_feed_plan *p)
{
    p->practice_score = score->practice_score;
    p->score_pressure_pct = score->pressure_pct;
    p->score_pace_pct = score->pace_pct;
    p->score_regularity_pct = score->regularity_pct;
    p->score_holds_pct = score->holds_pct;
    p->score_time_pct = score->time_pct;
}

void coach_words_score(const struct coaching *coaching, struct session_score_row *row)
{
    struct coaching_report report;
    coaching_read(coaching, &report);
    *row = (struct session_score_row){.step = coach_words_step(&report),
                                      .n_steps = report.plan ? report.plan->n_steps : 0,
                                      .practice_score = report.score.practice_score,
                                      .pressure_pct = report.score.pressure_pct,
                                      .pace_pct = report.score.pace_pct,
                                      .holds_pct = report.score.holds_pct,
                                      .regularity_pct = report.score.regularity_pct,
                                      .time_pct = report.score.time_pct};
    PUT(row->plan, report.plan ? report.plan->name : "");
    PUT(row->state, coaching_state_name(report.plan ? report.state : COACHING_NONE));
}

void coach_words_plan(const struct coaching *coaching, struct thenar_feed_plan *payload)
{
    struct thenar_feed_plan *p = payload;
    struct coaching_report report;
    coaching_read(coaching, &report);
    thenar_payload_clear(THENAR_TOPIC_PLAN, p);
    PUT(p->state, coaching_state_name(report.plan ? report.state : COACHING_NONE));
    if (report.plan) {
        PUT(p->plan, report.plan->name);
        PUT(p->title, report.plan->title);
        PUT(p->cues, plan_cues_name(coaching->coach.policy));
        p->n_steps = report.plan->n_steps;
        p->ceiling_kpa = report.plan->ceiling_kpa.high;
    }
    p->step = coach_words_step(&report);
    if (report.step)
        put_step(&report, p);
    PUT(p->variant, plan_variant_name(report.variant));
    if (report.declared != TECHNIQUE_UNKNOWN)
        PUT(p->declared, technique_name(report.declared));
    p->on_step = report.is_on_step;
    p->pressure_kpa = report.pressure_kpa;
    if (report.has_holds)
        put_holds(&report.hold, p);
    put_score(&report.score, p);
    p->cues_given = report.n_cues;
    p->pain = report.has_pain;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session against a plan: which step each run stands for, strokes within the bands, the score.
 *
 * The coach's own score (technique/score.h), over strokes and runs rather than moments: a run is
 * taken for the first step of its technique whose time is not yet filled. Live, the step is the one
 * that the teacher or the clock had reached; the two scores are therefore not the same figure, and
 * where the coach followed the plan in the session, its own score is the one on the page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session_report.h"

static unsigned step_for(const struct report *r, const struct score *score,
                         enum technique technique)
{
    unsigned found = r->plan.n_steps;
    for (unsigned i = 0; i < r->plan.n_steps; i++) {
        if (r->plan.steps[i].technique != technique)
            continue;
        found = i;
        if (score->on_step_s[i] < (double)r->plan.steps[i].duration_s)
            return i;
    }
    return found;
}

static void count(struct report_band_count *counted, const struct plan_band *band, float value)
{
    if (band->mark == PLAN_MARK_NONE || isnan(value))
        return;
    counted->is_convention = band->mark != PLAN_MARK_MEASURED && band->mark != PLAN_MARK_INSTRUCTOR;
    counted->n++;
    counted->n_below += value < band->low;
    counted->n_above += value > band->high;
    counted->low = band->low;
    counted->high = band->high;
}

static void add_stroke(struct report *r, struct score *score, unsigned step,
                       const struct session_stroke_row *row)
{
    enum technique technique = r->plan.steps[step].technique;
    const struct score_moment moment = {.span_s = (float)(row->end_s - row->start_s),
                                        .step = step,
                                        .is_on_step = true,
                                        .pressure_kpa = r->is_relative ? NAN : row->peak,
                                        .pace_cpm = 60 / row->interval_s,
                                        .regularity_pct = NAN};
    score_add(score, &r->plan, &moment);
    count(&r->pressure_counts[technique], &r->plan.steps[step].pressure_kpa, moment.pressure_kpa);
    count(&r->pace_counts[technique], &r->plan.steps[step].pace_cpm, moment.pace_cpm);
    if (plan_is_held(technique))
        score_add_hold(score, &r->plan.steps[step], moment.span_s);
}

/* Runs first, for the time of each step; then strokes, whose time must not count again. */
static void add_all(struct report *r, struct score *score, const struct session_stroke_row *strokes,
                    size_t n_strokes)
{
    for (size_t i = 0; i < r->n_episodes; i++) {
        const struct session_episode_row *row = &r->episodes[i];
        r->steps[i] = step_for(r, score, session_digest_technique(row->technique));
        const struct score_moment moment = {.span_s = (float)(row->end_s - row->start_s),
                                            .step = r->steps[i],
                                            .is_on_step = true,
                                            .pressure_kpa = NAN,
                                            .pace_cpm = NAN,
                                            .regularity_pct = row->regularity_pct};
        score_add(score, &r->plan, &moment);
    }
    double on_step_s[PLAN_STEPS_MAX];
    memcpy(on_step_s, score->on_step_s, sizeof on_step_s);
    for (size_t k = 0, i = 0; k < n_strokes; k++) {
        double middle_s = (strokes[k].t_start + strokes[k].t_end) / 2;
        while (i + 1 < r->n_episodes && r->episodes[i].t_end <= middle_s)
            i++;
        if (i < r->n_episodes && r->steps[i] < r->plan.n_steps &&
            r->episodes[i].t_start <= middle_s && middle_s <= r->episodes[i].t_end)
            add_stroke(r, score, r->steps[i], &strokes[k]);
    }
    memcpy(score->on_step_s, on_step_s, sizeof on_step_s);
}

enum thenar_status report_take_plan(struct report *r, struct session_reader *reader,
                                    struct thenar_error *error)
{
    struct session_stroke_row *strokes = NULL;
    struct score score;
    size_t n_strokes = 0;
    enum thenar_status status =
        session_reader_all(reader, SESSION_STROKES, (void **)&strokes, &n_strokes, error);
    if (status != THENAR_OK)
        return status;
    r->steps = (unsigned *)calloc(r->n_episodes + 1, sizeof *r->steps);
    if (!r->steps) {
        free(strokes);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    score_init(&score);
    add_all(r, &score, strokes, n_strokes);
    score_read(&score, &r->plan, r->plan.n_steps, 0, &r->score);
    r->has_plan = true;
    free(strokes);
    return THENAR_OK;
}

static void put_part(FILE *out, const char **before, const char *name, float pct)
{
    if (isnan(pct))
        return;
    (void)fprintf(out, "%s%s %.0f %%", *before, name, (double)pct);
    *before = ", ";
}

static void put_outside(FILE *out, const struct report_band_count *n, enum technique technique,
                        const char *what, const char *unit)
{
    char word[REPORT_WORD_BYTES];
    unsigned n_out = n->n_below + n->n_above;
    if (n->n < REPORT_STROKES_LEAST || 2 * n_out < n->n)
        return;
    report_technique_word(word, technique);
    (void)fprintf(out,
                  "<br>%c%s: %s %s the plan's band of %.3g to %.3g %s in %u of %u strokes%s.\n",
                  word[0] - 'a' + 'A', word + 1, what,
                  5 * n->n_below >= 4 * n_out   ? "below"
                  : 5 * n->n_above >= 4 * n_out ? "above"
                                                : "outside",
                  (double)n->low, (double)n->high, unit, n_out, n->n,
                  n->is_convention ? " (the band is a convention of teaching)" : "");
}

/* Why a part of the score is low: where half of the strokes or more were outside. */
static void put_all_outside(FILE *out, const struct report *r)
{
    for (int t = 0; t < N_TECHNIQUES; t++) {
        put_outside(out, &r->pressure_counts[t], (enum technique)t, "pressure", "kPa");
        put_outside(out, &r->pace_counts[t], (enum technique)t, "pace", "a minute");
    }
}

void report_write_score(FILE *out, const struct report *r)
{
    const char *before = ": ";
    if (!r->has_plan)
        return;
    (void)fputs("<p><b>Practice score ", out);
    report_put_number(out, (double)r->score.practice_score, 0);
    (void)fputs(" of 100</b> by the plan ", out);
    report_put_text(out, r->plan.title[0] ? r->plan.title : r->plan.name);
    put_part(out, &before, "pressure", r->score.pressure_pct);
    put_part(out, &before, "pace", r->score.pace_pct);
    put_part(out, &before, "holds", r->score.holds_pct);
    put_part(out, &before, "rhythm", r->score.regularity_pct);
    put_part(out, &before, "time of the steps", r->score.time_pct);
    (void)fputs(r->is_live_score ? ". It is the score that was shown during the session.\n"
                                 : ". It was worked out afterwards from the strokes; live it "
                                   "would differ a little.\n",
                out);
    put_all_outside(out, r);
    (void)fputs("</p>\n", out);
}

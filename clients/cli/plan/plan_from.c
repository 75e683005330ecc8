/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_from.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SHORTEST_S = 6; /* of a step: shorter runs are transitions */
static const double PAUSE_S = 6;    /* the same technique goes on after it */
/* What no hand repeats better: a band is at least so wide on both sides of its median. Clinicians'
 * own forces vary by 14-31 % (J Sport Rehabil 33(8):687, 2024); 3 % of tempo is just noticed. */
static const float PRESSURE_ROOM = 0.2F, PACE_ROOM = 0.1F, EVEN_PCT = 15;
enum { STROKES_LEAST = 5, HOLDS_LEAST = 2 };

/* ---- bands ---- */

enum stroke_value { VALUE_PEAK, VALUE_PACE, VALUE_LENGTH };

static size_t collect(const struct recording_takes *takes, const struct episode *take,
                      enum stroke_value which, float *values)
{
    size_t n = 0;
    double before_s = -(double)INFINITY;
    for (size_t i = 0; i < takes->n_strokes; i++) {
        const struct stroke *stroke = &takes->strokes[i];
        if (stroke->technique != take->technique || stroke->start_s < take->start_s - 0.5 ||
            stroke->end_s > take->end_s + 0.5)
            continue;
        float value = which == VALUE_PEAK     ? stroke->peak_kpa
                      : which == VALUE_LENGTH ? (float)(stroke->end_s - stroke->start_s)
                                              : (float)(60 / (stroke->start_s - before_s));
        before_s = stroke->start_s;
        if (isfinite(value) && value > 0)
            values[n++] = value;
    }
    return n;
}

static float round_kpa(float value)
{
    return value < 10 ? roundf(10 * value) / 10 : roundf(value);
}

static void make_band(struct plan_band *band, const struct spread *spread, size_t n_least,
                      const char *name, const char *what, float room, float least, float most)
{
    plan_band_clear(band);
    if (spread->n < n_least)
        return;
    band->mark = PLAN_MARK_INSTRUCTOR;
    band->low =
        fminf(fmaxf(round_kpa(fminf(spread->low, spread->median * (1 - room))), least), most);
    band->high =
        fminf(fmaxf(round_kpa(fmaxf(spread->high, spread->median * (1 + room))), least), most);
    (void)snprintf(band->source, sizeof band->source,
                   "own recording %.60s: %zu %s, 10th to 90th percentile, at least %.0f %% of room",
                   name, spread->n, what, (double)(100 * room));
}

static void make_regularity(struct plan_band *band, const float *paces, size_t n, const char *name)
{
    plan_band_clear(band);
    float variation_pct =
        n < 2 * (size_t)STROKES_LEAST ? NAN : recording_takes_variation_pct(paces, n);
    if (isnan(variation_pct))
        return;
    band->mark = PLAN_MARK_INSTRUCTOR;
    band->low = 0;
    band->high = fminf(fmaxf(roundf(1.5F * variation_pct), EVEN_PCT), 100);
    (void)snprintf(
        band->source, sizeof band->source,
        "own recording %.60s: %.0f %% over %zu intervals, half as much again, at least %.0f %%",
        name, (double)variation_pct, n, (double)EVEN_PCT);
}

/* Its time goes on until the next one begins: the way there is a part of it. */
static void make_step(struct plan_step *step, const struct recording_takes *takes, size_t i,
                      const char *name, float *values)
{
    const struct episode *take = &takes->episodes[i];
    double end_s = i + 1 < takes->n_episodes ? take[1].start_s : take->end_s;
    *step = (struct plan_step){.technique = take->technique,
                               .duration_s = (float)fmax(5, round(end_s - take->start_s))};
    (void)snprintf(step->region, sizeof step->region, PLAN_FROM_REGION);
    plan_band_clear(&step->pace_cpm);
    plan_band_clear(&step->regularity_pct);
    plan_band_clear(&step->hold_s);
    bool held = plan_is_held(take->technique);
    struct spread spread = spread_of(values, collect(takes, take, VALUE_PEAK, values));
    make_band(&step->pressure_kpa, &spread, held ? HOLDS_LEAST : STROKES_LEAST, name,
              held ? "holds" : "strokes", PRESSURE_ROOM, PLAN_KPA_LEAST, PLAN_KPA_MOST / 2);
    if (held) {
        spread = spread_of(values, collect(takes, take, VALUE_LENGTH, values));
        make_band(&step->hold_s, &spread, HOLDS_LEAST, name, "holds", PRESSURE_ROOM, 1, 600);
        step->repeats = spread.n > 100 ? 100 : (unsigned)spread.n;
        return;
    }
    size_t n = recording_takes_usual(values, collect(takes, take, VALUE_PACE, values));
    make_regularity(&step->regularity_pct, values, n, name);
    spread = spread_of(values, n);
    make_band(&step->pace_cpm, &spread, STROKES_LEAST, name, "intervals", PACE_ROOM, 1, 720);
}

/* Above everything that was done, by a quarter. */
static void make_ceiling(struct plan *plan, const struct recording_takes *takes, const char *name)
{
    float most_kpa = PLAN_KPA_LEAST;
    for (size_t i = 0; i < takes->n_strokes; i++)
        most_kpa = fmaxf(most_kpa, takes->strokes[i].peak_kpa);
    for (unsigned i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].pressure_kpa.mark != PLAN_MARK_NONE)
            most_kpa = fmaxf(most_kpa, plan->steps[i].pressure_kpa.high);
    plan->ceiling_kpa.mark = PLAN_MARK_INSTRUCTOR;
    plan->ceiling_kpa.low = 0;
    plan->ceiling_kpa.high = fminf(ceilf(1.25F * most_kpa), PLAN_KPA_MOST);
    (void)snprintf(plan->ceiling_kpa.source, sizeof plan->ceiling_kpa.source,
                   "own recording %.60s: its largest pressure and a quarter more; lower it if you "
                   "pressed too hard",
                   name);
}

enum thenar_status plan_from_takes(struct plan *plan, struct recording_takes *takes,
                                   const char *name, struct thenar_error *error)
{
    if (takes->is_relative)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%.200s: the recording is in relative values; bands need kPa: record "
                           "with a calibrated device, or say --unit kpa",
                           name);
    memset(plan, 0, sizeof *plan);
    plan_band_clear(&plan->ceiling_kpa);
    recording_takes_join(takes, PAUSE_S, SHORTEST_S);
    size_t n = takes->n_episodes < PLAN_STEPS_MAX ? takes->n_episodes : PLAN_STEPS_MAX;
    if (n == 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%.200s: nothing in it was named for %g s or longer; correct the names "
                           "with thenar label, and give the table with --episodes",
                           name, SHORTEST_S);
    float *values = calloc(takes->n_strokes + 1, sizeof *values);
    if (!values)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    plan->n_steps = (unsigned)n;
    for (size_t i = 0; i < n; i++)
        make_step(&plan->steps[i], takes, i, name, values);
    free(values);
    make_ceiling(plan, takes, name);
    static const char fill_in[] = PLAN_FROM_BLANK;
    (void)snprintf(plan->title, sizeof plan->title, "After the instructor's recording %.80s", name);
    (void)snprintf(plan->goal, sizeof plan->goal, "%s", fill_in);
    (void)snprintf(plan->assessment_before, sizeof plan->assessment_before, "%s", fill_in);
    (void)snprintf(plan->assessment_after, sizeof plan->assessment_after, "%s", fill_in);
    (void)snprintf(plan->aftercare, sizeof plan->aftercare, "%s", fill_in);
    (void)snprintf(plan->next_visit, sizeof plan->next_visit, "%s", fill_in);
    return THENAR_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session made by hand, second by second: each part and their sum can be done on paper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "technique/score.h"

static struct plan plan;
static struct score score;
static struct score_parts parts;

static struct plan_band band(float low, float high)
{
    return (struct plan_band){.mark = PLAN_MARK_CONVENTION, .low = low, .high = high};
}

/* 100 s of kneading by pressure and pace; 50 s of holds; 50 s of strokes without a band. */
static int set_up(void **state)
{
    (void)state;
    memset(&plan, 0, sizeof plan);
    plan.n_steps = 3;
    for (int i = 0; i < 3; i++) {
        struct plan_step *step = &plan.steps[i];
        plan_band_clear(&step->pressure_kpa);
        plan_band_clear(&step->pace_cpm);
        plan_band_clear(&step->regularity_pct);
        plan_band_clear(&step->hold_s);
        step->duration_s = i == 0 ? 100 : 50;
    }
    plan.steps[0].technique = TECHNIQUE_PETRISSAGE;
    plan.steps[0].pressure_kpa = band(20, 40);
    plan.steps[0].pace_cpm = band(20, 40);
    plan.steps[1].technique = TECHNIQUE_COMPRESSION;
    plan.steps[1].hold_s = band(10, 20);
    plan.steps[2].technique = TECHNIQUE_EFFLEURAGE;
    score_init(&score);
    return 0;
}

/* So many eighths of a second. */
static void spend(unsigned step, unsigned n_eighths, float pressure_kpa, float pace_cpm,
                  float regularity_pct)
{
    for (unsigned i = 0; i < n_eighths; i++)
        score_add(&score, &plan,
                  &(struct score_moment){.span_s = 0.125F, /* exact in binary */
                                         .step = step,
                                         .is_on_step = true,
                                         .pressure_kpa = pressure_kpa,
                                         .pace_cpm = pace_cpm,
                                         .regularity_pct = regularity_pct});
}

static void assert_part(float value, double wanted)
{
    if (!(fabs((double)value - wanted) < 1e-4))
        fail_msg("%g, and %g is wanted", (double)value, wanted);
}

static void every_part_can_be_done_on_paper(void **state)
{
    (void)state;
    spend(0, 240, 30, 30, 10);   /* 30 s, all well */
    spend(0, 80, 50, 30, 10);    /* 10 s too hard */
    spend(0, 160, 30, 60, 30);   /* 20 s too fast and uneven */
    spend(0, 160, 30, NAN, NAN); /* 20 s without a pace: nothing to judge but the pressure */
    score_add_hold(&score, &plan.steps[1], 12);
    score_add_hold(&score, &plan.steps[1], 30);
    score_add_hold(&score, &plan.steps[1], 5);
    score_add_hold(&score, &plan.steps[1], 15);
    score_add_hold(&score, &plan.steps[1], 2); /* a hand on its way */
    spend(1, 320, NAN, NAN, 50);               /* 40 s; a held step has no rhythm */
    spend(2, 480, 30, 30, 10);                 /* 60 s in a step of 50 */
    score_read(&score, &plan, 3, 0, &parts);
    assert_part(parts.pressure_pct, 100.0 * 70 / 80);
    assert_part(parts.pace_pct, 100.0 * 40 / 60);
    assert_part(parts.regularity_pct, 100.0 * (40 + 60) / (60 + 60));
    assert_part(parts.holds_pct, 50);
    assert_part(parts.time_pct, 100.0 * (80 + 40 + 50) / 200);
    assert_part(parts.practice_score,
                (40 * 87.5 + 25 * 200 / 3.0 + 25 * 50 + 15 * 250 / 3.0 + 40 * 85) /
                    (40 + 25 + 25 + 15 + 40));
}

static void all_well_is_a_hundred_and_nothing_is_none(void **state)
{
    (void)state;
    score_read(&score, &plan, 0, 0, &parts);
    assert_true(isnan(parts.practice_score) && isnan(parts.time_pct));
    spend(0, 800, 30, 30, 10);
    spend(1, 400, NAN, NAN, NAN);
    score_add_hold(&score, &plan.steps[1], 15);
    spend(2, 400, NAN, 30, 10);
    score_read(&score, &plan, 3, 0, &parts);
    assert_part(parts.practice_score, 100);
    (void)set_up(NULL);
    spend(0, 800, 90, 90, 90);
    score_read(&score, &plan, 3, 0, &parts); /* half the time, and nothing as it is wanted */
    assert_part(parts.practice_score, 40 * 50 / 120.0);
}

static void only_the_time_so_far_counts(void **state)
{
    (void)state;
    spend(0, 400, 30, 30, 10); /* 50 s of 80 that went by */
    score_read(&score, &plan, 0, 80, &parts);
    assert_part(parts.time_pct, 62.5);
    assert_part(parts.practice_score, (40 * 100 + 25 * 100 + 15 * 100 + 40 * 62.5) / 120);
    score_read(&score, &plan, 0, 300,
               &parts); /* a step that waits for "next" is over at its time */
    assert_part(parts.time_pct, 50);
    score_read(&score, &plan, 1, 10, &parts);
    assert_part(parts.time_pct, 100.0 * 50 / 110);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_part_can_be_done_on_paper, set_up),
        cmocka_unit_test_setup(all_well_is_a_hundred_and_nothing_is_none, set_up),
        cmocka_unit_test_setup(only_the_time_so_far_counts, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

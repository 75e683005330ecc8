/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/compare.h"
#include "plan/label_editor.h"
#include "plan/plan_from.h"

/* Takes that are written down: what must be said of them follows. */

enum { STROKES = 400 };
static struct stroke strokes[2][STROKES];
static struct episode episodes[2][8];
static struct recording_takes takes[2];

static int set_up(void **state)
{
    (void)state;
    memset(takes, 0, sizeof takes);
    for (int i = 0; i < 2; i++) {
        takes[i].strokes = strokes[i];
        takes[i].episodes = episodes[i];
    }
    return 0;
}

/* `n` strokes `period_s` apart, their pressures within +-20 % of `kpa`. */
static void add(int side, enum technique technique, int n, double period_s, float kpa)
{
    struct recording_takes *t = &takes[side];
    double start_s = t->duration_s;
    for (int i = 0; i < n; i++) {
        double at_s = start_s + i * period_s;
        t->strokes[t->n_strokes++] =
            (struct stroke){.technique = technique,
                            .start_s = at_s,
                            .end_s = at_s + 0.8 * period_s,
                            .peak_kpa = kpa * (0.8F + 0.1F * (float)((i * 3) % 5)),
                            .interval_s = i ? (float)period_s : NAN};
    }
    t->duration_s = start_s + n * period_s;
    t->episodes[t->n_episodes++] =
        (struct episode){.technique = technique, .start_s = start_s, .end_s = t->duration_s};
}

static void a_difference_is_found_with_its_size(void **state)
{
    (void)state;
    struct compare_result result;
    add(0, TECHNIQUE_PETRISSAGE, 60, 2, 40);
    add(1, TECHNIQUE_PETRISSAGE, 60, 1.5, 50);
    assert_int_equal(compare_takes(&result, &takes[0], &takes[1]), THENAR_OK);
    const struct compare_technique *t = &result.techniques[TECHNIQUE_PETRISSAGE];
    const struct compare_difference *pressure = &t->values[COMPARE_PRESSURE];
    assert_float_equal(pressure->reference.median, 40, 0.1);
    assert_float_equal(pressure->difference, 10, 0.2);
    assert_true(pressure->low > 0 && pressure->low <= 10 && pressure->high >= 10);
    assert_float_equal(t->values[COMPARE_PACE].difference, 10, 0.01); /* 40 less 30 a minute */
    assert_float_equal(t->regularity_pct[0], 0, 0.01);
    assert_float_equal((float)t->time_s[1], 90, 0.01);
    compare_finish(&result);
}

static void the_same_is_not_told_apart(void **state)
{
    (void)state;
    struct compare_result result;
    add(0, TECHNIQUE_FRICTION, 50, 0.4, 80);
    add(1, TECHNIQUE_FRICTION, 47, 0.4, 80);
    add(1, TECHNIQUE_TAPOTEMENT, 3, 0.2, 20);
    assert_int_equal(compare_takes(&result, &takes[0], &takes[1]), THENAR_OK);
    const struct compare_difference *d =
        &result.techniques[TECHNIQUE_FRICTION].values[COMPARE_PRESSURE];
    assert_true(d->low <= 0 && d->high >= 0);
    assert_false(result.techniques[TECHNIQUE_TAPOTEMENT].is_there[0]);
    assert_true(isnan(result.techniques[TECHNIQUE_TAPOTEMENT].values[COMPARE_PRESSURE].low));
    compare_finish(&result);
}

static void runs_are_paired_in_order(void **state)
{
    (void)state;
    struct compare_result result;
    add(0, TECHNIQUE_EFFLEURAGE, 5, 4, 20);
    add(0, TECHNIQUE_PETRISSAGE, 10, 2, 20);
    add(0, TECHNIQUE_EFFLEURAGE, 5, 4, 20);
    add(1, TECHNIQUE_EFFLEURAGE, 5, 4, 20);
    add(1, TECHNIQUE_FRICTION, 20, 0.5, 20);
    add(1, TECHNIQUE_EFFLEURAGE, 6, 4, 20);
    assert_int_equal(compare_takes(&result, &takes[0], &takes[1]), THENAR_OK);
    assert_int_equal(result.n_pairs, 4);
    assert_true(result.pairs[0].reference == 0 && result.pairs[0].recording == 0);
    assert_true(result.pairs[3].reference == 2 && result.pairs[3].recording == 2);
    int alone = 0;
    for (int i = 1; i < 3; i++)
        alone += result.pairs[i].reference < 0 || result.pairs[i].recording < 0;
    assert_int_equal(alone, 2);
    compare_finish(&result);
}

static void a_plan_is_made_of_takes(void **state)
{
    (void)state;
    static struct plan plan;
    struct thenar_error error;
    add(0, TECHNIQUE_PETRISSAGE, 40, 2, 40);
    add(0, TECHNIQUE_REST, 1, 2, 0.1F);
    add(0, TECHNIQUE_PETRISSAGE, 40, 2, 40); /* goes on after a short rest */
    add(0, TECHNIQUE_COMPRESSION, 3, 40, 90);
    assert_int_equal(plan_from_takes(&plan, &takes[0], "x.csv", &error), THENAR_OK);
    assert_int_equal(plan.n_steps, 2);
    assert_int_equal(plan.steps[0].technique, TECHNIQUE_PETRISSAGE);
    assert_float_equal(plan.steps[0].duration_s, 162, 0.5);
    assert_int_equal(plan.steps[0].pressure_kpa.mark, PLAN_MARK_INSTRUCTOR);
    assert_float_equal(plan.steps[0].pressure_kpa.low, 32, 0.6); /* 80 % of 40 */
    assert_float_equal(plan.steps[0].pressure_kpa.high, 48, 0.6);
    assert_true(plan.steps[0].pace_cpm.low <= 30 && plan.steps[0].pace_cpm.high >= 30);
    assert_int_equal(plan.steps[1].repeats, 3);
    assert_true(plan.steps[1].hold_s.low <= 32 && plan.steps[1].hold_s.high >= 32);
    assert_true(plan.ceiling_kpa.high > plan.steps[1].pressure_kpa.high);
    takes[0].is_relative = true;
    assert_int_equal(plan_from_takes(&plan, &takes[0], "x.csv", &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "kPa"));
}

static void labels_are_edited(void **state)
{
    (void)state;
    struct label_editor editor = {.n_rows = 2, .rows = calloc(2, sizeof *editor.rows)};
    editor.rows[0] = (struct episode_table_row){0, 10, TECHNIQUE_UNKNOWN};
    editor.rows[1] = (struct episode_table_row){10, 12, TECHNIQUE_REST};
    label_editor_name(&editor, TECHNIQUE_ROLLING);
    assert_int_equal(editor.rows[0].technique, TECHNIQUE_ROLLING);
    label_editor_shift(&editor, 1);
    assert_true(editor.rows[0].end_s == 11 && editor.rows[1].start_s == 11);
    label_editor_shift(&editor, 100); /* not over the next */
    assert_true(editor.rows[0].end_s < 12 && editor.rows[1].end_s == 12);
    label_editor_shift(&editor, -100);
    assert_true(editor.rows[0].end_s > 0 && editor.rows[1].start_s == editor.rows[0].end_s);
    editor.at = 1;
    assert_true(label_editor_split(&editor));
    assert_int_equal(editor.n_rows, 3);
    assert_true(editor.rows[1].end_s == editor.rows[2].start_s && editor.rows[2].end_s == 12);
    assert_true(label_editor_join(&editor));
    assert_false(label_editor_join(&editor));
    assert_int_equal(editor.n_rows, 2);
    free(editor.rows);
}

/* A stroke that was parted in three is no pace of 120; but two paces are two. */
static void few_parted_strokes_are_left_out(void **state)
{
    (void)state;
    struct compare_result result;
    add(0, TECHNIQUE_EFFLEURAGE, 30, 3, 40);
    add(1, TECHNIQUE_EFFLEURAGE, 30, 3, 40);
    strokes[1][7].interval_s = strokes[1][8].interval_s = strokes[1][9].interval_s = 0.2F;
    strokes[1][20].interval_s = 7; /* and one that was missed */
    assert_int_equal(compare_takes(&result, &takes[0], &takes[1]), THENAR_OK);
    const struct spread *pace =
        &result.techniques[TECHNIQUE_EFFLEURAGE].values[COMPARE_PACE].recording;
    assert_float_equal(pace->low, 20, 1e-3);
    assert_float_equal(pace->high, 20, 1e-3);
    assert_int_equal(pace->n, 29 - 4);
    float two[10] = {20, 20, 20, 20, 20, 20, 60, 60, 60, 60};
    assert_int_equal(recording_takes_usual(two, 10), 10);
    assert_int_equal(recording_takes_usual(two, 0), 0);
    compare_finish(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_difference_is_found_with_its_size, set_up),
        cmocka_unit_test_setup(the_same_is_not_told_apart, set_up),
        cmocka_unit_test_setup(runs_are_paired_in_order, set_up),
        cmocka_unit_test_setup(a_plan_is_made_of_takes, set_up),
        cmocka_unit_test_setup(labels_are_edited, set_up),
        cmocka_unit_test_setup(few_parted_strokes_are_left_out, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

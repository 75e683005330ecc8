/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "technique/episodes.h"

static struct episodes episodes;
static double at_s, change_s; /* change: touch or lift; here each touch is the first since a rest */
static struct episode out[16];
static unsigned n_out;

static int begin(void **state)
{
    (void)state;
    episodes_init(&episodes, 0.35F);
    at_s = change_s = 0;
    n_out = 0;
    return 0;
}

/* The name in force for a while; every tenth frame is a moment. */
static void be(enum technique technique, double span_s, float force_n)
{
    float probability[N_TECHNIQUES] = {0};
    probability[technique] = 1;
    struct contacts_sum sum = {
        .force_n = force_n, .mean_kpa = 0.5F * force_n, .peak_kpa = force_n, .area_cm2 = 12};
    for (unsigned i = 0; i < (unsigned)lrint(span_s * 100); i++) {
        episodes_frame(&episodes, at_s, force_n > 0, &sum);
        if (i % 10 == 9) {
            struct episode_moment moment = {.device_s = at_s,
                                            .technique = technique,
                                            .probability = probability,
                                            .begin_s = change_s,
                                            .touched = force_n > 0,
                                            .change_s = change_s};
            episodes_moment(&episodes, &moment);
        }
        n_out += episodes_take(&episodes, out + n_out, 2);
        at_s += 0.01;
    }
}

static void finish(void)
{
    episodes_finish(&episodes, at_s);
    n_out += episodes_take(&episodes, out + n_out, 2);
}

static void runs_of_one_name_are_episodes_and_rest_is_one(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 3, 0);
    change_s = at_s - 0.2; /* the touch was a little before its name */
    be(TECHNIQUE_PETRISSAGE, 8, 30);
    change_s = at_s - 0.5;
    be(TECHNIQUE_REST, 2, 0);
    finish();
    assert_int_equal(n_out, 3);
    assert_int_equal(out[0].technique, TECHNIQUE_REST);
    assert_int_equal(out[1].technique, TECHNIQUE_PETRISSAGE);
    assert_int_equal(out[2].technique, TECHNIQUE_REST);
    assert_true(fabs(out[1].start_s - 2.8) < 0.02 && fabs(out[1].end_s - 10.5) < 0.02);
    assert_true(fabs(out[0].end_s - out[1].start_s) < 1e-9);
    assert_true(fabs(out[2].start_s - out[1].end_s) < 1e-9);
    assert_true(fabsf(out[1].mean_force_n - 30) < 0.1F);
    assert_true(fabsf(out[1].mean_kpa - 15) < 0.1F && fabsf(out[1].contact_cm2 - 12) < 0.1F);
    assert_true(out[1].confidence > 0.9F);
    assert_true(isnan(out[0].pace_cpm));
}

/* For half a second in the air a hand that rubs goes on; one that held begins another hold. */
static void a_short_pause_parts_still_touches_only(void **state)
{
    (void)state;
    const struct {
        enum technique technique;
        unsigned n_episodes;
    } rows[] = {{TECHNIQUE_FRICTION, 1}, {TECHNIQUE_COMPRESSION, 2}};
    for (size_t i = 0; i < 2; i++) {
        unsigned n = 0;
        begin(state);
        be(rows[i].technique, 8, 30);
        change_s = at_s;
        be(TECHNIQUE_REST, 0.5, 0);
        change_s = at_s;
        be(rows[i].technique, 8, 30);
        finish();
        for (unsigned k = 0; k < n_out; k++)
            n += out[k].technique == rows[i].technique;
        assert_int_equal(n, rows[i].n_episodes);
    }
}

static void what_a_touch_was_taken_for_first_gives_way(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 3, 0);
    change_s = at_s;
    be(TECHNIQUE_EFFLEURAGE, 4, 30);
    be(TECHNIQUE_ROLLING, 10, 30);
    finish();
    assert_int_equal(n_out, 2);
    assert_int_equal(out[1].technique, TECHNIQUE_ROLLING);
    assert_true(fabs(out[1].start_s - 3) < 0.02);
}

static void a_blip_belongs_to_what_surrounds_it(void **state)
{
    (void)state;
    be(TECHNIQUE_FRICTION, 5, 30);
    be(TECHNIQUE_SHAKING, 0.6, 30);
    be(TECHNIQUE_FRICTION, 5, 30);
    be(TECHNIQUE_UNKNOWN, 2, 30); /* not knowing is no change */
    be(TECHNIQUE_FRICTION, 2, 30);
    finish();
    assert_int_equal(n_out, 1);
    assert_int_equal(out[0].technique, TECHNIQUE_FRICTION);
}

static void an_unnamed_beginning_belongs_to_the_name(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 2, 0);
    change_s = at_s;
    be(TECHNIQUE_UNKNOWN, 1.2, 30);
    be(TECHNIQUE_RHYTHM, 0.8, 30);
    be(TECHNIQUE_TAPOTEMENT, 6, 30);
    finish();
    assert_int_equal(n_out, 2);
    assert_int_equal(out[1].technique, TECHNIQUE_TAPOTEMENT);
    assert_true(fabs(out[1].start_s - 2) < 0.02);
}

/* A swell of the force in the first seconds looks like a ripple; its strokes tell. */
static void slow_strokes_are_no_vibration(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 2, 0);
    change_s = at_s;
    float probability[N_TECHNIQUES] = {0};
    probability[TECHNIQUE_VIBRATION] = 0.75F;
    probability[TECHNIQUE_PETRISSAGE] = 0.25F;
    for (unsigned i = 0; i < 60; i++) {
        at_s += 0.1;
        if (i % 17 == 16) {
            struct stroke stroke = {.start_s = at_s - 1.7, .end_s = at_s, .interval_s = 1.7F};
            episodes_stroke(&episodes, &stroke);
        }
        struct episode_moment moment = {.device_s = at_s,
                                        .technique = TECHNIQUE_VIBRATION,
                                        .probability = probability,
                                        .begin_s = change_s,
                                        .touched = true,
                                        .change_s = change_s};
        episodes_moment(&episodes, &moment);
    }
    finish();
    assert_int_equal(n_out, 2);
    assert_int_equal(out[1].technique, TECHNIQUE_PETRISSAGE);
    assert_true(fabsf(out[1].confidence - 0.25F) < 0.03F);
}

static void two_still_touches_apart_are_two(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 2, 0);
    change_s = at_s;
    be(TECHNIQUE_MYOFASCIAL_RELEASE, 12, 20);
    change_s = at_s + 0.3;
    episodes_part(&episodes, at_s, change_s);
    be(TECHNIQUE_UNKNOWN, 1, 60);
    be(TECHNIQUE_HOLD, 2, 60);
    be(TECHNIQUE_COMPRESSION, 10, 60);
    finish();
    assert_int_equal(n_out, 3);
    assert_int_equal(out[1].technique, TECHNIQUE_MYOFASCIAL_RELEASE);
    assert_int_equal(out[2].technique, TECHNIQUE_COMPRESSION);
    assert_true(fabs(out[1].end_s - 14) < 0.02 && fabs(out[2].start_s - 14.3) < 0.02);
    assert_true(fabsf(out[1].mean_force_n - 20) < 0.1F && fabsf(out[2].mean_force_n - 60) < 0.1F);
    assert_true(out[2].confidence > 0.6F);
}

static void what_only_history_tells_renames_the_whole(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 2, 0);
    change_s = at_s;
    be(TECHNIQUE_HOLD, 4, 30);
    be(TECHNIQUE_COMPRESSION, 5, 30);
    be(TECHNIQUE_MUSCLE_ENERGY, 6, 30);
    finish();
    assert_int_equal(n_out, 2);
    assert_int_equal(out[1].technique, TECHNIQUE_MUSCLE_ENERGY);
    assert_true(fabs(out[1].start_s - 2) < 0.02);
}

static void strokes_count_where_they_began(void **state)
{
    (void)state;
    struct stroke stroke = {.interval_s = 0.5F};
    be(TECHNIQUE_FRICTION, 5, 30);
    for (int i = 0; i < 8; i++) { /* 0.5 s apart, the last two in what follows */
        stroke.start_s = 1.5 + 0.5 * i;
        episodes_stroke(&episodes, &stroke);
    }
    change_s = 4.4;
    be(TECHNIQUE_TAPOTEMENT, 5, 30);
    finish();
    assert_int_equal(n_out, 2);
    assert_int_equal(out[0].n_strokes, 6);
    assert_int_equal(out[1].n_strokes, 2);
    assert_true(fabsf(out[0].pace_cpm - 120) < 0.1F);
    assert_true(out[0].regularity_pct < 0.1F);
}

static void pauses_do_not_slow_the_pace(void **state)
{
    (void)state;
    static const float interval_s[] = {1, 1.1F, 0.9F, 4, 1, 1.1F, 0.9F};
    be(TECHNIQUE_PETRISSAGE, 12, 30);
    for (unsigned i = 0; i < 7; i++) {
        struct stroke stroke = {.start_s = 1 + i, .interval_s = interval_s[i]};
        episodes_stroke(&episodes, &stroke);
    }
    finish();
    assert_true(fabsf(out[0].pace_cpm - 60) < 0.1F);
    assert_true(fabsf(out[0].regularity_pct - 8.165F) < 0.01F); /* of 1, 1.1, 0.9 */
}

static void long_episodes_keep_count(void **state)
{
    (void)state;
    be(TECHNIQUE_VIBRATION, 3, 30);
    for (unsigned i = 0; i < 5000; i++) {
        struct stroke stroke = {.start_s = 1 + 0.1 * i, .interval_s = 0.1F};
        episodes_stroke(&episodes, &stroke);
    }
    at_s = 520;
    finish();
    assert_int_equal(out[0].n_strokes, 5000);
    assert_true(fabsf(out[0].pace_cpm - 600) < 0.5F);
}

static void where_no_name_stands_out_none_is_given(void **state)
{
    (void)state;
    float probability[N_TECHNIQUES];
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        probability[i] = 1.0F / N_TECHNIQUES;
    for (int i = 0; i < 80; i++) {
        at_s += 0.1;
        struct episode_moment moment = {at_s, TECHNIQUE_UNKNOWN, probability, 0, true, 0};
        episodes_moment(&episodes, &moment);
    }
    finish();
    assert_int_equal(n_out, 1);
    assert_int_equal(out[0].technique, TECHNIQUE_UNKNOWN);
    assert_true(isnan(out[0].confidence)); /* it claims nothing */
}

/* Intervals of 0.9 and 1.1 s in turn: a mean of 1 s, and a coefficient of variation of 10 %. A
 * pause of 4 s is none of them. */
static void regularity_is_the_variation_of_the_intervals(void **state)
{
    (void)state;
    be(TECHNIQUE_REST, 3, 0);
    change_s = at_s;
    double from_s = at_s, start_s = from_s;
    be(TECHNIQUE_PETRISSAGE, 26, 20);
    for (unsigned i = 0; i < 22; i++) {
        float interval_s = i == 0 ? NAN : i == 11 ? 4.0F : i % 2 ? 0.9F : 1.1F;
        start_s += isnan(interval_s) ? 0.3 : (double)interval_s;
        struct stroke stroke = {.technique = TECHNIQUE_PETRISSAGE,
                                .start_s = start_s,
                                .end_s = start_s + 0.8,
                                .interval_s = interval_s,
                                .hand = 1 + i % 2};
        episodes_stroke(&episodes, &stroke);
    }
    change_s = at_s;
    be(TECHNIQUE_REST, 3, 0);
    finish();
    assert_int_equal(out[1].technique, TECHNIQUE_PETRISSAGE);
    assert_int_equal(out[1].n_strokes, 22);
    assert_true(fabsf(out[1].pace_cpm - 60) < 0.5F);
    assert_true(fabsf(out[1].regularity_pct - 10) < 0.1F);
    assert_true(fabsf(out[1].pace_hand_cpm - 30) < 0.3F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(regularity_is_the_variation_of_the_intervals, begin),
        cmocka_unit_test_setup(runs_of_one_name_are_episodes_and_rest_is_one, begin),
        cmocka_unit_test_setup(a_short_pause_parts_still_touches_only, begin),
        cmocka_unit_test_setup(what_a_touch_was_taken_for_first_gives_way, begin),
        cmocka_unit_test_setup(a_short_pause_parts_still_touches_only, begin),
        cmocka_unit_test_setup(what_a_touch_was_taken_for_first_gives_way, begin),
        cmocka_unit_test_setup(a_blip_belongs_to_what_surrounds_it, begin),
        cmocka_unit_test_setup(an_unnamed_beginning_belongs_to_the_name, begin),
        cmocka_unit_test_setup(two_still_touches_apart_are_two, begin),
        cmocka_unit_test_setup(slow_strokes_are_no_vibration, begin),
        cmocka_unit_test_setup(what_only_history_tells_renames_the_whole, begin),
        cmocka_unit_test_setup(strokes_count_where_they_began, begin),
        cmocka_unit_test_setup(pauses_do_not_slow_the_pace, begin),
        cmocka_unit_test_setup(long_episodes_keep_count, begin),
        cmocka_unit_test_setup(where_no_name_stands_out_none_is_given, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

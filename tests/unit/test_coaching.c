/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "technique/coaching.h"

/* Scripted hands at 50 frames/s: what the coach must say, and must not, follows from the plan. */

enum { CUES_MAX = 512 };

static struct plan plan;
static struct coaching coaching;
static struct {
    double time_s;
    struct coach_cue cue;
} said[CUES_MAX];
static unsigned n_said, n_begun;
static double now_s;

/* What the hands do from now on. */
struct hands {
    enum technique technique;
    float peak_kpa, pace_cpm, regularity_pct;
    bool is_off, is_saturated;
};

static struct plan_band band(float low, float high, enum plan_mark mark)
{
    struct plan_band made = {mark, low, high, "test"};
    return made;
}

static int set_up(void **state)
{
    (void)state;
    memset(&plan, 0, sizeof plan);
    plan.ceiling_kpa = band(0, 100, PLAN_MARK_CONVENTION);
    plan.n_steps = 1;
    for (int i = 0; i < 3; i++) {
        struct plan_step *step = &plan.steps[i];
        *step = (struct plan_step){.technique = TECHNIQUE_PETRISSAGE, .duration_s = 3600};
        (void)snprintf(step->region, sizeof step->region, "calf");
        step->pressure_kpa = band(30, 50, PLAN_MARK_INSTRUCTOR);
        plan_band_clear(&step->pace_cpm);
        plan_band_clear(&step->regularity_pct);
        plan_band_clear(&step->hold_s);
    }
    coaching_init(&coaching, MOUNT_PAD, false);
    n_said = n_begun = 0;
    now_s = 0;
    return 0;
}

static void start(void)
{
    coaching_start(&coaching, &plan, PLAN_CUES_TRUSTED);
}

static void play(const struct hands *hands, double seconds)
{
    double end_s = now_s + seconds;
    for (; now_s < end_s - 1e-9; now_s += 0.02) {
        struct technique_state technique = {.technique = hands->technique,
                                            .confidence = 1,
                                            .pace_cpm = hands->pace_cpm,
                                            .pace_confidence = 1,
                                            .regularity_pct = hands->regularity_pct};
        struct coaching_frame frame = {.device_s = now_s,
                                       .technique = &technique,
                                       .force_n = hands->is_off ? 0 : hands->peak_kpa,
                                       .peak_kpa = hands->is_off ? 0 : hands->peak_kpa,
                                       .is_touched = !hands->is_off,
                                       .is_saturated = hands->is_saturated};
        struct coach_cue cue;
        if (coaching_execute(&coaching, &frame, &cue)) {
            if (strncmp(cue.text, "Begin: ", 7) == 0) { /* how every plan starts */
                assert_int_equal(cue.word, COACH_MOVE_ON);
                n_begun++;
                continue;
            }
            assert_true(n_said < CUES_MAX);
            assert_true(cue.text[0] != '\0');
            said[n_said].time_s = now_s;
            said[n_said++].cue = cue;
        }
    }
}

static struct hands knead(float peak_kpa)
{
    struct hands hands = {TECHNIQUE_PETRISSAGE, peak_kpa, 30, 5, false, false};
    return hands;
}

static unsigned count(enum coach_word word)
{
    unsigned n = 0;
    for (unsigned i = 0; i < n_said; i++)
        n += said[i].cue.word == word;
    return n;
}

static void too_light_is_told_once_and_then_rarely(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(15);
    play(&hands, 4);
    assert_int_equal(n_said, 0); /* one settles first */
    play(&hands, 8);
    assert_int_equal(n_said, 1);
    assert_int_equal(said[0].cue.word, COACH_DEEPER);
    assert_float_equal(said[0].cue.value, 15, 1e-4);
    assert_float_equal(said[0].cue.low, 30, 1e-4);
    assert_int_equal(said[0].cue.mark, PLAN_MARK_INSTRUCTOR);
    play(&hands, 588); /* ten minutes: 20, 40, 80, 160, 160 ... s between */
    assert_int_equal(count(COACH_DEEPER), n_said);
    assert_in_range(n_said, 4, 7);
    for (unsigned i = 1; i < n_said; i++)
        assert_true(said[i].time_s - said[i - 1].time_s >= COACH_AGAIN_S - 0.2);
}

static void praise_follows_a_correction_and_is_rare(void **state)
{
    (void)state;
    start();
    struct hands light = knead(15), well = knead(40);
    play(&light, 12);
    play(&well, 600);
    assert_int_equal(said[0].cue.word, COACH_DEEPER);
    assert_int_equal(said[1].cue.word, COACH_GOOD);
    assert_true(said[1].time_s - said[0].time_s < 20);
    assert_int_equal(count(COACH_GOOD) + 1, n_said);
    assert_true(count(COACH_GOOD) <= 600 / COACH_PRAISE_S + 1);
}

static void it_never_nags(void **state)
{
    (void)state;
    plan.steps[0].pace_cpm = band(20, 40, PLAN_MARK_INSTRUCTOR);
    plan.steps[0].regularity_pct = band(0, 10, PLAN_MARK_INSTRUCTOR);
    start();
    uint32_t random = 12345;
    for (int i = 0; i < 300; i++) { /* half an hour of a hand that does everything wrong */
        random = random * 1664525U + 1013904223U;
        struct hands hands = knead((float)(5 + (random >> 8) % 90));
        hands.pace_cpm = (float)(5 + (random >> 16) % 100);
        hands.regularity_pct = (float)((random >> 4) % 60);
        play(&hands, 2 + (random >> 20) % 9);
    }
    assert_true(n_said > 20);
    for (unsigned i = 0; i < n_said; i++) {
        unsigned n_minute = 0;
        for (unsigned k = i; k < n_said && said[k].time_s < said[i].time_s + 60; k++)
            n_minute++;
        assert_true(n_minute <= COACH_CUES_A_MINUTE);
        if (i > 0)
            assert_true(said[i].time_s - said[i - 1].time_s >= COACH_QUIET_S - 0.05);
    }
}

static void above_the_ceiling_it_says_stop(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(101);
    play(&hands, 0.3);
    assert_int_equal(n_said, 1);
    assert_int_equal(said[0].cue.word, COACH_STOP);
    play(&hands, 59.7);
    assert_int_equal(count(COACH_STOP), n_said);
    assert_int_equal(n_said, 5); /* after 5, 5, 10 and 20 s, then every 30 */
    assert_true(fabs(said[1].time_s - said[0].time_s - COACH_STOP_AGAIN_S) < 0.1);
    assert_true(fabs(said[4].time_s - said[3].time_s - 4 * COACH_STOP_AGAIN_S) < 0.1);
    struct hands at = knead(100);
    unsigned n_before = n_said;
    play(&at, 30);
    assert_int_equal(count(COACH_STOP), n_before);
    assert_int_equal(count(COACH_DEEPER), 0);
}

static void a_single_blow_above_the_ceiling_is_not_missed(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(40), blow = knead(120);
    play(&hands, 5.05);
    play(&blow, 0.02); /* between two looks of the coach */
    play(&hands, 1);
    assert_int_equal(count(COACH_STOP), 1);
}

static void after_pain_nothing_says_deeper(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(40), light = knead(10), same = knead(45);
    play(&hands, 10);
    coaching_comfort(&coaching, 6);
    play(&hands, 0.2);
    assert_int_equal(n_said, 1); /* at once */
    assert_int_equal(said[0].cue.word, COACH_LIGHTER);
    play(&light, 300);
    assert_int_equal(count(COACH_DEEPER), 0);
    assert_int_equal(n_said, 1);
    play(&same, 30); /* as deep as where it hurt: 32 kPa is the end now */
    assert_true(count(COACH_LIGHTER) >= 2);
    coaching_comfort(&coaching, 2);
    play(&light, 90);
    assert_true(count(COACH_DEEPER) >= 1);
}

static void the_button_is_pain_and_mild_is_not(void **state)
{
    (void)state;
    start();
    struct hands light = knead(10);
    coaching_comfort(&coaching, 3);
    play(&light, 12);
    assert_int_equal(count(COACH_DEEPER), 1);
    coaching_comfort(&coaching, NAN);
    play(&light, 200);
    assert_int_equal(count(COACH_DEEPER), 1);
    assert_in_range(count(COACH_LIGHTER), 2, 4); /* it still presses where it hurt */
}

static void saturated_is_never_told_to_go_deeper(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(15);
    hands.is_saturated = true;
    play(&hands, 120);
    assert_int_equal(n_said, 0);
}

static void without_kpa_there_is_no_word_on_pressure(void **state)
{
    (void)state;
    const struct {
        enum array_mount mount;
        bool is_relative;
    } rows[] = {{MOUNT_PAD, true}, {MOUNT_MAT, false}, {MOUNT_MAT, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)set_up(NULL);
        coaching_init(&coaching, rows[i].mount, rows[i].is_relative);
        start();
        for (float peak_kpa = 5; peak_kpa < 500; peak_kpa *= 3) {
            struct hands hands = knead(peak_kpa);
            play(&hands, 40);
        }
        assert_int_equal(n_said, 0);
        coaching_comfort(&coaching, 8);
        struct hands hands = knead(40);
        play(&hands, 40);
        assert_int_equal(n_said, rows[i].mount == MOUNT_MAT ? 0 : 1); /* the receiver's own word */
    }
}

static void conventions_are_silent_unless_asked(void **state)
{
    (void)state;
    static const enum plan_mark silent[] = {PLAN_MARK_CONVENTION, PLAN_MARK_ANALOGUE};
    struct hands hands = knead(15);
    for (int i = 0; i < 2; i++) {
        (void)set_up(NULL);
        plan.steps[0].pressure_kpa.mark = silent[i];
        start();
        play(&hands, 120);
        assert_int_equal(n_said, 0);
        coaching_start(&coaching, &plan, PLAN_CUES_ALL);
        play(&hands, 20);
        assert_int_equal(count(COACH_DEEPER), 1);
        coaching_start(&coaching, &plan, PLAN_CUES_OFF);
        play(&hands, 120);
        assert_int_equal(n_said, 1);
        hands.peak_kpa = 130;
        play(&hands, 1);
        assert_int_equal(said[1].cue.word, COACH_STOP);
        hands.peak_kpa = 15;
    }
}

static void pace_is_told_both_ways(void **state)
{
    (void)state;
    plan_band_clear(&plan.steps[0].pressure_kpa);
    plan.steps[0].pace_cpm = band(20, 40, PLAN_MARK_MEASURED);
    start();
    struct hands hands = knead(40);
    hands.pace_cpm = 60;
    play(&hands, 12);
    assert_int_equal(said[0].cue.word, COACH_SLOWER);
    hands.pace_cpm = 10;
    play(&hands, 40);
    assert_int_equal(said[n_said - 1].cue.word, COACH_FASTER);
    hands.pace_cpm = NAN; /* no pace, no word */
    unsigned n_before = n_said;
    play(&hands, 120);
    assert_int_equal(n_said, n_before);
}

static void one_thing_at_a_time(void **state)
{
    (void)state;
    plan.steps[0].pace_cpm = band(20, 40, PLAN_MARK_MEASURED);
    start();
    struct hands hands = knead(15);
    hands.pace_cpm = 60;
    play(&hands, 30); /* too light and too fast: the pressure first, and again */
    assert_int_equal(n_said, 2);
    assert_int_equal(said[0].cue.word, COACH_DEEPER);
    assert_int_equal(said[1].cue.word, COACH_DEEPER);
    play(&hands, 10);
    assert_int_equal(said[2].cue.word, COACH_SLOWER);
}

static void another_technique_is_not_judged(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(15);
    hands.technique = TECHNIQUE_FRICTION;
    play(&hands, 60);
    assert_int_equal(n_said, 2); /* told which step it is, and once more */
    assert_int_equal(count(COACH_MOVE_ON), n_said);
    assert_int_equal(said[0].cue.measure, COACH_OF_TECHNIQUE);
    assert_non_null(strstr(said[0].cue.text, "that looks like friction"));
    assert_true(said[0].time_s >= COACH_OTHER_S - 0.1 && said[0].time_s < COACH_OTHER_S + 2);
    coaching_declare(&coaching, TECHNIQUE_PETRISSAGE, PLAN_VARIANT_NONE);
    play(&hands, 15); /* somebody says what it is */
    assert_int_equal(count(COACH_DEEPER), 1);
    struct coaching_report report;
    coaching_read(&coaching, &report);
    assert_true(report.is_on_step && report.declared == TECHNIQUE_PETRISSAGE);
}

static void steps_go_by_time(void **state)
{
    (void)state;
    plan.n_steps = 3;
    for (int i = 0; i < 3; i++)
        plan.steps[i].duration_s = 20;
    start();
    struct hands none = knead(40), hands = knead(40);
    none.is_off = true;
    struct coaching_report report;
    play(&none, 60);
    coaching_read(&coaching, &report);
    assert_int_equal(report.state, COACHING_WAITING); /* for the first touch */
    double begin_s = now_s;
    play(&hands, 65);
    coaching_read(&coaching, &report);
    assert_int_equal(report.state, COACHING_FINISHED);
    assert_int_equal(report.i_step, 3);
    assert_int_equal(count(COACH_MOVE_ON), 3);
    unsigned n = 0;
    for (unsigned i = 0; i < n_said; i++)
        if (said[i].cue.word == COACH_MOVE_ON) {
            n++;
            assert_true(fabs(said[i].time_s - begin_s - 20.0 * n) < 0.3);
        }
    assert_true(report.score.time_pct > 90 && report.score.time_pct <= 100);
    assert_float_equal(report.score.pressure_pct, 100, 1e-3);
    assert_true(report.score.practice_score > 95);
}

static void steps_go_by_command(void **state)
{
    (void)state;
    plan.n_steps = 2;
    plan.advance = PLAN_ADVANCE_COMMAND;
    plan.steps[0].duration_s = 20;
    start();
    struct hands hands = knead(40);
    struct coaching_report report;
    play(&hands, 50);
    coaching_read(&coaching, &report);
    assert_int_equal(report.i_step, 0);
    assert_int_equal(report.state, COACHING_OVER_TIME);
    assert_int_equal(count(COACH_MOVE_ON), 1);
    assert_true(coaching_move(&coaching, 1));
    play(&hands, 1);
    coaching_read(&coaching, &report);
    assert_int_equal(report.i_step, 1);
    assert_true(coaching_move(&coaching, -1));
    assert_false(coaching_move(&coaching, -1));
    coaching_pause(&coaching, true);
    play(&hands, 50);
    coaching_read(&coaching, &report);
    assert_int_equal(report.state, COACHING_PAUSED);
    assert_true(report.elapsed_s < 0.2F);
    assert_true(coaching_move(&coaching, 1) && coaching_move(&coaching, 1));
    assert_false(coaching_move(&coaching, 1));
}

static void holds_are_counted_and_timed(void **state)
{
    (void)state;
    plan.steps[0].technique = TECHNIQUE_COMPRESSION;
    plan.steps[0].hold_s = band(10, 20, PLAN_MARK_INSTRUCTOR);
    start();
    struct hands press = knead(40), lift = knead(0);
    press.technique = lift.technique = TECHNIQUE_COMPRESSION;
    press.pace_cpm = lift.pace_cpm = NAN;
    lift.is_off = true;
    struct coaching_report report;
    for (int i = 0; i < 4; i++) {
        play(&press, 15);
        coaching_read(&coaching, &report);
        assert_true(report.hold.is_holding);
        assert_float_equal(report.hold.age_s, 15, 0.1);
        assert_float_equal(report.hold.lock_kpa, 40, 0.5);
        play(&lift, 5);
    }
    coaching_read(&coaching, &report);
    assert_true(report.has_holds);
    assert_int_equal(report.hold.n_holds, 4);
    assert_float_equal(report.hold.hold_s, 15, 0.1);
    assert_float_equal(report.hold.rhythm_cpm, 3, 0.02); /* every 20 s */
    assert_float_equal(report.score.holds_pct, 100, 1e-3);
    assert_int_equal(count(COACH_HOLD), 0); /* "hold it there" would have come too late */
    assert_in_range(count(COACH_GOOD), 1, 2);
    assert_non_null(strstr(said[0].cue.text, "15 s"));
    for (int i = 0; i < 6; i++) { /* let go too early */
        play(&press, 5);
        play(&lift, 2.5);
    }
    assert_in_range(count(COACH_HOLD), 1, 2);
    coaching_read(&coaching, &report);
    assert_float_equal(report.score.holds_pct, 40, 1e-3);
}

/* Muscle energy: a push, and a longer rest with a third of its force still there. */
static void a_push_after_a_rest_is_a_hold_of_its_own(void **state)
{
    (void)state;
    plan.steps[0].technique = TECHNIQUE_MUSCLE_ENERGY;
    plan.steps[0].hold_s = band(7, 10, PLAN_MARK_INSTRUCTOR);
    plan_band_clear(&plan.steps[0].pressure_kpa);
    start();
    struct hands push = knead(60), rest = knead(20);
    push.technique = rest.technique = TECHNIQUE_MUSCLE_ENERGY;
    push.pace_cpm = rest.pace_cpm = NAN;
    for (int i = 0; i < 4; i++) {
        play(&push, 8);
        play(&rest, 12);
    }
    struct coaching_report report;
    coaching_read(&coaching, &report);
    assert_int_equal(report.hold.n_holds, 4);
    assert_float_equal(report.score.holds_pct, 100, 1e-3);
    assert_float_equal(report.hold.rhythm_cpm, 3, 0.05); /* every 20 s */
    assert_int_equal(count(COACH_HOLD), 0);
}

static void the_score_is_the_share_of_time(void **state)
{
    (void)state;
    plan.n_steps = 1;
    plan.steps[0].duration_s = 200;
    start();
    struct hands well = knead(40), light = knead(10);
    play(&well, 100);
    play(&light, 100);
    struct coaching_report report;
    coaching_read(&coaching, &report);
    /* A cycle of 2 s is looked back upon for 2.5 s: the second half seems to begin so much later.
     */
    assert_float_equal(report.score.pressure_pct, 51, 2);
    assert_float_equal(report.score.regularity_pct, 100, 1e-3);
    assert_true(isnan(report.score.pace_pct) && isnan(report.score.holds_pct));
    float wanted = (40 * report.score.pressure_pct + 15 * 100 + 40 * report.score.time_pct) / 95;
    assert_float_equal(report.score.practice_score, wanted, 1e-3);
}

static void near_the_band_is_in_it(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(51); /* up to 50: a fiftieth is not worth a word, nor a point */
    play(&hands, 100);
    struct coaching_report report;
    coaching_read(&coaching, &report);
    assert_float_equal(report.score.pressure_pct, 100, 1e-3);
    assert_int_equal(count(COACH_LIGHTER), 0);
    assert_int_equal(count(COACH_GOOD), n_said);
    assert_true(n_said > 0);
}

static void hands_that_are_off_are_called_back(void **state)
{
    (void)state;
    plan.steps[0].duration_s = 120;
    start();
    struct hands well = knead(40), off = knead(40);
    off.is_off = true;
    play(&well, 20);
    unsigned n_before = n_said;
    play(&off, 10);
    assert_int_equal(n_said, n_before); /* oil, a towel */
    play(&off, 80);
    assert_in_range(n_said - n_before, 1, 3);
    assert_int_equal(count(COACH_MOVE_ON), n_said - n_before);
    assert_non_null(strstr(said[n_before].cue.text, "Go on: petrissage, calf"));
    (void)set_up(NULL);
    plan.advance = PLAN_ADVANCE_COMMAND; /* nobody's time runs */
    start();
    play(&well, 20);
    play(&off, 100);
    assert_int_equal(count(COACH_MOVE_ON), 0);
}

static void what_hurt_counts_where_it_hurt(void **state)
{
    (void)state;
    plan.n_steps = 2;
    plan.advance = PLAN_ADVANCE_COMMAND;
    (void)snprintf(plan.steps[1].region, sizeof plan.steps[1].region, "thigh");
    start();
    struct hands hands = knead(45), light = knead(10);
    play(&hands, 10);
    coaching_comfort(&coaching, 7);
    play(&hands, 2);
    assert_int_equal(count(COACH_LIGHTER), 1);
    assert_true(coaching_move(&coaching, 1));
    play(&hands, 60); /* 45 kPa is in the band, and it was another place */
    assert_int_equal(count(COACH_LIGHTER), 1);
    play(&light, 60); /* but nobody is told to go deeper */
    assert_int_equal(count(COACH_DEEPER), 0);
    assert_int_equal(count(COACH_GOOD), 0);
}

/* Strokes as the pipeline gives them, every `interval_s`, the odd ones late by a part of it. */
static void stroke_by_stroke(double interval_s, double late, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        double begin_s = now_s, length_s = interval_s * (i % 2 ? 1 - late : 1 + late);
        for (; now_s < begin_s + length_s - 1e-9; now_s += 0.02) {
            struct technique_state technique = {.technique = TECHNIQUE_PETRISSAGE,
                                                .confidence = 1,
                                                .pace_cpm = NAN,
                                                .pace_confidence = NAN,
                                                .regularity_pct = NAN};
            bool is_end = now_s + 0.02 >= begin_s + length_s - 1e-9;
            struct stroke stroke = {.technique = TECHNIQUE_PETRISSAGE,
                                    .start_s = begin_s,
                                    .end_s = now_s,
                                    .interval_s = (float)length_s};
            struct coaching_frame frame = {.device_s = now_s,
                                           .technique = &technique,
                                           .strokes = &stroke,
                                           .n_strokes = is_end,
                                           .force_n = 40,
                                           .peak_kpa = 40,
                                           .is_touched = true};
            struct coach_cue cue;
            if (coaching_execute(&coaching, &frame, &cue) && strncmp(cue.text, "Begin", 5) != 0) {
                said[n_said].time_s = now_s;
                said[n_said++].cue = cue;
            }
        }
    }
}

static void uneven_hands_are_heard_by_their_strokes(void **state)
{
    (void)state;
    plan.steps[0].pressure_kpa = band(10, 90, PLAN_MARK_INSTRUCTOR);
    plan.steps[0].pace_cpm = band(25, 35, PLAN_MARK_INSTRUCTOR);
    plan.steps[0].regularity_pct = band(0, 20, PLAN_MARK_INSTRUCTOR);
    start();
    stroke_by_stroke(2, 0.05, 10); /* the spectrum knows nothing; they are even */
    assert_int_equal(count(COACH_STEADIER), 0);
    stroke_by_stroke(2, 0.4, 12);
    assert_true(count(COACH_STEADIER) >= 1);
    assert_int_equal(count(COACH_SLOWER) + count(COACH_FASTER), 0);
    (void)set_up(NULL);
    plan.steps[0].pace_cpm = band(25, 35, PLAN_MARK_INSTRUCTOR);
    plan.steps[0].regularity_pct = band(0, 20, PLAN_MARK_INSTRUCTOR);
    start();
    stroke_by_stroke(1, 0.05, 30);
    assert_true(count(COACH_SLOWER) >= 1);
    stroke_by_stroke(2, 0.05, 20); /* who slows down is not uneven */
    assert_int_equal(count(COACH_STEADIER), 0);
    assert_true(count(COACH_GOOD) >= 1);
    stroke_by_stroke(2, 0.02, 1);
    struct coaching_report report;
    coaching_read(&coaching, &report);
    assert_true(report.score.pace_pct > 40 && report.score.pace_pct < 80);
}

static void time_that_passes_on_a_mat_is_nobodys_practice(void **state)
{
    (void)state;
    struct hands nobody = {TECHNIQUE_UNKNOWN, 0, NAN, NAN, false, false}; /* one who lies there */
    struct coaching_report report;
    coaching_init(&coaching, MOUNT_MAT, false);
    start();
    play(&nobody, 60);
    coaching_read(&coaching, &report);
    assert_true(report.score.time_pct > 0);
    assert_true(isnan(report.score.practice_score));
    coaching_declare(&coaching, TECHNIQUE_PETRISSAGE, PLAN_VARIANT_NONE);
    plan.steps[0].pace_cpm = band(25, 35, PLAN_MARK_INSTRUCTOR);
    struct hands declared = knead(0);
    play(&declared, 60); /* its rhythm reaches the mat */
    coaching_read(&coaching, &report);
    assert_true(report.score.practice_score > 50);
}

static void a_flicker_is_no_hand(void **state)
{
    (void)state;
    struct coaching_report report;
    start();
    struct hands off = knead(1), touch = knead(1);
    off.technique = touch.technique = TECHNIQUE_UNKNOWN; /* nothing has a name yet */
    off.is_off = true;
    for (int i = 0; i < 20; i++) { /* one frame in 25 */
        play(&touch, 0.02);
        play(&off, 0.48);
    }
    coaching_read(&coaching, &report);
    assert_int_equal(report.state, COACHING_WAITING);
    for (int i = 0; i < 8; i++) { /* impacts of 60 ms, four a second */
        play(&touch, 0.06);
        play(&off, 0.19);
    }
    coaching_read(&coaching, &report);
    assert_int_equal(report.state, COACHING_RUNNING);
    assert_true(report.elapsed_s > 1 && report.elapsed_s < 2.1F);
}

static void names_that_come_and_go_are_not_told(void **state)
{
    (void)state;
    start();
    struct hands hands = knead(40);
    for (int i = 0; i < 8; i++) {
        hands.technique = i % 2 ? TECHNIQUE_FRICTION : TECHNIQUE_VIBRATION;
        play(&hands, 6);
    }
    assert_int_equal(n_said, 0);
    hands.technique = TECHNIQUE_ROLLING;
    play(&hands, 11);
    assert_int_equal(n_said, 1);
    assert_non_null(strstr(said[0].cue.text, "This step is petrissage, calf; that looks like rol"));
    play(&hands, 30);
    assert_int_equal(n_said, 2);
    assert_non_null(strstr(said[1].cue.text, "If it is petrissage, declare it."));
}

static void pain_that_stays_takes_the_hands_off(void **state)
{
    (void)state;
    static const struct {
        float pain;
        const char *text;
    } reports[] = {{6, "The receiver says 6 of 10: ease off, and ask."},
                   {6, "Again 6 of 10: take the hands off, and ask."},
                   {4.5F, "Still 4.5 of 10: ease off, and ask."},
                   {NAN, "It hurts again: take the hands off"},
                   {2, NULL},
                   {NAN, "It hurts there: ease off, and ask."},
                   {0, NULL},
                   {9, "The receiver says 9 of 10: take the hands off"}};
    start();
    struct hands hands = knead(40);
    play(&hands, 8);
    for (unsigned i = 0; i < sizeof reports / sizeof *reports; i++) {
        n_said = 0;
        coaching_comfort(&coaching, reports[i].pain);
        play(&hands, 0.5);
        assert_int_equal(n_said, reports[i].text != NULL);
        if (reports[i].text)
            assert_non_null(strstr(said[0].cue.text, reports[i].text));
    }
}

static void praise_names_what_is_good(void **state)
{
    (void)state;
    plan.steps[0].pace_cpm = band(20, 40, PLAN_MARK_MEASURED);
    start();
    struct hands hands = knead(40);
    play(&hands, 32);
    assert_int_equal(n_said, 1);
    assert_string_equal(said[0].cue.text, "Good: pressure and pace are right.");
    hands.pace_cpm = 60;
    play(&hands, 30);
    assert_int_equal(said[1].cue.word, COACH_SLOWER);
    hands.pace_cpm = 30;
    play(&hands, 15);
    assert_string_equal(said[n_said - 1].cue.text, "Good, that is the pace. Keep it so.");
}

static void a_step_begins_with_its_note(void **state)
{
    (void)state;
    plan.n_steps = 2;
    (void)snprintf(plan.steps[0].note, sizeof plan.steps[0].note, "slow; ask first?");
    memset(plan.steps[1].note, 'x', sizeof plan.steps[1].note - 1); /* too long to be said whole */
    coaching_start(&coaching, &plan, PLAN_CUES_TRUSTED);
    assert_string_equal(coaching.waiting.text, "Begin: petrissage, calf, 60 min. Slow; ask first?");
    memset(plan.steps[1].region, 'y', sizeof plan.steps[1].region - 1);
    assert_true(coaching_move(&coaching, 1));
    assert_null(strchr(coaching.waiting.text, 'X'));
    assert_non_null(strstr(coaching.waiting.text, "yy, 60 min."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(too_light_is_told_once_and_then_rarely, set_up),
        cmocka_unit_test_setup(praise_follows_a_correction_and_is_rare, set_up),
        cmocka_unit_test_setup(it_never_nags, set_up),
        cmocka_unit_test_setup(above_the_ceiling_it_says_stop, set_up),
        cmocka_unit_test_setup(a_single_blow_above_the_ceiling_is_not_missed, set_up),
        cmocka_unit_test_setup(after_pain_nothing_says_deeper, set_up),
        cmocka_unit_test_setup(the_button_is_pain_and_mild_is_not, set_up),
        cmocka_unit_test_setup(saturated_is_never_told_to_go_deeper, set_up),
        cmocka_unit_test_setup(without_kpa_there_is_no_word_on_pressure, set_up),
        cmocka_unit_test_setup(conventions_are_silent_unless_asked, set_up),
        cmocka_unit_test_setup(pace_is_told_both_ways, set_up),
        cmocka_unit_test_setup(one_thing_at_a_time, set_up),
        cmocka_unit_test_setup(another_technique_is_not_judged, set_up),
        cmocka_unit_test_setup(steps_go_by_time, set_up),
        cmocka_unit_test_setup(steps_go_by_command, set_up),
        cmocka_unit_test_setup(holds_are_counted_and_timed, set_up),
        cmocka_unit_test_setup(a_push_after_a_rest_is_a_hold_of_its_own, set_up),
        cmocka_unit_test_setup(the_score_is_the_share_of_time, set_up),
        cmocka_unit_test_setup(near_the_band_is_in_it, set_up),
        cmocka_unit_test_setup(hands_that_are_off_are_called_back, set_up),
        cmocka_unit_test_setup(what_hurt_counts_where_it_hurt, set_up),
        cmocka_unit_test_setup(time_that_passes_on_a_mat_is_nobodys_practice, set_up),
        cmocka_unit_test_setup(uneven_hands_are_heard_by_their_strokes, set_up),
        cmocka_unit_test_setup(a_flicker_is_no_hand, set_up),
        cmocka_unit_test_setup(names_that_come_and_go_are_not_told, set_up),
        cmocka_unit_test_setup(pain_that_stays_takes_the_hands_off, set_up),
        cmocka_unit_test_setup(praise_names_what_is_good, set_up),
        cmocka_unit_test_setup(a_step_begins_with_its_note, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

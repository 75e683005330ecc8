/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole of the technique room, on closed-form hands: names, pace, strokes and episodes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hand_signals.h"

/* A hand of thumb size, and a flat one. */
#define THUMB        \
    {                \
        0, 0, 9, 120 \
    }
#define PALM         \
    {                \
        0, 0, 24, 18 \
    }

static struct hand_stage stage;

static void open_stage(uint16_t side, float pitch_mm, float rate_hz, enum array_mount mount)
{
    struct array_layout layout = hand_layout(side, side, pitch_mm, rate_hz);
    layout.mount = mount;
    hand_stage_init(&stage, &layout);
}

static void open_pad(void)
{
    open_stage(32, 12, 100, MOUNT_PAD);
}

/* Rest, `move` for `span_s`, rest: what came of it. */
static const struct episode *episode_of(double span_s, hand_move move, const void *with)
{
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, span_s, move, with);
    hand_stage_play(&stage, 4, hand_none, NULL);
    hand_stage_end(&stage);
    for (size_t i = 0; i < stage.n_episodes; i++)
        if (stage.episodes[i].technique != TECHNIQUE_REST)
            return &stage.episodes[i];
    return NULL;
}

static void assert_episode(const struct episode *episode, enum technique technique, double cpm)
{
    assert_non_null(episode);
    if (episode->technique != technique)
        fail_msg("%s, not %s", technique_name(episode->technique), technique_name(technique));
    assert_true(fabs(episode->start_s - 2) < 0.3);
    if (isnan(cpm))
        return;
    if (!(fabs((double)episode->pace_cpm - cpm) < fmax(1, 0.01 * cpm)))
        fail_msg("%s: %.2f/min, not %.2f", technique_name(technique), (double)episode->pace_cpm,
                 cpm);
}

static void squeezing_is_petrissage(void **state)
{
    (void)state;
    struct hand_pulse pulse = {.hz = 0.6, .blob = PALM, .ebb = 0.1F};
    open_pad();
    const struct episode *episode = episode_of(20, hand_pulse, &pulse);
    assert_episode(episode, TECHNIQUE_PETRISSAGE, 36);
    assert_in_range(episode->n_strokes, 10, 12);
    hand_stage_finish(&stage);
}

static void small_turns_are_friction(void **state)
{
    (void)state;
    struct hand_swing swing = {.hz = 2.3, .blob = THUMB, .swing_mm = 14};
    open_pad();
    const struct episode *episode = episode_of(12, hand_swing, &swing);
    assert_episode(episode, TECHNIQUE_FRICTION, 138);
    assert_in_range(episode->n_strokes, 24, 28);
    hand_stage_finish(&stage);
}

static void wide_turns_are_rolling(void **state)
{
    (void)state;
    struct hand_swing swing = {.hz = 1.1, .blob = PALM, .swing_mm = 80};
    open_pad();
    assert_episode(episode_of(14, hand_swing, &swing), TECHNIQUE_ROLLING, 66);
    hand_stage_finish(&stage);
}

static void blows_are_tapotement(void **state)
{
    (void)state;
    struct hand_blow blow = {.hz = 5.5, .contact_s = 0.06, .blob = PALM};
    open_pad();
    const struct episode *episode = episode_of(10, hand_blow, &blow);
    assert_episode(episode, TECHNIQUE_TAPOTEMENT, 330);
    assert_in_range(episode->n_strokes, 52, 56);
    hand_stage_finish(&stage);
}

static void two_hands_that_strike_unlike_are_no_octave_lower(void **state)
{
    (void)state;
    struct hand_blow blow = {
        .hz = 7, .contact_s = 0.06, .blob = PALM, .aside_mm = 70, .other_hand = 0.7F};
    open_stage(32, 12, 200, MOUNT_PAD);
    const struct episode *episode = episode_of(10, hand_blow, &blow);
    assert_episode(episode, TECHNIQUE_TAPOTEMENT, 420);
    assert_true(fabsf(episode->pace_hand_cpm - 210) < 2);
    unsigned n[3] = {0};
    for (size_t i = 0; i < stage.n_strokes; i++) {
        n[stage.strokes[i].hand]++;
        if (i && stage.strokes[i].hand && stage.strokes[i - 1].hand)
            assert_int_equal(stage.strokes[i].hand + stage.strokes[i - 1].hand, 3);
    }
    assert_true(n[0] <= 5 && abs((int)n[1] - (int)n[2]) <= 1);
    hand_stage_finish(&stage);
}

static void one_hand_that_strikes_is_not_two(void **state)
{
    (void)state;
    struct hand_blow blow = {.hz = 7, .contact_s = 0.06, .blob = PALM};
    open_stage(32, 12, 200, MOUNT_PAD);
    const struct episode *episode = episode_of(8, hand_blow, &blow);
    assert_episode(episode, TECHNIQUE_TAPOTEMENT, 420);
    assert_true(isnan(episode->pace_hand_cpm));
    for (size_t i = 0; i < stage.n_strokes; i++)
        assert_int_equal(stage.strokes[i].hand, 0);
    hand_stage_finish(&stage);
}

/* Pressing at whole multiples of the period: the phase is that of the rising flank. */
static void the_phase_is_that_of_the_press(void **state)
{
    (void)state;
    struct hand_pulse pulse = {.hz = 1.5, .blob = PALM, .ebb = 0.2F};
    open_stage(32, 12, 200, MOUNT_PAD);
    hand_stage_play(&stage, 2, hand_none, NULL);
    double from_s = stage.at_s;
    hand_stage_play(&stage, 6, hand_pulse, &pulse);
    const struct technique_state *now = &stage.output.state;
    double at_s = stage.at_s - 1.0 / 200, cycle = (at_s - from_s) * pulse.hz;
    /* 30 % of a raised cosine is passed at acos(1 - 2 * 0.3) / 2 pi of the cycle. */
    double wanted = cycle - floor(cycle) - acos(0.4) / (2 * M_PI);
    double off = (double)now->phase - wanted;
    assert_true(fabs(off - round(off)) < 0.03);
    assert_true(now->phase_confidence > 0.6F);
    hand_stage_finish(&stage);
}

static void ripples_are_vibration(void **state)
{
    (void)state;
    struct hand_pulse pulse = {.hz = 9.5, .blob = PALM, .ebb = 0.65F};
    open_stage(32, 12, 200, MOUNT_PAD);
    assert_episode(episode_of(10, hand_pulse, &pulse), TECHNIQUE_VIBRATION, 570);
    hand_stage_finish(&stage);
}

static void glides_that_lift_are_effleurage(void **state)
{
    (void)state;
    struct hand_glide glide = {.out_s = 2.5, .back_s = 1.5, .blob = PALM, .length_mm = 180};
    open_pad();
    const struct episode *episode = episode_of(26.5, hand_glide, &glide);
    assert_episode(episode, TECHNIQUE_EFFLEURAGE, 15);
    assert_int_equal(episode->n_strokes, 7);
    for (size_t i = 0; i < stage.n_strokes; i++) {
        const struct stroke *s = &stage.strokes[i];
        assert_int_equal(s->technique, TECHNIQUE_EFFLEURAGE);
        assert_true(fabs(s->end_s - s->start_s - 2.5) < 0.05);
        assert_true(fabsf(s->direction_deg) < 3);
        assert_true(s->path_mm > 160 && s->path_mm < 190);
    }
    hand_stage_finish(&stage);
}

static void small_and_still_is_compression_without_pace(void **state)
{
    (void)state;
    struct hand_hold hold = {.n = 1, .blobs = {THUMB}};
    open_pad();
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, 10, hand_hold, &hold);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_COMPRESSION);
    assert_true(isnan(stage.output.state.pace_cpm));
    assert_true(stage.output.state.speed_mm_s < 1);
    hand_stage_play(&stage, 3, hand_none, NULL);
    hand_stage_end(&stage);
    assert_int_equal(stage.n_strokes, 1);
    assert_true(fabs(stage.strokes[0].end_s - stage.strokes[0].start_s - 10) < 0.05);
    assert_true(isnan(stage.episodes[1].pace_cpm));
    hand_stage_finish(&stage);
}

/* Live, a heel of the hand may yet be pushed against: for as long as a push lasts it is a hold. */
static void a_hand_that_presses_is_a_hold_until_no_push_is_so_long(void **state)
{
    (void)state;
    struct hand_hold hold = {.n = 2, .blobs = {{-16, 0, 7.5F, 80}, {16, 0, 7.5F, 80}}};
    open_pad();
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, 9, hand_hold, &hold);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_HOLD);
    hand_stage_play(&stage, 4, hand_hold, &hold);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_COMPRESSION);
    hand_stage_play(&stage, 3, hand_none, NULL);
    hand_stage_end(&stage);
    assert_int_equal(stage.episodes[1].technique, TECHNIQUE_COMPRESSION);
    assert_true(stage.episodes[1].end_s - stage.episodes[1].start_s > 12.5);
    assert_int_equal(stage.n_strokes, 1);
    assert_int_equal(stage.strokes[0].technique, TECHNIQUE_COMPRESSION);
    hand_stage_finish(&stage);
}

static void two_still_hands_apart_are_stretching(void **state)
{
    (void)state;
    struct hand_hold hold = {.n = 2, .blobs = {{-85, 0, 20, 30}, {85, 0, 20, 30}}};
    open_pad();
    assert_episode(episode_of(15, hand_hold, &hold), TECHNIQUE_STRETCHING, (double)NAN);
    hand_stage_finish(&stage);
}

static void nothing_is_rest(void **state)
{
    (void)state;
    open_pad();
    hand_stage_play(&stage, 10, hand_none, NULL);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_REST);
    assert_true(isnan(stage.output.state.speed_mm_s));
    assert_int_equal(stage.output.state.n_contacts, 0);
    hand_stage_end(&stage);
    assert_int_equal(stage.n_episodes, 1);
    assert_int_equal(stage.n_strokes, 0);
    hand_stage_finish(&stage);
}

static void fast_techniques_are_named_within_a_second_and_a_half(void **state)
{
    (void)state;
    struct hand_pulse ripple = {.hz = 9, .blob = PALM, .ebb = 0.6F};
    struct hand_blow blow = {.hz = 6, .contact_s = 0.06, .blob = PALM};
    struct hand_swing rub = {.hz = 3, .blob = THUMB, .swing_mm = 14};
    open_stage(32, 12, 200, MOUNT_PAD);
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, 1.5, hand_pulse, &ripple);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_VIBRATION);
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, 1.5, hand_blow, &blow);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_TAPOTEMENT);
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, 1.5, hand_swing, &rub);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_FRICTION);
    hand_stage_finish(&stage);
}

static void a_glove_never_says_effleurage(void **state)
{
    (void)state;
    struct hand_glide glide = {.out_s = 2.5, .back_s = 1.5, .blob = PALM, .length_mm = 180};
    struct hand_swing roll = {.hz = 1.1, .blob = PALM, .swing_mm = 80};
    open_stage(32, 12, 100, MOUNT_GLOVE);
    for (int i = 0; i < 20; i++) {
        hand_stage_play(&stage, 1, i < 10 ? hand_glide : hand_swing,
                        i < 10 ? (const void *)&glide : &roll);
        assert_true(technique_is_visible(stage.output.state.technique, MOUNT_GLOVE));
    }
    hand_stage_end(&stage);
    for (size_t i = 0; i < stage.n_episodes; i++)
        assert_true(technique_is_visible(stage.episodes[i].technique, MOUNT_GLOVE));
    hand_stage_finish(&stage);
}

static void a_gap_keeps_the_name_and_restarts_the_rest(void **state)
{
    (void)state;
    struct hand_swing swing = {.hz = 2.3, .blob = THUMB, .swing_mm = 14};
    open_pad();
    hand_stage_play(&stage, 2, hand_none, NULL);
    hand_stage_play(&stage, 8, hand_swing, &swing);
    uint32_t id = stage.output.contacts[0].id;
    technique_tracker_reset(stage.tracker);
    stage.at_s += 5;
    hand_stage_play(&stage, 0.05, hand_swing, &swing);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_FRICTION);
    assert_true(stage.output.contacts[0].id > id);
    hand_stage_play(&stage, 8, hand_swing, &swing);
    assert_int_equal(stage.output.state.technique, TECHNIQUE_FRICTION);
    assert_true(fabsf(stage.output.state.pace_cpm - 138) < 1.4F);
    hand_stage_end(&stage);
    for (size_t i = 0; i < stage.n_strokes; i++) /* none bridges the gap */
        assert_true(stage.strokes[i].end_s - stage.strokes[i].start_s < 1);
    hand_stage_finish(&stage);
}

static void the_same_frames_give_the_same_bits(void **state)
{
    (void)state;
    static struct stroke first[HAND_STROKES_MAX];
    struct hand_pulse pulse = {.hz = 0.7, .blob = PALM, .ebb = 0.2F};
    struct technique_output last;
    size_t n_first = 0;
    for (int run = 0; run < 2; run++) {
        open_pad();
        (void)episode_of(15, hand_pulse, &pulse);
        if (run == 0) {
            memcpy(first, stage.strokes, sizeof first);
            n_first = stage.n_strokes;
            last = stage.output;
        } else {
            assert_int_equal(stage.n_strokes, n_first);
            assert_memory_equal(stage.strokes, first, n_first * sizeof first[0]);
            assert_memory_equal(&stage.output.state, &last.state, sizeof last.state);
        }
        hand_stage_finish(&stage);
    }
}

static void other_arrays_and_rates_say_the_same(void **state)
{
    (void)state;
    static const struct {
        uint16_t side;
        float pitch_mm, rate_hz;
    } arrays[] = {{6, 30, 45}, {16, 15, 100}, {64, 5, 60}, {40, 8, 1000}, {20, 20, 30}};
    struct hand_pulse pulse = {.hz = 0.6, .blob = PALM, .ebb = 0.1F};
    for (unsigned i = 0; i < 5; i++) {
        open_stage(arrays[i].side, arrays[i].pitch_mm, arrays[i].rate_hz, MOUNT_PAD);
        assert_episode(episode_of(16, hand_pulse, &pulse), TECHNIQUE_PETRISSAGE, 36);
        hand_stage_finish(&stage);
    }
}

static void an_array_of_nothing_is_refused(void **state)
{
    (void)state;
    struct array_layout layout = {.n_taxels = 0, .rate_hz = 100};
    struct technique_tracker *tracker;
    assert_int_equal(technique_tracker_create(&tracker, &layout, &classifier_rules),
                     THENAR_ERR_ARGUMENT);
    assert_null(tracker);
    technique_tracker_destroy(NULL);
}

/* Round and round, pressing twice a turn: a circle has no main axis, and none may be found anew
 * with every window. */
struct circle {
    double hz;
    float radius_mm, wobble;
};

static unsigned go_round(double at_s, const void *with, struct hand_blob *blobs)
{
    const struct circle *circle = with;
    double turn = 2 * M_PI * circle->hz * at_s;
    blobs[0] = (struct hand_blob){circle->radius_mm * (float)cos(turn),
                                  circle->radius_mm * (float)sin(turn), 12,
                                  60 * (1 + circle->wobble * (float)sin(2 * turn))};
    return 1;
}

static void a_circle_counts_once_a_turn(void **state)
{
    (void)state;
    static const double cpm[] = {90, 132, 150};
    for (unsigned i = 0; i < 3; i++) {
        struct circle circle = {cpm[i] / 60, 8, 0.2F};
        open_stage(32, 10, 200, MOUNT_PAD);
        assert_episode(episode_of(8, go_round, &circle), TECHNIQUE_FRICTION, cpm[i]);
        unsigned n = 0;
        for (size_t k = 0; k < stage.n_strokes; k++)
            n += stage.strokes[k].technique == TECHNIQUE_FRICTION;
        assert_true(fabs(n - 8 * circle.hz) <= 1.5);
        hand_stage_finish(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squeezing_is_petrissage),
        cmocka_unit_test(small_turns_are_friction),
        cmocka_unit_test(a_circle_counts_once_a_turn),
        cmocka_unit_test(wide_turns_are_rolling),
        cmocka_unit_test(blows_are_tapotement),
        cmocka_unit_test(two_hands_that_strike_unlike_are_no_octave_lower),
        cmocka_unit_test(one_hand_that_strikes_is_not_two),
        cmocka_unit_test(the_phase_is_that_of_the_press),
        cmocka_unit_test(ripples_are_vibration),
        cmocka_unit_test(glides_that_lift_are_effleurage),
        cmocka_unit_test(small_and_still_is_compression_without_pace),
        cmocka_unit_test(a_hand_that_presses_is_a_hold_until_no_push_is_so_long),
        cmocka_unit_test(two_still_hands_apart_are_stretching),
        cmocka_unit_test(nothing_is_rest),
        cmocka_unit_test(fast_techniques_are_named_within_a_second_and_a_half),
        cmocka_unit_test(a_glove_never_says_effleurage),
        cmocka_unit_test(a_gap_keeps_the_name_and_restarts_the_rest),
        cmocka_unit_test(the_same_frames_give_the_same_bits),
        cmocka_unit_test(other_arrays_and_rates_say_the_same),
        cmocka_unit_test(an_array_of_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

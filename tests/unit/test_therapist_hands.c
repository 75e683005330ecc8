/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each shape of the hand owes (its force, its size, a mirror), and what unrest does to it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "therapist/hand.h"
#include "therapist/unrest.h"
#include "unit/assert_near.h"

static struct pose pose_of(enum hand_shape shape, unsigned hand)
{
    struct step step = {.shape = shape};
    struct hand_place place = {.size = 1.0F, .hand = hand};
    struct pose pose = {0};
    hand_add_shape(&pose, &place, &step, shape, 40.0F);
    return pose;
}

static void every_shape_presses_as_hard_as_it_is_told(void **state)
{
    (void)state;
    for (unsigned shape = SHAPE_USUAL + 1; shape < N_HAND_SHAPES; shape++) {
        struct pose pose = pose_of((enum hand_shape)shape, HAND_RIGHT);
        double force_n = 0.0;
        assert_in_range(pose.n_lobes, 1, LOBES_MAX / 2); /* two hands go into a pose */
        for (unsigned i = 0; i < pose.n_lobes; i++) {
            const struct lobe *lobe = &pose.lobes[i];
            assert_true(lobe->force_n > 0.0F && lobe->a_mm > 0.0F && lobe->b_mm > 0.0F);
            /* Nothing of a hand lies further from its middle than a hand is long. */
            assert_true(hypotf(lobe->x_mm, lobe->y_mm) < 115.0F);
            force_n += (double)lobe->force_n;
        }
        assert_near(force_n, 40.0, 1e-3);
    }
}

static void the_left_hand_is_the_right_one_in_a_mirror(void **state)
{
    (void)state;
    for (unsigned shape = SHAPE_USUAL + 1; shape < N_HAND_SHAPES; shape++) {
        struct pose left = pose_of((enum hand_shape)shape, HAND_LEFT);
        struct pose right = pose_of((enum hand_shape)shape, HAND_RIGHT);
        assert_int_equal(left.n_lobes, right.n_lobes);
        for (unsigned i = 0; i < left.n_lobes; i++) {
            assert_near(left.lobes[i].x_mm, right.lobes[i].x_mm, 1e-4);
            assert_near(left.lobes[i].y_mm, -right.lobes[i].y_mm, 1e-4);
        }
    }
}

/* Over ten minutes: mean and spread of a hand's force and place are what was asked for. */
static void unrest_wanders_as_far_as_asked(void **state)
{
    (void)state;
    static const struct unrest unrest = {
        .tremor_hz = 9.3, .drift_hz = 0.08, .tremor_turn = 0.31, .drift_turn = 0.77};
    enum { N = 12000 };
    struct step step = {.shape = SHAPE_THUMB};
    double sum = 0.0, squares = 0.0, sum_mm = 0.0, squares_mm = 0.0;
    step.value[PARAM_UNREST_PCT] = 5.0F;
    step.value[PARAM_SWAY_MM] = 2.0F;
    for (unsigned k = 0; k < N; k++) {
        struct pose pose = pose_of(SHAPE_THUMB, HAND_RIGHT);
        unrest_apply(&unrest, &step, 0.05 * k, &pose);
        double force = (double)pose.lobes[0].force_n / 40.0, x_mm = (double)pose.lobes[0].x_mm;
        sum += force;
        squares += force * force;
        sum_mm += x_mm;
        squares_mm += x_mm * x_mm;
    }
    /* A thumb is hand and pad in one: both wander, and tremor adds a sixteenth. */
    double mean = sum / N, mean_mm = sum_mm / N;
    assert_near(mean, 1.0, 0.005);
    assert_near(sqrt(squares / N - mean * mean), 0.05 * sqrt(2.0 + 0.0613), 0.004);
    assert_near(mean_mm, 0.0, 0.1);
    assert_near(sqrt(squares_mm / N - mean_mm * mean_mm), 1.4, 0.1);
}

static void a_hand_without_unrest_is_left_alone(void **state)
{
    (void)state;
    static const struct unrest unrest = {.tremor_hz = 9.3, .drift_hz = 0.08};
    struct step step = {.shape = SHAPE_HAND};
    struct pose before = pose_of(SHAPE_HAND, HAND_LEFT), after = before;
    unrest_apply(&unrest, &step, 3.3, &after);
    assert_memory_equal(&before, &after, sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_presses_as_hard_as_it_is_told),
        cmocka_unit_test(the_left_hand_is_the_right_one_in_a_mirror),
        cmocka_unit_test(unrest_wanders_as_far_as_asked),
        cmocka_unit_test(a_hand_without_unrest_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

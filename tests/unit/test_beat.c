/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phase and hands, against ladders of events and places that are known exactly. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "technique/beat.h"
#include "technique/hand_turns.h"
#include "unit/random.h"

static struct cycle_times ladder(double from_s, double step_s, unsigned n)
{
    struct cycle_times times = {.n = 0};
    for (unsigned i = 0; i < n; i++)
        cycle_times_add(&times, from_s + i * step_s);
    return times;
}

/* -0.5..0.5 of a cycle. */
static double apart(double phase, double wanted)
{
    double off = phase - wanted;
    return off - round(off);
}

static void an_even_ladder_has_its_exact_phase(void **state)
{
    (void)state;
    for (unsigned n = 3; n < 45; n++) {
        struct cycle_times times = ladder(10.2, 0.4, n);
        struct beat beat = beat_find(&times, 150);
        assert_true(fabs(beat.period_s - 0.4) < 1e-9);
        assert_true(beat.confidence > 0.999F);
        for (double at_s = times.at_s[times.n - 1]; at_s < times.at_s[times.n - 1] + 2;
             at_s += 0.013) {
            float phase = beat_phase(&beat, at_s);
            assert_true(phase >= 0 && phase < 1);
            assert_true(fabs(apart((double)phase, (at_s - 10.2) / 0.4)) < 1e-3);
        }
    }
}

static void uneven_events_are_averaged_and_doubted(void **state)
{
    (void)state;
    struct random random = {.state = 5};
    double squares = 0, confidence = 0;
    for (unsigned k = 0; k < 200; k++) {
        struct cycle_times times = {.n = 0};
        for (unsigned i = 0; i < 12; i++)
            cycle_times_add(&times,
                            5 + 0.5 * i + 0.05 * ((double)random_below(&random, 2001) / 1000 - 1));
        struct beat beat = beat_find(&times, 120);
        double off = apart((double)beat_phase(&beat, times.at_s[11]), (times.at_s[11] - 5) / 0.5);
        squares += off * off / 200;
        confidence += (double)beat.confidence / 200;
    }
    /* Even over 10 % to both sides is 5.8 % of standard deviation; the line's end has 0.68 of it.
     */
    assert_true(sqrt(squares) < 0.05);
    assert_true(confidence > 0.6 && confidence < 0.8);
}

static void no_beat_without_pace_or_against_it(void **state)
{
    (void)state;
    struct cycle_times times = ladder(0, 0.5, 8), two = ladder(0, 0.5, 2), none = {.n = 0};
    assert_true(isnan(beat_find(&times, NAN).at_s));
    assert_true(isnan(beat_find(&times, 60).at_s));
    assert_true(isnan(beat_find(&two, 120).at_s));
    assert_true(isnan(beat_find(&none, 120).at_s));
    struct beat beat = beat_none();
    assert_true(isnan(beat_phase(&beat, 3)));
    /* After a pause the ladder begins anew. */
    cycle_times_add(&times, 10);
    cycle_times_add(&times, 10.5);
    assert_true(isnan(beat_find(&times, 120).at_s));
    cycle_times_add(&times, 11);
    beat = beat_find(&times, 120);
    assert_true(fabs(apart((double)beat_phase(&beat, 11.25), 0.5)) < 1e-6);
}

static void hands_in_turn_are_told_apart(void **state)
{
    (void)state;
    struct hand_turns turns;
    struct random random = {.state = 9};
    hand_turns_reset(&turns);
    for (unsigned i = 0; i < 40; i++) {
        /* Both wander on, and are never twice in the same place. */
        float shake = (float)random_below(&random, 11) - 5;
        float x = (i % 2 ? 30 : -30) + 4 * (float)i + shake, y = 7 - shake;
        unsigned hand = hand_turns_add(&turns, x, y, 12);
        assert_int_equal(hand, i < 4 ? 0 : i % 2 ? 2 : 1);
    }
    assert_true(turns.apart);
    /* One hand goes on alone. */
    for (unsigned i = 0; i < 8; i++)
        (void)hand_turns_add(&turns, 200 + 4 * (float)i, 7, 12);
    assert_false(turns.apart);
}

static void one_hand_is_not_two(void **state)
{
    (void)state;
    struct random random = {.state = 11};
    unsigned n_apart = 0;
    struct hand_turns turns;
    hand_turns_reset(&turns);
    for (unsigned i = 0; i < 2000; i++) {
        float x = (float)random_below(&random, 31) - 15, y = (float)random_below(&random, 31) - 15;
        n_apart += hand_turns_add(&turns, x + 0.5F * (float)i, y, 12) != 0;
    }
    assert_true(n_apart < 40); /* by chance, 2 % of the time at most */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_even_ladder_has_its_exact_phase),
        cmocka_unit_test(uneven_events_are_averaged_and_doubted),
        cmocka_unit_test(no_beat_without_pace_or_against_it),
        cmocka_unit_test(hands_in_turn_are_told_apart),
        cmocka_unit_test(one_hand_is_not_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

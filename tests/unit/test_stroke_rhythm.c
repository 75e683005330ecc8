/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of known mean and variation: what is told of them, and how surely. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "technique/stroke_rhythm.h"

static struct stroke_rhythm rhythm;
static double now_s;

static void stroke_after(float interval_s)
{
    now_s += (double)interval_s;
    const struct stroke stroke = {.technique = TECHNIQUE_EFFLEURAGE,
                                  .start_s = now_s - 0.5 * (double)interval_s,
                                  .end_s = now_s,
                                  .interval_s = interval_s};
    stroke_rhythm_add(&rhythm, &stroke);
}

static int set_up(void **state)
{
    (void)state;
    stroke_rhythm_init(&rhythm);
    now_s = 100;
    return 0;
}

/* Normal, by twelve even draws; a fixed generator. */
static float normal(void)
{
    static uint32_t seed = 1;
    float sum = -6;
    for (int i = 0; i < 12; i++) {
        seed = seed * 1664525U + 1013904223U;
        sum += (float)(seed >> 8) / 16777216.0F;
    }
    return sum;
}

static void even_strokes_have_their_pace(void **state)
{
    (void)state;
    struct stroke_rhythm_reading reading;
    for (int i = 0; i < STROKE_RHYTHM_LEAST - 1; i++)
        stroke_after(3);
    stroke_rhythm_read(&rhythm, now_s, &reading);
    assert_true(isnan(reading.pace_cpm) && isnan(reading.regularity_pct));
    for (int i = 0; i < 4; i++)
        stroke_after(3);
    stroke_rhythm_read(&rhythm, now_s, &reading);
    assert_float_equal(reading.pace_cpm, 20, 1e-3);
    assert_float_equal(reading.pace_u_cpm, 0, 1e-3);
    assert_float_equal(reading.regularity_pct, 0, 1e-3);
    stroke_rhythm_read(&rhythm, now_s + 11, &reading); /* three intervals later it is over */
    assert_true(isnan(reading.pace_cpm));
}

static void one_odd_stroke_is_not_uneven(void **state)
{
    (void)state;
    struct stroke_rhythm_reading reading;
    for (int i = 0; i < 12; i++)
        stroke_after(i == 6 ? 3.6F : 2);
    stroke_rhythm_read(&rhythm, now_s, &reading);
    assert_float_equal(reading.regularity_pct, 0, 1e-3);
}

static void assert_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within))
        fail_msg("%g is not within %g of %g", value, within, wanted);
}

/* The mean of many readings is the variation that was drawn, and their scatter what is told. */
static void uneven_strokes_are_told_as_uneven_as_they_are(void **state)
{
    (void)state;
    enum { N_DRAWS = 2000 };
    static const double wanted_pct = 20;
    static const int lengths[] = {5, 7, 12};
    for (unsigned k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        double sum = 0, squares = 0, told = 0, pace = 0, pace_squares = 0, pace_told = 0;
        for (int draw = 0; draw < N_DRAWS;) {
            struct stroke_rhythm_reading reading;
            (void)set_up(NULL);
            for (int i = 0; i < lengths[k]; i++)
                stroke_after(fmaxf(0.8F, 2 * (1 + (float)wanted_pct / 100 * normal())));
            stroke_rhythm_read(&rhythm, now_s, &reading);
            if (isnan(reading.pace_cpm))
                continue; /* a short first interval makes the second look like a pause */
            draw++;
            sum += (double)reading.regularity_pct / N_DRAWS;
            squares += pow((double)reading.regularity_pct, 2) / N_DRAWS;
            told += (double)reading.regularity_u_pct / N_DRAWS;
            pace += (double)reading.pace_cpm / N_DRAWS;
            pace_squares += pow((double)reading.pace_cpm, 2) / N_DRAWS;
            pace_told += (double)reading.pace_u_cpm / N_DRAWS;
        }
        assert_near(sum, wanted_pct, 0.06 * wanted_pct);
        assert_near(told, sqrt(squares - sum * sum), 0.15 * told);
        assert_near(pace, 30, 0.6);
        assert_near(pace_told, sqrt(pace_squares - pace * pace), 0.15 * pace_told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(even_strokes_have_their_pace, set_up),
        cmocka_unit_test_setup(one_odd_stroke_is_not_uneven, set_up),
        cmocka_unit_test_setup(uneven_strokes_are_told_as_uneven_as_they_are, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

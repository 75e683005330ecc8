/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strokes of hands whose force and way are known in closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "technique/strokes.h"

static const double RATE_HZ = 200, TAU = 6.283185307179586;

static struct strokes *strokes;
static double at_s;

static int begin(void **state)
{
    (void)state;
    at_s = 0;
    return strokes_create(&strokes, 10) != THENAR_OK;
}

static int end(void **state)
{
    (void)state;
    strokes_destroy(strokes);
    return 0;
}

/* Force in N and place in mm at a time from the start of the span. */
typedef void (*course)(double in_s, float *force_n, float *x_mm, float *y_mm);

static void play(double span_s, course where)
{
    for (unsigned i = 0; i < (unsigned)lrint(span_s * RATE_HZ); i++) {
        float force = 0, x = 0, y = 0;
        if (where)
            where(i / RATE_HZ, &force, &x, &y);
        struct contacts_sum sum = {.force_n = force,
                                   .peak_kpa = 3 * force,
                                   .mean_kpa = force,
                                   .area_cm2 = force > 0 ? 10 : 0,
                                   .cop_x_mm = force > 0 ? x : NAN,
                                   .cop_y_mm = force > 0 ? y : NAN,
                                   .major_mm = 50,
                                   .minor_mm = 40,
                                   .n_lobes = force > 0};
        strokes_execute(strokes, at_s, &sum);
        at_s += 1 / RATE_HZ;
    }
}

static unsigned take(enum technique technique, enum stroke_reader reader, struct stroke *out,
                     unsigned n_max)
{
    return strokes_take(strokes, at_s, technique, reader, true, out, n_max);
}

/* 20 N for a second, 30 mm to the right and 40 mm down: 50 mm at 53.13 degrees. */
static void glide(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    float share = fminf((float)in_s, 1);
    *force_n = in_s < 1 ? 20 : 0;
    *x_mm = -10 + 60 * share;
    *y_mm = 5 + 80 * share;
}

static void a_glide_has_its_impulse_way_and_direction(void **state)
{
    (void)state;
    struct stroke stroke[4];
    play(0.5, NULL);
    play(1.6, glide);
    play(1.4, glide);
    assert_int_equal(take(TECHNIQUE_EFFLEURAGE, READ_TOUCH, stroke, 4), 2);
    for (int i = 0; i < 2; i++) {
        const struct stroke *s = &stroke[i];
        assert_int_equal(s->technique, TECHNIQUE_EFFLEURAGE);
        assert_true(fabs(s->end_s - s->start_s - 1) < 0.01);
        assert_true(fabsf(s->impulse_n_s / 20 - 1) < 0.01F);
        assert_true(fabsf(s->mean_force_n / 20 - 1) < 0.01F);
        assert_true(fabsf(s->peak_kpa - 60) < 0.1F);
        assert_true(fabsf(s->mean_kpa / 20 - 1) < 0.01F);
        assert_true(fabsf(s->contact_cm2 / 10 - 1) < 0.01F);
        assert_true(s->evenness_pct > 98);
        /* The first 0.12 s settle: the way counts from there. */
        assert_true(s->path_mm > 86 && s->path_mm < 100.5F);
        assert_true(fabsf(s->speed_mm_s / s->path_mm - 1) < 0.02F);
        assert_true(fabsf(s->direction_deg - 53.13F) < 1);
    }
    assert_true(fabs(stroke[0].start_s - 0.5) < 0.01);
    assert_true(isnan(stroke[0].interval_s));
    assert_true(fabsf(stroke[1].interval_s - 1.6F) < 0.005F);
}

static void squeeze(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    *force_n = 20 - 15 * (float)cos(TAU * 0.8 * in_s);
    *x_mm = *y_mm = 0;
}

static void squeezes_run_from_trough_to_trough(void **state)
{
    (void)state;
    struct stroke stroke[32];
    strokes_set_rhythm(strokes, 0.8F, NAN);
    play(0.3, NULL);
    play(12.5, squeeze); /* ten of 1.25 s */
    play(2.0, NULL);
    unsigned n = take(TECHNIQUE_PETRISSAGE, READ_FORCE, stroke, 32);
    assert_in_range(n, 9, 10); /* the last has no trough to end in, only the lift */
    for (unsigned i = 0; i < n; i++) {
        const struct stroke *s = &stroke[i];
        if (i > 0 && i < 9) {
            assert_true(fabs(s->start_s - 0.3 - 1.25 * i) < 0.02);
            assert_true(fabs(s->end_s - s->start_s - 1.25) < 0.02);
            assert_true(fabsf(s->impulse_n_s / 25 - 1) < 0.02F); /* mean of 20 N */
            /* Coefficient of variation of 20 - 15 cos: 15 / sqrt(2) / 20. */
            assert_true(fabsf(s->evenness_pct - 100 * (1 - 0.5303F)) < 2);
        }
        if (i > 2 && i < 9 && /* the first crossing knows no cycle before it */
            !(fabsf(s->interval_s - 1.25F) < 0.01F))
            fail_msg("interval %u: %.4f s", i, (double)s->interval_s);
        assert_true(fabsf(s->peak_kpa - 105) < 1);
        assert_true(isnan(s->direction_deg));
    }
}

static void to_and_fro(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    *force_n = 30;
    *x_mm = -8 * (float)cos(TAU * 2.5 * in_s);
    *y_mm = 0;
}

static void turns_count_there_and_back(void **state)
{
    (void)state;
    struct stroke stroke[32];
    strokes_set_axis(strokes, 1, 0);
    strokes_set_rhythm(strokes, NAN, 2.5F);
    play(0.3, NULL);
    play(8, to_and_fro); /* twenty of 0.4 s */
    play(1, NULL);
    unsigned n = take(TECHNIQUE_FRICTION, READ_PLACE, stroke, 32);
    assert_in_range(n, 19, 20);
    for (unsigned i = 1; i < 18; i++) {
        assert_true(fabs(stroke[i].end_s - stroke[i].start_s - 0.4) < 0.02);
        if (i > 1 && !(fabsf(stroke[i].interval_s - 0.4F) < 0.01F))
            fail_msg("interval %u: %.4f s", i, (double)stroke[i].interval_s);
        assert_true(fabsf(stroke[i].path_mm - 32) < 2); /* 16 there, 16 back */
        assert_true(fabsf(stroke[i].impulse_n_s / 12 - 1) < 0.03F);
    }
}

/* A circle of 12 mm, twice a second, with 20 + 4 sin N. */
static void go_round(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    double turn = TAU * 2 * in_s;
    *force_n = 20 + 4 * (float)sin(2 * turn);
    *x_mm = 150 + 12 * (float)cos(turn);
    *y_mm = -90 + 12 * (float)sin(turn);
}

static void a_circle_has_its_way_speed_and_evenness(void **state)
{
    (void)state;
    struct stroke stroke[32];
    strokes_set_rhythm(strokes, NAN, 2);
    play(0.3, NULL);
    play(3, go_round);
    /* Another axis, in the middle of it all: far from the origin, and no movement. */
    strokes_set_axis(strokes, 0, 1);
    play(5, go_round);
    play(1, NULL);
    unsigned n = take(TECHNIQUE_FRICTION, READ_PLACE, stroke, 32);
    assert_in_range(n, 14, 16);
    unsigned n_without = 0;
    for (unsigned i = 1; i + 1 < n; i++) {
        const struct stroke *s = &stroke[i];
        n_without += isnan(s->interval_s) ? 1 : 0;
        if (fabs(s->end_s - s->start_s - 0.5) > 0.02)
            continue; /* where the axis changed */
        assert_true(fabsf(s->path_mm / (float)(TAU * 12) - 1) < 0.02F);
        assert_true(fabsf(s->speed_mm_s / (float)(TAU * 24) - 1) < 0.03F);
        assert_true(fabsf(s->impulse_n_s / 10 - 1) < 0.02F);
        assert_true(fabsf(s->mean_force_n / 20 - 1) < 0.02F);
        assert_true(fabsf(s->evenness_pct - 100 * (1 - 0.2F / sqrtf(2))) < 1);
        assert_true(isnan(s->direction_deg));
        /* The cycle after the change finds its levels again. */
        float tolerance_s = s->start_s > 3.3 && s->start_s < 5 ? 0.015F : 0.005F;
        if (!isnan(s->interval_s) && !(fabsf(s->interval_s - 0.5F) < tolerance_s))
            fail_msg("interval %u: %.4f s", i, (double)s->interval_s);
    }
    assert_in_range(n_without, 1, 2); /* only there */
}

/* Half a sine of 50 ms, six times a second. */
static void blow(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    double in = fmod(in_s, 1.0 / 6);
    *force_n = in < 0.05 ? 40 * (float)sin(0.5 * TAU * in / 0.05) : 0;
    *x_mm = *y_mm = 0;
}

static void blows_last_as_long_as_they_touch(void **state)
{
    (void)state;
    struct stroke stroke[48];
    play(0.3, NULL);
    play(5, blow); /* thirty */
    play(1, NULL);
    unsigned n = take(TECHNIQUE_TAPOTEMENT, READ_FORCE, stroke, 48);
    assert_in_range(n, 29, 30);
    for (unsigned i = 2; i < 28; i++) {
        double lasts_s = stroke[i].end_s - stroke[i].start_s;
        assert_true(lasts_s > 0.035 && lasts_s < 0.065);
        assert_true(fabsf(stroke[i].impulse_n_s / (40 * 0.05F * 2 / 3.14159F) - 1) < 0.1F);
        assert_true(fabsf(stroke[i].interval_s - 0.16667F) < 0.006F);
    }
}

static void hold(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    *force_n = 40 * (float)(1 - exp(-in_s / 0.3));
    *x_mm = *y_mm = 3;
}

static void creeping_back_after_a_lift_is_no_touch(void **state)
{
    (void)state;
    play(0.2, NULL);
    play(10, hold);
    assert_true(strokes_touched(strokes));
    /* An FSR comes back to zero over seconds: from 2 % of what was held. */
    for (unsigned i = 0; i < 600; i++) {
        struct contacts_sum sum = {.force_n = 0.8F * (float)exp(-(double)i / 400), .area_cm2 = 5};
        strokes_execute(strokes, at_s, &sum);
        at_s += 1 / RATE_HZ;
        assert_false(strokes_touched(strokes));
    }
    assert_true(fabs(strokes_change_s(strokes) - 10.2) < 0.01);
    struct stroke stroke[2];
    assert_int_equal(take(TECHNIQUE_COMPRESSION, READ_TOUCH, stroke, 2), 1);
    assert_true(fabs(stroke[0].end_s - stroke[0].start_s - 10) < 0.02);
}

static void push(double in_s, float *force_n, float *x_mm, float *y_mm)
{
    double in = fmod(in_s, 20);
    double up = fmin(fmin(in / 0.8, (8 - in) / 0.8), 1);
    *force_n = 20 + 40 * (float)fmax(up, 0);
    *x_mm = *y_mm = 0;
}

static void pushes_are_counted_within_a_hold(void **state)
{
    (void)state;
    struct push_summary summary;
    play(0.2, NULL);
    play(15, push);
    strokes_push_summary(strokes, &summary);
    assert_int_equal(summary.n_pushes, 1);
    assert_true(fabsf(summary.push_s - 7.5F) < 1);
    assert_true(fabsf(summary.depth - 0.667F) < 0.03F);
    assert_true(summary.rest_s > 6);
    play(45, NULL); /* lifted: no longer a push */
    strokes_push_summary(strokes, &summary);
    assert_int_equal(summary.n_pushes, 0);
    play(60, push);
    struct stroke stroke[8];
    unsigned n = take(TECHNIQUE_MUSCLE_ENERGY, READ_PUSH, stroke, 8);
    assert_in_range(n, 2, 3);
    for (unsigned i = 1; i < n; i++)
        assert_true(fabsf(stroke[i].interval_s - 20) < 0.5F);
}

static void unnamed_strokes_wait_and_only_one_reader_gives(void **state)
{
    (void)state;
    struct stroke stroke[32];
    play(0.2, NULL);
    play(4, squeeze);
    assert_int_equal(strokes_take(strokes, at_s, TECHNIQUE_RHYTHM, READ_FORCE, false, stroke, 32),
                     0); /* all younger than the wait */
    play(1, squeeze);
    unsigned n = strokes_take(strokes, at_s, TECHNIQUE_PETRISSAGE, READ_FORCE, true, stroke, 2);
    assert_int_equal(n, 2); /* as many as there is room for, the rest next time */
    n = take(TECHNIQUE_PETRISSAGE, READ_FORCE, stroke, 32);
    assert_in_range(n, 1, 2);
    play(0.5, NULL);
    /* The touch spans what was given out already. */
    assert_int_equal(take(TECHNIQUE_HOLD, READ_TOUCH, stroke, 32), 0);
}

static void a_reset_forgets_what_waits(void **state)
{
    (void)state;
    struct stroke stroke[8];
    play(0.2, NULL);
    play(3, squeeze);
    strokes_reset(strokes);
    assert_int_equal(take(TECHNIQUE_PETRISSAGE, READ_FORCE, stroke, 8), 0);
    assert_false(strokes_touched(strokes));
    assert_int_equal(strokes_times(strokes, READ_FORCE)->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_glide_has_its_impulse_way_and_direction, begin, end),
        cmocka_unit_test_setup_teardown(squeezes_run_from_trough_to_trough, begin, end),
        cmocka_unit_test_setup_teardown(turns_count_there_and_back, begin, end),
        cmocka_unit_test_setup_teardown(a_circle_has_its_way_speed_and_evenness, begin, end),
        cmocka_unit_test_setup_teardown(blows_last_as_long_as_they_touch, begin, end),
        cmocka_unit_test_setup_teardown(creeping_back_after_a_lift_is_no_touch, begin, end),
        cmocka_unit_test_setup_teardown(pushes_are_counted_within_a_hold, begin, end),
        cmocka_unit_test_setup_teardown(unnamed_strokes_wait_and_only_one_reader_gives, begin, end),
        cmocka_unit_test_setup_teardown(a_reset_forgets_what_waits, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

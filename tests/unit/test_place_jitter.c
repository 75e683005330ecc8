/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "technique/place_jitter.h"
#include "unit/assert_near.h"

static const double RATE_HZ = 100, TAU = 6.283185307179586;

static unsigned random_state = 7;

/* Sum of twelve: standard deviation 1. */
static float normal(void)
{
    float sum = -6.0F;
    for (int i = 0; i < 12; i++) {
        random_state = random_state * 1664525U + 1013904223U;
        sum += (float)(random_state >> 8) / 16777216.0F;
    }
    return sum;
}

/* A hand that goes to and fro over `way_mm`, `hz` times a second, in noise. */
static float jitter_of(float way_mm, double hz, float noise_mm, float step_mm)
{
    struct place_jitter jitter = {0};
    for (unsigned i = 0; i < 1000; i++) {
        float x = 0.5F * way_mm * (float)sin(TAU * hz * i / RATE_HZ);
        x += i > 900 ? step_mm : 0; /* a finger is laid beside the others */
        place_jitter_push(&jitter, i / RATE_HZ, x + noise_mm * normal(), noise_mm * normal());
    }
    return place_jitter_mm(&jitter);
}

static void noise_is_measured(void **state)
{
    (void)state;
    assert_near(place_jitter_mm(&(struct place_jitter){0}), 0, 0);
    assert_near(jitter_of(0, 1, 0.5F, 0), 0.5, 0.15);
    assert_near(jitter_of(0, 1, 3.0F, 0), 3.0, 0.9);
}

static void movement_is_none(void **state)
{
    (void)state;
    assert_true(jitter_of(15, 3, 0, 0) < 0.03F);    /* a thumb that rubs */
    assert_true(jitter_of(200, 0.5, 0, 0) < 0.03F); /* a long stroke */
    assert_near(jitter_of(15, 3, 1.0F, 0), 1.0, 0.3);
    assert_near(jitter_of(0, 1, 0.5F, 20), 0.5, 0.25);
}

static void a_lift_is_no_movement(void **state)
{
    (void)state;
    struct place_jitter jitter = {0};
    for (unsigned i = 0; i < 200; i++) {
        if (i % 50 == 0)
            place_jitter_break(&jitter);
        place_jitter_push(&jitter, i / RATE_HZ, i / 50 % 2 ? 100.0F : 0.0F, 0);
    }
    assert_near(place_jitter_mm(&jitter), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_measured),
        cmocka_unit_test(movement_is_none),
        cmocka_unit_test(a_lift_is_no_movement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signal/taxel_health.h"

enum { SIDE = 16, N_TAXELS = SIDE * SIDE };

struct scene {
    struct array_layout layout;
    struct taxel_health *health;
    float noise;          /* every live taxel, 0..noise */
    bool stuck[N_TAXELS]; /* reads `stuck_at` whatever happens */
    float stuck_at;
    float zero; /* subtracted from all */
    unsigned frame, n_changes;
    float reading[N_TAXELS], raw[N_TAXELS];
};

static void open_scene(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    assert_int_equal(array_layout_init(&scene->layout, SIDE, SIDE, 15.0F, 15.0F, 200.0F),
                     THENAR_OK);
    assert_int_equal(taxel_health_create(&scene->health, &scene->layout), THENAR_OK);
}

static void close_scene(struct scene *scene)
{
    taxel_health_destroy(scene->health);
    array_layout_finish(&scene->layout);
}

/* A round hand of `radius` taxels walks along the rows, one row after the other. */
static void play(struct scene *scene, float seconds, float radius)
{
    unsigned random = scene->frame + 1;
    for (unsigned t = 0; t < (unsigned)(200.0F * seconds); t++, scene->frame++) {
        float walked = (float)scene->frame / 40.0F;
        float col = fmodf(walked, SIDE), row = fmodf(floorf(walked / SIDE) * 2.0F, SIDE);
        for (unsigned i = 0; i < N_TAXELS; i++) {
            random = random * 1664525U + 1013904223U;
            float dx = (float)(i % SIDE) - col, dy = (float)(i / SIDE) - row;
            float pressed = dx * dx + dy * dy < radius * radius ? 50.0F : 0.0F;
            float value = pressed + scene->noise * (float)(random >> 8) / 16777216.0F;
            scene->reading[i] = scene->stuck[i] ? scene->stuck_at : value;
            scene->raw[i] = scene->reading[i] - scene->zero;
        }
        scene->n_changes +=
            taxel_health_execute(scene->health, NULL, scene->reading, scene->raw, 1.0F);
    }
}

static void test_a_healthy_array(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    play(&scene, 10.0F, 2.5F); /* a recording without noise: much of it is never touched */
    assert_int_equal(taxel_health_n_dead(scene.health), 0);
    scene.noise = 0.3F;
    play(&scene, 30.0F, 2.5F);
    assert_int_equal(taxel_health_n_dead(scene.health), 0);
    assert_int_equal(scene.n_changes, 0);
    close_scene(&scene);
}

/* In noise, a taxel that never changes stands out after 5 s, at either end of its range. */
static void test_silent_in_noise(void **state)
{
    (void)state;
    for (int end = 0; end < 2; end++) {
        struct scene scene;
        open_scene(&scene);
        scene.noise = 0.3F;
        scene.stuck[0] = scene.stuck[100] = true;
        scene.stuck_at = end ? 450.0F : 0.0F;
        play(&scene, 4.0F, 0.0F);
        assert_int_equal(taxel_health_n_dead(scene.health), 0);
        play(&scene, 3.0F, 0.0F);
        assert_int_equal(taxel_health_n_dead(scene.health), 2);
        assert_true(taxel_health_dead(scene.health)[0]);
        assert_true(taxel_health_dead(scene.health)[100]);
        scene.stuck[100] = false; /* the wire touches again */
        play(&scene, 2.0F, 0.0F);
        assert_int_equal(taxel_health_n_dead(scene.health), 1);
        close_scene(&scene);
    }
}

/* An open taxel that reads noise, or nothing at all, is found when a hand has passed often. */
static void test_deaf_under_the_hand(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    scene.stuck[5 * SIDE + 6] = true;
    play(&scene, 400.0F, 3.0F);
    assert_int_equal(taxel_health_n_dead(scene.health), 1);
    assert_true(taxel_health_dead(scene.health)[5 * SIDE + 6]);
    scene.stuck[5 * SIDE + 6] = false;
    play(&scene, 120.0F, 3.0F);
    assert_int_equal(taxel_health_n_dead(scene.health), 0);
    assert_int_equal(scene.n_changes, 2);
    close_scene(&scene);
}

/* A zero that moves, by a tare or after drift, moves the pressure and not the taxel. */
static void test_a_tare_is_no_movement(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    scene.noise = 0.3F;
    scene.stuck[7] = true;
    play(&scene, 3.0F, 0.0F);
    scene.zero = 0.15F;
    play(&scene, 4.0F, 0.0F);
    assert_int_equal(taxel_health_n_dead(scene.health), 1);
    taxel_health_reset(scene.health);
    assert_int_equal(taxel_health_n_dead(scene.health), 0);
    assert_false(taxel_health_dead(scene.health)[7]);
    close_scene(&scene);
}

static void test_missing_taxels_are_not_dead(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene);
    taxel_health_destroy(scene.health);
    scene.layout.exists[20] = false;
    assert_int_equal(taxel_health_create(&scene.health, &scene.layout), THENAR_OK);
    scene.noise = 0.3F;
    scene.stuck[20] = true;
    play(&scene, 8.0F, 3.0F);
    assert_int_equal(taxel_health_n_dead(scene.health), 0);
    close_scene(&scene);
    taxel_health_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_healthy_array),
        cmocka_unit_test(test_silent_in_noise),
        cmocka_unit_test(test_deaf_under_the_hand),
        cmocka_unit_test(test_a_tare_is_no_movement),
        cmocka_unit_test(test_missing_taxels_are_not_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

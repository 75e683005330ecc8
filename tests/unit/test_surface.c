/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "therapist/hand.h"
#include "therapist/surface.h"
#include "unit/virtual_array.h"

static double force_of(const struct virtual_array *v, const float *kpa)
{
    double cell_mm2 = (double)(v->array.pitch_x_mm * v->array.pitch_y_mm), force_n = 0.0;
    for (size_t i = 0; i < v->n_taxels; i++)
        force_n += 1e-3 * (double)kpa[i] * cell_mm2;
    return force_n;
}

static struct lobe make_lobe(float x, float y, float angle, float straight, float a, float b)
{
    return (struct lobe){.x_mm = x,
                         .y_mm = y,
                         .cosine = cosf(angle),
                         .sine = sinf(angle),
                         .straight_mm = straight,
                         .a_mm = a,
                         .b_mm = b,
                         .force_n = 30.0F};
}

/* On a fine array the sum over p * area is the force to 0.5 %, at every angle and shape. */
static void the_sum_of_pressure_is_the_force(void **state)
{
    (void)state;
    struct virtual_array v;
    struct surface surface;
    virtual_array_init(&v, 64, 64, 3.0F, 0);
    assert_int_equal(surface_init(&surface, &v.array), THENAR_OK);
    float *kpa = calloc(v.n_taxels, sizeof *kpa);
    for (int turn = 0; turn < 12; turn++) {
        float angle = 0.3F * (float)turn;
        const struct lobe lobes[] = {
            make_lobe(1.3F, -2.1F, angle, 0.0F, 36.0F, 38.0F),
            make_lobe(-7.7F, 4.2F, angle, 0.0F, 14.0F, 11.5F),
            make_lobe(0.4F, 0.9F, angle, 45.0F, 20.0F, 19.0F),
            make_lobe(11.1F, -5.3F, angle, 22.0F, 10.0F, 9.0F),
        };
        for (size_t k = 0; k < sizeof lobes / sizeof lobes[0]; k++) {
            memset(kpa, 0, v.n_taxels * sizeof *kpa);
            surface_press(&surface, &lobes[k], kpa);
            assert_true(fabs(force_of(&v, kpa) / 30.0 - 1.0) < 0.005);
        }
    }
    free(kpa);
    surface_finish(&surface);
    virtual_array_finish(&v);
}

/* Every shape of the hand presses with the force asked for, on a usual array to 6 % (a fingertip is
 * no larger than a taxel there). */
static void hands_press_what_they_are_told(void **state)
{
    (void)state;
    struct virtual_array v;
    struct surface surface;
    virtual_array_init(&v, 48, 48, 8.0F, 0);
    assert_int_equal(surface_init(&surface, &v.array), THENAR_OK);
    float *kpa = calloc(v.n_taxels, sizeof *kpa);
    for (unsigned hand = 0; hand < N_HANDS; hand++)
        for (int shape = 0; shape < 9; shape++) {
            struct hand_place place = {3.0F, -4.0F, 0.4F + (float)shape, 1.0F, hand};
            struct pose pose = {0};
            float asked_n = 0.0F;
            void (*const add[])(struct pose *, const struct hand_place *, float) = {
                hand_add_flat, hand_add_palm, hand_add_thumb, hand_add_elbow,
                hand_add_fist, hand_add_edge, hand_add_cup,   hand_add_forearm};
            if (shape < 8)
                add[shape](&pose, &place, 40.0F);
            else
                hand_add_grip(&pose, &place, 60.0F, 40.0F);
            memset(kpa, 0, v.n_taxels * sizeof *kpa);
            for (unsigned i = 0; i < pose.n_lobes; i++) {
                asked_n += pose.lobes[i].force_n;
                surface_press(&surface, &pose.lobes[i], kpa);
            }
            assert_true(fabsf(asked_n - 40.0F) < 1e-3F);
            assert_true(fabs(force_of(&v, kpa) / 40.0 - 1.0) < 0.06);
        }
    free(kpa);
    surface_finish(&surface);
    virtual_array_finish(&v);
}

/* Under a broad lobe the middle feels the closed form's peak: p0 = 3 F / (pi a b). */
static void the_peak_is_the_closed_form(void **state)
{
    (void)state;
    struct virtual_array v;
    struct surface surface;
    virtual_array_init(&v, 33, 33, 4.0F, 0);
    assert_int_equal(surface_init(&surface, &v.array), THENAR_OK);
    float *kpa = calloc(v.n_taxels, sizeof *kpa);
    struct lobe lobe = make_lobe(0.0F, 0.0F, 0.0F, 0.0F, 50.0F, 40.0F);
    surface_press(&surface, &lobe, kpa);
    double expected = 3.0 * 30.0 / (M_PI * 50.0 * 40.0) * 1e3;
    assert_true(fabs((double)lobe_peak_kpa(&lobe) / expected - 1.0) < 1e-5);
    /* The blur of sqrt(2^2 + 3.2^2 / 12) mm takes the curvature's share: 2 d^2 (1/a^2 + 1/b^2). */
    double d2 = 4.0 + 3.2 * 3.2 / 12.0;
    double blurred = expected * (1.0 - 2.0 * d2 * (1.0 / 2500.0 + 1.0 / 1600.0));
    assert_true(fabs((double)kpa[16 * 33 + 16] / blurred - 1.0) < 1e-3);
    free(kpa);
    surface_finish(&surface);
    virtual_array_finish(&v);
}

static void nothing_is_felt_outside_or_where_nothing_is(void **state)
{
    (void)state;
    struct virtual_array v;
    struct surface surface;
    virtual_array_init(&v, 32, 32, 10.0F, 0);
    v.exists[16 * 32 + 16] = false;
    assert_int_equal(surface_init(&surface, &v.array), THENAR_OK);
    float *kpa = calloc(v.n_taxels, sizeof *kpa);
    struct lobe lobe = make_lobe(5.0F, 5.0F, 0.7F, 10.0F, 20.0F, 12.0F);
    surface_press(&surface, &lobe, kpa);
    for (size_t i = 0; i < v.n_taxels; i++)
        if (hypotf(v.x_mm[i] - 5.0F, v.y_mm[i] - 5.0F) > 35.0F + 2.0F * surface.spread_max_mm)
            assert_true(kpa[i] == 0.0F);
    assert_true(kpa[16 * 32 + 16] == 0.0F);
    assert_true(kpa[16 * 32 + 15] > 0.0F);
    /* A hand beside the array, and one with no force, leave it alone. */
    memset(kpa, 0, v.n_taxels * sizeof *kpa);
    lobe.x_mm = 400.0F;
    surface_press(&surface, &lobe, kpa);
    lobe.x_mm = 0.0F;
    lobe.force_n = 0.0F;
    surface_press(&surface, &lobe, kpa);
    for (size_t i = 0; i < v.n_taxels; i++)
        assert_true(kpa[i] == 0.0F);
    free(kpa);
    surface_finish(&surface);
    virtual_array_finish(&v);
}

/* Its pressure is force over area wherever a taxel lies under it wholly; its sum is the force. */
static void a_puck_presses_evenly_with_its_force(void **state)
{
    (void)state;
    struct virtual_array v;
    struct surface surface;
    virtual_array_init(&v, 64, 64, 3.0F, 0);
    assert_int_equal(surface_init(&surface, &v.array), THENAR_OK);
    float *kpa = calloc(v.n_taxels, sizeof *kpa);
    struct puck puck = {.force_n = 90.0F, .x_mm = 4.3F, .y_mm = -7.9F, .radius_mm = 25.0F};
    double wanted_kpa = 90.0e3 / (M_PI * 625.0);
    surface_press_puck(&surface, &puck, kpa);
    assert_true(fabs(force_of(&v, kpa) / 90.0 - 1.0) < 0.005);
    unsigned n_whole = 0;
    for (size_t i = 0; i < v.n_taxels; i++) {
        float away_mm = hypotf(v.x_mm[i] - puck.x_mm, v.y_mm[i] - puck.y_mm);
        if (away_mm < 25.0F - 8.0F) { /* four widths of the blur, within which the rim is felt */
            assert_true(fabs((double)kpa[i] / wanted_kpa - 1.0) < 1e-3);
            n_whole++;
        }
        assert_true(away_mm < 25.0F + 12.0F || kpa[i] == 0.0F);
    }
    assert_true(n_whole > 80);
    memset(kpa, 0, v.n_taxels * sizeof *kpa);
    surface_press_evenly(&surface, 50.0F, kpa);
    for (size_t i = 0; i < v.n_taxels; i++)
        assert_true(kpa[i] == 50.0F);
    free(kpa);
    surface_finish(&surface);
    virtual_array_finish(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_of_pressure_is_the_force),
        cmocka_unit_test(hands_press_what_they_are_told),
        cmocka_unit_test(the_peak_is_the_closed_form),
        cmocka_unit_test(a_puck_presses_evenly_with_its_force),
        cmocka_unit_test(nothing_is_felt_outside_or_where_nothing_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

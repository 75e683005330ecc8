/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "technique/mat_load.h"
#include "therapist/mat_body.h"
#include "unit/virtual_array.h"

/* A mat of 1.8 m x 0.9 m. */
enum { ROWS = 40, COLS = 20, N_TAXELS = ROWS * COLS, RATE_HZ = 100 };
static const float PITCH_MM = 45.0F;

struct bench {
    struct array_layout layout;
    struct mat_load *mat;
    struct virtual_array array;
    struct surface surface;
    struct mat_body body;
    float pressure[N_TAXELS];
    const struct mat_reading *reading;
    int i; /* of the next frame */
};

static void set_up(struct bench *bench, uint64_t seed)
{
    memset(bench, 0, sizeof *bench);
    assert_int_equal(array_layout_init(&bench->layout, ROWS, COLS, PITCH_MM, PITCH_MM, RATE_HZ),
                     THENAR_OK);
    bench->layout.mount = MOUNT_MAT;
    assert_int_equal(mat_load_create(&bench->mat, &bench->layout), THENAR_OK);
    virtual_array_init(&bench->array, ROWS, COLS, PITCH_MM, 0);
    assert_int_equal(surface_init(&bench->surface, &bench->array.array), THENAR_OK);
    assert_int_equal(mat_body_init(&bench->body, &bench->surface, seed), THENAR_OK);
}

static void tear_down(struct bench *bench)
{
    mat_body_finish(&bench->body);
    surface_finish(&bench->surface);
    virtual_array_finish(&bench->array);
    mat_load_destroy(bench->mat);
    array_layout_finish(&bench->layout);
}

static double now_s(const struct bench *bench)
{
    return (double)bench->i / RATE_HZ;
}

static void execute(struct bench *bench)
{
    bench->reading = mat_load_execute(bench->mat, now_s(bench), bench->pressure);
    bench->i++;
}

/* One frame of the virtual body, with a hand of so many newtons at its back. */
static void lie(struct bench *bench, float hand_n, float y_mm)
{
    struct pose pose = {.n_lobes = hand_n > 0};
    pose.lobes[0] =
        (struct lobe){.y_mm = y_mm, .cosine = 1, .a_mm = 60, .b_mm = 40, .force_n = hand_n};
    memset(bench->pressure, 0, sizeof bench->pressure);
    mat_body_press(&bench->body, &bench->surface, now_s(bench), &pose, bench->pressure);
    execute(bench);
}

/* ---- closed form ---- */

/* So many newtons, evenly, on the rows from `from` on; each zone is 10 rows high. */
static void press_rows(struct bench *bench, int from, int n_rows, float force_n)
{
    float kpa = force_n / (1e-3F * PITCH_MM * PITCH_MM * (float)(n_rows * COLS));
    for (int i = from * COLS; i < (from + n_rows) * COLS; i++)
        bench->pressure[i] += kpa;
}

static void breathe(struct bench *bench, float hand_n)
{
    float breath_n = 8.0F * (float)sin(2 * M_PI * 0.25 * now_s(bench));
    memset(bench->pressure, 0, sizeof bench->pressure);
    press_rows(bench, 5, 12, 300.0F + breath_n);
    press_rows(bench, 20, 12, 400.0F - breath_n);
    press_rows(bench, 12, 4, hand_n);
    execute(bench);
}

static void test_breath_and_hands_are_told_apart(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 1);
    while (now_s(&bench) < 30)
        breathe(&bench, 0);
    assert_true(fabsf(bench.reading->load_change_n) < 0.1F);
    assert_true(fabsf(bench.reading->breath_cpm - 15) < 0.3F);
    assert_true(isnan(bench.reading->pace_cpm));
    while (now_s(&bench) < 60) /* 40 N twice a second */
        breathe(&bench, 20 - 20 * (float)cos(2 * M_PI * 2 * now_s(&bench)));
    assert_true(fabsf(bench.reading->pace_cpm - 120) < 1.2F);
    assert_true(fabsf(bench.reading->breath_cpm - 15) < 0.5F);
    while (now_s(&bench) < 90) /* as often as one breathes: the breath is hidden, and not guessed */
        breathe(&bench, 20 - 20 * (float)cos(2 * M_PI * 0.25 * now_s(&bench)));
    assert_true(fabsf(bench.reading->pace_cpm - 15) < 0.3F);
    assert_true(isnan(bench.reading->breath_cpm));
    assert_true(isnan(bench.reading->shift_n));
    tear_down(&bench);
}

static void test_a_held_load_stays(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 1);
    while (now_s(&bench) < 20)
        breathe(&bench, 0);
    for (; now_s(&bench) < 320;) {
        breathe(&bench, 60);
        assert_true(now_s(&bench) < 20.5 || fabsf(bench.reading->load_change_n - 60) < 0.5F);
    }
    breathe(&bench, 0);
    assert_true(fabsf(bench.reading->load_change_n) < 0.5F);
    tear_down(&bench);
}

static void test_a_tare_is_the_zero_at_once(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 1);
    for (int i = 0; i < 50; i++)
        breathe(&bench, 0);
    assert_true(isnan(bench.reading->load_change_n)); /* not quiet for long enough yet */
    mat_load_tared(bench.mat); /* as the pipeline does when it takes off what is felt */
    memset(bench.pressure, 0, sizeof bench.pressure);
    press_rows(&bench, 12, 4, 25);
    execute(&bench);
    assert_true(fabsf(bench.reading->load_change_n - 25) < 0.1F);
    tear_down(&bench);
}

static void test_a_shift_is_seen_and_is_no_load(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 1);
    int n_shifts = 0;
    float age_s = INFINITY;
    while (now_s(&bench) < 60) {
        float moved = 90.0F * (float)fmin(1, fmax(0, (now_s(&bench) - 30) / 1.5));
        memset(bench.pressure, 0, sizeof bench.pressure);
        press_rows(&bench, 5, 12, 300 - moved);
        press_rows(&bench, 20, 12, 400 + moved);
        execute(&bench);
        n_shifts += bench.reading->shift_age_s < age_s && age_s != INFINITY;
        n_shifts += age_s == INFINITY && !isnan(bench.reading->shift_age_s);
        if (!isnan(bench.reading->shift_age_s))
            age_s = bench.reading->shift_age_s;
    }
    assert_int_equal(n_shifts, 1);
    print_message("shift of %.1f N\n", (double)bench.reading->shift_n);
    assert_true(fabsf(bench.reading->shift_n / 90 - 1) < 0.1F); /* told while it settles */
    assert_true(fabsf(bench.reading->shift_age_s - 28) < 2);
    assert_true(fabsf(bench.reading->load_change_n) < 1);
    while (now_s(&bench) < 80) { /* a hand that comes and stays is none */
        memset(bench.pressure, 0, sizeof bench.pressure);
        press_rows(&bench, 5, 12, 210);
        press_rows(&bench, 20, 12, 490);
        press_rows(&bench, 10, 4, 80);
        execute(&bench);
    }
    assert_true(bench.reading->shift_age_s > 45);
    assert_true(fabsf(bench.reading->load_change_n - 80) < 1);
    tear_down(&bench);
}

static void test_an_empty_mat_says_nothing(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, 1);
    struct pcg noise;
    pcg_init(&noise, 5, 5);
    while (now_s(&bench) < 60) {
        for (int i = 0; i < N_TAXELS; i++)
            bench.pressure[i] = 0.02F * (float)pcg_gauss(&noise);
        execute(&bench);
        assert_true(isnan(bench.reading->breath_cpm));
        assert_true(isnan(bench.reading->pace_cpm));
    }
    tear_down(&bench);
}

/* ---- the virtual body ---- */

static void test_the_virtual_body_is_read(void **state)
{
    (void)state;
    unsigned n_asked = 0, n_told = 0, n_right = 0, n_shifts = 0, n_seen = 0, n_false = 0;
    float worst_n = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct bench bench;
        set_up(&bench, seed);
        double shift_s = bench.body.shift_start_s, quiet_s = 0;
        float age_s = INFINITY;
        bool waits = false; /* for a shift that was done to be seen */
        while (now_s(&bench) < 240) {
            lie(&bench, 0, 0);
            if (bench.body.shift_start_s > shift_s) {
                shift_s = quiet_s = bench.body.shift_start_s;
                n_shifts++;
                waits = true;
            }
            if (bench.reading->shift_age_s < age_s) {
                n_seen += waits ? 1 : 0;
                n_false += waits ? 0 : 1;
                waits = false;
            }
            age_s = isnan(bench.reading->shift_age_s) ? age_s : bench.reading->shift_age_s;
            if (bench.i % RATE_HZ != 0 || now_s(&bench) - quiet_s < 25)
                continue;
            double true_cpm = 60 / (bench.body.breath_end_s - bench.body.breath_start_s);
            n_asked++;
            n_told += isnan(bench.reading->breath_cpm) ? 0 : 1;
            n_right += fabs((double)bench.reading->breath_cpm - true_cpm) < 3 ? 1 : 0;
            worst_n = fmaxf(worst_n, fabsf(bench.reading->load_change_n));
        }
        tear_down(&bench);
    }
    print_message("breath told %u of %u, right %u; shifts seen %u of %u, false %u; worst load %.2f "
                  "N\n",
                  n_told, n_asked, n_right, n_seen, n_shifts, n_false, (double)worst_n);
    assert_true(n_told > 0.9 * n_asked);
    assert_true(n_right > 0.85 * n_told);
    assert_true(n_seen > 0.7 * n_shifts);
    assert_int_equal(n_false, 0);
    assert_true(worst_n < 3);
}

static void test_hands_on_the_virtual_body(void **state)
{
    (void)state;
    const double paces_hz[] = {0.5, 1, 2, 4};
    for (unsigned k = 0; k < 4; k++) {
        struct bench bench;
        set_up(&bench, 3);
        float least_n = INFINITY, most_n = -INFINITY;
        while (now_s(&bench) < 10)
            lie(&bench, 0, 0);
        while (now_s(&bench) < 40) {
            float hand_n = 30 - 30 * (float)cos(2 * M_PI * paces_hz[k] * now_s(&bench));
            lie(&bench, hand_n, -200);
            if (now_s(&bench) > 38) {
                least_n = fminf(least_n, bench.reading->load_change_n);
                most_n = fmaxf(most_n, bench.reading->load_change_n);
            }
        }
        print_message("%g Hz: pace %.2f /min, load %.1f to %.1f N\n", paces_hz[k],
                      (double)bench.reading->pace_cpm, (double)least_n, (double)most_n);
        assert_true(fabs((double)bench.reading->pace_cpm / (60 * paces_hz[k]) - 1) < 0.02);
        /* The body between is a low-pass of 30 ms; its own breath adds 1 N. */
        double kept = 1 / sqrt(1 + pow(2 * M_PI * paces_hz[k] * 0.03, 2));
        assert_true(fabs((double)(most_n - least_n) - 60 * kept) < 4);
        tear_down(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_breath_and_hands_are_told_apart),
        cmocka_unit_test(test_a_held_load_stays),
        cmocka_unit_test(test_a_tare_is_the_zero_at_once),
        cmocka_unit_test(test_a_shift_is_seen_and_is_no_load),
        cmocka_unit_test(test_an_empty_mat_says_nothing),
        cmocka_unit_test(test_the_virtual_body_is_read),
        cmocka_unit_test(test_hands_on_the_virtual_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

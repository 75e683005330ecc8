/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sneak currents against networks with a closed form, and against the virtual device's mesh. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signal/crosstalk.h"
#include "therapist/sneak_paths.h"
#include "unit/assert_near.h"
#include "unit/random.h"

enum { SIDE = 12, N = SIDE * SIDE };

static struct crosstalk *open_solver(uint16_t n_rows, uint16_t n_cols, enum sensor_circuit circuit)
{
    struct array_layout layout;
    struct crosstalk *crosstalk;
    assert_int_equal(array_layout_init(&layout, n_rows, n_cols, 10, 10, 200), THENAR_OK);
    layout.sensor =
        (struct sensor_law){.unit = UNIT_COUNTS, .circuit = circuit, .full_scale_counts = 4095.0F};
    assert_int_equal(crosstalk_create(&crosstalk, &layout), THENAR_OK);
    array_layout_finish(&layout);
    return crosstalk;
}

static uint16_t read_divider(double g)
{
    return (uint16_t)lround(4095.0 * g / (1.0 + g));
}

/* Three corners of conductance g: the fourth shows g / 3, the others themselves. */
static void three_corners_show_no_fourth(void **state)
{
    (void)state;
    for (int circuit = 0; circuit < 2; circuit++) {
        bool divider = circuit == 0;
        struct crosstalk *crosstalk =
            open_solver(2, 2, divider ? SENSOR_DIVIDER : SENSOR_TRANSIMPEDANCE);
        double g = 0.3;
        uint16_t corner = divider ? read_divider(g) : (uint16_t)lround(4095.0 * g);
        uint16_t ghost = divider ? read_divider(g / 3.0) : (uint16_t)lround(4095.0 * g / 3.0);
        uint16_t counts[4] = {corner, corner, corner, ghost};
        float corrected[4];
        assert_int_equal(crosstalk_execute(crosstalk, counts, corrected), 0);
        for (int i = 0; i < 3; i++)
            assert_near((double)corrected[i], (double)corner, 2.0);
        assert_true(corrected[3] < 2.0F);
        crosstalk_destroy(crosstalk);
    }
}

/* Four alike: each reading is its own conductance and a third of it. */
static void four_corners_share_evenly(void **state)
{
    (void)state;
    struct crosstalk *crosstalk = open_solver(2, 2, SENSOR_TRANSIMPEDANCE);
    uint16_t counts[4] = {1600, 1600, 1600, 1600};
    float corrected[4];
    assert_int_equal(crosstalk_execute(crosstalk, counts, corrected), 0);
    for (int i = 0; i < 4; i++)
        assert_near((double)corrected[i], 1200.0, 4.0);
    crosstalk_destroy(crosstalk);
}

/* n x n alike, each r: between a row and a column the whole shows r (2 n - 1) / n^2. */
static void a_full_array_shows_its_closed_form(void **state)
{
    (void)state;
    struct crosstalk *crosstalk = open_solver(SIDE, SIDE, SENSOR_TRANSIMPEDANCE);
    struct sneak_paths *paths;
    uint16_t counts[N];
    float corrected[N], g[N];
    double part = 0.1, shown = part * SIDE * SIDE / (2.0 * SIDE - 1.0);
    assert_int_equal(sneak_paths_create(&paths, SIDE, SIDE), THENAR_OK);
    for (size_t i = 0; i < N; i++)
        g[i] = (float)part;
    sneak_paths_execute(paths, g, 1e-9);
    for (size_t i = 0; i < N; i++) {
        assert_near((double)g[i], shown, 1e-5 * shown); /* the virtual device's own */
        counts[i] = (uint16_t)lround(4095.0 * shown);
    }
    for (int frame = 0; frame < 20; frame++)
        (void)crosstalk_execute(crosstalk, counts, corrected);
    for (size_t i = 0; i < N; i++)
        assert_near((double)corrected[i] / 4095.0, part, 0.02 * part);
    sneak_paths_destroy(paths);
    crosstalk_destroy(crosstalk);
}

/* Spots drawn at random; ghosts of more than 30 % of the peak go below 2 %. */
static void random_spots_lose_their_ghosts(void **state)
{
    (void)state;
    struct crosstalk *crosstalk = open_solver(SIDE, SIDE, SENSOR_TRANSIMPEDANCE);
    struct sneak_paths *paths;
    struct random random = {7};
    double before_most = 0;
    assert_int_equal(sneak_paths_create(&paths, SIDE, SIDE), THENAR_OK);
    for (int scene = 0; scene < 50; scene++) {
        float g[N] = {0}, shown[N], corrected[N];
        uint16_t counts[N];
        for (int spot = 0; spot < 3; spot++) {
            size_t row = random_below(&random, SIDE - 1);
            size_t col = random_below(&random, SIDE - 1);
            float part = 0.1F + 0.2F * (float)random_below(&random, 1000) / 1000.0F;
            g[row * SIDE + col] = g[row * SIDE + col + 1] = part;
            g[(row + 1) * SIDE + col] = g[(row + 1) * SIDE + col + 1] = 0.7F * part;
        }
        memcpy(shown, g, sizeof g);
        sneak_paths_execute(paths, shown, 1e-6);
        for (size_t i = 0; i < N; i++)
            counts[i] = (uint16_t)fmin(4095.0, round(4095.0 * (double)shown[i]));
        for (int frame = 0; frame < 5; frame++)
            assert_int_equal(crosstalk_execute(crosstalk, counts, corrected), 0);
        double peak = 0, before = 0, after = 0;
        for (size_t i = 0; i < N; i++) {
            peak = fmax(peak, (double)g[i]);
            if (g[i] > 0)
                continue;
            before = fmax(before, (double)shown[i]);
            after = fmax(after, (double)corrected[i] / 4095.0);
        }
        assert_true(after < 0.02 * peak);
        before_most = fmax(before_most, before / peak);
    }
    assert_true(before_most > 0.3);
    sneak_paths_destroy(paths);
    crosstalk_destroy(crosstalk);
}

/* No network reads like this: a corner that shows less than what goes round it. */
static void what_no_network_reads_is_a_ghost(void **state)
{
    (void)state;
    struct crosstalk *crosstalk = open_solver(2, 2, SENSOR_TRANSIMPEDANCE);
    uint16_t counts[4] = {3000, 3000, 3000, 300};
    float corrected[4];
    assert_true(crosstalk_execute(crosstalk, counts, corrected) > 0);
    bool any = false;
    for (int i = 0; i < 4; i++) {
        any |= crosstalk_ghosts(crosstalk)[i];
        assert_true(corrected[i] >= 0 && corrected[i] <= (float)counts[i]);
    }
    assert_true(any);
    crosstalk_destroy(crosstalk);
}

/* Any readings at all: finite, never more than was read, the same twice, and small ones untouched.
 */
static void anything_goes_in(void **state)
{
    (void)state;
    struct crosstalk *a = open_solver(SIDE, SIDE, SENSOR_DIVIDER);
    struct crosstalk *b = open_solver(SIDE, SIDE, SENSOR_DIVIDER);
    struct random random = {99};
    for (int frame = 0; frame < 60; frame++) {
        uint16_t counts[N];
        float first[N], second[N];
        for (size_t i = 0; i < N; i++) {
            uint32_t drawn = random_u32(&random);
            counts[i] = drawn & 1 ? (uint16_t)(drawn >> 20) : (uint16_t)(drawn >> 29);
        }
        counts[frame] = UINT16_MAX;
        assert_int_equal(crosstalk_execute(a, counts, first), crosstalk_execute(b, counts, second));
        assert_memory_equal(first, second, sizeof first);
        for (size_t i = 0; i < N; i++) {
            assert_true(first[i] >= 0 && first[i] <= (float)counts[i]);
            if (counts[i] < 8)
                assert_true(first[i] == (float)counts[i]);
        }
    }
    crosstalk_destroy(a);
    crosstalk_destroy(b);
    crosstalk_destroy(NULL);
}

static void only_counts_have_sneak_currents(void **state)
{
    (void)state;
    struct array_layout layout;
    struct crosstalk *crosstalk;
    assert_int_equal(array_layout_init(&layout, 4, 4, 10, 10, 200), THENAR_OK);
    layout.sensor = (struct sensor_law){.unit = UNIT_KPA};
    assert_int_equal(crosstalk_create(&crosstalk, &layout), THENAR_ERR_ARGUMENT);
    assert_null(crosstalk);
    array_layout_finish(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_corners_show_no_fourth),
        cmocka_unit_test(four_corners_share_evenly),
        cmocka_unit_test(a_full_array_shows_its_closed_form),
        cmocka_unit_test(random_spots_lose_their_ghosts),
        cmocka_unit_test(what_no_network_reads_is_a_ghost),
        cmocka_unit_test(anything_goes_in),
        cmocka_unit_test(only_counts_have_sneak_currents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

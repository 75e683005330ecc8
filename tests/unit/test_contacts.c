/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hand_signals.h"
#include "technique/blobs.h"
#include "technique/contacts.h"
#include "unit/random.h"

static const float GATE_KPA = 0.5F;

/* A pad, its contacts, and the last answer. */
struct pad {
    struct array_layout layout;
    struct contacts *contacts;
    float *pressure;
    double at_s;
    unsigned n;
    struct contact contact[CONTACTS_MAX];
    struct contacts_sum sum;
};

static struct pad make(uint16_t n_rows, uint16_t n_cols, float pitch_mm)
{
    struct pad pad = {.layout = hand_layout(n_rows, n_cols, pitch_mm, 100)};
    pad.pressure = calloc(pad.layout.n_taxels, sizeof *pad.pressure);
    return pad;
}

static void start(struct pad *pad)
{
    assert_int_equal(contacts_create(&pad->contacts, &pad->layout), THENAR_OK);
}

static void finish(struct pad *pad)
{
    contacts_destroy(pad->contacts);
    free(pad->pressure);
    array_layout_finish(&pad->layout);
}

static void look(struct pad *pad)
{
    struct frame_features features = hand_features(&pad->layout, pad->pressure, GATE_KPA);
    pad->n = contacts_execute(pad->contacts, pad->at_s, pad->pressure, features.n_touched, GATE_KPA,
                              pad->contact, &pad->sum);
    pad->at_s += 0.01;
}

static void press(struct pad *pad, const struct hand_blob *blobs, unsigned n)
{
    hand_press(&pad->layout, blobs, n, pad->pressure);
    look(pad);
}

static void a_contact_has_the_force_place_and_axes_of_its_hand(void **state)
{
    (void)state;
    struct pad pad = make(40, 40, 6);
    start(&pad);
    struct hand_blob blob = {13, -21, 16, 60};
    press(&pad, &blob, 1);
    assert_int_equal(pad.n, 1);
    const struct contact *c = &pad.contact[0];
    double force_n = 1e-3 * 2 * M_PI * 16 * 16 * 60;
    assert_true(fabs((double)c->force_n / force_n - 1) < 0.02);
    assert_true(fabsf(c->cop_x_mm - 13) < 0.1F && fabsf(c->cop_y_mm + 21) < 0.1F);
    assert_true(fabsf(c->peak_kpa - 60) < 2);
    assert_true(fabsf(c->major_mm / 64 - 1) < 0.05F && fabsf(c->minor_mm / 64 - 1) < 0.05F);
    assert_true(fabsf(pad.sum.force_n - c->force_n) < 1e-4F * c->force_n);
    assert_true(fabsf(pad.sum.cop_x_mm - c->cop_x_mm) < 1e-3F);
    assert_int_equal(pad.sum.n_lobes, 1);
    finish(&pad);
}

static void a_bar_points_where_it_lies(void **state)
{
    (void)state;
    struct pad pad = make(40, 40, 6);
    start(&pad);
    /* Nine blobs along 30 degrees, 80 mm from end to end. */
    struct hand_blob blobs[9];
    for (int i = 0; i < 9; i++) {
        float along = 10.0F * (float)(i - 4);
        blobs[i] = (struct hand_blob){along * cosf(0.5236F), along * sinf(0.5236F), 8, 30};
    }
    press(&pad, blobs, 9);
    assert_int_equal(pad.n, 1);
    double major = 4 * sqrt(64 + 6000.0 / 9), minor = 4 * sqrt(64);
    assert_true(fabs((double)pad.contact[0].angle_deg - 30) < 1);
    assert_true(fabs((double)pad.contact[0].major_mm / major - 1) < 0.05);
    assert_true(fabs((double)pad.contact[0].minor_mm / minor - 1) < 0.08);
    finish(&pad);
}

static void velocity_follows_the_hand(void **state)
{
    (void)state;
    struct pad pad = make(32, 32, 10);
    start(&pad);
    for (int i = 0; i < 60; i++) {
        struct hand_blob blob = {-60 + 1.2F * (float)i, 40 - 0.5F * (float)i, 15, 40};
        press(&pad, &blob, 1);
        assert_int_equal(pad.contact[0].id, 1);
    }
    assert_true(fabsf(pad.contact[0].velocity_x_mm_s - 120) < 6);
    assert_true(fabsf(pad.contact[0].velocity_y_mm_s + 50) < 4);
    assert_true(fabsf(pad.contact[0].age_s - 0.59F) < 1e-3F);
    finish(&pad);
}

static void contacts_are_born_and_die_and_ids_never_come_again(void **state)
{
    (void)state;
    struct pad pad = make(32, 32, 10);
    start(&pad);
    struct hand_blob blobs[2] = {{-80, 0, 15, 40}, {80, 0, 15, 20}};
    press(&pad, NULL, 0);
    assert_int_equal(pad.n, 0);
    assert_true(isnan(pad.sum.cop_x_mm));
    press(&pad, blobs, 1);
    press(&pad, blobs, 2);
    assert_int_equal(pad.n, 2);
    assert_int_equal(pad.contact[0].id, 1); /* strongest first */
    assert_int_equal(pad.contact[1].id, 2);
    assert_true(fabsf(pad.sum.hands.distance_mm - 160) < 1);
    press(&pad, blobs + 1, 1);
    assert_int_equal(pad.n, 1);
    assert_int_equal(pad.contact[0].id, 2);
    press(&pad, blobs, 2);
    assert_int_equal(pad.contact[0].id, 3);
    press(&pad, NULL, 0);
    assert_int_equal(pad.n, 0);
    contacts_reset(pad.contacts);
    press(&pad, blobs, 1);
    assert_int_equal(pad.contact[0].id, 4);
    finish(&pad);
}

static void the_larger_keeps_its_id_through_merge_and_split(void **state)
{
    (void)state;
    struct pad pad = make(32, 32, 10);
    start(&pad);
    uint32_t large = 0, small = 0;
    unsigned n_before = 2;
    for (int i = 0; i <= 240; i++) {
        /* Together within a second and apart again. */
        float apart = 45.0F + 75.0F * cosf(6.2831853F * (float)i / 240.0F);
        struct hand_blob blobs[2] = {{-apart, 0, 14, 30}, {apart, 0, 14, 60}};
        press(&pad, blobs, 2);
        if (i == 0) {
            large = pad.contact[0].id;
            small = pad.contact[1].id;
        }
        assert_in_range(pad.n, 1, 2);
        assert_int_equal(pad.contact[0].id, large);
        if (i < 120 && pad.n == 2)
            assert_int_equal(pad.contact[1].id, small);
        if (i > 120 && pad.n == 2)
            assert_true(pad.contact[1].id > small); /* born anew by the split */
        if (n_before != pad.n)
            assert_true(fabsf(pad.contact[0].velocity_x_mm_s) < 400); /* parts moved, not it */
        n_before = pad.n;
    }
    assert_int_equal(pad.n, 2);
    assert_int_equal(pad.contact[1].id, 3);
    finish(&pad);
}

static void specks_and_weak_regions_are_nothing(void **state)
{
    (void)state;
    struct pad pad = make(16, 16, 10);
    start(&pad);
    pad.pressure[5 * 16 + 5] = 1.4F * GATE_KPA; /* one taxel, little above the gate */
    pad.pressure[9 * 16 + 9] = pad.pressure[9 * 16 + 10] = 0.9F * GATE_KPA;
    look(&pad);
    assert_int_equal(pad.n, 0);
    pad.pressure[5 * 16 + 5] = 1.6F * GATE_KPA;
    look(&pad);
    assert_int_equal(pad.n, 1);
    pad.pressure[5 * 16 + 5] = 0.5F * GATE_KPA; /* a contact that lives has hysteresis */
    look(&pad);
    assert_int_equal(pad.n, 1);
    assert_int_equal(pad.contact[0].id, 1);
    pad.pressure[5 * 16 + 5] = 0.35F * GATE_KPA;
    look(&pad);
    assert_int_equal(pad.n, 0);
    finish(&pad);
}

static void no_more_than_the_strongest_are_told_apart(void **state)
{
    (void)state;
    struct pad pad = make(40, 40, 10);
    start(&pad);
    struct hand_blob blobs[20];
    for (unsigned i = 0; i < 20; i++)
        blobs[i] = (struct hand_blob){-150 + 75 * (float)(i % 5), -130 + 80 * (float)(i / 5), 8,
                                      10 + (float)i};
    press(&pad, blobs, 20);
    assert_int_equal(pad.n, CONTACTS_MAX);
    for (unsigned i = 0; i + 1 < pad.n; i++)
        assert_true(pad.contact[i].force_n >= pad.contact[i + 1].force_n);
    double least_n = 1e-3 * 2 * M_PI * 64 * 14; /* the fifth weakest */
    assert_true(fabs((double)pad.contact[CONTACTS_MAX - 1].force_n / least_n - 1) < 0.1);
    finish(&pad);
}

/* The independent way: flood fill. */
static unsigned fill(const struct array_layout *layout, const float *pressure, int *label)
{
    unsigned n = 0;
    int n_rows = layout->n_rows, n_cols = layout->n_cols;
    int *stack = calloc(9 * layout->n_taxels, sizeof *stack);
    for (size_t i = 0; i < layout->n_taxels; i++)
        label[i] = -1;
    for (size_t i = 0; i < layout->n_taxels; i++) {
        size_t top = 0;
        if (!(pressure[i] > GATE_KPA) || label[i] >= 0)
            continue;
        stack[top++] = (int)i;
        while (top) {
            int at = stack[--top], row = at / n_cols, col = at % n_cols;
            if (label[at] >= 0)
                continue;
            label[at] = (int)n;
            for (int r = row - 1; r <= row + 1; r++)
                for (int c = col - 1; c <= col + 1; c++)
                    if (r >= 0 && c >= 0 && r < n_rows && c < n_cols &&
                        pressure[r * n_cols + c] > GATE_KPA && label[r * n_cols + c] < 0)
                        stack[top++] = r * n_cols + c;
        }
        n++;
    }
    free(stack);
    return n;
}

static void labels_are_those_of_a_flood_fill(void **state)
{
    (void)state;
    static const uint16_t sizes[][2] = {{6, 6}, {1, 40}, {40, 1}, {17, 33}, {64, 64}};
    struct random random = {7};
    for (unsigned k = 0; k < 5 * 40; k++) {
        struct array_layout layout = hand_layout(sizes[k % 5][0], sizes[k % 5][1], 5, 100);
        float *pressure = calloc(layout.n_taxels, sizeof *pressure);
        int *label = calloc(layout.n_taxels, sizeof *label);
        uint32_t filled = 5 + 90 * (k / 5) / 40; /* per cent: from nearly empty to nearly full */
        for (size_t i = 0; i < layout.n_taxels; i++)
            pressure[i] =
                random_below(&random, 100) < filled ? 1.0F + (float)random_below(&random, 9) : 0;
        struct blobs blobs;
        assert_int_equal(blobs_init(&blobs, &layout), THENAR_OK);
        blobs_find(&blobs, pressure, GATE_KPA);
        assert_int_equal(blobs.n_blobs, fill(&layout, pressure, label));
        size_t n_taxels = 0, n_touched = 0;
        for (size_t r = 0; r < blobs.n_runs; r++)
            for (size_t i = blobs.runs[r].first; i <= blobs.runs[r].last; i++, n_taxels++)
                assert_int_equal(label[i], blobs.runs[r].blob); /* both count in taxel order */
        for (size_t i = 0; i < layout.n_taxels; i++)
            n_touched += pressure[i] > GATE_KPA;
        assert_int_equal(n_taxels, n_touched);
        blobs_finish(&blobs);
        free(label);
        free(pressure);
        array_layout_finish(&layout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_contact_has_the_force_place_and_axes_of_its_hand),
        cmocka_unit_test(a_bar_points_where_it_lies),
        cmocka_unit_test(velocity_follows_the_hand),
        cmocka_unit_test(contacts_are_born_and_die_and_ids_never_come_again),
        cmocka_unit_test(the_larger_keeps_its_id_through_merge_and_split),
        cmocka_unit_test(specks_and_weak_regions_are_nothing),
        cmocka_unit_test(no_more_than_the_strongest_are_told_apart),
        cmocka_unit_test(labels_are_those_of_a_flood_fill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "technique/linear_model.h"
#include "training/fit_report.h"
#include "training/linear_fit.h"

static struct thenar_error error;

/* Two labels a unit apart in feature 3, which varies by a fifth; the rest is noise. */
static void fill(struct sample_table *table, unsigned n)
{
    uint32_t state = 12345;
    sample_table_init(table, feature_vector_n());
    for (unsigned i = 0; i < n; i++) {
        float row[FEATURES_MAX] = {0};
        struct sample sample = {.take = i / 5, .at_s = 1, .weight = 1};
        unsigned which = i / 5 % 2;
        for (unsigned f = 0; f < table->n_features; f++) {
            state = state * 1664525U + 1013904223U;
            row[f] = (float)(state >> 8) / 16777216.0F - 0.5F;
        }
        row[3] = 0.4F * row[3] + (float)which;
        row[5] = NAN;
        sample.label = sample_names_index(&table->labels, which ? "friction/thumb" : "rolling");
        sample.person = sample_names_index(&table->people, i % 10 < 5 ? "anna" : "bert");
        assert_int_equal(sample_table_add(table, &sample, row), THENAR_OK);
    }
}

static struct linear_model *learn(const struct sample_table *table)
{
    struct linear_model *model;
    struct linear_fit_options options = {.shrinkage = 0.25F, .span_weight = {1, 0, 0, 0}};
    assert_int_equal(linear_fit(&model, table, &options, &error), THENAR_OK);
    (void)snprintf(model->name, sizeof model->name, "test 1");
    (void)snprintf(model->hands, sizeof model->hands, "no");
    (void)snprintf(model->recipe, sizeof model->recipe, "test");
    return model;
}

static void test_fit_finds_the_feature_that_tells(void **state)
{
    (void)state;
    struct sample_table table;
    fill(&table, 2000);
    struct linear_model *model = learn(&table);
    assert_int_equal(model->n_outputs, 2);
    assert_int_equal(model->outputs[0].technique, TECHNIQUE_ROLLING);
    assert_int_equal(model->outputs[1].technique, TECHNIQUE_FRICTION);
    float tells = fabsf(model->outputs[1].weight[3] - model->outputs[0].weight[3]);
    for (unsigned f = 0; f < model->n_features; f++)
        if (f != 3)
            assert_true(fabsf(model->outputs[1].weight[f] - model->outputs[0].weight[f]) <
                        0.2F * tells);
    struct fit_report report;
    fit_report_init(&report);
    fit_report_add(&report, model, &table, NULL);
    assert_int_equal(report.n_takes, 400);
    assert_int_equal(report.n_right_techniques, 400);
    assert_int_equal(report.n_right_labels, 400);
    fit_report_finish(&report);
    linear_model_destroy(model);
    sample_table_finish(&table);
}

static void test_text_goes_round(void **state)
{
    (void)state;
    struct sample_table table;
    fill(&table, 400);
    struct linear_model *model = learn(&table), *again;
    size_t n_bytes;
    char *text = linear_model_format(model, &n_bytes);
    assert_non_null(text);
    assert_int_equal(linear_model_parse(&again, text, n_bytes, "round", &error), THENAR_OK);
    assert_string_equal(again->name, "test 1");
    assert_string_equal(again->outputs[1].label, "friction/thumb");
    float one[2], two[2];
    for (unsigned i = 0; i < 50; i++) {
        linear_model_outputs(model, table.rows + i * table.n_features, one);
        linear_model_outputs(again, table.rows + i * table.n_features, two);
        assert_true(fabsf(one[0] - two[0]) < 0.01F);
        assert_true(fabsf(one[0] + one[1] - 1) < 1e-5F);
    }
    linear_model_destroy(again);
    linear_model_destroy(model);
    sample_table_finish(&table);
    free(text);
}

/* What costs the most is only looked for where somebody learned from it. */
static void test_cells_are_asked_for_where_they_were_learned_from(void **state)
{
    (void)state;
    struct sample_table table;
    struct linear_model *model;
    struct linear_fit_options options = {.shrinkage = 0.25F};
    options.span_weight[FEATURE_OF_NO_SPAN] = 1;
    fill(&table, 400);
    assert_int_equal(linear_fit(&model, &table, &options, &error), THENAR_OK);
    assert_false(feature_vector_has_cells(model->n_features));
    assert_false(model->classifier.sees_cells);
    linear_model_destroy(model);
    options.span_weight[FEATURE_OF_CELLS] = 1;
    assert_int_equal(linear_fit(&model, &table, &options, &error), THENAR_OK);
    assert_int_equal(model->n_features, feature_vector_n());
    assert_true(model->classifier.sees_cells);
    linear_model_destroy(model);
    sample_table_finish(&table);
}

/* Features are added at the end: a model made before them goes on. */
static void test_a_model_of_fewer_features_is_read(void **state)
{
    (void)state;
    struct sample_table table;
    fill(&table, 400);
    struct linear_model *model = learn(&table), *again, *none;
    size_t n_bytes;
    model->n_features = 40;
    char *text = linear_model_format(model, &n_bytes);
    assert_int_equal(linear_model_parse(&again, text, n_bytes, "fewer", &error), THENAR_OK);
    assert_int_equal(again->n_features, 40);
    float one[2], two[2];
    linear_model_outputs(model, table.rows, one);
    linear_model_outputs(again, table.rows, two);
    assert_true(fabsf(one[0] - two[0]) < 0.01F);
    free(text);
    model->n_features = 0;
    text = linear_model_format(model, &n_bytes);
    assert_int_equal(linear_model_parse(&none, text, n_bytes, "none", &error), THENAR_ERR_VALUE);
    free(text);
    linear_model_destroy(again);
    linear_model_destroy(model);
    sample_table_finish(&table);
}

static void test_damage_is_refused(void **state)
{
    (void)state;
    struct sample_table table;
    fill(&table, 400);
    struct linear_model *model = learn(&table), *none;
    size_t n_bytes;
    char *text = linear_model_format(model, &n_bytes);
    for (size_t n = 0; n < n_bytes; n++) {
        char *part = malloc(n + 1); /* of its own, so that reading past it is seen */
        memcpy(part, text, n);
        assert_int_not_equal(linear_model_parse(&none, part, n, "cut", &error), THENAR_OK);
        assert_null(none);
        free(part);
    }
    for (size_t i = 0; i < n_bytes; i++) {
        text[i] ^= (char)(1 << i % 8);
        assert_int_not_equal(linear_model_parse(&none, text, n_bytes, "flip", &error), THENAR_OK);
        text[i] ^= (char)(1 << i % 8);
    }
    free(text);
    linear_model_destroy(model);
    sample_table_finish(&table);
}

static void test_the_shipped_model_knows_every_technique(void **state)
{
    (void)state;
    struct linear_model *model;
    assert_int_equal(linear_model_shipped(&model, &error), THENAR_OK);
    bool known[N_TECHNIQUES] = {false};
    for (unsigned k = 0; k < model->n_outputs; k++)
        known[model->outputs[k].technique] = true;
    for (unsigned i = TECHNIQUE_EFFLEURAGE; i <= TECHNIQUE_STRETCHING; i++)
        assert_true(known[i]);
    assert_non_null(strstr(linear_model_shipped_name(), "simulated"));
    linear_model_destroy(model);
}

static void test_one_label_is_nothing_to_learn(void **state)
{
    (void)state;
    struct sample_table table;
    struct linear_model *model;
    struct linear_fit_options options = {.shrinkage = 0.25F, .span_weight = {1, 0, 0, 0}};
    fill(&table, 4); /* the first take alone */
    assert_int_equal(linear_fit(&model, &table, &options, &error), THENAR_ERR_VALUE);
    assert_null(model);
    sample_table_finish(&table);
}

/* By definition: small and deep is a compression, broad and gentle a release, two contacts held
 * apart a stretch. A thumb on coarse taxels touches many and presses on few. */
static void test_still_hands_are_parted_by_their_definitions(void **state)
{
    (void)state;
    const struct {
        float area_cm2, axis_mm, mean_kpa, distance_mm;
        bool is_kpa, is_own;
        enum technique likely, technique;
    } rows[] = {
        {8, 32, 60, 0, true, false, TECHNIQUE_COMPRESSION, TECHNIQUE_COMPRESSION},
        {8, 32, 5, 0, true, false, TECHNIQUE_COMPRESSION, TECHNIQUE_COMPRESSION},
        {60, 90, 40, 0, true, false, TECHNIQUE_COMPRESSION, TECHNIQUE_COMPRESSION},
        {60, 90, 4, 0, true, false, TECHNIQUE_COMPRESSION, TECHNIQUE_MYOFASCIAL_RELEASE},
        {60, 40, 4, 0, true, false, TECHNIQUE_COMPRESSION, TECHNIQUE_COMPRESSION},
        {60, 90, 40, 0, false, false, TECHNIQUE_COMPRESSION, TECHNIQUE_MYOFASCIAL_RELEASE},
        {60, 90, 4, 0, true, true, TECHNIQUE_COMPRESSION, TECHNIQUE_COMPRESSION},
        {60, 160, 4, 130, true, false, TECHNIQUE_MYOFASCIAL_RELEASE, TECHNIQUE_STRETCHING},
        {60, 160, 4, 96, true, false, TECHNIQUE_STRETCHING, TECHNIQUE_MYOFASCIAL_RELEASE},
        {60, 160, 4, 130, true, true, TECHNIQUE_MYOFASCIAL_RELEASE, TECHNIQUE_MYOFASCIAL_RELEASE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct linear_model *model;
        assert_int_equal(linear_model_create(&model, feature_vector_n(), 2), THENAR_OK);
        model->outputs[0].technique = rows[i].likely;
        model->outputs[0].bias = 2;
        model->outputs[1].technique = TECHNIQUE_FRICTION;
        for (unsigned f = 0; f < model->n_features; f++)
            model->scale[f] = 1;
        (void)snprintf(model->hands, sizeof model->hands,
                       rows[i].is_own ? "recorded" : "simulated");
        struct window_features features = {.is_kpa = rows[i].is_kpa, .touch.touched = true};
        struct span_features *now = &features.span[SPAN_FAST];
        now->area_cm2 = rows[i].area_cm2;
        now->major_mm = now->minor_mm = rows[i].axis_mm;
        now->mean_kpa = rows[i].mean_kpa;
        now->distance_mm = rows[i].distance_mm;
        float probability[N_TECHNIQUES];
        model->classifier.evaluate(&model->classifier, &features, probability);
        for (unsigned k = 0; k < N_TECHNIQUES; k++)
            assert_true(k == rows[i].technique || probability[k] < probability[rows[i].technique]);
        linear_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit_finds_the_feature_that_tells),
        cmocka_unit_test(test_text_goes_round),
        cmocka_unit_test(test_cells_are_asked_for_where_they_were_learned_from),
        cmocka_unit_test(test_a_model_of_fewer_features_is_read),
        cmocka_unit_test(test_damage_is_refused),
        cmocka_unit_test(test_the_shipped_model_knows_every_technique),
        cmocka_unit_test(test_still_hands_are_parted_by_their_definitions),
        cmocka_unit_test(test_one_label_is_nothing_to_learn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

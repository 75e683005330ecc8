/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "technique/feature_vector.h"
#include "training/linear_fit.h"
#include "training/virtual_takes.h"

static struct thenar_error error;

/* A whole small recipe: simulate, learn, write. */
static char *teach(uint64_t seed, enum virtual_styles styles, size_t *n_bytes)
{
    struct sample_table table;
    struct linear_model *model;
    struct virtual_takes_options takes = {
        .seed = seed, .n_scenes = 1, .styles = styles, .every_s = 0.5};
    struct linear_fit_options fit = LINEAR_FIT_SIMULATED;
    fit.span_weight[SPAN_MIDDLE] = fit.span_weight[SPAN_LONG] = 0; /* for speed */
    sample_table_init(&table, feature_vector_n());
    assert_int_equal(virtual_takes_add(&table, &takes, &error), THENAR_OK);
    assert_true(table.n > 30);
    assert_int_equal(linear_fit(&model, &table, &fit, &error), THENAR_OK);
    (void)snprintf(model->name, sizeof model->name, "tiny");
    (void)snprintf(model->hands, sizeof model->hands, "simulated");
    (void)snprintf(model->recipe, sizeof model->recipe, "test");
    char *text = linear_model_format(model, n_bytes);
    assert_non_null(text);
    linear_model_destroy(model);
    sample_table_finish(&table);
    return text;
}

static void test_the_same_recipe_gives_the_same_bytes(void **state)
{
    (void)state;
    size_t n_one, n_two, n_other;
    char *one = teach(5, STYLES_LEARNING, &n_one), *two = teach(5, STYLES_LEARNING, &n_two);
    char *other = teach(6, STYLES_LEARNING, &n_other);
    assert_int_equal(n_one, n_two);
    assert_memory_equal(one, two, n_one);
    assert_true(n_other != n_one || memcmp(one, other, n_one) != 0);
    free(one);
    free(two);
    free(other);
}

static void test_styles_for_testing_are_never_learned_from(void **state)
{
    (void)state;
    unsigned n_testing = 0, recipe_of[40];
    static char text[32768];
    struct pcg draws;
    pcg_init(&draws, 9, 1);
    for (unsigned surface = SURFACE_TABLE; surface <= SURFACE_SOFT; surface++) {
        virtual_recipes_script(&draws, STYLES_LEARNING, (enum virtual_surface)surface, 40,
                               recipe_of, text, sizeof text);
        for (unsigned i = 0; i < 40; i++) {
            assert_false(virtual_recipes[recipe_of[i]].for_testing);
            assert_int_equal(virtual_recipes[recipe_of[i]].on_soft, surface == SURFACE_SOFT);
        }
        virtual_recipes_script(&draws, STYLES_TESTING, (enum virtual_surface)surface, 40, recipe_of,
                               text, sizeof text);
        for (unsigned i = 0; i < 40; i++)
            n_testing += virtual_recipes[recipe_of[i]].for_testing;
    }
    assert_int_equal(n_testing, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_recipe_gives_the_same_bytes),
        cmocka_unit_test(test_styles_for_testing_are_never_learned_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

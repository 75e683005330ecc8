/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, what a mount can show, the rules on windows of any kind, and how a name comes to stand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "technique/classifier.h"
#include "technique/naming.h"
#include "unit/random.h"

static void names_go_there_and_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        assert_int_equal(technique_from_name(technique_name((enum technique)i)), i);
    assert_string_equal(technique_name(TECHNIQUE_MYOFASCIAL_RELEASE), "myofascial_release");
    assert_int_equal(technique_from_name("Reiki"), TECHNIQUE_UNKNOWN);
    assert_string_equal(technique_name(N_TECHNIQUES), "unknown");
}

static void mounts_show_what_they_can(void **state)
{
    (void)state;
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        assert_true(technique_is_visible((enum technique)i, MOUNT_PAD));
        assert_true(technique_is_visible((enum technique)i, MOUNT_TORSO));
    }
    for (unsigned m = 0; m < N_MOUNTS; m++) {
        assert_true(technique_is_visible(TECHNIQUE_UNKNOWN, (enum array_mount)m));
        assert_true(technique_is_visible(TECHNIQUE_REST, (enum array_mount)m));
        assert_true(technique_is_visible(TECHNIQUE_HOLD, (enum array_mount)m));
        assert_true(technique_is_visible(TECHNIQUE_RHYTHM, (enum array_mount)m));
    }
    assert_false(technique_is_visible(TECHNIQUE_EFFLEURAGE, MOUNT_GLOVE));
    assert_false(technique_is_visible(TECHNIQUE_ROLLING, MOUNT_GLOVE));
    assert_false(technique_is_visible(TECHNIQUE_COMPRESSION, MOUNT_GLOVE));
    assert_true(technique_is_visible(TECHNIQUE_PETRISSAGE, MOUNT_GLOVE));
    assert_false(technique_is_visible(TECHNIQUE_PETRISSAGE, MOUNT_MAT));
    assert_false(technique_is_visible(TECHNIQUE_TAPOTEMENT, MOUNT_MAT));
    assert_true(technique_is_visible(TECHNIQUE_TAPOTEMENT, MOUNT_GLOVE));
}

/* A number of any kind that a window can hold, absent ones among them. */
static float any(struct random *random)
{
    switch (random_below(random, 6)) {
    case 0:
        return NAN;
    case 1:
        return 0;
    case 2:
        return (float)random_below(random, 1000000);
    default:
        return (float)random_below(random, 10000) / 100.0F;
    }
}

static void rules_answer_with_probabilities_whatever_they_see(void **state)
{
    (void)state;
    struct random random = {11};
    for (unsigned k = 0; k < 20000; k++) {
        struct window_features features = {.mount = MOUNT_PAD, .is_kpa = k % 2};
        for (unsigned i = 0; i < N_SPANS; i++) {
            float *value = (float *)&features.span[i];
            for (size_t j = 0; j < sizeof features.span[i] / sizeof *value; j++)
                value[j] = any(&random);
        }
        struct rhythm *rhythms[] = {&features.force, &features.place, &features.fast_force,
                                    &features.fast_place};
        for (unsigned i = 0; i < 4; i++)
            if (random_below(&random, 2))
                *rhythms[i] = (struct rhythm){0.1F + (float)random_below(&random, 120) / 10,
                                              0.6F + (float)random_below(&random, 40) / 100,
                                              (float)random_below(&random, 100)};
            else
                *rhythms[i] = (struct rhythm){NAN, 0, 0};
        features.touch.touched = random_below(&random, 2);
        features.touch.age_s = (float)random_below(&random, 400) / 10;
        features.touch.glide_mm = any(&random);
        features.touch.n_past = random_below(&random, 5);
        features.touch.past_glide_mm = any(&random);
        features.touch.past_touch_s = any(&random);
        features.touch.past_pause_s = any(&random);
        features.push.n_pushes = random_below(&random, 3);
        features.push.rest_s = any(&random);
        features.swell.n = random_below(&random, 4);
        features.swell.interval_s = any(&random);
        float probability[N_TECHNIQUES], again[N_TECHNIQUES], sum = 0;
        classifier_rules.evaluate(&classifier_rules, &features, probability);
        classifier_rules.evaluate(&classifier_rules, &features, again);
        assert_memory_equal(probability, again, sizeof again);
        for (unsigned i = 0; i < N_TECHNIQUES; i++) {
            assert_true(probability[i] >= 0 && probability[i] <= 1);
            sum += probability[i];
        }
        assert_true(fabsf(sum - 1) < 1e-4F);
    }
}

static void say(struct naming *naming, enum technique technique, float sure, unsigned n)
{
    float probability[N_TECHNIQUES];
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        probability[i] = (1 - sure) / (N_TECHNIQUES - 1);
    probability[technique] = sure;
    for (unsigned i = 0; i < n; i++)
        naming_execute(naming, probability, false);
}

static void a_name_stands_until_another_is_sure(void **state)
{
    (void)state;
    struct naming naming;
    naming_init(&naming, MOUNT_PAD);
    assert_int_equal(naming.technique, TECHNIQUE_UNKNOWN);
    say(&naming, TECHNIQUE_FRICTION, 0.9F, 5);
    assert_int_equal(naming.technique, TECHNIQUE_FRICTION);
    assert_true(naming.confidence > 0.9F);
    say(&naming, TECHNIQUE_SHAKING, 0.6F, 1); /* one moment does not change it */
    assert_int_equal(naming.technique, TECHNIQUE_FRICTION);
    say(&naming, TECHNIQUE_SHAKING, 0.9F, 6);
    assert_int_equal(naming.technique, TECHNIQUE_SHAKING);
}

static void doubt_names_the_parent(void **state)
{
    (void)state;
    struct naming naming;
    float probability[N_TECHNIQUES] = {0};
    probability[TECHNIQUE_COMPRESSION] = 0.33F;
    probability[TECHNIQUE_STRETCHING] = 0.33F;
    probability[TECHNIQUE_MYOFASCIAL_RELEASE] = 0.34F;
    naming_init(&naming, MOUNT_PAD);
    for (int i = 0; i < 20; i++)
        naming_execute(&naming, probability, false);
    assert_int_equal(naming.technique, TECHNIQUE_HOLD);
    memset(probability, 0, sizeof probability);
    probability[TECHNIQUE_VIBRATION] = probability[TECHNIQUE_SHAKING] = 0.5F;
    for (int i = 0; i < 20; i++)
        naming_execute(&naming, probability, false);
    assert_int_equal(naming.technique, TECHNIQUE_RHYTHM);
}

static void still_names_that_are_close_are_a_hold(void **state)
{
    (void)state;
    struct naming naming;
    float probability[N_TECHNIQUES] = {0};
    probability[TECHNIQUE_COMPRESSION] = 0.52F;
    probability[TECHNIQUE_MYOFASCIAL_RELEASE] = 0.48F;
    naming_init(&naming, MOUNT_PAD);
    for (int i = 0; i < 5; i++)
        naming_execute(&naming, probability, false);
    assert_int_equal(naming.technique, TECHNIQUE_HOLD);
    assert_true(naming.confidence > 0.9F);
    say(&naming, TECHNIQUE_COMPRESSION, 0.9F, 3);
    assert_int_equal(naming.technique, TECHNIQUE_COMPRESSION);
}

static void rest_is_named_at_once_and_leaves_no_prejudice(void **state)
{
    (void)state;
    struct naming naming;
    naming_init(&naming, MOUNT_PAD);
    say(&naming, TECHNIQUE_FRICTION, 0.95F, 50);
    say(&naming, TECHNIQUE_REST, 0.6F, 1);
    assert_int_equal(naming.technique, TECHNIQUE_REST);
    say(&naming, TECHNIQUE_SHAKING, 0.7F, 1);
    assert_int_equal(naming.technique, TECHNIQUE_SHAKING);
}

static float rest_after(const struct touch_summary *touch)
{
    struct window_features features = {.mount = MOUNT_PAD, .is_kpa = true, .touch = *touch};
    float probability[N_TECHNIQUES];
    classifier_rules.evaluate(&classifier_rules, &features, probability);
    return probability[TECHNIQUE_REST];
}

/* A hand that held, or rubbed to and fro, never lifted: when it does, it is over. One that went
 * straight comes back; one that lifted before is waited for as long as then. */
static void rest_comes_when_the_hands_have_lifted_for_longer_than_they_do(void **state)
{
    (void)state;
    struct touch_summary held = {.n_past = 1,
                                 .past_touch_s = 12,
                                 .past_glide_mm = 60,
                                 .past_path_mm = 900,
                                 .past_turns = 7,
                                 .past_pause_s = NAN};
    struct touch_summary glided = held, lifts = held, tap = held;
    glided.past_touch_s = 2;
    glided.past_path_mm = 70;
    glided.past_turns = 0;
    lifts.past_touch_s = 2;
    lifts.past_pause_s = 1.0F;
    tap.past_touch_s = 0.1F;
    for (float age_s = 0; age_s < 4; age_s += 0.05F) {
        held.age_s = glided.age_s = lifts.age_s = tap.age_s = age_s;
        assert_true(age_s > 0.15F || rest_after(&held) < 0.5F);
        assert_true(age_s < 0.3F || rest_after(&held) > 0.5F);
        assert_true(age_s > 1.8F || rest_after(&glided) < 0.5F);
        assert_true(age_s < 2.1F || rest_after(&glided) > 0.5F);
        assert_true(age_s > 1.2F || rest_after(&lifts) < 0.5F);
        assert_true(age_s < 1.6F || rest_after(&lifts) > 0.5F);
        assert_true(age_s > 0.35F || rest_after(&tap) < 0.5F);
    }
}

static void what_a_mount_cannot_show_is_never_named(void **state)
{
    (void)state;
    for (unsigned m = 0; m < N_MOUNTS; m++)
        for (unsigned i = 0; i < N_TECHNIQUES; i++) {
            struct naming naming;
            naming_init(&naming, (enum array_mount)m);
            say(&naming, (enum technique)i, 0.95F, 30);
            assert_true(technique_is_visible(naming.technique, (enum array_mount)m));
            if (technique_is_visible((enum technique)i, (enum array_mount)m))
                assert_int_equal(naming.technique, i);
        }
}

static void hands_in_the_air_keep_their_name(void **state)
{
    (void)state;
    struct naming naming;
    float probability[N_TECHNIQUES] = {0};
    naming_init(&naming, MOUNT_PAD);
    say(&naming, TECHNIQUE_EFFLEURAGE, 0.9F, 10);
    probability[TECHNIQUE_UNKNOWN] = 1;
    for (int i = 0; i < 50; i++)
        naming_execute(&naming, probability, true);
    assert_int_equal(naming.technique, TECHNIQUE_EFFLEURAGE);
    probability[TECHNIQUE_UNKNOWN] = 0;
    probability[TECHNIQUE_REST] = 1;
    for (int i = 0; i < 5; i++)
        naming_execute(&naming, probability, true);
    assert_int_equal(naming.technique, TECHNIQUE_REST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_there_and_back),
        cmocka_unit_test(mounts_show_what_they_can),
        cmocka_unit_test(rules_answer_with_probabilities_whatever_they_see),
        cmocka_unit_test(a_name_stands_until_another_is_sure),
        cmocka_unit_test(doubt_names_the_parent),
        cmocka_unit_test(still_names_that_are_close_are_a_hold),
        cmocka_unit_test(rest_is_named_at_once_and_leaves_no_prejudice),
        cmocka_unit_test(rest_comes_when_the_hands_have_lifted_for_longer_than_they_do),
        cmocka_unit_test(what_a_mount_cannot_show_is_never_named),
        cmocka_unit_test(hands_in_the_air_keep_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

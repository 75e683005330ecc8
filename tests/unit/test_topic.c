/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "feed/topic.h"

static void topics_go_round(void **state)
{
    (void)state;
    for (unsigned i = 0; i < THENAR_N_TOPIC_KINDS; i++) {
        char text[THENAR_TOPIC_BYTES];
        size_t n_text;
        struct thenar_topic topic;
        enum thenar_topic_kind kind = (enum thenar_topic_kind)i;
        assert_int_equal(
            thenar_topic_encode(kind, "s1", "left-glove_2", text, sizeof text, &n_text), THENAR_OK);
        assert_int_equal(n_text, strlen(text));
        assert_int_equal(thenar_topic_decode(text, n_text, &topic), THENAR_OK);
        assert_int_equal(topic.kind, kind);
        assert_string_equal(topic.station, "s1");
        assert_string_equal(topic.device, "left-glove_2");
    }
    char text[THENAR_TOPIC_BYTES];
    assert_int_equal(
        thenar_topic_encode(THENAR_TOPIC_METRICS, "s1", "pad", text, sizeof text, NULL), THENAR_OK);
    assert_string_equal(text, "metrics.s1.pad");
}

static void the_longest_topic_fits(void **state)
{
    (void)state;
    const char *name = "0123456789012345678901234567890"; /* 31 */
    char text[THENAR_TOPIC_BYTES];
    size_t n_text;
    assert_int_equal(
        thenar_topic_encode(THENAR_TOPIC_EPISODE, name, name, text, sizeof text, &n_text),
        THENAR_OK);
    for (size_t n_space = 0; n_space <= n_text; n_space++)
        assert_int_equal(thenar_topic_encode(THENAR_TOPIC_EPISODE, name, name, text, n_space, NULL),
                         THENAR_ERR_SPACE);
}

static void names_are_checked(void **state)
{
    (void)state;
    const char *good[] = {"a", "s1", "left_glove", "0-9", "0123456789012345678901234567890"};
    const char *bad[] = {
        "", "S1", "s.1", "s 1", "\xC3\xA9", "s1/", "01234567890123456789012345678901"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(thenar_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[THENAR_TOPIC_BYTES];
        assert_false(thenar_name_is_valid(bad[i]));
        assert_int_equal(
            thenar_topic_encode(THENAR_TOPIC_GAP, "s1", bad[i], text, sizeof text, NULL),
            THENAR_ERR_ARGUMENT);
        assert_int_equal(
            thenar_topic_encode(THENAR_TOPIC_GAP, bad[i], "pad", text, sizeof text, NULL),
            THENAR_ERR_ARGUMENT);
    }
    assert_false(thenar_name_is_valid(NULL));
}

static void what_is_no_topic_is_refused(void **state)
{
    (void)state;
    struct thenar_topic topic;
    const char *bad[] = {"",
                         ".",
                         "..",
                         "metrics",
                         "metrics.",
                         "metrics.s1",
                         "metrics.s1.",
                         "metrics.s1.pad.",
                         "metrics.s1.pad.x",
                         "metrics..pad",
                         ".s1.pad",
                         "metrics.S1.pad"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(thenar_topic_decode(bad[i], strlen(bad[i]), &topic) < 0);
    assert_int_equal(thenar_topic_decode("metric.s1.pad", 13, &topic), THENAR_ERR_TYPE);
    /* Every truncation: kinds and names that are cut are other names, but never three parts less.
     */
    const char *whole = "metrics.s1.pad";
    for (size_t n = 0; n <= strlen("metrics.s1."); n++)
        assert_true(thenar_topic_decode(whole, n, &topic) < 0);
}

static void filters_take_whole_parts(void **state)
{
    (void)state;
    struct thenar_topic_filter filter;
    assert_int_equal(thenar_topic_filter_decode("metrics.s1", &filter), THENAR_OK);
    assert_string_equal(filter.prefix, "metrics.s1.");
    assert_true(thenar_topic_filter_matches(&filter, "metrics.s1.pad", 14));
    assert_false(thenar_topic_filter_matches(&filter, "metrics.s12.pad", 15));

    assert_int_equal(thenar_topic_filter_decode("metrics.s1.pad", &filter), THENAR_OK);
    assert_string_equal(filter.prefix, "metrics.s1.pad");
    assert_true(thenar_topic_filter_matches(&filter, "metrics.s1.pad", 14));
    assert_false(thenar_topic_filter_matches(&filter, "metrics.s1.pad2", 15));
    assert_false(thenar_topic_filter_matches(&filter, "metrics.s1.pa", 13));

    assert_int_equal(thenar_topic_filter_decode("stroke.", &filter), THENAR_OK);
    assert_string_equal(filter.prefix, "stroke.");
    assert_int_equal(thenar_topic_filter_decode("", &filter), THENAR_OK);
    assert_true(thenar_topic_filter_matches(&filter, "anything", 8));

    assert_int_equal(thenar_topic_filter_decode("metric", &filter), THENAR_ERR_TYPE);
    const char *bad[] = {".", "metrics.S1", "metrics..", "metrics.a.b.c", "metrics.s1.pad.."};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(thenar_topic_filter_decode(bad[i], &filter), THENAR_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_go_round),          cmocka_unit_test(the_longest_topic_fits),
        cmocka_unit_test(names_are_checked),        cmocka_unit_test(what_is_no_topic_is_refused),
        cmocka_unit_test(filters_take_whole_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

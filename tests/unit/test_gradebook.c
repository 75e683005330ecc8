/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gradebook.h"

static void the_built_in_rubric_is_one(void **state)
{
    (void)state;
    struct rubric rubric;
    struct thenar_error error = {0};
    assert_int_equal(rubric_parse(rubric_default_text(), "built in", &rubric, &error), THENAR_OK);
    assert_int_equal(rubric.n_criteria, 5);
    assert_int_equal(rubric.n_levels, 4);
}

static void levels_follow_their_bounds(void **state)
{
    (void)state;
    struct rubric rubric;
    struct class_tally tally;
    assert_int_equal(rubric_parse(rubric_default_text(), "built in", &rubric, NULL), THENAR_OK);
    class_tally_init(&tally);
    const struct rubric_criterion *pressure = rubric_find(&rubric, "pressure");
    const struct rubric_criterion *comfort = rubric_find(&rubric, "comfort");
    assert_int_equal(rubric_level(&rubric, pressure, &tally), 0); /* nothing was measured */
    tally.n_devices = 1;
    const struct {
        float pct;
        unsigned level;
    } more[] = {{0, 1}, {49.9f, 1}, {50, 2}, {70, 3}, {84.9f, 3}, {85, 4}, {100, 4}};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        tally.devices[0].pressure_pct = more[i].pct;
        assert_int_equal(rubric_level(&rubric, pressure, &tally), more[i].level);
    }
    const struct {
        float pain;
        unsigned level;
    } less[] = {{10, 1}, {6.1f, 1}, {6, 2}, {4, 3}, {2, 4}, {0, 4}};
    for (size_t i = 0; i < sizeof less / sizeof *less; i++) {
        tally.worst_pain = less[i].pain;
        assert_int_equal(rubric_level(&rubric, comfort, &tally), less[i].level);
    }
}

static void bad_rubrics_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "title"},
        {"title = \"a\"\nlevels = ", "f:"},
        {"@include \"/etc/passwd\"", "includes"},
        {"title=\"a\"; levels=[\"x\"];", "levels"},
        {"title=\"a\"; levels=[\"x\",\"y\"];", "criteria"},
        {"title=\"a\"; levels=[\"x\",\"y\"];\ncriteria=({});", "f:2"},
        {"title=\"a\"; levels=[\"x\",\"y\"];\ncriteria=({name=\"p\";title=\"P\";measure=\"luck\";"
         "bounds=[1];});",
         "measure"},
        {"title=\"a\"; levels=[\"x\",\"y\"];\ncriteria=({name=\"p\";title=\"P\";measure=\"score\";"
         "bounds=[1,2];});",
         "bounds"},
        {"title=\"a\"; levels=[\"x\",\"y\",\"z\",\"w\"];\ncriteria=({name=\"p\";title=\"P\";"
         "measure=\"score\";bounds=[1,3,2];});",
         "rise"},
        {"title=\"a\"; levels=[\"x\",\"y\"];\ncriteria=({name=\"p\";titel=\"P\";});", "has name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rubric rubric;
        struct thenar_error error = {0};
        assert_true(rubric_parse(rows[i].text, "f", &rubric, &error) < 0);
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

/* Fields by RFC 4180, formulas made harmless. */
static void fields_are_safe(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"ah\"", "\"say \"\"ah\"\"\""},
        {"two\r\nlines", "\"two\r\nlines\""},
        {"=1+1", "\"'=1+1\""},
        {"+31", "\"'+31\""},
        {"-2", "\"'-2\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {" =1+1", "\"' =1+1\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        size_t n_text;
        FILE *out = open_memstream(&text, &n_text);
        gradebook_write_text(out, rows[i].text);
        (void)fclose(out);
        assert_string_equal(text, rows[i].field);
        free(text);
    }
}

static void a_row_has_what_the_header_says(void **state)
{
    (void)state;
    struct rubric rubric;
    struct class_book book = {0};
    struct class_session *session;
    assert_int_equal(rubric_parse(rubric_default_text(), "built in", &rubric, NULL), THENAR_OK);
    assert_int_equal(class_book_add_session(&book, "x1", &session), THENAR_OK);
    session->began_unix_s = 1795000000;
    (void)snprintf(session->giver, sizeof session->giver, "A1");
    (void)snprintf(session->remark, sizeof session->remark, "well, \"calm\"");
    session->tally.n_devices = 1;
    session->tally.devices[0] = (struct tally_device){"pad", 80, 90, NAN, NAN, NAN, 50, 0, 0};
    assert_int_equal(class_session_judge(session, "pressure", 2), THENAR_OK);
    session->own_score = 61;
    char *text = NULL;
    size_t n_text;
    FILE *out = open_memstream(&text, &n_text);
    gradebook_write(out, &book, &rubric);
    (void)fclose(out);
    assert_string_equal(
        text, "began_utc,session,station,giver,receiver,plan,length_s,score,final_score,"
              "pressure_value,pressure_level,pressure_final,rhythm_value,rhythm_level,rhythm_final,"
              "technique_value,technique_level,technique_final,coverage_value,coverage_level,"
              "coverage_final,comfort_value,comfort_level,comfort_final,"
              "techniques,cues,worst_pain,complaints,remark\r\n"
              "2026-11-18T11:06:40Z,x1,,A1,,,0,80.0,61.0,90.0,4,2,,,,50.0,2,2,,,,,,,,0,,0,"
              "\"well, \"\"calm\"\"\"\r\n");
    free(text);
    class_book_finish(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_rubric_is_one),
        cmocka_unit_test(levels_follow_their_bounds),
        cmocka_unit_test(bad_rubrics_are_refused_with_their_line),
        cmocka_unit_test(fields_are_safe),
        cmocka_unit_test(a_row_has_what_the_header_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

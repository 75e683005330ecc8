/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/episode_table.h"
#include "session/plan_file.h"

static const char good[] =
    "title = \"T\";\n"                                                                      /* 1 */
    "goal = \"G\"; assessment_before = \"B\"; assessment_after = \"A\";\n"                  /* 2 */
    "aftercare = \"C\"; next_visit = \"N\";\n"                                              /* 3 */
    "ceiling_kpa = { high = 90; mark = \"convention\"; source = \"s\"; };\n"                /* 4 */
    "steps = (\n"                                                                           /* 5 */
    "  { region = \"calf\"; technique = \"petrissage\"; duration_s = 60;\n"                 /* 6 */
    "    pressure_kpa = { low = 10.5; high = 40; mark = \"measured\"; source = \"x\"; };\n" /* 7 */
    "  },\n"                                                                                /* 8 */
    "  { region = \"calf\"; technique = \"soft_tissue_release\"; duration_s = 60;\n"        /* 9 */
    "    variant = \"active\"; repeats = 4; }\n"                                            /* 10 */
    ");\n";

static struct plan plan, again;

static void a_plan_is_read_and_written(void **state)
{
    (void)state;
    struct thenar_error error;
    assert_int_equal(plan_file_parse(&plan, good, "/a/b/mine.plan", &error), THENAR_OK);
    assert_string_equal(plan.name, "mine");
    assert_int_equal(plan.n_steps, 2);
    assert_int_equal(plan.steps[0].technique, TECHNIQUE_PETRISSAGE);
    assert_true(plan.steps[0].pressure_kpa.low == 10.5F && plan.steps[0].pressure_kpa.high == 40);
    assert_int_equal(plan.steps[0].pressure_kpa.mark, PLAN_MARK_MEASURED);
    assert_int_equal(plan.steps[0].pace_cpm.mark, PLAN_MARK_NONE);
    assert_int_equal(plan.steps[1].variant, PLAN_VARIANT_ACTIVE);
    assert_int_equal(plan.steps[1].repeats, 4);
    char *text = NULL;
    size_t n_text;
    FILE *out = open_memstream(&text, &n_text);
    plan_file_write(out, &plan);
    fclose(out);
    assert_int_equal(plan_file_parse(&again, text, "mine.plan", &error), THENAR_OK);
    free(text);
    out = open_memstream(&text, &n_text);
    plan_file_write(out, &again);
    fclose(out);
    char *first = NULL;
    size_t n_first;
    out = open_memstream(&first, &n_first);
    plan_file_write(out, &plan);
    fclose(out);
    assert_string_equal(text, first);
    free(text);
    free(first);
}

/* `good` with one word changed. */
static void expect_refusal(const char *from, const char *to, const char *line, const char *says)
{
    char text[2048];
    struct thenar_error error = {0};
    const char *at = strstr(good, from);
    assert_non_null(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    if (plan_file_parse(&plan, text, "p.plan", &error) == THENAR_OK)
        fail_msg("accepted with %s", to);
    if (!strstr(error.text, line) || !strstr(error.text, says))
        fail_msg("said \"%s\"; wanted %s and \"%s\"", error.text, line, says);
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    expect_refusal("petrissage", "kneading", "p.plan:6: ", "there are effleurage, petrissage");
    expect_refusal("low = 10.5", "low = 60", "p.plan:7: ", "smaller number first");
    expect_refusal("high = 40;", "high = 95;", "p.plan:7: ", "ceiling must stand above");
    expect_refusal("high = 40;", "high = 40000;", "p.plan:7: ", "within");
    expect_refusal("\"measured\"", "\"guessed\"", "p.plan:7: ", "there are \"measured\"");
    expect_refusal("source = \"x\";", "", "p.plan:7: ", "source is missing");
    expect_refusal("duration_s = 60;\n    pressure", "\n    pressure",
                   "p.plan:6: ", "add duration_s");
    expect_refusal("duration_s = 60;\n    pressure", "duration_s = \"1\";\n    pressure",
                   "p.plan:6: ", "number without quotes");
    expect_refusal("aftercare", "after_care", "p.plan:3: ", "no 'after_care'");
    expect_refusal("goal = \"G\";", "", "p.plan:1: ", "lacks goal");
    expect_refusal("\"T\";", "\"T", "p.plan:2", "quote");
    expect_refusal("soft_tissue_release", "stretching", "p.plan:9: ", "variant goes with");
    expect_refusal("repeats = 4", "repeats = 400", "p.plan:10: ", "within 1 to 100");
    expect_refusal("title", "@include \"x\"\ntitle", "p.plan", "@include");
    expect_refusal("mark = \"convention\";", "", "p.plan:4: ", "needs a mark");
}

static void cut_anywhere_it_is_refused_or_read(void **state)
{
    (void)state;
    char text[sizeof good];
    for (size_t n = 0; n + 1 < sizeof good; n++) {
        struct thenar_error error = {0};
        memset(text, 0, sizeof text);
        memcpy(text, good, n);
        if (plan_file_parse(&plan, text, "p.plan", &error) != THENAR_OK)
            assert_true(error.text[0] != '\0');
        else
            assert_true(n >= sizeof good - 3); /* the closing ";" is not needed */
    }
    for (size_t i = 0; i + 1 < sizeof good; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct thenar_error error = {0};
            memcpy(text, good, sizeof good);
            text[i] = (char)(text[i] ^ (1 << bit));
            if (plan_file_parse(&plan, text, "p.plan", &error) != THENAR_OK)
                assert_true(error.text[0] != '\0');
        }
}

static void the_shipped_plans_are_right(void **state)
{
    (void)state;
    static const char *const names[] = {"pre-event", "post-event", "maintenance", "injury"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        struct thenar_error error = {0};
        (void)snprintf(path, sizeof path, "%s/../packaging/plans/%s.plan", TEST_SOURCE_DIR,
                       names[i]);
        if (plan_file_read(&plan, path, &error) != THENAR_OK)
            fail_msg("%s", error.text);
        assert_string_equal(plan.name, names[i]);
        for (unsigned k = 0; k < plan.n_steps; k++) /* nobody's own hands are shipped */
            assert_int_not_equal(plan.steps[k].pressure_kpa.mark, PLAN_MARK_INSTRUCTOR);
    }
}

static void a_table_is_read(void **state)
{
    (void)state;
    struct episode_table table;
    struct thenar_error error;
    const char text[] = "# corrected\nname, technique ,start_s,end_s\r\n"
                        "a,petrissage,0,2.5\n\nb,rest,2.5,4,more\n";
    assert_int_equal(episode_table_parse(&table, text, "t.csv", &error), THENAR_OK);
    assert_int_equal(table.n_rows, 2);
    assert_true(table.rows[0].start_s == 0 && table.rows[0].end_s == 2.5);
    assert_int_equal(table.rows[1].technique, TECHNIQUE_REST);
    assert_int_equal(episode_table_at(&table, 2.4), TECHNIQUE_PETRISSAGE);
    assert_int_equal(episode_table_at(&table, 9), TECHNIQUE_UNKNOWN);
    char *written = NULL;
    size_t n_written;
    FILE *out = open_memstream(&written, &n_written);
    episode_table_write(out, table.rows, table.n_rows);
    fclose(out);
    assert_string_equal(written, "start_s,end_s,technique\n0.00,2.50,petrissage\n2.50,4.00,rest\n");
    free(written);
    episode_table_finish(&table);
}

static void bad_tables_are_refused_with_their_line(void **state)
{
    (void)state;
    const struct {
        const char *text, *says;
    } rows[] = {{"", "t.csv: empty"},
                {"start_s,end_s\n1,2\n", "t.csv:1: no column technique"},
                {"start_s,end_s,technique,end_s\n", "t.csv:1: column end_s is there twice"},
                {"start_s,end_s,technique\n1,2\n", "t.csv:2: this row has fewer"},
                {"start_s,end_s,technique\n2,1,rest\n", "t.csv:2: the end must come"},
                {"start_s,end_s,technique\n0,2,rest\n1,3,rest\n", "t.csv:3: this row begins at 1"},
                {"start_s,end_s,technique\n0,2,kneading\n", "t.csv:2: 'kneading' is no"},
                {"start_s,end_s,technique\nnan,2,rest\n", "t.csv:2: start_s 'nan' is no time"},
                {"start_s,end_s,technique\n-1,2,rest\n", "t.csv:2: start_s '-1' is no time"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct episode_table table;
        struct thenar_error error = {0};
        assert_int_not_equal(episode_table_parse(&table, rows[i].text, "t.csv", &error), THENAR_OK);
        if (!strstr(error.text, rows[i].says))
            fail_msg("said \"%s\"; wanted \"%s\"", error.text, rows[i].says);
        assert_null(table.rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_read_and_written),
        cmocka_unit_test(mistakes_are_told_with_their_line),
        cmocka_unit_test(cut_anywhere_it_is_refused_or_read),
        cmocka_unit_test(the_shipped_plans_are_right),
        cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(bad_tables_are_refused_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

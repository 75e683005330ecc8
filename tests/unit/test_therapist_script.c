/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "therapist/therapist_script.h"

static struct therapist_script script;
static struct thenar_error error;

static enum thenar_status parse(const char *text)
{
    error.text[0] = '\0';
    return therapist_script_parse(&script, text, strlen(text), "s.txt", &error);
}

static void reads_steps_and_fills_in_what_is_usual(void **state)
{
    (void)state;
    assert_int_equal(parse("# a comment\n\n  effleurage 20 pace_cpm=15 force_n=40 x_mm=0 y_mm=-40 "
                           "size=1.0 irregularity_pct=5 hand=both # and more\r\n"
                           "\trest 2\ntapotement 8 style=cupping hand=left"),
                     THENAR_OK);
    assert_int_equal(script.n_steps, 3);
    const struct step *step = script.steps;
    assert_string_equal(step[0].move->name, "effleurage");
    assert_int_equal(step[0].line, 3);
    assert_true(step[0].duration_s == 20.0);
    assert_true(step[0].value[PARAM_FORCE_N] == 40.0F);
    assert_true(step[0].value[PARAM_Y_MM] == -40.0F);
    assert_int_equal(step[0].hands, HANDS_BOTH);
    assert_true(isnan(step[0].value[PARAM_GLIDE_MM])); /* left to the move */
    assert_null(step[1].move->plan);
    assert_string_equal(move_style(&step[2]), "cupping");
    assert_int_equal(step[2].hands, HANDS_LEFT);
    assert_true(step[2].value[PARAM_CONTACT_MS] == 50.0F);
    assert_true(isnan(step[2].value[PARAM_X_MM]));
    therapist_script_finish(&script);
}

/* Each complaint names file, line, what was wrong and what is allowed. */
static void says_what_is_wrong_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says, *offers;
        enum thenar_status status;
    } cases[] = {
        {"rest 2\nefleurage 20", "s.txt:2: no technique 'efleurage'", "effleurage, petrissage",
         THENAR_ERR_SYNTAX},
        {"effleurage", "s.txt:1: after 'effleurage'", "'effleurage 20'", THENAR_ERR_SYNTAX},
        {"effleurage x", "s.txt:1: after 'effleurage'", "seconds", THENAR_ERR_SYNTAX},
        {"effleurage 0", "s.txt:1: 0 s", "0.1 to", THENAR_ERR_VALUE},
        {"effleurage -3", "s.txt:1: -3 s", "0.1 to", THENAR_ERR_VALUE},
        {"effleurage 1e9", "s.txt:1:", "0.1 to", THENAR_ERR_VALUE},
        {"effleurage nan", "s.txt:1: after", "seconds", THENAR_ERR_SYNTAX},
        {"effleurage 20 pace=15", "does not take 'pace'", "pace_cpm", THENAR_ERR_SYNTAX},
        {"rest 2 force_n=4", "rest does not take 'force_n'", "nothing more", THENAR_ERR_SYNTAX},
        {"rest 2 hand=left", "rest does not take 'hand'", "nothing more", THENAR_ERR_SYNTAX},
        {"compression 20 pace_cpm=4", "does not take 'pace_cpm'", "hold_s", THENAR_ERR_SYNTAX},
        {"effleurage 20 style=x", "does not take 'style'", "hand", THENAR_ERR_SYNTAX},
        {"effleurage 20 force_n", "'force_n' is not key=value", "key=value", THENAR_ERR_SYNTAX},
        {"effleurage 20 force_n=", "force_n is ''", "number", THENAR_ERR_SYNTAX},
        {"effleurage 20 force_n=4O", "force_n is '4O'", "number", THENAR_ERR_SYNTAX},
        {"effleurage 20 force_n=inf", "force_n is 'inf'", "number", THENAR_ERR_SYNTAX},
        {"effleurage 20 force_n=-5", "force_n is -5", "0.1 to 1000", THENAR_ERR_VALUE},
        {"effleurage 20 hand=third", "hand is 'third'", "left, right or both", THENAR_ERR_VALUE},
        {"tapotement 9 style=drum", "no style 'drum'", "hacking, cupping, pounding",
         THENAR_ERR_VALUE},
        {"muscle_energy 12", "too short for one cycle", "21.3 s or more", THENAR_ERR_VALUE},
        {"effleurage 0.2", "too short for one cycle", "or more", THENAR_ERR_VALUE},
        {"", "s.txt: no step", "one a line", THENAR_ERR_SYNTAX},
        {"# only this\n", "s.txt: no step", "one a line", THENAR_ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(parse(cases[i].text), cases[i].status);
        assert_non_null(strstr(error.text, cases[i].says));
        assert_non_null(strstr(error.text, cases[i].offers));
        assert_int_equal(script.n_steps, 0);
        assert_null(script.steps);
    }
}

static void what_it_asks_for_is_enough(void **state)
{
    (void)state;
    assert_int_equal(parse("muscle_energy 21.3"), THENAR_OK);
    therapist_script_finish(&script);
}

static void refuses_what_is_too_much_or_no_text(void **state)
{
    (void)state;
    char line[SCRIPT_LINE_BYTES + 8];
    memset(line, ' ', sizeof line);
    memcpy(line, "rest 2", 6);
    line[sizeof line - 1] = '\0';
    assert_int_equal(parse(line), THENAR_ERR_SYNTAX);
    assert_int_equal(therapist_script_parse(&script, "rest\0 2", 7, "s.txt", &error),
                     THENAR_ERR_SYNTAX);
    char *many = malloc(7 * (SCRIPT_MAX_STEPS + 1) + 1);
    for (size_t i = 0; i <= SCRIPT_MAX_STEPS; i++)
        memcpy(many + 7 * i, "rest 2\n", 8);
    assert_int_equal(parse(many), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "s.txt:4097:"));
    free(many);
}

/* Damage anywhere is refused or read as something whole; never more than that. */
static void survives_every_cut_and_every_bit(void **state)
{
    (void)state;
    char text[] = "effleurage 20 pace_cpm=15 force_n=40\nrest 2 # so\n"
                  "tapotement 8 style=cupping hand=both contact_ms=40\n";
    size_t n = sizeof text - 1;
    for (size_t cut = 0; cut <= n; cut++) {
        char *exact = malloc(cut ? cut : 1);
        memcpy(exact, text, cut);
        if (therapist_script_parse(&script, exact, cut, "cut", &error) == THENAR_OK)
            assert_true(script.n_steps >= 1 && script.n_steps <= 3);
        therapist_script_finish(&script);
        free(exact);
    }
    for (size_t bit = 0; bit < 8 * n; bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        if (therapist_script_parse(&script, text, n, "flip", &error) == THENAR_OK)
            for (size_t i = 0; i < script.n_steps; i++)
                assert_true(script.steps[i].duration_s >= 0.1 &&
                            script.steps[i].duration_s <= 7200.0);
        therapist_script_finish(&script);
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void the_demo_has_every_technique_and_is_the_file(void **state)
{
    (void)state;
    assert_int_equal(therapist_script_load(&script, "demo", &error), THENAR_OK);
    double total_s = 0.0;
    for (size_t k = 0; k < move_n; k++) {
        bool found = false;
        for (size_t i = 0; i < script.n_steps; i++)
            found = found || script.steps[i].move == &move_table[k];
        assert_true(found || move_table[k].stands); /* hands only: no load of a calibration */
    }
    for (size_t i = 0; i < script.n_steps; i++)
        total_s += script.steps[i].duration_s;
    assert_true(total_s > 200.0 && total_s < 300.0);
    therapist_script_finish(&script);

    static char text[1 << 16];
    FILE *file =
        fopen(TEST_SOURCE_DIR "/../firmware/port/host/therapist/scripts/demo.therapist", "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[n] = '\0';
    assert_string_equal(text, therapist_script_demo);
}

/* The page that people read has the usual values that are in force. */
static void the_page_tells_the_usual_values(void **state)
{
    (void)state;
    static char text[1 << 16];
    FILE *file = fopen(TEST_SOURCE_DIR "/../firmware/port/host/therapist/SCRIPT.md", "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    for (size_t k = 0; k < move_n; k++) {
        const struct move *move = &move_table[k];
        char row[128], pace[32] = "";
        if (!move->plan || move->stands)
            continue;
        if (move->takes >> PARAM_PACE_CPM & 1)
            (void)snprintf(pace, sizeof pace, "%g ", (double)move->usual[PARAM_PACE_CPM]);
        (void)snprintf(row, sizeof row, "\n| %s | %s| %g |", move->name, pace,
                       (double)move->usual[PARAM_FORCE_N]);
        if (!strstr(text, row))
            fail_msg("SCRIPT.md lacks the row %s", row + 1);
    }
}

/* Weights are stacked and taken off without lifting the plate, as long as it stays where it is. */
static void a_load_goes_on_where_the_next_is_alike(void **state)
{
    (void)state;
    static const char text[] = "puck 5 mass_kg=1\n"
                               "puck 5 mass_kg=3\n"
                               "puck 5 mass_kg=2 x_mm=40\n"
                               "load 5 pressure_kpa=50\n"
                               "load 5 pressure_kpa=20\n"
                               "rest 2\n";
    static const float before[] = {0, 1, 0, 0, 50, 0};
    static const bool stays[] = {true, false, false, true, false, false};
    assert_int_equal(therapist_script_parse(&script, text, sizeof text - 1, "weights", &error),
                     THENAR_OK);
    assert_int_equal(script.n_steps, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_true(script.steps[i].before == before[i]);
        assert_int_equal(script.steps[i].stays, stays[i]);
    }
    therapist_script_finish(&script);
}

static void every_example_loads(void **state)
{
    (void)state;
    static const char folder[] = TEST_SOURCE_DIR "/../firmware/port/host/therapist/scripts";
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    unsigned n_files = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (therapist_script_load(&script, path, &error) != THENAR_OK)
            fail_msg("%s", error.text);
        therapist_script_finish(&script);
        n_files++;
    }
    (void)closedir(directory);
    assert_true(n_files >= 3);
}

static void a_missing_file_is_said(void **state)
{
    (void)state;
    assert_int_equal(therapist_script_load(&script, "/nowhere/x.therapist", &error), THENAR_ERR_OS);
    assert_non_null(strstr(error.text, "/nowhere/x.therapist"));
    assert_non_null(strstr(error.text, "demo"));
    /* A folder opens, but does not read. */
    assert_int_equal(therapist_script_load(&script, "/", &error), THENAR_ERR_OS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_steps_and_fills_in_what_is_usual),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(what_it_asks_for_is_enough),
        cmocka_unit_test(refuses_what_is_too_much_or_no_text),
        cmocka_unit_test(survives_every_cut_and_every_bit),
        cmocka_unit_test(the_demo_has_every_technique_and_is_the_file),
        cmocka_unit_test(the_page_tells_the_usual_values),
        cmocka_unit_test(a_load_goes_on_where_the_next_is_alike),
        cmocka_unit_test(every_example_loads),
        cmocka_unit_test(a_missing_file_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

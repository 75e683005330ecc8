/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole sessions of the virtual therapist under a plan, read as a teacher would read them: what is
 * said, what is not, and when. Hands go through the sensors, the pipeline and the coach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "coached_scene.h"
#include "session/plan_file.h"

static struct plan plan;
static struct coached_scene scene;

static void play(const char *file, const char *script, enum plan_cues cues)
{
    struct thenar_error error = {0};
    if (plan_file_read(&plan, file, &error) != THENAR_OK)
        fail_msg("%s", error.text);
    scene.plan = &plan;
    scene.script = script;
    scene.cues = cues;
    coached_scene_play(&scene);
    coached_scene_print(&scene);
}

static int set_up(void **state)
{
    (void)state;
    memset(&scene, 0, sizeof scene);
    return 0;
}

static void assert_only(double from_s, double to_s, enum coach_word a, enum coach_word b)
{
    for (unsigned i = 0; i < scene.n_said; i++)
        if (scene.said[i].at_s >= from_s && scene.said[i].at_s < to_s &&
            scene.said[i].cue.word != a && scene.said[i].cue.word != b)
            fail_msg("at %.1f s: %s", scene.said[i].at_s, scene.said[i].cue.text);
}

static bool was_told(double from_s, double to_s, const char *words)
{
    for (unsigned i = 0; i < scene.n_said; i++)
        if (scene.said[i].at_s >= from_s && scene.said[i].at_s < to_s &&
            strstr(scene.said[i].cue.text, words))
            return true;
    return false;
}

#define PRE_EVENT TEST_SOURCE_DIR "/../packaging/plans/pre-event.plan"

static const char good_hands[] = "effleurage 60 pace_cpm=36 force_n=50\n"
                                 "petrissage 90 pace_cpm=45 force_n=35\n"
                                 "tapotement 40 pace_cpm=330\n"
                                 "shaking 30 pace_cpm=350\n"
                                 "effleurage 60 pace_cpm=36 force_n=50\n"
                                 "petrissage 90 pace_cpm=45 force_n=35\n"
                                 "tapotement 40 pace_cpm=330\n"
                                 "shaking 32 pace_cpm=350\n"
                                 "rest 3\n";

static void good_hands_hear_the_steps_and_now_and_then_a_good(void **state)
{
    (void)state;
    play(PRE_EVENT, good_hands, PLAN_CUES_ALL);
    assert_only(0, 500, COACH_MOVE_ON, COACH_GOOD);
    assert_int_equal(coached_scene_count(&scene, COACH_MOVE_ON, 0, 500), 9);
    assert_in_range(coached_scene_count(&scene, COACH_GOOD, 0, 500), 4, 9);
    assert_true(was_told(0, 1, "Begin: effleurage, right leg, back, 60 s."));
    assert_true(was_told(59, 61, "Move on: petrissage"));
    assert_true(was_told(439, 442, "That was the last step"));
    assert_true(scene.report.score.practice_score > 93);
}

/* Too fast; uneven; too slow; hands off; another technique; slow, then gone too early; the step
 * after next, too soon. */
static const char faulty_hands[] = "effleurage 60 pace_cpm=72 force_n=50\n"
                                   "petrissage 90 pace_cpm=40 force_n=35 irregularity_pct=40\n"
                                   "tapotement 40 pace_cpm=150\n"
                                   "rest 30\n"
                                   "compression 60 hold_s=25\n"
                                   "petrissage 40 pace_cpm=20 force_n=35\n"
                                   "rest 50\n"
                                   "shaking 40 pace_cpm=350\n"
                                   "shaking 32 pace_cpm=350\n"
                                   "rest 3\n";

static void each_fault_is_told_when_it_is_there(void **state)
{
    (void)state;
    play(PRE_EVENT, faulty_hands, PLAN_CUES_ALL);
    assert_only(1, 60, COACH_SLOWER, COACH_SLOWER);
    assert_int_equal(coached_scene_count(&scene, COACH_SLOWER, 6, 20), 1); /* soon, and once */
    assert_int_equal(coached_scene_count(&scene, COACH_SLOWER, 0, 60), 2);
    assert_in_range(coached_scene_count(&scene, COACH_STEADIER, 65, 150), 1, 3);
    assert_int_equal(coached_scene_count(&scene, COACH_FASTER, 155, 190), 2);
    assert_true(was_told(200, 220, "Go on: shaking, right leg, back"));
    assert_true(was_told(228, 250, "This step is effleurage, left leg, back; that looks like "));
    assert_int_equal(coached_scene_count(&scene, COACH_GOOD, 190, 280), 0);
    assert_int_equal(coached_scene_count(&scene, COACH_FASTER, 285, 305), 1);
    assert_true(was_told(330, 365, "Go on: petrissage"));
    assert_true(was_told(378, 400, "This step is tapotement"));
    assert_only(410, 438, COACH_MOVE_ON, COACH_GOOD);
    assert_in_range(scene.n_said, 18, 30); /* of seven minutes: not too many */
    assert_true(scene.report.score.practice_score < 75);
    assert_true(scene.report.score.pace_pct < 60 && scene.report.score.time_pct < 65);
    for (unsigned i = 1; i < scene.n_said; i++)
        assert_true(scene.said[i].cue.word == COACH_MOVE_ON ||
                    scene.said[i].at_s - scene.said[i - 1].at_s >= COACH_QUIET_S - 0.15);
}

static void conventions_correct_nobody_by_default(void **state)
{
    (void)state;
    play(PRE_EVENT, faulty_hands, PLAN_CUES_TRUSTED);
    assert_only(0, 500, COACH_MOVE_ON, COACH_GOOD);
    assert_int_equal(coached_scene_count(&scene, COACH_GOOD, 1, 60), 0); /* nor praises them */
    assert_int_equal(coached_scene_count(&scene, COACH_GOOD, 150, 380), 0);
    assert_true(scene.report.score.practice_score < 75); /* they are scored all the same */
}

#define CARE_PLAN                                                                                \
    "title = \"t\"; goal = \"g\"; assessment_before = \"a\"; assessment_after = \"a\";\n"        \
    "aftercare = \"a\"; next_visit = \"n\"; advance = \"command\"; cues = \"all\";\n"            \
    "ceiling_kpa = { high = 60.0; mark = \"instructor\"; source = \"s\"; };\n"                   \
    "steps = (\n"                                                                                \
    "{ region = \"calf\"; technique = \"petrissage\"; duration_s = 90;\n"                        \
    "  pressure_kpa = { low = 14.0; high = 40.0; mark = \"instructor\"; source = \"s\"; }; },\n" \
    "{ region = \"back\"; technique = \"compression\"; duration_s = 90; repeats = 3;\n"          \
    "  hold_s = { low = 15.0; high = 25.0; mark = \"instructor\"; source = \"s\"; }; },\n"       \
    "{ region = \"thigh\"; technique = \"effleurage\"; duration_s = 60; } );\n"

/* Light, and pain; then far too hard. Short holds, then good ones; then the next step. */
static const char care_hands[] = "petrissage 40 pace_cpm=40 force_n=20\n"
                                 "petrissage 30 pace_cpm=40 force_n=20\n"
                                 "petrissage 20 pace_cpm=40 force_n=230\n"
                                 "rest 2\n"
                                 "compression 32 hold_s=6 force_n=20\n"
                                 "compression 68 hold_s=20 force_n=20\n"
                                 "rest 2\n"
                                 "effleurage 40 pace_cpm=20\n";

static void pain_and_the_ceiling_come_first(void **state)
{
    (void)state;
    struct thenar_error error = {0};
    assert_int_equal(plan_file_parse(&plan, CARE_PLAN, "care.plan", &error), THENAR_OK);
    assert_int_equal(plan.cues, PLAN_CUES_ALL);
    scene = (struct coached_scene){
        .plan = &plan, .script = care_hands, .cues = plan.cues, .follows_hands = true};
    scene.commands[0] = (struct coached_command){.at_s = 43, .kind = COACHED_COMFORT, .pain = 6};
    scene.commands[1] = (struct coached_command){.at_s = 92, .kind = COACHED_COMFORT, .pain = 1};
    scene.n_commands = 2;
    coached_scene_play(&scene);
    coached_scene_print(&scene);
    assert_in_range(coached_scene_count(&scene, COACH_DEEPER, 5, 43), 1, 2);
    assert_int_equal(coached_scene_count(&scene, COACH_LIGHTER, 43, 43.3), 1); /* at once */
    assert_int_equal(coached_scene_count(&scene, COACH_DEEPER, 43, 300), 0);
    assert_in_range(coached_scene_count(&scene, COACH_STOP, 70, 91), 2, 4);
    assert_only(74, 92, COACH_STOP, COACH_MOVE_ON);
    assert_true(was_told(94, 110, "Move on: compression")); /* the hands were followed */
    assert_true(was_told(95, 127, "Hold longer. That was 5 s") ||
                was_told(95, 127, "Hold longer. That was 6 s"));
    assert_in_range(coached_scene_count(&scene, COACH_GOOD, 125, 200), 1, 2);
    assert_true(was_told(125, 200, "That was number 3 of 3"));
    assert_true(was_told(190, 215, "Move on: effleurage, thigh"));
    assert_true(scene.on_step_s[0] > 80 && scene.on_step_s[1] > 75 && scene.on_step_s[2] > 20);
}

#define POST_EVENT TEST_SOURCE_DIR "/../packaging/plans/post-event.plan"

/* Far too hard for legs that are tired, then gentle; and it hurts all the same, twice. */
static const char strong_hands[] = "rest 8\n"
                                   "effleurage 180 pace_cpm=14 force_n=60\n"
                                   "petrissage 80 pace_cpm=28 force_n=160\n"
                                   "petrissage 158 pace_cpm=28 force_n=35\n"
                                   "rest 3\n";

static void strong_hands_after_an_event_hear_lighter(void **state)
{
    (void)state;
    scene.commands[0] = (struct coached_command){.at_s = 345, .kind = COACHED_COMFORT, .pain = 6};
    scene.commands[1] = (struct coached_command){.at_s = 375, .kind = COACHED_COMFORT, .pain = 6};
    scene.n_commands = 2;
    play(POST_EVENT, strong_hands, PLAN_CUES_ALL);
    assert_true(was_told(0, 1, "Slow, with the whole hand, towards the heart."));
    assert_only(1, 188, COACH_GOOD, COACH_GOOD);
    assert_in_range(coached_scene_count(&scene, COACH_GOOD, 8, 188), 1, 2);
    assert_true(was_told(187, 189.5, "Move on: petrissage")); /* the first touch began the plan */
    assert_only(190, 268, COACH_LIGHTER, COACH_LIGHTER);
    assert_in_range(coached_scene_count(&scene, COACH_LIGHTER, 190, 268), 2, 3);
    assert_true(was_told(268, 300, "Good, that is the pressure."));
    assert_true(was_told(345, 346.5, "The receiver says 6 of 10: ease off"));
    assert_true(was_told(375, 376.5, "Again 6 of 10: take the hands off"));
    assert_only(345, 427, COACH_LIGHTER, COACH_LIGHTER); /* no praise, no "deeper" */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(good_hands_hear_the_steps_and_now_and_then_a_good, set_up),
        cmocka_unit_test_setup(each_fault_is_told_when_it_is_there, set_up),
        cmocka_unit_test_setup(conventions_correct_nobody_by_default, set_up),
        cmocka_unit_test_setup(pain_and_the_ceiling_come_first, set_up),
        cmocka_unit_test_setup(strong_hands_after_an_event_hear_lighter, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

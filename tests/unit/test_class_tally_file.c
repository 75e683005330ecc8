/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "class_tally_file.h"

/* As /api/sessions/ID answers, cut to what counts. */
static const char FILES[] =
    "{\"id\":\"x1\",\"state\":\"closed\",\"devices\":[{\"device\":\"left\",\"ledger\":{\"n_"
    "frames\":"
    "900,\"lost_device\":1,\"lost_link\":2,\"lost_host\":0,\"lost_disk\":0,\"n_gaps\":1},"
    "\"digest\":{\"length_s\":130.0},"
    "\"events\":[{\"at_s\":10.0,\"event\":\"touched\",\"text\":\"\"}],"
    "\"plan\":{\"steps\":[{\"technique\":\"effleurage\",\"region\":\"back\",\"duration_s\":60},"
    "{\"technique\":\"friction\",\"region\":\"\",\"duration_s\":30}]},"
    "\"score\":{\"practice_score\":80.0,\"pressure_pct\":null,\"pace_pct\":70,\"regularity_pct\":"
    "90,\"holds_pct\":null,\"time_pct\":60},"
    "\"episodes\":[{\"start_s\":10,\"end_s\":40,\"technique\":\"effleurage\",\"n_strokes\":6,"
    "\"step\":0},{\"start_s\":40,\"end_s\":45,\"technique\":\"rest\",\"n_strokes\":0},"
    "{\"start_s\":45,\"end_s\":60,\"technique\":\"effleurage\",\"n_strokes\":3,\"step\":0}],"
    "\"cues\":[{\"at_s\":1,\"cue\":\"slower\"},{\"at_s\":9,\"cue\":\"slower\"}],"
    "\"commands\":[{\"command\":\"comfort\",\"is_done\":true,\"request\":\"{\\\"pain\\\":6}\"},"
    "{\"command\":\"comfort\",\"is_done\":true,\"request\":\"{}\"},"
    "{\"command\":\"comfort\",\"is_done\":false,\"request\":\"{\\\"pain\\\":9}\"},"
    "{\"command\":\"plan\",\"is_done\":true,\"request\":\"{}\"}]},"
    "{\"device\":\"right\",\"error\":\"cut off\"}]}";

static void what_was_missed_is_taken_from_the_files(void **state)
{
    (void)state;
    struct class_tally tally;
    class_tally_init(&tally);
    assert_int_equal(class_tally_take_file(&tally, FILES, strlen(FILES)), THENAR_OK);
    assert_true(tally.length_s == 120); /* from the first touch */
    assert_int_equal(tally.n_devices, 1);
    assert_string_equal(tally.devices[0].device, "left");
    assert_true(tally.devices[0].score == 80 && tally.devices[0].pace_pct == 70);
    assert_true(isnan(tally.devices[0].pressure_pct));
    assert_int_equal(tally.devices[0].n_lost, 3);
    assert_int_equal(tally.n_techniques, 2);
    assert_true(tally.techniques[0].span_s == 45);
    assert_int_equal(tally.techniques[0].n_strokes, 9);
    assert_int_equal(tally.n_steps, 2);
    assert_true(tally.steps[0].span_s == 45 && tally.steps[0].wanted_s == 60);
    assert_true(isnan(tally.steps[1].span_s));
    assert_int_equal(tally.cues[0].n, 2);
    assert_true(tally.worst_pain == 6);
    assert_int_equal(tally.n_complaints, 2);
}

static void what_was_heard_and_is_more_stays(void **state)
{
    (void)state;
    struct class_tally tally;
    class_tally_init(&tally);
    tally.length_s = 121;
    tally.n_devices = 2;
    tally.devices[0] = (struct tally_device){"right", 55, 1, 1, 1, 1, 1, 70, 0};
    tally.devices[1] = (struct tally_device){"left", 10, 1, 1, 1, 1, 1, 950, 0};
    tally.n_techniques = 1;
    tally.techniques[0] = (struct tally_technique){"rest", 50, 0};
    tally.n_steps = 1;
    tally.steps[0] = (struct tally_step){"effleurage", "back", 58, 60};
    tally.n_cues = 1;
    tally.cues[0] = (struct tally_cue){"slower", 5};
    tally.n_complaints = 3;
    assert_int_equal(class_tally_take_file(&tally, FILES, strlen(FILES)), THENAR_OK);
    assert_true(tally.length_s == 121);
    assert_int_equal(tally.n_devices, 2);
    assert_true(tally.devices[0].score == 55); /* its file cannot be read */
    assert_true(tally.devices[1].score == 80);
    assert_int_equal(tally.devices[1].n_frames, 950);
    assert_int_equal(tally.n_techniques, 2);
    assert_true(tally.techniques[0].span_s == 50);
    assert_true(tally.steps[0].span_s == 58);
    assert_int_equal(tally.n_steps, 2);
    assert_int_equal(tally.cues[0].n, 5);
    assert_int_equal(tally.n_complaints, 3);
    struct class_tally before = tally;
    assert_int_equal(class_tally_take_file(&tally, FILES, strlen(FILES)), THENAR_OK);
    assert_memory_equal(&tally, &before, sizeof tally); /* twice is as once */
}

static void what_goes_on_waits_and_nonsense_changes_nothing(void **state)
{
    (void)state;
    struct class_tally tally, before;
    class_tally_init(&tally);
    before = tally;
    const char recording[] = "{\"state\":\"recording\",\"devices\":[]}";
    assert_int_equal(class_tally_take_file(&tally, recording, strlen(recording)), THENAR_PENDING);
    for (size_t n = 0; n < strlen(FILES); n++) /* cut anywhere */
        assert_int_equal(class_tally_take_file(&tally, FILES, n), THENAR_ERR_SYNTAX);
    const char *const odd[] = {"[]", "{\"state\":\"closed\"}", "{\"state\":7,\"devices\":[]}"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_int_equal(class_tally_take_file(&tally, odd[i], strlen(odd[i])), THENAR_ERR_SYNTAX);
    assert_memory_equal(&tally, &before, sizeof tally);
    const char strange[] = "{\"state\":\"closed\",\"devices\":[7,null,{\"device\":[],\"plan\":3,"
                           "\"episodes\":[{\"step\":-1},{\"step\":1e9,\"end_s\":3}],\"cues\":[{}],"
                           "\"commands\":[{\"command\":\"comfort\",\"is_done\":true,\"request\":"
                           "\"[\"}]}]}";
    assert_int_equal(class_tally_take_file(&tally, strange, strlen(strange)), THENAR_OK);
    assert_int_equal(tally.n_techniques + tally.n_cues + tally.n_complaints, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_missed_is_taken_from_the_files),
        cmocka_unit_test(what_was_heard_and_is_more_stays),
        cmocka_unit_test(what_goes_on_waits_and_nonsense_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "classroom.h"

#define NOW 1795000000.0

/* ---- a feed and daemons by hand */

static struct thenar_feed_message message_of(enum thenar_topic_kind kind, const char *station)
{
    struct thenar_feed_message message = {.topic.kind = kind};
    (void)snprintf(message.topic.station, sizeof message.topic.station, "%s", station);
    (void)snprintf(message.topic.device, sizeof message.topic.device, "pad");
    return message;
}

static void hear(struct classroom *room, const char *station)
{
    struct thenar_feed_message message = message_of(THENAR_TOPIC_STATUS, station);
    classroom_take(room, &message, NOW);
}

static void tell_session(struct classroom *room, const char *station, const char *id,
                         const char *state, const char *participant, float length_s, double at)
{
    struct thenar_feed_message message = message_of(THENAR_TOPIC_SESSION, station);
    struct thenar_feed_session *session = &message.payload.session;
    (void)snprintf(session->session, sizeof session->session, "%s", id);
    (void)snprintf(session->state, sizeof session->state, "%s", state);
    (void)snprintf(session->participant, sizeof session->participant, "%s", participant);
    session->length_s = length_s;
    session->frames = 1000;
    session->lost_link = 2;
    classroom_take(room, &message, at);
}

static enum thenar_status ask(struct classroom *room, const char *json)
{
    struct class_request request;
    struct thenar_error error = {0};
    json_t *object = json_loads(json, 0, NULL);
    assert_non_null(object);
    enum thenar_status status = class_request_decode(object, &request, &error);
    json_decref(object);
    if (status == THENAR_OK)
        status = classroom_do(room, &request, NOW, &error);
    assert_true(status == THENAR_OK || error.text[0]);
    return status;
}

static struct classroom *a_class_of_two(void)
{
    struct classroom *room = calloc(1, sizeof *room);
    assert_int_equal(ask(room, "{\"act\":\"start\"}"), THENAR_ERR_ABSENT); /* nobody is there */
    hear(room, "s1");
    hear(room, "s2");
    assert_false(room->is_unsaved); /* tables alone are no class */
    assert_int_equal(ask(room, "{\"act\":\"codes\",\"codes\":[\"A1\",\"A2\",\"A3\"]}"), THENAR_OK);
    assert_int_equal(ask(room, "{\"act\":\"seat_all\"}"), THENAR_OK);
    assert_int_equal(ask(room, "{\"act\":\"begin\",\"title\":\"Tuesday\"}"), THENAR_OK);
    assert_true(room->is_unsaved);
    return room;
}

static void end(struct classroom *room)
{
    classroom_finish(room);
    free(room);
}

/* ---- */

static void a_class_is_started_table_by_table(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    struct classroom_command command, other;
    assert_int_equal(ask(room, "{\"act\":\"plan\",\"plan\":\"maintenance\"}"), THENAR_OK);
    assert_int_equal(ask(room, "{\"act\":\"start\"}"), THENAR_OK);
    assert_true(classroom_next(room, &command));
    assert_true(classroom_next(room, &other));
    assert_string_equal(command.station, "s1");
    assert_string_equal(command.control.participant, "A1");
    assert_string_equal(command.control.operator_id, "A1");
    assert_string_equal(command.control.note, "receiver A2");
    assert_string_equal(command.control.plan, "maintenance");
    assert_int_equal(command.control.command, THENAR_CONTROL_SESSION_START);
    assert_string_equal(other.control.participant, "A3");
    assert_string_equal(other.control.note, "");
    struct classroom_command none;
    assert_false(classroom_next(room, &none));

    /* The other table's line is full: it is asked again, under another number. */
    classroom_unsend(room, other.errand);
    struct classroom_command again;
    assert_true(classroom_next(room, &again));
    assert_string_equal(again.station, "s2");

    classroom_take_reply(room, command.errand,
                         "{\"id\":0,\"ok\":true,\"session\":\"x1\",\"state\":\"recording\","
                         "\"files\":1,\"frames\":0,\"lost\":0,\"lost_disk\":0,\"gaps\":0,"
                         "\"size_bytes\":0,\"free_bytes\":9}");
    classroom_take_reply(room, again.errand,
                         "{\"id\":0,\"ok\":false,\"error\":\"the disk is nearly full\"}");
    assert_true(room->seats[0].is_recording);
    assert_string_equal(room->seats[0].result, "recording for A1");
    assert_false(room->seats[1].is_well);
    assert_string_equal(room->seats[1].result, "not started: the disk is nearly full");
    assert_true(classroom_next(room, &command)); /* and now the plan */
    assert_int_equal(command.control.command, THENAR_CONTROL_PLAN);
    assert_string_equal(command.control.action, "start");
    classroom_take_reply(room, command.errand,
                         "{\"id\":0,\"ok\":false,\"error\":\"no plan 'maintenance'\"}");
    assert_string_equal(room->seats[0].result,
                        "recording, without the plan: no plan 'maintenance'");
    assert_int_equal(room->seats[0].task, CLASSROOM_IDLE);
    classroom_take_reply(room, command.errand, NULL); /* late and twice: nothing happens */
    end(room);
}

static void who_swaps_is_recorded_next(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    tell_session(room, "s1", "x1", "recording", "A1", 1, NOW);
    assert_int_equal(ask(room, "{\"act\":\"swap\",\"station\":\"s1\"}"), THENAR_OK);
    tell_session(room, "s1", "x1", "recording", "A1", 2, NOW + 1);
    tell_session(room, "s1", "x1", "closed", "A1", 2.5f, NOW + 2);
    assert_int_equal(ask(room, "{\"act\":\"start\",\"station\":\"s1\"}"), THENAR_OK);
    struct classroom_command command;
    assert_true(classroom_next(room, &command));
    assert_string_equal(command.control.participant, "A2");
    tell_session(room, "s1", "x2", "recording", "A2", 0, NOW + 3);
    assert_int_equal(room->book.n_sessions, 2);
    assert_string_equal(room->book.sessions[0].giver, "A1");
    assert_string_equal(room->book.sessions[0].receiver, "A2");
    assert_true(room->book.sessions[0].is_closed);
    assert_string_equal(room->book.sessions[1].giver, "A2");
    assert_string_equal(room->book.sessions[1].receiver, "A1");
    assert_int_equal(ask(room, "{\"act\":\"swap\",\"station\":\"s7\"}"), THENAR_ERR_ABSENT);
    end(room);
}

static void what_waits_for_a_touch_is_no_result_yet(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    tell_session(room, "s1", "x1", "armed", "A1", 0, NOW);
    assert_true(room->seats[0].is_recording); /* so that it can be stopped */
    assert_int_equal(room->book.n_sessions, 0);
    tell_session(room, "s1", "x1", "dropped", "A1", 0, NOW + 1);
    assert_false(room->seats[0].is_recording);
    assert_int_equal(room->book.n_sessions, 0);
    tell_session(room, "s1", "x2", "armed", "A1", 0, NOW + 2);
    tell_session(room, "s1", "x2", "recording", "A1", 1, NOW + 9);
    assert_int_equal(room->book.n_sessions, 1);
    assert_true(room->book.sessions[0].began_unix_s == NOW + 8);

    struct classroom_command command;
    tell_session(room, "s2", "x3", "armed", "", 0, NOW);
    assert_int_equal(ask(room, "{\"act\":\"stop\",\"station\":\"s2\"}"), THENAR_OK);
    assert_true(classroom_next(room, &command));
    classroom_take_reply(room, command.errand,
                         "{\"id\":0,\"ok\":true,\"session\":\"x3\",\"state\":\"dropped\","
                         "\"files\":1,\"frames\":9,\"lost\":0,\"lost_disk\":0,\"gaps\":0,"
                         "\"size_bytes\":1,\"free_bytes\":1}");
    assert_string_equal(room->seats[1].result, "nobody had touched; nothing is kept");
    end(room);
}

static void what_is_said_is_counted_to_the_session(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    tell_session(room, "s2", "x1", "recording", "", 10, NOW);
    struct thenar_feed_message message = message_of(THENAR_TOPIC_PLAN, "s2");
    message.payload.plan = (struct thenar_feed_plan){.step = 2,
                                                     .n_steps = 4,
                                                     .technique = "petrissage",
                                                     .elapsed_s = 30,
                                                     .duration_s = 60,
                                                     .practice_score = 80,
                                                     .score_pressure_pct = 90,
                                                     .score_pace_pct = 40,
                                                     .score_regularity_pct = 80,
                                                     .score_holds_pct = NAN,
                                                     .score_time_pct = 70};
    classroom_take(room, &message, NOW);
    message = message_of(THENAR_TOPIC_EPISODE, "s2");
    (void)snprintf(message.payload.episode.technique, THENAR_WORD_BYTES, "petrissage");
    message.payload.episode.duration_s = 12;
    message.payload.episode.strokes = 7;
    classroom_take(room, &message, NOW);
    message = message_of(THENAR_TOPIC_COMFORT, "s2");
    message.payload.comfort.pain = 5;
    classroom_take(room, &message, NOW);
    message = message_of(THENAR_TOPIC_CUE, "s2");
    (void)snprintf(message.payload.cue.cue, THENAR_WORD_BYTES, "slower");
    classroom_take(room, &message, NOW);
    tell_session(room, "s2", "x1", "closed", "", 60, NOW + 60);
    message = message_of(THENAR_TOPIC_EPISODE, "s2");
    (void)snprintf(message.payload.episode.technique, THENAR_WORD_BYTES, "petrissage");
    message.payload.episode.duration_s = 3;
    classroom_take(room, &message, NOW + 60.1); /* ended by the end of the session */
    classroom_take(room, &message, NOW + 70);   /* this is nobody's */

    const struct class_session *session = class_book_session(&room->book, "x1");
    assert_non_null(session);
    const struct class_tally *tally = &session->tally;
    assert_string_equal(session->giver, "A3");
    assert_float_equal(session->tally.techniques[0].span_s, 15, 1e-6f);
    assert_float_equal(class_tally_value(tally, TALLY_SCORE), 80, 1e-6f);
    assert_float_equal(class_tally_value(tally, TALLY_RHYTHM_PCT), (25 * 40 + 15 * 80) / 40.0f,
                       1e-4f);
    assert_float_equal(class_tally_value(tally, TALLY_COVERAGE_PCT), 100 * 0.5f / 4, 1e-4f);
    assert_float_equal(class_tally_value(tally, TALLY_WORST_PAIN), 5, 1e-6f);
    assert_float_equal(class_tally_value(tally, TALLY_CUES_PER_MINUTE), 1, 1e-6f);
    assert_true(isnan(class_tally_value(tally, TALLY_HOLDS_PCT)));
    assert_int_equal(tally->n_complaints, 1);
    assert_int_equal(tally->devices[0].n_lost, 2);
    end(room);
}

static void what_is_recorded_without_a_class_is_not_kept(void **state)
{
    (void)state;
    struct classroom *room = calloc(1, sizeof *room);
    hear(room, "s1");
    tell_session(room, "s1", "x1", "recording", "P7", 5, NOW);
    assert_true(room->seats[0].is_recording);
    assert_int_equal(room->book.n_sessions, 0);
    assert_false(room->is_unsaved);
    assert_int_equal(ask(room, "{\"act\":\"begin\"}"), THENAR_OK);
    tell_session(room, "s1", "x1", "recording", "P7", 6, NOW); /* one that goes on is */
    assert_int_equal(room->book.n_sessions, 1);
    assert_string_equal(room->book.sessions[0].giver, "P7");
    assert_int_equal(ask(room, "{\"act\":\"end\"}"), THENAR_OK);
    tell_session(room, "s1", "x1", "closed", "P7", 7, NOW + 1);
    tell_session(room, "s1", "x2", "recording", "P7", 0, NOW + 9);
    assert_int_equal(room->book.n_sessions, 1);
    assert_true(room->book.sessions[0].is_closed);
    end(room);
}

static void notes_are_shown_and_written_where_something_is_recorded(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    struct classroom_command command;
    tell_session(room, "s1", "x1", "recording", "A1", 1, NOW);
    assert_int_equal(ask(room, "{\"act\":\"note\",\"note\":\"softer, please\"}"), THENAR_OK);
    assert_true(classroom_next(room, &command));
    assert_string_equal(command.station, "s1");
    assert_int_equal(command.control.command, THENAR_CONTROL_SESSION_NOTE);
    assert_string_equal(command.control.note, "softer, please");
    assert_false(classroom_next(room, &command));
    assert_non_null(strstr(room->seats[1].result, "nothing is recorded"));
    json_t *seen = classroom_json_of(room, "s2");
    assert_string_equal(json_string_value(json_object_get(seen, "note")), "softer, please");
    assert_int_equal(json_integer_value(json_object_get(seen, "notes")), 1);
    assert_null(json_object_get(seen, "codes")); /* a table sees itself alone */
    json_decref(seen);
    assert_null(classroom_json_of(room, "s9"));
    end(room);
}

/* Replies and the feed come by two ways: what was sent before may be heard after. */
static void what_the_feed_said_before_a_reply_changes_nothing_after_it(void **state)
{
    (void)state;
    static const char *const stopped =
        "{\"id\":0,\"ok\":true,\"session\":\"x1\",\"state\":\"closed\","
        "\"length_s\":61,\"files\":1,\"frames\":9,\"lost\":0,"
        "\"lost_disk\":0,\"gaps\":0,\"size_bytes\":0,"
        "\"free_bytes\":9}";
    struct classroom *room = a_class_of_two();
    struct classroom_command command;
    tell_session(room, "s1", "x1", "recording", "A1", 60, NOW);
    assert_int_equal(ask(room, "{\"act\":\"stop\"}"), THENAR_OK);
    assert_true(classroom_next(room, &command));
    classroom_take_reply(room, command.errand, stopped);
    assert_false(room->seats[0].is_recording);
    tell_session(room, "s1", "x1", "recording", "A1", 61, NOW + 1);
    assert_false(room->seats[0].is_recording);
    assert_true(room->book.sessions[0].is_closed);
    tell_session(room, "s1", "x1", "closed", "A1", 61, NOW + 1);
    assert_string_equal(room->seats[0].result, "stopped after 1 min 01 s");
    tell_session(room, "s1", "x2", "recording", "A1", 1, NOW + 2); /* the next one is heard */
    assert_true(room->seats[0].is_recording);
    assert_string_equal(room->seats[0].session, "x2");
    end(room);
}

/* The reply was waited for too long, and the session was over all the same. */
static void the_feed_tells_of_an_end_that_no_reply_told(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    struct classroom_command command;
    tell_session(room, "s1", "x1", "recording", "A1", 60, NOW);
    assert_int_equal(ask(room, "{\"act\":\"stop\"}"), THENAR_OK);
    assert_true(classroom_next(room, &command));
    classroom_take_reply(room, command.errand,
                         "{\"id\":0,\"ok\":false,\"error\":\"no answer within 6 s\"}");
    assert_false(room->seats[0].is_well);
    assert_true(room->seats[0].is_recording);
    tell_session(room, "s1", "x1", "closed", "A1", 61, NOW + 1);
    assert_false(room->seats[0].is_recording);
    assert_true(room->seats[0].is_well);
    assert_string_equal(room->seats[0].result, "stopped after 1 min 01 s");
    end(room);
}

/* A daemon that died says nothing: its table can be started anew, and what comes back counts on. */
static void silence_is_the_end_of_a_recording(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    tell_session(room, "s1", "x1", "recording", "A1", 1, NOW);
    classroom_tick(room, NOW + 5);
    assert_true(room->seats[0].is_recording);
    classroom_tick(room, NOW + 9);
    assert_false(room->seats[0].is_recording);
    assert_false(room->seats[0].is_well);
    assert_true(room->book.sessions[0].is_closed);
    tell_session(room, "s1", "x1", "recording", "A1", 10, NOW + 10);
    assert_true(room->seats[0].is_recording);
    assert_false(room->book.sessions[0].is_closed);
    assert_int_equal(room->book.n_sessions, 1);
    end(room);
}

static void the_instructors_word_stands_beside_the_measured_one(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    tell_session(room, "s1", "x1", "recording", "A1", 1, NOW);
    assert_int_equal(ask(room, "{\"act\":\"judge\",\"session\":\"x1\",\"criterion\":\"pressure\","
                               "\"level\":3,\"score\":66.5,\"remark\":\"=1+1\"}"),
                     THENAR_OK);
    struct class_session *session = class_book_session(&room->book, "x1");
    assert_int_equal(class_session_level(session, "pressure"), 3);
    assert_float_equal(session->own_score, 66.5f, 1e-6f);
    assert_string_equal(session->remark, "=1+1");
    assert_int_equal(ask(room, "{\"act\":\"judge\",\"session\":\"x1\",\"criterion\":\"pressure\","
                               "\"level\":0,\"score\":null}"),
                     THENAR_OK);
    assert_int_equal(class_session_level(session, "pressure"), 0);
    assert_true(isnan((double)session->own_score));
    assert_string_equal(session->remark, "=1+1"); /* not spoken of */
    assert_int_equal(ask(room, "{\"act\":\"judge\",\"session\":\"x9\"}"), THENAR_ERR_ABSENT);
    end(room);
}

static void tables_keep_their_number_until_they_are_forgotten(void **state)
{
    (void)state;
    struct classroom *room = a_class_of_two();
    hear(room, "s3");
    tell_session(room, "s3", "x3", "recording", "A3", 1, NOW);
    assert_int_equal(ask(room, "{\"act\":\"forget\",\"station\":\"s1\"}"), THENAR_OK);
    assert_int_equal(room->book.n_stations, 2);
    assert_string_equal(room->book.stations[1].station, "s3");
    assert_true(room->seats[1].is_recording);
    assert_false(room->seats[2].is_recording);
    char name[THENAR_TOPIC_NAME_BYTES];
    for (unsigned i = 0; i < 2 * CLASS_STATIONS_MAX; i++) {
        (void)snprintf(name, sizeof name, "t%u", i);
        hear(room, name);
    }
    assert_int_equal(room->book.n_stations, CLASS_STATIONS_MAX);
    end(room);
}

static void nonsense_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"act\":7}",
        "{\"act\":\"dance\"}",
        "{\"act\":\"swap\"}",
        "{\"act\":\"swap\",\"station\":\"\"}",
        "{\"act\":\"swap\",\"station\":\"S 1\"}",
        "{\"act\":\"swap\",\"station\":\"s1\",\"giver\":\"A1\"}",
        "{\"act\":\"begin\",\"title\":\"two\\nlines\"}",
        "{\"act\":\"begin\",\"title\":5}",
        "{\"act\":\"codes\",\"codes\":[5]}",
        "{\"act\":\"codes\",\"codes\":\"A1\"}",
        "{\"act\":\"codes\",\"codes\":[\"Maria\"]}",
        "{\"act\":\"codes\",\"codes\":[\"A1\",\"A1\"]}",
        "{\"act\":\"plan\",\"plan\":\"../../etc/passwd\"}",
        "{\"act\":\"note\",\"note\":\"\"}",
        "{\"act\":\"judge\",\"session\":\"x\",\"level\":-1}",
        "{\"act\":\"judge\",\"session\":\"x\",\"score\":101}",
        "{\"act\":\"judge\",\"session\":\"x\",\"score\":\"5\"}",
    };
    struct classroom *room = a_class_of_two();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(ask(room, texts[i]) < 0);
    assert_int_equal(room->book.n_codes, 3); /* a bad list changes nothing */
    end(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_is_started_table_by_table),
        cmocka_unit_test(who_swaps_is_recorded_next),
        cmocka_unit_test(what_waits_for_a_touch_is_no_result_yet),
        cmocka_unit_test(what_is_said_is_counted_to_the_session),
        cmocka_unit_test(what_is_recorded_without_a_class_is_not_kept),
        cmocka_unit_test(notes_are_shown_and_written_where_something_is_recorded),
        cmocka_unit_test(what_the_feed_said_before_a_reply_changes_nothing_after_it),
        cmocka_unit_test(the_feed_tells_of_an_end_that_no_reply_told),
        cmocka_unit_test(silence_is_the_end_of_a_recording),
        cmocka_unit_test(the_instructors_word_stands_beside_the_measured_one),
        cmocka_unit_test(tables_keep_their_number_until_they_are_forgotten),
        cmocka_unit_test(nonsense_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feed/control.h"
#include "feed/control_tables.h"
#include "feed_sample.h"

static char text[4096 + 3 * THENAR_PAYLOAD_BYTES];
static struct thenar_error error;

static enum thenar_status decode(const char *json, struct thenar_control_request *request)
{
    error.text[0] = '\0';
    return thenar_control_request_decode(json, strlen(json), request, &error);
}

static void requests_go_round(void **state)
{
    (void)state;
    struct thenar_control_request request, back;
    for (unsigned i = 0; i < THENAR_N_CONTROL_COMMANDS; i++) {
        size_t n_text;
        thenar_control_request_clear(&request);
        request.id = 77 + i;
        request.command = (enum thenar_control_command)i;
        bool has_device = control_table[i].request->n_own > 0 &&
                          strcmp(control_table[i].request->own[0].name, "device") == 0;
        if (request.command == THENAR_CONTROL_SESSION_NOTE)
            (void)snprintf(request.note, sizeof request.note, "she \"breathes\" well");
        if (has_device)
            (void)snprintf(request.device, sizeof request.device, "pad");
        if (request.command == THENAR_CONTROL_RATE)
            request.frame_rate_hz = 20;
        assert_int_equal(thenar_control_request_encode(&request, text, sizeof text, &n_text),
                         THENAR_OK);
        assert_int_equal(thenar_control_request_decode(text, n_text, &back, &error), THENAR_OK);
        assert_int_equal(back.id, request.id);
        assert_int_equal(back.command, request.command);
        assert_string_equal(back.command_name, thenar_control_command_name(request.command));
        assert_string_equal(back.device, request.device);
        assert_string_equal(back.note, request.note);
        assert_true(isnan(back.metrics_rate_hz) && isnan(back.span_s));
        assert_true(request.command != THENAR_CONTROL_RATE || back.frame_rate_hz == 20);
    }
    request.command = THENAR_N_CONTROL_COMMANDS;
    assert_int_equal(thenar_control_request_encode(&request, text, sizeof text, &(size_t){0}),
                     THENAR_ERR_ARGUMENT);
}

static void requests_of_others_are_read(void **state)
{
    (void)state;
    struct thenar_control_request request;
    assert_int_equal(decode("{\"id\": 1, \"command\": \"tare\"}", &request), THENAR_OK);
    assert_string_equal(request.device, "");
    assert_false(request.loaded);
    assert_int_equal(decode("{\"command\":\"tare\",\"loaded\":true,\"device\":\"mat\",\"id\":2,"
                            "\"span_s\":3}",
                            &request),
                     THENAR_OK);
    assert_true(request.loaded && request.span_s == 3);
    assert_int_equal(
        decode("{\"id\":3,\"command\":\"rate\",\"device\":\"pad\",\"metrics_rate_hz\":0}",
               &request),
        THENAR_OK);
    assert_true(request.metrics_rate_hz == 0 && isnan(request.rate_hz));
    assert_int_equal(decode("{\"id\":4,\"command\":\"plan\",\"plan\":\"pre-event\"}", &request),
                     THENAR_OK);
    assert_string_equal(request.plan, "pre-event");
}

struct refusal {
    const char *json;
    enum thenar_status status;
    uint64_t id;      /* that the error reply can give back */
    const char *says; /* part of the sentence */
};

static void mistakes_are_named(void **state)
{
    (void)state;
    const struct refusal refusals[] = {
        {"", THENAR_ERR_SYNTAX, 0, "not JSON"},
        {"status", THENAR_ERR_SYNTAX, 0, "not JSON"},
        {"[1]", THENAR_ERR_SYNTAX, 0, "must begin with {"},
        {"{\"command\":\"status\"}", THENAR_ERR_VALUE, 0, "\"id\" is missing"},
        {"{\"id\":\"7\",\"command\":\"status\"}", THENAR_ERR_TYPE, 0, "\"id\" must be an integer"},
        {"{\"id\":7}", THENAR_ERR_VALUE, 7, "\"command\" is missing"},
        {"{\"id\":7,\"command\":9}", THENAR_ERR_TYPE, 7, "\"command\" must be a text"},
        {"{\"id\":7,\"command\":\"stats\"}", THENAR_ERR_VALUE, 7, "unknown command \"stats\""},
        {"{\"id\":7,\"command\":\"status\",\"device\":\"pad\"}", THENAR_ERR_VALUE, 7,
         "unknown field \"device\" in status"},
        {"{\"id\":7,\"command\":\"tare\",\"spans\":1}", THENAR_ERR_VALUE, 7,
         "unknown field \"spans\" in tare"},
        {"{\"id\":7,\"command\":\"tare\",\"span_s\":0}", THENAR_ERR_VALUE, 7, "span_s must be"},
        {"{\"id\":7,\"command\":\"tare\",\"span_s\":61}", THENAR_ERR_VALUE, 7, "span_s must be"},
        {"{\"id\":7,\"command\":\"tare\",\"loaded\":1}", THENAR_ERR_TYPE, 7,
         "\"loaded\" must be true or false"},
        {"{\"id\":7,\"command\":\"tare\",\"device\":\"Pad\"}", THENAR_ERR_VALUE, 7,
         "device \"Pad\" is no name"},
        {"{\"id\":7,\"command\":\"rate\",\"rate_hz\":100}", THENAR_ERR_VALUE, 7,
         "\"device\" is missing"},
        {"{\"id\":7,\"command\":\"rate\",\"device\":\"pad\"}", THENAR_ERR_VALUE, 7, "rate needs"},
        {"{\"id\":7,\"command\":\"rate\",\"device\":\"pad\",\"rate_hz\":0}", THENAR_ERR_VALUE, 7,
         "above 0"},
        {"{\"id\":7,\"command\":\"rate\",\"device\":\"pad\",\"frame_rate_hz\":-1}",
         THENAR_ERR_VALUE, 7, "above 0"},
        {"{\"id\":7,\"command\":\"rate\",\"device\":\"pad\",\"rate_hz\":1e30}", THENAR_ERR_VALUE, 7,
         "out of range"},
        {"{\"id\":7,\"id\":8,\"command\":\"status\"}", THENAR_ERR_SYNTAX, 0, "duplicate"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct thenar_control_request request;
        assert_int_equal(decode(refusals[i].json, &request), refusals[i].status);
        assert_int_equal(request.id, refusals[i].id);
        if (!strstr(error.text, refusals[i].says))
            fail_msg("%s: \"%s\" does not say \"%s\"", refusals[i].json, error.text,
                     refusals[i].says);
    }
}

static void long_requests_are_refused(void **state)
{
    (void)state;
    struct thenar_control_request request;
    char *json = malloc(THENAR_REQUEST_BYTES);
    memset(json, ' ', THENAR_REQUEST_BYTES);
    assert_int_equal(thenar_control_request_decode(json, THENAR_REQUEST_BYTES, &request, &error),
                     THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "longer than 2047"));
    free(json);
}

static void truncated_requests_are_refused(void **state)
{
    (void)state;
    const char *json = "{\"id\":7,\"command\":\"rate\",\"device\":\"pad\",\"rate_hz\":100.5}";
    for (size_t n = 0; n < strlen(json); n++) {
        struct thenar_control_request request;
        char *cut = malloc(n ? n : 1);
        memcpy(cut, json, n);
        assert_int_equal(thenar_control_request_decode(cut, n, &request, &error),
                         THENAR_ERR_SYNTAX);
        free(cut);
    }
}

static struct thenar_control_daemon some_daemon(void)
{
    struct thenar_control_daemon daemon = {.uptime_s = 12.5F,
                                           .pid = 4711,
                                           .memory_bytes = 30000000,
                                           .messages = 123456789012,
                                           .dropped = 3};
    (void)snprintf(daemon.version, sizeof daemon.version, "0.1.0");
    (void)snprintf(daemon.station, sizeof daemon.station, "s1");
    (void)snprintf(daemon.feed, sizeof daemon.feed, "ipc:///tmp/a \"quoted\" one");
    (void)snprintf(daemon.control, sizeof daemon.control, "tcp://127.0.0.1:9873");
    return daemon;
}

static void status_goes_round(void **state)
{
    (void)state;
    struct thenar_feed_status devices[3], read[3];
    for (int i = 0; i < 3; i++)
        sample_fill(thenar_payload_record(THENAR_TOPIC_STATUS), &devices[i], false, i > 0);
    struct thenar_control_daemon daemon = some_daemon(), daemon_read;
    struct thenar_control_reply reply, reply_read;
    size_t n_text, n_read;
    thenar_control_reply_clear(&reply);
    reply.id = 5;
    reply.ok = true;
    assert_int_equal(thenar_control_reply_encode(THENAR_CONTROL_STATUS, &reply, &daemon, devices, 3,
                                                 text, sizeof text, &n_text),
                     THENAR_OK);
    assert_int_equal(thenar_control_reply_decode(text, n_text, &reply_read, &daemon_read, read, 3,
                                                 &n_read, &error),
                     THENAR_OK);
    assert_true(reply_read.ok && reply_read.id == 5);
    assert_int_equal(n_read, 3);
    assert_string_equal(daemon_read.feed, daemon.feed);
    assert_true(daemon_read.messages == daemon.messages && daemon_read.pid == daemon.pid);
    const struct thenar_field *field;
    for (int i = 0; i < 3; i++)
        for (size_t k = 0;
             (field = thenar_record_field(thenar_payload_record(THENAR_TOPIC_STATUS), k)); k++)
            assert_true(sample_is_same(field, &devices[i], &read[i]));

    /* The reader's space is the limit, and the daemon's part is there or it is no status. */
    assert_int_equal(
        thenar_control_reply_decode(text, n_text, &reply_read, NULL, read, 2, &n_read, &error),
        THENAR_OK);
    assert_int_equal(n_read, 2);
    const char *bare = "{\"id\":5,\"ok\":true}";
    assert_int_equal(thenar_control_reply_decode(bare, strlen(bare), &reply_read, &daemon_read,
                                                 NULL, 0, NULL, &error),
                     THENAR_ERR_VALUE);
    assert_int_equal(thenar_control_reply_decode(bare, strlen(bare), &reply_read, NULL, read, 3,
                                                 &n_read, &error),
                     THENAR_ERR_TYPE);
    /* No devices is an empty array. */
    assert_int_equal(thenar_control_reply_encode(THENAR_CONTROL_DEVICES, &reply, NULL, NULL, 0,
                                                 text, sizeof text, &n_text),
                     THENAR_OK);
    assert_string_equal(text, "{\"id\":5,\"ok\":true,\"devices\":[]}");
}

static void replies_are_as_documented(void **state)
{
    (void)state;
    struct thenar_control_reply reply;
    size_t n_text;
    thenar_control_reply_clear(&reply);
    reply.id = 1;
    reply.ok = true;
    (void)snprintf(reply.device, sizeof reply.device, "pad");
    reply.metrics_rate_hz = 50;
    reply.frame_rate_hz = 20;
    reply.rate_hz = 200;
    reply.span_s = 1;
    reply.findings = 1;
    (void)snprintf(reply.report, sizeof reply.report, "row 3 is open");
    (void)snprintf(reply.plan_state, sizeof reply.plan_state, "none");
    (void)snprintf(reply.technique, sizeof reply.technique, "stretching");
    struct {
        enum thenar_control_command command;
        const char *json;
    } cases[] = {
        {THENAR_CONTROL_RATE, "{\"id\":1,\"ok\":true,\"device\":\"pad\",\"metrics_rate_hz\":50.0,"
                              "\"frame_rate_hz\":20.0,\"rate_hz\":200.0}"},
        {THENAR_CONTROL_TARE, "{\"id\":1,\"ok\":true,\"device\":\"pad\",\"span_s\":1.0}"},
        {THENAR_CONTROL_PLAN, "{\"id\":1,\"ok\":true,\"plan\":\"\",\"plan_state\":\"none\","
                              "\"step\":0,\"n_steps\":0}"},
        {THENAR_CONTROL_DECLARE, "{\"id\":1,\"ok\":true,\"technique\":\"stretching\"}"},
        {THENAR_CONTROL_COMFORT, "{\"id\":1,\"ok\":true}"},
        {THENAR_CONTROL_IDENTIFY, "{\"id\":1,\"ok\":true,\"device\":\"pad\",\"span_s\":1.0}"},
        {THENAR_CONTROL_SELF_TEST, "{\"id\":1,\"ok\":true,\"device\":\"pad\",\"findings\":1,"
                                   "\"report\":\"row 3 is open\"}"},
        {THENAR_CONTROL_BOOTLOADER, "{\"id\":1,\"ok\":true,\"device\":\"pad\"}"},
        {THENAR_CONTROL_SHUTDOWN, "{\"id\":1,\"ok\":true}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(thenar_control_reply_encode(cases[i].command, &reply, NULL, NULL, 0, text,
                                                     sizeof text, &n_text),
                         THENAR_OK);
        assert_string_equal(text, cases[i].json);
        for (size_t n = 0; n <= n_text; n++)
            assert_int_equal(thenar_control_reply_encode(cases[i].command, &reply, NULL, NULL, 0,
                                                         text, n, &(size_t){0}),
                             THENAR_ERR_SPACE);
    }
}

static void found_devices_go_round(void **state)
{
    (void)state;
    struct thenar_control_found found[2] = {
        {.uri = "usb:E661", .serial = "E661", .port = "1-2.4"},
        {.uri = "serial:/dev/ttyACM1", .problem = "no \"key\""}};
    struct thenar_control_found read[2];
    size_t n_text, n_read;
    assert_int_equal(thenar_control_found_encode(7, found, 2, text, sizeof text, &n_text),
                     THENAR_OK);
    assert_string_equal(text, "{\"id\":7,\"ok\":true,\"found\":[{\"uri\":\"usb:E661\",\"serial\":"
                              "\"E661\",\"port\":\"1-2.4\"},{\"uri\":\"serial:/dev/ttyACM1\","
                              "\"problem\":\"no \\\"key\\\"\"}]}");
    assert_int_equal(thenar_control_found_decode(text, n_text, read, 2, &n_read, &error),
                     THENAR_OK);
    assert_int_equal(n_read, 2);
    assert_memory_equal(read, found, sizeof read);
    assert_int_equal(thenar_control_found_decode(text, n_text, read, 1, &n_read, &error),
                     THENAR_OK);
    assert_int_equal(n_read, 1);
    for (size_t n = 0; n < n_text; n++) {
        assert_true(thenar_control_found_decode(text, n, read, 2, &n_read, &error) < 0);
        assert_int_equal(thenar_control_found_encode(7, found, 2, text + 2048, n, &(size_t){0}),
                         THENAR_ERR_SPACE);
    }
    assert_int_equal(thenar_control_found_encode(7, NULL, 0, text, sizeof text, &n_text),
                     THENAR_OK);
    assert_string_equal(text, "{\"id\":7,\"ok\":true,\"found\":[]}");
    assert_int_equal(thenar_control_found_decode("{\"found\":1}", 11, read, 2, &n_read, &error),
                     THENAR_ERR_TYPE);
}

static void errors_go_round(void **state)
{
    (void)state;
    struct thenar_control_reply reply, read;
    size_t n_text;
    const char *sentence = "there is no device \"pda\"; did you mean \"pad\"?";
    assert_int_equal(thenar_control_error_encode(9, sentence, text, sizeof text, &n_text),
                     THENAR_OK);
    assert_string_equal(text, "{\"id\":9,\"ok\":false,\"error\":\"there is no device \\\"pda\\\"; "
                              "did you mean \\\"pad\\\"?\"}");
    assert_int_equal(thenar_control_reply_decode(text, n_text, &read, NULL, NULL, 0, NULL, &error),
                     THENAR_OK);
    assert_false(read.ok);
    assert_string_equal(read.error, sentence);
    thenar_control_reply_clear(&reply);
    (void)snprintf(reply.error, sizeof reply.error, "no");
    assert_int_equal(thenar_control_reply_encode(THENAR_CONTROL_RATE, &reply, NULL, NULL, 0, text,
                                                 sizeof text, &n_text),
                     THENAR_OK);
    assert_string_equal(text, "{\"id\":0,\"ok\":false,\"error\":\"no\"}");
    const char *const bad[] = {"", "{}", "{\"id\":1}", "{\"id\":1,\"ok\":1}", "{\"ok\":true}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_true(thenar_control_reply_decode(bad[i], strlen(bad[i]), &read, NULL, NULL, 0, NULL,
                                                &error) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_go_round),
        cmocka_unit_test(requests_of_others_are_read),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(long_requests_are_refused),
        cmocka_unit_test(truncated_requests_are_refused),
        cmocka_unit_test(status_goes_round),
        cmocka_unit_test(replies_are_as_documented),
        cmocka_unit_test(found_devices_go_round),
        cmocka_unit_test(errors_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

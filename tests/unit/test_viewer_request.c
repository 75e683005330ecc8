/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "viewer_request.h"

static enum thenar_status decode(const char *text, struct viewer_request *request,
                                 struct thenar_error *error)
{
    error->text[0] = '\0';
    return viewer_request_decode(text, strlen(text), request, error);
}

static void a_page_says_what_it_shows(void **state)
{
    (void)state;
    struct viewer_request request;
    struct thenar_error error;
    assert_int_equal(decode("{\"show\":{\"station\":\"s1\",\"device\":\"pad\",\"state_hz\":30,"
                            "\"maps_hz\":12.5,\"n_cells\":16,\"events\":true}}",
                            &request, &error),
                     THENAR_OK);
    assert_int_equal(request.kind, VIEWER_REQUEST_SHOW);
    assert_string_equal(request.wish.station, "s1");
    assert_string_equal(request.wish.device, "pad");
    assert_true(request.wish.state_hz == 30 && request.wish.maps_hz == 12.5f);
    assert_true(request.wish.n_cells_max == 16 && request.wish.events);
    assert_int_equal(decode("{\"show\":{}}", &request, &error), THENAR_OK);
    assert_string_equal(request.wish.station, "");
    assert_true(request.wish.state_hz == 0 && !request.wish.events);
}

static void a_page_sends_a_command(void **state)
{
    (void)state;
    struct viewer_request request;
    struct thenar_error error;
    assert_int_equal(decode("{\"id\":7,\"station\":\"s1\",\"control\":{\"command\":\"tare\","
                            "\"device\":\"pad\",\"span_s\":2}}",
                            &request, &error),
                     THENAR_OK);
    assert_int_equal(request.kind, VIEWER_REQUEST_CONTROL);
    assert_int_equal(request.id, 7);
    assert_string_equal(request.station, "s1");
    assert_int_equal(request.control.command, THENAR_CONTROL_TARE);
    assert_true(request.control.span_s == 2);
}

static void nonsense_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        enum thenar_status status;
    } rows[] = {
        {"", "not JSON", THENAR_ERR_SYNTAX},
        {"{\"show\":{}", "not JSON", THENAR_ERR_SYNTAX},
        {"[]", "one of", THENAR_ERR_TYPE},
        {"{}", "one of", THENAR_ERR_TYPE},
        {"{\"show\":{},\"control\":{}}", "one of", THENAR_ERR_TYPE},
        {"{\"show\":{\"station\":\"S 1\"}}", "\"station\"", THENAR_ERR_VALUE},
        {"{\"show\":{\"device\":5}}", "\"device\"", THENAR_ERR_VALUE},
        {"{\"show\":{\"maps_hz\":1e9}}", "\"maps_hz\"", THENAR_ERR_VALUE},
        {"{\"show\":{\"state_hz\":-1}}", "\"state_hz\"", THENAR_ERR_VALUE},
        {"{\"show\":{\"n_cells\":\"all\"}}", "\"n_cells\"", THENAR_ERR_VALUE},
        {"{\"control\":{\"command\":\"tare\"}}", "\"id\"", THENAR_ERR_VALUE},
        {"{\"id\":1,\"control\":{\"command\":\"explode\"}}", "explode", THENAR_ERR_VALUE},
        {"{\"class\":{\"act\":\"end\"}}", "\"id\"", THENAR_ERR_VALUE},
        {"{\"id\":1,\"class\":{\"act\":\"dance\"}}", "\"act\"", THENAR_ERR_TYPE},
        {"{\"id\":1,\"class\":{\"act\":\"swap\"}}", "\"station\"", THENAR_ERR_VALUE},
        {"{\"id\":1,\"class\":{\"act\":\"end\"},\"show\":{}}", "one of", THENAR_ERR_TYPE},
    };
    struct viewer_request request;
    struct thenar_error error;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum thenar_status status = decode(rows[i].text, &request, &error);
        assert_true(status < 0);
        if (rows[i].status != THENAR_ERR_VALUE)
            assert_int_equal(status, rows[i].status);
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

static void a_flood_is_refused(void **state)
{
    (void)state;
    static char text[VIEWER_REQUEST_BYTES_MAX + 2];
    struct viewer_request request;
    struct thenar_error error;
    memset(text, ' ', sizeof text - 1);
    assert_int_equal(viewer_request_decode(text, sizeof text - 1, &request, &error),
                     THENAR_ERR_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_says_what_it_shows),
        cmocka_unit_test(a_page_sends_a_command),
        cmocka_unit_test(nonsense_is_told),
        cmocka_unit_test(a_flood_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

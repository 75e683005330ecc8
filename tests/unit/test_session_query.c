/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "session_query.h"

/* "path?name=value&name=value" */
static enum thenar_status read(const char *address, struct session_query *query,
                               struct thenar_error *error)
{
    char text[600];
    (void)snprintf(text, sizeof text, "%s", address);
    char *arguments = strchr(text, '?');
    if (arguments)
        *arguments++ = '\0';
    error->text[0] = '\0';
    enum thenar_status status = session_query_take_path(query, text, error);
    for (char *next; arguments && status == THENAR_OK; arguments = next) {
        next = strchr(arguments, '&');
        if (next)
            *next++ = '\0';
        status = session_query_take(query, arguments, error);
    }
    return status == THENAR_OK ? session_query_check(query, error) : status;
}

static void addresses_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum session_question question;
        const char *id, *device;
    } rows[] = {
        {"/api/sessions", SESSION_ASK_LIST, "", ""},
        {"/api/sessions/20261121T160539Z-s1", SESSION_ASK_ONE, "20261121T160539Z-s1", ""},
        {"/api/sessions/a-1.b_2/report.html", SESSION_ASK_REPORT, "a-1.b_2", ""},
        {"/api/sessions/a/methods.txt", SESSION_ASK_METHODS, "a", ""},
        {"/api/sessions/a/pad.h5", SESSION_ASK_FILE, "a", "pad"},
        {"/api/sessions/a/pad-2.csv.zip", SESSION_ASK_CSV, "a", "pad-2"},
        {"/api/sessions/a/pad/strokes", SESSION_ASK_STROKES, "a", "pad"},
        {"/api/sessions/a/pad/metrics?n=50", SESSION_ASK_METRICS, "a", "pad"},
        {"/api/sessions/a/pad/taxel?row=0&col=31", SESSION_ASK_TAXEL, "a", "pad"},
        {"/api/sessions/a/pad/map?at_s=1.5", SESSION_ASK_MAP, "a", "pad"},
        {"/api/compare?reference=r&session=s", SESSION_ASK_COMPARE, "s", ""},
        {"/api/progress?participant=P007", SESSION_ASK_PROGRESS, "", ""},
    };
    struct session_query query;
    struct thenar_error error;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(read(rows[i].address, &query, &error), THENAR_OK);
        assert_int_equal(query.question, rows[i].question);
        assert_string_equal(query.id, rows[i].id);
        assert_string_equal(query.device, rows[i].device);
    }
}

static void arguments_are_read(void **state)
{
    (void)state;
    struct session_query query;
    struct thenar_error error;
    assert_int_equal(read("/api/sessions?participant=P1&operator=op-1&plan=pre-event&station=s2&"
                          "since=2026-11-20&until=2026-11-20&score_min=55.5&score_max=",
                          &query, &error),
                     THENAR_OK);
    assert_string_equal(query.participant, "P1");
    assert_string_equal(query.operator_id, "op-1");
    assert_string_equal(query.plan, "pre-event");
    assert_string_equal(query.station, "s2");
    assert_true(query.until_unix_s - query.since_unix_s == 86400); /* that whole day */
    assert_true(query.score_min == 55.5 && isnan(query.score_max));
    assert_int_equal(
        read("/api/sessions/a/pad/map?from_s=2&to_s=4&n=20&n_cells=32", &query, &error), THENAR_OK);
    assert_true(query.from_s == 2 && query.to_s == 4 && query.n == 20 && query.n_cells == 32);
    assert_true(isnan(query.at_s));
}

static void nothing_leads_out_of_the_folder(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "/api/sessions/",
        "/api/sessions/.",
        "/api/sessions/..",
        "/api/sessions/.hidden",
        "/api/sessions/../x",
        "/api/sessions/a/../b.h5",
        "/api/sessions/a/..h5",
        "/api/sessions/a/.h5",
        "/api/sessions/a//etc/strokes",
        "/api/sessions/a/b/c/strokes",
        "/api/sessions/a b",
        "/api/sessions/a%2fb",
        "/api/sessions/a\\b",
        "/api/sessions/a/strokes",
        "/api/sessionsx",
        "/api/compare/",
        "/api/compare?reference=../a&session=b",
        "/api/progress?participant=a/b",
        "",
        "/",
    };
    struct session_query query;
    struct thenar_error error;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        assert_true(read(addresses[i], &query, &error) < 0);
        assert_true(error.text[0] != '\0');
        assert_null(strchr(query.id, '/'));
    }
    char longest[200] = "/api/sessions/";
    memset(longest + strlen(longest), 'a', SESSION_ID_BYTES);
    assert_int_equal(read(longest, &query, &error), THENAR_ERR_VALUE);
}

static void what_makes_no_sense_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *address, *says;
    } rows[] = {
        {"/api/sessions?name=x", "'name'"},
        {"/api/sessions?row=1", "'row'"},
        {"/api/sessions?since=yesterday", "no date"},
        {"/api/sessions?score_min=high", "no number"},
        {"/api/sessions?score_min=nan", "no number"},
        {"/api/sessions?score_min=inf", "no number"},
        {"/api/sessions/a/pad/metrics?n=-1", "whole number"},
        {"/api/sessions/a/pad/metrics?n=1e9", "whole number"},
        {"/api/sessions/a/pad/metrics?n=1.5", "whole number"},
        {"/api/sessions/a/pad/taxel?row=1", "which taxel"},
        {"/api/sessions/a/pad/map", "a map is"},
        {"/api/sessions/a/pad/map?from_s=1", "a map is"},
        {"/api/sessions/a/pad/map?at_s=1&from_s=1&to_s=2", "a map is"},
        {"/api/sessions/a/pad/map?from_s=3&to_s=2", "after"},
        {"/api/sessions/a/pad/map?from_s=1&to_s=2&n=4000", "too many"},
        {"/api/compare?reference=a", "two sessions"},
        {"/api/progress", "whose"},
    };
    struct session_query query;
    struct thenar_error error;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(read(rows[i].address, &query, &error) < 0);
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(arguments_are_read),
        cmocka_unit_test(nothing_leads_out_of_the_folder),
        cmocka_unit_test(what_makes_no_sense_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

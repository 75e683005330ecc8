/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/source.h"
#include "source/uri.h"

static struct thenar_error error;

static void parse(struct uri *uri, const char *text)
{
    assert_int_equal(uri_parse(uri, text, &error), THENAR_OK);
}

static void refuse(const char *text, enum thenar_status status, const char *sentence)
{
    struct uri uri;
    assert_int_equal(uri_parse(&uri, text, &error), status);
    assert_string_equal(error.text, sentence);
}

static void test_parts_are_taken_apart(void **state)
{
    (void)state;
    struct uri uri;
    parse(&uri, "virtual:table32?script=demo&seed=1&loop");
    assert_string_equal(uri.scheme, "virtual");
    assert_string_equal(uri.path, "table32");
    assert_int_equal(uri.n_params, 3);
    assert_string_equal(uri_value(&uri, "script"), "demo");
    assert_string_equal(uri_value(&uri, "seed"), "1");
    assert_string_equal(uri_value(&uri, "loop"), "");
    assert_null(uri_value(&uri, "rows"));
    parse(&uri, "serial:/dev/ttyACM0");
    assert_string_equal(uri.path, "/dev/ttyACM0");
    parse(&uri, "virtual:@pad?");
    assert_string_equal(uri.path, "@pad");
    assert_int_equal(uri.n_params, 0);
}

static void test_percent_codes_are_decoded_and_a_plus_stays(void **state)
{
    (void)state;
    struct uri uri;
    parse(&uri, "csv:/data/what%3F%20100%25+more.csv?a%3Db=c%26d");
    assert_string_equal(uri.path, "/data/what? 100%+more.csv");
    assert_string_equal(uri_value(&uri, "a=b"), "c&d");
}

static void test_what_does_not_parse_says_why(void **state)
{
    (void)state;
    refuse("table32", THENAR_ERR_SYNTAX,
           "table32: not an address of a device; write auto, usb:SERIAL, "
           "serial:/dev/ttyACM0, virtual:table32 or "
           "csv:FILE?rows=16&cols=16");
    refuse("/dev/ttyACM0", THENAR_ERR_SYNTAX,
           "/dev/ttyACM0: not an address of a device; write auto, usb:SERIAL, "
           "serial:/dev/ttyACM0, virtual:table32 or "
           "csv:FILE?rows=16&cols=16");
    refuse("csv:a%2", THENAR_ERR_SYNTAX,
           "csv:a%2: '%' must be followed by two hexadecimal digits that are not 00; write %25 for "
           "a percent sign");
    refuse("csv:a%00b", THENAR_ERR_SYNTAX,
           "csv:a%00b: '%' must be followed by two hexadecimal digits that are not 00; write %25 "
           "for a percent sign");
    refuse("csv:a?=3", THENAR_ERR_SYNTAX,
           "csv:a?=3: a parameter has no name; parameters look like ?rows=16&cols=16");
    char text[URI_TEXT_BYTES + 8];
    memset(text, 'a', sizeof text);
    text[1] = ':';
    text[sizeof text - 1] = '\0';
    struct uri uri;
    assert_int_equal(uri_parse(&uri, text, &error), THENAR_ERR_ARGUMENT);
}

static void test_unknown_and_repeated_parameters_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"rows", "cols", "fault"};
    struct uri uri;
    parse(&uri, "x:y?rows=1&rwos=2");
    assert_int_equal(uri_allow(&uri, names, 3, NULL, &error), THENAR_ERR_SYNTAX);
    assert_string_equal(error.text,
                        "x:y?rows=1&rwos=2: unknown parameter 'rwos'; did you mean 'rows'?");
    parse(&uri, "x:y?colour=1");
    assert_int_equal(uri_allow(&uri, names, 3, NULL, &error), THENAR_ERR_SYNTAX);
    assert_string_equal(error.text, "x:y?colour=1: unknown parameter 'colour'; allowed are rows, "
                                    "cols and fault");
    parse(&uri, "x:y?fault=a&fault=b");
    assert_int_equal(uri_allow(&uri, names, 3, "fault", &error), THENAR_OK);
    assert_int_equal(uri_allow(&uri, names, 3, NULL, &error), THENAR_ERR_SYNTAX);
    assert_string_equal(error.text, "x:y?fault=a&fault=b: parameter 'fault' is given twice");
    parse(&uri, "x:y?a=1");
    assert_int_equal(uri_allow(&uri, NULL, 0, NULL, &error), THENAR_ERR_SYNTAX);
}

static void test_numbers_are_checked(void **state)
{
    (void)state;
    struct uri uri;
    double number = 7;
    long whole = 3;
    parse(&uri, "x:y?a=2.5&b=zwei&c=1e9&d=nan&e=");
    assert_int_equal(uri_number(&uri, "a", 0, 10, &number, &error), THENAR_OK);
    assert_true(number == 2.5);
    assert_int_equal(uri_number(&uri, "none", 0, 10, &number, &error), THENAR_OK);
    assert_true(number == 2.5); /* absent: as it was */
    assert_int_equal(uri_number(&uri, "b", 0, 10, &number, &error), THENAR_ERR_SYNTAX);
    assert_int_equal(uri_number(&uri, "d", 0, 10, &number, &error), THENAR_ERR_SYNTAX);
    assert_int_equal(uri_number(&uri, "e", 0, 10, &number, &error), THENAR_ERR_SYNTAX);
    assert_int_equal(uri_number(&uri, "c", 0, 10, &number, &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "c=1e9 must be from 0 to 10"));
    assert_int_equal(uri_integer(&uri, "a", 0, 10, &whole, &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "a=2.5 must be a whole number"));
    assert_int_equal(whole, 3);
}

static void refuse_source(const char *text, enum thenar_status status, const char *part)
{
    struct source *source = NULL;
    assert_int_equal(source_open(&source, text, &error), status);
    assert_null(source);
    if (!strstr(error.text, part))
        fail_msg("%s: \"%s\" lacks \"%s\"", text, error.text, part);
}

static void test_each_source_says_what_is_wrong_with_its_address(void **state)
{
    (void)state;
    refuse_source("vitual:table32", THENAR_ERR_SYNTAX,
                  "unknown kind of source 'vitual'; did you mean 'virtual'?");
    refuse_source("bluetooth:x", THENAR_ERR_SYNTAX, "allowed are virtual, auto, usb, serial");
    refuse_source("virtual:", THENAR_ERR_SYNTAX, "which board?");
    refuse_source("virtual:table32?sed=1", THENAR_ERR_SYNTAX, "did you mean 'seed'?");
    refuse_source("virtual:table32?exec=/nowhere/x", THENAR_ERR_ABSENT,
                  "No such file or directory");
    refuse_source("virtual:table32?loop=maybe&exec=/bin/true", THENAR_ERR_VALUE,
                  "loop=maybe must be 0 or 1");
    refuse_source("virtual:@x?seed=1", THENAR_ERR_SYNTAX,
                  "unknown parameter 'seed'; here are none");
    refuse_source("serial:", THENAR_ERR_SYNTAX, "which port?");
    refuse_source("serial:/dev/ttyACM0?baud=9600", THENAR_ERR_SYNTAX, "unknown parameter 'baud'");
    refuse_source("csv:a.csv", THENAR_ERR_SYNTAX, "rows and cols are needed");
    refuse_source("csv:a.csv?rows=4&cols=0", THENAR_ERR_VALUE, "cols=0 must be from 1 to 256");
    refuse_source("csv:a.csv?rows=256&cols=256", THENAR_ERR_VALUE, "more than 4096 taxels");
    refuse_source("csv:a.csv?rows=4&cols=4&unit=psi", THENAR_ERR_VALUE,
                  "unknown unit 'psi'; allowed are counts, kpa and n");
    refuse_source("csv:a.csv?rows=4&cols=4&mount=glvoe", THENAR_ERR_VALUE, "did you mean 'glove'?");
    refuse_source("csv:a.csv?rows=4&cols=4&speed=fast", THENAR_ERR_SYNTAX, "not a number");
    refuse_source("csv:/nowhere/a.csv?rows=4&cols=4", THENAR_ERR_ABSENT, "/nowhere/a.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_taken_apart),
        cmocka_unit_test(test_percent_codes_are_decoded_and_a_plus_stays),
        cmocka_unit_test(test_what_does_not_parse_says_why),
        cmocka_unit_test(test_unknown_and_repeated_parameters_are_refused),
        cmocka_unit_test(test_numbers_are_checked),
        cmocka_unit_test(test_each_source_says_what_is_wrong_with_its_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

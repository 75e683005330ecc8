/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session/csv_row.h"

static void assert_number(const char *text, double expected, const char *rest)
{
    double value = 0.5;
    const char *end = csv_number(text, &value);
    assert_non_null(end);
    assert_string_equal(end, rest);
    assert_true(value == expected);
}

static void numbers_are_read_exactly(void **state)
{
    (void)state;
    assert_number("0", 0, "");
    assert_number("-0.8,", -0.8, ",");
    assert_number("  +12.5x", 12.5, "x");
    assert_number(".5", 0.5, "");
    assert_number("5.", 5, "");
    assert_number("1e3", 1000, "");
    assert_number("1e", 1, "e");
    assert_number("2.5E-3", 0.0025, "");
    assert_number("0.000000000000000000001", 1e-21, "");
    assert_number("123456789012345678901234567890", 123456789012345678901234567890.0, "");
}

static void numbers_agree_with_strtod(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        char text[64];
        random = random * 1664525u + 1013904223u;
        (void)snprintf(text, sizeof text, "%.*f", (int)(random >> 29),
                       (double)(int32_t)random / 1e4);
        double value = 0;
        assert_non_null(csv_number(text, &value));
        assert_true(value == strtod(text, NULL));
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    double value = 7;
    const char *bad[] = {"", "x", "-", "+", ".", "e5", "nan", "inf", "1e999", "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(csv_number(bad[i], &value));
    assert_true(value == 7);
    assert_number("1e-999", 0, "");
    assert_number("0e999", 0, "");
}

static void rows_need_the_exact_number_of_fields(void **state)
{
    (void)state;
    double values[3];
    assert_int_equal(csv_row_parse("1, 2 ,3\r\n", values, 3), THENAR_OK);
    assert_true(values[0] == 1 && values[1] == 2 && values[2] == 3);
    assert_int_equal(csv_row_parse("1,2", values, 3), THENAR_ERR_SYNTAX);
    assert_int_equal(csv_row_parse("1,2,3,4", values, 3), THENAR_ERR_SYNTAX);
    assert_int_equal(csv_row_parse("1,,3", values, 3), THENAR_ERR_SYNTAX);
    assert_int_equal(csv_row_parse("1,2,3 4", values, 3), THENAR_ERR_SYNTAX);
    assert_int_equal(csv_row_parse("", values, 3), THENAR_ERR_SYNTAX);
}

static void every_truncation_of_a_row_is_refused_or_shorter(void **state)
{
    (void)state;
    const char *row = "1.5,-2.25,3e2";
    for (size_t n = 0; n < strlen(row); n++) {
        char *cut = strndup(row, n);
        double values[3];
        enum thenar_status status = csv_row_parse(cut, values, 3);
        /* "1.5,-2.25,3" and "...3e" : only the former is a row */
        assert_int_equal(status, n == strlen("1.5,-2.25,3") ? THENAR_OK : THENAR_ERR_SYNTAX);
        free(cut);
    }
}

static void headers_are_split_and_trimmed(void **state)
{
    (void)state;
    char line[] = "t_s, \"p0\" ,p1\r\n";
    char *names[2];
    assert_int_equal(csv_header_split(line, names, 2), 3);
    assert_string_equal(names[0], "t_s");
    assert_string_equal(names[1], "p0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_exactly),
        cmocka_unit_test(numbers_agree_with_strtod),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(rows_need_the_exact_number_of_fields),
        cmocka_unit_test(every_truncation_of_a_row_is_refused_or_shorter),
        cmocka_unit_test(headers_are_split_and_trimmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

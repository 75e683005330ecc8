/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feed/json_text.h"
#include "random.h"

static char text[256];

static const char *number(double value, unsigned n_decimals)
{
    struct json_text out;
    size_t n_text;
    json_text_init(&out, text, sizeof text);
    json_text_put_number(&out, value, n_decimals);
    assert_int_equal(json_text_finish(&out, &n_text), THENAR_OK);
    assert_int_equal(n_text, strlen(text));
    return text;
}

static const char *string(const char *value)
{
    struct json_text out;
    size_t n_text;
    json_text_init(&out, text, sizeof text);
    json_text_put_string(&out, value, strlen(value));
    assert_int_equal(json_text_finish(&out, &n_text), THENAR_OK);
    return text;
}

static void numbers_are_short_and_have_a_point(void **state)
{
    (void)state;
    assert_string_equal(number(0, 3), "0.0");
    assert_string_equal(number(12, 3), "12.0");
    assert_string_equal(number(-0.25, 3), "-0.25");
    assert_string_equal(number(0.0004, 3), "0.0"); /* and no minus zero */
    assert_string_equal(number(-0.0004, 3), "0.0");
    assert_string_equal(number(0.0005, 3), "0.001");
    assert_string_equal(number(99.9996, 3), "100.0");
    assert_string_equal(number(1.05, 2), "1.05");
    assert_string_equal(number(1790000000.123456, 6), "1790000000.123456");
    assert_string_equal(number(999999999999.0, 6), "999999999999.0");
    assert_false(json_text_is_number(1e12));
    assert_false(json_text_is_number(-1e12));
    assert_false(json_text_is_number((double)NAN));
    assert_false(json_text_is_number((double)INFINITY));
}

static void numbers_read_back(void **state)
{
    (void)state;
    struct random random = {12345};
    for (int i = 0; i < 100000; i++) {
        unsigned n_decimals = 1 + (unsigned)i % 6;
        double size = pow(10, (double)random_below(&random, 1800) / 100.0 - 6);
        double value = ((double)random_below(&random, 2000001) / 1e6 - 1) * size;
        if (!json_text_is_number(value))
            continue;
        char *end;
        double back = strtod(number(value, n_decimals), &end);
        assert_true(*end == '\0');
        assert_true(fabs(back - value) <= 0.5001 * pow(10, -(double)n_decimals) + 1e-15 * size);
    }
}

static void integers_are_whole(void **state)
{
    (void)state;
    const uint64_t values[] = {0, 9, 10, 99, 100, 4294967295U, UINT64_MAX};
    const char *const written[] = {
        "0", "9", "10", "99", "100", "4294967295", "18446744073709551615"};
    for (size_t i = 0; i < 7; i++) {
        struct json_text out;
        size_t n_text;
        json_text_init(&out, text, sizeof text);
        json_text_put_integer(&out, values[i]);
        assert_int_equal(json_text_finish(&out, &n_text), THENAR_OK);
        assert_string_equal(text, written[i]);
    }
}

static void texts_are_escaped(void **state)
{
    (void)state;
    assert_string_equal(string(""), "\"\"");
    assert_string_equal(string("a\"b\\c"), "\"a\\\"b\\\\c\"");
    assert_string_equal(string("\n\t\r\x01\x1f"), "\"\\n\\t\\u000d\\u0001\\u001f\"");
    assert_string_equal(string("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x99\x82"),
                        "\"gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x99\x82\"");
}

static void what_is_not_utf8_is_replaced(void **state)
{
    (void)state;
    const char *const bad[] = {"\x80", "\xC3",    "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                               "\xFF", "\xE2\x82"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *written = string(bad[i]);
        for (const char *c = written + 1; c[1]; c += 3)
            assert_memory_equal(c, "\xEF\xBF\xBD", 3);
    }
    assert_string_equal(string("a\xC3z"), "\"a\xEF\xBF\xBDz\"");
}

static void too_little_space_is_told(void **state)
{
    (void)state;
    for (size_t n_space = 0; n_space < 20; n_space++) {
        char *small = malloc(n_space ? n_space : 1); /* the sanitizer watches its end */
        struct json_text out;
        size_t n_text = 99;
        json_text_init(&out, small, n_space);
        json_text_put(&out, "{", 1);
        json_text_put_string(&out, "name", 4);
        json_text_put(&out, ":", 1);
        json_text_put_number(&out, 12345.678, 3); /* {"name":12345.678} is 18, and a zero */
        json_text_put(&out, ",", 1);
        json_text_close(&out, '}');
        enum thenar_status status = json_text_finish(&out, &n_text);
        assert_int_equal(status, n_space >= 19 ? THENAR_OK : THENAR_ERR_SPACE);
        assert_int_equal(n_text, n_space >= 19 ? 18 : 0);
        free(small);
    }
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        (void)setlocale(LC_ALL, "C.UTF-8"); /* not installed here: nothing to try */
    assert_string_equal(number(0.5, 3), "0.5");
    (void)setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_short_and_have_a_point),
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(integers_are_whole),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(what_is_not_utf8_is_replaced),
        cmocka_unit_test(too_little_space_is_told),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

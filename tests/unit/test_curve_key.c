/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys as czmq and pyzmq write them. The pair is that of ZeroMQ's own manual (zmq_curve(7)). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "feed/curve_key.h"

#define PUBLIC "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

static struct thenar_curve_key key;
static struct thenar_error error;

static enum thenar_status decode(const char *text)
{
    return thenar_curve_key_decode(text, strlen(text), &key, &error);
}

static void test_what_other_tools_write_is_read(void **state)
{
    (void)state;
    assert_int_equal(decode("#   ****  Generated on 2026-11-21 by pyzmq  ****\r\n\r\n"
                            "metadata\n    name = \"public-key = none\"\n"
                            "curve\n    public-key = \"" PUBLIC "\"\n\tsecret-key=" SECRET "\n"),
                     THENAR_OK);
    assert_string_equal(key.public_z85, PUBLIC);
    assert_string_equal(key.secret_z85, SECRET);
}

static void test_both_halves_come_back(void **state)
{
    (void)state;
    char text[THENAR_KEY_TEXT_BYTES];
    struct thenar_curve_key pair = {PUBLIC, SECRET};
    thenar_curve_key_encode(&pair, text);
    assert_int_equal(decode(text), THENAR_OK);
    assert_memory_equal(&key, &pair, sizeof key);
    pair.secret_z85[0] = '\0';
    thenar_curve_key_encode(&pair, text);
    assert_null(strstr(text, "secret"));
    assert_int_equal(decode(text), THENAR_OK);
    assert_string_equal(key.public_z85, PUBLIC);
    assert_string_equal(key.secret_z85, "");
}

static void test_mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    assert_int_equal(decode("curve\n  public-key = \"abc\"\n"), THENAR_ERR_VALUE);
    assert_string_equal(error.text, "line 2: a key has 40 characters, not 3");
    assert_int_equal(decode("\ncurve\n  public-key = \"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI~\""),
                     THENAR_ERR_VALUE);
    assert_string_equal(error.text, "line 3: character 40 of the key is not one of Z85");
    assert_int_equal(decode("curve\n  " PUBLIC), THENAR_ERR_SYNTAX);
    assert_string_equal(error.text,
                        "line 2: expected public-key = \"...\" or secret-key = \"...\"");
    assert_int_equal(decode(""), THENAR_ERR_ABSENT);
    assert_int_equal(decode("curve\n  secret-key = \"" SECRET "\"\n"), THENAR_ERR_ABSENT);
}

static void test_a_file_cut_short_is_refused_everywhere(void **state)
{
    (void)state;
    char text[THENAR_KEY_TEXT_BYTES];
    thenar_curve_key_encode(&(struct thenar_curve_key){PUBLIC, ""}, text);
    size_t n_key = (size_t)(strstr(text, PUBLIC) - text) + strlen(PUBLIC);
    for (size_t n = 0; n <= n_key; n++) { /* without the closing quote it is no key either */
        enum thenar_status status = thenar_curve_key_decode(text, n, &key, &error);
        assert_true(status < 0);
        assert_true(error.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_other_tools_write_is_read),
        cmocka_unit_test(test_both_halves_come_back),
        cmocka_unit_test(test_mistakes_are_told_with_their_line),
        cmocka_unit_test(test_a_file_cut_short_is_refused_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session/session_pseudonym.h"

static void codes_are_taken(void **state)
{
    (void)state;
    static const char *const codes[] = {"",       "P007",      "p7",    "sub-01", "student12",
                                        "OP_3",   "K7XQ2",     "42",    "VP12",   "participant-003",
                                        "Pilot1", "ab12-cd34", "xqz-1", "T1000"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct thenar_error error = {0};
        if (session_pseudonym_check("participant", codes[i], &error) != THENAR_OK)
            fail_msg("%s: %s", codes[i], error.text);
    }
}

static void names_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Anna", "looks like a name"},
        {"anna1", "looks like a name"},
        {"Anna Meier", "looks like a name"},
        {"meier-a1", "looks like a name"},
        {"a@b.org", "e-mail"},
        {"AM", "initials"},
        {"19840212", "date of birth"},
        {"0049123456789", "telephone"},
        {"P.7", "cannot be"},
        {"M\xc3\xbcller1", "cannot be"},
        {"a7/../x", "cannot be"},
        {"A123456-B123456-C123456-D1234567", "longer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct thenar_error error = {0};
        assert_int_equal(session_pseudonym_check("operator", cases[i][0], &error),
                         THENAR_ERR_VALUE);
        if (!strstr(error.text, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], error.text);
        assert_int_equal(strncmp(error.text, "operator: ", 10), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_taken),
        cmocka_unit_test(names_are_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

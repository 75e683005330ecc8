/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "access.h"
#include "join_tokens.h"
#include "permission.h"
#include "qr_matrix.h"
#include "reach.h"

static void a_code_lets_one_tablet_in(void **state)
{
    (void)state;
    struct join_tokens *tokens = calloc(1, sizeof *tokens);
    unsigned char one[JOIN_TOKEN_BYTES] = {1}, two[JOIN_TOKEN_BYTES] = {2};
    unsigned char zeros[JOIN_TOKEN_BYTES] = {0};
    assert_true(join_tokens_put(tokens, "s1", one, 0));
    assert_true(join_tokens_put(tokens, "s2", two, 0));
    assert_false(join_tokens_use(tokens, "s1", two, 1)); /* another table's */
    assert_false(join_tokens_use(tokens, "s3", one, 1));
    assert_false(join_tokens_use(tokens, "", zeros, 1));
    assert_true(join_tokens_use(tokens, "s1", one, 1));
    assert_false(join_tokens_use(tokens, "s1", one, 1)); /* used up */
    assert_false(join_tokens_use(tokens, "s1", zeros, 1));
    assert_true(join_tokens_put(tokens, "s2", one, 2)); /* a newer one makes the last void */
    assert_false(join_tokens_use(tokens, "s2", two, 3));
    assert_false(join_tokens_use(tokens, "s2", one, 2 + JOIN_TOKEN_GOOD_S + 1)); /* too old */
    assert_true(join_tokens_put(tokens, "s2", one, 5000));
    join_tokens_clear(tokens);
    assert_false(join_tokens_use(tokens, "s2", one, 5001));
    free(tokens);
}

static void there_is_room_for_a_whole_class(void **state)
{
    (void)state;
    struct join_tokens *tokens = calloc(1, sizeof *tokens);
    unsigned char token[JOIN_TOKEN_BYTES] = {7};
    char name[16];
    for (unsigned i = 0; i < CLASS_STATIONS_MAX; i++) {
        (void)snprintf(name, sizeof name, "s%u", i);
        assert_true(join_tokens_put(tokens, name, token, 0));
    }
    assert_false(join_tokens_put(tokens, "one-more", token, 1));
    assert_true(join_tokens_put(tokens, "s5", token, 1));
    assert_true(
        join_tokens_put(tokens, "one-more", token, JOIN_TOKEN_GOOD_S + 2)); /* old ones go */
    free(tokens);
}

static void a_joined_tablet_is_a_student_until_the_class_ends(void **state)
{
    (void)state;
    struct access *access = calloc(1, sizeof *access);
    unsigned char tablet[ACCESS_TOKEN_BYTES] = {1}, teacher[ACCESS_TOKEN_BYTES] = {2};
    access_join(access, "s3", tablet, 0);
    access_log_in(access, "teacher", teacher, 0);
    assert_string_equal(access_find(access, tablet, 1)->station, "s3");
    struct permission permission = permission_joined("s3");
    assert_false(permission_teaches(&permission));
    assert_true(permission_sees(&permission, "s3"));
    assert_false(permission_sees(&permission, "s4"));
    access_end_joined(access);
    assert_null(access_find(access, tablet, 2));
    assert_non_null(access_find(access, teacher, 2));
    free(access);
}

/* Of a code of this size: 29 modules a side, and the three squares in the corners. Source: ISO/IEC
 * 18004, version 3 */
static void a_qr_code_has_its_corners(void **state)
{
    (void)state;
    static const char finder[7][8] = {"1111111", "1000001", "1011101", "1011101",
                                      "1011101", "1000001", "1111111"};
    char *rows;
    unsigned side;
    assert_int_equal(qr_matrix_encode("http://127.0.0.1:9874/join?station=s1", &rows, &side, NULL),
                     THENAR_OK);
    assert_int_equal(side, 29);
    assert_int_equal(strlen(rows), (size_t)side * side);
    for (unsigned r = 0; r < 7; r++) {
        assert_memory_equal(rows + r * side, finder[r], 7);
        assert_memory_equal(rows + r * side + side - 7, finder[r], 7);
        assert_memory_equal(rows + (side - 7 + r) * side, finder[r], 7);
    }
    free(rows);
    char longest[4000];
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(qr_matrix_encode(longest, &rows, &side, NULL), THENAR_ERR_LENGTH);
    assert_null(rows);
}

static void tablets_get_an_address_that_they_reach(void **state)
{
    (void)state;
    char host[REACH_HOST_BYTES];
    assert_true(reach_host("thenar.local:9874", "0.0.0.0", 9874, host, sizeof host));
    assert_string_equal(host, "thenar.local:9874");
    assert_true(reach_host("localhost:9874", "192.168.1.20", 9874, host, sizeof host));
    assert_string_equal(host, "192.168.1.20:9874");
    assert_false(reach_host("localhost:9874", "127.0.0.1", 9874, host, sizeof host));
    assert_string_equal(host, "127.0.0.1:9874");
    assert_false(reach_host("", "::1", 80, host, sizeof host));
    assert_string_equal(host, "[::1]:80");
    (void)reach_host("127.0.0.1:1", "0.0.0.0", 1, host, sizeof host); /* whatever is there */
    assert_non_null(strchr(host, ':'));
    assert_true(reach_is_loopback("[::1]:9874"));
    assert_false(reach_is_loopback("localhost.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_lets_one_tablet_in),
        cmocka_unit_test(there_is_room_for_a_whole_class),
        cmocka_unit_test(a_joined_tablet_is_a_student_until_the_class_ends),
        cmocka_unit_test(a_qr_code_has_its_corners),
        cmocka_unit_test(tablets_get_an_address_that_they_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/command.h"

static bool takes_argument(unsigned code)
{
    return code >= THENAR_COMMAND_RATE && code <= THENAR_COMMAND_IDENTIFY;
}

static void command_round_trip(void **state)
{
    (void)state;
    for (unsigned code = 1; code <= 10; code++) {
        struct thenar_command command = {.request = 0xBEEF, .code = (uint8_t)code}, back;
        command.argument = takes_argument(code) ? 0x89ABCDEF : 0;
        uint8_t body[8];
        size_t n_body;
        assert_int_equal(thenar_command_encode(&command, body, sizeof body, &n_body), THENAR_OK);
        assert_int_equal(n_body, takes_argument(code) ? 7 : 3);
        assert_int_equal(thenar_command_decode(body, n_body, &back), THENAR_OK);
        assert_int_equal(back.request, command.request);
        assert_int_equal(back.code, command.code);
        assert_int_equal(back.argument, command.argument);
    }
}

/* Every code, at every length: the answer, and what is known for the reply. */
static void command_lengths(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        uint8_t body[10] = {0x34, 0x12, (uint8_t)code, 1, 2, 3, 4, 5, 6, 7};
        for (size_t n_body = 0; n_body <= sizeof body; n_body++) {
            struct thenar_command command = {.request = 99, .code = 99, .argument = 99};
            enum thenar_status expected = THENAR_ERR_LENGTH;
            if (n_body >= 3 && (code < 1 || code > 10))
                expected = THENAR_ERR_TYPE;
            else if (n_body == (takes_argument(code) ? 7u : 3u))
                expected = THENAR_OK;
            assert_int_equal(thenar_command_decode(body, n_body, &command), expected);
            assert_int_equal(command.request, n_body >= 2 ? 0x1234 : 0);
            assert_int_equal(command.code, n_body >= 3 ? code : 0);
        }
    }
}

static void command_space(void **state)
{
    (void)state;
    struct thenar_command command = {.request = 1, .code = THENAR_COMMAND_RATE};
    uint8_t body[7];
    size_t n_body = 1;
    for (size_t n_space = 0; n_space < 7; n_space++) {
        assert_int_equal(thenar_command_encode(&command, body, n_space, &n_body), THENAR_ERR_SPACE);
        assert_int_equal(n_body, 0);
    }
}

static struct thenar_reply good_reply(uint8_t n_findings)
{
    struct thenar_reply reply = {.request = 0xFFFE,
                                 .code = THENAR_COMMAND_SELF_TEST,
                                 .result = THENAR_REPLY_OK,
                                 .value = 0xDEADBEEF,
                                 .n_findings = n_findings};
    for (uint8_t i = 0; i < n_findings; i++)
        reply.findings[i] = (struct thenar_finding){THENAR_FINDING_STUCK_TAXEL,
                                                    (uint16_t)(4095 - i), (uint16_t)(i * 100)};
    return reply;
}

static void reply_round_trip(void **state)
{
    (void)state;
    for (uint8_t n_findings = 0; n_findings <= THENAR_MAX_FINDINGS; n_findings++) {
        struct thenar_reply reply = good_reply(n_findings), back;
        uint8_t body[200];
        size_t n_body, n_out;
        assert_int_equal(thenar_reply_encode(&reply, body, sizeof body, &n_body), THENAR_OK);
        assert_int_equal(n_body, 9 + 5 * n_findings);
        assert_int_equal(thenar_reply_decode(body, n_body, &back), THENAR_OK);
        assert_int_equal(back.request, reply.request);
        assert_int_equal(back.value, reply.value);
        assert_int_equal(back.n_findings, n_findings);
        for (uint8_t i = 0; i < n_findings; i++) {
            assert_int_equal(back.findings[i].kind, reply.findings[i].kind);
            assert_int_equal(back.findings[i].index, reply.findings[i].index);
            assert_int_equal(back.findings[i].counts, reply.findings[i].counts);
        }
        for (size_t n_kept = 0; n_kept < n_body; n_kept++) {
            assert_int_equal(thenar_reply_decode(body, n_kept, &back), THENAR_ERR_LENGTH);
            assert_int_equal(thenar_reply_encode(&reply, body, n_kept, &n_out), THENAR_ERR_SPACE);
        }
        assert_int_equal(thenar_reply_decode(body, n_body + 1, &back), THENAR_OK);
    }
}

/* No flip makes a reply with more findings than there is room for. */
static void reply_flipped_bits(void **state)
{
    (void)state;
    struct thenar_reply reply = good_reply(3), back;
    uint8_t body[200] = {0};
    size_t n_body;
    assert_int_equal(thenar_reply_encode(&reply, body, sizeof body, &n_body), THENAR_OK);
    for (size_t bit = 0; bit < 8 * n_body; bit++) {
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        enum thenar_status status = thenar_reply_decode(body, sizeof body, &back);
        unsigned n_findings = body[8];
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        assert_int_equal(status, n_findings > THENAR_MAX_FINDINGS ? THENAR_ERR_VALUE : THENAR_OK);
        assert_in_range(back.n_findings, 0, THENAR_MAX_FINDINGS);
    }
    reply.n_findings = THENAR_MAX_FINDINGS + 1;
    assert_int_equal(thenar_reply_encode(&reply, body, sizeof body, &n_body), THENAR_ERR_VALUE);
    assert_int_equal(n_body, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(command_round_trip), cmocka_unit_test(command_lengths),
        cmocka_unit_test(command_space),      cmocka_unit_test(reply_round_trip),
        cmocka_unit_test(reply_flipped_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

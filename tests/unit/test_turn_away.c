/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second host is told BUSY, whatever it says; and never anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/turn_away.h"
#include "link/command.h"

static struct turn_away busy;

static int begin(void **state)
{
    (void)state;
    turn_away_init(&busy);
    return 0;
}

static void say(const uint8_t *bytes, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++) {
        assert_true(turn_away_is_ready(&busy));
        turn_away_receive(&busy, bytes[i]);
    }
}

static void say_message(uint8_t type, const uint8_t *body, size_t n_body)
{
    uint8_t message[64], wire[96];
    size_t n_wire;
    memcpy(message + 1, body, n_body);
    assert_int_equal(thenar_stream_wrap(type, message, n_body, wire, sizeof wire, &n_wire),
                     THENAR_OK);
    say(wire, n_wire);
}

/* Take the answer octet by octet, as a full link would, and read it. */
static struct thenar_reply hear(void)
{
    static struct thenar_stream stream;
    struct thenar_message message = {0};
    struct thenar_reply reply = {0};
    size_t n_left, n_used;
    bool heard = false;
    thenar_stream_init(&stream);
    for (const uint8_t *bytes = turn_away_answer(&busy, &n_left); n_left > 0;
         bytes = turn_away_answer(&busy, &n_left)) {
        assert_false(turn_away_is_ready(&busy));
        if (thenar_stream_next(&stream, bytes, 1, &n_used, &message) == THENAR_OK) {
            assert_false(heard);
            assert_int_equal(message.type, THENAR_MESSAGE_REPLY);
            assert_int_equal(thenar_reply_decode(message.body, message.n_body, &reply), THENAR_OK);
            heard = true;
        }
        turn_away_sent(&busy, 1);
    }
    assert_true(heard);
    assert_true(turn_away_is_ready(&busy));
    return reply;
}

static void test_each_command_is_refused(void **state)
{
    (void)state;
    for (uint8_t code = 1; code <= THENAR_COMMAND_BOOTLOADER; code++) {
        struct thenar_command command = {.request = (uint16_t)(1000 + code), .code = code};
        uint8_t body[16];
        size_t n_body;
        assert_int_equal(thenar_command_encode(&command, body, sizeof body, &n_body), THENAR_OK);
        say_message(THENAR_MESSAGE_COMMAND, body, n_body);
        struct thenar_reply reply = hear();
        assert_int_equal(reply.request, 1000 + code);
        assert_int_equal(reply.code, code);
        assert_int_equal(reply.result, THENAR_REPLY_BUSY);
        assert_int_equal(reply.n_findings, 0);
    }
}

static void test_what_is_no_command_is_refused_too(void **state)
{
    (void)state;
    const uint8_t unknown[] = {7, 0, 99};
    say_message(THENAR_MESSAGE_COMMAND, unknown, sizeof unknown);
    struct thenar_reply reply = hear();
    assert_int_equal(reply.request, 7);
    assert_int_equal(reply.code, 99);
    assert_int_equal(reply.result, THENAR_REPLY_BUSY);

    say_message(THENAR_MESSAGE_STATUS, unknown, sizeof unknown);
    reply = hear();
    assert_int_equal(reply.request, 0);
    assert_int_equal(reply.code, 0);
    assert_int_equal(reply.result, THENAR_REPLY_BUSY);
}

static void test_damage_and_noise_get_no_answer(void **state)
{
    (void)state;
    const uint8_t noise[] = "AT+GCAP\r\nATI\r\n\0 broken \0\0";
    say(noise, sizeof noise);
    size_t n_bytes;
    (void)turn_away_answer(&busy, &n_bytes);
    assert_int_equal(n_bytes, 0);
}

static void test_a_host_that_left_leaves_nothing(void **state)
{
    (void)state;
    const uint8_t stop[] = {1, 0, THENAR_COMMAND_STOP};
    say_message(THENAR_MESSAGE_COMMAND, stop, sizeof stop);
    assert_false(turn_away_is_ready(&busy));
    turn_away_reset(&busy);
    assert_true(turn_away_is_ready(&busy));
    say_message(THENAR_MESSAGE_COMMAND, stop, sizeof stop);
    assert_int_equal(hear().result, THENAR_REPLY_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_each_command_is_refused, begin),
        cmocka_unit_test_setup(test_what_is_no_command_is_refused_too, begin),
        cmocka_unit_test_setup(test_damage_and_noise_get_no_answer, begin),
        cmocka_unit_test_setup(test_a_host_that_left_leaves_nothing, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

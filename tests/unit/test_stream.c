/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/cobs.h"
#include "link/crc32c.h"
#include "link/stream.h"
#include "unit/random.h"

enum { LONGEST_BODY = THENAR_MESSAGE_BYTES - 5 };

static struct thenar_stream stream;
static uint8_t scratch[THENAR_MESSAGE_BYTES];
static uint8_t wire[4 * THENAR_ENCODED_BYTES];

static size_t wrap(uint8_t type, const void *body, size_t n_body, uint8_t *at)
{
    size_t n_wire;
    memcpy(scratch + 1, body, n_body);
    assert_int_equal(thenar_stream_wrap(type, scratch, n_body, at, THENAR_ENCODED_BYTES, &n_wire),
                     THENAR_OK);
    return n_wire;
}

/* How many messages come out, all of them like the one given. */
static size_t count_messages(const uint8_t *bytes, size_t n_bytes, size_t n_piece, uint8_t type,
                             const void *body, size_t n_body)
{
    size_t n_messages = 0;
    for (size_t at = 0; at < n_bytes;) {
        size_t n_used, n_left = n_bytes - at < n_piece ? n_bytes - at : n_piece;
        struct thenar_message message;
        enum thenar_status status =
            thenar_stream_next(&stream, bytes + at, n_left, &n_used, &message);
        assert_in_range(n_used, 1, n_left);
        at += n_used;
        if (status == THENAR_PENDING)
            assert_int_equal(n_used, n_left);
        if (status != THENAR_OK)
            continue;
        assert_int_equal(message.type, type);
        assert_int_equal(message.n_body, n_body);
        assert_memory_equal(message.body, body, n_body);
        n_messages++;
    }
    return n_messages;
}

static int begin(void **state)
{
    (void)state;
    thenar_stream_init(&stream);
    return 0;
}

static void pieces_of_any_size(void **state)
{
    (void)state;
    struct random random = {6};
    static uint8_t body[LONGEST_BODY];
    for (int round = 0; round < 60; round++) {
        size_t n_body = round ? random_below(&random, LONGEST_BODY + 1) : LONGEST_BODY;
        uint32_t n_nonzero = random_below(&random, 257);
        for (size_t i = 0; i < n_body; i++)
            body[i] = random_below(&random, 256) < n_nonzero ? (uint8_t)random_u32(&random) : 0;
        size_t n_wire = wrap(9, body, n_body, wire);
        n_wire += wrap(9, body, n_body, wire + n_wire);
        size_t n_piece = round % 3 == 0 ? 1 : 1 + random_below(&random, 2000);
        assert_int_equal(count_messages(wire, n_wire, n_piece, 9, body, n_body), 2);
        assert_int_equal(count_messages(wire, n_wire, n_wire, 9, body, n_body), 2);
    }
    assert_int_equal(stream.n_messages, 240);
    assert_int_equal(stream.n_bad_cobs + stream.n_bad_crc + stream.n_bad_length, 0);
    assert_int_equal(stream.n_skipped_bytes, 0);
}

static void no_octet_is_too_much(void **state)
{
    (void)state;
    size_t n_used = 99;
    struct thenar_message message;
    assert_int_equal(thenar_stream_next(&stream, wire, 0, &n_used, &message), THENAR_PENDING);
    assert_int_equal(n_used, 0);
    memset(wire, 0, 100);
    assert_int_equal(thenar_stream_next(&stream, wire, 100, &n_used, &message), THENAR_PENDING);
    assert_int_equal(n_used, 100);
    assert_int_equal(stream.n_skipped_bytes, 0);
}

/* A message with no body, and one that hides zeros at both ends. */
static void small_messages(void **state)
{
    (void)state;
    size_t n_wire = wrap(200, "", 0, wire);
    assert_int_equal(count_messages(wire, n_wire, n_wire, 200, "", 0), 1);
    n_wire = wrap(0, "\0\0\0", 3, wire);
    assert_int_equal(count_messages(wire, n_wire, 1, 0, "\0\0\0", 3), 1);
}

static void every_truncation_is_no_message(void **state)
{
    (void)state;
    const char body[] = "a body with a zero\0inside";
    size_t n_wire = wrap(5, body, sizeof body, wire);
    for (size_t n_kept = 0; n_kept + 1 < n_wire; n_kept++) {
        thenar_stream_init(&stream);
        uint8_t cut[128];
        memcpy(cut, wire, n_kept);
        cut[n_kept] = 0;
        assert_int_equal(count_messages(cut, n_kept + 1, 128, 5, body, sizeof body), 0);
        /* and the next one is heard */
        assert_int_equal(count_messages(wire, n_wire, 128, 5, body, sizeof body), 1);
    }
}

/* One flipped bit anywhere, delimiters included: never a message, nor two that differ. */
static void every_flipped_bit_is_caught(void **state)
{
    (void)state;
    uint8_t body[300];
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (uint8_t)(i % 5 ? i : 0);
    size_t n_one = wrap(3, body, sizeof body, wire);
    size_t n_wire = n_one;
    n_wire += wrap(3, body, sizeof body, wire + n_wire);
    n_wire += wrap(3, body, sizeof body, wire + n_wire);
    for (size_t bit = 8 * n_one; bit < 16 * n_one; bit++) {
        thenar_stream_init(&stream);
        wire[bit / 8] = (uint8_t)(wire[bit / 8] ^ 1u << bit % 8);
        size_t n_heard = count_messages(wire, n_wire, n_wire, 3, body, sizeof body);
        wire[bit / 8] = (uint8_t)(wire[bit / 8] ^ 1u << bit % 8);
        /* The delimiters at both ends of the middle one are doubled, so they shield the others. */
        bool delimiter = bit / 8 == n_one || bit / 8 == 2 * n_one - 1;
        if (delimiter)
            assert_in_range(n_heard, 2, 3);
        else
            assert_int_equal(n_heard, 2);
        assert_true(stream.n_bad_cobs + stream.n_bad_crc + stream.n_bad_length >= 1);
    }
}

static void damage_costs_one_message(void **state)
{
    (void)state;
    const char body[] = "word";
    size_t n_wire = wrap(1, body, 4, wire);
    wire[3] = (uint8_t)(wire[3] ^ 0x40);
    n_wire += wrap(1, body, 4, wire + n_wire);
    assert_int_equal(count_messages(wire, n_wire, n_wire, 1, body, 4), 1);
    assert_int_equal(stream.n_bad_crc, 1);
    assert_int_equal(stream.n_messages, 1);
    assert_int_equal(stream.n_skipped_bytes, 10); /* code, type, body, checksum */
}

static void too_long_is_skipped(void **state)
{
    (void)state;
    const char body[] = "word";
    static uint8_t long_one[3 * THENAR_ENCODED_BYTES];
    for (size_t n_piece = 1; n_piece < 10000; n_piece = n_piece * 3 + 1) {
        thenar_stream_init(&stream);
        memset(long_one, 0x42, sizeof long_one);
        size_t n_wire = wrap(1, body, 4, wire);
        assert_int_equal(count_messages(long_one, sizeof long_one, n_piece, 1, body, 4), 0);
        assert_int_equal(count_messages(wire, n_wire, n_piece, 1, body, 4), 1);
        assert_int_equal(stream.n_bad_length, 1);
        assert_int_equal(stream.n_skipped_bytes, sizeof long_one);
    }
}

/* The longest encoding that may be, one octet more, and one that decodes to too much. */
static void length_limits(void **state)
{
    (void)state;
    const size_t n_longest = THENAR_COBS_MAX_BYTES(THENAR_MESSAGE_BYTES);
    struct thenar_message message;
    size_t n_used;
    assert_int_equal(n_longest, 6715); /* LINK.md, "Framing" */

    static uint8_t body[LONGEST_BODY];
    memset(body, 0x77, sizeof body);
    size_t n_wire = wrap(3, body, LONGEST_BODY, wire);
    assert_int_equal(n_wire, n_longest + 2);
    assert_int_equal(count_messages(wire, n_wire, n_wire, 3, body, LONGEST_BODY), 1);

    memset(wire, 1, sizeof wire);
    wire[n_longest] = 0;
    assert_int_equal(thenar_stream_next(&stream, wire, n_longest + 1, &n_used, &message),
                     THENAR_ERR_LENGTH);
    wire[n_longest] = 1;
    wire[n_longest + 1] = 0;
    assert_int_equal(thenar_stream_next(&stream, wire, n_longest + 2, &n_used, &message),
                     THENAR_ERR_LENGTH);
    assert_int_equal(n_used, n_longest + 2);
    assert_int_equal(stream.n_bad_length, 2);
    assert_int_equal(stream.n_skipped_bytes, 2 * n_longest + 1);
}

static void reset_forgets_the_half(void **state)
{
    (void)state;
    const char body[] = "word";
    size_t n_wire = wrap(1, body, 4, wire);
    assert_int_equal(count_messages(wire, n_wire - 3, 4, 1, body, 4), 0);
    thenar_stream_reset(&stream);
    assert_int_equal(count_messages(wire, n_wire, 4, 1, body, 4), 1);
    assert_int_equal(stream.n_messages, 1);
    assert_int_equal(stream.n_bad_crc + stream.n_bad_cobs + stream.n_bad_length, 0);
}

static void noise_is_never_a_message(void **state)
{
    (void)state;
    struct random random = {7};
    uint64_t n_octets = 0;
    for (int round = 0; round < 2000; round++) {
        size_t n_bytes = 1 + random_below(&random, 400);
        for (size_t i = 0; i < n_bytes; i++)
            wire[i] = (uint8_t)random_below(&random, 1 + random_below(&random, 256));
        n_octets += n_bytes;
        assert_int_equal(count_messages(wire, n_bytes, 100, 1, "", 0), 0);
    }
    assert_in_range(stream.n_skipped_bytes, 1, n_octets);
    assert_int_equal(stream.n_messages, 0);
}

static void wrap_refuses(void **state)
{
    (void)state;
    size_t n_wire = 1;
    assert_int_equal(thenar_stream_wrap(1, scratch, LONGEST_BODY + 1, wire, sizeof wire, &n_wire),
                     THENAR_ERR_ARGUMENT);
    assert_int_equal(n_wire, 0);
    for (size_t n_space = 0; n_space < 12; n_space++)
        assert_int_equal(thenar_stream_wrap(1, scratch, 4, wire, n_space, &n_wire),
                         THENAR_ERR_SPACE);
    assert_int_equal(thenar_stream_wrap(1, scratch, 4, wire, 12, &n_wire), THENAR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pieces_of_any_size, begin),
        cmocka_unit_test_setup(no_octet_is_too_much, begin),
        cmocka_unit_test_setup(small_messages, begin),
        cmocka_unit_test_setup(every_truncation_is_no_message, begin),
        cmocka_unit_test_setup(every_flipped_bit_is_caught, begin),
        cmocka_unit_test_setup(damage_costs_one_message, begin),
        cmocka_unit_test_setup(too_long_is_skipped, begin),
        cmocka_unit_test_setup(length_limits, begin),
        cmocka_unit_test_setup(reset_forgets_the_half, begin),
        cmocka_unit_test_setup(noise_is_never_a_message, begin),
        cmocka_unit_test_setup(wrap_refuses, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

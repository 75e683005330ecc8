/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/cobs.h"
#include "link/cobs_short.h"
#include "unit/random.h"

enum { MAX_BYTES = 3000 };

static void assert_pair(const uint8_t *bytes, size_t n_bytes, const uint8_t *encoded,
                        size_t n_encoded)
{
    uint8_t out[2 * MAX_BYTES];
    size_t n_out;
    assert_int_equal(thenar_cobs_encode(bytes, n_bytes, out, sizeof out, &n_out), THENAR_OK);
    assert_int_equal(n_out, n_encoded);
    assert_memory_equal(out, encoded, n_encoded);
    assert_int_equal(thenar_cobs_decode(encoded, n_encoded, out, sizeof out, &n_out), THENAR_OK);
    assert_int_equal(n_out, n_bytes);
    if (n_bytes)
        assert_memory_equal(out, bytes, n_bytes);
}

#define ASSERT_PAIR(bytes, encoded)                                                      \
    assert_pair((const uint8_t *)(bytes), sizeof(bytes) - 1, (const uint8_t *)(encoded), \
                sizeof(encoded) - 1)

static void known_pairs(void **state)
{
    (void)state;
    ASSERT_PAIR("", "\x01");
    ASSERT_PAIR("\0", "\x01\x01");
    ASSERT_PAIR("\0\0", "\x01\x01\x01");
    ASSERT_PAIR("\0\x11\0", "\x01\x02\x11\x01");
    ASSERT_PAIR("\x11\x22\0\x33", "\x03\x11\x22\x02\x33");
    ASSERT_PAIR("\x11\x22\x33\x44", "\x05\x11\x22\x33\x44");
    ASSERT_PAIR("\x11\0\0\0", "\x02\x11\x01\x01\x01");
}

/* A piece of 253, 254, 255 octets: below, at and above the longest. */
static void long_pieces(void **state)
{
    (void)state;
    uint8_t bytes[600], encoded[600];
    memset(bytes, 0xAA, sizeof bytes);
    memset(encoded, 0xAA, sizeof encoded);
    encoded[0] = 254;
    assert_pair(bytes, 253, encoded, 254);
    encoded[0] = 255;
    encoded[255] = 1;
    assert_pair(bytes, 254, encoded, 256);
    encoded[255] = 2;
    assert_pair(bytes, 255, encoded, 257);
    bytes[254] = 0; /* the zero after a full piece has a code of its own */
    encoded[255] = 1;
    encoded[256] = 1;
    assert_pair(bytes, 255, encoded, 257);

    size_t n_bytes;
    uint8_t out[600];
    encoded[0] = 255;
    assert_int_equal(thenar_cobs_decode(encoded, 255, out, sizeof out, &n_bytes), THENAR_OK);
    assert_int_equal(n_bytes, 254);
}

/* Random octets, from hardly any zero to hardly anything else. */
static size_t fill(struct random *random, uint8_t *bytes)
{
    size_t n_bytes = random_below(random, MAX_BYTES);
    uint32_t n_nonzero = random_below(random, 257);
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = random_below(random, 256) < n_nonzero ? (uint8_t)random_below(random, 256) : 0;
    return n_bytes;
}

static void round_trip(void **state)
{
    (void)state;
    struct random random = {1};
    static uint8_t bytes[MAX_BYTES], encoded[2 * MAX_BYTES], out[MAX_BYTES];
    for (int round = 0; round < 3000; round++) {
        size_t n_bytes = fill(&random, bytes), n_encoded, n_out;
        assert_int_equal(
            thenar_cobs_encode(bytes, n_bytes, encoded, THENAR_COBS_MAX_BYTES(n_bytes), &n_encoded),
            THENAR_OK);
        assert_null(memchr(encoded, 0, n_encoded));
        /* apart, into exactly the room needed */
        assert_int_equal(thenar_cobs_decode(encoded, n_encoded, out, n_bytes, &n_out), THENAR_OK);
        assert_int_equal(n_out, n_bytes);
        assert_memory_equal(out, bytes, n_bytes);
        /* in place */
        assert_int_equal(thenar_cobs_decode(encoded, n_encoded, encoded, n_encoded, &n_out),
                         THENAR_OK);
        assert_int_equal(n_out, n_bytes);
        assert_memory_equal(encoded, bytes, n_bytes);
    }
}

/* Decoding by the book, one code at a time: what the fast decoder is held against. */
static size_t decode_plainly(const uint8_t *encoded, size_t n_encoded, uint8_t *bytes)
{
    size_t in = 0, out = 0;
    while (in < n_encoded) {
        size_t code = encoded[in];
        if (code == 0 || code > n_encoded - in)
            return SIZE_MAX;
        for (size_t i = 1; i < code; i++)
            bytes[out++] = encoded[in + i];
        in += code;
        if (code < 255 && in < n_encoded)
            bytes[out++] = 0;
    }
    return n_encoded ? out : SIZE_MAX;
}

/* Octets that nobody encoded: refused or read exactly as the book says. */
static void any_octets(void **state)
{
    (void)state;
    struct random random = {2};
    static uint8_t encoded[MAX_BYTES], out[MAX_BYTES], book[MAX_BYTES];
    size_t n_good = 0;
    for (int round = 0; round < 20000; round++) {
        size_t n_encoded = 1 + random_below(&random, 200), n_out;
        uint32_t largest = 1 + random_below(&random, 1 + random_below(&random, 255));
        for (size_t i = 0; i < n_encoded; i++)
            encoded[i] = (uint8_t)(1 + random_below(&random, largest));
        size_t n_book = decode_plainly(encoded, n_encoded, book);
        enum thenar_status status = thenar_cobs_decode(encoded, n_encoded, out, sizeof out, &n_out);
        if (n_book == SIZE_MAX) {
            assert_int_equal(status, THENAR_ERR_COBS);
            assert_int_equal(n_out, 0);
        } else {
            assert_int_equal(status, THENAR_OK);
            assert_int_equal(n_out, n_book);
            assert_memory_equal(out, book, n_book);
            n_good++;
        }
    }
    assert_in_range(n_good, 1000, 19000);
}

static void short_runs_agree(void **state)
{
    (void)state;
    struct random random = {3};
    static uint8_t encoded[MAX_BYTES], fast[MAX_BYTES], plain[MAX_BYTES];
    for (int round = 0; round < 5000; round++) {
        size_t n_bytes = 16 + random_below(&random, 300);
        uint32_t largest = 1 + random_below(&random, 140);
        for (size_t i = 0; i < n_bytes; i++)
            encoded[i] = (uint8_t)(1 + random_below(&random, largest));
        size_t until_fast = random_below(&random, 16), until_plain = until_fast;
        size_t n_fast = thenar_cobs_decode_short(encoded, n_bytes, fast, &until_fast);
        size_t n_plain = thenar_cobs_decode_short_portably(encoded, n_bytes, plain, &until_plain);
        /* They may stop at different places, but as far as both went they say the same, */
        size_t n_both = n_fast < n_plain ? n_fast : n_plain;
        assert_memory_equal(fast, plain, n_both);
        /* and the plain one, sent the way of the fast one, is at the same next code. */
        if (n_fast <= n_plain && n_fast + until_fast < n_plain)
            assert_int_equal(plain[n_fast + until_fast], 0);
    }
}

static void refused(void **state)
{
    (void)state;
    uint8_t out[16] = {0};
    size_t n_out = 99;
    assert_int_equal(thenar_cobs_decode(out, 0, out, sizeof out, &n_out), THENAR_ERR_COBS);
    assert_int_equal(n_out, 0);
    assert_int_equal(thenar_cobs_decode((const uint8_t *)"\x03\x11\0", 3, out, 16, &n_out),
                     THENAR_ERR_COBS);
    assert_int_equal(thenar_cobs_decode((const uint8_t *)"\x03\x11", 2, out, 16, &n_out),
                     THENAR_ERR_COBS);
    assert_int_equal(thenar_cobs_decode((const uint8_t *)"\x03\x11\x22", 3, out, 1, &n_out),
                     THENAR_ERR_SPACE);
    assert_int_equal(thenar_cobs_decode((const uint8_t *)"\x02\x11\x01", 3, out, 1, &n_out),
                     THENAR_ERR_SPACE);
    assert_int_equal(thenar_cobs_encode(out, 4, out + 8, 4, &n_out), THENAR_ERR_SPACE);
    assert_int_equal(n_out, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_pairs),      cmocka_unit_test(long_pieces),
        cmocka_unit_test(round_trip),       cmocka_unit_test(any_octets),
        cmocka_unit_test(short_runs_agree), cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

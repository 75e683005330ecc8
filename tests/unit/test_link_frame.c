/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/frame.h"
#include "unit/random.h"

enum { MAX_BODY = THENAR_FRAME_MAX_BYTES(THENAR_MAX_TAXELS) };

static uint8_t body[MAX_BODY];
static uint16_t counts[THENAR_MAX_TAXELS], back[THENAR_MAX_TAXELS];

static const struct thenar_frame head = {
    .sequence = 0x89ABCDEF,
    .ticks = 0x0123456789ABCDEF,
    .scan_ticks = 3900,
    .n_dropped = 17,
    .n_late = 65535,
    .trigger = true,
};

static void assert_head(const struct thenar_frame *frame, bool sparse)
{
    assert_int_equal(frame->sequence, head.sequence);
    assert_int_equal(frame->ticks, head.ticks);
    assert_int_equal(frame->scan_ticks, head.scan_ticks);
    assert_int_equal(frame->n_dropped, head.n_dropped);
    assert_int_equal(frame->n_late, head.n_late);
    assert_true(frame->trigger);
    assert_int_equal(frame->sparse, sparse);
}

static bool same_head(const struct thenar_frame *a, const struct thenar_frame *b)
{
    return a->sequence == b->sequence && a->ticks == b->ticks && a->scan_ticks == b->scan_ticks &&
           a->n_dropped == b->n_dropped && a->n_late == b->n_late && a->trigger == b->trigger &&
           a->sparse == b->sparse;
}

static void fill(struct random *random, size_t n_taxels)
{
    uint32_t n_pressed = random_below(random, 17);
    for (size_t i = 0; i < n_taxels; i++)
        counts[i] = (uint16_t)(random_below(random, 16) < n_pressed ? random_below(random, 4096)
                                                                    : random_below(random, 3));
}

static size_t encode(size_t n_taxels, uint16_t gate_counts)
{
    size_t n_body;
    assert_int_equal(thenar_frame_encode(&head, counts, n_taxels, gate_counts, body,
                                         THENAR_FRAME_MAX_BYTES(n_taxels), &n_body),
                     THENAR_OK);
    assert_in_range(n_body, THENAR_FRAME_HEAD_BYTES, THENAR_FRAME_MAX_BYTES(n_taxels));
    return n_body;
}

static void round_trip(void **state)
{
    (void)state;
    struct random random = {8};
    for (int round = 0; round < 2000; round++) {
        size_t n_taxels = round ? 1 + random_below(&random, round % 20 ? 70 : 4096) : 4096;
        uint16_t gate_counts = round % 2 ? (uint16_t)random_below(&random, 4096) : 0;
        if (round % 4 == 1)
            gate_counts = 2;
        fill(&random, n_taxels);
        size_t n_body = encode(n_taxels, gate_counts);
        struct thenar_frame frame;
        memset(back, 0xEE, sizeof back);
        assert_int_equal(thenar_frame_decode(body, n_body, n_taxels, &frame, back), THENAR_OK);
        assert_head(&frame, gate_counts > 0);
        for (size_t i = 0; i < n_taxels; i++)
            assert_int_equal(back[i], gate_counts == 0 || counts[i] > gate_counts ? counts[i] : 0);
        if (n_taxels < THENAR_MAX_TAXELS)
            assert_int_equal(back[n_taxels], 0xEEEE); /* nothing past the array */
    }
}

/* Sizes that LINK.md promises, and the longest body against the longest message. */
static void sizes(void **state)
{
    (void)state;
    memset(counts, 0xFF, sizeof counts);
    assert_int_equal(encode(256, 0), 408);
    assert_int_equal(encode(1024, 0), 1560);
    assert_int_equal(encode(4096, 0), 6168);
    assert_int_equal(encode(4096, 1), 6680);
    assert_true(1 + 6680 + 4 <= THENAR_MESSAGE_BYTES);
    memset(counts, 0, sizeof counts);
    assert_int_equal(encode(4096, 1), 24 + 512);
}

static void length_is_exact(void **state)
{
    (void)state;
    struct random random = {9};
    struct thenar_frame frame;
    for (uint16_t gate_counts = 0; gate_counts < 2; gate_counts++) {
        fill(&random, 77);
        size_t n_body = encode(77, gate_counts);
        body[n_body] = 0;
        for (size_t n_kept = 0; n_kept <= n_body + 1; n_kept++)
            assert_int_equal(thenar_frame_decode(body, n_kept, 77, &frame, back),
                             n_kept == n_body ? THENAR_OK : THENAR_ERR_LENGTH);
        if (gate_counts == 0)
            for (size_t n_taxels = 1; n_taxels < 200; n_taxels++)
                assert_int_equal(thenar_frame_decode(body, n_body, n_taxels, &frame, back),
                                 n_taxels == 77 ? THENAR_OK : THENAR_ERR_LENGTH);
    }
}

/* Any flipped bit is refused, or changes what was said: no two bodies say the same, but for the
 * seven flags that are still free. */
static void every_flipped_bit(void **state)
{
    (void)state;
    struct random random = {10};
    enum { N_TAXELS = 15 };
    for (int round = 0; round < 20; round++) {
        fill(&random, N_TAXELS);
        size_t n_body = encode(N_TAXELS, (uint16_t)(round % 2));
        struct thenar_frame frame, flipped;
        uint16_t samples[N_TAXELS];
        assert_int_equal(thenar_frame_decode(body, n_body, N_TAXELS, &frame, samples), THENAR_OK);
        for (size_t bit = 0; bit < 8 * n_body; bit++) {
            body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
            enum thenar_status status = thenar_frame_decode(body, n_body, N_TAXELS, &flipped, back);
            body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
            bool free_flag = bit > 22 * 8 && bit < 23 * 8;
            bool same = !status && same_head(&frame, &flipped) &&
                        memcmp(samples, back, sizeof samples) == 0;
            assert_int_equal(same, free_flag);
        }
    }
}

static void refused(void **state)
{
    (void)state;
    size_t n_body = 1;
    struct thenar_frame frame;
    assert_int_equal(thenar_frame_encode(&head, counts, 0, 0, body, sizeof body, &n_body),
                     THENAR_ERR_ARGUMENT);
    assert_int_equal(n_body, 0);
    assert_int_equal(thenar_frame_encode(&head, counts, 4097, 0, body, sizeof body, &n_body),
                     THENAR_ERR_ARGUMENT);
    for (size_t n_space = 0; n_space < THENAR_FRAME_MAX_BYTES(9); n_space++)
        assert_int_equal(thenar_frame_encode(&head, counts, 9, 0, body, n_space, &n_body),
                         THENAR_ERR_SPACE);
    n_body = encode(9, 0);
    assert_int_equal(thenar_frame_decode(body, n_body, 0, &frame, back), THENAR_ERR_LENGTH);
    body[23] = 2;
    assert_int_equal(thenar_frame_decode(body, n_body, 9, &frame, back), THENAR_ERR_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),      cmocka_unit_test(sizes),
        cmocka_unit_test(length_is_exact), cmocka_unit_test(every_flipped_bit),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

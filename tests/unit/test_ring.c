/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>

#include <cmocka.h>

#include "mailbox.h"
#include "ring.h"

enum { N_LETTERS = 200000, PATTERN_WORDS = 13 };

static void test_slots_come_in_order_and_are_aligned(void **state)
{
    (void)state;
    struct ring ring;
    assert_int_equal(ring_init(&ring, 4, sizeof(uint32_t), NULL), THENAR_OK);
    for (uint32_t round = 0; round < 10; round++) {
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t *slot = ring_claim(&ring, 0);
            assert_non_null(slot);
            assert_int_equal((uintptr_t)slot % 64, 0);
            assert_ptr_equal(slot, ring_claim(&ring, 0)); /* not committed: the same again */
            *slot = round * 4 + i;
            ring_commit(&ring);
        }
        assert_null(ring_claim(&ring, 0));
        for (uint32_t i = 0; i < 4; i++) {
            const uint32_t *slot = ring_peek(&ring);
            assert_non_null(slot);
            assert_int_equal(*slot, round * 4 + i);
            ring_release(&ring);
        }
        assert_null(ring_peek(&ring));
    }
    ring_finish(&ring);
}

static void test_reserve_is_kept_for_what_matters(void **state)
{
    (void)state;
    struct ring ring;
    assert_int_equal(ring_init(&ring, 8, 16, NULL), THENAR_OK);
    unsigned n_frames = 0, n_events = 0;
    while (ring_claim(&ring, 3)) {
        ring_commit(&ring);
        n_frames++;
    }
    while (ring_claim(&ring, 0)) {
        ring_commit(&ring);
        n_events++;
    }
    assert_int_equal(n_frames, 5);
    assert_int_equal(n_events, 3);
    ring_finish(&ring);
}

static void test_sizes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct ring ring;
    assert_int_equal(ring_init(&ring, 0, 16, NULL), THENAR_ERR_ARGUMENT);
    assert_int_equal(ring_init(&ring, 6, 16, NULL), THENAR_ERR_ARGUMENT);
    assert_int_equal(ring_init(&ring, 8, 0, NULL), THENAR_ERR_ARGUMENT);
}

static void fill(uint32_t *words, uint32_t n)
{
    for (uint32_t i = 0; i < PATTERN_WORDS; i++)
        words[i] = n * 2654435761u + i;
}

static void *produce(void *argument)
{
    struct ring *ring = argument;
    for (uint32_t n = 0; n < N_LETTERS; n++) {
        uint32_t *slot;
        while (!(slot = ring_claim(ring, 0)))
            ring_wait(ring, 0, 1000);
        fill(slot, n);
        ring_commit(ring);
    }
    return NULL;
}

/* Both sides sleep whenever they can: a lost wake-up would show as a time-out of a second. */
static void test_two_threads_lose_nothing_and_no_wake_up(void **state)
{
    (void)state;
    struct waker data;
    struct ring ring;
    pthread_t producer;
    assert_int_equal(waker_init(&data), THENAR_OK);
    assert_int_equal(ring_init(&ring, 8, PATTERN_WORDS * sizeof(uint32_t), &data), THENAR_OK);
    assert_int_equal(pthread_create(&producer, NULL, produce, &ring), 0);
    unsigned n_missed = 0;
    for (uint32_t n = 0; n < N_LETTERS;) {
        const uint32_t *slot = ring_peek(&ring);
        if (!slot) {
            waker_prepare(&data);
            if (!ring_peek(&ring)) {
                struct pollfd fd = {.fd = data.fd, .events = POLLIN};
                n_missed += poll(&fd, 1, 1000) == 0;
            }
            waker_finish_sleep(&data);
            continue;
        }
        uint32_t expected[PATTERN_WORDS];
        fill(expected, n);
        assert_memory_equal(slot, expected, sizeof expected);
        ring_release(&ring);
        n++;
    }
    assert_int_equal(n_missed, 0);
    pthread_join(producer, NULL);
    assert_null(ring_peek(&ring));
    ring_finish(&ring);
    waker_finish(&data);
}

static void test_waker_is_quiet_while_awake(void **state)
{
    (void)state;
    struct waker waker;
    struct pollfd fd;
    assert_int_equal(waker_init(&waker), THENAR_OK);
    fd = (struct pollfd){.fd = waker.fd, .events = POLLIN};
    for (int i = 0; i < 100; i++)
        waker_wake(&waker);
    assert_int_equal(poll(&fd, 1, 0), 0); /* nobody sleeps: nothing is written */
    waker_prepare(&waker);
    waker_wake(&waker);
    waker_wake(&waker);
    assert_int_equal(poll(&fd, 1, 0), 1);
    waker_finish_sleep(&waker);
    assert_int_equal(poll(&fd, 1, 0), 0);
    waker_prepare(&waker);
    waker_finish_sleep(&waker);
    assert_int_equal(poll(&fd, 1, 0), 0);
    waker_finish(&waker);
}

static void test_mailbox_says_when_it_is_full(void **state)
{
    (void)state;
    struct mailbox mailbox;
    assert_int_equal(mailbox_init(&mailbox, 4, sizeof(int)), THENAR_OK);
    int letter;
    assert_false(mailbox_pop(&mailbox, &letter));
    for (int i = 0; i < 4; i++)
        assert_true(mailbox_push(&mailbox, &i));
    letter = 9;
    assert_false(mailbox_push(&mailbox, &letter));
    for (int i = 0; i < 4; i++) {
        assert_true(mailbox_pop(&mailbox, &letter));
        assert_int_equal(letter, i);
    }
    assert_false(mailbox_pop(&mailbox, &letter));
    mailbox_finish(&mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_come_in_order_and_are_aligned),
        cmocka_unit_test(test_reserve_is_kept_for_what_matters),
        cmocka_unit_test(test_sizes_that_cannot_be_are_refused),
        cmocka_unit_test(test_two_threads_lose_nothing_and_no_wake_up),
        cmocka_unit_test(test_waker_is_quiet_while_awake),
        cmocka_unit_test(test_mailbox_says_when_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

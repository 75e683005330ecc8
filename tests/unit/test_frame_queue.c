/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/frame_queue.h"
#include "link/stream.h"

enum { N_TAXELS = 12 };
static struct frame_queue queue;

static void push(uint32_t sequence, uint32_t n_lost)
{
    uint16_t counts[N_TAXELS];
    for (unsigned i = 0; i < N_TAXELS; i++)
        counts[i] = (uint16_t)(sequence + i);
    struct frame_slot *slot = frame_queue_reserve(&queue);
    size_t n_body;
    assert_int_equal(thenar_frame_encode(&(struct thenar_frame){.sequence = sequence}, counts,
                                         N_TAXELS, 0, slot->message + 1,
                                         THENAR_FRAME_MAX_BYTES(BOARD_MAX_TAXELS), &n_body),
                     THENAR_OK);
    slot->n_body = (uint16_t)n_body;
    slot->n_lost = n_lost;
    frame_queue_push(&queue);
}

static struct thenar_frame pop(void)
{
    struct frame_slot *slot = frame_queue_pop(&queue);
    struct thenar_frame frame;
    uint16_t counts[N_TAXELS];
    assert_non_null(slot);
    assert_int_equal(thenar_frame_decode(slot->message + 1, slot->n_body, N_TAXELS, &frame, counts),
                     THENAR_OK);
    for (unsigned i = 0; i < N_TAXELS; i++)
        assert_int_equal(counts[i], frame.sequence + i);
    return frame;
}

static void test_first_in_first_out(void **state)
{
    (void)state;
    frame_queue_init(&queue);
    assert_null(frame_queue_pop(&queue));
    for (uint32_t round = 0; round < 3 * FRAME_QUEUE_SLOTS; round++) {
        push(2 * round, 0);
        push(2 * round + 1, 0);
        assert_int_equal(pop().sequence, 2 * round);
        assert_int_equal(pop().sequence, 2 * round + 1);
    }
    assert_null(frame_queue_pop(&queue));
    assert_int_equal(queue.n_dropped, 0);
}

/* What a host concludes: each jump is as long as n_dropped grew, at that very frame. */
static void test_oldest_is_dropped_and_told_at_the_jump(void **state)
{
    (void)state;
    frame_queue_init(&queue);
    push(0, 0);
    assert_int_equal(pop().n_dropped, 0);
    for (uint32_t sequence = 1; sequence <= FRAME_QUEUE_SLOTS + 5; sequence++)
        push(sequence, 0);
    assert_true(frame_queue_is_full(&queue));
    assert_int_equal(queue.n_dropped, 5);
    struct thenar_frame frame = pop();
    assert_int_equal(frame.sequence, 6);
    assert_int_equal(frame.n_dropped, 5);
    for (uint32_t sequence = 7; sequence <= FRAME_QUEUE_SLOTS + 5; sequence++) {
        frame = pop();
        assert_int_equal(frame.sequence, sequence);
        assert_int_equal(frame.n_dropped, 5);
    }
}

/* A scan lost behind frames that wait is told with the frame after it, not with them. */
static void test_lost_scans_are_told_in_their_place(void **state)
{
    (void)state;
    frame_queue_init(&queue);
    push(0, 0);
    push(1, 0);
    push(4, 2); /* 2 and 3 were lost before they were queued */
    assert_int_equal(pop().n_dropped, 0);
    assert_int_equal(pop().n_dropped, 0);
    assert_int_equal(pop().n_dropped, 2);
}

static void test_clear_keeps_the_count(void **state)
{
    (void)state;
    frame_queue_init(&queue);
    for (uint32_t sequence = 0; sequence < FRAME_QUEUE_SLOTS + 1; sequence++)
        push(sequence, 0);
    frame_queue_clear(&queue);
    assert_null(frame_queue_pop(&queue));
    assert_int_equal(queue.n_dropped, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_in_first_out),
        cmocka_unit_test(test_oldest_is_dropped_and_told_at_the_jump),
        cmocka_unit_test(test_lost_scans_are_told_in_their_place),
        cmocka_unit_test(test_clear_keeps_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

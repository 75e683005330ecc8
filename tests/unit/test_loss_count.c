/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "loss_count.h"

static uint64_t take(struct loss_count *count, const char *topic, uint64_t seq)
{
    uint64_t n_missed;
    size_t n_topic = 0;
    while (topic[n_topic])
        n_topic++;
    assert_int_equal(loss_count_execute(count, topic, n_topic, seq, &n_missed), THENAR_OK);
    return n_missed;
}

static void holes_are_counted_by_topic(void **state)
{
    (void)state;
    struct loss_count count = {0};
    assert_int_equal(take(&count, "metrics.s1.pad", 5), 0); /* a late joiner missed nothing */
    assert_int_equal(take(&count, "metrics.s1.pad", 6), 0);
    assert_int_equal(take(&count, "metrics.s1.pad", 9), 2);
    assert_int_equal(take(&count, "metrics.s1.pad2", 3), 0);
    assert_int_equal(take(&count, "metrics.s1.pad", 10), 0);
    assert_int_equal(take(&count, "metrics.s1.pad2", 5), 1);
    assert_int_equal(count.n_missed, 3);
    assert_int_equal(count.n_restarts, 0);
    loss_count_finish(&count);
}

static void a_restart_is_no_loss(void **state)
{
    (void)state;
    struct loss_count count = {0};
    (void)take(&count, "status.s1.pad", 100);
    assert_int_equal(take(&count, "status.s1.pad", 0), 0);
    assert_int_equal(take(&count, "status.s1.pad", 1), 0);
    assert_int_equal(take(&count, "status.s1.pad", 1), 0); /* twice the same: not ours to explain */
    assert_int_equal(count.n_missed, 0);
    assert_int_equal(count.n_restarts, 2);
    loss_count_finish(&count);
    loss_count_finish(&count);
}

static void many_topics_are_kept_apart(void **state)
{
    (void)state;
    struct loss_count count = {0};
    for (uint64_t round = 0; round < 3; round++)
        for (unsigned i = 0; i < 1000; i++) {
            char topic[32];
            (void)snprintf(topic, sizeof topic, "frame.s%u.pad", i * 7919 % 1000);
            assert_int_equal(take(&count, topic, round * (1 + i % 2)), round && i % 2);
        }
    assert_int_equal(count.n_topics, 1000);
    loss_count_finish(&count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_are_counted_by_topic),
        cmocka_unit_test(a_restart_is_no_loss),
        cmocka_unit_test(many_topics_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <semaphore.h>

#include "worker.h"

struct bench {
    sem_t may_work, has_answered;
};

static void square(void *argument, const void *job, void *answer)
{
    struct bench *bench = argument;
    const int *number = job;
    int *result = answer;
    sem_wait(&bench->may_work);
    *result = *number * *number;
}

static void wake(void *argument)
{
    struct bench *bench = argument;
    sem_post(&bench->has_answered);
}

static struct worker *start(struct bench *bench)
{
    struct worker *worker;
    sem_init(&bench->may_work, 0, 0);
    sem_init(&bench->has_answered, 0, 0);
    assert_int_equal(worker_create(&worker,
                                   &(struct worker_options){.name = "squares",
                                                            .n_most = 3,
                                                            .job_bytes = sizeof(int),
                                                            .answer_bytes = sizeof(int),
                                                            .work = square,
                                                            .wake = wake,
                                                            .work_argument = bench,
                                                            .wake_argument = bench},
                                   NULL),
                     THENAR_OK);
    return worker;
}

static void answers_come_in_the_order_of_jobs(void **state)
{
    (void)state;
    struct bench bench;
    struct worker *worker = start(&bench);
    int answer;
    assert_false(worker_pop(worker, &answer));
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 3; i++) {
            int job = 10 * round + i;
            assert_true(worker_push(worker, &job));
            sem_post(&bench.may_work);
        }
        for (int i = 0; i < 3; i++) {
            sem_wait(&bench.has_answered);
            assert_true(worker_pop(worker, &answer));
            assert_int_equal(answer, (10 * round + i) * (10 * round + i));
        }
    }
    worker_destroy(worker);
}

static void a_full_queue_refuses(void **state)
{
    (void)state;
    struct bench bench;
    struct worker *worker = start(&bench);
    int job = 1, n_taken = 0;
    while (worker_push(worker, &job))
        n_taken++;
    assert_in_range(n_taken, 3, 4); /* one may be under way already */
    for (int i = 0; i < n_taken; i++)
        sem_post(&bench.may_work);
    sem_wait(&bench.has_answered);
    worker_destroy(worker); /* with jobs and answers in it */
    worker_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_in_the_order_of_jobs),
        cmocka_unit_test(a_full_queue_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

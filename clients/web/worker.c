/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Items of one size, first in, first out. */
struct queue {
    unsigned char *items; /* [n_most * item_bytes] */
    size_t item_bytes, n_most, first, n;
};

struct worker {
    struct worker_options options;
    pthread_t thread;
    bool has_thread;
    unsigned char *job, *answer; /* the thread's own */

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    bool is_ending;
    struct queue jobs, answers;
};

static bool queue_init(struct queue *queue, size_t n_most, size_t item_bytes)
{
    *queue = (struct queue){.n_most = n_most, .item_bytes = item_bytes};
    queue->items = calloc(n_most, item_bytes);
    return queue->items;
}

static void queue_finish(struct queue *queue)
{
    if (queue->items)
        explicit_bzero(queue->items, queue->n_most * queue->item_bytes);
    free(queue->items);
}

static bool queue_put(struct queue *queue, const void *item)
{
    if (queue->n == queue->n_most)
        return false;
    size_t place = (queue->first + queue->n++) % queue->n_most;
    memcpy(queue->items + place * queue->item_bytes, item, queue->item_bytes);
    return true;
}

static bool queue_take(struct queue *queue, void *item)
{
    if (queue->n == 0)
        return false;
    unsigned char *oldest = queue->items + queue->first * queue->item_bytes;
    memcpy(item, oldest, queue->item_bytes);
    explicit_bzero(oldest, queue->item_bytes);
    queue->first = (queue->first + 1) % queue->n_most;
    queue->n--;
    return true;
}

/* The next job, once there is one and its answer will find room. @return false: the end */
static bool take_job(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->is_ending &&
           (worker->jobs.n == 0 || worker->answers.n == worker->answers.n_most))
        pthread_cond_wait(&worker->changed, &worker->lock);
    bool goes_on = !worker->is_ending && queue_take(&worker->jobs, worker->job);
    pthread_mutex_unlock(&worker->lock);
    return goes_on;
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    const struct worker_options *options = &worker->options;
    while (take_job(worker)) {
        memset(worker->answer, 0, options->answer_bytes);
        options->work(options->work_argument, worker->job, worker->answer);
        explicit_bzero(worker->job, options->job_bytes);
        pthread_mutex_lock(&worker->lock);
        (void)queue_put(&worker->answers, worker->answer); /* take_job saw that it fits */
        pthread_mutex_unlock(&worker->lock);
        options->wake(options->wake_argument);
    }
    return NULL;
}

enum thenar_status worker_create(struct worker **out, const struct worker_options *options,
                                 struct thenar_error *error)
{
    *out = NULL;
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for %s", options->name);
    worker->options = *options;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    worker->job = calloc(1, options->job_bytes);
    worker->answer = calloc(1, options->answer_bytes);
    enum thenar_status status = THENAR_OK;
    if (!worker->job || !worker->answer ||
        !queue_init(&worker->jobs, options->n_most, options->job_bytes) ||
        !queue_init(&worker->answers, options->n_most, options->answer_bytes))
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for %s", options->name);
    else if (pthread_create(&worker->thread, NULL, run, worker) != 0)
        status = thenar_fail(error, THENAR_ERR_OS, "cannot start the thread for %s", options->name);
    else
        worker->has_thread = true;
    if (status != THENAR_OK) {
        worker_destroy(worker);
        return status;
    }
    *out = worker;
    return THENAR_OK;
}

void worker_stop(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->is_ending = true;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    if (worker->has_thread)
        (void)pthread_join(worker->thread, NULL);
    worker->has_thread = false;
}

void worker_destroy(struct worker *worker)
{
    if (!worker)
        return;
    worker_stop(worker);
    queue_finish(&worker->jobs);
    queue_finish(&worker->answers);
    free(worker->job);
    free(worker->answer);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

bool worker_push(struct worker *worker, const void *job)
{
    pthread_mutex_lock(&worker->lock);
    bool fits = queue_put(&worker->jobs, job);
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    return fits;
}

bool worker_pop(struct worker *worker, void *answer)
{
    pthread_mutex_lock(&worker->lock);
    bool found = queue_take(&worker->answers, answer);
    if (found) /* there is room again; asked in vain it must not be woken */
        pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    return found;
}

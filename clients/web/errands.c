/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errands.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct errands {
    struct thenar_control **controls; /* [n_controls] the worker's own */
    size_t n_controls;
    void (*wake)(void *argument);
    void *argument;
    pthread_t thread;
    bool has_thread;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t pushed;
    bool is_ending;
    struct errand waiting[ERRANDS_WAITING_MAX];
    size_t n_waiting;
    struct errand_reply replies[ERRANDS_WAITING_MAX];
    size_t n_replies;
};

static char *reply_text(struct thenar_control *control, struct thenar_control_request *request)
{
    const char *json = NULL;
    struct thenar_error error = {0};
    enum thenar_status status =
        thenar_control_send(control, request, ERRANDS_TIMEOUT_MS, &json, &error);
    if (status == THENAR_OK || status == THENAR_ERR_DENIED)
        return json ? strdup(json) : NULL;
    char *text = malloc(THENAR_REQUEST_BYTES);
    size_t n_text;
    if (text && thenar_control_error_encode(request->id, error.text, text, THENAR_REQUEST_BYTES,
                                            &n_text) != THENAR_OK) {
        free(text);
        return NULL;
    }
    return text;
}

/* The next errand, once there is one and its reply will find room. @return false: the end */
static bool take(struct errands *errands, struct errand *errand)
{
    pthread_mutex_lock(&errands->lock);
    while (!errands->is_ending &&
           (errands->n_waiting == 0 || errands->n_replies == ERRANDS_WAITING_MAX))
        pthread_cond_wait(&errands->pushed, &errands->lock);
    bool goes_on = !errands->is_ending;
    if (goes_on) {
        *errand = errands->waiting[0];
        errands->n_waiting--;
        memmove(errands->waiting, errands->waiting + 1,
                errands->n_waiting * sizeof *errands->waiting);
    }
    pthread_mutex_unlock(&errands->lock);
    return goes_on;
}

static void *run(void *argument)
{
    struct errands *errands = argument;
    struct errand errand;
    while (take(errands, &errand)) {
        char *json = reply_text(errands->controls[errand.daemon], &errand.request);
        pthread_mutex_lock(&errands->lock);
        errands->replies[errands->n_replies++] =
            (struct errand_reply){.viewer = errand.viewer, .id = errand.id, .json = json};
        pthread_mutex_unlock(&errands->lock);
        errands->wake(errands->argument);
    }
    return NULL;
}

enum thenar_status errands_create(struct errands **out, const char *const *addresses,
                                  size_t n_addresses, void (*wake)(void *argument), void *argument,
                                  struct thenar_error *error)
{
    *out = NULL;
    struct errands *errands = calloc(1, sizeof *errands);
    if (!errands)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for commands");
    errands->wake = wake;
    errands->argument = argument;
    pthread_mutex_init(&errands->lock, NULL);
    pthread_cond_init(&errands->pushed, NULL);
    errands->controls = calloc(n_addresses, sizeof *errands->controls);
    enum thenar_status status =
        errands->controls ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n_addresses && status == THENAR_OK; i++) {
        status = thenar_control_open(&errands->controls[i], addresses[i], error);
        errands->n_controls = i + 1;
    }
    if (status == THENAR_OK && pthread_create(&errands->thread, NULL, run, errands) != 0)
        status = thenar_fail(error, THENAR_ERR_OS, "cannot start the thread for commands");
    if (status != THENAR_OK) {
        errands_destroy(errands);
        return status;
    }
    errands->has_thread = true;
    *out = errands;
    return THENAR_OK;
}

void errands_destroy(struct errands *errands)
{
    if (!errands)
        return;
    pthread_mutex_lock(&errands->lock);
    errands->is_ending = true;
    pthread_cond_signal(&errands->pushed);
    pthread_mutex_unlock(&errands->lock);
    if (errands->has_thread)
        (void)pthread_join(errands->thread, NULL);
    for (size_t i = 0; i < errands->n_controls; i++)
        thenar_control_close(errands->controls[i]);
    for (size_t i = 0; i < errands->n_replies; i++)
        free(errands->replies[i].json);
    free(errands->controls);
    pthread_cond_destroy(&errands->pushed);
    pthread_mutex_destroy(&errands->lock);
    free(errands);
}

bool errands_push(struct errands *errands, const struct errand *errand)
{
    pthread_mutex_lock(&errands->lock);
    bool fits = errands->n_waiting < ERRANDS_WAITING_MAX && errand->daemon < errands->n_controls;
    if (fits) {
        errands->waiting[errands->n_waiting++] = *errand;
        pthread_cond_signal(&errands->pushed);
    }
    pthread_mutex_unlock(&errands->lock);
    return fits;
}

bool errands_pop(struct errands *errands, struct errand_reply *reply)
{
    pthread_mutex_lock(&errands->lock);
    bool found = errands->n_replies > 0;
    if (found) {
        *reply = errands->replies[0];
        errands->n_replies--;
        memmove(errands->replies, errands->replies + 1,
                errands->n_replies * sizeof *errands->replies);
        pthread_cond_signal(&errands->pushed);
    }
    pthread_mutex_unlock(&errands->lock);
    return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errands.h"

#include <stdlib.h>
#include <string.h>

#include "worker.h"

struct errands {
    struct thenar_control **controls; /* [n_controls] each its worker's own */
    size_t n_controls;
    struct worker *workers[ERRANDS_WORKERS]; /* daemon i is asked by worker i % ERRANDS_WORKERS */
};

static char *refusal(const struct thenar_control_request *request, const char *sentence)
{
    char *text = malloc(THENAR_REQUEST_BYTES);
    size_t n_text;
    if (text && thenar_control_error_encode(request->id, sentence, text, THENAR_REQUEST_BYTES,
                                            &n_text) != THENAR_OK) {
        free(text);
        return NULL;
    }
    return text;
}

/* Longer than the daemon's own patience: whoever gives up first does not hear what became of it. */
static int timeout_ms(enum thenar_control_command command)
{
    bool is_slow = command == THENAR_CONTROL_SESSION_START ||
                   command == THENAR_CONTROL_SESSION_STOP || command == THENAR_CONTROL_SELF_TEST;
    return is_slow ? ERRANDS_SLOW_MS : ERRANDS_TIMEOUT_MS;
}

static void ask(void *argument, const void *job, void *answer)
{
    const struct errands *errands = argument;
    const struct errand *errand = job;
    struct errand_reply *reply = answer;
    struct thenar_control_request request = errand->request;
    struct thenar_error error = {0};
    const char *json = NULL;
    enum thenar_status status = thenar_control_send(errands->controls[errand->daemon], &request,
                                                    timeout_ms(request.command), &json, &error);
    *reply = (struct errand_reply){.viewer = errand->viewer, .id = errand->id};
    if (json && (status == THENAR_OK || status == THENAR_ERR_DENIED))
        reply->json = strdup(json);
    else
        reply->json = refusal(&request, error.text);
}

enum thenar_status errands_create(struct errands **out, const char *const *addresses,
                                  size_t n_addresses, void (*wake)(void *argument), void *argument,
                                  struct thenar_error *error)
{
    *out = NULL;
    struct errands *errands = calloc(1, sizeof *errands);
    if (!errands)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for commands");
    errands->controls = calloc(n_addresses, sizeof *errands->controls);
    enum thenar_status status =
        errands->controls ? THENAR_OK
                          : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for commands");
    for (size_t i = 0; i < n_addresses && status == THENAR_OK; i++) {
        status = thenar_control_open(&errands->controls[i], addresses[i], error);
        errands->n_controls = i + 1;
    }
    const struct worker_options options = {.name = "commands",
                                           .n_most = ERRANDS_WAITING_MAX,
                                           .job_bytes = sizeof(struct errand),
                                           .answer_bytes = sizeof(struct errand_reply),
                                           .work = ask,
                                           .work_argument = errands,
                                           .wake = wake,
                                           .wake_argument = argument};
    for (size_t i = 0; i < ERRANDS_WORKERS && status == THENAR_OK; i++)
        status = worker_create(&errands->workers[i], &options, error);
    if (status != THENAR_OK) {
        errands_destroy(errands);
        return status;
    }
    *out = errands;
    return THENAR_OK;
}

void errands_destroy(struct errands *errands)
{
    if (!errands)
        return;
    struct errand_reply reply;
    for (size_t i = 0; i < ERRANDS_WORKERS && errands->workers[i]; i++) {
        worker_stop(errands->workers[i]);
        while (worker_pop(errands->workers[i], &reply))
            free(reply.json);
        worker_destroy(errands->workers[i]);
    }
    for (size_t i = 0; errands->controls && i < errands->n_controls; i++)
        thenar_control_close(errands->controls[i]);
    free(errands->controls);
    free(errands);
}

bool errands_push(struct errands *errands, const struct errand *errand)
{
    return errand->daemon < errands->n_controls &&
           worker_push(errands->workers[errand->daemon % ERRANDS_WORKERS], errand);
}

bool errands_pop(struct errands *errands, struct errand_reply *reply)
{
    for (size_t i = 0; i < ERRANDS_WORKERS; i++)
        if (worker_pop(errands->workers[i], reply))
            return true;
    return false;
}

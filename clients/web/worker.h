/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.h - one thread that does slow things, so that the gateway's loop never waits for them
 *
 * Jobs go in and answers come out in the same order, both plain structs that are copied. Neither
 * side ever waits for the other: a full queue refuses, and an answer wakes whoever collects. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

struct worker_options {
    const char *name; /* of the thread, for the sentence when it cannot start */
    size_t n_most;    /* jobs that may wait, and answers */
    size_t job_bytes, answer_bytes;
    /** Does one job. Context: the worker's thread */
    void (*work)(void *argument, const void *job, void *answer);
    /** An answer is there. Context: the worker's thread */
    void (*wake)(void *argument);
    void *work_argument, *wake_argument;
};

struct worker;

/** @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status worker_create(struct worker **out,
                                                  const struct worker_options *options,
                                                  struct thenar_error *error);

/** Ends the thread after the job under way; jobs that wait are dropped, answers can be popped. */
void worker_stop(struct worker *worker);

/** Stops it, and wipes what jobs and answers hold. NULL is allowed. */
void worker_destroy(struct worker *worker);

/** @return false when too many wait. Context: any thread */
THENAR_NODISCARD bool worker_push(struct worker *worker, const void *job);

/** The oldest answer. @return false when there is none. Context: any thread */
THENAR_NODISCARD bool worker_pop(struct worker *worker, void *answer);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_shelf.h - recorded sessions are read here, by workers: files may be large and disks
 * slow, and the live pictures must not wait for either
 *
 * HDF5 takes one thread at a time (session_hdf5.c holds its lock), so more would bring little: one
 * worker answers what pages ask, and one makes exports, which take long. At most SHELF_WAITING_MAX
 * jobs wait for each. Who asks is part of the job: what a student may not see is not read for them.
 */
#ifndef SESSION_SHELF_H
#define SESSION_SHELF_H

#include <stdint.h>

#include "permission.h"
#include "session_query.h"
#include "shelf_answer.h"

enum { SHELF_WAITING_MAX = 24 };

struct shelf_job {
    uint64_t number; /* the caller's own */
    struct session_query query;
    struct permission permission;
    bool takes_gzip;
    char known_etag[SHELF_ETAG_BYTES]; /* what the browser has; "" */
};

struct shelf_options {
    const char *sessions; /* folder; NULL: the daemon's if it says one and runs here, else the usual
                           */
    const char *control;  /* of that daemon */
    void (*wake)(void *argument); /* an answer is there. Context: the worker's thread */
    void *wake_argument;
};

struct shelf;

/** @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status shelf_create(struct shelf **out,
                                                 const struct shelf_options *options,
                                                 struct thenar_error *error);

/** Ends its threads after the jobs under way: no more wake(). NULL is allowed. */
void shelf_stop(struct shelf *shelf);

/** Stops it, and frees answers that nobody took. NULL is allowed. */
void shelf_destroy(struct shelf *shelf);

/** @return false when too many wait */
THENAR_NODISCARD bool shelf_push(struct shelf *shelf, const struct shelf_job *job);

/** Nobody waits for this job any more: if it was not begun, it is not done. */
void shelf_forget(struct shelf *shelf, uint64_t number);

/** An answer; shelf_answer_finish frees it. @return false when there is none */
THENAR_NODISCARD bool shelf_pop(struct shelf *shelf, struct shelf_answer *answer);

#endif

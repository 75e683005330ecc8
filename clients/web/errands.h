/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errands.h - commands on their way to the daemons, so that nobody waits in the gateway's loop
 *
 * A few worker threads share the daemons; each daemon is asked one thing after the other. One that
 * does not answer costs each of its errands ERRANDS_TIMEOUT_MS, or ERRANDS_SLOW_MS where the daemon
 * itself may wait for a disk or a device, and holds up the few daemons that share its thread. More
 * than ERRANDS_WAITING_MAX waiting at a thread are refused. */
#ifndef ERRANDS_H
#define ERRANDS_H

#include "thenar.h"

enum { ERRANDS_WORKERS = 8, ERRANDS_WAITING_MAX = 64 };
enum { ERRANDS_TIMEOUT_MS = 6000, ERRANDS_SLOW_MS = 10000 };

struct errand {
    uint64_t viewer; /* whose: a number of the caller's */
    uint64_t id;     /* the page's own */
    unsigned daemon; /* index into the addresses */
    struct thenar_control_request request;
};

struct errand_reply {
    uint64_t viewer, id;
    char *json; /* for free(): {"ok":...} as the daemon said it, or why there is none */
};

struct errands;

/**
 * @param addresses  [n_addresses] of control sockets; borrowed until destroy
 * @param wake       called by the worker when a reply is there; must be callable from any thread
 * @return THENAR_OK; THENAR_ERR_ARGUMENT not an address; THENAR_ERR_MEMORY; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status errands_create(struct errands **out,
                                                   const char *const *addresses, size_t n_addresses,
                                                   void (*wake)(void *argument), void *argument,
                                                   struct thenar_error *error);

/** Ends the workers, after the errands that are under way; NULL is allowed. */
void errands_destroy(struct errands *errands);

/** @return false when too many wait. Context: any thread */
THENAR_NODISCARD bool errands_push(struct errands *errands, const struct errand *errand);

/** A reply. @return false when there is none. Context: any thread */
THENAR_NODISCARD bool errands_pop(struct errands *errands, struct errand_reply *reply);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* login_desk.h - passwords are checked here, by a worker: a check takes a tenth of a second on
 * purpose, and the live pictures must not wait for it
 *
 * Jobs are struct login_try, answers struct login_answer; the password is wiped when it was used.
 */
#ifndef LOGIN_DESK_H
#define LOGIN_DESK_H

#include <stdint.h>

#include "accounts.h"
#include "worker.h"

enum { LOGIN_DESK_WAITING_MAX = 64, LOGIN_PASSWORD_BYTES = 256 };

struct login_try {
    uint64_t number; /* the caller's own */
    struct account account;
    bool is_known; /* false: there is no such account, and the check only takes its time */
    char name[ACCOUNT_NAME_BYTES];
    char password[LOGIN_PASSWORD_BYTES];
};

struct login_answer {
    uint64_t number;
    char name[ACCOUNT_NAME_BYTES];
    bool is_right;
};

/** As worker_create. */
THENAR_NODISCARD enum thenar_status login_desk_create(struct worker **out,
                                                      void (*wake)(void *argument), void *argument,
                                                      struct thenar_error *error);

#endif

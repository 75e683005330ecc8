/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login_desk.h"

#include <stdlib.h>
#include <string.h>

static void check(void *argument, const void *job, void *answer)
{
    (void)argument;
    const struct login_try *attempt = job;
    struct login_answer *found = answer;
    found->number = attempt->number;
    memcpy(found->name, attempt->name, sizeof found->name);
    found->is_right =
        account_check_password(attempt->is_known ? &attempt->account : NULL, attempt->password);
}

enum thenar_status login_desk_create(struct worker **out, void (*wake)(void *argument),
                                     void *argument, struct thenar_error *error)
{
    return worker_create(out,
                         &(struct worker_options){.name = "logins",
                                                  .n_most = LOGIN_DESK_WAITING_MAX,
                                                  .job_bytes = sizeof(struct login_try),
                                                  .answer_bytes = sizeof(struct login_answer),
                                                  .work = check,
                                                  .wake = wake,
                                                  .wake_argument = argument},
                         error);
}

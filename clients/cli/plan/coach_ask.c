/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coach_ask.h"

#include <stdio.h>

#include "daemon_link.h"

enum { ANSWER_MS = 4000 };

int coach_ask(const char *name, const struct options_result *options, const char *device,
              struct thenar_control_request *request, struct thenar_control_reply *reply)
{
    (void)snprintf(request->device, sizeof request->device, "%s", device ? device : "");
    return daemon_request(name, options->control, request, ANSWER_MS, reply, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coach_ask.h - one request to the coach of a device, or of all: plan, declare, comfort */
#ifndef COACH_ASK_H
#define COACH_ASK_H

#include "cli_options.h"
#include "feed/control.h"

/**
 * Ask, and wait for the answer.
 * @param name     of the command, for what is told when it fails
 * @param device   NULL: all
 * @param request  cleared and filled but for the device
 * @return enum exit_code; it was told why not
 */
int coach_ask(const char *name, const struct options_result *options, const char *device,
              struct thenar_control_request *request, struct thenar_control_reply *reply);

#endif

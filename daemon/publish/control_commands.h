/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_commands.h - what each request of FEED.md, "Control", does
 *
 * To add one: name and fields in protocol/feed/control.h, a function and a case here. What a device
 * must do also gets a kind in device/device_letters.h. Context: the control server's thread */
#ifndef CONTROL_COMMANDS_H
#define CONTROL_COMMANDS_H

#include "control_desk.h"

/** Reply now, or ask devices and keep the request. @return true for shutdown (already answered) */
bool control_commands_execute(struct control_desk *desk, const struct control_client *client,
                              const struct thenar_control_request *request);

/** A device answered what it was asked: the last answer awaited makes the reply. */
void control_commands_answered(struct control_desk *desk, size_t device,
                               const struct device_answer *answer);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_coach.h - plan, declare and comfort: what the control server passes on to the coaches */
#ifndef CONTROL_COACH_H
#define CONTROL_COACH_H

#include "control_desk.h"

/** One of the three; answered when the devices have. Reads the plan's file here. */
void control_coach_execute(struct control_desk *desk, const struct control_client *client,
                           const struct thenar_control_request *request);

/** What a device said of its plan goes into the reply. */
void control_coach_fill(const struct device_answer *answer, struct thenar_control_reply *reply);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control_sessions.h - session, session_start, session_stop, session_note of FEED.md, "Control"
 *
 * Starting and stopping have two steps: every device is told, and answers; then the recorder opens,
 * or closes, its files. Context: the control server's thread */
#ifndef CONTROL_SESSIONS_H
#define CONTROL_SESSIONS_H

#include "control_desk.h"

/** Reply now, or tell the devices and keep the request. */
void control_sessions_execute(struct control_desk *desk, const struct control_client *client,
                              const struct thenar_control_request *request);

/** A device answered. @return whether the request was one of these */
bool control_sessions_answered(struct control_desk *desk, struct control_pending *pending,
                               const struct device_answer *answer);

/** Reply to those whose devices have answered and whose files are open, or closed. */
void control_sessions_look(struct control_desk *desk);

#endif

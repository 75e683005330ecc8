/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_print.h - the daemon's session in words; `thenar status` and `thenar session` print it */
#ifndef SESSION_PRINT_H
#define SESSION_PRINT_H

#include "feed/control.h"

void session_print_reply(const struct thenar_control_reply *reply);

#endif

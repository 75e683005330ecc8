/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stop_signal.h - end a command that runs until it is told to: SIGINT, SIGTERM, SIGHUP */
#ifndef STOP_SIGNAL_H
#define STOP_SIGNAL_H

#include <stdbool.h>

/** From now on those signals only raise a flag, and interrupt what waits; SIGPIPE is ignored, so
 * that writing to a closed pipe fails where it is written. */
void stop_signal_start(void);

bool stop_signal_came(void);

#endif

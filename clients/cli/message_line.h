/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message_line.h - a message of the feed as one line: for a person, or as JSON */
#ifndef MESSAGE_LINE_H
#define MESSAGE_LINE_H

#include <stdio.h>

#include "thenar.h"

/** Local time, topic, and what matters of it. */
void message_line_print(FILE *out, const struct thenar_feed_message *message);

/** The payload with "topic" and "time" before it, and for frames "matrix" (null: no taxel). */
void message_line_print_json(FILE *out, const struct thenar_feed_message *message);

/** A time of day, "14:03:07.123", of `time_s` Unix seconds. @param text [16] */
void message_line_clock(double time_s, char text[16]);

#endif

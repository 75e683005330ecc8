/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classroom_parts.h - what the files of the classroom share: classroom.c does what is asked,
 * classroom_feed.c hears what the tables say, classroom_view.c tells the pages */
#ifndef CLASSROOM_PARTS_H
#define CLASSROOM_PARTS_H

#include "classroom.h"

/** NULL: no such table. */
struct classroom_seat *classroom_seat_of(struct classroom *room, const char *station);

/** Something that pages show, and that belongs on the disk, is different. */
void classroom_change(struct classroom *room);

/** What came of what was asked of a table, in words. */
__attribute__((format(printf, 4, 5))) void classroom_say(struct classroom *room,
                                                         struct classroom_seat *seat, bool is_well,
                                                         const char *format, ...);
void classroom_say_stopped(struct classroom *room, struct classroom_seat *seat, float length_s);

/** The seat's session is the one of that name from now on. */
void classroom_follow(struct classroom *room, struct classroom_seat *seat, const char *id);

/** The seat's session is over. */
void classroom_close(struct classroom *room, const struct classroom_seat *seat);

#endif

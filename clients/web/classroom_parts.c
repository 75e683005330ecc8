/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "classroom_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct classroom_seat *classroom_seat_of(struct classroom *room, const char *station)
{
    const struct class_station *found = class_book_station(&room->book, station);
    return found ? &room->seats[found - room->book.stations] : NULL;
}

void classroom_change(struct classroom *room)
{
    room->version++;
    room->is_unsaved = true;
}

void classroom_say(struct classroom *room, struct classroom_seat *seat, bool is_well,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(seat->result, sizeof seat->result, format, arguments);
    va_end(arguments);
    seat->is_well = is_well;
    room->version++;
}

void classroom_say_stopped(struct classroom *room, struct classroom_seat *seat, float length_s)
{
    classroom_say(room, seat, true, "stopped after %d min %02d s", (int)(length_s / 60),
                  (int)fmodf(length_s, 60));
}

void classroom_follow(struct classroom *room, struct classroom_seat *seat, const char *id)
{
    if (!id[0] || strcmp(seat->session, id) == 0)
        return;
    (void)snprintf(seat->session, sizeof seat->session, "%s", id);
    seat->is_stopped = false;
    seat->closed_unix_s = 0;
    room->version++;
}

void classroom_close(struct classroom *room, const struct classroom_seat *seat)
{
    struct class_session *session = class_book_session(&room->book, seat->session);
    if (session)
        session->is_closed = true;
    classroom_change(room);
}

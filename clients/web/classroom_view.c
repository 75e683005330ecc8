/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The class as its pages are told. */
#include "class_json.h"
#include "classroom_parts.h"

static json_t *seat_json(const struct classroom *room, size_t index, bool with_words)
{
    const struct classroom_seat *seat = &room->seats[index];
    json_t *station = class_json_station(&room->book.stations[index]);
    (void)json_object_set_new(station, "number", json_integer((json_int_t)index));
    (void)json_object_set_new(station, "busy", json_boolean(seat->task != CLASSROOM_IDLE));
    (void)json_object_set_new(station, "recording", json_boolean(seat->is_recording));
    (void)json_object_set_new(station, "tablets", json_integer(seat->n_tablets));
    (void)json_object_set_new(station, "calls", json_integer(seat->n_calls));
    (void)json_object_set_new(station, "notes", json_integer(seat->n_notes));
    if (with_words && seat->note[0])
        (void)json_object_set_new(station, "note", json_string(seat->note));
    if (with_words && seat->result[0])
        (void)json_object_set_new(
            station, "result", json_pack("{s:b, s:s}", "ok", seat->is_well, "text", seat->result));
    return station;
}

json_t *classroom_json(const struct classroom *room, bool with_words)
{
    const struct class_book *book = &room->book;
    json_t *object = json_object(), *stations = json_array();
    for (size_t i = 0; i < book->n_stations; i++)
        (void)json_array_append_new(stations, seat_json(room, i, with_words));
    (void)json_object_set_new(object, "title", json_string(book->title));
    (void)json_object_set_new(object, "on", json_boolean(class_book_is_on(book)));
    (void)json_object_set_new(object, "began_unix_s", json_real(book->began_unix_s));
    (void)json_object_set_new(object, "sessions", json_integer((json_int_t)book->n_sessions));
    (void)json_object_set_new(object, "codes", class_json_codes(book));
    (void)json_object_set_new(object, "stations", stations);
    return object;
}

json_t *classroom_json_of(const struct classroom *room, const char *station)
{
    struct classroom *own = (struct classroom *)room; /* looked at only */
    const struct classroom_seat *seat = classroom_seat_of(own, station);
    if (!seat)
        return NULL;
    json_t *object = class_json_station(&room->book.stations[seat - room->seats]);
    (void)json_object_set_new(object, "number", json_integer((json_int_t)(seat - room->seats)));
    (void)json_object_set_new(object, "title", json_string(room->book.title));
    (void)json_object_set_new(object, "on", json_boolean(class_book_is_on(&room->book)));
    (void)json_object_set_new(object, "note", json_string(seat->note));
    (void)json_object_set_new(object, "notes", json_integer(seat->n_notes));
    (void)json_object_set_new(object, "calls", json_integer(seat->n_calls));
    return object;
}

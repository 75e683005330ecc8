/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tables say on the feed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "classroom_parts.h"

/* Episodes that the end of a session brings to an end come a little after it. */
#define AFTER_S 3.0
/* The feed speaks of a session each second (FEED.md); after so long nothing is recorded there. */
#define SILENT_S 8.0
/* What runs is saved so often: a crash of the gateway loses no more of its own counting. */
#define SAVE_RUNNING_S 15.0

static struct class_session *begin_session(struct classroom *room, size_t index,
                                           const struct thenar_feed_session *told,
                                           double now_unix_s)
{
    const struct class_station *station = &room->book.stations[index];
    struct class_session *session;
    if (!class_book_is_on(&room->book) ||
        class_book_add_session(&room->book, told->session, &session) != THENAR_OK)
        return NULL;
    memcpy(session->station, station->station, sizeof session->station);
    const char *giver = told->participant[0] ? told->participant : station->giver;
    if (strlen(giver) < sizeof session->giver)
        (void)snprintf(session->giver, sizeof session->giver, "%s", giver);
    const char *other = strcmp(session->giver, station->giver) == 0      ? station->receiver
                        : strcmp(session->giver, station->receiver) == 0 ? station->giver
                                                                         : "";
    (void)snprintf(session->receiver, sizeof session->receiver, "%s", other);
    (void)snprintf(session->plan, sizeof session->plan, "%s", told->plan);
    session->began_unix_s = now_unix_s - (double)told->length_s;
    classroom_change(room);
    return session;
}

/* What becomes of the seat's own session. A table that was asked may have given up waiting for the
 * daemon's reply: the feed's word of the end stands for it. */
static void take_state(struct classroom *room, struct classroom_seat *seat,
                       const struct thenar_feed_session *told, bool is_over, double now_unix_s)
{
    if (seat->is_recording && is_over && strcmp(told->state, "closed") == 0)
        classroom_say_stopped(room, seat, told->length_s);
    if (seat->is_recording == is_over)
        room->version++;
    seat->is_recording = !is_over;
    seat->heard_unix_s = now_unix_s;
    seat->closed_unix_s = is_over ? now_unix_s : 0;
}

static void take_session(struct classroom *room, size_t index,
                         const struct thenar_feed_session *told, double now_unix_s)
{
    struct classroom_seat *seat = &room->seats[index];
    bool is_dropped = strcmp(told->state, "dropped") == 0;
    bool is_over =
        is_dropped || strcmp(told->state, "closed") == 0 || strcmp(told->state, "failed") == 0;
    struct class_session *session = class_book_session(&room->book, told->session);
    if (!is_over && seat->is_stopped && strcmp(seat->session, told->session) == 0)
        return; /* said before the reply that it was stopped, and heard after it */
    /* One that waits for the first touch may yet be dropped: it is no result of the class. */
    if (!is_over && !session && strcmp(told->state, "armed") != 0)
        session = begin_session(room, index, told, now_unix_s);
    if (!is_over)
        classroom_follow(room, seat, told->session);
    if (strcmp(seat->session, told->session) == 0)
        take_state(room, seat, told, is_over, now_unix_s);
    if (session && session->is_closed != is_over) { /* silence may have been taken for the end */
        session->is_closed = is_over;
        classroom_change(room);
    }
}

void classroom_tick(struct classroom *room, double now_unix_s)
{
    for (size_t i = 0; i < room->book.n_stations; i++) {
        struct classroom_seat *seat = &room->seats[i];
        if (!seat->is_recording)
            continue;
        if (seat->heard_unix_s <= 0)
            seat->heard_unix_s = now_unix_s;
        if (fabs(now_unix_s - seat->heard_unix_s) < SILENT_S)
            continue;
        seat->is_recording = false;
        seat->closed_unix_s = now_unix_s;
        classroom_close(room, seat);
        classroom_say(room, seat, false, "nothing is heard of its recording any more");
    }
}

void classroom_take(struct classroom *room, const struct thenar_feed_message *message,
                    double now_unix_s)
{
    enum thenar_topic_kind kind = message->topic.kind;
    if (kind != THENAR_TOPIC_STATUS && kind != THENAR_TOPIC_SESSION && kind != THENAR_TOPIC_PLAN &&
        kind != THENAR_TOPIC_EPISODE && kind != THENAR_TOPIC_CUE && kind != THENAR_TOPIC_COMFORT)
        return;
    size_t n_before = room->book.n_stations;
    const struct class_station *station =
        class_book_add_station(&room->book, message->topic.station);
    if (!station)
        return;
    if (room->book.n_stations != n_before) { /* worth a file only when a class is on */
        room->version++;
        room->is_unsaved |= class_book_is_on(&room->book);
    }
    size_t index = (size_t)(station - room->book.stations);
    struct classroom_seat *seat = &room->seats[index];
    if (kind == THENAR_TOPIC_SESSION)
        take_session(room, index, &message->payload.session, now_unix_s);
    else if (kind == THENAR_TOPIC_PLAN)
        seat->has_plan = message->payload.plan.step > 0;
    bool is_current = seat->session[0] &&
                      (seat->closed_unix_s <= 0 || now_unix_s - seat->closed_unix_s < AFTER_S);
    struct class_session *session =
        is_current ? class_book_session(&room->book, seat->session) : NULL;
    if (!session)
        return;
    class_tally_take(&session->tally, message);
    if (fabs(now_unix_s - room->counted_unix_s) > SAVE_RUNNING_S) {
        room->counted_unix_s = now_unix_s;
        room->is_unsaved = true;
    }
}

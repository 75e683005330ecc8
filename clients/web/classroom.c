/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "classroom_parts.h"

#include <stdio.h>
#include <string.h>

void classroom_finish(struct classroom *room)
{
    class_book_finish(&room->book);
    memset(room, 0, sizeof *room);
}

/* ---- what the instructor asks */

static enum thenar_status set_codes(struct classroom *room, const struct class_request *request,
                                    struct thenar_error *error)
{
    struct class_book *book = &room->book;
    struct class_book wanted = {0};
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < request->n_codes && status == THENAR_OK; i++)
        status = class_book_add_code(&wanted, request->codes[i], error);
    if (status != THENAR_OK)
        return status; /* all or nothing */
    for (size_t i = book->n_codes; i-- > 0;) {
        size_t k = 0;
        while (k < wanted.n_codes && strcmp(wanted.codes[k], book->codes[i]) != 0)
            k++;
        if (k == wanted.n_codes)
            (void)class_book_remove_code(book, book->codes[i]);
    }
    memcpy(book->codes, wanted.codes, sizeof book->codes);
    book->n_codes = wanted.n_codes;
    return THENAR_OK;
}

static enum thenar_status judge(struct classroom *room, const struct class_request *request,
                                struct thenar_error *error)
{
    struct class_session *session = class_book_session(&room->book, request->session);
    if (!session)
        return thenar_fail(error, THENAR_ERR_ABSENT, "no session '%s' is in this class",
                           request->session);
    if (request->criterion[0] &&
        class_session_judge(session, request->criterion, request->level) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_SPACE, "at most %d criteria are judged",
                           CLASS_CRITERIA_MAX);
    if (request->has_score)
        session->own_score = request->score;
    if (request->has_remark)
        memcpy(session->remark, request->remark, sizeof session->remark);
    return THENAR_OK;
}

static enum thenar_status forget(struct classroom *room, const char *station,
                                 struct thenar_error *error)
{
    struct class_station *found = class_book_station(&room->book, station);
    if (!found)
        return thenar_fail(error, THENAR_ERR_ABSENT, "no station '%s' is in this class", station);
    size_t index = (size_t)(found - room->book.stations);
    if (room->seats[index].task != CLASSROOM_IDLE)
        return thenar_fail(error, THENAR_ERR_BUSY, "%s is being asked something; try again",
                           station);
    size_t n_after = --room->book.n_stations - index;
    memmove(found, found + 1, n_after * sizeof *found);
    memmove(&room->seats[index], &room->seats[index + 1], n_after * sizeof *room->seats);
    memset(&room->seats[room->book.n_stations], 0, sizeof *room->seats);
    return THENAR_OK;
}

/* When codes are given out, a class is who has one: an empty table records nothing. */
static bool takes_part(const struct classroom *room, size_t index)
{
    if (room->book.stations[index].giver[0])
        return true;
    for (size_t i = 0; i < room->book.n_stations; i++)
        if (room->book.stations[i].giver[0])
            return false;
    return true;
}

static void ask_one(struct classroom *room, size_t index, const struct class_request *request,
                    bool is_alone)
{
    struct classroom_seat *seat = &room->seats[index];
    if (request->act == CLASS_CALL) {
        seat->n_calls++;
    } else if (request->act == CLASS_NOTE) {
        memcpy(seat->note, request->note, sizeof seat->note);
        seat->n_notes++;
        if (seat->is_recording && seat->task == CLASSROOM_IDLE)
            seat->task = CLASSROOM_NOTE;
        else
            classroom_say(room, seat, true,
                          "note shown; it is in no file, since nothing is recorded");
    } else if (seat->task != CLASSROOM_IDLE) {
        classroom_say(room, seat, false,
                      "it is still being asked something; try again in a moment");
    } else if (request->act == CLASS_START) {
        if (seat->is_recording)
            classroom_say(room, seat, true, "it was recording already");
        else if (is_alone || takes_part(room, index))
            seat->task = CLASSROOM_START;
    } else if (seat->is_recording || is_alone) {
        seat->task = CLASSROOM_STOP;
    }
    if (seat->task != CLASSROOM_IDLE)
        seat->errand = 0;
}

static enum thenar_status ask(struct classroom *room, const struct class_request *request,
                              struct thenar_error *error)
{
    bool is_alone = request->station[0] != '\0';
    if (is_alone && !classroom_seat_of(room, request->station))
        return thenar_fail(error, THENAR_ERR_ABSENT, "no station '%s' is in this class",
                           request->station);
    if (room->book.n_stations == 0)
        return thenar_fail(error, THENAR_ERR_ABSENT, "no station has been heard of yet");
    for (size_t i = 0; i < room->book.n_stations; i++)
        if (!is_alone || strcmp(room->book.stations[i].station, request->station) == 0)
            ask_one(room, i, request, is_alone);
    room->version++;
    return THENAR_OK;
}

static enum thenar_status set_plan(struct classroom *room, const struct class_request *request,
                                   struct thenar_error *error)
{
    struct class_book *book = &room->book;
    if (request->station[0] && !class_book_station(book, request->station))
        return thenar_fail(error, THENAR_ERR_ABSENT, "no station '%s' is in this class",
                           request->station);
    for (size_t i = 0; i < book->n_stations; i++)
        if (!request->station[0] || strcmp(book->stations[i].station, request->station) == 0)
            memcpy(book->stations[i].plan, request->plan, sizeof request->plan);
    return THENAR_OK;
}

static enum thenar_status change_book(struct classroom *room, const struct class_request *request,
                                      double now_unix_s, struct thenar_error *error)
{
    struct class_book *book = &room->book;
    struct class_station *station = class_book_station(book, request->station);
    switch ((int)request->act) { /* those that change the book and ask no daemon */
    case CLASS_BEGIN:
        class_book_begin(book, request->title, now_unix_s);
        return THENAR_OK;
    case CLASS_END:
        book->ended_unix_s = book->began_unix_s > 0 ? now_unix_s : 0;
        return THENAR_OK;
    case CLASS_CODES:
        return set_codes(room, request, error);
    case CLASS_SEAT:
        return class_book_seat(book, request->station, request->giver, request->receiver, error);
    case CLASS_SEAT_ALL:
        class_book_seat_all(book);
        return THENAR_OK;
    case CLASS_SWAP:
        if (!station)
            return thenar_fail(error, THENAR_ERR_ABSENT, "no station '%s' is in this class",
                               request->station);
        class_book_swap(station);
        return THENAR_OK;
    case CLASS_PLAN:
        return set_plan(room, request, error);
    case CLASS_FORGET:
        return forget(room, request->station, error);
    default:
        return judge(room, request, error);
    }
}

enum thenar_status classroom_do(struct classroom *room, const struct class_request *request,
                                double now_unix_s, struct thenar_error *error)
{
    if (request->act == CLASS_START || request->act == CLASS_STOP || request->act == CLASS_NOTE ||
        request->act == CLASS_CALL)
        return ask(room, request, error);
    enum thenar_status status = change_book(room, request, now_unix_s, error);
    if (status == THENAR_OK)
        classroom_change(room);
    return status;
}

/* ---- commands and their replies */

static void fill_start(const struct class_station *station, struct thenar_control_request *control)
{
    control->command = THENAR_CONTROL_SESSION_START;
    (void)snprintf(control->participant, sizeof control->participant, "%s", station->giver);
    (void)snprintf(control->operator_id, sizeof control->operator_id, "%s", station->giver);
    (void)snprintf(control->plan, sizeof control->plan, "%s", station->plan);
    if (station->receiver[0])
        (void)snprintf(control->note, sizeof control->note, "receiver %s", station->receiver);
}

static void fill(const struct class_station *station, const struct classroom_seat *seat,
                 struct thenar_control_request *control)
{
    thenar_control_request_clear(control);
    switch (seat->task) {
    case CLASSROOM_START:
        fill_start(station, control);
        break;
    case CLASSROOM_START_PLAN:
        control->command = THENAR_CONTROL_PLAN;
        (void)snprintf(control->plan, sizeof control->plan, "%s", station->plan);
        (void)snprintf(control->action, sizeof control->action, "start");
        break;
    case CLASSROOM_STOP:
        control->command = THENAR_CONTROL_SESSION_STOP;
        break;
    case CLASSROOM_STOP_PLAN:
        control->command = THENAR_CONTROL_PLAN;
        (void)snprintf(control->action, sizeof control->action, "stop");
        break;
    case CLASSROOM_NOTE:
        control->command = THENAR_CONTROL_SESSION_NOTE;
        (void)snprintf(control->note, sizeof control->note, "%s", seat->note);
        break;
    case CLASSROOM_IDLE:
        break;
    }
}

bool classroom_next(struct classroom *room, struct classroom_command *command)
{
    for (size_t i = 0; i < room->book.n_stations; i++) {
        struct classroom_seat *seat = &room->seats[i];
        if (seat->task == CLASSROOM_IDLE || seat->errand != 0)
            continue;
        seat->errand = ++room->n_errands;
        command->errand = seat->errand;
        memcpy(command->station, room->book.stations[i].station, sizeof command->station);
        fill(&room->book.stations[i], seat, &command->control);
        return true;
    }
    return false;
}

static size_t errand_index(const struct classroom *room, uint64_t errand)
{
    size_t i = 0;
    while (i < room->book.n_stations &&
           (room->seats[i].task == CLASSROOM_IDLE || room->seats[i].errand != errand))
        i++;
    return i;
}

void classroom_unsend(struct classroom *room, uint64_t errand)
{
    size_t index = errand_index(room, errand);
    if (index < room->book.n_stations)
        room->seats[index].errand = 0;
}

/* What was done, and what comes next at that table. */
static enum classroom_task go_on(struct classroom *room, size_t index,
                                 const struct thenar_control_reply *reply)
{
    struct classroom_seat *seat = &room->seats[index];
    const struct class_station *station = &room->book.stations[index];
    const char *who = station->giver[0] ? station->giver : "nobody in particular";
    switch (seat->task) {
    case CLASSROOM_START:
        seat->is_recording = true;
        seat->heard_unix_s = 0;
        classroom_follow(room, seat, reply->session);
        classroom_say(room, seat, true, "recording for %s", who);
        return station->plan[0] ? CLASSROOM_START_PLAN : CLASSROOM_IDLE;
    case CLASSROOM_START_PLAN:
        classroom_say(room, seat, true, "recording for %s, plan %s", who, station->plan);
        return CLASSROOM_IDLE;
    case CLASSROOM_STOP:
        seat->is_recording = false;
        classroom_follow(room, seat, reply->session);
        seat->is_stopped = true;
        classroom_close(room, seat);
        if (strcmp(reply->session_state, "dropped") == 0)
            classroom_say(room, seat, true, "nobody had touched; nothing is kept");
        else
            classroom_say_stopped(room, seat, reply->length_s);
        return seat->has_plan ? CLASSROOM_STOP_PLAN : CLASSROOM_IDLE;
    case CLASSROOM_NOTE:
        classroom_say(room, seat, true, "note written down and shown");
        return CLASSROOM_IDLE;
    case CLASSROOM_STOP_PLAN:
    case CLASSROOM_IDLE:
        break;
    }
    return CLASSROOM_IDLE;
}

static void refuse(struct classroom *room, struct classroom_seat *seat, const char *sentence)
{
    switch (seat->task) {
    case CLASSROOM_START:
        classroom_say(room, seat, false, "not started: %s", sentence);
        break;
    case CLASSROOM_START_PLAN:
        classroom_say(room, seat, false, "recording, without the plan: %s", sentence);
        break;
    case CLASSROOM_STOP:
        classroom_say(room, seat, false, "not stopped: %s", sentence);
        break;
    case CLASSROOM_NOTE:
        classroom_say(room, seat, false, "note shown, but not written down: %s", sentence);
        break;
    case CLASSROOM_STOP_PLAN: /* it was over by itself */
    case CLASSROOM_IDLE:
        break;
    }
}

void classroom_take_reply(struct classroom *room, uint64_t errand, const char *json)
{
    size_t index = errand_index(room, errand);
    struct thenar_control_reply reply;
    struct thenar_error error = {0};
    if (index == room->book.n_stations)
        return;
    struct classroom_seat *seat = &room->seats[index];
    enum classroom_task next = CLASSROOM_IDLE;
    if (!json)
        refuse(room, seat, "out of memory");
    else if (thenar_control_reply_decode(json, strlen(json), &reply, NULL, NULL, 0, NULL, &error) !=
             THENAR_OK)
        refuse(room, seat, error.text);
    else if (!reply.ok)
        refuse(room, seat, reply.error);
    else
        next = go_on(room, index, &reply);
    seat->task = next;
    seat->errand = 0;
    room->version++;
}

void classroom_note_tablet(struct classroom *room, const char *station)
{
    struct classroom_seat *seat = classroom_seat_of(room, station);
    if (!seat)
        return;
    seat->n_tablets++;
    classroom_say(room, seat, true, "a tablet joined");
}

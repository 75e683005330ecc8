/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "class_book.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session/session_pseudonym.h"

void class_book_finish(struct class_book *book)
{
    free(book->sessions);
    memset(book, 0, sizeof *book);
}

bool class_book_is_on(const struct class_book *book)
{
    return book->began_unix_s > 0 && book->ended_unix_s == 0;
}

void class_book_begin(struct class_book *book, const char *title, double now_unix_s)
{
    (void)snprintf(book->title, sizeof book->title, "%s", title);
    book->began_unix_s = now_unix_s;
    book->ended_unix_s = 0;
    free(book->sessions);
    book->sessions = NULL;
    book->n_sessions = 0;
}

/* ---- codes */

/* n_codes: there is none such. A1 and a1 are one person: on paper nobody tells them apart. */
static size_t code_index(const struct class_book *book, const char *code)
{
    size_t i = 0;
    while (i < book->n_codes && strcasecmp(book->codes[i], code) != 0)
        i++;
    return i;
}

enum thenar_status class_book_add_code(struct class_book *book, const char *code,
                                       struct thenar_error *error)
{
    if (code[0] == '\0')
        return thenar_fail(error, THENAR_ERR_VALUE, "a code has at least one letter and a digit");
    enum thenar_status status = session_pseudonym_check("code", code, error);
    if (status != THENAR_OK)
        return status;
    if (code_index(book, code) < book->n_codes)
        return thenar_fail(error, THENAR_ERR_VALUE, "code %s is there already", code);
    if (book->n_codes == CLASS_CODES_MAX)
        return thenar_fail(error, THENAR_ERR_SPACE, "a class has at most %d codes",
                           CLASS_CODES_MAX);
    (void)snprintf(book->codes[book->n_codes++], CLASS_CODE_BYTES, "%s", code);
    return THENAR_OK;
}

static void unseat(struct class_book *book, const char *code)
{
    for (size_t i = 0; i < book->n_stations && code[0]; i++) {
        struct class_station *station = &book->stations[i];
        if (strcmp(station->giver, code) == 0)
            station->giver[0] = '\0';
        if (strcmp(station->receiver, code) == 0)
            station->receiver[0] = '\0';
    }
}

bool class_book_remove_code(struct class_book *book, const char *code)
{
    size_t index = code_index(book, code);
    if (index == book->n_codes)
        return false;
    unseat(book, book->codes[index]);
    book->n_codes--;
    memmove(book->codes[index], book->codes[index + 1],
            (book->n_codes - index) * sizeof *book->codes);
    return true;
}

/* ---- tables */

struct class_station *class_book_station(struct class_book *book, const char *station)
{
    for (size_t i = 0; i < book->n_stations; i++)
        if (strcmp(book->stations[i].station, station) == 0)
            return &book->stations[i];
    return NULL;
}

struct class_station *class_book_add_station(struct class_book *book, const char *station)
{
    struct class_station *found = class_book_station(book, station);
    if (found || book->n_stations == CLASS_STATIONS_MAX)
        return found;
    found = &book->stations[book->n_stations++];
    memset(found, 0, sizeof *found);
    (void)snprintf(found->station, sizeof found->station, "%s", station);
    return found;
}

enum thenar_status class_book_seat(struct class_book *book, const char *station, const char *giver,
                                   const char *receiver, struct thenar_error *error)
{
    const char *const codes[] = {giver, receiver};
    struct class_station *seat = class_book_station(book, station);
    if (!seat)
        return thenar_fail(error, THENAR_ERR_ABSENT, "no station '%s' is in this class", station);
    for (size_t i = 0; i < 2; i++)
        if (codes[i][0] && code_index(book, codes[i]) == book->n_codes)
            return thenar_fail(error, THENAR_ERR_ABSENT, "no code '%s' is in this class", codes[i]);
    if (giver[0] && strcasecmp(giver, receiver) == 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s cannot give and receive at once; choose two people", giver);
    for (size_t i = 0; i < 2; i++)
        if (codes[i][0])
            unseat(book, book->codes[code_index(book, codes[i])]);
    const char *own_giver = giver[0] ? book->codes[code_index(book, giver)] : "";
    const char *own_receiver = receiver[0] ? book->codes[code_index(book, receiver)] : "";
    (void)snprintf(seat->giver, sizeof seat->giver, "%s", own_giver);
    (void)snprintf(seat->receiver, sizeof seat->receiver, "%s", own_receiver);
    return THENAR_OK;
}

/* s2 before s10, as people count. */
static int compare_names(const void *one, const void *other)
{
    const struct class_station *const *a = one, *const *b = other;
    return strverscmp((*a)->station, (*b)->station);
}

void class_book_seat_all(struct class_book *book)
{
    struct class_station *in_order[CLASS_STATIONS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < book->n_stations; i++)
        in_order[i] = &book->stations[i];
    if (book->n_stations > 0)
        qsort(in_order, book->n_stations, sizeof *in_order, compare_names);
    for (size_t i = 0; i < book->n_stations; i++) {
        struct class_station *seat = in_order[i];
        seat->giver[0] = seat->receiver[0] = '\0';
        if (n < book->n_codes)
            memcpy(seat->giver, book->codes[n++], sizeof seat->giver);
        if (n < book->n_codes)
            memcpy(seat->receiver, book->codes[n++], sizeof seat->receiver);
    }
}

void class_book_swap(struct class_station *station)
{
    char giver[CLASS_CODE_BYTES];
    memcpy(giver, station->giver, sizeof giver);
    memcpy(station->giver, station->receiver, sizeof giver);
    memcpy(station->receiver, giver, sizeof giver);
}

/* ---- sessions */

struct class_session *class_book_session(const struct class_book *book, const char *session)
{
    for (size_t i = book->n_sessions; i-- > 0;) /* the newest are asked for most */
        if (strcmp(book->sessions[i].session, session) == 0)
            return &book->sessions[i];
    return NULL;
}

enum thenar_status class_book_add_session(struct class_book *book, const char *session,
                                          struct class_session **out)
{
    *out = NULL;
    if (book->n_sessions == CLASS_SESSIONS_MAX)
        return THENAR_ERR_SPACE;
    struct class_session *larger = realloc(book->sessions, (book->n_sessions + 1) * sizeof *larger);
    if (!larger)
        return THENAR_ERR_MEMORY;
    book->sessions = larger;
    *out = &larger[book->n_sessions++];
    memset(*out, 0, sizeof **out);
    (void)snprintf((*out)->session, sizeof(*out)->session, "%s", session);
    (*out)->own_score = NAN;
    class_tally_init(&(*out)->tally);
    return THENAR_OK;
}

enum thenar_status class_session_judge(struct class_session *session, const char *criterion,
                                       unsigned level)
{
    size_t i = 0;
    while (i < session->n_levels && strcmp(session->levels[i].criterion, criterion) != 0)
        i++;
    if (level == 0 && i < session->n_levels) {
        session->levels[i] = session->levels[--session->n_levels];
        return THENAR_OK;
    }
    if (level == 0)
        return THENAR_OK;
    if (i == CLASS_CRITERIA_MAX)
        return THENAR_ERR_SPACE;
    if (i == session->n_levels)
        (void)snprintf(session->levels[session->n_levels++].criterion, CLASS_CRITERION_BYTES, "%s",
                       criterion);
    session->levels[i].level = level;
    return THENAR_OK;
}

unsigned class_session_level(const struct class_session *session, const char *criterion)
{
    for (size_t i = 0; i < session->n_levels; i++)
        if (strcmp(session->levels[i].criterion, criterion) == 0)
            return session->levels[i].level;
    return 0;
}

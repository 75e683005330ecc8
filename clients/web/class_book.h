/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_book.h - one class: codes for people, who sits where, what was recorded and how it was
 * judged
 *
 * People are codes ("A1") and nothing else: who is who stands on the teacher's paper. class_file.h
 * reads and writes it.
 *
 * Pure but for the heap. Context: one thread, the gateway's. */
#ifndef CLASS_BOOK_H
#define CLASS_BOOK_H

#include "class_tally.h"

enum {
    CLASS_CODE_BYTES = 32,
    CLASS_TITLE_BYTES = 64,
    CLASS_REMARK_BYTES = 512,
    CLASS_CRITERION_BYTES = 32,
    CLASS_CODES_MAX = 128,
    CLASS_STATIONS_MAX = 128,
    CLASS_SESSIONS_MAX = 512,
    CLASS_CRITERIA_MAX = 8,
    CLASS_LEVELS_MAX = 6
};

struct class_station {
    char station[THENAR_TOPIC_NAME_BYTES];
    char giver[CLASS_CODE_BYTES], receiver[CLASS_CODE_BYTES]; /* "": nobody */
    char plan[THENAR_LABEL_BYTES];                            /* "": none */
};

/* The instructor's own word on one criterion of the rubric. */
struct class_level {
    char criterion[CLASS_CRITERION_BYTES];
    unsigned level; /* from 1 */
};

struct class_session {
    char session[THENAR_LABEL_BYTES]; /* its id, as the files have it */
    char station[THENAR_TOPIC_NAME_BYTES];
    char giver[CLASS_CODE_BYTES], receiver[CLASS_CODE_BYTES];
    char plan[THENAR_LABEL_BYTES];
    double began_unix_s;
    bool is_closed;
    bool is_read; /* what its files say has been taken in */
    struct class_tally tally;
    struct class_level levels[CLASS_CRITERIA_MAX]; /* [n_levels] overrides */
    size_t n_levels;
    float own_score; /* the instructor's, 0..100; NaN: the measured one stands */
    char remark[CLASS_REMARK_BYTES];
};

struct class_book {
    char title[CLASS_TITLE_BYTES];
    double began_unix_s, ended_unix_s; /* 0: not yet */
    char codes[CLASS_CODES_MAX][CLASS_CODE_BYTES];
    size_t n_codes;
    struct class_station stations[CLASS_STATIONS_MAX]; /* the place in it is the table's number */
    size_t n_stations;
    struct class_session *sessions; /* [n_sessions] in the order of their beginning */
    size_t n_sessions;
};

/** A book of zeros is empty; finish frees what it grew. */
void class_book_finish(struct class_book *book);

/** True between the begin of a class and its end: sessions that are recorded belong to it. */
bool class_book_is_on(const struct class_book *book);

/** Codes and tables stay, sessions go. */
void class_book_begin(struct class_book *book, const char *title, double now_unix_s);

/** @return THENAR_OK; THENAR_ERR_VALUE not a pseudonym, or there twice; THENAR_ERR_SPACE */
THENAR_NODISCARD enum thenar_status class_book_add_code(struct class_book *book, const char *code,
                                                        struct thenar_error *error);

/** Takes a code away, and from its table; sessions keep it. @return false: there is none such */
bool class_book_remove_code(struct class_book *book, const char *code);

/** NULL when there is none of that name. */
struct class_station *class_book_station(struct class_book *book, const char *station);

/** The station of that name, new if need be; NULL: CLASS_STATIONS_MAX are there already. */
struct class_station *class_book_add_station(struct class_book *book, const char *station);

/**
 * Who gives and who receives at a table; "" is nobody. Who sat elsewhere is moved.
 * @return THENAR_OK; THENAR_ERR_ABSENT no such table or code; THENAR_ERR_VALUE one person twice
 */
THENAR_NODISCARD enum thenar_status class_book_seat(struct class_book *book, const char *station,
                                                    const char *giver, const char *receiver,
                                                    struct thenar_error *error);

/** Two codes a table, tables by name; whoever is too many stands. */
void class_book_seat_all(struct class_book *book);

/** Giver and receiver change places: what is recorded next is the other's. */
void class_book_swap(struct class_station *station);

/** NULL when there is none of that id. */
struct class_session *class_book_session(const struct class_book *book, const char *session);

/** A new one at the end, all absent. @return THENAR_OK; THENAR_ERR_SPACE; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status class_book_add_session(struct class_book *book,
                                                           const char *session,
                                                           struct class_session **out);

/** The instructor's word on a criterion; level 0 takes it back. @return THENAR_OK;
 * THENAR_ERR_SPACE */
THENAR_NODISCARD enum thenar_status class_session_judge(struct class_session *session,
                                                        const char *criterion, unsigned level);

/** The instructor's level; 0: none. */
unsigned class_session_level(const struct class_session *session, const char *criterion);

#endif

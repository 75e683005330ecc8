/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classroom.h - the class as it goes on: its book, what is being done at each table, what came of
 * it
 *
 * Fed with the instructor's requests, the feed's messages and the daemons' replies; gives commands
 * to be sent, and JSON for the pages. Whoever records (the instructor from the wall, a student at
 * the table, a foot switch): what is recorded while the class is on is its.
 *
 * Pure: times are the caller's, commands are the caller's to send. Context: one thread, the
 * gateway's. */
#ifndef CLASSROOM_H
#define CLASSROOM_H

#include "class_request.h"

/* What a table's daemon is asked, one after the other. */
enum classroom_task {
    CLASSROOM_IDLE,
    CLASSROOM_START,
    CLASSROOM_START_PLAN,
    CLASSROOM_STOP,
    CLASSROOM_STOP_PLAN,
    CLASSROOM_NOTE
};

/* One table, beside book.stations[] of the same index. */
struct classroom_seat {
    enum classroom_task task;
    uint64_t errand; /* number of the command under way; 0: not sent yet */
    bool is_recording, has_plan;
    bool is_stopped;                           /* the daemon replied that it stopped session[] */
    char session[THENAR_LABEL_BYTES];          /* that goes on, or has just ended; "": none */
    double closed_unix_s;                      /* when it was over; 0: it goes on */
    double heard_unix_s;                       /* when it was last spoken of; 0: not yet */
    bool is_well;                              /* whether what was asked last was done */
    char result[THENAR_ERROR_TEXT_BYTES + 64]; /* and what came of it, in words */
    char note[THENAR_NOTE_BYTES];              /* the instructor's last, to be shown there */
    uint32_t n_notes, n_calls, n_tablets;      /* ever: pages act when a number grows */
};

struct classroom {
    struct class_book book;
    struct classroom_seat seats[CLASS_STATIONS_MAX];
    uint64_t version;      /* grows with each change that pages show */
    bool is_unsaved;       /* what is on disk is older */
    uint64_t n_errands;    /* ever */
    double counted_unix_s; /* when running sessions were last marked to be saved */
};

/* A command for a table's daemon. */
struct classroom_command {
    uint64_t errand;
    char station[THENAR_TOPIC_NAME_BYTES];
    struct thenar_control_request control;
};

/** A classroom of zeros is empty, with version 0; finish frees what it grew. */
void classroom_finish(struct classroom *room);

/**
 * Do what the instructor asks. CLASS_JOIN and CLASS_CALL's light are the caller's own.
 * @return THENAR_OK; THENAR_ERR_ABSENT, _VALUE, _SPACE, _BUSY with a sentence
 */
THENAR_NODISCARD enum thenar_status classroom_do(struct classroom *room,
                                                 const struct class_request *request,
                                                 double now_unix_s, struct thenar_error *error);

/** The next command to be sent; it counts as sent. @return false: none waits */
bool classroom_next(struct classroom *room, struct classroom_command *command);

/** That command could not be sent now: it waits again. */
void classroom_unsend(struct classroom *room, uint64_t errand);

/** A daemon's reply, or why there is none: {"ok":..} as errands.h gives it. */
void classroom_take_reply(struct classroom *room, uint64_t errand, const char *json);

/** A message of the feed. */
void classroom_take(struct classroom *room, const struct thenar_feed_message *message,
                    double now_unix_s);

/** Time goes by: a session that nobody speaks of any more is over, whatever became of its daemon.
 */
void classroom_tick(struct classroom *room, double now_unix_s);

/** A tablet joined a table. */
void classroom_note_tablet(struct classroom *room, const char *station);

/** What instructors see.
 * @param with_words  results and notes too, which may be long
 * @return a new reference */
json_t *classroom_json(const struct classroom *room, bool with_words);

/** What a table sees of itself. @return a new reference; NULL: it is not of the class */
json_t *classroom_json_of(const struct classroom *room, const char *station);

#endif

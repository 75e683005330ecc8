/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gateway_class.h - what the gateway keeps of the class, for the files that lead it
 *
 * gateway_class.c asks, saves and tells; gateway_join.c lets tablets in; gateway_grades.c gives the
 * summary. Context: one thread, the gateway's. */
#ifndef GATEWAY_CLASS_H
#define GATEWAY_CLASS_H

#include "class_file.h"
#include "classroom.h"
#include "gateway_parts.h"
#include "join_tokens.h"
#include "rubric.h"

struct gateway_class {
    struct classroom room;
    struct rubric rubric;
    struct join_tokens joins;
    char path[CLASS_FILE_PATH_BYTES]; /* "": nowhere to save */
    struct worker *saver;
    char *saving;                        /* the text that the saver has in hand; NULL: none */
    double retry_s;                      /* after a failure, not before */
    char fault[THENAR_ERROR_TEXT_BYTES]; /* of the last save; "": none */
    /* Of the sessions whose files are read, one at a time (gateway_catch_up.c). */
    uint64_t reading;                    /* the shelf's number; 0: none is asked for */
    char reading_id[THENAR_LABEL_BYTES]; /* of that session, or the one before */
    double read_s;                       /* not before, the next is asked for */
};

/**
 * The address by which a tablet joins a table, and its QR code: the reply to CLASS_JOIN.
 * @param reply  out: a new reference
 * @return THENAR_OK; THENAR_ERR_ABSENT no such table; THENAR_ERR_SPACE; _LENGTH; _MEMORY
 */
THENAR_NODISCARD enum thenar_status gateway_join_offer(struct gateway *gateway,
                                                       const struct gateway_viewer *viewer,
                                                       const char *station, json_t **reply,
                                                       struct thenar_error *error);

/** Ask for the files of a session that is over, when one is due. */
void gateway_catch_up_tick(struct gateway *gateway);

/** The class is over: codes are void, and tablets that came by one are logged out. */
void gateway_join_end(struct gateway *gateway);

#endif

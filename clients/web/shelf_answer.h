/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf_answer.h - what a page gets when it asks for recorded sessions, and how it is made
 *
 * Context: the shelf's workers (session_shelf.h); who may see a session was settled before. */
#ifndef SHELF_ANSWER_H
#define SHELF_ANSWER_H

#include <jansson.h>
#include <stdint.h>

#include "session_case.h"
#include "session_query.h"

#define SHELF_JSON_TYPE "application/json"

enum { SHELF_NAME_BYTES = 160, SHELF_ETAG_BYTES = 64, SHELF_OK = 200 };

struct shelf_answer {
    uint64_t number;
    unsigned code;         /* of HTTP */
    const char *mime_type; /* static; ";charset" is in it */
    char *body;            /* [n_body] for free(); NULL: a file, or nothing */
    size_t n_body;
    bool is_gzip;
    bool is_report;              /* a page with a style of its own */
    int fd;                      /* of a file whose first n_body octets are the body; -1: none */
    char name[SHELF_NAME_BYTES]; /* to save it under; "": it is shown */
    char etag[SHELF_ETAG_BYTES]; /* "": it may differ the next time */
};

void shelf_answer_finish(struct shelf_answer *answer);

/** @param json  taken; NULL: memory was short */
void shelf_answer_json(struct shelf_answer *answer, json_t *json);

/** What went wrong, instead of what was there. */
void shelf_answer_error(struct shelf_answer *answer, enum thenar_status status,
                        const struct thenar_error *error);

/** The page to take home, or the paragraph for a paper. @return as the readers of sessions */
THENAR_NODISCARD enum thenar_status shelf_answer_report(struct shelf_answer *answer,
                                                        const struct session_case *found,
                                                        struct thenar_error *error);
THENAR_NODISCARD enum thenar_status shelf_answer_methods(struct shelf_answer *answer,
                                                         const struct session_case *found,
                                                         struct thenar_error *error);

/** Of one device: its file, its tables as CSV, columns, maps. @return as above; THENAR_ERR_BUSY */
THENAR_NODISCARD enum thenar_status shelf_answer_device(struct shelf_answer *answer,
                                                        const struct session_case *found,
                                                        const struct session_query *query,
                                                        struct thenar_error *error);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_request.h - what the instructor's page says of the class: {"id":7,"class":{"act":...}}
 *
 *     begin  title?                        a new class; what was before is kept beside it
 *     end                                  sessions that come later are not of it
 *     codes  codes                         who is in it: the whole list
 *     seat   station, giver?, receiver?    who sits there
 *     seat_all                             in order, two a table
 *     swap   station                       giver and receiver change places
 *     plan   station?, plan?               for later starts; no plan: none
 *     start, stop, call  station?          no station: all; call: sound and light at the table
 *     note   station?, note                written into the session, shown at the table
 *     join   station                       a code for a tablet
 *     judge  session, criterion?, level?, score?, remark?   the instructor's own word
 *     forget station                       a table that is no more */
#ifndef CLASS_REQUEST_H
#define CLASS_REQUEST_H

#include <jansson.h>

#include "class_book.h"

enum class_act {
    CLASS_BEGIN,
    CLASS_END,
    CLASS_CODES,
    CLASS_SEAT,
    CLASS_SEAT_ALL,
    CLASS_SWAP,
    CLASS_PLAN,
    CLASS_START,
    CLASS_STOP,
    CLASS_CALL,
    CLASS_NOTE,
    CLASS_JOIN,
    CLASS_JUDGE,
    CLASS_FORGET,
    N_CLASS_ACTS
};

struct class_request {
    enum class_act act;
    char station[THENAR_TOPIC_NAME_BYTES]; /* "": all */
    char title[CLASS_TITLE_BYTES];
    char codes[CLASS_CODES_MAX][CLASS_CODE_BYTES];
    size_t n_codes;
    char giver[CLASS_CODE_BYTES], receiver[CLASS_CODE_BYTES];
    char plan[THENAR_LABEL_BYTES];
    char note[THENAR_NOTE_BYTES];
    char session[THENAR_LABEL_BYTES];
    char criterion[CLASS_CRITERION_BYTES]; /* judge: ""; with level 0 the measured one stands */
    unsigned level;
    bool has_score, has_remark; /* judge */
    float score;                /* NaN: the measured one stands */
    char remark[CLASS_REMARK_BYTES];
};

/**
 * @param object  the value of "class": trusted in nothing
 * @return THENAR_OK; THENAR_ERR_TYPE no such act; THENAR_ERR_VALUE a field, with a sentence
 */
THENAR_NODISCARD enum thenar_status class_request_decode(const json_t *object,
                                                         struct class_request *request,
                                                         struct thenar_error *error);

#endif

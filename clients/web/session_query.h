/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_query.h - what a page asks of the recorded sessions, read from an address
 *
 *     /api/sessions                     participant= operator= plan= station= since= until=
 *                                       score_min= score_max=
 *     /api/sessions/ID
 *     /api/sessions/ID/report.html
 *     /api/sessions/ID/methods.txt
 *     /api/sessions/ID/DEVICE.h5
 *     /api/sessions/ID/DEVICE.csv.zip
 *     /api/sessions/ID/DEVICE/strokes
 *     /api/sessions/ID/DEVICE/metrics   from_s= to_s= n=
 *     /api/sessions/ID/DEVICE/taxel     row= col= from_s= to_s= n=
 *     /api/sessions/ID/DEVICE/map       at_s=, or from_s= to_s= for a mean, and n= for a series;
 *                                       n_cells=
 *     /api/compare                      reference= session=
 *     /api/progress                     participant=
 *
 * DEVICE is the name of its file without the ending: "pad", "pad-2" for a second part. Names have
 * no slash and begin with a letter or digit, so that none leads out of the folder of sessions.
 * Pure: nothing is opened. */
#ifndef SESSION_QUERY_H
#define SESSION_QUERY_H

#include <stdbool.h>

#include "error.h"
#include "session/session_head.h"

enum session_question {
    SESSION_ASK_LIST,
    SESSION_ASK_ONE,
    SESSION_ASK_REPORT,
    SESSION_ASK_METHODS,
    SESSION_ASK_FILE,
    SESSION_ASK_CSV,
    SESSION_ASK_STROKES,
    SESSION_ASK_METRICS,
    SESSION_ASK_TAXEL,
    SESSION_ASK_MAP,
    SESSION_ASK_COMPARE,
    SESSION_ASK_PROGRESS
};

enum {
    SESSION_QUERY_SPANS = 500, /* of a series when nobody says how many */
    SESSION_QUERY_SPANS_MAX = 4000,
    SESSION_QUERY_MAPS_MAX = 512,
    SESSION_QUERY_CELLS_MAX = 1024
};

struct session_query {
    enum session_question question;
    char id[SESSION_ID_BYTES], device[SESSION_NAME_BYTES];
    char reference[SESSION_ID_BYTES];                                      /* compare */
    char participant[SESSION_NAME_BYTES], operator_id[SESSION_NAME_BYTES]; /* "": any */
    char plan[SESSION_PLAN_BYTES], station[SESSION_NAME_BYTES];
    double since_unix_s, until_unix_s; /* NaN: unbounded */
    double score_min, score_max;       /* NaN: unbounded */
    double at_s, from_s, to_s;         /* from the first frame; NaN: not given */
    unsigned row, col;
    bool has_row, has_col;
    unsigned n, n_cells; /* 0: not given */
};

/** Whether an address is answered here: it begins with /api/sessions, /api/compare or
 * /api/progress. */
bool session_query_is_address(const char *path);

/**
 * The address without what follows its question mark.
 * @param query  out
 * @return THENAR_OK; THENAR_ERR_ABSENT no such address; THENAR_ERR_VALUE a name that cannot be one
 */
THENAR_NODISCARD enum thenar_status session_query_take_path(struct session_query *query,
                                                            const char *path,
                                                            struct thenar_error *error);

/**
 * One "name=value" of what follows the question mark, already without percent signs.
 * @return THENAR_OK; THENAR_ERR_ARGUMENT a name that this address does not take; THENAR_ERR_VALUE
 */
THENAR_NODISCARD enum thenar_status session_query_take(struct session_query *query,
                                                       const char *argument,
                                                       struct thenar_error *error);

/** Whether it is all there. @return THENAR_OK; THENAR_ERR_VALUE */
THENAR_NODISCARD enum thenar_status session_query_check(const struct session_query *query,
                                                        struct thenar_error *error);

/** Whether a text can name a session, or the file of a device: letters, digits, . _ and -, a letter
 * or digit first. */
bool session_query_is_name(const char *text);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* viewer_request.h - what a page says to the gateway: one JSON object a message
 *
 *     {"show":{"station":"s1","device":"pad","state_hz":30,"maps_hz":30,"n_cells":32,"events":true}}
 *     {"id":7,"station":"s1","control":{"command":"tare"}}
 *     {"id":8,"class":{"act":"swap","station":"s1"}}
 *
 * Fields of "show" that are absent: all stations, all devices, 0 Hz, all cells, no events, and
 * nothing of the class. */
#ifndef VIEWER_REQUEST_H
#define VIEWER_REQUEST_H

#include "class_request.h"
#include "viewer.h"

enum { VIEWER_REQUEST_BYTES_MAX = 4096 };

enum viewer_request_kind { VIEWER_REQUEST_SHOW, VIEWER_REQUEST_CONTROL, VIEWER_REQUEST_CLASS };

struct viewer_request {
    enum viewer_request_kind kind;
    struct viewer_wish wish; /* show */
    uint64_t id;             /* control, class: comes back with the reply */
    char station[THENAR_TOPIC_NAME_BYTES];
    struct thenar_control_request control;
    struct class_request class_request;
};

/**
 * @param text   [n_text] as it came from the browser: trusted in nothing
 * @param error  out: a sentence for the person who wrote the page
 * @return THENAR_OK; THENAR_ERR_LENGTH; THENAR_ERR_SYNTAX; THENAR_ERR_TYPE; THENAR_ERR_VALUE
 */
THENAR_NODISCARD enum thenar_status viewer_request_decode(const char *text, size_t n_text,
                                                          struct viewer_request *request,
                                                          struct thenar_error *error);

#endif

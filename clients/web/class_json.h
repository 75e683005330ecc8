/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_json.h - a class as JSON: the form of its file, and what the pages are sent of it
 *
 *     {"title":"Tuesday","began_unix_s":1.8e9,"codes":["A1","A2"],
 *      "stations":[{"station":"s1","giver":"A1","receiver":"A2","plan":"maintenance"}],
 *      "sessions":[{"session":"20261121-...","station":"s1","giver":"A1",...}]}
 *
 * What does not exist is absent. Context: one thread, the gateway's; allocates */
#ifndef CLASS_JSON_H
#define CLASS_JSON_H

#include <jansson.h>

#include "class_book.h"

/** All of it, for the file. @return a new reference; NULL: out of memory */
json_t *class_json_book(const struct class_book *book);

/** Codes alone. @return a new reference; NULL: out of memory */
json_t *class_json_codes(const struct class_book *book);

json_t *class_json_station(const struct class_station *station);
json_t *class_json_session(const struct class_session *session);

/**
 * Read a file's text. Fields that are not known are passed over; what is known must be right.
 * @param where  name of the file, for the sentence
 * @param book   out: empty on failure
 * @return THENAR_OK; THENAR_ERR_SYNTAX, _VALUE with line or entry; THENAR_ERR_SPACE; _MEMORY
 */
THENAR_NODISCARD enum thenar_status class_json_decode(const char *text, size_t n_text,
                                                      const char *where, struct class_book *book,
                                                      struct thenar_error *error);

#endif

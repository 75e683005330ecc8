/* SPDX-License-Identifier: GPL-3.0-or-later */
/* class_tally_file.h - what a session came to by its own files, for what the feed was not heard of
 *
 * The files come as the shelf gives them to pages: the JSON of /api/sessions/ID. Pure. */
#ifndef CLASS_TALLY_FILE_H
#define CLASS_TALLY_FILE_H

#include "class_tally.h"

/**
 * Take in what the files say: scores are theirs, and of all that is counted the larger stands,
 * since the gateway cannot have heard more than there was.
 * @param tally  as counted from the feed; unchanged unless THENAR_OK
 * @return THENAR_OK; THENAR_PENDING it is being recorded: later; THENAR_ERR_SYNTAX;
 *         THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status class_tally_take_file(struct class_tally *tally,
                                                          const char *json, size_t n_json);

#endif

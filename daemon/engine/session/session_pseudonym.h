/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_pseudonym.h - is this a code for a person, or does it tell who it is? */
#ifndef SESSION_PSEUDONYM_H
#define SESSION_PSEUDONYM_H

#include "error.h"

/**
 * A pseudonym is 1 to 31 of A-Z, a-z, 0-9, _ and -, with a digit in it, and without a word that
 * could be a name: "P007", "sub-01", "student12". Empty is allowed: nobody is told of.
 * @param what  "participant", "operator": begins the sentence
 * @return THENAR_OK; THENAR_ERR_VALUE with the reason
 */
THENAR_NODISCARD enum thenar_status session_pseudonym_check(const char *what, const char *text,
                                                            struct thenar_error *error);

#endif

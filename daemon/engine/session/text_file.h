/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_file.h - a small text file that a person edits, as one string */
#ifndef TEXT_FILE_H
#define TEXT_FILE_H

#include <stddef.h>

#include "error.h"

/**
 * Read it whole.
 * @param out      out: with a closing zero; to be freed by the caller. NULL on failure
 * @param n_most   octets; a larger file is not what it is taken for
 * @param what     it is taken for: "a plan file"
 * @return THENAR_OK; THENAR_ERR_ABSENT, _DENIED, _OS it cannot be opened; THENAR_ERR_SYNTAX no
 *         regular file, too large, or with octets of zero in it; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status text_file_read(char **out, const char *path, size_t n_most,
                                                   const char *what, struct thenar_error *error);

#endif

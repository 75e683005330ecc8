/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_check.h - verify a file on all processors
 *
 * Decoding is most of the work, and HDF5 takes one thread: long files are checked in pieces by
 * processes, each with the file open for itself. */
#ifndef SESSION_CHECK_H
#define SESSION_CHECK_H

#include "session/session_verify.h"

/** @return as session_reader_open; THENAR_ERR_OS a piece could not be checked */
THENAR_NODISCARD enum thenar_status session_check(const char *path, struct session_verdict *verdict,
                                                  struct thenar_error *error);

#endif

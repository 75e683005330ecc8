/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_zip.h - the CSV export of a device's file as one archive */
#ifndef SESSION_ZIP_H
#define SESSION_ZIP_H

#include "session/session_reader.h"

/**
 * Export into a private folder, pack it, and leave nothing behind but an open file without a name.
 * @param stem     begins the names of the tables: "pad"
 * @param fd       out: at its beginning; -1 after a failure
 * @param n_bytes  out
 * @return THENAR_OK; THENAR_ERR_SPACE, THENAR_ERR_OS: the temporary folder's disk; as the reader
 */
THENAR_NODISCARD enum thenar_status session_zip_make(struct session_reader *reader,
                                                     const char *stem, int *fd, size_t *n_bytes,
                                                     struct thenar_error *error);

#endif

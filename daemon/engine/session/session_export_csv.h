/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_export_csv.h - a session file as CSV: one table a file, units in the header
 *
 *     pad-strokes.csv: "frame","start_s [s]",...     one file a table that has rows
 *     pad-about.csv:   "key","value","unit"          what the file says of itself
 *     pad-columns.csv: "table","column","unit","description"   the data dictionary
 *     pad-counts.csv:  "frame","t_device [s]","r0c0 [counts]",...   only when asked for
 *
 * RFC 4180: commas, decimal points, CRLF only inside quoted texts; UTF-8. What is absent is an
 * empty field. Numbers are the shortest that read back to the same value. Checksums and reserved
 * columns stay out. docs/session-export.md tells the same. */
#ifndef SESSION_EXPORT_CSV_H
#define SESSION_EXPORT_CSV_H

#include "session/session_reader.h"

struct session_export_csv_options {
    bool with_samples; /* every sample of every frame too: about 4 octets a taxel and frame */
};

/**
 * Files are made with mode 0600; those of the same name are replaced.
 * @param folder   that exists
 * @param stem     begins the names: "pad"
 * @param n_files  out: how many were written
 * @return THENAR_OK; THENAR_ERR_DENIED, THENAR_ERR_SPACE, THENAR_ERR_OS with the file's name; as
 *         session_reader_rows
 */
THENAR_NODISCARD enum thenar_status session_export_csv(
    struct session_reader *reader, const char *folder, const char *stem,
    const struct session_export_csv_options *options, unsigned *n_files,
    struct thenar_error *error);

#endif

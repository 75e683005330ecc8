/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_export_file.h - a file of an export: private, and whole or not there */
#ifndef SESSION_EXPORT_FILE_H
#define SESSION_EXPORT_FILE_H

#include <stdio.h>

#include "error.h"

enum { SESSION_EXPORT_PATH_BYTES = 8192 };

struct session_export_file {
    FILE *out;
    char path[SESSION_EXPORT_PATH_BYTES];
};

/** "FOLDER/STEM-NAME.csv" @param path out: [SESSION_EXPORT_PATH_BYTES] @return THENAR_OK;
 * THENAR_ERR_ARGUMENT too long */
THENAR_NODISCARD enum thenar_status session_export_path(char *path, const char *folder,
                                                        const char *stem, const char *name,
                                                        const char *ending,
                                                        struct thenar_error *error);

/** Mode 0600; one of the same name is replaced. @return THENAR_OK; THENAR_ERR_DENIED, _OS */
THENAR_NODISCARD enum thenar_status session_export_file_open(struct session_export_file *file,
                                                             const char *folder, const char *stem,
                                                             const char *name, const char *ending,
                                                             struct thenar_error *error);

/**
 * Close it; after a failure it is removed.
 * @param status  of what was written
 * @return `status`, or THENAR_ERR_SPACE, THENAR_ERR_OS when the disk did not take it
 */
THENAR_NODISCARD enum thenar_status session_export_file_close(struct session_export_file *file,
                                                              enum thenar_status status,
                                                              struct thenar_error *error);

#endif

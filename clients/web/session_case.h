/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_case.h - one recorded session that a page asks for, found and opened
 *
 * All functions: the shelf's workers, each with its own. */
#ifndef SESSION_CASE_H
#define SESSION_CASE_H

#include "permission.h"
#include "session/session_folder.h"
#include "session/session_manifest.h"
#include "session/session_reader.h"
#include "session_command.h"

/* A student sees the own station's sessions for so long after they ended. */
#define SESSION_CASE_STUDENT_S (12 * 3600.0)

struct session_case {
    char path[SESSION_PATH_BYTES]; /* of its folder */
    struct session_manifest manifest;
    bool is_recording; /* somebody records into it now */
};

/**
 * Find a session, and whether this person may see it. What they may not see is told as absent.
 * @param now_unix_s  wall clock
 * @return THENAR_OK: session_case_finish frees; THENAR_ERR_ABSENT; THENAR_ERR_DENIED
 */
THENAR_NODISCARD enum thenar_status session_case_find(struct session_case *found,
                                                      const char *folder, const char *id,
                                                      const struct permission *permission,
                                                      double now_unix_s,
                                                      struct thenar_error *error);
void session_case_finish(struct session_case *found);

/** Whether this person may see a session. */
bool session_case_is_seen(const struct session_manifest *manifest, bool is_recording,
                          const struct permission *permission, double now_unix_s);

/** Whether somebody records into a folder now. */
bool session_case_is_recorded(const char *path, const struct session_manifest *manifest);

/**
 * The file of a device: of the manifest, with this name and ".h5".
 * @param path  out: [2 * SESSION_PATH_BYTES]
 * @return THENAR_OK; THENAR_ERR_ABSENT, with the names that there are
 */
THENAR_NODISCARD enum thenar_status session_case_file(const struct session_case *found,
                                                      const char *device, char *path,
                                                      struct thenar_error *error);

/** All its files, for what reads them in a row. @return THENAR_OK: session_files_finish frees;
 * THENAR_ERR_ABSENT; THENAR_ERR_OS, THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status session_case_files(const struct session_case *found,
                                                       struct session_files *files,
                                                       struct thenar_error *error);

#endif

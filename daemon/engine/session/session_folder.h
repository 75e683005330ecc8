/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_folder.h - where sessions lie: one folder a session in the folder of sessions
 *
 *     sessions/20261121T123456Z-s1/manifest.json
 *                                  pad.h5  left.h5  pad-2.h5 (a second part: the array changed)
 *
 * A session's folder is locked (flock) by whoever records into it; the lock goes with its process,
 * so that one left behind by a crash is told from one that goes on. */
#ifndef SESSION_FOLDER_H
#define SESSION_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

enum { SESSION_PATH_BYTES = 4096 };

/**
 * The folder of sessions when nobody names one: THENAR_SESSIONS, else thenar/sessions in
 * XDG_DATA_HOME or ~/.local/share.
 * @param path  out: [n_space]; "" when there is no home
 */
void session_folder_default(char *path, size_t n_space);

/** Make a folder with those above it, mode 0700. @return THENAR_OK; THENAR_ERR_DENIED; _OS */
THENAR_NODISCARD enum thenar_status session_folder_prepare(const char *path,
                                                           struct thenar_error *error);

/**
 * Make the folder of a session, mode 0700, and lock it.
 * @param folder   of sessions
 * @param id       wanted; a number is put behind it when that is taken
 * @param id_out   out: [n_id] the id in force
 * @param path     out: [SESSION_PATH_BYTES] its folder
 * @param lock     out: descriptor that holds the lock; closing it ends the lock
 */
THENAR_NODISCARD enum thenar_status session_folder_make(const char *folder, const char *id,
                                                        char *id_out, size_t n_id, char *path,
                                                        int *lock, struct thenar_error *error);

/** "20261121T123456Z-s1" */
void session_folder_name(double unix_s, const char *station, char *id, size_t n_id);

/** Lock a session's folder. @return a descriptor; -1: somebody records into it, or no such folder
 */
int session_folder_lock(const char *path);

/** Names of the sessions in a folder, oldest first, for session_folder_free: folders with a
 * manifest or session files in them. A folder that is not there holds none. */
THENAR_NODISCARD enum thenar_status session_folder_sessions(const char *folder, char ***names,
                                                            size_t *n_names,
                                                            struct thenar_error *error);

/** Names of the session files (*.h5) in a session's folder, by device and part. */
THENAR_NODISCARD enum thenar_status session_folder_files(const char *path, char ***names,
                                                         size_t *n_names,
                                                         struct thenar_error *error);
void session_folder_free(char **names, size_t n_names);

/**
 * What a user means: the path of a file, of a session's folder, an id, the beginning of one, or
 * "last".
 * @param folder  of sessions
 * @param path    out: [SESSION_PATH_BYTES] a file, or a session's folder
 * @return THENAR_OK; THENAR_ERR_ABSENT; THENAR_ERR_VALUE more than one begins so
 */
THENAR_NODISCARD enum thenar_status session_folder_find(const char *folder, const char *text,
                                                        char *path, struct thenar_error *error);

/** Whether its manifest says that it is being recorded, or is missing: quick. */
bool session_folder_is_left_open(const char *path);

struct session_folder_repair {
    unsigned n_files, n_repaired, n_failed;
    bool is_busy; /* recorded into now */
};

/**
 * Repair what is left open in a session's folder, and make its manifest fit. A session that was cut
 * off while its manifest was begun, with nothing in it, is removed.
 * @return THENAR_OK; THENAR_ERR_BUSY; the first failure, after all were tried
 */
THENAR_NODISCARD enum thenar_status session_folder_repair(const char *path,
                                                          struct session_folder_repair *result,
                                                          struct thenar_error *error);

#endif

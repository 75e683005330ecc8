/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_manifest.h - manifest.json: what a session is, in one small file beside its devices'
 * files
 *
 * Written when the session starts and again when it ends; lists are made from manifests, so that a
 * thousand sessions need not be opened. The devices' files hold everything themselves: a manifest
 * that is lost is made again from them by repair. */
#ifndef SESSION_MANIFEST_H
#define SESSION_MANIFEST_H

#include "session/session_head.h"

#define SESSION_MANIFEST_NAME "manifest.json"
#define SESSION_MANIFEST_NEW "manifest.json.new" /* while it is written */

enum { SESSION_FILE_NAME_BYTES = 96 };

struct session_manifest_device {
    char file[SESSION_FILE_NAME_BYTES]; /* in the same folder: "pad.h5" */
    char device[SESSION_NAME_BYTES], model[SESSION_NAME_BYTES], serial[SESSION_NAME_BYTES];
    uint32_t part;
    struct session_summary summary;
    uint64_t size_bytes;
};

struct session_manifest {
    struct session_about about;
    enum session_state state;
    double end_unix_s;                       /* NaN while it goes on, or when nobody knows */
    struct session_manifest_device *devices; /* [n_devices] owned */
    size_t n_devices;
};

void session_manifest_finish(struct session_manifest *manifest);

/**
 * Write it whole or not at all: to a file beside it, brought to the disk, then renamed.
 * @return THENAR_OK; THENAR_ERR_DENIED, THENAR_ERR_SPACE, THENAR_ERR_OS, THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status session_manifest_write(const struct session_manifest *manifest,
                                                           const char *folder,
                                                           struct thenar_error *error);

/** @return THENAR_OK; THENAR_ERR_ABSENT; THENAR_ERR_SYNTAX; THENAR_ERR_OS, THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status session_manifest_read(struct session_manifest *manifest,
                                                          const char *folder,
                                                          struct thenar_error *error);

/** Make it anew from a session's files. @return THENAR_OK; THENAR_ERR_ABSENT there are none */
THENAR_NODISCARD enum thenar_status session_manifest_collect(struct session_manifest *manifest,
                                                             const char *folder,
                                                             struct thenar_error *error);

/** The plan that was named at the start, else the one that was followed; "": none. Borrowed. */
const char *session_manifest_plan(const struct session_manifest *manifest);

/** The device whose score stands for the session: of those that have one, the one with the most
 * strokes. @return NULL: there is no score */
const struct session_manifest_device *session_manifest_scored(
    const struct session_manifest *manifest);

/** First to last frame over all devices; 0: there is none. */
double session_manifest_length_s(const struct session_manifest *manifest);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_case.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session_query.h"

bool session_case_is_recorded(const char *path, const struct session_manifest *manifest)
{
    if (manifest->state != SESSION_RECORDING)
        return false;
    int lock = session_folder_lock(path);
    if (lock >= 0)
        (void)close(lock);
    return lock < 0;
}

bool session_case_is_seen(const struct session_manifest *manifest, bool is_recording,
                          const struct permission *permission, double now_unix_s)
{
    if (permission->is_local || permission->role != ACCOUNT_STUDENT)
        return true;
    if (strcmp(permission->station, manifest->about.station) != 0)
        return false;
    double ended = isfinite(manifest->end_unix_s)
                       ? manifest->end_unix_s
                       : manifest->about.start_unix_s + session_manifest_length_s(manifest);
    return is_recording || now_unix_s - ended < SESSION_CASE_STUDENT_S;
}

static enum thenar_status absent(const char *id, struct thenar_error *error)
{
    return thenar_fail(error, THENAR_ERR_ABSENT,
                       "there is no session %.80s here, or it is not for you to see", id);
}

enum thenar_status session_case_find(struct session_case *found, const char *folder, const char *id,
                                     const struct permission *permission, double now_unix_s,
                                     struct thenar_error *error)
{
    struct thenar_error ignored;
    memset(found, 0, sizeof *found);
    if (!session_query_is_name(id))
        return absent(id, error);
    if (snprintf(found->path, sizeof found->path, "%s/%s", folder, id) >= (int)sizeof found->path)
        return absent(id, error);
    if (session_manifest_read(&found->manifest, found->path, &ignored) != THENAR_OK &&
        session_manifest_collect(&found->manifest, found->path, &ignored) != THENAR_OK) {
        session_case_finish(found);
        return absent(id, error);
    }
    found->is_recording = session_case_is_recorded(found->path, &found->manifest);
    if (session_case_is_seen(&found->manifest, found->is_recording, permission, now_unix_s))
        return THENAR_OK;
    session_case_finish(found);
    return absent(id, error);
}

void session_case_finish(struct session_case *found)
{
    session_manifest_finish(&found->manifest);
    memset(found, 0, sizeof *found);
}

enum thenar_status session_case_file(const struct session_case *found, const char *device,
                                     char *path, struct thenar_error *error)
{
    char names[300] = "", wanted[SESSION_FILE_NAME_BYTES];
    (void)snprintf(wanted, sizeof wanted, "%s.h5", device);
    for (size_t i = 0; i < found->manifest.n_devices; i++) {
        const char *file = found->manifest.devices[i].file;
        if (strcmp(file, wanted) == 0 && session_query_is_name(file)) {
            (void)snprintf(path, 2 * SESSION_PATH_BYTES, "%s/%s", found->path, file);
            return THENAR_OK;
        }
        size_t n = strlen(names);
        (void)snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "", file);
    }
    return thenar_fail(error, THENAR_ERR_ABSENT, "session %s has no file %s; it has %s",
                       found->manifest.about.id, wanted, names[0] ? names : "none");
}

enum thenar_status session_case_files(const struct session_case *found, struct session_files *files,
                                      struct thenar_error *error)
{
    memset(files, 0, sizeof *files);
    (void)snprintf(files->folder, sizeof files->folder, "%s", found->path);
    enum thenar_status status =
        session_folder_files(found->path, &files->names, &files->n_files, error);
    if (status == THENAR_OK && files->n_files == 0) {
        session_files_finish(files);
        return thenar_fail(error, THENAR_ERR_ABSENT, "session %s holds no files",
                           found->manifest.about.id);
    }
    return status;
}

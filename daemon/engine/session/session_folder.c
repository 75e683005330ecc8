/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "session/session_manifest.h"
#include "session/session_repair.h"

enum { SAME_SECOND_MAX = 100, SUFFIX_BYTES = 3 };

void session_folder_default(char *path, size_t n_space)
{
    const char *own = getenv("THENAR_SESSIONS"), *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    path[0] = '\0';
    if (own && own[0])
        (void)snprintf(path, n_space, "%s", own);
    else if (data && data[0] == '/')
        (void)snprintf(path, n_space, "%s/thenar/sessions", data);
    else if (home && home[0] == '/')
        (void)snprintf(path, n_space, "%s/.local/share/thenar/sessions", home);
}

enum thenar_status session_folder_prepare(const char *path, struct thenar_error *error)
{
    char part[SESSION_PATH_BYTES];
    struct stat facts;
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part)
        return thenar_fail(error, THENAR_ERR_OS, "%.300s: no path of a folder", path);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST && stat(part, &facts) != 0)
            return thenar_fail(
                error, errno == EACCES || errno == EROFS ? THENAR_ERR_DENIED : THENAR_ERR_OS,
                "%.300s: cannot be made: %s", part, strerror(errno));
    }
    if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return thenar_fail(error, THENAR_ERR_OS, "%.300s: not a folder", path);
    if (access(path, W_OK | X_OK) != 0)
        return thenar_fail(error, THENAR_ERR_DENIED, "%.300s: no permission to write there", path);
    return THENAR_OK;
}

void session_folder_name(double unix_s, const char *station, char *id, size_t n_id)
{
    char day[32];
    struct tm parts;
    time_t seconds = (time_t)unix_s;
    (void)gmtime_r(&seconds, &parts);
    (void)strftime(day, sizeof day, "%Y%m%dT%H%M%SZ", &parts);
    (void)snprintf(id, n_id, "%s-%s", day, station);
}

int session_folder_lock(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

enum thenar_status session_folder_make(const char *folder, const char *id, char *id_out,
                                       size_t n_id, char *path, int *lock,
                                       struct thenar_error *error)
{
    *lock = -1;
    for (int n = 1; n <= SAME_SECOND_MAX; n++) {
        if (n == 1)
            (void)snprintf(id_out, n_id, "%s", id);
        else
            (void)snprintf(id_out, n_id, "%s-%d", id, n);
        if ((size_t)snprintf(path, SESSION_PATH_BYTES, "%s/%s", folder, id_out) >=
            SESSION_PATH_BYTES)
            return thenar_fail(error, THENAR_ERR_VALUE, "%.300s...: too long a path", folder);
        if (mkdir(path, 0700) == 0) {
            *lock = session_folder_lock(path);
            return *lock >= 0 ? THENAR_OK
                              : thenar_fail(error, THENAR_ERR_OS, "%.300s: cannot be locked", path);
        }
        if (errno != EEXIST)
            break;
    }
    return thenar_fail(error,
                       errno == EACCES || errno == EROFS ? THENAR_ERR_DENIED
                       : errno == ENOENT                 ? THENAR_ERR_ABSENT
                                                         : THENAR_ERR_OS,
                       "%.300s: %s", path, strerror(errno));
}

/* ---- lists ---- */

void session_folder_free(char **names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++)
        free(names[i]);
    free((void *)names);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* pad.h5, pad-2.h5, ... pad-10.h5: the parts of a device in the order of time. */
static int by_part(const void *a, const void *b)
{
    char names[2][NAME_MAX + 1];
    (void)snprintf(names[0], sizeof names[0], "%s", *(char *const *)a);
    (void)snprintf(names[1], sizeof names[1], "%s", *(char *const *)b);
    for (size_t i = 0; i < 2; i++)
        names[i][strlen(names[i]) - SUFFIX_BYTES] = '\0';
    return strverscmp(names[0], names[1]);
}

static bool is_file(const char *folder, const char *name)
{
    (void)folder;
    size_t n = strlen(name);
    return name[0] != '.' && n > SUFFIX_BYTES && strcmp(name + n - SUFFIX_BYTES, ".h5") == 0;
}

/* One that was being made (session_file.c). */
static bool is_unfinished(const char *folder, const char *name)
{
    return name[0] == '.' && is_file(folder, name + 1);
}

static bool holds_file(const char *path)
{
    bool is_found = false;
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && !is_found && (entry = readdir(directory));)
        is_found = is_file(path, entry->d_name);
    if (directory)
        (void)closedir(directory);
    return is_found;
}

static bool holds(const char *path, const char *name)
{
    char inner[SESSION_PATH_BYTES + sizeof SESSION_MANIFEST_NEW];
    (void)snprintf(inner, sizeof inner, "%s/%s", path, name);
    return access(inner, F_OK) == 0;
}

/* Other folders may lie there too: exports, say. */
static bool is_session(const char *folder, const char *name)
{
    char path[SESSION_PATH_BYTES];
    struct stat facts;
    if (name[0] == '.' ||
        (size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path ||
        stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return false;
    return holds(path, SESSION_MANIFEST_NAME) || holds(path, SESSION_MANIFEST_NEW) ||
           holds_file(path);
}

static enum thenar_status scan(const char *folder, bool (*is_wanted)(const char *, const char *),
                               char ***names, size_t *n_names, struct thenar_error *error)
{
    size_t n_space = 0;
    *names = NULL;
    *n_names = 0;
    DIR *directory = opendir(folder);
    if (!directory)
        return thenar_fail(error,
                           errno == ENOENT   ? THENAR_ERR_ABSENT
                           : errno == EACCES ? THENAR_ERR_DENIED
                                             : THENAR_ERR_OS,
                           "%.300s: %s", folder, strerror(errno));
    bool is_full = false;
    for (struct dirent *entry; !is_full && (entry = readdir(directory));) {
        if (!is_wanted(folder, entry->d_name))
            continue;
        if (*n_names == n_space) {
            n_space = 2 * n_space + 64;
            char **more = (char **)realloc((void *)*names, n_space * sizeof **names);
            is_full = !more;
            *names = more ? more : *names;
        }
        if (!is_full)
            is_full = !((*names)[*n_names] = strdup(entry->d_name));
        *n_names += !is_full;
    }
    (void)closedir(directory);
    if (is_full) {
        session_folder_free(*names, *n_names);
        *names = NULL;
        *n_names = 0;
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the list of sessions");
    }
    if (*n_names > 0)
        qsort((void *)*names, *n_names, sizeof **names, is_wanted == is_file ? by_part : by_name);
    return THENAR_OK;
}

enum thenar_status session_folder_sessions(const char *folder, char ***names, size_t *n_names,
                                           struct thenar_error *error)
{
    enum thenar_status status = scan(folder, is_session, names, n_names, error);
    return status == THENAR_ERR_ABSENT ? THENAR_OK : status;
}

enum thenar_status session_folder_files(const char *path, char ***names, size_t *n_names,
                                        struct thenar_error *error)
{
    return scan(path, is_file, names, n_names, error);
}

/* ---- finding one ---- */

static enum thenar_status find_id(const char *folder, const char *text, char *path,
                                  struct thenar_error *error)
{
    char **names;
    size_t n_names, n_found = 0, found = 0, n_text = strlen(text);
    enum thenar_status status = session_folder_sessions(folder, &names, &n_names, error);
    if (status != THENAR_OK)
        return status;
    bool is_last = strcmp(text, "last") == 0;
    for (size_t i = 0; i < n_names; i++) {
        bool is_it = is_last || strncmp(names[i], text, n_text) == 0;
        n_found = is_it && (is_last || strcmp(names[i], text) == 0) ? 1 : n_found + is_it;
        found = is_it ? i : found;
        if (is_it && !is_last && strcmp(names[i], text) == 0)
            break;
    }
    if (n_found == 1)
        (void)snprintf(path, SESSION_PATH_BYTES, "%s/%s", folder, names[found]);
    session_folder_free(names, n_names);
    if (n_found == 1)
        return THENAR_OK;
    if (n_found > 1)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%zu sessions begin with '%s'; write more of the one that is meant",
                           n_found, text);
    return thenar_fail(error, THENAR_ERR_ABSENT,
                       is_last
                           ? "no session in %.200s yet%s"
                           : "no session in %.200s begins with '%s', and there is no such file; "
                             "`thenar session list` shows them",
                       folder, is_last ? "" : text);
}

enum thenar_status session_folder_find(const char *folder, const char *text, char *path,
                                       struct thenar_error *error)
{
    if (text[0] && access(text, F_OK) == 0) {
        if ((size_t)snprintf(path, SESSION_PATH_BYTES, "%s", text) < SESSION_PATH_BYTES)
            return THENAR_OK;
        return thenar_fail(error, THENAR_ERR_VALUE, "too long a path");
    }
    if (text[0] == '\0' || strchr(text, '/'))
        return thenar_fail(error, THENAR_ERR_ABSENT, "%.300s: no such file or folder", text);
    return find_id(folder, text, path, error);
}

/* ---- repair ---- */

bool session_folder_is_left_open(const char *path)
{
    struct session_manifest manifest;
    struct thenar_error error;
    if (session_manifest_read(&manifest, path, &error) == THENAR_OK) {
        bool is_open = manifest.state == SESSION_RECORDING;
        session_manifest_finish(&manifest);
        return is_open;
    }
    return holds_file(path) || holds(path, SESSION_MANIFEST_NEW);
}

/* It was cut off before the first device had its file: the manifest is all there is, or not even
 * that is whole, and then nothing is worth keeping. */
static enum thenar_status repair_without_files(const char *path, struct thenar_error *error)
{
    struct session_manifest manifest;
    char unfinished[SESSION_PATH_BYTES + sizeof SESSION_MANIFEST_NEW];
    if (session_manifest_read(&manifest, path, error) == THENAR_OK) {
        manifest.state = SESSION_REPAIRED;
        enum thenar_status status = session_manifest_write(&manifest, path, error);
        session_manifest_finish(&manifest);
        return status;
    }
    (void)snprintf(unfinished, sizeof unfinished, "%s/%s", path, SESSION_MANIFEST_NEW);
    return unlink(unfinished) == 0 && rmdir(path) == 0
               ? THENAR_OK
               : thenar_fail(error, THENAR_ERR_OS, "%.300s: cannot be removed: %s", path,
                             strerror(errno));
}

static void remove_unfinished(const char *path)
{
    char **files, file[SESSION_PATH_BYTES + 512];
    size_t n_files;
    struct thenar_error ignored;
    if (scan(path, is_unfinished, &files, &n_files, &ignored) != THENAR_OK)
        return;
    for (size_t i = 0; i < n_files; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", path, files[i]);
        (void)unlink(file);
    }
    session_folder_free(files, n_files);
}

enum thenar_status session_folder_repair(const char *path, struct session_folder_repair *result,
                                         struct thenar_error *error)
{
    char **files;
    size_t n_files;
    memset(result, 0, sizeof *result);
    int lock = session_folder_lock(path);
    if (lock < 0) {
        result->is_busy = access(path, R_OK) == 0;
        return thenar_fail(error, result->is_busy ? THENAR_ERR_BUSY : THENAR_ERR_ABSENT,
                           result->is_busy ? "%.300s: is being recorded" : "%.300s: cannot be read",
                           path);
    }
    enum thenar_status status = session_folder_files(path, &files, &n_files, error);
    if (status != THENAR_OK) {
        (void)close(lock);
        return status;
    }
    remove_unfinished(path);
    for (size_t i = 0; i < n_files; i++) {
        char file[SESSION_PATH_BYTES + 512];
        struct session_repair_result one;
        struct thenar_error inner;
        (void)snprintf(file, sizeof file, "%s/%s", path, files[i]);
        enum thenar_status outcome = session_repair(file, &one, &inner);
        result->n_files++;
        result->n_repaired += outcome == THENAR_OK && !one.was_good;
        result->n_failed += outcome != THENAR_OK;
        if (outcome != THENAR_OK && status == THENAR_OK)
            status = thenar_fail(error, outcome, "%s", inner.text);
    }
    session_folder_free(files, n_files);
    struct session_manifest manifest;
    if (n_files == 0 && status == THENAR_OK) {
        status = repair_without_files(path, error);
    } else if (status == THENAR_OK) {
        status = session_manifest_collect(&manifest, path, error);
        if (status == THENAR_OK)
            status = session_manifest_write(&manifest, path, error);
        session_manifest_finish(&manifest);
    }
    (void)close(lock);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_export_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum thenar_status session_export_path(char *path, const char *folder, const char *stem,
                                       const char *name, const char *ending,
                                       struct thenar_error *error)
{
    int n = snprintf(path, SESSION_EXPORT_PATH_BYTES, "%s/%s-%s%s", folder, stem, name, ending);
    if (n < 0 || n >= SESSION_EXPORT_PATH_BYTES)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "%.200s...: the path is too long", folder);
    return THENAR_OK;
}

enum thenar_status session_export_file_open(struct session_export_file *file, const char *folder,
                                            const char *stem, const char *name, const char *ending,
                                            struct thenar_error *error)
{
    enum thenar_status status = session_export_path(file->path, folder, stem, name, ending, error);
    if (status != THENAR_OK)
        return status;
    int fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)fchmod(fd, 0600);
    file->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file->out)
        return THENAR_OK;
    int code = errno;
    if (fd >= 0)
        (void)close(fd);
    return thenar_fail(error, code == EACCES ? THENAR_ERR_DENIED : THENAR_ERR_OS,
                       "%.300s: cannot be written: %s", file->path, strerror(code));
}

enum thenar_status session_export_file_close(struct session_export_file *file,
                                             enum thenar_status status, struct thenar_error *error)
{
    errno = 0;
    bool is_bad = ferror(file->out) != 0;
    is_bad = fclose(file->out) != 0 || is_bad;
    int code = errno;
    if (status == THENAR_OK && is_bad)
        status = thenar_fail(error, code == ENOSPC ? THENAR_ERR_SPACE : THENAR_ERR_OS,
                             "%.300s: not written: %s", file->path,
                             code ? strerror(code) : "the disk took no more");
    if (status != THENAR_OK)
        (void)unlink(file->path);
    return status;
}

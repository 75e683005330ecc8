/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum thenar_status recorder_folder_remove(const char *path, struct thenar_error *error)
{
    const struct dirent *entry;
    DIR *folder = opendir(path);
    if (!folder)
        return thenar_fail(error, THENAR_ERR_OS, "%.200s: %s", path, strerror(errno));
    while ((entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0); /* rmdir tells of what is left */
    (void)closedir(folder);
    if (rmdir(path) != 0)
        return thenar_fail(error, THENAR_ERR_OS, "%.200s cannot be removed: %s", path,
                           strerror(errno));
    return THENAR_OK;
}

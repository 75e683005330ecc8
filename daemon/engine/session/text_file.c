/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/text_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static enum thenar_status fail_os(const char *path, int reason, struct thenar_error *error)
{
    return thenar_fail(error,
                       reason == ENOENT   ? THENAR_ERR_ABSENT
                       : reason == EACCES ? THENAR_ERR_DENIED
                                          : THENAR_ERR_OS,
                       "%.300s: %s", path, strerror(reason));
}

enum thenar_status text_file_read(char **out, const char *path, size_t n_most, const char *what,
                                  struct thenar_error *error)
{
    struct stat kind;
    *out = NULL;
    FILE *file = fopen(path, "re");
    if (!file)
        return fail_os(path, errno, error);
    int reason = fstat(fileno(file), &kind) == 0 ? 0 : errno;
    bool is_text = reason == 0 && S_ISREG(kind.st_mode) && (size_t)kind.st_size <= n_most;
    char *text = is_text ? calloc(1, (size_t)kind.st_size + 1) : NULL;
    size_t n = text ? fread(text, 1, (size_t)kind.st_size, file) : 0;
    (void)fclose(file);
    if (text && strlen(text) == n) {
        *out = text;
        return THENAR_OK;
    }
    bool is_out_of_memory = is_text && !text;
    free(text);
    if (reason != 0)
        return fail_os(path, reason, error);
    if (is_out_of_memory)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%.300s: not %s", path, what);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/model_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum thenar_status model_file_read(struct linear_model **out, const char *path,
                                   struct thenar_error *error)
{
    *out = NULL;
    FILE *file = fopen(path, "r");
    if (!file)
        return thenar_fail(error, THENAR_ERR_OS, "%.300s: %s", path, strerror(errno));
    char *text = malloc(MODEL_BYTES_MAX + 1);
    enum thenar_status status;
    if (!text) {
        status = thenar_fail(error, THENAR_ERR_MEMORY, "%.300s: out of memory", path);
    } else {
        size_t n_bytes = fread(text, 1, MODEL_BYTES_MAX + 1, file);
        if (ferror(file))
            status = thenar_fail(error, THENAR_ERR_OS, "%.300s: %s", path, strerror(errno));
        else if (n_bytes > MODEL_BYTES_MAX)
            status = thenar_fail(error, THENAR_ERR_VALUE, "%.300s: too large for a model", path);
        else
            status = linear_model_parse(out, text, n_bytes, path, error);
    }
    free(text);
    (void)fclose(file);
    return status;
}

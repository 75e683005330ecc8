/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "session/plan_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any file is read or refused with a sentence; what was read is written, and reads back. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static struct plan plan, again;
    struct thenar_error error = {0};
    char *text = calloc(1, n_bytes + 1);
    if (!text)
        abort();
    memcpy(text, data, n_bytes);
    if (plan_file_parse(&plan, text, "fuzz.plan", &error) == THENAR_OK) {
        char *written = NULL;
        size_t n_written;
        FILE *out = open_memstream(&written, &n_written);
        plan_file_write(out, &plan);
        fclose(out);
        if (plan_file_parse(&again, written, "fuzz.plan", &error) != THENAR_OK ||
            again.n_steps != plan.n_steps)
            abort();
        free(written);
    } else if (error.text[0] == '\0') {
        abort();
    }
    free(text);
    return 0;
}

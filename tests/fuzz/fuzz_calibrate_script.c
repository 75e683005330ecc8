/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calibrate/calibrate_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static struct calibrate_procedure procedure;
    struct thenar_error error = {0};
    char *text = malloc(n_bytes + 1);
    if (!text)
        return 0;
    if (n_bytes > 0)
        memcpy(text, bytes, n_bytes);
    text[n_bytes] = '\0';
    /* It would read a file of that name. */
    if (!strstr(text, "@include")) {
        enum thenar_status status = calibrate_script_parse(&procedure, text, "fuzz", &error);
        if (procedure.n_steps > STEPS_MAX || (status != THENAR_OK && error.text[0] == '\0'))
            __builtin_trap();
    }
    free(text);
    return 0;
}

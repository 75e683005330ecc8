/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>

#include "therapist/therapist_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    struct therapist_script script;
    struct thenar_error error;
    enum thenar_status status =
        therapist_script_parse(&script, (const char *)bytes, n_bytes, "fuzz", &error);
    if ((status == THENAR_OK) != (script.n_steps > 0))
        __builtin_trap();
    for (size_t i = 0; i < script.n_steps; i++)
        if (!script.steps[i].move || !(script.steps[i].duration_s > 0.0))
            __builtin_trap();
    therapist_script_finish(&script);
    return 0;
}

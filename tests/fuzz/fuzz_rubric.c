/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rubric.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any rubric is read, or refused with a sentence; one that is read gives levels that it has. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct rubric rubric;
    struct class_tally tally;
    struct thenar_error error = {0};
    char *text = malloc(n_bytes + 1);
    if (!text)
        return 0;
    if (n_bytes > 0)
        memcpy(text, data, n_bytes);
    text[n_bytes] = '\0';
    enum thenar_status status = rubric_parse(text, "fuzz", &rubric, &error);
    free(text);
    if (status != THENAR_OK && error.text[0] == '\0')
        abort();
    class_tally_init(&tally);
    tally.worst_pain = 5;
    for (size_t i = 0; status == THENAR_OK && i < rubric.n_criteria; i++)
        if (rubric_level(&rubric, &rubric.criteria[i], &tally) > rubric.n_levels)
            abort();
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "session/episode_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any table is read or refused with a sentence; rows that were read are in order. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct episode_table table;
    struct thenar_error error = {0};
    char *text = calloc(1, n_bytes + 1);
    if (!text)
        abort();
    memcpy(text, data, n_bytes);
    if (episode_table_parse(&table, text, "fuzz.csv", &error) == THENAR_OK) {
        for (size_t i = 0; i < table.n_rows; i++)
            if (!(table.rows[i].start_s < table.rows[i].end_s) ||
                (i > 0 && table.rows[i].start_s < table.rows[i - 1].end_s - 1e-6))
                abort();
    } else if (error.text[0] == '\0' || table.rows) {
        abort();
    }
    episode_table_finish(&table);
    free(text);
    return 0;
}

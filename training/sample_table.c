/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/sample_table.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sample_table_init(struct sample_table *table, unsigned n_features)
{
    memset(table, 0, sizeof *table);
    table->n_features = n_features;
}

void sample_table_finish(struct sample_table *table)
{
    free(table->rows);
    free(table->samples);
    memset(table, 0, sizeof *table);
}

unsigned sample_names_index(struct sample_names *names, const char *name)
{
    for (unsigned i = 0; i < names->n; i++)
        if (strcmp(names->name[i], name) == 0)
            return i;
    if (names->n == SAMPLE_PEOPLE_MAX)
        return UINT_MAX;
    (void)snprintf(names->name[names->n], SAMPLE_TEXT_BYTES, "%s", name);
    return names->n++;
}

static enum thenar_status grow(struct sample_table *table)
{
    size_t n_max = table->n_max ? 2 * table->n_max : 1024;
    float *rows = realloc(table->rows, n_max * table->n_features * sizeof *rows);
    if (!rows)
        return THENAR_ERR_MEMORY;
    table->rows = rows;
    struct sample *samples = realloc(table->samples, n_max * sizeof *samples);
    if (!samples)
        return THENAR_ERR_MEMORY;
    table->samples = samples;
    table->n_max = n_max;
    return THENAR_OK;
}

enum thenar_status sample_table_add(struct sample_table *table, const struct sample *sample,
                                    const float *row)
{
    if (table->n == table->n_max && grow(table) != THENAR_OK)
        return THENAR_ERR_MEMORY;
    memcpy(table->rows + table->n * table->n_features, row, table->n_features * sizeof *row);
    table->samples[table->n++] = *sample;
    return THENAR_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_run.h"

#include <stdlib.h>
#include <string.h>

enum { RUN_MAX_TAXELS = 4096 };

static const char *const kind_names[N_HOLD_KINDS] = {"zero", "even", "puck"};

enum thenar_status calibration_run_init(struct calibration_run *run, uint16_t n_rows,
                                        uint16_t n_cols)
{
    size_t n_taxels = (size_t)n_rows * n_cols;
    *run = (struct calibration_run){.n_rows = n_rows, .n_cols = n_cols, .n_taxels = n_taxels};
    if (n_taxels == 0 || n_taxels > RUN_MAX_TAXELS)
        return THENAR_ERR_ARGUMENT;
    run->holds = calloc(CALIBRATION_HOLDS_MAX, sizeof *run->holds);
    return run->holds ? THENAR_OK : THENAR_ERR_MEMORY;
}

void calibration_run_finish(struct calibration_run *run)
{
    for (unsigned k = 0; k < run->n_holds; k++)
        calibration_hold_finish(&run->holds[k]);
    free(run->holds);
    memset(run, 0, sizeof *run);
}

enum thenar_status calibration_run_take(struct calibration_run *run, struct calibration_hold *hold)
{
    if (run->n_holds == CALIBRATION_HOLDS_MAX)
        return THENAR_ERR_SPACE;
    run->holds[run->n_holds++] = *hold;
    memset(hold, 0, sizeof *hold);
    return THENAR_OK;
}

enum thenar_status calibration_hold_init(struct calibration_hold *hold, size_t n_taxels,
                                         unsigned n_bins)
{
    memset(hold, 0, sizeof *hold);
    if (n_taxels == 0 || n_taxels > RUN_MAX_TAXELS || n_bins == 0 || n_bins > HOLD_BINS_MAX)
        return THENAR_ERR_ARGUMENT;
    hold->n_bins = n_bins;
    hold->time_s = calloc(n_bins, sizeof *hold->time_s);
    hold->counts = calloc(n_bins * n_taxels, sizeof *hold->counts);
    hold->noise_counts = calloc(n_taxels, sizeof *hold->noise_counts);
    if (hold->time_s && hold->counts && hold->noise_counts)
        return THENAR_OK;
    calibration_hold_finish(hold);
    return THENAR_ERR_MEMORY;
}

void calibration_hold_finish(struct calibration_hold *hold)
{
    free(hold->time_s);
    free(hold->counts);
    free(hold->noise_counts);
    memset(hold, 0, sizeof *hold);
}

const char *hold_kind_name(enum hold_kind kind)
{
    return kind_names[kind];
}

bool hold_kind_of(const char *name, enum hold_kind *kind)
{
    for (unsigned k = 0; k < N_HOLD_KINDS; k++)
        if (strcmp(name, kind_names[k]) == 0) {
            *kind = (enum hold_kind)k;
            return true;
        }
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/lowpass_direct.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signal/signal_loops.h"

enum { CACHE_LINE_BYTES = 64, FORM_BYTES = 24 };

struct lowpass_direct {
    struct fir_job job;
    size_t n_tiles;
    float *ring;    /* [n_tiles][n_taps][SIGNAL_TILE] */
    float *weights; /* [n_taps] the taps, oldest frame first */
    bool empty;     /* no frame yet */
    const struct signal_loops *loops;
    char form[FORM_BYTES];
};

enum thenar_status lowpass_direct_create(struct lowpass_direct **out, const float *taps,
                                         size_t n_taps, size_t n_taxels)
{
    *out = NULL;
    if (n_taps == 0 || n_taxels == 0)
        return THENAR_ERR_ARGUMENT;
    struct lowpass_direct *lowpass = calloc(1, sizeof *lowpass);
    if (!lowpass)
        return THENAR_ERR_MEMORY;
    size_t n_tiles = (n_taxels + SIGNAL_TILE - 1) / SIGNAL_TILE;
    size_t ring_bytes = n_tiles * n_taps * SIGNAL_TILE * sizeof *lowpass->ring;
    lowpass->n_tiles = n_tiles;
    lowpass->ring = aligned_alloc(CACHE_LINE_BYTES, ring_bytes);
    lowpass->weights = calloc(n_taps, sizeof *lowpass->weights);
    if (!lowpass->ring || !lowpass->weights) {
        lowpass_direct_destroy(lowpass);
        return THENAR_ERR_MEMORY;
    }
    memset(lowpass->ring, 0, ring_bytes);
    for (size_t k = 0; k < n_taps; k++)
        lowpass->weights[k] = taps[n_taps - 1 - k];
    lowpass->job = (struct fir_job){
        .ring = lowpass->ring, .weights = lowpass->weights, .n_taps = n_taps, .n_taxels = n_taxels};
    lowpass_direct_set_kernel(lowpass, signal_kernel_best());
    lowpass_direct_reset(lowpass);
    *out = lowpass;
    return THENAR_OK;
}

void lowpass_direct_destroy(struct lowpass_direct *lowpass)
{
    if (!lowpass)
        return;
    free(lowpass->ring);
    free(lowpass->weights);
    free(lowpass);
}

void lowpass_direct_set_kernel(struct lowpass_direct *lowpass, enum signal_kernel kernel)
{
    if (!signal_kernel_is_available(kernel))
        return;
    lowpass->loops = signal_loops_of(kernel);
    snprintf(lowpass->form, sizeof lowpass->form, "direct/%s", signal_kernel_name(kernel));
}

const char *lowpass_direct_form(const struct lowpass_direct *lowpass)
{
    return lowpass->form;
}

void lowpass_direct_reset(struct lowpass_direct *lowpass)
{
    lowpass->empty = true;
    lowpass->job.slot = lowpass->job.n_taps - 1;
}

/* Every frame of the past is this one. */
static void fill_past(struct lowpass_direct *lowpass, const float *pressure)
{
    const struct fir_job *job = &lowpass->job;
    for (size_t tile = 0; tile < lowpass->n_tiles; tile++) {
        size_t first = tile * SIGNAL_TILE;
        size_t n = job->n_taxels - first < SIGNAL_TILE ? job->n_taxels - first : SIGNAL_TILE;
        for (size_t s = 0; s < job->n_taps; s++)
            memcpy(lowpass->ring + (tile * job->n_taps + s) * SIGNAL_TILE, pressure + first,
                   n * sizeof *pressure);
    }
}

void lowpass_direct_execute(struct lowpass_direct *lowpass, const float *pressure, float *filtered)
{
    if (lowpass->empty)
        fill_past(lowpass, pressure);
    lowpass->empty = false;
    lowpass->job.slot = lowpass->job.slot + 1 < lowpass->job.n_taps ? lowpass->job.slot + 1 : 0;
    lowpass->loops->fir(&lowpass->job, pressure, filtered);
}

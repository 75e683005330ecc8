/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blobs.h - connected regions of one frame, with their moments
 *
 * Runs of touched taxels along each row are joined to those of the row above (8 neighbours) by
 * union-find, so that labelling visits touched taxels only (He, Chao, Suzuki: "A run-based two-scan
 * labeling algorithm", IEEE Trans. Image Proc. 17(5), 2008). */
#ifndef BLOBS_H
#define BLOBS_H

#include "array_layout.h"
#include "signal/taxel_runs.h"

/* A stretch of touched taxels in one row. */
struct blob_run {
    uint32_t first, last; /* taxel indices, both included */
    uint32_t blob;        /* index into blobs[] after blobs_find */
    float w;              /* sum over its taxels, kPa mm2 */
};

/* Sums over the taxels of one region; w = p * cell, in kPa mm2 (mN). */
struct blob {
    double w, wx, wy, wxx, wyy, wxy;
    double cell_mm2;
    float peak_kpa;
    unsigned n_taxels;
};

struct blobs {
    const struct array_layout *layout; /* borrowed */
    size_t n_runs, n_blobs;
    struct blob_run *runs; /* [n_runs], in taxel order */
    struct blob *blobs;    /* [n_blobs], in order of their first taxel */
    /* scratch */
    struct taxel_runs *finder;
    struct taxel_run *found; /* [n_runs] */
    struct run_sums *sums;   /* [n_runs] */
    uint32_t *parent;        /* [n_runs] union-find */
};

/** @param layout borrowed until finish. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status blobs_init(struct blobs *blobs,
                                               const struct array_layout *layout);
void blobs_finish(struct blobs *blobs);

/**
 * All regions of taxels above `level_kpa`.
 * @param pressure  [n_taxels]
 * Context: allocates nothing; O(taxels) to look, O(touched) to label
 */
void blobs_find(struct blobs *blobs, const float *pressure, float level_kpa);

#endif

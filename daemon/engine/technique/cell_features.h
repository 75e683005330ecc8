/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_features.h - what the places of the pressure image have to do with each other
 *
 * For learned models, over the last 2 s of cell_history.h. The cells that vary most are compared:
 * how alike they rise and fall by their distance, at once and one after the other (correlation at
 * lags from 0.05 to 0.3 s, and which way round it is); and into how many patterns all the change
 * falls apart (principal components of the image and of its change), with the course that the first
 * three take. Ratios and correlations; distances in mm, areas in cm2, lags in s: nothing depends on
 * the array's size or rate, and little on its pitch. NaN where the window cannot tell. */
#ifndef CELL_FEATURES_H
#define CELL_FEATURES_H

#include "technique/cell_history.h"

enum {
    CELL_BANDS = 5, /* of distance */
    CELL_LAGS = 4,  /* besides none */
    CELL_PARTS = 3, /* principal components */
    CELL_PART_LAGS = 5,
};

/* Of the parts of the image, and of its change. */
enum cell_part {
    PART_SHARE,                          /* [CELL_PARTS] log10 of the variance's */
    PART_MANY = PART_SHARE + CELL_PARTS, /* log10 of how many parts there are in effect */
    PART_COURSE,                         /* [CELL_PARTS] of a skew and of what comes back */
    PART_COURSE_N = 1 + CELL_PART_LAGS,
    N_PART_FEATURES = PART_COURSE + CELL_PARTS * PART_COURSE_N
};

enum cell_feature {
    /* by distance, [CELL_BANDS] */
    CELL_ALIKE,                                     /* correlation, weighted */
    CELL_ALIKE_DEVIATION = CELL_ALIKE + CELL_BANDS, /* over the pairs */
    CELL_ALIKE_LEAST = CELL_ALIKE_DEVIATION + CELL_BANDS,
    /* by lag and distance, [CELL_LAGS][CELL_BANDS] */
    CELL_FOLLOWS = CELL_ALIKE_LEAST + CELL_BANDS,       /* correlation, the better way round */
    CELL_LEADS = CELL_FOLLOWS + CELL_LAGS * CELL_BANDS, /* and how much better it is */
    CELL_VARYING = CELL_LEADS + CELL_LAGS * CELL_BANDS, /* log10 of cm2 that vary */
    CELL_IMAGE,                                         /* [N_PART_FEATURES] */
    CELL_CHANGE = CELL_IMAGE + N_PART_FEATURES,         /* [N_PART_FEATURES] */
    N_CELL_FEATURES = CELL_CHANGE + N_PART_FEATURES
};

/** Stable name of one, for reports: "alike", "follows". */
const char *cell_feature_name(unsigned feature);

struct cell_features_maker;

/** @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status cell_features_create(struct cell_features_maker **out,
                                                         const struct cell_history *history);
void cell_features_destroy(struct cell_features_maker *maker);

/**
 * Once the window is full, every other call looks anew; the others repeat what was said.
 * @param history  the one that it was made for
 * @param out      out: [N_CELL_FEATURES]
 * Context: allocates nothing
 */
void cell_features_execute(struct cell_features_maker *maker, const struct cell_history *history,
                           float *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear_fit.h - learn a linear model from labelled windows
 *
 * Linear discriminant analysis with a shrunken covariance (J. Friedman, "Regularized discriminant
 * analysis", JASA 84, 1989), on features scaled by their median and 80 % range and clipped. Each
 * label has its own mean; all techniques weigh alike, and so do the labels of one. */
#ifndef LINEAR_FIT_H
#define LINEAR_FIT_H

#include "technique/linear_model.h"
#include "training/sample_table.h"

struct linear_fit_options {
    float shrinkage; /* 0..1 of the covariance towards its mean diagonal */
    /* How much the features of each source (feature_vector.h) may say; 0: nothing, and they are not
     * asked for. */
    float span_weight[N_FEATURE_SOURCES];
    /* Which samples: true to leave a person's out; NULL: none. [people] */
    const bool *without_person;
};

/* What did best on people and on simulated styles that were held out (docs/recognition.md). A few
 * hundred takes teach little of windows as long as a take; thousands of simulated ones do. */
#define LINEAR_FIT_RECORDED                                                 \
    {                                                                       \
        .shrinkage = 0.25F, .span_weight = { 1.0F, 0.0F, 0.0F, 0.3F, 1.0F } \
    }
#define LINEAR_FIT_SIMULATED                                                \
    {                                                                       \
        .shrinkage = 0.05F, .span_weight = { 1.0F, 1.0F, 1.0F, 1.0F, 0.0F } \
    }

/**
 * @param table  of all labels that occur in it, an output each
 * @return THENAR_OK; THENAR_ERR_VALUE fewer than two labels; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status linear_fit(struct linear_model **out,
                                               const struct sample_table *table,
                                               const struct linear_fit_options *options,
                                               struct thenar_error *error);

#endif

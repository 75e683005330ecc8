/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feature_vector.h - the window features as one row of numbers, as learned models see them
 *
 * Lengths, areas and rates as logarithms, ratios as they are. What a window cannot tell is NaN, and
 * so is what needs kPa on an uncalibrated array. FEATURE_VERSION is part of every model file:
 * count it up whenever a number here changes its meaning. */
#ifndef FEATURE_VECTOR_H
#define FEATURE_VECTOR_H

#include "technique/window_features.h"

enum { FEATURE_VERSION = 2, FEATURES_MAX = 1024 };

/** How many there are, <= FEATURES_MAX. */
unsigned feature_vector_n(void);

/** The window that one is of, an enum window_span; N_SPANS: of none. */
unsigned feature_vector_span(unsigned feature);

/** Name of one, as "6s.flow_along"; written to out [n_out]. */
void feature_vector_name(unsigned feature, char *out, size_t n_out);

/**
 * @param out  out: [feature_vector_n()]
 * Context: allocates nothing
 */
void feature_vector_fill(const struct window_features *features, float *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feature_vector.h - the window features as one row of numbers, as learned models see them
 *
 * Lengths, areas and rates as logarithms, ratios as they are. What a window cannot tell is NaN, and
 * so is what needs kPa on an uncalibrated array. FEATURE_VERSION is part of every model file: count
 * it up whenever a number here changes its meaning. New numbers come last, and a model made before
 * them sees those that it knows. */
#ifndef FEATURE_VECTOR_H
#define FEATURE_VECTOR_H

#include "technique/window_features.h"

enum { FEATURE_VERSION = 2, FEATURES_MAX = 1280 };

/** How many there are, <= FEATURES_MAX. */
unsigned feature_vector_n(void);

/* What a feature is of, besides an enum window_span. */
enum { FEATURE_OF_NO_SPAN = N_SPANS, FEATURE_OF_CELLS, N_FEATURE_SOURCES };

/** The window that one is of, or one of the above. */
unsigned feature_vector_source(unsigned feature);

/** Whether the first `n` of them hold such as are of the cells, which cost the most. */
bool feature_vector_has_cells(unsigned n);

/** Name of one, as "6s.flow_along"; written to out [n_out]. */
void feature_vector_name(unsigned feature, char *out, size_t n_out);

/**
 * @param out  out: [feature_vector_n()]
 * Context: allocates nothing
 */
void feature_vector_fill(const struct window_features *features, float *out);

#endif

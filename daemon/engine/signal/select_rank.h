/* SPDX-License-Identifier: GPL-3.0-or-later */
/* select_rank.h - the k-th smallest of some values, without sorting them all */
#ifndef SELECT_RANK_H
#define SELECT_RANK_H

#include <stddef.h>

/**
 * Hoare's selection (Communications of the ACM 4, 1961).
 * @param values  [n] in and out: reordered so that [0..rank] are the smallest; n > 0, no NaN
 * @return values[rank]
 */
float select_rank(float *values, size_t n, size_t rank);

#endif

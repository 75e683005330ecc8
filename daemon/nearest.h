/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nearest.h - "did you mean ...?": the allowed word that a mistyped one is closest to */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/**
 * @param words  [n_words]
 * @return the word fewest insertions, deletions, changes and swaps of neighbours away; NULL if all
 *         are further than a third of its length, and at least two
 * Source: L. Boytsov, "Indexing methods for approximate dictionary searching", ACM JEA 16, 2011
 *         (optimal string alignment)
 */
const char *nearest_word(const char *word, const char *const *words, size_t n_words);

/**
 * Write "; did you mean 'station'?" or, with no near word, "; allowed are feed, control and
 * station".
 * @param text  out: [n_space] always terminated, cut where too long
 */
void nearest_hint(char *text, size_t n_space, const char *word, const char *const *words,
                  size_t n_words);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suggest.h - the word that a person probably meant */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

/**
 * @param word   as written
 * @param words  [n_words] what there is
 * @return the word of least edit distance (letters put in, left out, changed, or two swapped), or
 *         that `word` begins; NULL when none is near
 */
const char *suggest_nearest(const char *word, const char *const *words, size_t n_words);

#endif

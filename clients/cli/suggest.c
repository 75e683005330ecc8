/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suggest.h"

#include <string.h>

enum { LETTERS_MAX = 32 };

/* Edit distance with swaps (optimal string alignment), three rows of the table at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t n_a = strlen(a), n_b = strlen(b);
    if (n_a > LETTERS_MAX || n_b > LETTERS_MAX)
        return LETTERS_MAX;
    size_t before[LETTERS_MAX + 1], last[LETTERS_MAX + 1], row[LETTERS_MAX + 1];
    for (size_t j = 0; j <= n_b; j++)
        last[j] = j;
    memcpy(before, last, sizeof before);
    for (size_t i = 1; i <= n_a; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        memcpy(before, last, sizeof before);
        memcpy(last, row, sizeof last);
    }
    return last[n_b];
}

const char *suggest_nearest(const char *word, const char *const *words, size_t n_words)
{
    const char *nearest = NULL;
    size_t least = 3; /* three slips are another word */
    size_t n_word = strlen(word);
    for (size_t i = 0; i < n_words; i++) {
        size_t d = distance(word, words[i]);
        if (n_word >= 2 && strncmp(word, words[i], n_word) == 0)
            d = 1;
        if (d < least && d < strlen(words[i])) {
            least = d;
            nearest = words[i];
        }
    }
    return nearest;
}

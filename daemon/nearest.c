/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nearest.h"

#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 32 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    size_t n_a = strlen(a), n_b = strlen(b);
    if (n_a > WORD_MAX || n_b > WORD_MAX)
        return WORD_MAX;
    size_t rows[3][WORD_MAX + 1]; /* this row, the one before, the one before that */
    size_t *here = rows[0], *up = rows[1], *up2 = rows[2];
    for (size_t j = 0; j <= n_b; j++)
        here[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *recycled = up2;
        up2 = up, up = here, here = recycled;
        here[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t change = up[j - 1] + (a[i - 1] != b[j - 1]);
            here[j] = smaller(change, smaller(up[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here[j] = smaller(here[j], up2[j - 2] + 1);
        }
    }
    return here[n_b];
}

const char *nearest_word(const char *word, const char *const *words, size_t n_words)
{
    const char *best = NULL;
    size_t best_distance = WORD_MAX;
    for (size_t i = 0; i < n_words; i++) {
        size_t d = distance(word, words[i]);
        if (d < best_distance)
            best = words[i], best_distance = d;
    }
    size_t limit = best ? strlen(best) / 3 : 0;
    return best && best_distance <= (limit < 2 ? 2 : limit) ? best : NULL;
}

void nearest_hint(char *text, size_t n_space, const char *word, const char *const *words,
                  size_t n_words)
{
    const char *near = nearest_word(word, words, n_words);
    if (near) {
        (void)snprintf(text, n_space, "; did you mean '%s'?", near);
        return;
    }
    size_t used = (size_t)snprintf(text, n_space, "; allowed %s ", n_words == 1 ? "is" : "are");
    for (size_t i = 0; i < n_words && used < n_space; i++) {
        const char *separator = i == 0 ? "" : i + 1 == n_words ? " and " : ", ";
        used += (size_t)snprintf(text + used, n_space - used, "%s%s", separator, words[i]);
    }
}

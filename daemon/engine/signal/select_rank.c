/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/select_rank.h"

float select_rank(float *values, size_t n, size_t rank)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        float pivot = values[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            float swapped = values[i];
            values[i++] = values[j];
            values[j--] = swapped;
        }
        /* [low..j] are at most the pivot, [j + 1..high] at least */
        if (rank <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[rank];
}

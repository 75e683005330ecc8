/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.h - one recording beside another: who did what when, and how
 *
 * The runs of both are aligned as sequences (Needleman and Wunsch, J Mol Biol 48:443, 1970): runs
 * of the same technique may be paired, in order; what has no partner is missing or added. Runs are
 * discrete and named, so this is sound where warping the signals against each other would only
 * hide differences of pace, which are what is asked for.
 *
 * Each technique is then compared by distributions: medians, and the difference of medians with a
 * 95 % interval from a bootstrap over blocks of five strokes (Kuensch, Ann Stat 17:1217, 1989:
 * neighbouring strokes resemble each other). There is no single match percentage: none would say
 * what to do. Pure; the same input gives the same numbers. */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdio.h>

#include "recording_takes.h"

enum compare_value {
    COMPARE_PRESSURE, /* largest pressure of each stroke, kPa or relative */
    COMPARE_PACE,     /* from each interval, a minute */
    COMPARE_STROKE,   /* length of each stroke, or hold, s */
    N_COMPARE_VALUES
};

/* A difference of medians, second less first. */
struct compare_difference {
    struct spread reference, recording;
    float difference, low, high; /* 95 % interval; NaN: fewer than COMPARE_LEAST on a side */
    bool is_apart;               /* no value of one lies among the other's: chance below 5 % */
};

enum { COMPARE_LEAST = 5 };

struct compare_technique {
    bool is_there[2]; /* in the reference, in the recording */
    double time_s[2];
    unsigned n_runs[2];
    struct compare_difference values[N_COMPARE_VALUES];
    float regularity_pct[2]; /* variation of the intervals; NaN */
};

/* One pair of runs, or one without a partner (-1). */
struct compare_pair {
    int reference, recording; /* indices of episodes */
};

struct compare_result {
    struct compare_technique techniques[N_TECHNIQUES];
    size_t n_pairs;
    struct compare_pair *pairs; /* [n_pairs] in order */
};

/** @return THENAR_OK; THENAR_ERR_MEMORY. compare_finish frees, also after a failure */
THENAR_NODISCARD enum thenar_status compare_takes(struct compare_result *result,
                                                  const struct recording_takes *reference,
                                                  const struct recording_takes *recording);
void compare_finish(struct compare_result *result);

/** In words and numbers. */
void compare_print(FILE *out, const struct compare_result *result,
                   const struct recording_takes *reference,
                   const struct recording_takes *recording);

#endif

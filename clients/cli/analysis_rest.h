/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analysis_rest.h - what an array reads in a recording while nothing touches it: its zero
 *
 * A constant offset would count as touch. Where nobody says when the array was at rest, it is
 * looked for (rest_search.h). */
#ifndef ANALYSIS_REST_H
#define ANALYSIS_REST_H

#include "session/recording_csv.h"

struct analysis_rest {
    double from_s, to_s; /* from the recording's start */
    uint64_t n_frames;   /* 0: none found, or none needed; `samples` is not set */
    bool is_by_taxel;    /* hands never lift: each taxel's own lowest, from all of the recording */
    float *samples;      /* [n_taxels] mean over those frames; freed by finish */
};

/**
 * "auto", "none", or "A-B" in seconds.
 * @param tare  out: from_s < 0: to be looked for; to_s <= from_s: none
 * @return THENAR_OK; THENAR_ERR_SYNTAX
 */
THENAR_NODISCARD enum thenar_status analysis_rest_parse(const char *text,
                                                        struct analysis_rest *tare);

/**
 * Read the recording through, as analysis_rest_parse asks, and rewind it.
 * @return THENAR_OK, found or not; THENAR_ERR_VALUE no frame lies in the span; THENAR_ERR_OS;
 *         THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status analysis_rest_find(struct analysis_rest *rest,
                                                       struct recording_csv *recording,
                                                       size_t n_taxels, struct thenar_error *error);
void analysis_rest_finish(struct analysis_rest *rest);

#endif

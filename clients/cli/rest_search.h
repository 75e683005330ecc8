/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rest_search.h - when nothing touched the array: the zero of a recording of which nobody says
 *
 * Half a second after half a second is averaged. The lowest that a taxel ever was is its own zero,
 * unless it stands out from what the other taxels were at their lowest: then something lay on it
 * all the time, and the middle taxel's zero is taken for it. The first span in which (nearly) all
 * taxels are as low as that is rest. Where there is none, since hands never lift, each taxel's own
 * lowest serves: hands move, and leave every taxel at some time.
 *
 * What cannot be told from an offset is a hand that covers most of the array and never moves. */
#ifndef REST_SEARCH_H
#define REST_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

struct rest_search;

struct rest_found {
    bool is_span;        /* one span shows rest; else each taxel's own lowest was taken */
    double from_s, to_s; /* the span, or the whole recording */
    uint64_t n_frames;   /* in it */
};

/** @param range  largest less smallest sample. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status rest_search_create(struct rest_search **out, size_t n_taxels,
                                                       float range);
void rest_search_destroy(struct rest_search *search);

/** The next frame. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status rest_search_push(struct rest_search *search, double time_s,
                                                     const float *samples);

/**
 * What was found.
 * @param zero  out: [n_taxels] in the samples' unit
 * @return false: the recording is shorter than a span
 */
THENAR_NODISCARD bool rest_search_find(struct rest_search *search, struct rest_found *found,
                                       float *zero);

#endif

/* SPDX-License-Identifier: MIT */
/* loss_count.h - what a subscriber missed, by each topic's `seq` (FEED.md, "What was missed") */
#ifndef LOSS_COUNT_H
#define LOSS_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "feed/topic.h"

struct loss_topic;

struct loss_count {
    struct loss_topic *topics; /* [n_topics] of n_space, sorted by name */
    size_t n_topics, n_space;
    uint64_t n_missed;
    uint64_t n_restarts;
};

/** A loss_count of zeros is empty; finish frees what it grew. */
void loss_count_finish(struct loss_count *count);

/**
 * Take note of one message. The first of a topic tells nothing: the subscriber may have come late.
 *
 * @param topic     [n_topic] its name
 * @param seq       its number
 * @param n_missed  out: messages of this topic between the last and this one
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status loss_count_execute(struct loss_count *count, const char *topic,
                                                       size_t n_topic, uint64_t seq,
                                                       uint64_t *n_missed);

#endif

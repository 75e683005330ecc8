/* SPDX-License-Identifier: MIT */
#include "loss_count.h"

#include <stdlib.h>
#include <string.h>

struct loss_topic {
    char name[THENAR_TOPIC_BYTES];
    uint64_t seq; /* of the last message */
};

void loss_count_finish(struct loss_count *count)
{
    free(count->topics);
    *count = (struct loss_count){0};
}

/* Where `name` is, or belongs. */
static size_t place_of(const struct loss_count *count, const char *name)
{
    size_t low = 0, high = count->n_topics;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(count->topics[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum thenar_status insert(struct loss_count *count, size_t place, const char *name,
                                 uint64_t seq)
{
    if (count->n_topics == count->n_space) {
        size_t n_space = count->n_space ? 2 * count->n_space : 16;
        struct loss_topic *topics = realloc(count->topics, n_space * sizeof *topics);
        if (!topics)
            return THENAR_ERR_MEMORY;
        count->topics = topics;
        count->n_space = n_space;
    }
    struct loss_topic *at = count->topics + place;
    memmove(at + 1, at, (count->n_topics - place) * sizeof *at);
    memcpy(at->name, name, sizeof at->name);
    at->seq = seq;
    count->n_topics++;
    return THENAR_OK;
}

enum thenar_status loss_count_execute(struct loss_count *count, const char *topic, size_t n_topic,
                                      uint64_t seq, uint64_t *n_missed)
{
    char name[THENAR_TOPIC_BYTES] = {0};
    *n_missed = 0;
    if (n_topic >= sizeof name)
        n_topic = sizeof name - 1;
    memcpy(name, topic, n_topic);
    size_t place = place_of(count, name);
    if (place == count->n_topics || strcmp(count->topics[place].name, name) != 0)
        return insert(count, place, name, seq);

    struct loss_topic *known = &count->topics[place];
    if (seq > known->seq) {
        *n_missed = seq - known->seq - 1;
        count->n_missed += *n_missed;
    } else {
        count->n_restarts++;
    }
    known->seq = seq;
    return THENAR_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feed_topics.h - one device's side of the feed: its topics, their counts, its pace
 *
 * Turns records into messages; the publisher's thread is the only one that calls it. */
#ifndef FEED_TOPICS_H
#define FEED_TOPICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "device/device_record.h"
#include "latency_certificate.h"

/* How often a device is published; set by the control server while the publisher reads. */
struct feed_rates {
    _Atomic float metrics_hz; /* metrics and contact; 0: off */
    _Atomic float frame_hz;   /* 0: off; NaN: as the device scans */
};

struct feed_topics {
    void *socket; /* borrowed */
    const struct feed_rates *rates;
    char topics[THENAR_N_TOPIC_KINDS][THENAR_TOPIC_BYTES];
    char station[THENAR_TOPIC_NAME_BYTES], device[THENAR_TOPIC_NAME_BYTES];
    uint64_t seqs[THENAR_N_TOPIC_KINDS];
    struct thenar_feed_status state;   /* the last, as published */
    double metrics_due_s, frame_due_s; /* device time */
    struct latency_certificate latency;
    uint64_t n_messages, n_failed;
    int64_t start_ns; /* of the daemon */
};

/** @param rates borrowed. Names must be valid (thenar_name_is_valid). */
void feed_topics_init(struct feed_topics *topics, void *socket, const char *station,
                      const char *device, const char *uri, const struct feed_rates *rates,
                      int64_t start_ns);

/** Publish what a record says. @return true when `state` was published anew */
bool feed_topics_publish(struct feed_topics *topics, const struct device_record *record);

/** Publish what is recorded of the device. @param session its stamp and names are filled in */
void feed_topics_publish_session(struct feed_topics *topics, struct thenar_feed_session *session);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* latency_certificate.h - how long each stage takes, as `status` says it (FEED.md, "Latency")
 *
 * Percentiles of the last minute in fixed memory, 5 kB a stage; the publisher's own, so the
 * device's thread neither counts nor locks. */
#ifndef LATENCY_CERTIFICATE_H
#define LATENCY_CERTIFICATE_H

#include "device/device_record.h"
#include "latency_histogram.h"

struct latency_certificate {
    struct latency_histogram device, link, pipeline, publish, total;
};

void latency_certificate_init(struct latency_certificate *certificate);

/** A frame came: device, link and pipeline are known of it. */
void latency_certificate_frame(struct latency_certificate *certificate,
                               const struct device_record *record);

/** A message of a frame goes out. */
void latency_certificate_publish(struct latency_certificate *certificate,
                                 const struct device_record *record, struct moment now);

/** Fill the latencies of `state`; what was not seen in the last minute is absent. */
void latency_certificate_tell(struct latency_certificate *certificate, int64_t now_ns,
                              struct thenar_feed_status *state);

#endif

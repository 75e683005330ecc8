/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "latency_certificate.h"

#include <math.h>

void latency_certificate_init(struct latency_certificate *certificate)
{
    latency_histogram_init(&certificate->device);
    latency_histogram_init(&certificate->link);
    latency_histogram_init(&certificate->pipeline);
    latency_histogram_init(&certificate->publish);
    latency_histogram_init(&certificate->total);
}

/* A recording is not measured now: it has no device and no link. */
static bool is_live(const struct device_record *record)
{
    return !isnan(record->scan_s);
}

static int64_t to_ns(double span_s)
{
    return (int64_t)(fmax(-1.0, fmin(span_s, 1e6)) * 1e9);
}

void latency_certificate_frame(struct latency_certificate *certificate,
                               const struct device_record *record)
{
    int64_t now_ns = record->done_ns;
    latency_histogram_add(&certificate->pipeline, now_ns, now_ns - record->arrival.monotonic_ns);
    if (!is_live(record))
        return;
    double way_s = moment_unix_s(record->arrival) - record->t_device;
    latency_histogram_add(&certificate->link, now_ns, to_ns(way_s - record->scan_s));
    if (record->scan_s > 0) /* else it did not say */
        latency_histogram_add(&certificate->device, now_ns, to_ns(record->scan_s));
}

void latency_certificate_publish(struct latency_certificate *certificate,
                                 const struct device_record *record, struct moment now)
{
    latency_histogram_add(&certificate->publish, now.monotonic_ns,
                          now.monotonic_ns - record->arrival.monotonic_ns);
    if (is_live(record))
        latency_histogram_add(&certificate->total, now.monotonic_ns,
                              to_ns(moment_unix_s(now) - record->t_device));
}

static void tell(struct latency_histogram *histogram, int64_t now_ns, float *p50_us, float *p99_us,
                 float *p999_us)
{
    *p50_us = (float)latency_histogram_us(histogram, now_ns, 0.5);
    *p99_us = (float)latency_histogram_us(histogram, now_ns, 0.99);
    *p999_us = (float)latency_histogram_us(histogram, now_ns, 0.999);
}

void latency_certificate_tell(struct latency_certificate *certificate, int64_t now_ns,
                              struct thenar_feed_status *state)
{
    tell(&certificate->device, now_ns, &state->latency_device_p50_us, &state->latency_device_p99_us,
         &state->latency_device_p999_us);
    tell(&certificate->link, now_ns, &state->latency_link_p50_us, &state->latency_link_p99_us,
         &state->latency_link_p999_us);
    tell(&certificate->pipeline, now_ns, &state->latency_pipeline_p50_us,
         &state->latency_pipeline_p99_us, &state->latency_pipeline_p999_us);
    tell(&certificate->publish, now_ns, &state->latency_publish_p50_us,
         &state->latency_publish_p99_us, &state->latency_publish_p999_us);
    tell(&certificate->total, now_ns, &state->latency_total_p50_us, &state->latency_total_p99_us,
         &state->latency_total_p999_us);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench_publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

#include "feed/payload.h"

enum { METRICS_HZ = 50 };

struct bench_publish {
    void *context, *socket;
    size_t n_matrix_bytes;
    double next_metrics_s;
    uint64_t n_frames, n_metrics;
    size_t n_frame_topic, n_metrics_topic;
    char frame_topic[THENAR_TOPIC_BYTES], metrics_topic[THENAR_TOPIC_BYTES];
    struct thenar_feed_frame frame;
    struct thenar_feed_metrics metrics;
    char text[THENAR_PAYLOAD_BYTES];
};

static void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench_pipeline: publishing: %s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(EXIT_FAILURE);
}

struct bench_publish *bench_publish_create(const char *address, const struct array_layout *layout,
                                           float filter_delay_ms)
{
    struct bench_publish *publish = calloc(1, sizeof *publish);
    check(publish != NULL, "memory");
    publish->context = zmq_ctx_new();
    publish->socket = zmq_socket(publish->context, ZMQ_PUB);
    int linger_ms = 0;
    check(!zmq_setsockopt(publish->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms), "linger");
    check(!zmq_bind(publish->socket, address), address);
    publish->n_matrix_bytes = layout->n_taxels * sizeof(float);
    check(!thenar_topic_encode(THENAR_TOPIC_FRAME, "s1", "table", publish->frame_topic,
                               sizeof publish->frame_topic, &publish->n_frame_topic),
          "topic");
    check(!thenar_topic_encode(THENAR_TOPIC_METRICS, "s1", "table", publish->metrics_topic,
                               sizeof publish->metrics_topic, &publish->n_metrics_topic),
          "topic");
    thenar_payload_clear(THENAR_TOPIC_FRAME, &publish->frame);
    publish->frame.n_rows = layout->n_rows;
    publish->frame.n_cols = layout->n_cols;
    publish->frame.pitch_x_mm = layout->pitch_x_mm;
    publish->frame.pitch_y_mm = layout->pitch_y_mm;
    snprintf(publish->frame.unit, sizeof publish->frame.unit, "kpa");
    thenar_payload_clear(THENAR_TOPIC_METRICS, &publish->metrics);
    publish->metrics.filter_delay_ms = filter_delay_ms;
    return publish;
}

void bench_publish_destroy(struct bench_publish *publish)
{
    if (!publish)
        return;
    zmq_close(publish->socket);
    zmq_ctx_term(publish->context);
    free(publish);
}

static void send_part(struct bench_publish *publish, const void *bytes, size_t n_bytes, int flags)
{
    check(zmq_send(publish->socket, bytes, n_bytes, flags | ZMQ_DONTWAIT) >= 0, "send");
}

static void send_message(struct bench_publish *publish, enum thenar_topic_kind kind,
                         const char *topic, size_t n_topic, const struct thenar_feed_stamp *stamp,
                         const void *payload, const float *matrix)
{
    char time_text[THENAR_TIME_BYTES];
    size_t n_text, n_time;
    check(!thenar_payload_encode(kind, payload, publish->text, sizeof publish->text, &n_text),
          "payload");
    check(
        !thenar_time_encode(thenar_payload_time(kind, stamp), time_text, sizeof time_text, &n_time),
        "time");
    send_part(publish, topic, n_topic, ZMQ_SNDMORE);
    send_part(publish, publish->text, n_text, ZMQ_SNDMORE);
    send_part(publish, time_text, n_time, matrix ? ZMQ_SNDMORE : 0);
    if (matrix)
        send_part(publish, matrix, publish->n_matrix_bytes, 0);
}

static void fill_metrics(struct thenar_feed_metrics *metrics, const struct pipeline_output *output)
{
    const struct frame_features *features = &output->features;
    const struct technique_state *technique = &output->technique;
    metrics->frame_seq = output->sequence;
    snprintf(metrics->technique, sizeof metrics->technique, "%s",
             technique_name(technique->technique));
    metrics->technique_confidence = technique->confidence;
    metrics->force_n = features->force_n;
    metrics->peak_kpa = features->peak_kpa;
    metrics->peak_raw_kpa = features->peak_raw_kpa;
    metrics->mean_kpa = features->mean_kpa;
    metrics->contact_cm2 = features->contact_cm2;
    metrics->cop_x_mm = features->cop_x_mm;
    metrics->cop_y_mm = features->cop_y_mm;
    metrics->contacts = output->n_contacts;
    metrics->pace_cpm = technique->pace_cpm;
    metrics->pace_confidence = technique->pace_confidence;
    metrics->regularity_pct = technique->regularity_pct;
    metrics->speed_mm_s = technique->speed_mm_s;
    metrics->saturated_taxels = features->n_saturated;
}

void bench_publish_frame(struct bench_publish *publish, const struct pipeline_output *output,
                         const float *pressure)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    double now_s = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
    struct thenar_feed_stamp stamp = {
        .t_device = now_s, .t_arrival = now_s, .t_publish = now_s, .device_s = output->device_s};
    if (output->device_s >= publish->next_metrics_s) {
        double next_s = publish->next_metrics_s + 1.0 / METRICS_HZ;
        publish->next_metrics_s = next_s > output->device_s ? next_s : output->device_s;
        stamp.seq = publish->n_metrics++;
        publish->metrics.stamp = stamp;
        fill_metrics(&publish->metrics, output);
        send_message(publish, THENAR_TOPIC_METRICS, publish->metrics_topic,
                     publish->n_metrics_topic, &stamp, &publish->metrics, NULL);
    }
    stamp.seq = publish->n_frames++;
    publish->frame.stamp = stamp;
    publish->frame.frame_seq = output->sequence;
    send_message(publish, THENAR_TOPIC_FRAME, publish->frame_topic, publish->n_frame_topic, &stamp,
                 &publish->frame, pressure);
}

/* SPDX-License-Identifier: MIT */
/* payload.h - what each kind of message says (FEED.md has every field)
 *
 * One plain struct a kind, one table a kind (payload_tables.c). A member has the name of its JSON
 * field and ends in its unit; NaN and "" are absent. `_rel` members stand in for kPa and newtons
 * while `uncalibrated` is true: 0..1 of the sensor's full scale.
 *
 *     struct thenar_feed_metrics metrics;
 *     thenar_payload_clear(THENAR_TOPIC_METRICS, &metrics);      // all absent
 *     metrics.force_n = 12.5F; ...
 *     thenar_payload_encode(THENAR_TOPIC_METRICS, &metrics, text, sizeof text, &n_text);
 */
#ifndef THENAR_PAYLOAD_H
#define THENAR_PAYLOAD_H

#include "feed/record.h"
#include "feed/topic.h"

enum {
    THENAR_PAYLOAD_BYTES = 12288, /* any payload with its closing zero, whatever its texts hold */
    THENAR_TIME_BYTES = 32,       /* the part that carries the time */
    THENAR_WORD_BYTES = 32,       /* technique, state, unit: one word */
    THENAR_LABEL_BYTES = 64,      /* model, serial, firmware, version */
    THENAR_REASON_BYTES = 256,    /* a sentence */
    THENAR_NOTE_BYTES = 512,      /* what people write down */
    THENAR_URI_BYTES = 256
};

/* The beginning of every message about a device. Times are Unix seconds of the host's clock. */
struct thenar_feed_stamp {
    uint64_t seq;     /* of this topic, from 0: one more with each message */
    double t_device;  /* when the frame was scanned: device time mapped to the host's clock */
    double t_arrival; /* when the read returned that completed the frame */
    double t_publish; /* when the message was handed to the socket */
    double device_s;  /* device clock since its reset: for intervals free of any clock fit */
};

struct thenar_feed_metrics {
    struct thenar_feed_stamp stamp;
    uint32_t frame_seq;
    char technique[THENAR_WORD_BYTES];
    float technique_confidence;
    float force_n, peak_kpa, peak_raw_kpa, mean_kpa;
    float force_rel, peak_rel, peak_raw_rel, mean_rel;
    float contact_cm2;
    float cop_x_mm, cop_y_mm;
    uint32_t contacts;
    float pace_cpm, pace_confidence, regularity_pct;
    float pace_hand_cpm, phase, phase_confidence;
    float speed_mm_s;
    float force_u_n, peak_u_kpa, mean_u_kpa;
    float force_uncorrected_n, peak_uncorrected_kpa;
    float zero_drift_kpa;
    float motion_rms_m_s2;
    bool trigger;
    float load_change_n, breath_cpm, breath_confidence, shift_n, shift_age_s; /* of a mat */
    uint32_t saturated_taxels, dead_taxels, ghost_taxels;
    float filter_delay_ms;
    bool uncalibrated;
};

struct thenar_feed_contact {
    struct thenar_feed_stamp stamp;
    uint32_t frame_seq;
    uint32_t contact_id;
    float age_s;
    float force_n, peak_kpa;
    float force_rel, peak_rel;
    float contact_cm2;
    float cop_x_mm, cop_y_mm;
    float velocity_x_mm_s, velocity_y_mm_s;
    float major_mm, minor_mm, angle_deg;
    bool uncalibrated;
};

struct thenar_feed_stroke {
    struct thenar_feed_stamp stamp;
    char technique[THENAR_WORD_BYTES];
    double t_start, t_end;
    double start_device_s, end_device_s;
    float duration_s;
    float peak_kpa, mean_kpa, mean_force_n, impulse_n_s;
    float peak_rel, mean_rel, mean_force_rel, impulse_rel_s;
    float path_mm, direction_deg, speed_mm_s;
    float contact_cm2;
    float evenness_pct;
    float interval_s;
    uint32_t hand;
    bool uncalibrated;
};

struct thenar_feed_episode {
    struct thenar_feed_stamp stamp;
    char technique[THENAR_WORD_BYTES];
    float confidence;
    double t_start, t_end;
    double start_device_s, end_device_s;
    float duration_s;
    uint32_t strokes;
    float pace_cpm, regularity_pct, pace_hand_cpm;
    float peak_kpa, mean_kpa, mean_force_n;
    float peak_rel, mean_rel, mean_force_rel;
    float contact_cm2;
    bool uncalibrated;
};

/* Goes with a fourth part: the matrix, little-endian float32 [n_rows * n_cols], row-major. */
struct thenar_feed_frame {
    struct thenar_feed_stamp stamp;
    uint32_t frame_seq;
    uint32_t n_rows, n_cols;
    char unit[THENAR_WORD_BYTES]; /* "kpa" or "rel" */
    float pitch_x_mm, pitch_y_mm;
    bool trigger;
    bool uncalibrated;
};

struct thenar_feed_gap {
    struct thenar_feed_stamp stamp;
    char side[THENAR_WORD_BYTES]; /* "device", "link", "host" or "source" */
    uint32_t frames_lost;
    uint32_t from_frame_seq, to_frame_seq; /* the frames on both sides of the hole */
    float lost_s;
    char reason[THENAR_REASON_BYTES];
};

struct thenar_feed_motion {
    struct thenar_feed_stamp stamp;
    float acceleration_x_m_s2, acceleration_y_m_s2, acceleration_z_m_s2;
    float angular_rate_x_rad_s, angular_rate_y_rad_s, angular_rate_z_rad_s;
};

/* What is recorded of a device, each second while a session goes on, and once when it is over. */
struct thenar_feed_session {
    struct thenar_feed_stamp stamp;
    char station[THENAR_TOPIC_NAME_BYTES], device[THENAR_TOPIC_NAME_BYTES]; /* as in the topic */
    char session[THENAR_LABEL_BYTES];                                       /* its id */
    char state[THENAR_WORD_BYTES]; /* "waiting", "armed", "recording", "full", "failed", "closed"
                                      or "dropped" */
    char reason[THENAR_REASON_BYTES];
    char participant[THENAR_LABEL_BYTES], operator_id[THENAR_LABEL_BYTES], plan[THENAR_LABEL_BYTES];
    char file[THENAR_URI_BYTES];
    float length_s;
    uint64_t size_bytes, free_bytes;
    uint64_t frames, lost_device, lost_link, lost_host, lost_disk, gaps;
};

struct thenar_feed_status {
    struct thenar_feed_stamp stamp;
    char station[THENAR_TOPIC_NAME_BYTES], device[THENAR_TOPIC_NAME_BYTES]; /* as in the topic */
    char state[THENAR_WORD_BYTES]; /* "streaming", "connecting", "absent", "ended" or "failed" */
    char reason[THENAR_REASON_BYTES];
    char uri[THENAR_URI_BYTES];
    char model[THENAR_LABEL_BYTES], serial[THENAR_LABEL_BYTES], firmware[THENAR_LABEL_BYTES];
    char mount[THENAR_WORD_BYTES];
    uint32_t n_rows, n_cols;
    float pitch_x_mm, pitch_y_mm;
    float rate_hz, measured_rate_hz, metrics_rate_hz, frame_rate_hz;
    uint64_t frames, lost_device, lost_link, lost_host;
    uint64_t gaps, lost_events, bad_messages, late_scans, reconnects;
    bool uncalibrated;
    char calibration[THENAR_WORD_BYTES]; /* "none", "factory", "calibrated" or "expired" */
    float calibration_uncertainty_pct;
    char calibration_date[THENAR_WORD_BYTES], calibration_expires[THENAR_WORD_BYTES];
    char calibration_problem[THENAR_REASON_BYTES];
    char filter_form[THENAR_WORD_BYTES];
    uint32_t filter_taps;
    float filter_pass_hz, filter_stop_hz, filter_delay_ms;
    uint32_t dead_taxels;
    float temperature_c, supply_v;
    double clock_offset_s;
    float clock_drift_ppm, clock_uncertainty_ms;
    uint32_t clock_restarts;
    float latency_device_p50_us, latency_device_p99_us, latency_device_p999_us;
    float latency_link_p50_us, latency_link_p99_us, latency_link_p999_us;
    float latency_pipeline_p50_us, latency_pipeline_p99_us, latency_pipeline_p999_us;
    float latency_publish_p50_us, latency_publish_p99_us, latency_publish_p999_us;
    float latency_total_p50_us, latency_total_p99_us, latency_total_p999_us;
    char technique_model[THENAR_LABEL_BYTES];
    char plan[THENAR_LABEL_BYTES];
    float uptime_s;
    char version[THENAR_LABEL_BYTES];
};

/* What the coach says. */
struct thenar_feed_cue {
    struct thenar_feed_stamp stamp;
    char cue[THENAR_WORD_BYTES];
    char text[THENAR_REASON_BYTES];
    char plan[THENAR_LABEL_BYTES];
    uint32_t step;
    char technique[THENAR_WORD_BYTES], region[THENAR_LABEL_BYTES];
    char measure[THENAR_WORD_BYTES], unit[THENAR_WORD_BYTES];
    float value, low, high;
    char mark[THENAR_WORD_BYTES];
};

/* The plan in force, or none. */
struct thenar_feed_plan {
    struct thenar_feed_stamp stamp;
    char state[THENAR_WORD_BYTES];
    char plan[THENAR_LABEL_BYTES], title[THENAR_REASON_BYTES], cues[THENAR_WORD_BYTES];
    uint32_t step, n_steps;
    char technique[THENAR_WORD_BYTES], variant[THENAR_WORD_BYTES];
    char region[THENAR_LABEL_BYTES], note[THENAR_REASON_BYTES];
    float duration_s, elapsed_s, left_s;
    float pressure_low_kpa, pressure_high_kpa;
    char pressure_mark[THENAR_WORD_BYTES];
    float pace_low_cpm, pace_high_cpm;
    char pace_mark[THENAR_WORD_BYTES];
    float hold_low_s, hold_high_s;
    char hold_mark[THENAR_WORD_BYTES];
    uint32_t repeats;
    float ceiling_kpa;
    char declared[THENAR_WORD_BYTES];
    bool on_step;
    float pressure_kpa;
    bool holding;
    uint32_t holds;
    float hold_s, lock_kpa, rhythm_cpm;
    float practice_score, score_pressure_pct, score_pace_pct, score_regularity_pct;
    float score_holds_pct, score_time_pct;
    uint32_t cues_given;
    bool pain;
};

/* The receiver's word. */
struct thenar_feed_comfort {
    struct thenar_feed_stamp stamp;
    float pain;
    bool button;
    char plan[THENAR_LABEL_BYTES];
    uint32_t step;
};

union thenar_payload {
    struct thenar_feed_stamp stamp;
    struct thenar_feed_metrics metrics;
    struct thenar_feed_contact contact;
    struct thenar_feed_stroke stroke;
    struct thenar_feed_episode episode;
    struct thenar_feed_frame frame;
    struct thenar_feed_gap gap;
    struct thenar_feed_motion motion;
    struct thenar_feed_session session;
    struct thenar_feed_status status;
    struct thenar_feed_cue cue;
    struct thenar_feed_plan plan;
    struct thenar_feed_comfort comfort;
};

/** The table of a kind. */
const struct thenar_record *thenar_payload_record(enum thenar_topic_kind kind);

/** Make every field of a kind's struct absent: how a payload begins. Reserved kinds: no effect. */
void thenar_payload_clear(enum thenar_topic_kind kind, void *payload);

/**
 * thenar_record_encode with the kind's table.
 *
 * @param payload  the struct of that kind
 * @param text     [n_space] out; THENAR_PAYLOAD_BYTES is always enough
 * @return as there; THENAR_ERR_TYPE a reserved kind
 * Context: any thread; allocates nothing
 */
THENAR_NODISCARD enum thenar_status thenar_payload_encode(enum thenar_topic_kind kind,
                                                          const void *payload, char *text,
                                                          size_t n_space, size_t *n_text);

/**
 * thenar_record_decode with the kind's table: fields that this end does not know are passed over.
 *
 * @param payload  out: the struct of that kind (a union thenar_payload is large enough for each)
 * @return as there; THENAR_ERR_TYPE a reserved kind
 */
THENAR_NODISCARD enum thenar_status thenar_payload_decode(enum thenar_topic_kind kind,
                                                          const char *text, size_t n_text,
                                                          void *payload,
                                                          struct thenar_error *error);

/**
 * The time that goes into a message's third part: t_device where something was scanned; t_publish
 * for what is said of a device (status, gap, plan, comfort).
 */
double thenar_payload_time(enum thenar_topic_kind kind, const struct thenar_feed_stamp *stamp);

/**
 * Write the third part: decimal Unix seconds with six decimals.
 *
 * @param text    [n_space] out: with a closing zero; THENAR_TIME_BYTES is always enough
 * @param n_text  out: octets without the zero
 * @return THENAR_OK; THENAR_ERR_SPACE; THENAR_ERR_VALUE not a time
 */
THENAR_NODISCARD enum thenar_status thenar_time_encode(double time_s, char *text, size_t n_space,
                                                       size_t *n_text);

/**
 * Read the third part.
 * @return THENAR_OK; THENAR_ERR_SYNTAX anything but digits, one point and digits
 */
THENAR_NODISCARD enum thenar_status thenar_time_decode(const char *text, size_t n_text,
                                                       double *time_s);

#endif

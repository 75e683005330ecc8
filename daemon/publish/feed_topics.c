/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed_topics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "engine/technique/linear_model.h"
#include "thenar_version.h"

/* What the publisher knows of a device's state, and the device's thread does not. */
static void add_own(struct feed_topics *topics, int64_t now_ns)
{
    struct thenar_feed_status *state = &topics->state;
    memcpy(state->station, topics->station, sizeof state->station);
    memcpy(state->device, topics->device, sizeof state->device);
    float frame_hz = atomic_load(&topics->rates->frame_hz);
    state->metrics_rate_hz = atomic_load(&topics->rates->metrics_hz);
    if (isnan(frame_hz))
        frame_hz = isnan(state->rate_hz) ? 0 : state->rate_hz;
    state->frame_rate_hz = frame_hz;
    latency_certificate_tell(&topics->latency, now_ns, state);
    if (state->technique_model[0] == '\0') /* no pipeline yet */
        (void)snprintf(state->technique_model, sizeof state->technique_model, "%s",
                       linear_model_shipped_name());
    (void)snprintf(state->version, sizeof state->version, "%s", THENAR_VERSION);
    state->uptime_s = (float)((double)(now_ns - topics->start_ns) * 1e-9);
}

/* What is said until the device's thread has said more. */
static void init_state(struct feed_topics *topics, const char *uri)
{
    struct thenar_feed_status *state = &topics->state;
    thenar_payload_clear(THENAR_TOPIC_STATUS, state);
    (void)snprintf(state->state, sizeof state->state, "connecting");
    (void)snprintf(state->uri, sizeof state->uri, "%s", uri);
    (void)snprintf(state->calibration, sizeof state->calibration, "none");
    state->uncalibrated = true;
    state->stamp.t_publish = moment_unix_s(moment_now());
    add_own(topics, moment_monotonic_ns());
}

void feed_topics_init(struct feed_topics *topics, void *socket, const char *station,
                      const char *device, const char *uri, const struct feed_rates *rates,
                      int64_t start_ns)
{
    memset(topics, 0, sizeof *topics);
    topics->socket = socket;
    topics->rates = rates;
    topics->start_ns = start_ns;
    (void)snprintf(topics->station, sizeof topics->station, "%s", station);
    (void)snprintf(topics->device, sizeof topics->device, "%s", device);
    topics->metrics_due_s = topics->frame_due_s = -(double)INFINITY;
    for (int kind = 0; kind < THENAR_N_TOPIC_KINDS; kind++)
        (void)!thenar_topic_encode((enum thenar_topic_kind)kind, station, device,
                                   topics->topics[kind], sizeof topics->topics[kind], NULL);
    latency_certificate_init(&topics->latency);
    init_state(topics, uri);
}

/* Send topic, payload, time and, for a frame, the matrix. A PUB socket drops rather than waits. */
static void send_parts(struct feed_topics *topics, enum thenar_topic_kind kind, const char *payload,
                       size_t n_payload, double time_s, zmq_msg_t *matrix)
{
    char time_text[THENAR_TIME_BYTES];
    size_t n_time;
    const char *topic = topics->topics[kind];
    const int more = ZMQ_SNDMORE | ZMQ_DONTWAIT;
    bool good = thenar_time_encode(time_s, time_text, sizeof time_text, &n_time) == THENAR_OK &&
                zmq_send(topics->socket, topic, strlen(topic), more) >= 0 &&
                zmq_send(topics->socket, payload, n_payload, more) >= 0 &&
                zmq_send(topics->socket, time_text, n_time, matrix ? more : ZMQ_DONTWAIT) >= 0;
    if (good && matrix)
        good = zmq_msg_send(matrix, topics->socket, ZMQ_DONTWAIT) >= 0;
    if (good)
        topics->n_messages++;
    else
        topics->n_failed++;
}

static void stamp(struct feed_topics *topics, enum thenar_topic_kind kind,
                  const struct device_record *record, struct thenar_feed_stamp *stamp)
{
    struct moment now = moment_now();
    stamp->seq = topics->seqs[kind]++;
    stamp->t_publish = moment_unix_s(now);
    stamp->t_device = record->has_frame ? record->t_device : (double)NAN;
    stamp->t_arrival = record->has_frame ? moment_unix_s(record->arrival) : (double)NAN;
    stamp->device_s = record->has_frame ? record->device_s : (double)NAN;
    if (record->kind == DEVICE_FRAME)
        latency_certificate_publish(&topics->latency, record, now);
}

static void send_payload(struct feed_topics *topics, enum thenar_topic_kind kind,
                         const void *payload, zmq_msg_t *matrix)
{
    char text[THENAR_PAYLOAD_BYTES];
    size_t n_text;
    const struct thenar_feed_stamp *times = payload; /* every payload begins with it */
    if (thenar_payload_encode(kind, payload, text, sizeof text, &n_text) == THENAR_OK)
        send_parts(topics, kind, text, n_text, thenar_payload_time(kind, times), matrix);
    else
        topics->n_failed++;
}

/* The engine's relative units count full scale as if it were 100 kPa (array_layout.h). */
static const float REL_A_KPA = 1.0F / RELATIVE_FULL_SCALE;
static const float REL_CM2_A_N = 10.0F / RELATIVE_FULL_SCALE; /* 1 N = 1 kPa over 10 cm2 */

static bool is_mat(const struct feed_topics *topics)
{
    return strcmp(topics->state.mount, "mat") == 0;
}

/* A pressure or force goes to the member that its unit allows; the other stays absent. Of a mat
 * both do: what it feels is the lying body. */
static void put(const struct feed_topics *topics, float value, float rel_a_unit, float *in_unit,
                float *in_rel)
{
    if (topics->state.uncalibrated)
        *in_rel = value * rel_a_unit;
    else if (!is_mat(topics))
        *in_unit = value;
}

static void put_mat(const struct feed_topics *topics, const struct mat_reading *mat,
                    struct thenar_feed_metrics *m)
{
    if (!topics->state.uncalibrated) {
        m->load_change_n = mat->load_change_n;
        m->shift_n = mat->shift_n;
    }
    m->breath_cpm = mat->breath_cpm;
    m->breath_confidence = mat->breath_confidence;
    m->shift_age_s = mat->shift_age_s;
}

static void publish_metrics(struct feed_topics *topics, const struct device_record *record)
{
    const struct frame_features *features = &record->output.features;
    const struct technique_state *technique = &record->output.technique;
    struct thenar_feed_metrics m;
    thenar_payload_clear(THENAR_TOPIC_METRICS, &m);
    stamp(topics, THENAR_TOPIC_METRICS, record, &m.stamp);
    m.frame_seq = record->output.sequence;
    (void)snprintf(m.technique, sizeof m.technique, "%s", technique_name(technique->technique));
    m.technique_confidence = technique->confidence;
    put(topics, features->force_n, REL_CM2_A_N, &m.force_n, &m.force_rel);
    put(topics, features->peak_kpa, REL_A_KPA, &m.peak_kpa, &m.peak_rel);
    put(topics, features->peak_raw_kpa, REL_A_KPA, &m.peak_raw_kpa, &m.peak_raw_rel);
    put(topics, features->mean_kpa, REL_A_KPA, &m.mean_kpa, &m.mean_rel);
    m.contact_cm2 = features->contact_cm2;
    m.cop_x_mm = features->cop_x_mm;
    m.cop_y_mm = features->cop_y_mm;
    m.contacts = record->output.n_contacts;
    m.pace_cpm = technique->pace_cpm;
    m.pace_confidence = technique->pace_confidence;
    m.regularity_pct = technique->regularity_pct;
    m.pace_hand_cpm = technique->pace_hand_cpm;
    m.phase = technique->phase;
    m.phase_confidence = technique->phase_confidence;
    m.speed_mm_s = technique->speed_mm_s;
    m.motion_rms_m_s2 = record->output.motion_rms_m_s2;
    m.trigger = record->trigger;
    m.saturated_taxels = features->n_saturated;
    m.ghost_taxels = record->output.n_ghosts;
    put_mat(topics, &record->output.mat, &m);
    if (!topics->state.uncalibrated && !is_mat(topics)) {
        m.force_u_n = record->output.uncertainty.force_n;
        m.peak_u_kpa = record->output.uncertainty.peak_kpa;
        m.mean_u_kpa = record->output.uncertainty.mean_kpa;
        m.force_uncorrected_n = record->output.force_uncorrected_n;
        m.peak_uncorrected_kpa = record->output.peak_uncorrected_kpa;
        m.zero_drift_kpa = record->output.zero_drift_kpa;
    }
    m.dead_taxels = topics->state.dead_taxels;
    m.filter_delay_ms = topics->state.filter_delay_ms;
    m.uncalibrated = topics->state.uncalibrated;
    send_payload(topics, THENAR_TOPIC_METRICS, &m, NULL);
}

static void publish_contact(struct feed_topics *topics, const struct device_record *record,
                            const struct contact *contact)
{
    struct thenar_feed_contact c;
    thenar_payload_clear(THENAR_TOPIC_CONTACT, &c);
    stamp(topics, THENAR_TOPIC_CONTACT, record, &c.stamp);
    c.frame_seq = record->output.sequence;
    c.contact_id = contact->id;
    c.age_s = contact->age_s;
    put(topics, contact->force_n, REL_CM2_A_N, &c.force_n, &c.force_rel);
    put(topics, contact->peak_kpa, REL_A_KPA, &c.peak_kpa, &c.peak_rel);
    c.contact_cm2 = contact->area_cm2;
    c.cop_x_mm = contact->cop_x_mm;
    c.cop_y_mm = contact->cop_y_mm;
    c.velocity_x_mm_s = contact->velocity_x_mm_s;
    c.velocity_y_mm_s = contact->velocity_y_mm_s;
    c.major_mm = contact->major_mm;
    c.minor_mm = contact->minor_mm;
    c.angle_deg = contact->angle_deg;
    c.uncalibrated = topics->state.uncalibrated;
    send_payload(topics, THENAR_TOPIC_CONTACT, &c, NULL);
}

static double host_time(const struct device_record *record, double device_s)
{
    return record->t_device + (device_s - record->device_s);
}

static void publish_stroke(struct feed_topics *topics, const struct device_record *record,
                           const struct stroke *stroke)
{
    struct thenar_feed_stroke s;
    thenar_payload_clear(THENAR_TOPIC_STROKE, &s);
    stamp(topics, THENAR_TOPIC_STROKE, record, &s.stamp);
    (void)snprintf(s.technique, sizeof s.technique, "%s", technique_name(stroke->technique));
    s.t_start = host_time(record, stroke->start_s);
    s.t_end = host_time(record, stroke->end_s);
    s.start_device_s = stroke->start_s;
    s.end_device_s = stroke->end_s;
    s.duration_s = (float)(stroke->end_s - stroke->start_s);
    put(topics, stroke->peak_kpa, REL_A_KPA, &s.peak_kpa, &s.peak_rel);
    put(topics, stroke->mean_kpa, REL_A_KPA, &s.mean_kpa, &s.mean_rel);
    put(topics, stroke->mean_force_n, REL_CM2_A_N, &s.mean_force_n, &s.mean_force_rel);
    put(topics, stroke->impulse_n_s, REL_CM2_A_N, &s.impulse_n_s, &s.impulse_rel_s);
    s.path_mm = stroke->path_mm;
    s.direction_deg = stroke->direction_deg;
    s.speed_mm_s = stroke->speed_mm_s;
    s.contact_cm2 = stroke->contact_cm2;
    s.evenness_pct = stroke->evenness_pct;
    s.interval_s = stroke->interval_s;
    s.hand = stroke->hand;
    s.uncalibrated = topics->state.uncalibrated;
    send_payload(topics, THENAR_TOPIC_STROKE, &s, NULL);
}

static void publish_episode(struct feed_topics *topics, const struct device_record *record,
                            const struct episode *episode)
{
    struct thenar_feed_episode e;
    thenar_payload_clear(THENAR_TOPIC_EPISODE, &e);
    stamp(topics, THENAR_TOPIC_EPISODE, record, &e.stamp);
    (void)snprintf(e.technique, sizeof e.technique, "%s", technique_name(episode->technique));
    e.confidence = episode->confidence;
    e.t_start = host_time(record, episode->start_s);
    e.t_end = host_time(record, episode->end_s);
    e.start_device_s = episode->start_s;
    e.end_device_s = episode->end_s;
    e.duration_s = (float)(episode->end_s - episode->start_s);
    e.strokes = episode->n_strokes;
    e.pace_cpm = episode->pace_cpm;
    e.regularity_pct = episode->regularity_pct;
    e.pace_hand_cpm = episode->pace_hand_cpm;
    put(topics, episode->peak_kpa, REL_A_KPA, &e.peak_kpa, &e.peak_rel);
    put(topics, episode->mean_kpa, REL_A_KPA, &e.mean_kpa, &e.mean_rel);
    put(topics, episode->mean_force_n, REL_CM2_A_N, &e.mean_force_n, &e.mean_force_rel);
    e.contact_cm2 = episode->contact_cm2;
    e.uncalibrated = topics->state.uncalibrated;
    send_payload(topics, THENAR_TOPIC_EPISODE, &e, NULL);
}

static void publish_frame(struct feed_topics *topics, const struct device_record *record)
{
    const struct thenar_feed_status *state = &topics->state;
    size_t n_taxels = (size_t)state->n_rows * state->n_cols;
    zmq_msg_t matrix;
    if (zmq_msg_init_size(&matrix, n_taxels * sizeof(float)) != 0) {
        topics->n_failed++;
        return;
    }
    float *values = zmq_msg_data(&matrix);
    if (state->uncalibrated)
        for (size_t i = 0; i < n_taxels; i++)
            values[i] = record->matrix[i] * REL_A_KPA;
    else
        memcpy(values, record->matrix, n_taxels * sizeof(float));
    struct thenar_feed_frame f;
    thenar_payload_clear(THENAR_TOPIC_FRAME, &f);
    stamp(topics, THENAR_TOPIC_FRAME, record, &f.stamp);
    f.frame_seq = record->output.sequence;
    f.n_rows = state->n_rows;
    f.n_cols = state->n_cols;
    (void)snprintf(f.unit, sizeof f.unit, "%s", state->uncalibrated ? "rel" : "kpa");
    f.pitch_x_mm = state->pitch_x_mm;
    f.pitch_y_mm = state->pitch_y_mm;
    f.trigger = record->trigger;
    f.uncalibrated = state->uncalibrated;
    send_payload(topics, THENAR_TOPIC_FRAME, &f, &matrix);
    zmq_msg_close(&matrix);
}

/* Whether a message is due at this frame, so that on average `rate_hz` a second go out. */
static bool is_due(double *due_s, double device_s, double rate_hz, double device_rate_hz)
{
    if (!(rate_hz > 0))
        return false;
    double half_frame_s = 0.5 / device_rate_hz;
    if (rate_hz < device_rate_hz && device_s + half_frame_s < *due_s &&
        *due_s - device_s < 2 / rate_hz)
        return false;
    double next_s = *due_s + 1 / rate_hz;
    *due_s = next_s > device_s ? next_s : device_s + 1 / rate_hz;
    return true;
}

static void publish_events(struct feed_topics *topics, const struct device_record *record)
{
    for (unsigned i = 0; i < record->output.n_strokes; i++)
        publish_stroke(topics, record, &record->output.strokes[i]);
    for (unsigned i = 0; i < record->output.n_episodes; i++)
        publish_episode(topics, record, &record->output.episodes[i]);
}

static void publish_record(struct feed_topics *topics, const struct device_record *record)
{
    double device_hz = (double)topics->state.rate_hz;
    double metrics_hz = (double)atomic_load(&topics->rates->metrics_hz);
    double frame_hz = (double)atomic_load(&topics->rates->frame_hz);
    if (isnan(frame_hz))
        frame_hz = device_hz;
    latency_certificate_frame(&topics->latency, record);
    if (is_due(&topics->metrics_due_s, record->device_s, metrics_hz, device_hz)) {
        publish_metrics(topics, record);
        for (unsigned i = 0; i < record->output.n_contacts && !is_mat(topics); i++)
            publish_contact(topics, record, &record->output.contacts[i]);
    }
    if (is_due(&topics->frame_due_s, record->device_s, frame_hz, device_hz))
        publish_frame(topics, record);
    publish_events(topics, record);
}

static const char *gap_reason(const struct frame_hole *hole)
{
    static const char *const causes[] = {
        [HOLE_NONE] = "the source sent no frames",
        [HOLE_AWAY] = "the device was away",
        [HOLE_RESTART] = "the device restarted: its clock began anew",
        [HOLE_PAUSE] = "the device paused for a command: a new rate, or its self-test",
        [HOLE_RECORDING] = "the recording has a hole",
    };
    switch (hole->side) {
    case LOSS_DEVICE:
        return "the device dropped frames because the link was full";
    case LOSS_LINK:
        return hole->n_bad_messages > 0 ? "frames were damaged on the link"
                                        : "frames were lost on the link";
    case LOSS_HOST:
        return "the daemon was too slow: the machine is overloaded";
    case LOSS_SOURCE:
    case N_LOSS_SIDES:
        break;
    }
    return causes[hole->cause];
}

static void publish_gap(struct feed_topics *topics, const struct device_record *record)
{
    const struct frame_hole *hole = &record->hole;
    struct thenar_feed_gap gap;
    thenar_payload_clear(THENAR_TOPIC_GAP, &gap);
    stamp(topics, THENAR_TOPIC_GAP, record, &gap.stamp);
    (void)snprintf(gap.side, sizeof gap.side, "%s", loss_side_names[hole->side]);
    gap.frames_lost = hole->n_frames;
    gap.from_frame_seq = hole->from;
    gap.to_frame_seq = hole->to;
    gap.lost_s = (float)hole->lost_s;
    (void)snprintf(gap.reason, sizeof gap.reason, "%s", gap_reason(hole));
    send_payload(topics, THENAR_TOPIC_GAP, &gap, NULL);
}

static void publish_motion(struct feed_topics *topics, const struct device_record *record)
{
    const struct motion_sample *sample = &record->motion;
    struct thenar_feed_motion m;
    thenar_payload_clear(THENAR_TOPIC_MOTION, &m);
    stamp(topics, THENAR_TOPIC_MOTION, record, &m.stamp);
    m.acceleration_x_m_s2 = sample->acceleration_m_s2[0];
    m.acceleration_y_m_s2 = sample->acceleration_m_s2[1];
    m.acceleration_z_m_s2 = sample->acceleration_m_s2[2];
    m.angular_rate_x_rad_s = sample->angular_rate_rad_s[0];
    m.angular_rate_y_rad_s = sample->angular_rate_rad_s[1];
    m.angular_rate_z_rad_s = sample->angular_rate_rad_s[2];
    send_payload(topics, THENAR_TOPIC_MOTION, &m, NULL);
}

/* What the coach says comes ready but for its stamp. */
static void publish_said(struct feed_topics *topics, enum thenar_topic_kind kind,
                         const struct device_record *record, union thenar_payload *payload)
{
    stamp(topics, kind, record, &payload->stamp);
    send_payload(topics, kind, payload, NULL);
}

static void publish_state(struct feed_topics *topics, const struct device_record *record)
{
    topics->state = record->state;
    add_own(topics, moment_monotonic_ns());
    stamp(topics, THENAR_TOPIC_STATUS, record, &topics->state.stamp);
    send_payload(topics, THENAR_TOPIC_STATUS, &topics->state, NULL);
}

bool feed_topics_publish(struct feed_topics *topics, const struct device_record *record)
{
    switch (record->kind) {
    case DEVICE_STATE:
        publish_state(topics, record);
        return true;
    case DEVICE_FRAME:
        publish_record(topics, record);
        break;
    case DEVICE_EVENTS:
        publish_events(topics, record);
        break;
    case DEVICE_GAP:
        publish_gap(topics, record);
        break;
    case DEVICE_CUE:
        publish_said(topics, THENAR_TOPIC_CUE, record, &(union thenar_payload){.cue = record->cue});
        break;
    case DEVICE_PLAN:
        publish_said(topics, THENAR_TOPIC_PLAN, record,
                     &(union thenar_payload){.plan = record->plan});
        break;
    case DEVICE_COMFORT:
        publish_said(topics, THENAR_TOPIC_COMFORT, record,
                     &(union thenar_payload){.comfort = record->comfort});
        break;
    case DEVICE_MOTION:
        publish_motion(topics, record);
        break;
    }
    return false;
}

void feed_topics_publish_session(struct feed_topics *topics, struct thenar_feed_session *session)
{
    memcpy(session->station, topics->station, sizeof session->station);
    memcpy(session->device, topics->device, sizeof session->device);
    session->stamp = topics->state.stamp; /* the last frame's times, as in the status before it */
    session->stamp.seq = topics->seqs[THENAR_TOPIC_SESSION]++;
    session->stamp.t_publish = moment_unix_s(moment_now());
    send_payload(topics, THENAR_TOPIC_SESSION, session, NULL);
}

/* SPDX-License-Identifier: MIT */
/* One row a field: member, type, presence, decimals, unit, description. FEED.md has the same rows
 * in words, and a test compares them. */
#include "feed/payload_tables.h"

#include <stddef.h>

/* clang-format off */

/* The field is named like the member: name, the name as written, its length, offset, size. */
#define MEMBER(kind, member)                                                                       \
    #member, "\"" #member "\":", sizeof #member + 2,                                               \
    offsetof(struct thenar_feed_##kind, member),                                                   \
    sizeof(((struct thenar_feed_##kind *)0)->member)

enum {
    BOOL = THENAR_FIELD_BOOL, U32 = THENAR_FIELD_U32, U64 = THENAR_FIELD_U64,
    FLOAT = THENAR_FIELD_FLOAT, DOUBLE = THENAR_FIELD_DOUBLE, TEXT = THENAR_FIELD_TEXT
};
enum {
    ALWAYS = THENAR_ALWAYS, MAYBE = THENAR_MAYBE, IF_KPA = THENAR_IF_CALIBRATED,
    IF_REL = THENAR_IF_RELATIVE
};

/* What was scanned has all four times; ... */
static const struct thenar_field stamp_of_frame[] = {
    {MEMBER(stamp, seq), U64, ALWAYS, 0, "",
     "counts the messages of this topic from 0; a jump tells what was missed"},
    {MEMBER(stamp, t_device), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which the frame was scanned: device time mapped to the host clock"},
    {MEMBER(stamp, t_arrival), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which the read returned that completed the frame"},
    {MEMBER(stamp, t_publish), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which the message was handed to the socket"},
    {MEMBER(stamp, device_s), DOUBLE, ALWAYS, 6, "s",
     "device clock since its reset; for intervals free of any clock fit"},
};

/* ... a device that was never seen has no time of its own. */
static const struct thenar_field stamp_of_device[] = {
    {MEMBER(stamp, seq), U64, ALWAYS, 0, "",
     "counts the messages of this topic from 0; a jump tells what was missed"},
    {MEMBER(stamp, t_device), DOUBLE, MAYBE, 6, "s",
     "Unix time of the last frame by the device clock; absent before the first frame"},
    {MEMBER(stamp, t_arrival), DOUBLE, MAYBE, 6, "s",
     "Unix time at which that frame arrived; absent before the first frame"},
    {MEMBER(stamp, t_publish), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which the message was handed to the socket"},
    {MEMBER(stamp, device_s), DOUBLE, MAYBE, 6, "s",
     "device clock at that frame; absent before the first frame"},
};

static const struct thenar_field metrics_fields[] = {
    {MEMBER(metrics, frame_seq), U32, ALWAYS, 0, "",
     "sequence number of the frame, as the device counts"},
    {MEMBER(metrics, technique), TEXT, ALWAYS, 0, "",
     "name of the technique; may be unknown, or a parent (hold, rhythm) until history decides"},
    {MEMBER(metrics, technique_confidence), FLOAT, ALWAYS, 3, "",
     "0 to 1"},
    {MEMBER(metrics, force_n), FLOAT, IF_KPA, 3, "N",
     "sum of pressure times cell area over the touched taxels"},
    {MEMBER(metrics, peak_kpa), FLOAT, IF_KPA, 3, "kPa",
     "largest filtered pressure; 0 when nothing is touched"},
    {MEMBER(metrics, peak_raw_kpa), FLOAT, IF_KPA, 3, "kPa",
     "largest unfiltered pressure of the same frame"},
    {MEMBER(metrics, mean_kpa), FLOAT, IF_KPA, 3, "kPa",
     "mean over the touched taxels; 0 when nothing is touched"},
    {MEMBER(metrics, force_rel), FLOAT, IF_REL, 4, "cm2",
     "sum of relative value times cell area over the touched taxels"},
    {MEMBER(metrics, peak_rel), FLOAT, IF_REL, 5, "",
     "largest filtered value, 0 to 1 of full scale; 0 when nothing is touched"},
    {MEMBER(metrics, peak_raw_rel), FLOAT, IF_REL, 5, "",
     "largest unfiltered value of the same frame"},
    {MEMBER(metrics, mean_rel), FLOAT, IF_REL, 5, "",
     "mean over the touched taxels; 0 when nothing is touched"},
    {MEMBER(metrics, contact_cm2), FLOAT, ALWAYS, 2, "cm2",
     "area of the touched taxels"},
    {MEMBER(metrics, cop_x_mm), FLOAT, MAYBE, 2, "mm",
     "centre of pressure, x from the middle of the array; absent when nothing is touched"},
    {MEMBER(metrics, cop_y_mm), FLOAT, MAYBE, 2, "mm",
     "the same, y; absent when nothing is touched"},
    {MEMBER(metrics, contacts), U32, ALWAYS, 0, "",
     "contacts that are followed now"},
    {MEMBER(metrics, pace_cpm), FLOAT, MAYBE, 2, "1/min",
     "cycles a minute; absent when there is no rhythm"},
    {MEMBER(metrics, pace_confidence), FLOAT, MAYBE, 3, "",
     "0 to 1; absent with pace_cpm"},
    {MEMBER(metrics, regularity_pct), FLOAT, MAYBE, 2, "%",
     "coefficient of variation of the cycle intervals; absent when there is no rhythm"},
    {MEMBER(metrics, speed_mm_s), FLOAT, MAYBE, 2, "mm/s",
     "speed of the strongest contact; absent when nothing is touched"},
    {MEMBER(metrics, saturated_taxels), U32, ALWAYS, 0, "",
     "taxels at the end of their range: the pressure there is at least what is said"},
    {MEMBER(metrics, dead_taxels), U32, ALWAYS, 0, "",
     "taxels that exist but do not answer"},
    {MEMBER(metrics, filter_delay_ms), FLOAT, ALWAYS, 3, "ms",
     "by how much filtered values lag t_device"},
    {MEMBER(metrics, uncalibrated), BOOL, ALWAYS, 0, "",
     "true: relative values, no kPa and no newtons"},
};

static const struct thenar_field contact_fields[] = {
    {MEMBER(contact, frame_seq), U32, ALWAYS, 0, "",
     "sequence number of the frame"},
    {MEMBER(contact, contact_id), U32, ALWAYS, 0, "",
     "the same contact keeps its number from touch to lift"},
    {MEMBER(contact, age_s), FLOAT, ALWAYS, 3, "s",
     "since it touched"},
    {MEMBER(contact, force_n), FLOAT, IF_KPA, 3, "N",
     "sum of pressure times cell area over the contact"},
    {MEMBER(contact, peak_kpa), FLOAT, IF_KPA, 3, "kPa",
     "largest filtered pressure in the contact"},
    {MEMBER(contact, force_rel), FLOAT, IF_REL, 4, "cm2",
     "sum of relative value times cell area over the contact"},
    {MEMBER(contact, peak_rel), FLOAT, IF_REL, 5, "",
     "largest filtered value in the contact, 0 to 1 of full scale"},
    {MEMBER(contact, contact_cm2), FLOAT, ALWAYS, 2, "cm2",
     "area"},
    {MEMBER(contact, cop_x_mm), FLOAT, ALWAYS, 2, "mm",
     "centre of pressure from the middle of the array, along the columns"},
    {MEMBER(contact, cop_y_mm), FLOAT, ALWAYS, 2, "mm",
     "the same along the rows"},
    {MEMBER(contact, velocity_x_mm_s), FLOAT, ALWAYS, 2, "mm/s",
     "of the centre of pressure, smoothed over about 50 ms"},
    {MEMBER(contact, velocity_y_mm_s), FLOAT, ALWAYS, 2, "mm/s",
     "the same along the rows"},
    {MEMBER(contact, major_mm), FLOAT, ALWAYS, 2, "mm",
     "length of the long axis: 4 standard deviations of the pressure"},
    {MEMBER(contact, minor_mm), FLOAT, ALWAYS, 2, "mm",
     "length of the short axis"},
    {MEMBER(contact, angle_deg), FLOAT, ALWAYS, 2, "deg",
     "of the long axis from +x towards +y, -90 to 90"},
    {MEMBER(contact, uncalibrated), BOOL, ALWAYS, 0, "",
     "true: relative values"},
};

static const struct thenar_field stroke_fields[] = {
    {MEMBER(stroke, technique), TEXT, ALWAYS, 0, "",
     "name of the technique that the stroke belongs to; may be unknown or a parent"},
    {MEMBER(stroke, t_start), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which it began"},
    {MEMBER(stroke, t_end), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which it ended"},
    {MEMBER(stroke, start_device_s), DOUBLE, ALWAYS, 6, "s",
     "device clock at its begin"},
    {MEMBER(stroke, end_device_s), DOUBLE, ALWAYS, 6, "s",
     "device clock at its end"},
    {MEMBER(stroke, duration_s), FLOAT, ALWAYS, 4, "s",
     "end minus begin, by the device clock"},
    {MEMBER(stroke, peak_kpa), FLOAT, IF_KPA, 3, "kPa",
     "largest filtered pressure"},
    {MEMBER(stroke, mean_kpa), FLOAT, IF_KPA, 3, "kPa",
     "mean over the touched taxels and the stroke"},
    {MEMBER(stroke, mean_force_n), FLOAT, IF_KPA, 3, "N",
     "mean force"},
    {MEMBER(stroke, impulse_n_s), FLOAT, IF_KPA, 3, "N s",
     "force over time"},
    {MEMBER(stroke, peak_rel), FLOAT, IF_REL, 5, "",
     "largest filtered value, 0 to 1 of full scale"},
    {MEMBER(stroke, mean_rel), FLOAT, IF_REL, 5, "",
     "mean over the touched taxels and the stroke"},
    {MEMBER(stroke, mean_force_rel), FLOAT, IF_REL, 4, "cm2",
     "mean of the relative force"},
    {MEMBER(stroke, impulse_rel_s), FLOAT, IF_REL, 4, "cm2 s",
     "relative force over time"},
    {MEMBER(stroke, path_mm), FLOAT, ALWAYS, 2, "mm",
     "way of the centre of pressure"},
    {MEMBER(stroke, direction_deg), FLOAT, MAYBE, 2, "deg",
     "from start to end, from +x towards +y; absent when it stayed in place"},
    {MEMBER(stroke, speed_mm_s), FLOAT, ALWAYS, 2, "mm/s",
     "path over duration"},
    {MEMBER(stroke, contact_cm2), FLOAT, ALWAYS, 2, "cm2",
     "mean contact area"},
    {MEMBER(stroke, evenness_pct), FLOAT, ALWAYS, 2, "%",
     "100 less the coefficient of variation of the force, not below 0"},
    {MEMBER(stroke, interval_s), FLOAT, MAYBE, 4, "s",
     "from the begin of the stroke before to the begin of this one; absent for the first"},
    {MEMBER(stroke, uncalibrated), BOOL, ALWAYS, 0, "",
     "true: relative values"},
};

static const struct thenar_field episode_fields[] = {
    {MEMBER(episode, technique), TEXT, ALWAYS, 0, "",
     "final name of the technique, or unknown"},
    {MEMBER(episode, confidence), FLOAT, ALWAYS, 3, "",
     "0 to 1"},
    {MEMBER(episode, t_start), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which it began"},
    {MEMBER(episode, t_end), DOUBLE, ALWAYS, 6, "s",
     "Unix time at which it ended"},
    {MEMBER(episode, start_device_s), DOUBLE, ALWAYS, 6, "s",
     "device clock at its begin"},
    {MEMBER(episode, end_device_s), DOUBLE, ALWAYS, 6, "s",
     "device clock at its end"},
    {MEMBER(episode, duration_s), FLOAT, ALWAYS, 4, "s",
     "end minus begin, by the device clock"},
    {MEMBER(episode, strokes), U32, ALWAYS, 0, "",
     "strokes in it"},
    {MEMBER(episode, pace_cpm), FLOAT, MAYBE, 2, "1/min",
     "cycles a minute; absent when there was no rhythm"},
    {MEMBER(episode, regularity_pct), FLOAT, MAYBE, 2, "%",
     "coefficient of variation of the cycle intervals; absent when there was no rhythm"},
    {MEMBER(episode, peak_kpa), FLOAT, IF_KPA, 3, "kPa",
     "largest filtered pressure"},
    {MEMBER(episode, mean_kpa), FLOAT, IF_KPA, 3, "kPa",
     "mean over the touched taxels and the episode"},
    {MEMBER(episode, mean_force_n), FLOAT, IF_KPA, 3, "N",
     "mean force"},
    {MEMBER(episode, peak_rel), FLOAT, IF_REL, 5, "",
     "largest filtered value, 0 to 1 of full scale"},
    {MEMBER(episode, mean_rel), FLOAT, IF_REL, 5, "",
     "mean over the touched taxels and the episode"},
    {MEMBER(episode, mean_force_rel), FLOAT, IF_REL, 4, "cm2",
     "mean of the relative force"},
    {MEMBER(episode, contact_cm2), FLOAT, ALWAYS, 2, "cm2",
     "mean contact area"},
    {MEMBER(episode, uncalibrated), BOOL, ALWAYS, 0, "",
     "true: relative values"},
};

static const struct thenar_field frame_fields[] = {
    {MEMBER(frame, frame_seq), U32, ALWAYS, 0, "",
     "sequence number of the frame"},
    {MEMBER(frame, n_rows), U32, ALWAYS, 0, "",
     "rows of the matrix"},
    {MEMBER(frame, n_cols), U32, ALWAYS, 0, "",
     "columns of the matrix"},
    {MEMBER(frame, unit), TEXT, ALWAYS, 0, "",
     "unit of the matrix: kpa, or rel (0 to 1 of full scale)"},
    {MEMBER(frame, pitch_x_mm), FLOAT, ALWAYS, 3, "mm",
     "from column to column"},
    {MEMBER(frame, pitch_y_mm), FLOAT, ALWAYS, 3, "mm",
     "from row to row"},
    {MEMBER(frame, uncalibrated), BOOL, ALWAYS, 0, "",
     "true: the unit is rel"},
};

static const struct thenar_field gap_fields[] = {
    {MEMBER(gap, side), TEXT, ALWAYS, 0, "",
     "where frames were lost: device, link, host, or source (the device was away)"},
    {MEMBER(gap, frames_lost), U32, ALWAYS, 0, "",
     "how many; 0 when nobody can count them (the device was away or restarted)"},
    {MEMBER(gap, from_frame_seq), U32, ALWAYS, 0, "",
     "last frame before the hole"},
    {MEMBER(gap, to_frame_seq), U32, ALWAYS, 0, "",
     "first frame after it"},
    {MEMBER(gap, lost_s), FLOAT, ALWAYS, 4, "s",
     "time between those two, less one frame interval"},
    {MEMBER(gap, reason), TEXT, ALWAYS, 0, "",
     "a sentence"},
};

static const struct thenar_field status_fields[] = {
    {MEMBER(status, station), TEXT, ALWAYS, 0, "",
     "as in the topic"},
    {MEMBER(status, device), TEXT, ALWAYS, 0, "",
     "as in the topic"},
    {MEMBER(status, state), TEXT, ALWAYS, 0, "",
     "streaming, connecting, absent, ended or failed"},
    {MEMBER(status, reason), TEXT, MAYBE, 0, "",
     "what is wrong and what to do; absent while streaming"},
    {MEMBER(status, uri), TEXT, ALWAYS, 0, "",
     "where the device is looked for"},
    {MEMBER(status, model), TEXT, MAYBE, 0, "",
     "model; absent until the device said it"},
    {MEMBER(status, serial), TEXT, MAYBE, 0, "",
     "serial number; absent until the device said it"},
    {MEMBER(status, firmware), TEXT, MAYBE, 0, "",
     "firmware build; absent until the device said it"},
    {MEMBER(status, mount), TEXT, MAYBE, 0, "",
     "pad, torso, mat or glove; absent until known"},
    {MEMBER(status, n_rows), U32, ALWAYS, 0, "",
     "rows; 0 until known"},
    {MEMBER(status, n_cols), U32, ALWAYS, 0, "",
     "columns; 0 until known"},
    {MEMBER(status, pitch_x_mm), FLOAT, MAYBE, 3, "mm",
     "from column to column; absent until known"},
    {MEMBER(status, pitch_y_mm), FLOAT, MAYBE, 3, "mm",
     "from row to row; absent until known"},
    {MEMBER(status, rate_hz), FLOAT, MAYBE, 3, "Hz",
     "nominal frame rate; absent until known"},
    {MEMBER(status, measured_rate_hz), FLOAT, MAYBE, 3, "Hz",
     "frames that came in the last seconds, a second; absent while not streaming"},
    {MEMBER(status, metrics_rate_hz), FLOAT, ALWAYS, 3, "Hz",
     "metrics and contact messages a second, asked for"},
    {MEMBER(status, frame_rate_hz), FLOAT, ALWAYS, 3, "Hz",
     "frame messages a second, asked for"},
    {MEMBER(status, frames), U64, ALWAYS, 0, "",
     "frames received since the daemon started"},
    {MEMBER(status, lost_device), U64, ALWAYS, 0, "",
     "frames that the device dropped"},
    {MEMBER(status, lost_link), U64, ALWAYS, 0, "",
     "frames lost or damaged between device and host"},
    {MEMBER(status, lost_host), U64, ALWAYS, 0, "",
     "frames that the daemon was too slow for"},
    {MEMBER(status, gaps), U64, ALWAYS, 0, "",
     "holes in the sequence"},
    {MEMBER(status, bad_messages), U64, ALWAYS, 0, "",
     "damaged messages from the device"},
    {MEMBER(status, late_scans), U64, ALWAYS, 0, "",
     "scan steps that the device made too late"},
    {MEMBER(status, reconnects), U64, ALWAYS, 0, "",
     "times that the device came back"},
    {MEMBER(status, uncalibrated), BOOL, ALWAYS, 0, "",
     "true: this device gives relative values"},
    {MEMBER(status, calibration), TEXT, ALWAYS, 0, "",
     "none or factory"},
    {MEMBER(status, calibration_uncertainty_pct), FLOAT, MAYBE, 2, "%",
     "standard uncertainty of a reading, of the reading; absent without calibration"},
    {MEMBER(status, filter_form), TEXT, MAYBE, 0, "",
     "form and kernel of the low-pass, as in direct/avx2; absent until known"},
    {MEMBER(status, filter_taps), U32, ALWAYS, 0, "",
     "length of the low-pass; 0 until known"},
    {MEMBER(status, filter_pass_hz), FLOAT, MAYBE, 3, "Hz",
     "end of its pass band; absent until known"},
    {MEMBER(status, filter_stop_hz), FLOAT, MAYBE, 3, "Hz",
     "begin of its stop band; absent until known"},
    {MEMBER(status, filter_delay_ms), FLOAT, MAYBE, 3, "ms",
     "by how much filtered values lag t_device; absent until known"},
    {MEMBER(status, dead_taxels), U32, ALWAYS, 0, "",
     "taxels that exist but do not answer"},
    {MEMBER(status, temperature_c), FLOAT, MAYBE, 2, "degC",
     "of the device; absent when it does not measure it"},
    {MEMBER(status, supply_v), FLOAT, MAYBE, 3, "V",
     "of the device; absent when it does not measure it"},
    {MEMBER(status, latency_pipeline_p50_us), FLOAT, MAYBE, 2, "us",
     "arrival to the pipeline's end, median of the last minute; absent before any frame"},
    {MEMBER(status, latency_pipeline_p99_us), FLOAT, MAYBE, 2, "us",
     "the same, 99th percentile"},
    {MEMBER(status, latency_publish_p50_us), FLOAT, MAYBE, 2, "us",
     "arrival to t_publish, median of the last minute; absent before the first message"},
    {MEMBER(status, latency_publish_p99_us), FLOAT, MAYBE, 2, "us",
     "the same, 99th percentile"},
    {MEMBER(status, technique_model), TEXT, ALWAYS, 0, "",
     "what names the techniques, with its version"},
    {MEMBER(status, plan), TEXT, MAYBE, 0, "",
     "name of the plan in force; absent when there is none"},
    {MEMBER(status, uptime_s), FLOAT, ALWAYS, 1, "s",
     "since the daemon started"},
    {MEMBER(status, version), TEXT, ALWAYS, 0, "",
     "of the daemon"},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define RECORD(kind, stamp, decides)                                                               \
    {#kind, sizeof(struct thenar_feed_##kind), stamp, COUNT(stamp), kind##_fields,                 \
     COUNT(kind##_fields), decides}
#define DECIDED_BY(kind) (int)offsetof(struct thenar_feed_##kind, uncalibrated)

static const struct thenar_record metrics_record =
    RECORD(metrics, stamp_of_frame, DECIDED_BY(metrics));
static const struct thenar_record contact_record =
    RECORD(contact, stamp_of_frame, DECIDED_BY(contact));
static const struct thenar_record stroke_record =
    RECORD(stroke, stamp_of_frame, DECIDED_BY(stroke));
static const struct thenar_record episode_record =
    RECORD(episode, stamp_of_frame, DECIDED_BY(episode));
static const struct thenar_record frame_record =
    RECORD(frame, stamp_of_frame, -1);
static const struct thenar_record gap_record =
    RECORD(gap, stamp_of_device, -1);
static const struct thenar_record status_record =
    RECORD(status, stamp_of_device, -1);

const struct thenar_record *const payload_tables[THENAR_N_TOPIC_KINDS] = {
    [THENAR_TOPIC_METRICS] = &metrics_record,
    [THENAR_TOPIC_CONTACT] = &contact_record,
    [THENAR_TOPIC_STROKE] = &stroke_record,
    [THENAR_TOPIC_EPISODE] = &episode_record,
    [THENAR_TOPIC_FRAME] = &frame_record,
    [THENAR_TOPIC_GAP] = &gap_record,
    [THENAR_TOPIC_STATUS] = &status_record,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_tables.h"

#include <string.h>

/* clang-format off */

#define PLACE(kind, member) offsetof(struct session_##kind##_row, member), \
    sizeof(((struct session_##kind##_row *)0)->member)
#define COLUMN(kind, member, type, unit, description) \
    {#member, NULL, SESSION_##type, PLACE(kind, member), 1, unit, NULL, description}
#define EITHER(kind, member, kpa, rel, unit, unit_rel, description) \
    {kpa, rel, SESSION_F32, PLACE(kind, member), 1, unit, unit_rel, description}
#define CHECK(kind) COLUMN(kind, crc32, U32, "", "CRC-32 (zlib) of all octets of this row before it")
#define RESERVED(kind) COLUMN(kind, reserved, U32, "", "0")
#define FRAME(kind) COLUMN(kind, frame, U64, "", "index of the frame's row in `frames`")

static const struct session_column frames[] = {
    COLUMN(frame, ticks, U64, "ticks", "device clock at the start of the scan; 0 where there is none"),
    COLUMN(frame, device_s, F64, "s", "the same in seconds: what the pipeline was given"),
    COLUMN(frame, t_device, F64, "s", "Unix time of the scan by the fit of device ticks to the host; never steps"),
    COLUMN(frame, arrival_ns, I64, "ns", "monotonic clock of the host when the frame was complete"),
    COLUMN(frame, arrival_unix_ns, I64, "ns", "wall clock of the host at that moment, with its steps"),
    COLUMN(frame, sequence, U32, "", "as the device counts; a jump is explained in `gaps`"),
    COLUMN(frame, n_dropped, U32, "", "frames that the device dropped since its reset"),
    COLUMN(frame, scan_s, F32, "s", "how long the scan took; 0: unknown"),
    COLUMN(frame, uncertainty_s, F32, "s", "standard uncertainty of t_device; NaN: unknown"),
    COLUMN(frame, n_late, U16, "", "steps of the scan that came late"),
    COLUMN(frame, flags, U16, "", "bit 0: trigger input high; bit 1: the device began anew, and so did the pipeline, before this frame"),
    COLUMN(frame, crc32, U32, "", "CRC-32 (zlib) of the crc32 of the row before, this row's octets before it, and the frame's samples"),
};

static const struct session_column metrics[] = {
    FRAME(metrics),
    COLUMN(metrics, device_s, F64, "s", "device clock"),
    COLUMN(metrics, t_device, F64, "s", "Unix time of the scan"),
    EITHER(metrics, force, "force_n", "force_rel", "N", "cm2", "sum of pressure times cell area over the touched taxels"),
    EITHER(metrics, peak, "peak_kpa", "peak_rel", "kPa", "", "largest filtered pressure; 0 when nothing is touched"),
    EITHER(metrics, peak_raw, "peak_raw_kpa", "peak_raw_rel", "kPa", "", "largest unfiltered pressure of the same frame"),
    EITHER(metrics, mean, "mean_kpa", "mean_rel", "kPa", "", "mean over the touched taxels"),
    COLUMN(metrics, contact_cm2, F32, "cm2", "area of the touched taxels"),
    COLUMN(metrics, cop_x_mm, F32, "mm", "centre of pressure from the array's middle, along the columns; NaN when nothing is touched"),
    COLUMN(metrics, cop_y_mm, F32, "mm", "the same along the rows"),
    COLUMN(metrics, speed_mm_s, F32, "mm/s", "of the strongest contact; NaN when nothing is touched"),
    COLUMN(metrics, pace_cpm, F32, "1/min", "cycles a minute; NaN when there is no rhythm"),
    COLUMN(metrics, pace_confidence, F32, "", "0 to 1; NaN with pace_cpm"),
    COLUMN(metrics, regularity_pct, F32, "%", "coefficient of variation of the cycle intervals; NaN"),
    COLUMN(metrics, technique_confidence, F32, "", "0 to 1"),
    COLUMN(metrics, technique, TEXT, "", "name; may be unknown, or a parent (hold, rhythm) until history decides"),
    COLUMN(metrics, n_contacts, U16, "", "contacts that are followed"),
    COLUMN(metrics, n_saturated, U16, "", "taxels at the end of their range"),
    COLUMN(metrics, n_touched, U32, "", "taxels above the gate"),
    COLUMN(metrics, pace_hand_cpm, F32, "1/min", "of each hand, half of pace_cpm; NaN unless two hands are told apart that take turns"),
    COLUMN(metrics, phase, F32, "", "0 to 1: where in its cycle the hand was; NaN when there is no rhythm"),
    COLUMN(metrics, phase_confidence, F32, "", "0 to 1; NaN with phase"),
    EITHER(metrics, load_change, "load_change_n", "load_change_rel", "N", "cm2", "of a mat: load against the lying body's; NaN until that is known, and elsewhere"),
    COLUMN(metrics, breath_cpm, F32, "1/min", "of a mat: breaths a minute of who lies there; NaN when not seen, or hidden by the hands"),
    COLUMN(metrics, breath_confidence, F32, "", "0 to 1; NaN with breath_cpm"),
    EITHER(metrics, shift, "shift_n", "shift_rel", "N", "cm2", "of a mat: load that the last change of posture moved; NaN before one"),
    COLUMN(metrics, shift_age_s, F32, "s", "of a mat: since that change of posture was over; NaN before one"),
    RESERVED(metrics),
    CHECK(metrics),
};

static const struct session_column strokes[] = {
    FRAME(stroke),
    COLUMN(stroke, start_s, F64, "s", "begin, device clock"),
    COLUMN(stroke, end_s, F64, "s", "end, device clock"),
    COLUMN(stroke, t_start, F64, "s", "begin, Unix time"),
    COLUMN(stroke, t_end, F64, "s", "end, Unix time"),
    COLUMN(stroke, technique, TEXT, "", "name"),
    EITHER(stroke, peak, "peak_kpa", "peak_rel", "kPa", "", "largest filtered pressure"),
    EITHER(stroke, mean, "mean_kpa", "mean_rel", "kPa", "", "mean over the touched taxels and the stroke"),
    EITHER(stroke, mean_force, "mean_force_n", "mean_force_rel", "N", "cm2", "mean force"),
    EITHER(stroke, impulse, "impulse_n_s", "impulse_rel_s", "N s", "cm2 s", "force over time"),
    COLUMN(stroke, path_mm, F32, "mm", "way of the centre of pressure"),
    COLUMN(stroke, direction_deg, F32, "deg", "from start to end, from +x towards +y; NaN when it stayed"),
    COLUMN(stroke, speed_mm_s, F32, "mm/s", "path over duration"),
    COLUMN(stroke, contact_cm2, F32, "cm2", "mean contact area"),
    COLUMN(stroke, evenness_pct, F32, "%", "100 less the coefficient of variation of the force, not below 0"),
    COLUMN(stroke, interval_s, F32, "s", "from the start of the stroke before; NaN for the first"),
    COLUMN(stroke, hand, U32, "", "where two hands take turns: 1, or 2, which is further along x (or y, when they lie above each other); 0: not told apart"),
    CHECK(stroke),
};

static const struct session_column episodes[] = {
    FRAME(episode),
    COLUMN(episode, start_s, F64, "s", "begin, device clock"),
    COLUMN(episode, end_s, F64, "s", "end, device clock"),
    COLUMN(episode, t_start, F64, "s", "begin, Unix time"),
    COLUMN(episode, t_end, F64, "s", "end, Unix time"),
    COLUMN(episode, technique, TEXT, "", "final name"),
    COLUMN(episode, confidence, F32, "", "0 to 1"),
    COLUMN(episode, pace_cpm, F32, "1/min", "cycles a minute; NaN when there was no rhythm"),
    COLUMN(episode, regularity_pct, F32, "%", "coefficient of variation of the cycle intervals; NaN"),
    EITHER(episode, peak, "peak_kpa", "peak_rel", "kPa", "", "largest filtered pressure"),
    EITHER(episode, mean, "mean_kpa", "mean_rel", "kPa", "", "mean over the touched taxels and the episode"),
    EITHER(episode, mean_force, "mean_force_n", "mean_force_rel", "N", "cm2", "mean force"),
    COLUMN(episode, contact_cm2, F32, "cm2", "mean contact area"),
    COLUMN(episode, n_strokes, U32, "", "strokes in it"),
    COLUMN(episode, pace_hand_cpm, F32, "1/min", "of each of two hands that took turns; NaN otherwise"),
    CHECK(episode),
};

static const struct session_column gaps[] = {
    FRAME(gap),
    COLUMN(gap, t, F64, "s", "Unix time of the last frame before the hole"),
    COLUMN(gap, lost_s, F64, "s", "device time between the two frames, less one interval"),
    COLUMN(gap, n_bad_messages, U64, "", "damaged messages meanwhile"),
    COLUMN(gap, n_frames, U32, "", "frames lost; 0: nobody can count them (the device was away or restarted)"),
    COLUMN(gap, from_sequence, U32, "", "last frame before the hole"),
    COLUMN(gap, to_sequence, U32, "", "first frame after it"),
    COLUMN(gap, side, TEXT, "", "who lost them: device, link, host (the daemon was too slow), disk (no room, or too slow), source (away)"),
    CHECK(gap),
};

static const struct session_column cues[] = {
    FRAME(cue),
    COLUMN(cue, device_s, F64, "s", "device clock"),
    COLUMN(cue, t_device, F64, "s", "Unix time"),
    COLUMN(cue, cue, TEXT, "", "kind of cue"),
    COLUMN(cue, text, TEXT, "", "what was said"),
    COLUMN(cue, value, F32, "", "the value that it was about, in the unit that the text names; NaN"),
    CHECK(cue),
};

static const struct session_column scores[] = {
    FRAME(score),
    COLUMN(score, t, F64, "s", "Unix time, wall clock"),
    COLUMN(score, plan, TEXT, "", "the plan that is followed"),
    COLUMN(score, state, TEXT, "", "waiting, running, paused, over time, finished"),
    COLUMN(score, step, U32, "", "the step in force, from 1; one more than n_steps: finished"),
    COLUMN(score, n_steps, U32, "", "steps of the plan"),
    COLUMN(score, practice_score, F32, "", "0 to 100, mean of the parts by their weights; NaN: nothing to judge yet"),
    COLUMN(score, pressure_pct, F32, "%", "of the time within the band of pressure; NaN"),
    COLUMN(score, pace_pct, F32, "%", "of the time within the band of pace; NaN"),
    COLUMN(score, holds_pct, F32, "%", "of the holds that were as long as the plan wants; NaN"),
    COLUMN(score, regularity_pct, F32, "%", "of the time with a regular rhythm; NaN"),
    COLUMN(score, time_pct, F32, "%", "of the time that the plan wants, spent on its techniques; NaN"),
    RESERVED(score),
    CHECK(score),
};

static const struct session_column commands[] = {
    COLUMN(command, frame, U64, "", "index of the row of the first frame that it holds for"),
    COLUMN(command, t, F64, "s", "Unix time, wall clock"),
    COLUMN(command, value, F64, "", "tare: span in s; rate: frames a second in force; comfort: pain, 0 to 10; else NaN"),
    COLUMN(command, sequence, U32, "", "sequence that this frame would have: one after the last"),
    COLUMN(command, is_done, U32, "", "1: done; 0: refused"),
    COLUMN(command, command, TEXT, "", "name, as in FEED.md"),
    COLUMN(command, request, TEXT, "", "the request, JSON, cut at 255 octets"),
    COLUMN(command, is_loaded, U32, "", "tare: 1: taken under load, the zero then stays as it is; else 0"),
    CHECK(command),
};

static const struct session_column notes[] = {
    FRAME(note),
    COLUMN(note, t, F64, "s", "Unix time, wall clock"),
    COLUMN(note, text, TEXT, "", "the note"),
    CHECK(note),
};

static const struct session_column documents[] = {
    FRAME(document),
    COLUMN(document, t, F64, "s", "Unix time, wall clock"),
    COLUMN(document, kind, TEXT, "", "plan, calibration, hello (what the device said of itself)"),
    COLUMN(document, name, TEXT, "", "of the plan, of the calibration's file; the serial number"),
    COLUMN(document, part, U32, "", "which piece of the text, from 1"),
    COLUMN(document, n_parts, U32, "", "of so many"),
    COLUMN(document, text, TEXT, "", "the piece"),
    CHECK(document),
};

static const struct session_column events[] = {
    FRAME(event),
    COLUMN(event, t, F64, "s", "Unix time, wall clock"),
    COLUMN(event, event, TEXT, "", "lost, returned, fault, anew, ended, touched"),
    COLUMN(event, text, TEXT, "", "a sentence"),
    CHECK(event),
};

static const struct session_column health[] = {
    COLUMN(health, ticks, U64, "ticks", "device clock"),
    COLUMN(health, t, F64, "s", "Unix time, wall clock"),
    COLUMN(health, temperature_c, F32, "degC", "of the device; NaN: not measured"),
    COLUMN(health, supply_v, F32, "V", "of the device; NaN: not measured"),
    COLUMN(health, uptime_s, U32, "s", "since the device's reset"),
    COLUMN(health, n_frames, U32, "", "frames scanned since the reset"),
    COLUMN(health, n_dropped, U32, "", "frames dropped since the reset"),
    COLUMN(health, n_overruns, U32, "", "scans that began late"),
    COLUMN(health, n_link_stalls, U32, "", "times that the host took nothing for 100 ms"),
    COLUMN(health, n_watchdog_resets, U32, "", "resets by the watchdog"),
    COLUMN(health, n_bad_commands, U32, "", "messages from the host that the device could not read"),
    COLUMN(health, last_fault, U32, "", "code of the last fault, kept across the reset; 0: none"),
    RESERVED(health),
    CHECK(health),
};

static const struct session_column aux[] = {
    COLUMN(aux, ticks, U64, "ticks", "device clock"),
    COLUMN(aux, t, F64, "s", "Unix time, wall clock, at arrival"),
    COLUMN(aux, channel, U32, "", "number of the channel in `channels`"),
    COLUMN(aux, n_values, U32, "", "values that are used"),
    {"values", NULL, SESSION_I32, PLACE(aux, values), SESSION_AUX_VALUES, "", NULL,
     "steps of the channel's scale"},
    CHECK(aux),
};

static const struct session_column taxels[] = {
    COLUMN(taxel, x_mm, F32, "mm", "from the array's middle, along the columns"),
    COLUMN(taxel, y_mm, F32, "mm", "from the array's middle, along the rows"),
    COLUMN(taxel, cell_mm2, F32, "mm2", "surface that the taxel stands for"),
    COLUMN(taxel, sensing_mm2, F32, "mm2", "area that the taxel itself feels"),
    COLUMN(taxel, gain, F32, "", "of the sensor law; 1 when unknown"),
    EITHER(taxel, zero, "zero_kpa", "zero_rel", "kPa", "%", "what is subtracted when the session begins; later zeros are tare commands"),
    COLUMN(taxel, row, U16, "", "row"),
    COLUMN(taxel, col, U16, "", "column"),
    COLUMN(taxel, exists, U32, "", "1: there is a taxel"),
    RESERVED(taxel),
    CHECK(taxel),
};

static const struct session_column settings[] = {
    COLUMN(setting, key, TEXT, "", "setting of thenard.conf(5)"),
    COLUMN(setting, value, TEXT, "", "value in force"),
    CHECK(setting),
};

static const struct session_column channels[] = {
    COLUMN(channel, rate_hz, F64, "Hz", "samples a second"),
    COLUMN(channel, scale, F64, "", "one step of a value, in the unit of the kind (LINK.md)"),
    COLUMN(channel, channel, U32, "", "number in `aux`"),
    COLUMN(channel, kind, U32, "", "what it measures (LINK.md)"),
    COLUMN(channel, n_values, U32, "", "values a sample"),
    CHECK(channel),
};

#define FORM_SINCE(table, kind, chunk_rows, since, description) \
    {#table, description, sizeof(struct session_##kind##_row), (table), \
     sizeof(table) / sizeof *(table), chunk_rows, since}
#define FORM(table, kind, chunk_rows, description) \
    FORM_SINCE(table, kind, chunk_rows, 1, description)

static const struct session_table_form forms[N_SESSION_TABLES] = {
    [SESSION_FRAMES] = FORM(frames, frame, 0, "one row a frame that arrived; its samples are in `counts` (or `samples`) at the same index"),
    [SESSION_METRICS] = FORM(metrics, metrics, 128, "what the pipeline made of every n-th frame, about 50 a second"),
    [SESSION_STROKES] = FORM(strokes, stroke, 32, "one row a cycle of hand movement, when it ended"),
    [SESSION_EPISODES] = FORM(episodes, episode, 32, "one row a run of one technique, when it ended"),
    [SESSION_GAPS] = FORM(gaps, gap, 32, "frames that are missing, and who lost them"),
    [SESSION_CUES] = FORM(cues, cue, 32, "what the coach said"),
    [SESSION_SCORES] = FORM_SINCE(scores, score, 16, 2, "how a plan was followed: one row when its step or its state changes, every ten seconds, and at the end"),
    [SESSION_COMMANDS] = FORM(commands, command, 16, "what was asked of the daemon, with the frame at which it took effect"),
    [SESSION_NOTES] = FORM(notes, note, 8, "what people noted"),
    [SESSION_DOCUMENTS] = FORM_SINCE(documents, document, 8, 2, "texts that were in force, whole: put the pieces of one together in their order"),
    [SESSION_EVENTS] = FORM(events, event, 16, "what happened to the device"),
    [SESSION_HEALTH] = FORM(health, health, 32, "the device's report of itself, once a second"),
    [SESSION_AUX] = FORM(aux, aux, 64, "samples of auxiliary channels as received"),
    [SESSION_TAXELS] = FORM(taxels, taxel, 256, "the array, row by row"),
    [SESSION_SETTINGS] = FORM(settings, setting, 8, "configuration of the daemon"),
    [SESSION_CHANNELS] = FORM(channels, channel, 8, "auxiliary channels of the device"),
};
/* clang-format on */

/* Rows go into the file as they lie in memory: columns must fill them without a hole. */
#define NO_HOLE(kind, bytes) \
    _Static_assert(sizeof(struct session_##kind##_row) == (bytes), "no hole in a row")
NO_HOLE(frame, 64);
NO_HOLE(metrics, 144);
NO_HOLE(stroke, 112);
NO_HOLE(episode, 104);
NO_HOLE(gap, 56);
NO_HOLE(cue, 208);
NO_HOLE(score, 144);
NO_HOLE(command, 320);
NO_HOLE(note, 536);
NO_HOLE(document, 568);
NO_HOLE(event, 240);
NO_HOLE(health, 64);
NO_HOLE(aux, 64);
NO_HOLE(taxel, 40);
NO_HOLE(setting, 296);
NO_HOLE(channel, 32);

const struct session_table_form *session_table_form(enum session_table table)
{
    return &forms[table];
}

const char *session_column_name(const struct session_column *column, bool is_relative)
{
    return is_relative && column->name_relative ? column->name_relative : column->name;
}

const char *session_column_unit(const struct session_column *column, bool is_relative)
{
    return is_relative && column->unit_relative ? column->unit_relative : column->unit;
}

enum session_table session_table_find(const char *name)
{
    int table = 0;
    while (table < N_SESSION_TABLES && strcmp(forms[table].name, name) != 0)
        table++;
    return (enum session_table)table;
}

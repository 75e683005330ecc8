/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_rows.h - the rows of a session file's tables, as they lie in memory and in the file
 *
 * Little-endian, no padding between members; the last is a CRC-32 (zlib's) of all octets before it,
 * and for a frame of its samples and the frame before too (session_crc.h). Columns that a device
 * without calibration gives in relative units hold the same values as on the feed: 0..1 of full
 * scale where there would be kPa, cm2 where there would be newtons. Texts are UTF-8, filled up with
 * zeros. NaN is absent. session_tables.h has the units and descriptions. */
#ifndef SESSION_ROWS_H
#define SESSION_ROWS_H

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "session files are written as they lie in memory: this needs a little-endian machine"
#endif

enum {
    SESSION_WORD_BYTES = 24,
    SESSION_SIDE_BYTES = 8,
    SESSION_CUE_BYTES = 152,
    SESSION_EVENT_BYTES = 196,
    SESSION_REQUEST_BYTES = 256,
    SESSION_NOTE_BYTES = 516,
    SESSION_KEY_BYTES = 36,
    SESSION_VALUE_BYTES = 256,
    SESSION_AUX_VALUES = 9,
    SESSION_TITLE_BYTES = 64,
    SESSION_PIECE_BYTES = 452
};

enum session_frame_flag {
    SESSION_FRAME_TRIGGER = 1, /* the trigger input was high */
    SESSION_FRAME_ANEW = 2 /* the device's clock or count began anew: so did the pipeline, before it
                            */
};

struct session_frame_row {
    uint64_t ticks;          /* device ticks at the start of the scan; 0 where there are none */
    double device_s;         /* the same in seconds: what the pipeline was given */
    double t_device;         /* mapped to the host: Unix seconds of a clock that is never set */
    int64_t arrival_ns;      /* monotonic: when the read that completed it returned */
    int64_t arrival_unix_ns; /* the same on the wall clock, with its steps */
    uint32_t sequence;
    uint32_t n_dropped; /* by the device since its reset */
    float scan_s;
    float uncertainty_s; /* of t_device, standard; NaN: unknown */
    uint16_t n_late;
    uint16_t flags;
    uint32_t crc32;
};

struct session_metrics_row {
    uint64_t frame; /* index of the frame's row */
    double device_s, t_device;
    float force, peak, peak_raw, mean, contact_cm2, cop_x_mm, cop_y_mm, speed_mm_s;
    float pace_cpm, pace_confidence, regularity_pct, technique_confidence;
    char technique[SESSION_WORD_BYTES];
    uint16_t n_contacts, n_saturated;
    uint32_t n_touched;
    /* From format 3 on; NaN in rows of older files. */
    float pace_hand_cpm, phase, phase_confidence;
    float load_change, breath_cpm, breath_confidence, shift, shift_age_s; /* of a mat */
    uint32_t reserved;
    uint32_t crc32;
};

struct session_stroke_row {
    uint64_t frame; /* index of the row of the frame that ended it */
    double start_s, end_s, t_start, t_end;
    char technique[SESSION_WORD_BYTES];
    float peak, mean, mean_force, impulse, path_mm, direction_deg, speed_mm_s, contact_cm2;
    float evenness_pct, interval_s;
    uint32_t hand; /* from format 3 on */
    uint32_t crc32;
};

struct session_episode_row {
    uint64_t frame;
    double start_s, end_s, t_start, t_end;
    char technique[SESSION_WORD_BYTES];
    float confidence, pace_cpm, regularity_pct, peak, mean, mean_force, contact_cm2;
    uint32_t n_strokes;
    float pace_hand_cpm; /* from format 3 on; NaN in rows of older files */
    uint32_t crc32;
};

struct session_gap_row {
    uint64_t frame;          /* index of the row of the first frame after the hole */
    double t;                /* Unix seconds of the last frame before it */
    double lost_s;           /* device time between the two, less one interval */
    uint64_t n_bad_messages; /* damaged messages meanwhile */
    uint32_t n_frames;       /* 0: nobody can count them */
    uint32_t from_sequence, to_sequence;
    char side[SESSION_SIDE_BYTES]; /* device, link, host, source, disk */
    uint32_t crc32;
};

struct session_cue_row {
    uint64_t frame;
    double device_s, t_device;
    char cue[SESSION_WORD_BYTES];
    char text[SESSION_CUE_BYTES];
    float value;
    uint32_t crc32;
};

/* How a plan was followed so far (technique/score.h). */
struct session_score_row {
    uint64_t frame;
    double t;
    char plan[SESSION_TITLE_BYTES];
    char state[SESSION_WORD_BYTES]; /* waiting, running, paused, over time, finished */
    uint32_t step, n_steps;         /* step: from 1; n_steps + 1 when it is finished */
    float practice_score, pressure_pct, pace_pct, holds_pct, regularity_pct, time_pct; /* NaN */
    uint32_t reserved;
    uint32_t crc32;
};

struct session_command_row {
    uint64_t frame;    /* index of the row of the first frame that it holds for */
    double t;          /* Unix seconds, wall clock */
    double value;      /* tare: span in seconds; rate: Hz; comfort: pain; NaN */
    uint32_t sequence; /* of that frame, as far as it is known: one after the last */
    uint32_t is_done;  /* 1: done; 0: refused */
    char command[SESSION_WORD_BYTES];
    char request[SESSION_REQUEST_BYTES]; /* as it came, JSON */
    uint32_t is_loaded;                  /* tare: 1: under load, the zero then stays as it is */
    uint32_t crc32;
};

struct session_note_row {
    uint64_t frame;
    double t;
    char text[SESSION_NOTE_BYTES];
    uint32_t crc32;
};

/* A piece of a text that was in force, cut at whole characters. */
struct session_document_row {
    uint64_t frame;
    double t;
    char kind[SESSION_WORD_BYTES]; /* plan, calibration, hello */
    char name[SESSION_TITLE_BYTES];
    uint32_t part, n_parts; /* part: from 1 */
    char text[SESSION_PIECE_BYTES];
    uint32_t crc32;
};

/* What happened to the device. */
struct session_event_row {
    uint64_t frame;
    double t;
    char event[SESSION_WORD_BYTES]; /* lost, returned, fault, anew, touched, ... */
    char text[SESSION_EVENT_BYTES];
    uint32_t crc32;
};

struct session_health_row {
    uint64_t ticks;
    double t;
    float temperature_c, supply_v;
    uint32_t uptime_s, n_frames, n_dropped, n_overruns, n_link_stalls, n_watchdog_resets;
    uint32_t n_bad_commands, last_fault;
    uint32_t reserved;
    uint32_t crc32;
};

struct session_aux_row {
    uint64_t ticks;
    double t;
    uint32_t channel, n_values;
    int32_t values[SESSION_AUX_VALUES];
    uint32_t crc32;
};

/* Written before the first frame and never added to. */
struct session_taxel_row {
    float x_mm, y_mm, cell_mm2, sensing_mm2, gain;
    float zero; /* in force when the session began, kPa or relative to 100; tares come as commands
                 */
    uint16_t row, col;
    uint32_t exists;
    uint32_t reserved;
    uint32_t crc32;
};

struct session_setting_row {
    char key[SESSION_KEY_BYTES];
    char value[SESSION_VALUE_BYTES];
    uint32_t crc32;
};

struct session_channel_row {
    double rate_hz, scale; /* one step of a value, in the kind's unit */
    uint32_t channel, kind, n_values;
    uint32_t crc32;
};

#endif

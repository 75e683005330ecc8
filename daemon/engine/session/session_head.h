/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_head.h - what a session file says of itself before its first frame
 *
 * Everything that replay needs is in here: the array and its sensor law, the zero in force, the
 * pipeline's options. In the file these are attributes of the root group, one a member, and the
 * table `taxels`. */
#ifndef SESSION_HEAD_H
#define SESSION_HEAD_H

#include "array_layout.h"
#include "error.h"
#include "session/session_document.h"
#include "technique/score.h"

enum {
    SESSION_FORMAT_VERSION = 3, /* files of versions 1 and 2 are read too */
    SESSION_ID_BYTES = 64,
    SESSION_NAME_BYTES = 64,
    SESSION_URI_BYTES = 256,
    SESSION_PLAN_BYTES = 64
};

/* Who, what and why: the same for all devices of a session. */
struct session_about {
    char id[SESSION_ID_BYTES]; /* "20261121T123456Z-s1" */
    char station[SESSION_NAME_BYTES];
    char participant[SESSION_NAME_BYTES], operator_id[SESSION_NAME_BYTES]; /* pseudonyms; "" */
    char plan[SESSION_PLAN_BYTES];
    char note[SESSION_NOTE_BYTES];
    char software[SESSION_NAME_BYTES]; /* "thenard 0.1.0" */
    double start_unix_s;               /* wall clock when it was asked for */
};

struct session_head {
    uint32_t format_version; /* of the file that was read; not used in writing */
    struct session_about about;
    char device[SESSION_NAME_BYTES], uri[SESSION_URI_BYTES];
    uint32_t part; /* 1; more when the device, its array or its rate changed on the way */
    char model[SESSION_NAME_BYTES], serial[SESSION_NAME_BYTES], firmware[SESSION_NAME_BYTES];
    double tick_hz;       /* of `ticks`; 0: the source has none */
    uint32_t gate_counts; /* above 0: the device left out what was at or below it; lossy */
    uint32_t is_float; /* 1: samples are float32 in the unit of the sensor law; 0: uint16 counts */
    struct array_layout layout;            /* owned */
    float *zero;                           /* [n_taxels] owned; NULL: none */
    uint32_t zero_is_loaded;               /* 1: it was taken under load, and stays as it is */
    char calibration[SESSION_VALUE_BYTES]; /* which one, in words: "none", "factory", a file's */
    float gate_kpa;                        /* pipeline option; NaN: from the noise */
    char filter_form[SESSION_NAME_BYTES];
    uint32_t filter_taps;
    float filter_pass_hz, filter_stop_hz, filter_delay_ms;
    char technique_model[SESSION_NAME_BYTES];
    uint32_t metrics_every;               /* frames a row of `metrics` */
    struct session_setting_row *settings; /* [n_settings] owned */
    size_t n_settings;
    struct session_channel_row *channels; /* [n_channels] owned */
    size_t n_channels;
    struct session_documents documents; /* owned; those of the beginning, when it is written */
};

/* How it ended; in the attributes from the start, written when the file is closed or repaired. */
enum session_state { SESSION_RECORDING, SESSION_CLOSED, SESSION_REPAIRED };

struct session_summary {
    uint32_t state; /* enum session_state */
    uint64_t n_frames;
    uint64_t lost_device, lost_link, lost_host, lost_disk;
    uint64_t n_gaps, n_strokes, n_episodes;
    double first_s, last_s; /* t_device of the first and last frame; NaN: there is none */
    double end_unix_s;      /* wall clock when it was closed; NaN */
    char score_plan[SESSION_PLAN_BYTES]; /* the plan that was followed last; "": none */
    struct score_parts score;            /* how, at the end; NaN */
};

/** No score: all of it NaN. */
void session_summary_clear_score(struct session_summary *summary);

/** The score of a row; one without a plan is none. */
void session_summary_take_score(struct session_summary *summary,
                                const struct session_score_row *row);

/** Free what a head owns; one of zeros is allowed. */
void session_head_finish(struct session_head *head);

/** How many frames a row of metrics: about 50 rows a second. */
uint32_t session_metrics_every(double rate_hz);

/** Octets of one frame's samples. */
static inline size_t session_head_frame_bytes(const struct session_head *head)
{
    return head->layout.n_taxels * (head->is_float ? sizeof(float) : sizeof(uint16_t));
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_report.h - a session as a page that an instructor hands to a student
 *
 * Everything that the page says is in this record; the report_*.c files write one part of the page
 * each. One HTML file: no scripts, no network, charts in SVG, every chart also as a table. */
#ifndef SESSION_REPORT_H
#define SESSION_REPORT_H

#include <stdio.h>

#include "session/session_digest.h"
#include "session/session_map.h"
#include "session/session_series.h"
#include "technique/score.h"

enum {
    REPORT_SPANS = 180, /* points of the charts over time */
    REPORT_PARTS = 4,   /* small maps */
    REPORT_ADVICE = 3,
    REPORT_STROKES_LEAST = 5, /* of a technique, to be held against a band */
    REPORT_ADVICE_BYTES = 400,
    REPORT_WORD_BYTES = 48
};

struct report_advice {
    char aim[80], why[REPORT_ADVICE_BYTES]; /* "Keep a steadier rhythm", a sentence or two */
    bool is_fine;                           /* no fault: what to build on */
};

/* Strokes of one technique against its band in the plan. */
struct report_band_count {
    unsigned n, n_below, n_above;
    float low, high;
    bool is_convention; /* drawn, scored and told, but held against nobody */
};

/* One device's file. */
struct report {
    size_t index; /* of the file among those of the page: makes ids in it unique */
    const struct session_head *head; /* borrowed from the reader */
    struct session_summary losses;
    struct session_digest digest;
    struct session_span spans[REPORT_SPANS];
    struct session_map map;
    float quarter_share; /* of the pressure on the busiest quarter; NaN */
    struct session_episode_row *episodes;
    size_t n_episodes;
    struct session_note_row *notes;
    size_t n_notes;
    bool has_pain; /* the receiver's word came: nobody is told to press more */
    bool has_plan;
    bool is_plan_of_file; /* as it was in the session; else as it is now */
    struct plan plan;
    struct score_parts score;
    bool is_live_score; /* as the coach had it at the end; else held against the strokes now */
    unsigned *steps; /* [n_episodes] of the plan that each run stands for; n_steps: none; owned */
    struct report_band_count pressure_counts[N_TECHNIQUES], pace_counts[N_TECHNIQUES];
    bool has_reference;
    char reference_id[SESSION_ID_BYTES];
    struct session_digest reference;
    bool reference_is_relative;
    struct report_advice advice[REPORT_ADVICE];
    size_t n_advice;
    float pressure_scale;      /* of the tables' values, to pressure_unit */
    const char *pressure_unit; /* "kPa", or "% of full scale" */
    bool is_relative;
};

/**
 * Read all that the page needs.
 * @return THENAR_OK; as the readers
 * Owner: report_finish frees, also after a failure; the reader must outlive the record
 */
THENAR_NODISCARD enum thenar_status report_read(struct report *report,
                                                struct session_reader *reader,
                                                struct thenar_error *error);
void report_finish(struct report *report);

/** Look at it by `plan`, which is set already. @return THENAR_OK; as the readers */
THENAR_NODISCARD enum thenar_status report_take_plan(struct report *report,
                                                     struct session_reader *reader,
                                                     struct thenar_error *error);

/** Recorded under a lying person: what hands do is not seen. */
static inline bool report_is_mat(const struct report *report)
{
    return report->head->layout.mount == MOUNT_MAT;
}

/** Fill `advice` from the rest. */
void report_advise(struct report *report);

/* ---- writing; all of it UTF-8 ---- */

void report_write_begin(FILE *out, const struct report *report);
void report_write_device(FILE *out, const struct report *report, size_t n_devices);
void report_write_end(FILE *out);

/** The practice score and its parts, when there is a plan. */
void report_write_score(FILE *out, const struct report *report);

/** Charts, each a <figure> with its table. */
void report_write_timeline(FILE *out, const struct report *report);
void report_write_pressure(FILE *out, const struct report *report);
void report_write_pace(FILE *out, const struct report *report);
void report_write_map(FILE *out, const struct report *report);

/* ---- small things that they share ---- */

/** Text with & < > " escaped. */
void report_put_text(FILE *out, const char *text);

/** "myofascial release"; "not recognised" @param word out: [REPORT_WORD_BYTES] */
void report_technique_word(char *word, enum technique technique);

/** "1:02:03", "4:05" @param text out: [REPORT_WORD_BYTES] */
void report_clock(char *text, double seconds);

/** A number with so many decimals, or an en dash for NaN. */
void report_put_number(FILE *out, double value, int decimals);

/** "1.5 kPa": pressure with its unit, decimals as they are worth. @param text out:
 * [REPORT_WORD_BYTES] */
void report_pressure(char *text, const struct report *report, float pressure);

#endif

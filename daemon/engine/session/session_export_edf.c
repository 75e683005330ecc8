/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_export_edf.h"

#include <edflib.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session/session_export_file.h"
#include "session/session_verify.h"

enum { DIGITAL_MOST = 32767, ANNOTATION_SIGNALS_MOST = 64, TEXT_BYTES = 512 };

static const double ANNOTATION_STEPS = 10000; /* a second: libedf counts 0.1 ms */

/* ---- signals ---- */

struct signal {
    const char *label, *unit, *unit_relative;
    size_t offset; /* of a float in a row */
    float relative_scale;
};

/* clang-format off */
#define SIGNAL(member, label, unit, unit_relative, scale) \
    {label, unit, unit_relative, offsetof(struct session_metrics_row, member), scale}
static const struct signal signals[] = {
    SIGNAL(force, "Force", "N", "cm2", 1),
    SIGNAL(peak, "Pressure peak", "kPa", "%", 100),
    SIGNAL(mean, "Pressure mean", "kPa", "%", 100),
    SIGNAL(contact_cm2, "Contact area", "cm2", NULL, 1),
    SIGNAL(cop_x_mm, "Centre x", "mm", NULL, 1),
    SIGNAL(cop_y_mm, "Centre y", "mm", NULL, 1),
    SIGNAL(speed_mm_s, "Speed", "mm/s", NULL, 1),
    SIGNAL(pace_cpm, "Pace", "1/min", NULL, 1),
    SIGNAL(pace_confidence, "Pace confidence", "", NULL, 1),
    SIGNAL(regularity_pct, "Irregularity", "%", NULL, 1),
};
/* Of a mat the rest is the lying body. */
static const struct signal mat_signals[] = {
    SIGNAL(load_change, "Load change", "N", "cm2", 1),
    SIGNAL(pace_cpm, "Pace", "1/min", NULL, 1),
    SIGNAL(pace_confidence, "Pace confidence", "", NULL, 1),
    SIGNAL(regularity_pct, "Irregularity", "%", NULL, 1),
    SIGNAL(breath_cpm, "Breath", "1/min", NULL, 1),
    SIGNAL(breath_confidence, "Breath confidence", "", NULL, 1),
};
/* clang-format on */
enum {
    N_SIGNALS = sizeof signals / sizeof *signals,
    N_MAT_SIGNALS = sizeof mat_signals / sizeof *mat_signals
};

struct edf_work {
    struct session_reader *reader;
    const struct session_head *head;
    bool is_relative;
    const struct signal *signals; /* [n_signals] */
    int n_signals;
    struct session_metrics_row *rows;
    size_t n_rows;
    double first_s, last_s;
    int rate_hz;
    uint64_t n_records;
    double most[N_SIGNALS];
    int handle;
    int *samples; /* [rate_hz] of one signal in a record */
    uint64_t n_annotations_most;
    struct session_export_edf_result *result;
};

static double value_of(const struct edf_work *w, const struct signal *signal, size_t row)
{
    float value;
    memcpy(&value, (const char *)&w->rows[row] + signal->offset, sizeof value);
    return (double)value * (w->is_relative ? (double)signal->relative_scale : 1);
}

/* The next of 1, 2, 5, 10, ...: EDF has eight characters for it. Above `value`, never equal. */
static double round_up(double value)
{
    double power = pow(10, floor(log10(fmax(value, 1e-3))));
    const double steps[] = {1, 2, 5, 10, 20};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power > value)
            return fmin(steps[i] * power, 1e6);
    return 1e6;
}

static void find_ranges(struct edf_work *w)
{
    for (int s = 0; s < w->n_signals; s++) {
        double most = 0;
        for (size_t i = 0; i < w->n_rows; i++) {
            double value = fabs(value_of(w, &w->signals[s], i));
            if (isfinite(value) && value > most)
                most = value;
        }
        w->most[s] = most > 0 ? round_up(most) : 1;
    }
}

/* ---- header ---- */

static bool set_signals(struct edf_work *w)
{
    char filter[80];
    bool is_good = true;
    (void)snprintf(filter, sizeof filter, "LP:%gHz", (double)w->head->filter_pass_hz);
    for (int s = 0; s < w->n_signals; s++) {
        const char *unit = w->is_relative && w->signals[s].unit_relative
                               ? w->signals[s].unit_relative
                               : w->signals[s].unit;
        is_good = is_good && edf_set_samplefrequency(w->handle, s, w->rate_hz) == 0 &&
                  edf_set_physical_maximum(w->handle, s, w->most[s]) == 0 &&
                  edf_set_physical_minimum(w->handle, s, -w->most[s]) == 0 &&
                  edf_set_digital_maximum(w->handle, s, DIGITAL_MOST) == 0 &&
                  edf_set_digital_minimum(w->handle, s, -DIGITAL_MOST) == 0 &&
                  edf_set_label(w->handle, s, w->signals[s].label) == 0 &&
                  edf_set_physical_dimension(w->handle, s, unit) == 0 &&
                  edf_set_prefilter(w->handle, s, filter) == 0 &&
                  edf_set_transducer(w->handle, s, "FSR array; minimum means absent") == 0;
    }
    return is_good;
}

/* libedf writes spaces of EDF+'s subfields as underlines itself. */
static bool set_about(struct edf_work *w, long offset_s)
{
    struct tm at;
    char equipment[2 * SESSION_NAME_BYTES + 16], more[80];
    double start_s = round(w->first_s * ANNOTATION_STEPS) / ANNOTATION_STEPS;
    time_t whole = (time_t)floor(start_s) + offset_s;
    int fraction = (int)lround((start_s - floor(start_s)) * ANNOTATION_STEPS) * 1000;
    if (!gmtime_r(&whole, &at))
        return false;
    (void)snprintf(equipment, sizeof equipment, "Thenar %s", w->head->model);
    (void)snprintf(more, sizeof more, "%.40s UTC%+ldmin", w->head->about.id, offset_s / 60);
    bool is_good = edf_set_startdatetime(w->handle, at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
                                         at.tm_hour, at.tm_min, at.tm_sec) == 0 &&
                   edf_set_subsecond_starttime(w->handle, fraction) == 0 &&
                   edf_set_equipment(w->handle, equipment) == 0 &&
                   edf_set_recording_additional(w->handle, more) == 0;
    if (w->head->about.participant[0])
        is_good = is_good && edf_set_patientcode(w->handle, w->head->about.participant) == 0;
    if (w->head->about.operator_id[0])
        is_good = is_good && edf_set_technician(w->handle, w->head->about.operator_id) == 0;
    return is_good;
}

/* ---- samples ---- */

/* The row nearest to a time, going on from `row`; -1: none within a sample and a half. */
static ptrdiff_t nearest(const struct edf_work *w, size_t *row, double time_s)
{
    while (*row + 1 < w->n_rows &&
           fabs(w->rows[*row + 1].t_device - time_s) <= fabs(w->rows[*row].t_device - time_s))
        (*row)++;
    bool is_near = fabs(w->rows[*row].t_device - time_s) <= 1.5 / w->rate_hz;
    return is_near ? (ptrdiff_t)*row : -1;
}

static bool write_samples(struct edf_work *w)
{
    size_t begin = 0;
    for (uint64_t r = 0; r < w->n_records; r++) {
        size_t row = begin;
        for (int s = 0; s < w->n_signals; s++) {
            row = begin;
            for (int i = 0; i < w->rate_hz; i++) {
                ptrdiff_t at =
                    nearest(w, &row, w->first_s + (double)r + (double)i / (double)w->rate_hz);
                double value = at < 0 ? (double)NAN : value_of(w, &w->signals[s], (size_t)at);
                w->samples[i] = isfinite(value) ? (int)lround(value / w->most[s] * DIGITAL_MOST)
                                                : -DIGITAL_MOST;
            }
            if (edfwrite_digital_samples(w->handle, w->samples) != 0)
                return false;
        }
        begin = row;
    }
    return true;
}

/* ---- annotations ---- */

static bool annotate(struct edf_work *w, double t, double length_s, const char *text)
{
    double onset = fmax(0, t - w->first_s);
    if (w->result->n_annotations >= w->n_annotations_most || onset > (double)w->n_records) {
        w->result->n_left_out++;
        return true;
    }
    w->result->n_annotations++;
    return edfwrite_annotation_utf8(w->handle, llround(onset * ANNOTATION_STEPS),
                                    length_s > 0 ? llround(length_s * ANNOTATION_STEPS) : -1,
                                    text) == 0;
}

static bool annotate_row(struct edf_work *w, enum session_table table, const void *row)
{
    char text[TEXT_BYTES];
    const struct session_episode_row *episode = row;
    const struct session_cue_row *cue = row;
    const struct session_note_row *note = row;
    const struct session_gap_row *gap = row;
    const struct session_event_row *event = row;
    switch ((int)table) {
    case SESSION_EPISODES:
        (void)snprintf(text, sizeof text, "%.24s", episode->technique);
        return annotate(w, episode->t_start, episode->t_end - episode->t_start, text);
    case SESSION_CUES:
        (void)snprintf(text, sizeof text, "cue: %.152s", cue->text);
        return annotate(w, cue->t_device, -1, text);
    case SESSION_NOTES:
        (void)snprintf(text, sizeof text, "note: %.500s", note->text);
        return annotate(w, note->t, -1, text);
    case SESSION_GAPS:
        (void)snprintf(text, sizeof text, "gap: %u frames lost by %.8s", gap->n_frames, gap->side);
        return annotate(w, gap->t, gap->lost_s, text);
    case SESSION_EVENTS:
        (void)snprintf(text, sizeof text, "device: %.24s", event->event);
        return annotate(w, event->t, -1, text);
    default:
        return true;
    }
}

/* In the order of their worth: what finds no room is counted. */
static const enum session_table annotated[] = {SESSION_GAPS, SESSION_NOTES, SESSION_EVENTS,
                                               SESSION_EPISODES, SESSION_CUES};
enum { N_ANNOTATED = sizeof annotated / sizeof *annotated };

static enum thenar_status write_annotations(struct edf_work *w, struct thenar_error *error)
{
    for (int k = 0; k < N_ANNOTATED; k++) {
        void *rows = NULL;
        size_t n_rows = 0, row_bytes = session_table_form(annotated[k])->row_bytes;
        bool is_good = true;
        enum thenar_status status =
            session_reader_all(w->reader, annotated[k], &rows, &n_rows, error);
        if (status != THENAR_OK)
            return status;
        for (size_t i = 0; i < n_rows && is_good; i++)
            is_good = annotate_row(w, annotated[k], (const char *)rows + i * row_bytes);
        free(rows);
        if (!is_good)
            return thenar_fail(error, THENAR_ERR_OS, "%.300s: libedf took no annotation",
                               w->result->path);
    }
    return THENAR_OK;
}

/* ---- all ---- */

static const double LONGEST_S = 100.0 * 86400; /* longer has nobody recorded */

static enum thenar_status load(struct edf_work *w, struct thenar_error *error)
{
    struct session_summary summary = {0};
    enum thenar_status status = session_verify_summarize(w->reader, &summary, error);
    if (status == THENAR_OK)
        status =
            session_reader_all(w->reader, SESSION_METRICS, (void **)&w->rows, &w->n_rows, error);
    if (status == THENAR_OK && w->n_rows == 0)
        status = thenar_fail(error, THENAR_ERR_ABSENT,
                             "no metrics in it: nothing was recorded that EDF could hold");
    if (status != THENAR_OK)
        return status;
    w->first_s = w->rows[0].t_device;
    w->last_s = fmax(summary.last_s, w->rows[w->n_rows - 1].t_device);
    w->rate_hz = (int)lround((double)w->head->layout.rate_hz / (double)w->head->metrics_every);
    w->rate_hz = w->rate_hz > 0 ? w->rate_hz : 1;
    if (!(w->first_s > 0 && w->last_s - w->first_s <= LONGEST_S))
        return thenar_fail(
            error, THENAR_ERR_SYNTAX,
            "its times cannot be: from %g to %g s; `thenar session verify` tells more", w->first_s,
            w->last_s);
    w->n_records = (uint64_t)floor(w->last_s - w->first_s) + 1;
    w->samples = (int *)calloc((size_t)w->rate_hz, sizeof *w->samples);
    find_ranges(w);
    return w->samples ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
}

static int annotation_signals(const struct edf_work *w)
{
    uint64_t n = 1;
    for (int k = 0; k < N_ANNOTATED; k++)
        n += session_reader_n_rows(w->reader, annotated[k]);
    uint64_t n_signals = (n + w->n_records - 1) / w->n_records + 1;
    return n_signals < ANNOTATION_SIGNALS_MOST ? (int)n_signals : ANNOTATION_SIGNALS_MOST;
}

static enum thenar_status write_file(struct edf_work *w, long offset_s, struct thenar_error *error)
{
    int n_signals = annotation_signals(w);
    w->n_annotations_most = (uint64_t)n_signals * w->n_records;
    w->handle = edfopen_file_writeonly(w->result->path, EDFLIB_FILETYPE_EDFPLUS, w->n_signals);
    if (w->handle < 0)
        return thenar_fail(error, THENAR_ERR_OS, "%.300s: libedf cannot write it (code %d)",
                           w->result->path, w->handle);
    enum thenar_status status = THENAR_OK;
    if (edf_set_number_of_annotation_signals(w->handle, n_signals) != 0 || !set_signals(w) ||
        !set_about(w, offset_s) || !write_samples(w))
        status = thenar_fail(error, THENAR_ERR_OS, "%.300s: not written: is the disk full?",
                             w->result->path);
    if (status == THENAR_OK)
        status = write_annotations(w, error);
    if (edfclose_file(w->handle) != 0 && status == THENAR_OK)
        status = thenar_fail(error, THENAR_ERR_OS, "%.300s: not closed: is the disk full?",
                             w->result->path);
    return status;
}

enum thenar_status session_export_edf(struct session_reader *reader, const char *folder,
                                      const char *stem, long offset_s,
                                      struct session_export_edf_result *result,
                                      struct thenar_error *error)
{
    struct session_export_file file;
    struct edf_work w = {.reader = reader, .head = session_reader_head(reader), .result = result};
    w.is_relative = !array_layout_is_kpa(&w.head->layout);
    bool is_mat = w.head->layout.mount == MOUNT_MAT;
    w.signals = is_mat ? mat_signals : signals;
    w.n_signals = is_mat ? N_MAT_SIGNALS : N_SIGNALS;
    *result = (struct session_export_edf_result){.n_signals = (unsigned)w.n_signals};
    enum thenar_status status = load(&w, error);
    /* libedf opens the file anew; made here first, its mode is right from the start. */
    if (status == THENAR_OK)
        status = session_export_file_open(&file, folder, stem, "metrics", ".edf", error);
    if (status == THENAR_OK) {
        status = session_export_file_close(&file, THENAR_OK, error);
        (void)snprintf(result->path, sizeof result->path, "%s", file.path);
    }
    if (status == THENAR_OK) {
        status = write_file(&w, offset_s, error);
        if (status != THENAR_OK)
            (void)remove(result->path);
    }
    result->rate_hz = (unsigned)w.rate_hz;
    result->n_records = w.n_records;
    free(w.rows);
    free(w.samples);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_make.h"
#include "session_json.h"

#define NUMBER(value) session_json_number((double)(value))

static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};

static json_t *head_json(const struct session_head *head, const char *file)
{
    const struct array_layout *layout = &head->layout;
    json_t *json = json_pack(
        "{s:s, s:s, s:o, s:I, s:s, s:s, s:s, s:i, s:i, s:o, s:o, s:o, s:s, s:s}", "device",
        head->device, "file", file, "name", json_stringn(file, strcspn(file, ".")), "part",
        (json_int_t)head->part, "model", head->model, "serial", head->serial, "firmware",
        head->firmware, "n_rows", (int)layout->n_rows, "n_cols", (int)layout->n_cols, "pitch_x_mm",
        NUMBER(layout->pitch_x_mm), "pitch_y_mm", NUMBER(layout->pitch_y_mm), "rate_hz",
        NUMBER(layout->rate_hz), "mount", mounts[layout->mount], "unit",
        array_layout_is_kpa(layout) ? "kpa" : "rel");
    json_t *more =
        json_pack("{s:s, s:b, s:o, s:I, s:s, s:I, s:o, s:o, s:o, s:s}", "calibration",
                  head->calibration, "is_calibrated", layout->sensor.calibrated, "uncertainty_pct",
                  NUMBER(layout->sensor.uncertainty_pct), "gate_counts",
                  (json_int_t)head->gate_counts, "filter_form", head->filter_form, "filter_taps",
                  (json_int_t)head->filter_taps, "filter_pass_hz", NUMBER(head->filter_pass_hz),
                  "filter_stop_hz", NUMBER(head->filter_stop_hz), "filter_delay_ms",
                  NUMBER(head->filter_delay_ms), "technique_model", head->technique_model);
    if (json && more)
        (void)json_object_update(json, more);
    json_decref(more);
    return json;
}

static json_t *ledger_json(const struct session_summary *s)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "n_frames", (json_int_t)s->n_frames,
                     "lost_device", (json_int_t)s->lost_device, "lost_link",
                     (json_int_t)s->lost_link, "lost_host", (json_int_t)s->lost_host, "lost_disk",
                     (json_int_t)s->lost_disk, "n_gaps", (json_int_t)s->n_gaps);
}

/* ---- the digest ---- */

static json_t *technique_json(const struct session_technique *t)
{
    return json_pack(
        "{s:s, s:o, s:o, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "technique", technique_name(t->technique), "time_s", NUMBER(t->time_s), "longest_s",
        NUMBER(t->longest_s), "n_episodes", (int)t->n_episodes, "n_strokes",
        (json_int_t)t->n_strokes, "pace_cpm", NUMBER(t->pace_cpm), "regularity_pct",
        NUMBER(t->regularity_pct), "mean", NUMBER(t->mean), "peak", NUMBER(t->peak), "mean_force",
        NUMBER(t->mean_force), "contact_cm2", NUMBER(t->contact_cm2), "stroke_peak",
        NUMBER(t->stroke_peak), "stroke_peak_pct", NUMBER(t->stroke_peak_pct), "evenness_pct",
        NUMBER(t->evenness_pct), "highest", NUMBER(t->highest), "highest_at_s",
        NUMBER(t->highest_at_s));
}

static json_t *digest_json(const struct session_digest *d)
{
    json_t *techniques = json_array();
    for (size_t i = 0; i < d->n_techniques; i++)
        (void)json_array_append_new(techniques, technique_json(&d->techniques[i]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:i, s:o, s:o, s:o, s:o, s:o}", "length_s",
                     NUMBER(d->length_s), "hands_on_s", NUMBER(d->hands_on_s), "unknown_s",
                     NUMBER(d->unknown_s), "longest_pause_s", NUMBER(d->longest_pause_s),
                     "longest_pause_at_s", NUMBER(d->longest_pause_at_s), "n_strokes",
                     (json_int_t)d->n_strokes, "n_episodes", (int)d->n_episodes, "pace_cpm",
                     NUMBER(d->pace_cpm), "regularity_pct", NUMBER(d->regularity_pct),
                     "evenness_pct", NUMBER(d->evenness_pct), "stroke_peak", NUMBER(d->stroke_peak),
                     "techniques", techniques);
}

/* ---- the plan, the score, what to work on ---- */

static json_t *band_json(const struct plan_band *band)
{
    if (band->mark == PLAN_MARK_NONE)
        return json_null();
    return json_pack("{s:o, s:o, s:s}", "low", NUMBER(band->low), "high", NUMBER(band->high),
                     "mark", plan_mark_name(band->mark));
}

static json_t *step_json(const struct plan_step *step)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "technique",
                     technique_name(step->technique), "region", step->region, "duration_s",
                     NUMBER(step->duration_s), "pressure_kpa", band_json(&step->pressure_kpa),
                     "pace_cpm", band_json(&step->pace_cpm), "regularity_pct",
                     band_json(&step->regularity_pct), "hold_s", band_json(&step->hold_s));
}

static json_t *plan_json(const struct report *report)
{
    json_t *steps = json_array();
    if (!report->has_plan)
        return json_decref(steps), json_null();
    for (unsigned i = 0; i < report->plan.n_steps; i++)
        (void)json_array_append_new(steps, step_json(&report->plan.steps[i]));
    return json_pack("{s:s, s:s, s:o, s:o}", "name", report->plan.name, "title", report->plan.title,
                     "ceiling_kpa", band_json(&report->plan.ceiling_kpa), "steps", steps);
}

static json_t *score_json(const struct report *report)
{
    const struct score_parts *parts = &report->score;
    if (!report->has_plan)
        return json_null();
    return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "is_live", report->is_live_score,
                     "practice_score", NUMBER(parts->practice_score), "pressure_pct",
                     NUMBER(parts->pressure_pct), "pace_pct", NUMBER(parts->pace_pct),
                     "regularity_pct", NUMBER(parts->regularity_pct), "holds_pct",
                     NUMBER(parts->holds_pct), "time_pct", NUMBER(parts->time_pct));
}

static json_t *advice_json(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->n_advice; i++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "aim", report->advice[i].aim,
                                                    "why", report->advice[i].why, "is_fine",
                                                    report->advice[i].is_fine));
    return list;
}

/* Which step of the plan each run stands for. */
static void add_steps(json_t *device, const struct report *report)
{
    json_t *episodes = json_object_get(device, "episodes");
    for (size_t i = 0; report->has_plan && i < report->n_episodes; i++)
        if (report->steps[i] < report->plan.n_steps)
            (void)json_object_set_new(json_array_get(episodes, i), "step",
                                      json_integer((json_int_t)report->steps[i]));
}

static json_t *cue_counts(const json_t *cues)
{
    json_t *counts = json_object();
    for (size_t i = 0; i < json_array_size(cues); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(cues, i), "cue"));
        if (name)
            (void)json_object_set_new(
                counts, name, json_integer(1 + json_integer_value(json_object_get(counts, name))));
    }
    return counts;
}

static enum thenar_status fill_device(json_t *device, struct report *report,
                                      struct session_reader *reader, struct thenar_error *error)
{
    struct thenar_error warning = {0};
    enum thenar_status status = report_make_read(report, reader, NULL, &warning, error);
    if (status == THENAR_OK)
        status = session_json_rows(device, reader, report->digest.start_unix_s, error);
    if (status != THENAR_OK)
        return status;
    report_advise(report);
    add_steps(device, report);
    json_t *more = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "first_unix_s",
        NUMBER(report->digest.start_unix_s), "ledger", ledger_json(&report->losses), "digest",
        digest_json(&report->digest), "plan", plan_json(report), "score", score_json(report),
        "advice", advice_json(report), "cue_counts", cue_counts(json_object_get(device, "cues")),
        "quarter_share", NUMBER(report->quarter_share), "warning", warning.text);
    if (!more)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    (void)json_object_update(device, more);
    json_decref(more);
    return THENAR_OK;
}

/* A file that cannot be read does not hide the others: it is listed with the reason. */
static json_t *device_json(const struct session_files *files, size_t i)
{
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader = NULL;
    struct thenar_error error = {.text = "out of memory"};
    struct report *report = (struct report *)calloc(1, sizeof *report);
    json_t *device = NULL;
    session_files_path(files, i, path);
    enum thenar_status status =
        report ? session_reader_open(&reader, path, &error) : THENAR_ERR_MEMORY;
    if (status == THENAR_OK) {
        device = head_json(session_reader_head(reader), files->names[i]);
        status = device ? fill_device(device, report, reader, &error) : THENAR_ERR_SYNTAX;
        report_finish(report);
        session_reader_close(reader);
    }
    free(report);
    if (status == THENAR_OK)
        return device;
    json_decref(device);
    return json_pack("{s:s, s:s, s:s}", "device", files->names[i], "file", files->names[i], "error",
                     error.text);
}

enum thenar_status session_json_one(json_t **json, const struct session_case *found,
                                    struct thenar_error *error)
{
    struct session_files files;
    *json = session_json_head(&found->manifest, found->is_recording);
    if (!*json)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    enum thenar_status status = session_case_files(found, &files, error);
    if (status != THENAR_OK)
        return status;
    json_t *devices = json_array();
    for (size_t i = 0; i < files.n_files; i++)
        (void)json_array_append_new(devices, device_json(&files, i));
    (void)json_object_set_new(*json, "devices", devices);
    session_files_finish(&files);
    return THENAR_OK;
}

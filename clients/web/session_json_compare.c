/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sessions beside each other, from the strokes and episodes in their files: those are what
 * `thenar compare` finds again by running the pipeline over the frames. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/compare.h"
#include "session/session_digest.h"
#include "session_columns.h"
#include "session_json.h"
#include "technique/plan.h"

#define NUMBER(value) session_json_number((double)(value))

/* Tables hold relative values as 0..1; the engine's are of RELATIVE_FULL_SCALE. */
static float engine_pressure(float value, bool is_relative)
{
    return is_relative ? value * RELATIVE_FULL_SCALE : value;
}

/* @return [n_rows] for free(); NULL: out of memory */
static struct stroke *strokes_of(const struct session_stroke_row *rows, size_t n_rows,
                                 double first_s, bool is_relative)
{
    struct stroke *strokes = (struct stroke *)calloc(n_rows + 1, sizeof *strokes);
    for (size_t i = 0; strokes && i < n_rows; i++)
        strokes[i] = (struct stroke){.technique = session_digest_technique(rows[i].technique),
                                     .start_s = rows[i].t_start - first_s,
                                     .end_s = rows[i].t_end - first_s,
                                     .peak_kpa = engine_pressure(rows[i].peak, is_relative),
                                     .mean_kpa = engine_pressure(rows[i].mean, is_relative),
                                     .interval_s = rows[i].interval_s};
    return strokes;
}

static struct episode *episodes_of(const struct session_episode_row *rows, size_t n_rows,
                                   double first_s)
{
    struct episode *episodes = (struct episode *)calloc(n_rows + 1, sizeof *episodes);
    for (size_t i = 0; episodes && i < n_rows; i++)
        episodes[i] = (struct episode){.technique = session_digest_technique(rows[i].technique),
                                       .start_s = rows[i].t_start - first_s,
                                       .end_s = rows[i].t_end - first_s,
                                       .n_strokes = rows[i].n_strokes};
    return episodes;
}

static enum thenar_status take_rows(struct recording_takes *takes, struct session_reader *reader,
                                    struct thenar_error *error)
{
    struct session_stroke_row *strokes = NULL;
    struct session_episode_row *episodes = NULL;
    size_t n_strokes = 0, n_episodes = 0;
    double first_s, last_s;
    enum thenar_status status = session_columns_span(reader, &first_s, &last_s, error);
    if (status == THENAR_OK)
        status = session_reader_all(reader, SESSION_STROKES, (void **)&strokes, &n_strokes, error);
    if (status == THENAR_OK)
        status =
            session_reader_all(reader, SESSION_EPISODES, (void **)&episodes, &n_episodes, error);
    if (status == THENAR_OK) {
        takes->strokes = strokes_of(strokes, n_strokes, first_s, takes->is_relative);
        takes->episodes = episodes_of(episodes, n_episodes, first_s);
        takes->n_strokes = n_strokes;
        takes->n_episodes = n_episodes;
        takes->duration_s = last_s - first_s;
        if (!takes->strokes || !takes->episodes) {
            (void)thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
            status = THENAR_ERR_MEMORY;
        }
    }
    free(strokes);
    free(episodes);
    return status;
}

/* The file of the most strokes stands for the session, as on the other side. */
static enum thenar_status take_session(struct recording_takes *takes,
                                       const struct session_case *found, char *file,
                                       struct thenar_error *error)
{
    const struct session_manifest_device *most = NULL;
    char path[2 * SESSION_PATH_BYTES];
    struct session_reader *reader;
    for (size_t i = 0; i < found->manifest.n_devices; i++)
        if (!most || found->manifest.devices[i].summary.n_strokes > most->summary.n_strokes)
            most = &found->manifest.devices[i];
    if (!most) {
        (void)thenar_fail(error, THENAR_ERR_ABSENT, "session %s holds no files",
                          found->manifest.about.id);
        return THENAR_ERR_ABSENT;
    }
    (void)snprintf(file, SESSION_NAME_BYTES, "%.*s", (int)strcspn(most->file, "."), most->file);
    enum thenar_status status = session_case_file(found, file, path, error);
    if (status == THENAR_OK)
        status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    takes->is_relative = !array_layout_is_kpa(&session_reader_head(reader)->layout);
    status = take_rows(takes, reader, error);
    session_reader_close(reader);
    return status;
}

/* ---- as JSON ---- */

static json_t *run_json(const struct recording_takes *takes, int index)
{
    if (index < 0)
        return json_null();
    const struct episode *episode = &takes->episodes[index];
    return json_pack("{s:s, s:o, s:o}", "technique", technique_name(episode->technique), "start_s",
                     NUMBER(episode->start_s), "end_s", NUMBER(episode->end_s));
}

static json_t *spread_json(const struct spread *spread, float scale)
{
    return json_pack("{s:I, s:o, s:o, s:o}", "n", (json_int_t)spread->n, "p10",
                     NUMBER(spread->low * scale), "median", NUMBER(spread->median * scale), "p90",
                     NUMBER(spread->high * scale));
}

static const char *verdict_of(const struct compare_difference *d)
{
    if (isnan(d->low))
        return "too few to tell";
    return d->low <= 0 && d->high >= 0 ? "no difference" : d->difference > 0 ? "more" : "less";
}

static json_t *difference_json(const struct compare_difference *d, const char *unit, float scale)
{
    if (d->reference.n == 0 || d->recording.n == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "reference",
                     spread_json(&d->reference, scale), "session",
                     spread_json(&d->recording, scale), "difference", NUMBER(d->difference * scale),
                     "low", NUMBER(d->low * scale), "high", NUMBER(d->high * scale), "verdict",
                     verdict_of(d), "unit", unit);
}

static json_t *technique_json(enum technique name, const struct compare_technique *t,
                              bool is_relative)
{
    bool is_held = plan_is_held(name);
    return json_pack(
        "{s:s, s:b, s:b, s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "technique",
        technique_name(name), "in_reference", t->is_there[0], "in_session", t->is_there[1],
        "reference_s", NUMBER(t->time_s[0]), "session_s", NUMBER(t->time_s[1]), "reference_runs",
        (int)t->n_runs[0], "session_runs", (int)t->n_runs[1], "pressure",
        difference_json(&t->values[COMPARE_PRESSURE], is_relative ? "rel" : "kPa",
                        is_relative ? 1 / RELATIVE_FULL_SCALE : 1),
        "pace", is_held ? json_null() : difference_json(&t->values[COMPARE_PACE], "1/min", 1),
        "hold", is_held ? difference_json(&t->values[COMPARE_STROKE], "s", 1) : json_null(),
        "reference_regularity_pct", NUMBER(t->regularity_pct[0]), "session_regularity_pct",
        NUMBER(t->regularity_pct[1]));
}

static json_t *result_json(const struct compare_result *result,
                           const struct recording_takes *reference,
                           const struct recording_takes *session)
{
    bool is_relative = reference->is_relative || session->is_relative;
    json_t *pairs = json_array(), *techniques = json_array();
    for (size_t i = 0; i < result->n_pairs; i++)
        (void)json_array_append_new(
            pairs,
            json_pack("{s:o, s:o}", "reference", run_json(reference, result->pairs[i].reference),
                      "session", run_json(session, result->pairs[i].recording)));
    for (int t = TECHNIQUE_EFFLEURAGE; t <= TECHNIQUE_STRETCHING; t++)
        if (result->techniques[t].is_there[0] || result->techniques[t].is_there[1])
            (void)json_array_append_new(
                techniques, technique_json((enum technique)t, &result->techniques[t], is_relative));
    return json_pack("{s:s, s:o, s:o}", "unit", is_relative ? "rel" : "kpa", "runs", pairs,
                     "techniques", techniques);
}

static enum thenar_status compare(json_t **json, const struct recording_takes *reference,
                                  const struct recording_takes *session, struct thenar_error *error)
{
    struct compare_result result = {0};
    if (reference->is_relative != session->is_relative)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "one session is in kPa and the other relative to full scale: they "
                           "cannot be compared");
    enum thenar_status status = compare_takes(&result, reference, session);
    if (status == THENAR_OK)
        *json = result_json(&result, reference, session);
    compare_finish(&result);
    return *json ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
}

enum thenar_status session_json_compare(json_t **json, const struct session_case *reference,
                                        const struct session_case *session,
                                        struct thenar_error *error)
{
    struct recording_takes sides[2] = {0};
    char files[2][SESSION_NAME_BYTES];
    *json = NULL;
    enum thenar_status status = take_session(&sides[0], reference, files[0], error);
    if (status == THENAR_OK)
        status = take_session(&sides[1], session, files[1], error);
    if (status == THENAR_OK)
        status = compare(json, &sides[0], &sides[1], error);
    if (status == THENAR_OK) {
        (void)json_object_set_new(*json, "reference",
                                  json_pack("{s:s, s:s, s:o}", "id", reference->manifest.about.id,
                                            "device", files[0], "length_s",
                                            NUMBER(sides[0].duration_s)));
        (void)json_object_set_new(*json, "session",
                                  json_pack("{s:s, s:s, s:o}", "id", session->manifest.about.id,
                                            "device", files[1], "length_s",
                                            NUMBER(sides[1].duration_s)));
    }
    recording_takes_finish(&sides[0]);
    recording_takes_finish(&sides[1]);
    return status;
}

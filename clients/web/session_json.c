/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_json.h"

#include <math.h>
#include <string.h>

#include "session_choice.h"
#include "session_progress.h"

json_t *session_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *number(float value)
{
    return session_json_number((double)value);
}

static const char *state_name(enum session_state state, bool is_recording)
{
    return is_recording                ? "recording"
           : state == SESSION_CLOSED   ? "closed"
           : state == SESSION_REPAIRED ? "repaired"
                                       : "cut off";
}

/* The practice score that stands for the session; null without a plan that was followed. */
static json_t *score_json(const struct session_manifest *manifest)
{
    const struct session_manifest_device *scored = session_manifest_scored(manifest);
    return scored ? number(scored->summary.score.practice_score) : json_null();
}

json_t *session_json_head(const struct session_manifest *manifest, bool is_recording)
{
    const struct session_about *about = &manifest->about;
    uint64_t n_bytes = 0, n_frames = 0, n_lost = 0, n_strokes = 0;
    json_t *devices = json_array();
    for (size_t i = 0; i < manifest->n_devices; i++) {
        const struct session_summary *s = &manifest->devices[i].summary;
        n_bytes += manifest->devices[i].size_bytes;
        n_frames += s->n_frames;
        n_lost += s->lost_device + s->lost_link + s->lost_host + s->lost_disk;
        n_strokes += s->n_strokes;
        size_t n_stem = strcspn(manifest->devices[i].file, ".");
        (void)json_array_append_new(devices,
                                    json_stringn_nocheck(manifest->devices[i].file, n_stem));
    }
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:I, s:I, s:I, s:I, s:o}",
        "id", about->id, "station", about->station, "began_unix_s",
        session_json_number(about->start_unix_s), "ended_unix_s",
        session_json_number(manifest->end_unix_s), "length_s",
        session_json_number(session_manifest_length_s(manifest)), "participant", about->participant,
        "operator", about->operator_id, "plan", session_manifest_plan(manifest), "note",
        about->note, "software", about->software, "state",
        state_name(manifest->state, is_recording), "score", score_json(manifest), "n_frames",
        (json_int_t)n_frames, "n_lost", (json_int_t)n_lost, "n_strokes", (json_int_t)n_strokes,
        "size_bytes", (json_int_t)n_bytes, "devices", devices);
}

/* ---- the list ---- */

static const char *wish(const char *text)
{
    return text[0] ? text : NULL;
}

static struct session_choice choice_of(const struct session_query *query)
{
    return (struct session_choice){
        .participant = wish(query->participant),
        .operator_id = wish(query->operator_id),
        .station = wish(query->station),
        .plan = wish(query->plan),
        .since_unix_s = query->since_unix_s,
        .until_unix_s = query->until_unix_s,
        .has_score = !isnan(query->score_min) || !isnan(query->score_max),
        .score_min = isnan(query->score_min) ? -INFINITY : (float)query->score_min,
        .score_max = isnan(query->score_max) ? INFINITY : (float)query->score_max,
    };
}

enum thenar_status session_json_list(json_t **json, const char *folder,
                                     const struct session_query *query,
                                     const struct permission *permission, double now_unix_s,
                                     struct thenar_error *error)
{
    char path[SESSION_PATH_BYTES + SESSION_ID_BYTES];
    char **names;
    size_t n_names, n_unreadable = 0;
    const struct session_choice choice = choice_of(query);
    *json = NULL;
    enum thenar_status status = session_folder_sessions(folder, &names, &n_names, error);
    if (status != THENAR_OK)
        return status;
    json_t *list = json_array();
    for (size_t i = n_names; i-- > 0;) {
        struct session_manifest manifest;
        struct thenar_error ignored;
        if (!session_query_is_name(names[i]) || strlen(names[i]) >= SESSION_ID_BYTES)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (session_manifest_read(&manifest, path, &ignored) != THENAR_OK) {
            n_unreadable++;
            continue;
        }
        bool is_recording = session_case_is_recorded(path, &manifest);
        if (session_choice_holds(&choice, &manifest) &&
            session_case_is_seen(&manifest, is_recording, permission, now_unix_s))
            (void)json_array_append_new(list, session_json_head(&manifest, is_recording));
        session_manifest_finish(&manifest);
    }
    session_folder_free(names, n_names);
    *json = json_pack("{s:o, s:I}", "sessions", list, "n_without_manifest",
                      (json_int_t)(permission->role == ACCOUNT_STUDENT ? 0 : n_unreadable));
    return *json ? THENAR_OK : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
}

/* ---- progress ---- */

static json_t *line_json(const struct progress_line *line, double first_unix_s)
{
    return json_pack(
        "{s:s, s:o, s:i, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:s, s:o, s:s}", "id", line->id,
        "began_unix_s", session_json_number(line->start_unix_s), "week",
        (int)floor((line->start_unix_s - first_unix_s) / (7 * 86400)) + 1, "length_s",
        session_json_number(line->length_s), "hands_on_s", session_json_number(line->hands_on_s),
        "n_techniques", (json_int_t)line->n_techniques, "n_strokes", (json_int_t)line->n_strokes,
        "regularity_pct", number(line->regularity_pct), "evenness_pct", number(line->evenness_pct),
        "stroke_peak", number(line->stroke_peak), "unit", line->is_relative ? "rel" : "kpa",
        "score", number(line->practice_score), "plan", line->plan);
}

/* A student may ask after those who practised at the own station a short while ago. */
static bool may_ask(const char *folder, const char *participant,
                    const struct permission *permission, double now_unix_s)
{
    struct session_query query = {.since_unix_s = (double)NAN,
                                  .until_unix_s = (double)NAN,
                                  .score_min = (double)NAN,
                                  .score_max = (double)NAN};
    struct thenar_error ignored;
    json_t *list = NULL;
    if (permission->is_local || permission->role != ACCOUNT_STUDENT)
        return true;
    (void)snprintf(query.participant, sizeof query.participant, "%s", participant);
    bool is_seen =
        session_json_list(&list, folder, &query, permission, now_unix_s, &ignored) == THENAR_OK &&
        json_array_size(json_object_get(list, "sessions")) > 0;
    json_decref(list);
    return is_seen;
}

static json_t *lines_json(const struct session_progress *found, bool is_short)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < found->n_lines; i++) {
        const struct progress_line *line = &found->lines[i];
        (void)json_array_append_new(lines, is_short
                                               ? json_pack("{s:o, s:o}", "began_unix_s",
                                                           session_json_number(line->start_unix_s),
                                                           "score", number(line->practice_score))
                                               : line_json(line, found->lines[0].start_unix_s));
    }
    return lines;
}

enum thenar_status session_json_progress(json_t **json, const char *folder, const char *participant,
                                         const struct permission *permission, double now_unix_s,
                                         struct thenar_error *error)
{
    struct session_progress found = {0};
    *json = NULL;
    enum thenar_status status = THENAR_ERR_ABSENT;
    if (may_ask(folder, participant, permission, now_unix_s))
        status = session_progress_read(&found, folder, participant, error);
    if (status == THENAR_ERR_ABSENT || (status == THENAR_OK && found.n_lines == 0))
        status = thenar_fail(error, THENAR_ERR_ABSENT,
                             "there is no session of participant %.60s here, or none for you to "
                             "see",
                             participant);
    if (status == THENAR_OK) {
        bool is_short = !permission->is_local && permission->role == ACCOUNT_STUDENT;
        *json = json_pack("{s:s, s:o, s:i}", "participant", participant, "sessions",
                          lines_json(&found, is_short), "n_unreadable", (int)found.n_unreadable);
        if (!*json)
            status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    }
    session_progress_finish(&found);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "session/session_folder.h"
#include "session_choice.h"

enum { PATH_BYTES = SESSION_PATH_BYTES + 512 };

static void add_file(struct progress_line *line, const struct session_digest *d, bool is_relative)
{
    /* The device with the most hands-on time stands for the session; lengths are the longest. */
    line->length_s = fmax(line->length_s, d->length_s);
    line->n_strokes += d->n_strokes;
    if (d->hands_on_s < line->hands_on_s)
        return;
    line->hands_on_s = d->hands_on_s;
    line->n_techniques = d->n_techniques;
    line->regularity_pct = d->regularity_pct;
    line->evenness_pct = d->evenness_pct;
    line->stroke_peak = d->stroke_peak;
    line->is_relative = is_relative;
}

static void read_line(struct session_progress *progress, struct progress_line *line,
                      const char *folder, const struct session_manifest *manifest)
{
    char path[PATH_BYTES + SESSION_FILE_NAME_BYTES];
    struct thenar_error error;
    *line = (struct progress_line){.start_unix_s = manifest->about.start_unix_s,
                                   .regularity_pct = NAN,
                                   .evenness_pct = NAN,
                                   .stroke_peak = NAN,
                                   .practice_score = NAN};
    const struct session_manifest_device *scored = session_manifest_scored(manifest);
    if (scored)
        line->practice_score = scored->summary.score.practice_score;
    (void)snprintf(line->plan, sizeof line->plan, "%s", session_manifest_plan(manifest));
    (void)snprintf(line->id, sizeof line->id, "%s", manifest->about.id);
    for (size_t i = 0; i < manifest->n_devices; i++) {
        struct session_reader *reader;
        struct session_digest digest;
        (void)snprintf(path, sizeof path, "%s/%s", folder, manifest->devices[i].file);
        enum thenar_status status = session_reader_open(&reader, path, &error);
        if (status == THENAR_OK) {
            status = session_digest_read(&digest, reader, &error);
            if (status == THENAR_OK)
                add_file(line, &digest, !array_layout_is_kpa(&session_reader_head(reader)->layout));
            session_reader_close(reader);
        }
        if (status != THENAR_OK) {
            progress->n_unreadable++;
            progress->unreadable = error;
        }
    }
}

enum thenar_status session_progress_read(struct session_progress *progress, const char *folder,
                                         const char *participant, struct thenar_error *error)
{
    char path[PATH_BYTES];
    char **names;
    size_t n_names;
    const struct session_choice choice = {
        .participant = participant, .since_unix_s = (double)NAN, .until_unix_s = (double)NAN};
    *progress = (struct session_progress){0};
    enum thenar_status status = session_folder_sessions(folder, &names, &n_names, error);
    if (status != THENAR_OK)
        return status;
    progress->lines = (struct progress_line *)calloc(n_names + 1, sizeof *progress->lines);
    if (!progress->lines) {
        session_folder_free(names, n_names);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for %zu sessions", n_names);
    }
    for (size_t i = 0; status == THENAR_OK && i < n_names; i++) {
        struct session_manifest manifest;
        struct thenar_error ignored;
        (void)snprintf(path, sizeof path, "%s/%.250s", folder, names[i]);
        if (session_manifest_read(&manifest, path, &ignored) != THENAR_OK &&
            session_manifest_collect(&manifest, path, &ignored) != THENAR_OK)
            continue;
        if (session_choice_holds(&choice, &manifest))
            read_line(progress, &progress->lines[progress->n_lines++], path, &manifest);
        session_manifest_finish(&manifest);
    }
    session_folder_free(names, n_names);
    return status;
}

void session_progress_finish(struct session_progress *progress)
{
    free(progress->lines);
    *progress = (struct session_progress){0};
}

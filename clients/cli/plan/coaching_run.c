/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coaching_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/control.h"
#include "session/plan_folder.h"

static enum thenar_status read_plan(struct coaching_run *run, const char *name,
                                    struct thenar_error *error)
{
    struct plan_folders folders;
    plan_folders_init(&folders);
    return plan_folders_read(&folders, name, &run->plan, error);
}

/* A command of the session that the daemon did. @return false: none of the coach's */
static bool read_request(const struct session_command_row *row,
                         struct thenar_control_request *request)
{
    struct thenar_error error;
    if (!row->is_done)
        return false;
    if (thenar_control_request_decode(row->request, strnlen(row->request, sizeof row->request),
                                      request, &error) != THENAR_OK)
        return false;
    return request->command == THENAR_CONTROL_PLAN || request->command == THENAR_CONTROL_DECLARE ||
           request->command == THENAR_CONTROL_COMFORT;
}

static bool is_start(const struct thenar_control_request *request)
{
    return request->command == THENAR_CONTROL_PLAN && request->plan[0] &&
           (request->action[0] == '\0' || strcmp(request->action, "start") == 0);
}

/* "packaging/plans/injury.plan" and "injury" are called the same. */
static bool is_same_name(const char *a, const char *b)
{
    const char *names[] = {a, b};
    size_t lengths[2];
    for (int i = 0; i < 2; i++) {
        const char *slash = strrchr(names[i], '/');
        names[i] = slash ? slash + 1 : names[i];
        lengths[i] = strlen(names[i]);
        if (lengths[i] > 5 && strcmp(names[i] + lengths[i] - 5, ".plan") == 0)
            lengths[i] -= 5;
    }
    return lengths[0] == lengths[1] && memcmp(names[0], names[1], lengths[0]) == 0;
}

/* Whether the session tells when a plan was started. @param name  which one; NULL: any */
static bool was_started(const struct recording_run *recording, const char *name)
{
    size_t n_rows;
    const struct session_command_row *rows = recording_run_commands(recording, &n_rows);
    for (size_t i = 0; i < n_rows; i++) {
        struct thenar_control_request request;
        if (read_request(&rows[i], &request) && is_start(&request) &&
            (!name || is_same_name(name, request.plan)))
            return true;
    }
    return false;
}

static enum thenar_status prepare(struct coaching_run *run, const char *name,
                                  const struct recording_run *recording, struct thenar_error *error)
{
    const struct array_layout *layout = recording_run_layout(recording);
    run->has_asked = name != NULL;
    run->follows_commands = was_started(recording, name);
    coaching_init(&run->coaching, layout->mount, !array_layout_is_kpa(layout));
    enum thenar_status status = name ? read_plan(run, name, error) : THENAR_OK;
    if (status == THENAR_OK && name && !run->follows_commands) {
        coaching_start(&run->coaching, &run->plan,
                       run->cues == N_PLAN_CUES ? run->plan.cues : run->cues);
        coaching_follow_hands(&run->coaching, true);
    }
    return status;
}

enum thenar_status coaching_run_create(struct coaching_run **out, const char *name,
                                       const char *cues, const struct recording_run *recording,
                                       struct thenar_error *error)
{
    *out = NULL;
    enum plan_cues wanted = cues ? plan_cues_from_name(cues) : N_PLAN_CUES;
    if (cues && wanted == N_PLAN_CUES)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "--cues '%s' is not known; there are trusted, all and off", cues);
    if (!name && !was_started(recording, NULL))
        return THENAR_OK;
    struct coaching_run *run = calloc(1, sizeof *run);
    if (!run)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    run->cues = wanted;
    enum thenar_status status = prepare(run, name, recording, error);
    if (status == THENAR_OK)
        *out = run;
    else
        free(run);
    return status;
}

void coaching_run_destroy(struct coaching_run *run)
{
    if (!run)
        return;
    free(run->said);
    free(run);
}

static void keep(struct coaching_run *run, double device_s, const struct coach_cue *cue)
{
    if (run->n_said == run->n_space) {
        size_t n_space = run->n_space ? 2 * run->n_space : 64;
        struct coaching_said *said = realloc(run->said, n_space * sizeof *said);
        if (!said)
            return; /* the list is cut; the score is not */
        run->said = said;
        run->n_space = n_space;
    }
    run->said[run->n_said++] =
        (struct coaching_said){device_s - run->first_s, run->coaching.step + 1, *cue};
}

/* ---- commands of the session ---- */

static void begin(struct coaching_run *run, const struct thenar_control_request *request)
{
    struct thenar_error error;
    if (run->has_asked && !is_same_name(run->plan.name, request->plan))
        return;
    coaching_stop(&run->coaching);
    if (!run->has_asked && read_plan(run, request->plan, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar analyze: without the session's plan: %s\n", error.text);
        run->plan = (struct plan){0};
        return;
    }
    enum plan_cues cues = request->cues[0] ? plan_cues_from_name(request->cues) : run->plan.cues;
    coaching_start(&run->coaching, &run->plan, run->cues == N_PLAN_CUES ? cues : run->cues);
}

static void obey_plan(struct coaching_run *run, const struct thenar_control_request *request)
{
    struct coaching *coaching = &run->coaching;
    if (!run->follows_commands)
        return;
    if (is_start(request))
        begin(run, request);
    else if (strcmp(request->action, "stop") == 0)
        coaching_pause(coaching, true); /* what was said and scored remains */
    else if (strcmp(request->action, "pause") == 0 || strcmp(request->action, "resume") == 0)
        coaching_pause(coaching, request->action[0] == 'p');
    else if (strcmp(request->action, "next") == 0)
        (void)coaching_move(coaching, 1);
    else if (strcmp(request->action, "back") == 0)
        (void)coaching_move(coaching, -1);
}

static void obey(struct coaching_run *run, const struct session_command_row *row)
{
    struct thenar_control_request request;
    if (!read_request(row, &request))
        return;
    if (request.command == THENAR_CONTROL_PLAN)
        obey_plan(run, &request);
    else if (request.command == THENAR_CONTROL_COMFORT)
        coaching_comfort(&run->coaching, request.pain);
    else
        coaching_declare(&run->coaching, technique_from_name(request.technique),
                         plan_variant_from_name(request.variant));
}

bool coaching_run_take(struct coaching_run *run, struct recording_run *recording,
                       const struct pipeline_output *output)
{
    struct coach_cue cue;
    struct coaching_frame frame = {.device_s = output->device_s,
                                   .technique = &output->technique,
                                   .strokes = output->strokes,
                                   .n_strokes = output->n_strokes,
                                   .force_n = output->features.force_n,
                                   .peak_kpa = output->features.peak_kpa,
                                   .load_change_n = output->mat.load_change_n,
                                   .is_touched = output->features.n_touched > 0,
                                   .is_saturated = output->features.n_saturated > 0};
    if (!run->has_first) {
        run->has_first = true;
        run->first_s = output->device_s;
    }
    for (const struct session_command_row *row; (row = recording_run_command(recording));)
        obey(run, row);
    size_t n_before = run->n_said;
    if (coaching_execute(&run->coaching, &frame, &cue))
        keep(run, output->device_s, &cue);
    return run->n_said > n_before;
}

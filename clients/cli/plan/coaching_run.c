/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coaching_run.h"

#include <stdlib.h>

#include "session/plan_folder.h"

enum thenar_status coaching_run_create(struct coaching_run **out, const char *name,
                                       const char *cues, const struct array_layout *layout,
                                       struct thenar_error *error)
{
    enum coach_policy policy = cues ? coach_policy_from_name(cues) : COACH_TRUSTED;
    if (policy == N_COACH_POLICIES)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "--cues '%s' is not known; there are trusted, all and off", cues);
    struct plan_folders folders;
    struct coaching_run *run = calloc(1, sizeof *run);
    if (!run)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    plan_folders_init(&folders);
    enum thenar_status status = plan_folders_read(&folders, name, &run->plan, error);
    if (status != THENAR_OK) {
        free(run);
        return status;
    }
    coaching_init(&run->coaching, layout->mount, !array_layout_is_kpa(layout));
    coaching_start(&run->coaching, &run->plan, policy);
    *out = run;
    return THENAR_OK;
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

bool coaching_run_take(struct coaching_run *run, const struct pipeline_output *output)
{
    struct coach_cue cue;
    struct coaching_frame frame = {.device_s = output->device_s,
                                   .technique = &output->technique,
                                   .force_n = output->features.force_n,
                                   .peak_kpa = output->features.peak_kpa,
                                   .is_touched = output->features.n_touched > 0,
                                   .is_saturated = output->features.n_saturated > 0};
    if (!run->has_first) {
        run->has_first = true;
        run->first_s = output->device_s;
    }
    size_t n_before = run->n_said;
    if (coaching_execute(&run->coaching, &frame, &cue))
        keep(run, output->device_s, &cue);
    return run->n_said > n_before;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list: one line a session, from the manifests */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/session_manifest.h"
#include "session/session_choice.h"
#include "session_command.h"

/* A session that says it is recorded, but nobody holds its lock, was cut off. */
static const char *state_of(const char *path, enum session_state state)
{
    if (state == SESSION_CLOSED)
        return "";
    if (state == SESSION_REPAIRED)
        return "repaired";
    int lock = session_folder_lock(path);
    if (lock < 0)
        return "recording";
    (void)close(lock);
    return "cut off";
}

static const char *or_dash(const char *text)
{
    return text[0] ? text : "-";
}

static void print_score(char *text, size_t n_space, const struct session_manifest *manifest)
{
    const struct session_manifest_device *scored = session_manifest_scored(manifest);
    if (scored)
        (void)snprintf(text, n_space, "%.0f", (double)scored->summary.score.practice_score);
    else
        (void)snprintf(text, n_space, "-");
}

static void print_manifest(const char *path, char *name, struct session_manifest *manifest)
{
    char time[32], span[48], size[32], score[16], plan[SESSION_PLAN_BYTES];
    uint64_t n_frames = 0, n_lost = 0, n_bytes = 0;
    for (size_t i = 0; i < manifest->n_devices; i++) {
        const struct session_summary *s = &manifest->devices[i].summary;
        n_frames += s->n_frames;
        n_lost += s->lost_device + s->lost_link + s->lost_host + s->lost_disk;
        n_bytes += manifest->devices[i].size_bytes;
    }
    session_print_time(time, sizeof time, manifest->about.start_unix_s);
    session_print_span(span, sizeof span, session_manifest_length_s(manifest));
    session_print_size(size, sizeof size, (double)n_bytes);
    print_score(score, sizeof score, manifest);
    (void)snprintf(plan, sizeof plan, "%s", session_manifest_plan(manifest));
    session_plain(plan, sizeof plan);
    session_plain(name, strlen(name));
    session_plain(manifest->about.participant, sizeof manifest->about.participant);
    session_plain(manifest->about.operator_id, sizeof manifest->about.operator_id);
    printf("%-28s %-19s %-13s %10s  %-10s %-10s %-12s %5s %9" PRIu64 " %6" PRIu64 "  %s\n", name,
           time, span, size, or_dash(manifest->about.participant),
           or_dash(manifest->about.operator_id), or_dash(plan), score, n_frames, n_lost,
           state_of(path, manifest->state));
}

/* @return whether it was among those that are wanted, and printed */
static bool print_session(const char *folder, char *name, const struct session_choice *choice)
{
    char path[SESSION_PATH_BYTES + 256];
    struct session_manifest manifest;
    struct thenar_error error;
    (void)snprintf(path, sizeof path, "%s/%.250s", folder, name);
    if (session_manifest_read(&manifest, path, &error) != THENAR_OK) {
        printf("%-28s no manifest; `thenar session repair %s` makes one\n", name, name);
        return true;
    }
    bool is_wanted = session_choice_holds(choice, &manifest);
    if (is_wanted)
        print_manifest(path, name, &manifest);
    session_manifest_finish(&manifest);
    return is_wanted;
}

static void print_all(const char *folder, char *const *names, size_t n_names,
                      const struct session_choice *choice)
{
    size_t n_printed = 0;
    if (n_names == 0) {
        printf("no session in %s yet\n", folder);
        return;
    }
    printf("%-28s %-19s %-13s %10s  %-10s %-10s %-12s %5s %9s %6s\n", "SESSION", "BEGUN", "LENGTH",
           "SIZE", "PARTICIPANT", "OPERATOR", "PLAN", "SCORE", "FRAMES", "LOST");
    for (size_t i = 0; i < n_names; i++)
        n_printed += print_session(folder, names[i], choice);
    if (n_printed < n_names)
        printf("%zu of %zu sessions\n", n_printed, n_names);
}

/* @return false: one of them is no date; printed */
static bool take_dates(const struct option_table *table, struct session_choice *choice,
                       const char *since, const char *until)
{
    struct thenar_error error;
    choice->since_unix_s = choice->until_unix_s = (double)NAN;
    if ((since && session_choice_date(&choice->since_unix_s, since, false, &error) != THENAR_OK) ||
        (until && session_choice_date(&choice->until_unix_s, until, true, &error) != THENAR_OK)) {
        (void)options_fail(table, "%s", error.text);
        return false;
    }
    return true;
}

int session_list_action(int argc, char **argv)
{
    const char *option = NULL, *since = NULL, *until = NULL, *score = NULL;
    struct session_choice choice = {0};
    const struct option_row rows[] = {
        {"participant", OPTION_TEXT, &choice.participant, "ID", "only theirs", 0, 0},
        {"operator", OPTION_TEXT, &choice.operator_id, "ID", "only those that they gave", 0, 0},
        {"station", OPTION_TEXT, &choice.station, "NAME", "only this station's", 0, 0},
        {"plan", OPTION_TEXT, &choice.plan, "NAME", "only those of this plan", 0, 0},
        {"score", OPTION_TEXT, &score, "RANGE", "only with a practice score like 70.. or 50..70", 0,
         0},
        {"since", OPTION_TEXT, &since, "DATE", "begun then or later: 2026-11-21, local time", 0, 0},
        {"until", OPTION_TEXT, &until, "DATE", "begun before the end of that day", 0, 0},
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {"session list",
                                       "",
                                       "The sessions there are, oldest first.",
                                       rows,
                                       sizeof rows / sizeof *rows,
                                       OPTION_CONTROL};
    struct options_result options;
    char folder[SESSION_PATH_BYTES];
    char **names;
    size_t n_names;
    struct thenar_error error;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands > 0)
        return options_fail(&table, "unexpected argument '%s'", options.operands[0]);
    if (!take_dates(&table, &choice, since, until))
        return EXIT_USAGE;
    if (score && session_choice_score(&choice, score, &error) != THENAR_OK)
        return options_fail(&table, "--score: %s", error.text);
    session_choose_folder(option, options.control, folder);
    if (session_folder_sessions(folder, &names, &n_names, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar session list: %s\n", error.text);
        return EXIT_FAILED;
    }
    print_all(folder, names, n_names, &choice);
    session_folder_free(names, n_names);
    return EXIT_DONE;
}

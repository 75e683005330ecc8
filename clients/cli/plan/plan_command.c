/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "coach_ask.h"
#include "plan_from.h"
#include "plan_print.h"
#include "session/plan_file.h"
#include "session/plan_folder.h"
#include "suggest.h"

/* ---- files: list, show, check ---- */

static int list_plans(void)
{
    struct plan_folders folders;
    struct plan_entry *entries = calloc(PLANS_MAX, sizeof *entries);
    struct plan *plan = malloc(sizeof *plan);
    int code = EXIT_DONE;
    plan_folders_init(&folders);
    unsigned n = entries && plan ? plan_folders_list(&folders, entries) : 0;
    for (unsigned i = 0; i < n; i++) {
        struct thenar_error error;
        char duration[40];
        if (plan_file_read(plan, entries[i].path, &error) != THENAR_OK) {
            printf("%-16s cannot be used: %s\n", entries[i].name, error.text);
            code = EXIT_FAILED;
            continue;
        }
        plan_print_duration(duration, sizeof duration, (double)plan_duration_s(plan));
        printf("%-16s %s (%u steps, %s)\n", entries[i].name, plan->title, plan->n_steps, duration);
    }
    if (n == 0) {
        (void)fprintf(stderr, "thenar plan: no plans are found; these folders were looked into:\n");
        for (unsigned i = 0; i < folders.n_folders; i++)
            (void)fprintf(stderr, "    %s\n", folders.folders[i]);
        code = EXIT_FAILED;
    }
    free(plan);
    free(entries);
    return code;
}

/* @return NULL when it was told why not; else the plan, for free() */
static struct plan *read_plan(const char *name)
{
    struct plan_folders folders;
    struct thenar_error error;
    struct plan *plan = malloc(sizeof *plan);
    plan_folders_init(&folders);
    if (plan && plan_folders_read(&folders, name, plan, &error) == THENAR_OK)
        return plan;
    (void)fprintf(stderr, "thenar plan: %s\n", plan ? error.text : "out of memory");
    free(plan);
    return NULL;
}

static int show_plan(const char *name)
{
    struct plan *plan = read_plan(name);
    if (!plan)
        return EXIT_FAILED;
    plan_print_page(stdout, plan);
    free(plan);
    return EXIT_DONE;
}

/* Whether the bands will be heard. */
static void tell_marks(const struct plan *plan)
{
    printf("%s: good. %u steps, %u bands, of which %u give cues", plan->name, plan->n_steps,
           plan_n_bands(plan), plan_n_heard(plan, plan->cues));
    printf(plan->cues == PLAN_CUES_TRUSTED ? " by default\n" : " (cues = \"%s\")\n",
           plan_cues_name(plan->cues));
}

/* After a start without --cues: silence must not be taken for praise. */
static void tell_silence(const char *name)
{
    struct plan_folders folders;
    struct thenar_error error;
    struct plan *plan = malloc(sizeof *plan);
    plan_folders_init(&folders);
    if (plan && plan_folders_read(&folders, name, plan, &error) == THENAR_OK &&
        plan->cues == PLAN_CUES_TRUSTED && plan_n_heard(plan, plan->cues) < plan_n_bands(plan))
        printf("%u of its %u bands correct; the others are conventions, shown and scored only "
               "(--cues all lets them speak)\n",
               plan_n_heard(plan, plan->cues), plan_n_bands(plan));
    free(plan);
}

/* What `thenar plan from` leaves to the instructor. */
static void tell_blanks(const struct plan *plan)
{
    const char *const texts[] = {"goal",
                                 plan->goal,
                                 "assessment_before",
                                 plan->assessment_before,
                                 "assessment_after",
                                 plan->assessment_after,
                                 "aftercare",
                                 plan->aftercare,
                                 "next_visit",
                                 plan->next_visit};
    unsigned n_blank = 0, n_regions = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i += 2)
        if (strcmp(texts[i + 1], PLAN_FROM_BLANK) == 0)
            printf("%s%s", n_blank++ ? ", " : "  still to be filled in: ", texts[i]);
    for (unsigned i = 0; i < plan->n_steps; i++)
        n_regions += strcmp(plan->steps[i].region, PLAN_FROM_REGION) == 0;
    if (n_regions)
        printf("%sthe region of %u step%s",
               n_blank++ ? ", " : "  still to be filled in: ", n_regions,
               n_regions == 1 ? "" : "s");
    if (n_blank)
        printf("\n");
}

static int check_plan(const char *path)
{
    struct thenar_error error;
    struct plan *plan = malloc(sizeof *plan);
    if (!plan)
        return EXIT_FAILED;
    enum thenar_status status = plan_file_read(plan, path, &error);
    if (status == THENAR_OK) {
        tell_marks(plan);
        tell_blanks(plan);
    } else {
        (void)fprintf(stderr, "%s\n", error.text);
    }
    free(plan);
    return status == THENAR_OK ? EXIT_DONE : EXIT_FAILED;
}

/* ---- the daemon: status, start, stop, next, back, pause, resume ---- */

static void print_reply(const struct thenar_control_reply *reply)
{
    if (reply->plan[0] == '\0')
        printf("no plan is in force\n");
    else if (reply->step > reply->n_steps)
        printf("%s: finished\n", reply->plan);
    else
        printf("%s: step %u of %u, %s\n", reply->plan, reply->step, reply->n_steps,
               strcmp(reply->plan_state, "waiting") == 0 ? "waiting for the first touch"
                                                         : reply->plan_state);
}

static int ask_daemon(const struct option_table *table, const char *action, const char *name,
                      const char *cues, const char *device, const struct options_result *options)
{
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_PLAN;
    if (strcmp(action, "status") != 0)
        (void)snprintf(request.action, sizeof request.action, "%s", action);
    char *path = name && strchr(name, '/') ? realpath(name, NULL) : NULL;
    const char *plan = path ? path : name ? name : "";
    if (strlen(plan) >= sizeof request.plan)
        return options_fail(table, "the name '%s' is too long", plan);
    (void)snprintf(request.plan, sizeof request.plan, "%s", plan);
    (void)snprintf(request.cues, sizeof request.cues, "%s", cues ? cues : "");
    int code = coach_ask("plan", options, device, &request, &reply);
    if (code == EXIT_DONE)
        print_reply(&reply);
    if (code == EXIT_DONE && strcmp(action, "start") == 0 && !cues)
        tell_silence(plan);
    free(path);
    return code;
}

/* ---- which is which ---- */

static const char *const words[] = {"list",  "show", "check", "status", "start", "stop",
                                    "pause", "next", "back",  "from",   "resume"};
enum { N_WORDS = sizeof words / sizeof *words };

static int fail_word(const struct option_table *table, const char *word)
{
    const char *nearest = suggest_nearest(word, words, N_WORDS);
    if (nearest)
        return options_fail(table, "no '%s' here; did you mean '%s'?", word, nearest);
    return options_fail(table,
                        "no '%s' here; there are list, show, check, from, status, start, "
                        "stop, next, back, pause and resume",
                        word);
}

static int execute(const struct option_table *table, const struct options_result *options,
                   const char *cues, const char *device)
{
    const char *word = options->n_operands ? options->operands[0] : "list";
    const char *name = options->n_operands > 1 ? options->operands[1] : NULL;
    bool is_named =
        strcmp(word, "show") == 0 || strcmp(word, "check") == 0 || strcmp(word, "start") == 0;
    bool is_known = false;
    for (size_t i = 0; i < N_WORDS; i++)
        is_known = is_known || strcmp(word, words[i]) == 0;
    if (!is_known)
        return fail_word(table, word);
    if (options->n_operands > 2)
        return options_fail(table, "unexpected argument '%s'", options->operands[2]);
    if (is_named && !name)
        return options_fail(table, "which one? thenar plan %s %s", word,
                            strcmp(word, "check") == 0 ? "FILE" : "NAME");
    if (!is_named && name)
        return options_fail(table, "'%s' takes no name", word);
    if (strcmp(word, "list") == 0)
        return list_plans();
    if (strcmp(word, "show") == 0)
        return show_plan(name);
    if (strcmp(word, "check") == 0)
        return check_plan(name);
    return ask_daemon(table, word, name, cues, device, options);
}

int plan_command(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "from") == 0)
        return plan_from_command(argc - 1, argv + 1);
    const char *cues = NULL, *device = NULL;
    const struct option_row rows[] = {
        {"cues", OPTION_TEXT, &cues, "WHICH",
         "start: trusted (measured bands and the instructor's), all or off (else as the plan says)",
         0, 0},
        {"device", OPTION_TEXT, &device, "NAME", "this device only (else all)", 0, 0},
    };
    const struct option_table table = {
        "plan",
        "[list | show NAME | check FILE | start NAME | status | next | back | pause | resume | "
        "stop "
        "| from RECORDING]",
        "Treatment plans: what there is, what one says, whether a file is right; and the plan in\n"
        "force on the daemon. `thenar plan from --help` makes one from a recording.",
        rows,
        sizeof rows / sizeof *rows,
        OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    return code >= 0 ? code : execute(&table, &options, cues, device);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress: a participant's sessions in a row, one line each, and what was kept after a pause */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session_command.h"
#include "session_progress.h"

static const char COMMAND[] = "session progress";

enum { PAUSE_DAYS = 14 };

/* ---- printing ---- */

static void put(double value, int width, int decimals, const char *unit)
{
    if (isnan(value))
        printf("%*s%*s", width, "-", (int)(unit[0] ? 4 : 0), "");
    else
        printf("%*.*f%-*s", width, decimals, value, unit[0] ? 4 : 0, unit);
}

static void print_line(const struct progress_line *line, double first_unix_s)
{
    char time[32], length[48], hands[48];
    session_print_time(time, sizeof time, line->start_unix_s);
    session_print_span(length, sizeof length, line->length_s);
    session_print_span(hands, sizeof hands, line->hands_on_s);
    printf("%4.0f  %-16.16s  %-12s %-12s %8zu %8llu ",
           floor((line->start_unix_s - first_unix_s) / (7 * 86400)) + 1, time, length, hands,
           line->n_techniques, (unsigned long long)line->n_strokes);
    put((double)line->regularity_pct, 7, 1, " %");
    put((double)line->evenness_pct, 7, 0, " %");
    put((double)line->stroke_peak * (line->is_relative ? 100 : 1), 8, 1,
        line->is_relative ? " %FS" : " kPa");
    put((double)line->practice_score, 6, 0, "");
    printf("  %s\n", line->plan);
}

static void print_scores(const struct progress_line *before, const struct progress_line *after)
{
    if (!isnan(before->practice_score) && !isnan(after->practice_score) &&
        strcmp(before->plan, after->plan) == 0)
        printf("; practice score %.0f, before it was %.0f", (double)after->practice_score,
               (double)before->practice_score);
    printf("\n");
}

/* The steadiness of the rhythm before and after: what a pause took away. */
static void print_pause(const struct progress_line *before, const struct progress_line *after)
{
    double days = (after->start_unix_s - before->start_unix_s) / 86400;
    if (days < PAUSE_DAYS)
        return;
    printf("      after a pause of %.0f days: ", days);
    if (isnan(before->regularity_pct) || isnan(after->regularity_pct))
        printf("no rhythm to compare");
    else if (after->regularity_pct <= before->regularity_pct)
        printf("kept; the rhythm varies by %.1f %%, before it was %.1f %%",
               (double)after->regularity_pct, (double)before->regularity_pct);
    else
        printf("the rhythm varies by %.1f %%, before it was %.1f %%", (double)after->regularity_pct,
               (double)before->regularity_pct);
    print_scores(before, after);
}

static void print_all(const struct progress_line *lines, size_t n, const char *participant)
{
    printf("%s: %zu session%s\n", participant, n, n == 1 ? "" : "s");
    printf("%4s  %-16s  %-12s %-12s %8s %8s %11s %11s %12s %6s  %s\n", "WEEK", "BEGUN", "LENGTH",
           "HANDS ON", "KINDS", "STROKES", "RHYTHM +-", "EVENNESS", "PRESSURE", "SCORE", "PLAN");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            print_pause(&lines[i - 1], &lines[i]);
        print_line(&lines[i], lines[0].start_unix_s);
    }
    printf("RHYTHM +-: how much the time between strokes varied; EVENNESS: of the force within a "
           "stroke;\nPRESSURE: highest of a typical stroke; SCORE: the practice score, when a plan "
           "was followed.\nComparable between sessions of the same kind.\n");
}

static int progress(const char *folder, const char *participant)
{
    struct session_progress found;
    struct thenar_error error;
    if (session_progress_read(&found, folder, participant, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, error.text);
        session_progress_finish(&found);
        return EXIT_FAILED;
    }
    size_t n = found.n_lines;
    if (found.n_unreadable > 0)
        (void)fprintf(stderr, "thenar %s: %u files could not be read: %s\n", COMMAND,
                      found.n_unreadable, found.unreadable.text);
    if (n > 0)
        print_all(found.lines, n, participant);
    else
        (void)fprintf(stderr,
                      "thenar %s: no session of participant '%s' in %s; `thenar session "
                      "list` shows them all\n",
                      COMMAND, participant, folder);
    session_progress_finish(&found);
    return n > 0 ? EXIT_DONE : EXIT_FAILED;
}

int session_progress_action(int argc, char **argv)
{
    const char *option = NULL;
    const struct option_row rows[] = {
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        COMMAND,
        "ID",
        "A participant's sessions by week, one line each; after two weeks without, what was kept.",
        rows,
        1,
        OPTION_CONTROL};
    char folder[SESSION_PATH_BYTES];
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.n_operands != 1)
        return options_fail(&table, "whose? The participant's pseudonym: P007");
    session_choose_folder(option, options.control, folder);
    return progress(folder, options.operands[0]);
}

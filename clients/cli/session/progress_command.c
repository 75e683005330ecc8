/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress: a participant's sessions in a row, one line each, and what was kept after a pause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/session_digest.h"
#include "session_choice.h"
#include "session_command.h"

static const char COMMAND[] = "session progress";

enum { PATH_BYTES = SESSION_PATH_BYTES + 512, PAUSE_DAYS = 14 };

/* One session: its files put together, weighted by the time that hands were on. */
struct progress_line {
    char id[SESSION_ID_BYTES];
    double start_unix_s, length_s, hands_on_s;
    size_t n_techniques;
    uint64_t n_strokes;
    float regularity_pct, evenness_pct, stroke_peak;
    bool is_relative;
};

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

static void read_line(struct progress_line *line, const char *folder,
                      const struct session_manifest *manifest)
{
    char path[PATH_BYTES + SESSION_FILE_NAME_BYTES];
    struct thenar_error error;
    *line = (struct progress_line){.start_unix_s = manifest->about.start_unix_s,
                                   .regularity_pct = NAN,
                                   .evenness_pct = NAN,
                                   .stroke_peak = NAN};
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
        if (status != THENAR_OK)
            (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, error.text);
    }
}

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
        printf("no rhythm to compare\n");
    else if (after->regularity_pct <= before->regularity_pct)
        printf("kept; the rhythm varies by %.1f %%, before it was %.1f %%\n",
               (double)after->regularity_pct, (double)before->regularity_pct);
    else
        printf("the rhythm varies by %.1f %%, before it was %.1f %%\n",
               (double)after->regularity_pct, (double)before->regularity_pct);
}

static void print_all(const struct progress_line *lines, size_t n, const char *participant)
{
    printf("%s: %zu session%s\n", participant, n, n == 1 ? "" : "s");
    printf("%4s  %-16s  %-12s %-12s %8s %8s %11s %11s %12s\n", "WEEK", "BEGUN", "LENGTH",
           "HANDS ON", "KINDS", "STROKES", "RHYTHM +-", "EVENNESS", "PRESSURE");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            print_pause(&lines[i - 1], &lines[i]);
        print_line(&lines[i], lines[0].start_unix_s);
    }
    printf("RHYTHM +-: how much the time between strokes varied; EVENNESS: of the force within a "
           "stroke;\nPRESSURE: highest of a typical stroke. Comparable between sessions of the "
           "same kind.\n");
}

static int progress(const char *folder, const char *participant)
{
    char path[PATH_BYTES];
    char **names;
    size_t n_names, n = 0;
    struct thenar_error error;
    const struct session_choice choice = {
        .participant = participant, .since_unix_s = (double)NAN, .until_unix_s = (double)NAN};
    if (session_folder_sessions(folder, &names, &n_names, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar %s: %s\n", COMMAND, error.text);
        return EXIT_FAILED;
    }
    struct progress_line *lines = (struct progress_line *)calloc(n_names + 1, sizeof *lines);
    for (size_t i = 0; lines && i < n_names; i++) {
        struct session_manifest manifest;
        (void)snprintf(path, sizeof path, "%s/%.250s", folder, names[i]);
        if (session_manifest_read(&manifest, path, &error) != THENAR_OK &&
            session_manifest_collect(&manifest, path, &error) != THENAR_OK)
            continue;
        if (session_choice_holds(&choice, &manifest))
            read_line(&lines[n++], path, &manifest);
        session_manifest_finish(&manifest);
    }
    session_folder_free(names, n_names);
    if (n > 0)
        print_all(lines, n, participant);
    else
        (void)fprintf(stderr,
                      "thenar %s: no session of participant '%s' in %s; `thenar session "
                      "list` shows them all\n",
                      COMMAND, participant, folder);
    free(lines);
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

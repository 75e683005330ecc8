/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify: what a file lacks, and what is damaged; repair: make it readable */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/session_manifest.h"
#include "session/session_repair.h"
#include "session_check.h"
#include "session_command.h"

enum { GAPS_SHOWN = 20 };

static void print_count(const char *title, uint64_t n, const char *words)
{
    printf("  %-10s %" PRIu64 "%s\n", title, n, words);
}

static void print_lost(const struct session_verdict *v)
{
    uint64_t n_lost = v->lost_device + v->lost_link + v->lost_host + v->lost_disk;
    printf("  %-10s %" PRIu64, "lost", n_lost);
    if (n_lost)
        printf(" (device %" PRIu64 ", link %" PRIu64 ", host %" PRIu64 ", disk %" PRIu64 ")",
               v->lost_device, v->lost_link, v->lost_host, v->lost_disk);
    printf("\n");
    if (v->n_away)
        printf("  %-10s %" PRIu64 " time%s, %.1f s: frames that nobody can count\n", "away",
               v->n_away, v->n_away == 1 ? "" : "s", v->away_s);
}

static void print_gaps(const char *path)
{
    struct session_reader *reader;
    struct session_gap_row *gaps;
    size_t n_gaps;
    struct thenar_error error;
    if (session_reader_open(&reader, path, &error) != THENAR_OK)
        return;
    struct session_frame_row first = {0};
    (void)!session_reader_rows(reader, SESSION_FRAMES, 0, 1, &first, &error);
    if (session_reader_all(reader, SESSION_GAPS, (void **)&gaps, &n_gaps, &error) == THENAR_OK) {
        for (size_t i = 0; i < n_gaps && i < GAPS_SHOWN; i++)
            printf("    at %9.3f s, before frame %" PRIu64 ": %" PRIu32
                   " lost at the %.8s (%.3f s; sequence %" PRIu32 " to %" PRIu32 ")\n",
                   gaps[i].t - first.t_device, gaps[i].frame, gaps[i].n_frames, gaps[i].side,
                   gaps[i].lost_s, gaps[i].from_sequence, gaps[i].to_sequence);
        if (n_gaps > GAPS_SHOWN)
            printf("    and %zu more, in the table `gaps`\n", n_gaps - GAPS_SHOWN);
        free(gaps);
    }
    session_reader_close(reader);
}

static void print_damage(const struct session_verdict *v)
{
    const struct session_frames_check *f = &v->frames;
    bool is_good = f->n_bad == 0 && v->n_without_samples == 0;
    if (f->n_bad)
        printf("  %-10s %" PRIu64 " frames damaged, between frame %" PRIu64 " and %" PRIu64 "\n",
               "checksums", f->n_bad, f->first_bad, f->last_bad);
    for (int t = 0; t < N_SESSION_TABLES; t++)
        if (v->n_bad_rows[t]) {
            printf("  %-10s %" PRIu64 " rows damaged in `%s`\n", "checksums", v->n_bad_rows[t],
                   session_table_form((enum session_table)t)->name);
            is_good = false;
        }
    if (v->n_without_samples)
        print_count("incomplete", v->n_without_samples, " frames have a row or samples, not both");
    if (is_good)
        printf("  %-10s all right\n", "checksums");
    if (f->n_unexplained)
        printf("  %-10s %" PRIu64 " frames are missing and no gap tells of them, first before "
               "frame %" PRIu64 "\n",
               "unexplained", f->n_unexplained, f->first_unexplained);
    if (f->n_back)
        print_count("times", f->n_back, " frames whose time did not grow");
}

static void print_state(const struct session_verdict *v, bool is_busy)
{
    if (is_busy)
        printf("  %-10s is being recorded now\n", "state");
    else if (v->is_open || v->state == SESSION_RECORDING)
        printf("  %-10s cut off, and not repaired: `thenar session repair` makes it open "
               "everywhere\n",
               "state");
    else if (v->state == SESSION_REPAIRED)
        printf("  %-10s cut off (thenard was killed, or the machine stopped), and repaired\n",
               "state");
    else
        printf("  %-10s closed in order\n", "state");
    if (v->n_end_most > 0 && !is_busy)
        printf("  %-10s what came after the last frame was lost at the host: at most %" PRIu64
               " frames, its last second\n",
               "end", v->n_end_most);
}

/* The reader's last line: what keeps it from being good, worst first. */
static void print_verdict(const struct session_verdict *v, bool is_busy)
{
    uint64_t n_lost = v->lost_device + v->lost_link + v->lost_host + v->lost_disk;
    const char *before = "";
    if (session_verdict_is_good(v)) {
        printf("  good: nothing is missing, nothing is damaged\n");
        return;
    }
    printf("  NOT GOOD: ");
    if (v->n_stored == 0 && v->n_expected == 0 && session_verdict_is_sound(v)) {
        printf("it is empty: no frame came while it was recorded\n");
        return;
    }
    if (!session_verdict_is_sound(v)) {
        printf("it is damaged");
        before = ", ";
    }
    if (n_lost > 0 || v->n_away > 0) {
        printf("%sframes were lost", before);
        before = ", ";
    }
    if (is_busy)
        printf("%sit is not finished", before);
    else if (v->n_end_most > 0)
        printf("%sits end is missing", before);
    else if (v->n_gaps > 0 && n_lost == 0 && v->n_away == 0)
        printf("%sthere are gaps", before);
    printf("%s\n", session_verdict_is_sound(v)
                       ? "; what is there is as it was written, and every hole is told"
                       : "");
}

static int verify(const char *path, bool is_busy)
{
    struct session_verdict v;
    struct thenar_error error;
    if (session_check(path, &v, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar session verify: %s\n", error.text);
        return EXIT_FAILED;
    }
    printf("%s\n", path);
    print_count("expected", v.n_expected, " frames");
    print_count("stored", v.n_stored, "");
    print_lost(&v);
    if (v.n_gaps)
        print_gaps(path);
    print_damage(&v);
    print_state(&v, is_busy);
    print_verdict(&v, is_busy);
    return session_verdict_is_good(&v) ? EXIT_DONE : EXIT_FAILED;
}

static bool is_busy(const char *folder)
{
    int lock = session_folder_lock(folder);
    if (lock >= 0)
        (void)close(lock);
    return lock < 0 && access(folder, R_OK) == 0;
}

int session_verify_action(int argc, char **argv)
{
    const char *option = NULL;
    const struct option_row rows[] = {
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        "session verify",
        "SESSION",
        "Frames expected, stored and lost, and who lost them; every checksum is computed anew.\n"
        "Answers 1 when anything is off.",
        rows,
        1,
        OPTION_CONTROL};
    struct session_files files = {0};
    char path[2 * SESSION_PATH_BYTES];
    int code = session_files_ask(&table, argc, argv, &option, &files);
    if (code >= 0)
        return code;
    code = EXIT_DONE;
    bool busy = is_busy(files.folder);
    for (size_t i = 0; i < files.n_files; i++) {
        session_files_path(&files, i, path);
        int one = verify(path, busy);
        code = one == EXIT_DONE ? code : one;
    }
    session_files_finish(&files);
    return code;
}

/* ---- repair ---- */

static int repair(const char *path)
{
    struct session_repair_result result;
    struct thenar_error error;
    if (session_repair(path, &result, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar session repair: %s\n", error.text);
        return EXIT_FAILED;
    }
    if (result.was_good)
        printf("%s: nothing to repair, %" PRIu64 " frames\n", path, result.n_frames);
    else
        printf("%s: repaired, %" PRIu64 " frames; %" PRIu64 " half-written frames and %" PRIu64
               " rows were taken off its end\n",
               path, result.n_frames, result.n_dropped, result.n_dropped_rows);
    return EXIT_DONE;
}

/* The manifest, too, of a session. A file that was named by itself may lie among others that are
 * nobody's business, unless a manifest says that they belong together. */
static int repair_manifest(const struct session_files *files)
{
    struct session_folder_repair result;
    struct session_manifest manifest;
    struct thenar_error error;
    bool has_manifest = session_manifest_read(&manifest, files->folder, &error) == THENAR_OK;
    if (has_manifest)
        session_manifest_finish(&manifest);
    if ((!files->is_whole && !has_manifest) || !session_folder_is_left_open(files->folder) ||
        session_folder_repair(files->folder, &result, &error) == THENAR_OK)
        return EXIT_DONE;
    (void)fprintf(stderr, "thenar session repair: %s\n", error.text);
    return EXIT_FAILED;
}

int session_repair_action(int argc, char **argv)
{
    const char *option = NULL;
    const struct option_row rows[] = {
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        "session repair",
        "SESSION",
        "Make a recording that was cut off (a crash, a power cut) open in every reader. thenard\n"
        "does so by itself when it starts.",
        rows,
        1,
        OPTION_CONTROL};
    struct session_files files = {0};
    char path[2 * SESSION_PATH_BYTES];
    int code = session_files_ask(&table, argc, argv, &option, &files);
    if (code >= 0)
        return code;
    if (is_busy(files.folder)) {
        (void)fprintf(stderr, "thenar session repair: %s is being recorded; stop it first\n",
                      files.folder);
        session_files_finish(&files);
        return EXIT_FAILED;
    }
    code = EXIT_DONE;
    for (size_t i = 0; i < files.n_files; i++) {
        session_files_path(&files, i, path);
        int one = repair(path);
        code = one == EXIT_DONE ? code : one;
    }
    if (code == EXIT_DONE)
        code = repair_manifest(&files);
    session_files_finish(&files);
    return code;
}

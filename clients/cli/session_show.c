/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show: what a session holds, file by file */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/session_verify.h"
#include "session_command.h"

static const char *or_dash(const char *text)
{
    return text[0] ? text : "-";
}

/* Every text of the head as it may be printed. */
static void make_plain(struct session_head *head)
{
#define PLAIN(text) session_plain(text, sizeof(text))
    struct session_about *about = &head->about;
    PLAIN(about->id);
    PLAIN(about->station);
    PLAIN(about->participant);
    PLAIN(about->operator_id);
    PLAIN(about->plan);
    PLAIN(about->note);
    PLAIN(about->software);
    PLAIN(head->device);
    PLAIN(head->model);
    PLAIN(head->serial);
    PLAIN(head->firmware);
    PLAIN(head->filter_form);
    PLAIN(head->technique_model);
#undef PLAIN
}

static void print_about(const struct session_about *about)
{
    char time[32];
    session_print_time(time, sizeof time, about->start_unix_s);
    printf("%s\n  begun      %s by %s, station %s\n", about->id, time, about->software,
           about->station);
    printf("  who        participant %s, operator %s, plan %s\n", or_dash(about->participant),
           or_dash(about->operator_id), or_dash(about->plan));
    if (about->note[0])
        printf("  note       %s\n", about->note);
}

static void print_device(const struct session_head *head)
{
    static const char *const mounts[N_MOUNTS] = {"pad", "torso", "mat", "glove"};
    const struct array_layout *layout = &head->layout;
    printf("  device     %s: %s, serial %s, firmware %s, part %u\n", head->device,
           or_dash(head->model), or_dash(head->serial), or_dash(head->firmware), head->part);
    printf("  array      %u x %u taxels, %g x %g mm apart, mount %s, %g frames/s%s\n",
           layout->n_rows, layout->n_cols, (double)layout->pitch_x_mm, (double)layout->pitch_y_mm,
           mounts[layout->mount], (double)layout->rate_hz,
           head->gate_counts ? "; lossy: light pressure was left out" : "");
    if (!array_layout_is_kpa(layout))
        printf("  units      relative, 0 to 1 of full scale: the device carried no calibration\n");
    else if (layout->sensor.calibrated)
        printf("  units      kPa, standard uncertainty %g %% of the reading\n",
               (double)layout->sensor.uncertainty_pct);
    else
        printf("  units      kPa\n");
    printf("  filter     %s, %u taps, passes to %g Hz, %.1f ms late; names by %s\n",
           or_dash(head->filter_form), head->filter_taps, (double)head->filter_pass_hz,
           (double)head->filter_delay_ms, or_dash(head->technique_model));
}

static void print_episodes(struct session_reader *reader, double first_s)
{
    enum { SHOWN = 12 };
    struct session_episode_row *rows;
    size_t n_rows;
    struct thenar_error error;
    if (session_reader_all(reader, SESSION_EPISODES, (void **)&rows, &n_rows, &error) != THENAR_OK)
        return;
    for (size_t i = 0; i < n_rows && i < SHOWN; i++) {
        session_plain(rows[i].technique, sizeof rows[i].technique);
        printf("    %8.1f s  %-22.24s %6.1f s  %3u stroke%s", rows[i].t_start - first_s,
               rows[i].technique, rows[i].end_s - rows[i].start_s, rows[i].n_strokes,
               rows[i].n_strokes == 1 ? "" : "s");
        if (!isnan(rows[i].pace_cpm))
            printf("  %5.1f/min", (double)rows[i].pace_cpm);
        printf("\n");
    }
    if (n_rows > SHOWN)
        printf("    and %zu more episodes\n", n_rows - SHOWN);
    free(rows);
}

static void print_notes(struct session_reader *reader, double first_s)
{
    struct session_note_row *rows;
    size_t n_rows;
    struct thenar_error error;
    if (session_reader_all(reader, SESSION_NOTES, (void **)&rows, &n_rows, &error) != THENAR_OK)
        return;
    for (size_t i = 0; i < n_rows; i++) {
        session_plain(rows[i].text, sizeof rows[i].text);
        if (isnan(first_s)) /* no frame came that it could be timed by */
            printf("  noted      %.516s\n", rows[i].text);
        else
            printf("  noted      at %.1f s: %.516s\n", rows[i].t - first_s, rows[i].text);
    }
    free(rows);
}

static void put_part(const char **before, const char *name, float pct)
{
    if (isnan(pct))
        return;
    printf("%s%s %.0f %%", *before, name, (double)pct);
    *before = ", ";
}

static void print_score(const struct session_summary *s)
{
    const char *before = ": ";
    if (s->score_plan[0] == '\0')
        return;
    if (isnan(s->score.practice_score)) {
        printf("  score      none: the plan %s was in force, but there was nothing to judge\n",
               s->score_plan);
        return;
    }
    printf("  score      %.0f of 100 by the plan %s", (double)s->score.practice_score,
           s->score_plan);
    put_part(&before, "pressure", s->score.pressure_pct);
    put_part(&before, "pace", s->score.pace_pct);
    put_part(&before, "holds", s->score.holds_pct);
    put_part(&before, "rhythm", s->score.regularity_pct);
    put_part(&before, "time of the steps", s->score.time_pct);
    printf("\n");
}

static void print_documents(struct session_reader *reader)
{
    struct session_document_row *rows;
    size_t n_rows;
    struct thenar_error error;
    if (session_reader_all(reader, SESSION_DOCUMENTS, (void **)&rows, &n_rows, &error) != THENAR_OK)
        return;
    for (size_t i = 0; i < n_rows; i++) {
        session_plain(rows[i].kind, sizeof rows[i].kind);
        session_plain(rows[i].name, sizeof rows[i].name);
        if (rows[i].part == 1)
            printf("  holds      %.24s %.64s (--document %.24s prints it)\n", rows[i].kind,
                   rows[i].name, rows[i].kind);
    }
    free(rows);
}

static void print_contents(struct session_reader *reader, const char *path)
{
    char span[48], size[32];
    struct session_summary s = {0};
    struct thenar_error error;
    struct stat facts;
    if (session_verify_summarize(reader, &s, &error) != THENAR_OK) {
        printf("  contents   damaged: %s\n", error.text);
        return;
    }
    session_plain(s.score_plan, sizeof s.score_plan);
    session_print_span(span, sizeof span, s.last_s - s.first_s);
    session_print_size(size, sizeof size, stat(path, &facts) == 0 ? (double)facts.st_size : 0);
    printf("  recorded   %s, %" PRIu64 " frames, %s", span, s.n_frames, size);
    if (s.last_s > s.first_s && stat(path, &facts) == 0)
        printf(" (%.3f GB an hour)", (double)facts.st_size * 3600e-9 / (s.last_s - s.first_s));
    printf("\n  lost       %" PRIu64 " in %" PRIu64 " gap%s; `thenar session verify` checks all\n",
           s.lost_device + s.lost_link + s.lost_host + s.lost_disk, s.n_gaps,
           s.n_gaps == 1 ? "" : "s");
    printf("  found      %" PRIu64 " stroke%s, %" PRIu64 " episode%s\n", s.n_strokes,
           s.n_strokes == 1 ? "" : "s", s.n_episodes, s.n_episodes == 1 ? "" : "s");
    print_score(&s);
    print_episodes(reader, s.first_s);
    print_notes(reader, s.first_s);
    print_documents(reader);
}

static int show_document(const char *path, const char *kind)
{
    struct session_reader *reader;
    struct thenar_error error;
    char *text = NULL;
    enum thenar_status status = session_reader_open(&reader, path, &error);
    if (status == THENAR_OK)
        status = session_document_read(reader, kind, NULL, &text, &error);
    if (status == THENAR_OK)
        (void)fputs(text, stdout);
    else
        (void)fprintf(stderr, "thenar session show: %s\n", error.text);
    free(text);
    session_reader_close(reader);
    return status == THENAR_OK ? EXIT_DONE : EXIT_FAILED;
}

static int show(const char *path, bool with_about)
{
    static const char *const states[] = {"not closed: being recorded, or cut off", "closed",
                                         "repaired after it was cut off"};
    struct session_reader *reader;
    struct thenar_error error;
    if (session_reader_open(&reader, path, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar session show: %s\n", error.text);
        return EXIT_FAILED;
    }
    struct session_head copy = *session_reader_head(reader), *head = &copy;
    make_plain(head); /* what it owns stays the reader's */
    if (with_about)
        print_about(&head->about);
    printf("\n%s, %s\n", path, states[session_reader_summary(reader)->state]);
    print_device(head);
    print_contents(reader, path);
    session_reader_close(reader);
    return EXIT_DONE;
}

int session_show_action(int argc, char **argv)
{
    const char *option = NULL, *document = NULL;
    const struct option_row rows[] = {
        {"document", OPTION_TEXT, &document, "KIND",
         "only print this text of it: plan, calibration or hello", 0, 0},
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
    };
    const struct option_table table = {
        "session show", "SESSION", "What a session holds: who, which devices, how long, what.",
        rows,           2,         OPTION_CONTROL};
    char path[2 * SESSION_PATH_BYTES];
    struct session_files files;
    int code = session_files_ask(&table, argc, argv, &option, &files);
    if (code >= 0)
        return code;
    code = EXIT_DONE;
    for (size_t i = 0; i < files.n_files; i++) {
        session_files_path(&files, i, path);
        int one = document ? show_document(path, document) : show(path, i == 0);
        code = one == EXIT_DONE ? code : one;
    }
    session_files_finish(&files);
    return code;
}

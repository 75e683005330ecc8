/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay: the pipeline once more over the counts; is the outcome that of the file? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli_command.h"
#include "cli_options.h"
#include "session/model_file.h"
#include "session/session_replay.h"
#include "session/session_verify.h"
#include "session_check.h"
#include "session_command.h"

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void print_kind(const char *title, uint64_t n, uint64_t n_other)
{
    printf("  %-10s %" PRIu64, title, n);
    if (n_other)
        printf(", of which %" PRIu64 " differ\n", n_other);
    else
        printf(", the same to the last bit\n");
}

static bool is_damaged(const char *path)
{
    struct session_verdict verdict;
    struct thenar_error ignored;
    return session_check(path, &verdict, &ignored) == THENAR_OK &&
           !session_verdict_is_sound(&verdict);
}

static void print_why(const char *path, const struct session_head *head,
                      const struct session_replay_result *result)
{
    if (result->is_same_form)
        printf("  filter     %s, as it was recorded\n", result->filter_form);
    else
        printf("  filter     recorded with %s, which this machine or build has not; replayed with "
               "%s, whose arithmetic is the same\n",
               head->filter_form, result->filter_form);
    bool is_other_model = strcmp(head->technique_model, result->technique_model) != 0;
    if (is_other_model)
        printf("  model      recorded with %s, replayed with %s\n", head->technique_model,
               result->technique_model);
    if (session_replay_is_same(result))
        return;
    printf("  first at   frame %" PRIu64 "\n", result->first_other_frame);
    if (is_damaged(path))
        printf("  because    the file is damaged: `thenar session verify` tells where\n");
    else if (result->has_disk_gap)
        printf("  because    frames were lost at the disk, which the live pipeline saw\n");
    else if (is_other_model)
        printf("  because    another model named the techniques: give its file, --model FILE\n");
    else
        printf("  because    another version, perhaps: it was recorded by %s\n",
               head->about.software);
}

static int replay(const char *path, const struct linear_model *model)
{
    struct session_reader *reader;
    struct session_replay_result result;
    struct thenar_error error;
    double begin_s = now_s();
    if (session_reader_open(&reader, path, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar session replay: %s\n", error.text);
        return EXIT_FAILED;
    }
    enum thenar_status status =
        session_replay(reader, model ? &model->classifier : NULL, NULL, &result, &error);
    if (status == THENAR_OK) {
        printf("%s\n  %-10s %" PRIu64 " in %.2f s\n", path, "frames", result.n_frames,
               now_s() - begin_s);
        print_kind("strokes", result.n_strokes, result.n_strokes_other);
        print_kind("episodes", result.n_episodes, result.n_episodes_other);
        print_kind("metrics", result.n_metrics, result.n_metrics_other);
        print_why(path, session_reader_head(reader), &result);
    } else {
        (void)fprintf(stderr, "thenar session replay: %s\n", error.text);
    }
    session_reader_close(reader);
    return status == THENAR_OK && session_replay_is_same(&result) ? EXIT_DONE : EXIT_FAILED;
}

int session_replay_action(int argc, char **argv)
{
    const char *option = NULL, *model_path = NULL;
    struct linear_model *model = NULL;
    struct thenar_error error;
    const struct option_row rows[] = {
        {"sessions", OPTION_TEXT, &option, "DIR", "folder of sessions (else the daemon's)", 0, 0},
        {"model", OPTION_TEXT, &model_path, "FILE", "technique model it was recorded with", 0, 0},
    };
    const struct option_table table = {
        "session replay",
        "SESSION",
        "The pipeline once more over the recorded counts, as fast as it goes, compared with the\n"
        "strokes, episodes and metrics in the file. Answers 1 when they differ. To watch it live:\n"
        "    thenard --device session:FILE        (and ?speed=N, or ?speed=max)",
        rows,
        2,
        OPTION_CONTROL};
    char path[2 * SESSION_PATH_BYTES];
    struct session_files files;
    int code = session_files_ask(&table, argc, argv, &option, &files);
    if (code >= 0)
        return code;
    code = EXIT_DONE;
    if (model_path && model_file_read(&model, model_path, &error) != THENAR_OK) {
        (void)fprintf(stderr, "thenar session replay: %s\n", error.text);
        code = EXIT_FAILED;
    }
    bool is_ready = code == EXIT_DONE;
    for (size_t i = 0; is_ready && i < files.n_files; i++) {
        session_files_path(&files, i, path);
        int one = replay(path, model);
        code = one == EXIT_DONE ? code : one;
    }
    session_files_finish(&files);
    linear_model_destroy(model);
    return code;
}

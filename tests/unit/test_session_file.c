/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session files: what was written comes back, damage is found, what was cut off is repaired, and
 * the pipeline gives the same again. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "session/session_convert.h"
#include "session/session_file.h"
#include "session/session_folder.h"
#include "session/session_manifest.h"
#include "session/session_repair.h"
#include "session/session_replay.h"
#include "session/session_verify.h"
#include "signal/signal_kernel.h"
#include "unit/random.h"

enum { ROWS = 8, COLS = 12, TAXELS = ROWS * COLS, FRAMES = 1234, RATE_HZ = 100 };

static char folder[] = "/tmp/thenar-session-XXXXXX";
static char path[128];
static struct thenar_error error;

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[160];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command); /* NOLINT: our own folder, in a test */
}

static int fresh_path(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/pad.h5", folder);
    (void)unlink(path);
    return 0;
}

static struct session_head head_of(bool is_float)
{
    struct session_head head = {.part = 1,
                                .tick_hz = 1e6,
                                .is_float = is_float,
                                .gate_kpa = NAN,
                                .metrics_every = session_metrics_every(RATE_HZ)};
    assert_int_equal(array_layout_init(&head.layout, ROWS, COLS, 10, 10, RATE_HZ), THENAR_OK);
    head.layout.sensor.unit = is_float ? UNIT_KPA : UNIT_COUNTS;
    head.layout.sensor.circuit = SENSOR_LINEAR;
    head.layout.sensor.full_scale_counts = 4095;
    head.layout.exists[5] = false;
    head.layout.gain[7] = 1.25F;
    head.zero = calloc(TAXELS, sizeof *head.zero);
    assert_non_null(head.zero);
    head.zero[3] = 0.5F;
    session_convert_text(head.about.participant, sizeof head.about.participant, "P007");
    session_convert_text(head.device, sizeof head.device, "pad");
    session_convert_text(head.filter_form, sizeof head.filter_form, "direct/plain");
    return head;
}

/* A hand that presses once a second, with noise. */
static void scene(uint16_t *counts, unsigned frame)
{
    struct random random = {frame + 1};
    for (unsigned i = 0; i < TAXELS; i++) {
        float x = (float)(i % COLS) - 5.5F, y = (float)(i / COLS) - 3.5F;
        float swell = 0.5F - 0.5F * cosf(6.2831853F * (float)frame / RATE_HZ);
        float value = 1500 * swell * expf(-(x * x + y * y) / 8);
        counts[i] = (uint16_t)((float)random_below(&random, 8) + value);
    }
}

static struct session_frame_row row_of(unsigned frame)
{
    return (struct session_frame_row){.ticks = 10000ULL * frame,
                                      .device_s = frame * 0.01,
                                      .t_device = 1.79e9 + frame * 0.01,
                                      .arrival_ns = (int64_t)frame * 10000000,
                                      .sequence = frame};
}

/* Writes `n` frames, leaving out `hole` frames before `hole_at`. */
static struct session_file *write_frames(unsigned n, unsigned hole_at, unsigned hole)
{
    struct session_file *file;
    struct session_head head = head_of(false);
    assert_int_equal(session_file_create(&file, path, &head, SESSION_PACK_BEST, &error), THENAR_OK);
    session_head_finish(&head);
    for (unsigned i = 0; i < n; i++) {
        uint16_t counts[TAXELS];
        struct session_frame_row row = row_of(i + (hole && i >= hole_at ? hole : 0));
        if (hole && i == hole_at) {
            struct session_gap_row gap = {.frame = i,
                                          .t = row.t_device,
                                          .n_frames = hole,
                                          .from_sequence = i - 1,
                                          .to_sequence = i + hole,
                                          .lost_s = hole * 0.01,
                                          .side = "link"};
            assert_int_equal(session_file_add(file, SESSION_GAPS, &gap), THENAR_OK);
        }
        scene(counts, i);
        if (session_file_add_frame(file, &row, counts) == THENAR_PENDING)
            assert_int_equal(session_file_flush(file, false), THENAR_OK);
    }
    return file;
}

static void close_file(struct session_file *file)
{
    struct session_summary summary = {.state = SESSION_CLOSED, .end_unix_s = 1.79e9};
    assert_int_equal(session_file_close(file, &summary, &error), THENAR_OK);
}

static struct session_verdict verdict_of(void)
{
    struct session_reader *reader;
    struct session_verdict verdict;
    struct session_frames_check check;
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_verify_tables(reader, &verdict, &error), THENAR_OK);
    assert_int_equal(session_verify_frames(reader, 0, UINT64_MAX, &check, &error), THENAR_OK);
    verdict.frames = check;
    /* In two pieces it is the same. */
    struct session_frames_check first, second;
    assert_int_equal(session_verify_frames(reader, 0, 100, &first, &error), THENAR_OK);
    assert_int_equal(session_verify_frames(reader, 100, UINT64_MAX, &second, &error), THENAR_OK);
    session_verify_join(&first, &second);
    assert_memory_equal(&first, &check, sizeof check);
    session_reader_close(reader);
    return verdict;
}

static void what_was_written_comes_back(void **state)
{
    (void)state;
    struct session_reader *reader;
    struct session_frame frame;
    struct stat facts;
    close_file(write_frames(FRAMES, 0, 0));
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    const struct session_head *head = session_reader_head(reader);
    struct session_head written = head_of(false);
    assert_string_equal(head->about.participant, "P007");
    assert_memory_equal(&head->layout.sensor, &written.layout.sensor, sizeof written.layout.sensor);
    assert_memory_equal(head->layout.gain, written.layout.gain, TAXELS * sizeof(float));
    assert_memory_equal(head->zero, written.zero, TAXELS * sizeof(float));
    assert_false(head->layout.exists[5]);
    assert_true(isnan(head->gate_kpa));
    session_head_finish(&written);
    assert_int_equal(session_reader_summary(reader)->state, SESSION_CLOSED);
    assert_int_equal(session_reader_summary(reader)->n_frames, FRAMES);
    for (unsigned i = 0; i < FRAMES; i++) {
        uint16_t counts[TAXELS];
        scene(counts, i);
        assert_int_equal(session_reader_next(reader, &frame, &error), THENAR_OK);
        assert_int_equal(frame.row->sequence, i);
        assert_memory_equal(frame.counts, counts, sizeof counts);
    }
    assert_int_equal(session_reader_next(reader, &frame, &error), THENAR_END);
    session_reader_close(reader);
    struct session_verdict verdict = verdict_of();
    assert_true(session_verdict_is_good(&verdict));
    assert_int_equal(verdict.n_expected, FRAMES);
}

static void every_member_of_the_law_is_kept(void **state)
{
    (void)state;
    struct session_reader *reader;
    struct session_file *file;
    struct session_head head = head_of(false);
    /* Bools and enums aside, every octet of the law gets a value of its own. */
    struct sensor_law *law = &head.layout.sensor;
    float next = 1.5F;
    for (float *at = &law->conductance_100kpa_us; (void *)at < (void *)(law + 1); at++)
        *at = next++;
    law->spline.n_knots = 3;
    assert_int_equal(session_file_create(&file, path, &head, SESSION_PACK_DEFLATE, &error),
                     THENAR_OK);
    close_file(file);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    /* Fails when the law got a member that session_attributes.c does not name. */
    assert_memory_equal(&session_reader_head(reader)->layout.sensor, law, sizeof *law);
    session_reader_close(reader);
    session_head_finish(&head);
}

static void gaps_explain_the_sequence(void **state)
{
    (void)state;
    close_file(write_frames(300, 120, 7));
    struct session_verdict verdict = verdict_of();
    assert_int_equal(verdict.lost_link, 7);
    assert_int_equal(verdict.n_expected, 307);
    assert_int_equal(verdict.frames.n_unexplained, 0);
    assert_false(session_verdict_is_good(&verdict));
}

static void unexplained_holes_are_found(void **state)
{
    (void)state;
    struct session_file *file;
    struct session_head head = head_of(false);
    uint16_t counts[TAXELS] = {0};
    assert_int_equal(session_file_create(&file, path, &head, SESSION_PACK_BEST, &error), THENAR_OK);
    session_head_finish(&head);
    for (unsigned i = 0; i < 50; i++) {
        struct session_frame_row row = row_of(i >= 20 ? i + 3 : i);
        assert_true(session_file_add_frame(file, &row, counts) >= 0);
    }
    close_file(file);
    struct session_verdict verdict = verdict_of();
    assert_int_equal(verdict.frames.n_unexplained, 3);
    assert_int_equal(verdict.frames.first_unexplained, 20);
}

/* One octet anywhere in the samples' chunks: some frame's checksum, or the decoder, tells. */
static void damage_is_found(void **state)
{
    (void)state;
    close_file(write_frames(400, 0, 0));
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    unsigned n_found = 0;
    for (int k = 1; k <= 24; k++) {
        unsigned char octet;
        off_t at = facts.st_size * k / 25;
        int fd = open(path, O_RDWR | O_CLOEXEC);
        assert_int_equal(pread(fd, &octet, 1, at), 1);
        unsigned char other = octet ^ 0x10;
        assert_int_equal(pwrite(fd, &other, 1, at), 1);
        struct session_reader *reader;
        if (session_reader_open(&reader, path, &error) == THENAR_OK) {
            session_reader_close(reader);
            struct session_verdict verdict = verdict_of();
            n_found += !session_verdict_is_good(&verdict);
        } else {
            n_found++;
        }
        assert_int_equal(pwrite(fd, &octet, 1, at), 1);
        (void)close(fd);
    }
    /* Octets between chunks, and of rows that were never written, hold nothing. */
    assert_true(n_found >= 12);
    struct session_verdict verdict = verdict_of();
    assert_true(session_verdict_is_good(&verdict));
}

static void what_is_no_session_is_refused(void **state)
{
    (void)state;
    struct session_reader *reader;
    assert_int_equal(session_reader_open(&reader, "/nowhere/x.h5", &error), THENAR_ERR_ABSENT);
    assert_int_equal(session_reader_open(&reader, folder, &error), THENAR_ERR_SYNTAX);
    close_file(write_frames(100, 0, 0));
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    for (int k = 0; k < 20; k++) {
        assert_int_equal(truncate(path, facts.st_size * (19 - k) / 20), 0);
        assert_int_not_equal(session_reader_open(&reader, path, &error), THENAR_OK);
        assert_non_null(strstr(error.text, path));
    }
}

/* The process ends in the middle, as kill -9 would end it. */
static void what_was_cut_off_is_repaired(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct session_file *file = write_frames(333, 0, 0);
        struct session_note_row note = {.frame = 320, .text = "still there"};
        _exit(session_file_add(file, SESSION_NOTES, &note) == THENAR_OK &&
                      session_file_flush(file, false) == THENAR_OK
                  ? 0
                  : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct session_verdict verdict = verdict_of();
    assert_true(verdict.is_open);
    struct session_repair_result result;
    assert_int_equal(session_repair(path, &result, &error), THENAR_OK);
    assert_false(result.was_good);
    assert_int_equal(result.n_frames, 320); /* whole chunks of 40 */
    verdict = verdict_of();
    assert_false(verdict.is_open);
    assert_int_equal(verdict.state, SESSION_REPAIRED);
    assert_int_equal(verdict.frames.n_bad, 0);
    assert_int_equal(verdict.n_stored, 320);
    struct session_reader *reader;
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_reader_n_rows(reader, SESSION_NOTES), 1);
    session_reader_close(reader);
    assert_int_equal(session_repair(path, &result, &error), THENAR_OK);
    assert_true(result.was_good);
}

/* ---- replay ---- */

static void record_live(struct session_file *file, struct pipeline *pipeline, unsigned n,
                        uint32_t every, unsigned tare_at)
{
    float pressure[TAXELS];
    struct pipeline_output output;
    for (unsigned i = 0; i < n; i++) {
        uint16_t counts[TAXELS];
        struct session_frame_row row = row_of(i);
        struct session_place place = {i, row.t_device, row.device_s, true};
        scene(counts, i);
        if (i == tare_at) {
            struct session_command_row tare = {
                .frame = i, .value = 0.5, .is_done = 1, .is_loaded = 1, .command = "tare"};
            assert_int_equal(session_file_add(file, SESSION_COMMANDS, &tare), THENAR_OK);
            pipeline_tare(pipeline, 0.5F, true);
        }
        pipeline_execute(
            pipeline,
            &(struct pipeline_input){.sequence = i, .device_s = row.device_s, .counts = counts},
            pressure, &output);
        assert_true(session_file_add_frame(file, &row, counts) >= 0);
        if (i % every == 0) {
            struct session_metrics_row metrics;
            session_convert_metrics(&place, &output, &metrics);
            assert_int_equal(session_file_add(file, SESSION_METRICS, &metrics), THENAR_OK);
        }
        for (unsigned k = 0; k < output.n_strokes; k++) {
            struct session_stroke_row stroke;
            session_convert_stroke(&place, &output.strokes[k], &stroke);
            assert_int_equal(session_file_add(file, SESSION_STROKES, &stroke), THENAR_OK);
        }
        for (unsigned k = 0; k < output.n_episodes; k++) {
            struct session_episode_row episode;
            session_convert_episode(&place, &output.episodes[k], &episode);
            assert_int_equal(session_file_add(file, SESSION_EPISODES, &episode), THENAR_OK);
        }
    }
    struct session_frame_row row = row_of(n - 1);
    struct session_place place = {n - 1, row.t_device, row.device_s, true};
    for (bool more = true; more;) {
        more = pipeline_finish(pipeline, &output);
        for (unsigned k = 0; k < output.n_strokes; k++) {
            struct session_stroke_row stroke;
            session_convert_stroke(&place, &output.strokes[k], &stroke);
            assert_int_equal(session_file_add(file, SESSION_STROKES, &stroke), THENAR_OK);
        }
        for (unsigned k = 0; k < output.n_episodes; k++) {
            struct session_episode_row episode;
            session_convert_episode(&place, &output.episodes[k], &episode);
            assert_int_equal(session_file_add(file, SESSION_EPISODES, &episode), THENAR_OK);
        }
    }
}

static struct session_replay_result replay_with(unsigned live, unsigned recorded, const char *form)
{
    struct session_head head = head_of(false);
    struct session_file *file;
    struct pipeline *pipeline;
    struct session_reader *reader;
    struct session_replay_result result;
    (void)unlink(path);
    assert_int_equal(pipeline_create(&pipeline, &head.layout, NULL, &error), THENAR_OK);
    pipeline_set_zero(pipeline, head.zero, false);
    (void)pipeline_use_form(pipeline, form);
    session_convert_text(head.filter_form, sizeof head.filter_form, form);
    assert_int_equal(session_file_create(&file, path, &head, SESSION_PACK_BEST, &error), THENAR_OK);
    record_live(file, pipeline, 3000, head.metrics_every, live);
    if (recorded != live) { /* a tare that the live pipeline did not have */
        struct session_command_row tare = {
            .frame = recorded, .value = 0.5, .is_done = 1, .command = "tare"};
        assert_int_equal(session_file_add(file, SESSION_COMMANDS, &tare), THENAR_OK);
    }
    close_file(file);
    pipeline_destroy(pipeline);
    session_head_finish(&head);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_replay(reader, NULL, NULL, &result, &error), THENAR_OK);
    session_reader_close(reader);
    return result;
}

static void replay_gives_the_same_bits(void **state)
{
    (void)state;
    const char *best = "direct/plain";
    struct session_replay_result result = replay_with(777, 777, best);
    assert_int_equal(result.n_frames, 3000);
    assert_true(result.n_strokes > 5);
    assert_true(result.n_episodes >= 1);
    assert_int_equal(result.n_metrics, 1500);
    assert_true(session_replay_is_same(&result));
    /* It can tell: one tare more, and it is not the same from there on. */
    result = replay_with(777, 1500, best);
    assert_false(session_replay_is_same(&result));
    assert_in_range(result.first_other_frame, 1500, 1600);
}

/* Each kernel that this machine has: replay takes it again, and gives the same bits. */
static void replay_takes_the_recorded_kernel(void **state)
{
    (void)state;
    unsigned n_kernels = 0;
    for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
        char form[32];
        if (!signal_kernel_is_available((enum signal_kernel)k))
            continue;
        (void)snprintf(form, sizeof form, "direct/%s", signal_kernel_name((enum signal_kernel)k));
        struct session_replay_result result = replay_with(777, 777, form);
        assert_string_equal(result.filter_form, form);
        assert_true(result.is_same_form);
        assert_true(result.n_strokes > 5 && session_replay_is_same(&result));
        n_kernels++;
    }
    assert_true(n_kernels >= 1);
    /* One that nobody has is passed over, and said. */
    struct session_replay_result result = replay_with(777, 777, "direct/abacus");
    assert_false(result.is_same_form);
    assert_string_not_equal(result.filter_form, "direct/abacus");
    assert_true(session_replay_is_same(&result));
}

/* HDF5 would read it again and again, and sleep longer each time. */
static void a_damaged_beginning_is_given_up_soon(void **state)
{
    (void)state;
    struct session_reader *reader;
    struct session_summary summary = {.state = SESSION_CLOSED};
    struct session_head head = head_of(false);
    struct session_file *made;
    assert_int_equal(session_file_create(&made, path, &head, SESSION_PACK_BEST, &error), THENAR_OK);
    session_head_finish(&head);
    assert_int_equal(session_file_close(made, &summary, &error), THENAR_OK);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 45, SEEK_SET), 0); /* in the superblock's checksum */
    assert_int_equal(fputc(0x5A, file), 0x5A);
    (void)fclose(file);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_ERR_SYNTAX);
}

static void every_value_finds_its_column(void **state)
{
    (void)state;
    static struct pipeline_output output;
    struct session_place place = {.frame = 7, .t_device = 100, .device_s = 10};
    struct session_metrics_row row;
    struct session_stroke_row stroke_row;
    struct session_episode_row episode_row;
    output.technique.pace_cpm = 60;
    output.technique.pace_hand_cpm = 30;
    output.technique.phase = 0.25F;
    output.technique.phase_confidence = 0.5F;
    output.mat.load_change_n = 12;
    output.mat.breath_cpm = 14;
    output.mat.breath_confidence = 0.75F;
    output.mat.shift_n = 200;
    output.mat.shift_age_s = 3;
    session_convert_metrics(&place, &output, &row);
    assert_true(row.frame == 7 && row.pace_cpm == 60 && row.pace_hand_cpm == 30);
    assert_true(row.phase == 0.25F && row.phase_confidence == 0.5F && row.load_change == 12);
    assert_true(row.breath_cpm == 14 && row.breath_confidence == 0.75F);
    assert_true(row.shift == 200 && row.shift_age_s == 3);
    const struct stroke stroke = {.hand = 2, .start_s = 9};
    session_convert_stroke(&place, &stroke, &stroke_row);
    assert_true(stroke_row.hand == 2 && stroke_row.t_start == 99);
    const struct episode episode = {.pace_hand_cpm = 45};
    session_convert_episode(&place, &episode, &episode_row);
    assert_true(episode_row.pace_hand_cpm == 45);
}

/* ---- folders ---- */

static void touch(const char *place, const char *name)
{
    char whole[2 * SESSION_PATH_BYTES];
    (void)snprintf(whole, sizeof whole, "%s/%s", place, name);
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    (void)fclose(file);
}

static void sessions_are_found_by_what_users_write(void **state)
{
    (void)state;
    const struct session_manifest manifest = {.about = {.id = "x"}};
    char other[SESSION_PATH_BYTES];
    char id[64], first[SESSION_PATH_BYTES], second[SESSION_PATH_BYTES], found[SESSION_PATH_BYTES];
    int lock, lock2;
    session_folder_name(1795264496, "s1", id, sizeof id);
    assert_string_equal(id, "20261121T123456Z-s1");
    assert_int_equal(
        session_folder_make(folder, "20261121T123456Z-s1", id, sizeof id, first, &lock, &error),
        THENAR_OK);
    assert_int_equal(
        session_folder_make(folder, "20261121T123456Z-s1", id, sizeof id, second, &lock2, &error),
        THENAR_OK);
    assert_string_equal(id, "20261121T123456Z-s1-2");
    assert_int_equal(session_folder_lock(first), -1); /* recorded into */
    (void)close(lock);
    lock = session_folder_lock(first);
    assert_true(lock >= 0);
    (void)close(lock);
    (void)close(lock2);
    assert_int_equal(session_folder_find(folder, "last", found, &error), THENAR_ERR_ABSENT);
    assert_int_equal(session_manifest_write(&manifest, first, &error), THENAR_OK);
    touch(second, "pad.h5"); /* a manifest that was lost does not matter */
    (void)snprintf(other, sizeof other, "%s/export", folder);
    assert_int_equal(mkdir(other, 0700), 0); /* no session */
    touch(other, "pad-metrics.csv");
    assert_int_equal(session_folder_find(folder, "last", found, &error), THENAR_OK);
    assert_string_equal(found, second);
    assert_int_equal(session_folder_find(folder, "20261121T123456Z-s1", found, &error), THENAR_OK);
    assert_string_equal(found, first);
    assert_int_equal(session_folder_find(folder, "2026", found, &error), THENAR_ERR_VALUE);
    assert_int_equal(session_folder_find(folder, "2027", found, &error), THENAR_ERR_ABSENT);
}

static void parts_come_in_the_order_of_time(void **state)
{
    (void)state;
    static const char *const wanted[] = {"left.h5", "pad.h5", "pad-2.h5", "pad-10.h5"};
    char **names, place[SESSION_PATH_BYTES];
    size_t n_names;
    (void)snprintf(place, sizeof place, "%s/parts", folder);
    assert_int_equal(mkdir(place, 0700), 0);
    for (size_t i = 4; i-- > 0;)
        touch(place, wanted[i]);
    touch(place, "notes.txt");
    assert_int_equal(session_folder_files(place, &names, &n_names, &error), THENAR_OK);
    assert_int_equal(n_names, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(names[i], wanted[i]);
    session_folder_free(names, n_names);
}

/* Killed before the first device had its file. */
static void a_session_that_hardly_began_is_put_in_order(void **state)
{
    (void)state;
    struct session_manifest manifest = {.about = {.id = "x"}, .state = SESSION_RECORDING};
    struct session_folder_repair result;
    char place[SESSION_PATH_BYTES];
    (void)snprintf(place, sizeof place, "%s/hardly-20261121T123456Z-s1", folder);
    assert_int_equal(mkdir(place, 0700), 0);
    assert_false(session_folder_is_left_open(place));
    assert_int_equal(session_manifest_write(&manifest, place, &error), THENAR_OK);
    touch(place, ".pad.h5"); /* was being made */
    assert_true(session_folder_is_left_open(place));
    assert_int_equal(session_folder_repair(place, &result, &error), THENAR_OK);
    assert_int_equal(result.n_files, 0);
    assert_false(session_folder_is_left_open(place));
    assert_int_equal(session_manifest_read(&manifest, place, &error), THENAR_OK);
    assert_int_equal(manifest.state, SESSION_REPAIRED);
    session_manifest_finish(&manifest);
    (void)snprintf(path, sizeof path, "%.100s/.pad.h5", place);
    assert_int_equal(access(path, F_OK), -1);
    (void)snprintf(place, sizeof place, "%s/hardly-20261121T123457Z-s1", folder);
    assert_int_equal(mkdir(place, 0700), 0);
    touch(place, SESSION_MANIFEST_NEW);
    assert_true(session_folder_is_left_open(place));
    assert_int_equal(session_folder_repair(place, &result, &error), THENAR_OK);
    assert_int_equal(access(place, F_OK), -1);
}

/* What is written to a file that is not where it was is written for nobody: it must be known. */
static void a_file_that_is_taken_away_is_noticed(void **state)
{
    (void)state;
    char moved[SESSION_PATH_BYTES];
    struct session_summary summary = {0};
    struct session_file *file;
    for (int is_removed = 0; is_removed < 2; is_removed++) {
        struct session_head head = head_of(false);
        (void)fresh_path(NULL);
        (void)snprintf(moved, sizeof moved, "%s/moved.h5", folder);
        assert_int_equal(session_file_create(&file, path, &head, SESSION_PACK_BEST, &error),
                         THENAR_OK);
        session_head_finish(&head);
        assert_int_equal(session_file_place(file), SESSION_FILE_THERE);
        assert_int_equal(is_removed ? unlink(path) : rename(path, moved), 0);
        assert_int_equal(session_file_place(file),
                         is_removed ? SESSION_FILE_REMOVED : SESSION_FILE_MOVED);
        touch(folder, "pad.h5"); /* somebody else's */
        assert_int_equal(session_file_close(file, &summary, &error), THENAR_ERR_ABSENT);
        assert_non_null(strstr(error.text, is_removed ? "removed" : "moved"));
    }
}

static void manifests_go_round(void **state)
{
    (void)state;
    struct session_manifest_device device = {
        .file = "pad.h5",
        .device = "pad",
        .part = 1,
        .summary = {.n_frames = 5, .lost_disk = 2, .first_s = 1.5, .last_s = 4.0}};
    struct session_manifest manifest = {.about = {.id = "x",
                                                  .participant = "P007",
                                                  .note = "with \"quotes\"",
                                                  .start_unix_s = 1795264496.25},
                                        .state = SESSION_RECORDING,
                                        .end_unix_s = (double)NAN,
                                        .devices = &device,
                                        .n_devices = 1};
    struct session_manifest back;
    assert_int_equal(session_manifest_write(&manifest, folder, &error), THENAR_OK);
    assert_int_equal(session_manifest_read(&back, folder, &error), THENAR_OK);
    assert_memory_equal(&back.about, &manifest.about, sizeof back.about);
    assert_int_equal(back.state, SESSION_RECORDING);
    assert_true(isnan(back.end_unix_s));
    assert_int_equal(back.n_devices, 1);
    assert_int_equal(back.devices[0].summary.lost_disk, 2);
    assert_true(session_manifest_length_s(&back) == 2.5);
    session_manifest_finish(&back);
    /* Cut anywhere, it is refused. */
    char name[160];
    struct stat facts;
    (void)snprintf(name, sizeof name, "%s/manifest.json", folder);
    assert_int_equal(stat(name, &facts), 0);
    for (off_t n = facts.st_size - 2; n >= 0; n--) {
        assert_int_equal(truncate(name, n), 0);
        assert_int_equal(session_manifest_read(&back, folder, &error), THENAR_ERR_SYNTAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_written_comes_back, fresh_path),
        cmocka_unit_test_setup(every_member_of_the_law_is_kept, fresh_path),
        cmocka_unit_test_setup(gaps_explain_the_sequence, fresh_path),
        cmocka_unit_test_setup(unexplained_holes_are_found, fresh_path),
        cmocka_unit_test_setup(damage_is_found, fresh_path),
        cmocka_unit_test_setup(what_is_no_session_is_refused, fresh_path),
        cmocka_unit_test_setup(what_was_cut_off_is_repaired, fresh_path),
        cmocka_unit_test_setup(replay_gives_the_same_bits, fresh_path),
        cmocka_unit_test_setup(replay_takes_the_recorded_kernel, fresh_path),
        cmocka_unit_test(sessions_are_found_by_what_users_write),
        cmocka_unit_test_setup(a_damaged_beginning_is_given_up_soon, fresh_path),
        cmocka_unit_test(every_value_finds_its_column),
        cmocka_unit_test(parts_come_in_the_order_of_time),
        cmocka_unit_test(a_session_that_hardly_began_is_put_in_order),
        cmocka_unit_test(a_file_that_is_taken_away_is_noticed),
        cmocka_unit_test(manifests_go_round),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

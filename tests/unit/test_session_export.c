/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is made of a session file: numbers, maps, CSV and EDF+, of a file whose every value is known
 * beforehand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "session/session_convert.h"
#include "session/session_digest.h"
#include "session/session_export_csv.h"
#include "session/session_export_edf.h"
#include "session/session_file.h"
#include "session/session_map.h"
#include "session/session_series.h"
#include "unit/assert_near.h"

/* 20 s at 100 frames a second of 4 x 4 taxels in kPa. Taxel 0 presses with 8 kPa in the first half,
 * taxel 15 with 2 kPa in the second. */
enum { SIDE = 4, TAXELS = SIDE * SIDE, RATE_HZ = 100, FRAMES = 2000, EVERY = 2 };
static const double START_S = 1.79e9;

static char folder[] = "/tmp/thenar-export-XXXXXX";
static char path[128];
static struct session_reader *reader;
static struct thenar_error error;

static void add_head(struct session_file **file)
{
    struct session_head head = {
        .part = 1, .is_float = true, .gate_kpa = NAN, .metrics_every = EVERY, .filter_pass_hz = 12};
    assert_int_equal(array_layout_init(&head.layout, SIDE, SIDE, 10, 10, RATE_HZ), THENAR_OK);
    head.layout.sensor.unit = UNIT_KPA;
    head.layout.sensor.circuit = SENSOR_LINEAR;
    head.layout.sensor.full_scale_counts = 1000;
    head.layout.exists[5] = false;
    head.about.start_unix_s = START_S;
    session_convert_text(head.about.id, sizeof head.about.id, "20260921T000000Z-s1");
    session_convert_text(head.about.participant, sizeof head.about.participant, "P007");
    session_convert_text(head.about.note, sizeof head.about.note, "says \"deeper\", twice");
    session_convert_text(head.model, sizeof head.model, "table4");
    assert_int_equal(session_file_create(file, path, &head, SESSION_PACK_BEST, &error), THENAR_OK);
    session_head_finish(&head);
}

static void add(struct session_file *file, enum session_table table, void *row)
{
    assert_true(session_file_add(file, table, row) >= THENAR_OK);
}

/* Force -60..60 as a ramp in mm of the centre; no rhythm in the last second. */
static void add_frames(struct session_file *file)
{
    for (unsigned i = 0; i < FRAMES; i++) {
        float samples[TAXELS] = {0};
        samples[i < FRAMES / 2 ? 0 : TAXELS - 1] = i < FRAMES / 2 ? 8 : 2;
        struct session_frame_row row = {.ticks = i,
                                        .device_s = i * 0.01,
                                        .t_device = START_S + i * 0.01,
                                        .sequence = i,
                                        .uncertainty_s = NAN};
        if (session_file_add_frame(file, &row, samples) == THENAR_PENDING)
            assert_int_equal(session_file_flush(file, false), THENAR_OK);
        if (i % EVERY)
            continue;
        struct session_metrics_row metrics = {.frame = i,
                                              .device_s = i * 0.01,
                                              .t_device = row.t_device,
                                              .force = 0.03F * (float)i,
                                              .peak = i < FRAMES / 2 ? 8 : 2,
                                              .pace_cpm = i < FRAMES - 100 ? 60 : NAN,
                                              .cop_x_mm = (float)i * 0.06F - 60,
                                              .n_touched = 1};
        add(file, SESSION_METRICS, &metrics);
    }
}

static void add_rows(struct session_file *file)
{
    /* Peaks 10, 20, 30: median 20, coefficient of variation 50 %. */
    for (int i = 0; i < 3; i++) {
        struct session_stroke_row stroke = {.start_s = 1 + i,
                                            .end_s = 2 + i,
                                            .t_start = START_S + 1 + i,
                                            .t_end = START_S + 2 + i,
                                            .technique = "effleurage",
                                            .peak = 10.0F * (float)(i + 1),
                                            .evenness_pct = 60 + 10 * (float)i,
                                            .interval_s = i ? 1 : NAN};
        add(file, SESSION_STROKES, &stroke);
    }
    const struct {
        const char *name;
        double from_s, to_s;
        float pace_cpm;
    } runs[] = {{"effleurage", 1, 5, 20},
                {"effleurage", 5, 7, 50},
                {"rest", 7, 9, NAN},
                {"unknown", 9, 10, NAN},
                {"friction", 12, 18, 150}};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct session_episode_row episode = {.start_s = runs[i].from_s,
                                              .end_s = runs[i].to_s,
                                              .t_start = START_S + runs[i].from_s,
                                              .t_end = START_S + runs[i].to_s,
                                              .pace_cpm = runs[i].pace_cpm,
                                              .regularity_pct = NAN,
                                              .n_strokes = 2};
        session_convert_text(episode.technique, sizeof episode.technique, runs[i].name);
        add(file, SESSION_EPISODES, &episode);
    }
    struct session_note_row note = {.frame = 500, .t = START_S + 5, .text = "\"deeper\", \xc3\xa9"};
    add(file, SESSION_NOTES, &note);
}

static int make_session(void **state)
{
    struct session_file *file;
    struct session_summary summary = {.state = SESSION_CLOSED,
                                      .first_s = START_S,
                                      .last_s = START_S + (FRAMES - 1) * 0.01,
                                      .end_unix_s = START_S + 20};
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/pad.h5", folder);
    add_head(&file);
    add_frames(file);
    add_rows(file);
    assert_int_equal(session_file_close(file, &summary, &error), THENAR_OK);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    return 0;
}

static int remove_session(void **state)
{
    char command[160];
    (void)state;
    session_reader_close(reader);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command); /* NOLINT: our own folder, in a test */
}

/* ---- numbers ---- */

static void test_digest(void **state)
{
    struct session_digest d;
    (void)state;
    assert_int_equal(session_digest_read(&d, reader, &error), THENAR_OK);
    assert_near(d.length_s, 19.99, 1e-6);
    assert_near(d.hands_on_s, 4 + 2 + 1 + 6, 1e-9);
    assert_near(d.unknown_s, 1, 1e-9);
    assert_int_equal(d.n_techniques, 2); /* neither rest nor unknown; 6 s and 6 s */
    assert_int_equal(d.n_strokes, 3);
    assert_int_equal(d.n_episodes, 4);
    /* From 7 to 9 s hands were off, and from 10 to 12: the first of the longest. */
    assert_near(d.longest_pause_s, 2, 1e-6);
    assert_near(d.longest_pause_at_s, 7, 1e-6);
    const struct session_technique *t = session_digest_find(&d, TECHNIQUE_EFFLEURAGE);
    assert_non_null(t);
    assert_near(t->time_s, 6, 1e-9);
    assert_near(t->longest_s, 4, 1e-9);
    assert_near(t->pace_cpm, (4 * 20 + 2 * 50) / 6.0, 1e-4);
    assert_near(t->stroke_peak, 20, 1e-6);
    assert_near(t->stroke_peak_pct, 50, 1e-4);
    assert_near(t->evenness_pct, 70, 1e-4);
    assert_near(t->highest, 30, 1e-6);
    assert_near(t->highest_at_s, 3, 1e-5);
    assert_true(isnan(t->regularity_pct));
    assert_null(session_digest_find(&d, TECHNIQUE_TAPOTEMENT));
}

static void test_digest_of_nothing(void **state)
{
    struct session_digest d;
    (void)state;
    assert_int_equal(session_digest_make(&d, (double)NAN, (double)NAN, NULL, 0, NULL, 0),
                     THENAR_OK);
    assert_near(d.length_s, 0, 0);
    assert_int_equal(d.n_techniques, 0);
    assert_true(isnan(d.stroke_peak) && isnan(d.pace_cpm));
}

static void test_series(void **state)
{
    struct session_span spans[20];
    (void)state;
    assert_int_equal(session_series_read(spans, 20, START_S, START_S + 20, reader, &error),
                     THENAR_OK);
    assert_near(spans[0].peak_typical, 8, 1e-6);
    assert_near(spans[9].peak_highest, 8, 1e-6);
    assert_near(spans[10].peak_highest, 2, 1e-6);
    assert_near(spans[18].pace_cpm, 60, 1e-6);
    assert_true(isnan(spans[19].pace_cpm));
    assert_near(spans[19].touched_share, 1, 0);
}

static void test_map(void **state)
{
    struct session_map map;
    float share;
    (void)state;
    assert_int_equal(session_map_read(&map, reader, 2, 0, &error), THENAR_OK);
    assert_int_equal(map.n_frames_read, FRAMES);
    assert_near(map.mean[0], 4, 1e-5);
    assert_near(map.mean[TAXELS - 1], 1, 1e-5);
    assert_near(map.mean[1], 0, 1e-6);
    assert_true(isnan(map.mean[5]));
    assert_near(map.highest[0], 8, 1e-4);
    assert_near(map.parts[0], 8, 1e-4);
    assert_near(map.parts[TAXELS], 0, 1e-5);
    assert_near(map.parts[TAXELS + TAXELS - 1], 2, 1e-4);
    assert_int_equal(session_map_quarter_share(&map, &share), THENAR_OK);
    assert_near(share, 1, 1e-6);
    session_map_finish(&map);
    /* A sample of it: whole chunks, from begin to end. */
    assert_int_equal(session_map_read(&map, reader, 2, 500, &error), THENAR_OK);
    assert_in_range(map.n_frames_read, 300, 700);
    assert_near(map.parts[0], 8, 1e-4);
    session_map_finish(&map);
}

/* ---- files ---- */

static char *slurp(const char *name, size_t *n)
{
    char file[256];
    struct stat facts;
    (void)snprintf(file, sizeof file, "%s/%s", folder, name);
    assert_int_equal(stat(file, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    char *text = calloc(1, (size_t)facts.st_size + 1);
    FILE *in = fopen(file, "rb");
    assert_non_null(in);
    assert_non_null(text);
    *n = fread(text, 1, (size_t)facts.st_size, in);
    (void)fclose(in);
    return text;
}

static void assert_holds(const char *name, const char *wanted)
{
    size_t n;
    char *text = slurp(name, &n);
    if (!strstr(text, wanted))
        fail_msg("%s lacks: %s", name, wanted);
    free(text);
}

static size_t count_lines(const char *name)
{
    size_t n, n_lines = 0;
    char *text = slurp(name, &n);
    for (size_t i = 0; i < n; i++)
        n_lines += text[i] == '\n';
    free(text);
    return n_lines;
}

static void test_csv(void **state)
{
    const struct session_export_csv_options options = {.with_samples = true};
    unsigned n_files;
    (void)state;
    assert_int_equal(session_export_csv(reader, folder, "pad", &options, &n_files, &error),
                     THENAR_OK);
    /* about, columns, frames, metrics, strokes, episodes, notes, taxels, samples */
    assert_int_equal(n_files, 9);
    assert_holds("pad-strokes.csv", "\"frame\",\"start_s [s]\",\"end_s [s]\",\"t_start [s]\"");
    assert_holds("pad-strokes.csv", "\"peak_kpa [kPa]\"");
    assert_holds("pad-strokes.csv", "\n0,1,2,1790000001,1790000002,\"effleurage\",10,");
    assert_holds("pad-strokes.csv", ",60,,0\n"); /* no interval: an empty field */
    assert_holds("pad-notes.csv", "\"\"\"deeper\"\", \xc3\xa9\"");
    assert_holds("pad-about.csv", "\"note\",\"says \"\"deeper\"\", twice\",\"\"\n");
    assert_holds("pad-columns.csv", "\"strokes\",\"peak_kpa\",\"kPa\",");
    assert_holds("pad-samples.csv", "\"r3c3 [kPa]\"\n0,1790000000,8,0,");
    assert_holds("pad-frames.csv", "1790000000.01,");
    assert_int_equal(count_lines("pad-samples.csv"), FRAMES + 1);
    assert_int_equal(count_lines("pad-metrics.csv"), FRAMES / EVERY + 1);
}

static void test_csv_says_where_it_failed(void **state)
{
    const struct session_export_csv_options options = {0};
    unsigned n_files;
    (void)state;
    assert_true(session_export_csv(reader, "/nowhere", "pad", &options, &n_files, &error) < 0);
    assert_non_null(strstr(error.text, "/nowhere/pad-about.csv"));
}

static long number_at(const char *text, size_t at, size_t n)
{
    char field[32] = {0};
    memcpy(field, text + at, n);
    return strtol(field, NULL, 10);
}

/* Read by the format's own table of fields, without libedf. */
static void test_edf(void **state)
{
    static struct session_export_edf_result result;
    size_t n;
    (void)state;
    assert_int_equal(session_export_edf(reader, folder, "pad", 3600, &result, &error), THENAR_OK);
    assert_int_equal(result.rate_hz, 50);
    assert_int_equal(result.n_records, 20);
    assert_int_equal(result.n_annotations, 6);
    assert_int_equal(result.n_left_out, 0);
    char *text = slurp("pad-metrics.edf", &n);
    assert_memory_equal(text + 8, "P007 X X X", 10);
    assert_memory_equal(text + 168, "21.09.2615.13.20", 16); /* 1.79e9, one hour on */
    assert_memory_equal(text + 192, "EDF+C", 5);
    assert_int_equal(number_at(text, 236, 8), 20);
    size_t n_signals = (size_t)number_at(text, 252, 4);
    assert_true(n_signals > result.n_signals);
    size_t header = (size_t)number_at(text, 184, 8), record = 0;
    assert_int_equal(header, 256 * (n_signals + 1));
    for (size_t s = 0; s < n_signals; s++)
        record += 2 * (size_t)number_at(text, 256 + n_signals * 216 + 8 * s, 8);
    assert_int_equal(n, header + 20 * record);
    /* Signal 4 is the centre's x: -60 to 60 mm on a range of +-100. */
    assert_memory_equal(text + 256 + 4 * 16, "Centre x", 8);
    assert_int_equal(number_at(text, 256 + n_signals * (16 + 80 + 8) + 8 * 4, 8), -100);
    for (unsigned i = 0; i < 1000; i++) {
        size_t at = header + i / 50 * record + 2 * (4 * 50 + i % 50);
        int value = (int16_t)((unsigned char)text[at] | (unsigned char)text[at + 1] << 8);
        assert_near(value * 100 / 32767.0, i * 0.12 - 60, 0.01);
    }
    /* Signal 7, pace: 60 a minute, and its minimum where there is none. */
    size_t pace = header + 19 * record + 2 * (7 * 50 + 25);
    assert_int_equal((int16_t)((unsigned char)text[pace] | (unsigned char)text[pace + 1] << 8),
                     -32767);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest), cmocka_unit_test(test_digest_of_nothing),
        cmocka_unit_test(test_series), cmocka_unit_test(test_map),
        cmocka_unit_test(test_csv),    cmocka_unit_test(test_csv_says_where_it_failed),
        cmocka_unit_test(test_edf),
    };
    return cmocka_run_group_tests(tests, make_session, remove_session);
}

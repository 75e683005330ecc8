/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of older formats are read, verified and repaired as before; what they lack is absent.
 *
 * golden/session_format_2.h5.gz was written by thenard 0.1.0 when that was the format: a virtual
 * array of 6 x 6 taxels under tapotement, three seconds. */
#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "session/session_repair.h"
#include "session/session_replay.h"
#include "session/session_verify.h"

enum { FRAMES = 323, STROKES = 7, EPISODES = 2, METRICS = 162 };

static char folder[] = "/tmp/thenar-older-XXXXXX";
static char path[128];
static struct thenar_error error;

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/pad.h5", mkdtemp(folder));
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return unlink(path) == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static int unpack(void **state)
{
    (void)state;
    unsigned char octets[4096];
    int n;
    gzFile from = gzopen(TEST_SOURCE_DIR "/golden/session_format_2.h5.gz", "rb");
    FILE *to = fopen(path, "wb");
    assert_non_null(from);
    assert_non_null(to);
    while ((n = gzread(from, octets, sizeof octets)) > 0)
        assert_int_equal(fwrite(octets, 1, (size_t)n, to), n);
    assert_int_equal(n, 0);
    (void)gzclose(from);
    assert_int_equal(fclose(to), 0);
    return 0;
}

static struct session_verdict verify(void)
{
    struct session_reader *reader;
    struct session_verdict verdict;
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_verify_tables(reader, &verdict, &error), THENAR_OK);
    assert_int_equal(session_verify_frames(reader, 0, UINT64_MAX, &verdict.frames, &error),
                     THENAR_OK);
    session_reader_close(reader);
    return verdict;
}

static void write_attribute(const char *name, hid_t memory_type, const void *value)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t id = H5Aopen(file, name, H5P_DEFAULT);
    hid_t type = memory_type > 0 ? H5Tcopy(memory_type) : H5Aget_type(id);
    assert_true(H5Awrite(id, type, value) >= 0);
    (void)H5Tclose(type);
    (void)H5Aclose(id);
    assert_true(H5Fclose(file) >= 0);
}

static void what_format_2_has_is_kept_and_the_rest_is_absent(void **state)
{
    (void)state;
    struct session_reader *reader;
    struct session_metrics_row *metrics;
    struct session_stroke_row *strokes;
    struct session_episode_row *episodes;
    size_t n_metrics, n_strokes, n_episodes;
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_reader_head(reader)->format_version, 2);
    assert_int_equal(session_reader_n_frames(reader), FRAMES);
    assert_int_equal(
        session_reader_all(reader, SESSION_METRICS, (void **)&metrics, &n_metrics, &error),
        THENAR_OK);
    assert_int_equal(
        session_reader_all(reader, SESSION_STROKES, (void **)&strokes, &n_strokes, &error),
        THENAR_OK);
    assert_int_equal(
        session_reader_all(reader, SESSION_EPISODES, (void **)&episodes, &n_episodes, &error),
        THENAR_OK);
    assert_int_equal(n_metrics, METRICS);
    assert_int_equal(n_strokes, STROKES);
    assert_int_equal(n_episodes, EPISODES);
    for (size_t i = 0; i < n_metrics; i++) {
        assert_int_equal(metrics[i].frame, 2 * i);
        assert_true(isnan(metrics[i].phase) && isnan(metrics[i].pace_hand_cpm));
        assert_true(isnan(metrics[i].load_change) && isnan(metrics[i].shift_age_s));
        assert_true(metrics[i].peak >= 0 && metrics[i].peak < 1000);
    }
    for (size_t i = 0; i < n_strokes; i++) {
        assert_string_equal(strokes[i].technique, "tapotement");
        assert_int_equal(strokes[i].hand, 0);
        assert_true(strokes[i].t_end > strokes[i].t_start && strokes[i].peak > 1);
    }
    for (size_t i = 0; i < n_episodes; i++)
        assert_true(isnan(episodes[i].pace_hand_cpm) && episodes[i].end_s > episodes[i].start_s);
    free(metrics);
    free(strokes);
    free(episodes);
    session_reader_close(reader);
    struct session_verdict verdict = verify();
    assert_true(session_verdict_is_good(&verdict));
}

/* One value of one row: its checksum no longer fits, in the file as among the rows of today. */
static void damage_is_found_in_older_rows(void **state)
{
    (void)state;
    const double changed = 1.0;
    hsize_t at = 5, one = 1;
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t id = H5Dopen2(file, "metrics", H5P_DEFAULT), space = H5Dget_space(id);
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof changed);
    hid_t memory = H5Screate_simple(1, &one, NULL);
    assert_true(H5Tinsert(type, "t_device", 0, H5T_NATIVE_DOUBLE) >= 0);
    assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, &at, NULL, &one, NULL) >= 0);
    assert_true(H5Dwrite(id, type, memory, space, H5P_DEFAULT, &changed) >= 0);
    (void)H5Sclose(memory);
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    (void)H5Dclose(id);
    assert_true(H5Fclose(file) >= 0);
    struct session_verdict verdict = verify();
    assert_int_equal(verdict.n_bad_rows[SESSION_METRICS], 1);
    assert_false(session_verdict_is_sound(&verdict));
}

static void an_older_file_that_was_cut_off_is_repaired(void **state)
{
    (void)state;
    const char recording[24] = "recording";
    struct session_repair_result result;
    write_attribute("state", 0, recording);
    assert_int_equal(session_repair(path, &result, &error), THENAR_OK);
    assert_false(result.was_good);
    assert_int_equal(result.n_frames, FRAMES);
    assert_int_equal(result.n_dropped_rows, 0);
    struct session_verdict verdict = verify();
    assert_true(session_verdict_is_sound(&verdict));
    assert_int_equal(verdict.state, SESSION_REPAIRED);
}

/* What a replay gives depends on the techniques of today; columns that the file lacks do not count:
 * the first metrics, of nothing but noise, are the same in any version. */
static void replay_compares_what_the_file_has(void **state)
{
    (void)state;
    struct session_reader *reader;
    struct session_replay_result result;
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_replay(reader, NULL, NULL, &result, &error), THENAR_OK);
    assert_int_equal(result.n_frames, FRAMES);
    assert_true(result.first_other_frame > 0);
    session_reader_close(reader);
}

/* Format 1: what came with format 2 is taken out again. */
static void files_of_format_1_are_read(void **state)
{
    (void)state;
    static const char *const names[] = {"score_plan",     "practice_score",  "score_pressure_pct",
                                        "score_pace_pct", "score_holds_pct", "score_regularity_pct",
                                        "score_time_pct"};
    const uint32_t version = 1;
    struct session_reader *reader;
    write_attribute("format_version", H5T_NATIVE_UINT32, &version);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(H5Adelete(file, names[i]) >= 0);
    assert_true(H5Ldelete(file, "documents", H5P_DEFAULT) >= 0);
    assert_true(H5Ldelete(file, "scores", H5P_DEFAULT) >= 0);
    assert_true(H5Fclose(file) >= 0);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    assert_int_equal(session_reader_n_frames(reader), FRAMES);
    assert_int_equal(session_reader_n_rows(reader, SESSION_DOCUMENTS), 0);
    assert_true(isnan(session_reader_summary(reader)->score.practice_score));
    session_reader_close(reader);
    struct session_verdict verdict = verify();
    assert_true(session_verdict_is_good(&verdict));
    an_older_file_that_was_cut_off_is_repaired(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_format_2_has_is_kept_and_the_rest_is_absent, unpack),
        cmocka_unit_test_setup(damage_is_found_in_older_rows, unpack),
        cmocka_unit_test_setup(an_older_file_that_was_cut_off_is_repaired, unpack),
        cmocka_unit_test_setup(replay_compares_what_the_file_has, unpack),
        cmocka_unit_test_setup(files_of_format_1_are_read, unpack),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

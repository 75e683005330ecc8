/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts and scores in session files: they come back whole. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "session/session_file.h"
#include "session/session_manifest.h"
#include "session/session_verify.h"

enum { SIDE = 4, RATE_HZ = 50 };

static char folder[] = "/tmp/thenar-document-XXXXXX";
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
    char command[160];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command); /* NOLINT: our own folder, in a test */
}

static int no_file(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static struct session_file *create(const char *text)
{
    struct session_file *file;
    struct session_head head = {
        .part = 1, .gate_kpa = NAN, .metrics_every = session_metrics_every(RATE_HZ)};
    assert_int_equal(array_layout_init(&head.layout, SIDE, SIDE, 10, 10, RATE_HZ), THENAR_OK);
    head.layout.sensor.full_scale_counts = 4095;
    assert_int_equal(
        session_documents_add(&head.documents, SESSION_DOCUMENT_HELLO, "SN1", "model x\n", 1.79e9),
        THENAR_OK);
    if (text)
        assert_int_equal(
            session_documents_add(&head.documents, SESSION_DOCUMENT_PLAN, "early", text, 1.79e9),
            THENAR_OK);
    assert_int_equal(session_file_create(&file, path, &head, SESSION_PACK_BEST, &error), THENAR_OK);
    session_head_finish(&head);
    for (uint32_t i = 0; i < 100; i++) {
        const uint16_t counts[SIDE * SIDE] = {(uint16_t)i};
        struct session_frame_row row = {.sequence = i, .t_device = 1.79e9 + i};
        assert_true(session_file_add_frame(file, &row, counts) >= 0);
    }
    return file;
}

static void close_file(struct session_file *file, struct session_summary *summary)
{
    *summary = (struct session_summary){.state = SESSION_CLOSED, .end_unix_s = 1.79e9};
    assert_int_equal(session_file_close(file, summary, &error), THENAR_OK);
}

static void assert_text(const char *kind, const char *name, const char *wanted)
{
    struct session_reader *reader;
    char *text;
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    enum thenar_status status = session_document_read(reader, kind, name, &text, &error);
    session_reader_close(reader);
    assert_int_equal(status, wanted ? THENAR_OK : THENAR_ERR_ABSENT);
    if (wanted)
        assert_string_equal(text, wanted);
    else
        assert_null(text);
    free(text);
}

static void texts_of_any_length_come_back(void **state)
{
    (void)state;
    struct session_summary summary;
    /* Around the ends of pieces, with letters of one to four octets on them. */
    static const char *const letters[] = {"a", "ä", "€", "𝄞"};
    char text[2100];
    for (size_t n = 0; n < 2000; n += n < 440 || n > 465 ? 97 : 1) {
        text[0] = '\0';
        for (size_t at = 0; at < n; at = strlen(text))
            (void)snprintf(text + at, sizeof text - at, "%s", letters[at % 4]);
        (void)unlink(path);
        close_file(create(text), &summary);
        assert_text(SESSION_DOCUMENT_PLAN, NULL, text);
        assert_text(SESSION_DOCUMENT_PLAN, "early", text);
        assert_text(SESSION_DOCUMENT_PLAN, "other", NULL);
        assert_text(SESSION_DOCUMENT_HELLO, NULL, "model x\n");
        assert_text(SESSION_DOCUMENT_CALIBRATION, NULL, NULL);
    }
}

static void a_later_text_is_the_last(void **state)
{
    (void)state;
    struct session_summary summary;
    struct session_documents later = {0};
    struct session_file *file = create("first");
    char text[1000];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(session_documents_add(&later, SESSION_DOCUMENT_PLAN, "late", text, 1.8e9),
                     THENAR_OK);
    assert_int_equal(later.n_rows, 3);
    for (size_t i = 0; i < later.n_rows; i++)
        assert_int_equal(session_file_add(file, SESSION_DOCUMENTS, &later.rows[i]), THENAR_OK);
    /* Its last piece never came a second time: that text is not whole, and is not given. */
    for (size_t i = 0; i + 1 < later.n_rows; i++) {
        memset(later.rows[i].text, 'y', 5);
        assert_int_equal(session_file_add(file, SESSION_DOCUMENTS, &later.rows[i]), THENAR_OK);
    }
    session_documents_finish(&later);
    close_file(file, &summary);
    assert_text(SESSION_DOCUMENT_PLAN, NULL, text);
    assert_text(SESSION_DOCUMENT_PLAN, "early", "first");
}

static struct session_score_row score_of(float score)
{
    return (struct session_score_row){.t = 1.79e9,
                                      .plan = "pre-event",
                                      .state = "running",
                                      .step = 2,
                                      .n_steps = 8,
                                      .practice_score = score,
                                      .pressure_pct = 80,
                                      .pace_pct = NAN,
                                      .holds_pct = NAN,
                                      .regularity_pct = 100,
                                      .time_pct = 50};
}

static void the_last_score_is_the_sessions(void **state)
{
    (void)state;
    struct session_reader *reader;
    struct session_manifest manifest, back;
    struct session_summary summary;
    struct session_file *file = create(NULL);
    for (int i = 0; i < 40; i++) {
        struct session_score_row row = score_of((float)i + 0.5F);
        assert_int_equal(session_file_add(file, SESSION_SCORES, &row), THENAR_OK);
    }
    close_file(file, &summary);
    assert_true(summary.score.practice_score == 39.5F);
    assert_int_equal(session_reader_open(&reader, path, &error), THENAR_OK);
    const struct session_summary *read = session_reader_summary(reader);
    assert_string_equal(read->score_plan, "pre-event");
    assert_true(read->score.practice_score == 39.5F && read->score.pressure_pct == 80);
    assert_true(isnan(read->score.pace_pct) && read->score.time_pct == 50);
    session_reader_close(reader);
    assert_int_equal(session_manifest_collect(&manifest, folder, &error), THENAR_OK);
    assert_int_equal(session_manifest_write(&manifest, folder, &error), THENAR_OK);
    assert_int_equal(session_manifest_read(&back, folder, &error), THENAR_OK);
    assert_string_equal(session_manifest_plan(&back), "pre-event");
    const struct session_manifest_device *scored = session_manifest_scored(&back);
    assert_non_null(scored);
    assert_true(scored->summary.score.practice_score == 39.5F);
    assert_true(isnan(scored->summary.score.holds_pct));
    session_manifest_finish(&manifest);
    session_manifest_finish(&back);
}

static void without_a_plan_there_is_no_score(void **state)
{
    (void)state;
    struct session_manifest manifest;
    struct session_summary summary;
    close_file(create(NULL), &summary);
    assert_true(isnan(summary.score.practice_score) && summary.score_plan[0] == '\0');
    assert_int_equal(session_manifest_collect(&manifest, folder, &error), THENAR_OK);
    assert_null(session_manifest_scored(&manifest));
    assert_string_equal(session_manifest_plan(&manifest), "");
    session_manifest_finish(&manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(texts_of_any_length_come_back, no_file),
        cmocka_unit_test_setup(a_later_text_is_the_last, no_file),
        cmocka_unit_test_setup(the_last_score_is_the_sessions, no_file),
        cmocka_unit_test_setup(without_a_plan_there_is_no_score, no_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
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

#include "class_file.h"
#include "class_json.h"

static struct class_book four_at_two_tables(void)
{
    struct class_book book = {0};
    const char *const codes[] = {"A1", "A2", "A3", "A4"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(class_book_add_code(&book, codes[i], NULL), THENAR_OK);
    assert_non_null(class_book_add_station(&book, "s2"));
    assert_non_null(class_book_add_station(&book, "s10"));
    class_book_seat_all(&book);
    return book;
}

static void codes_are_pseudonyms_each_once(void **state)
{
    (void)state;
    struct class_book book = {0};
    struct thenar_error error = {0};
    assert_int_equal(class_book_add_code(&book, "A1", &error), THENAR_OK);
    assert_int_equal(class_book_add_code(&book, "a1", &error), THENAR_ERR_VALUE);
    assert_int_equal(class_book_add_code(&book, "", &error), THENAR_ERR_VALUE);
    assert_int_equal(class_book_add_code(&book, "Maria7", &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "looks like a name"));
    char code[16];
    for (unsigned i = 2; i <= CLASS_CODES_MAX; i++) {
        (void)snprintf(code, sizeof code, "A%u", i);
        assert_int_equal(class_book_add_code(&book, code, &error), THENAR_OK);
    }
    assert_int_equal(class_book_add_code(&book, "B1", &error), THENAR_ERR_SPACE);
}

static void people_sit_at_one_table_and_change_places(void **state)
{
    (void)state;
    struct class_book book = four_at_two_tables();
    struct thenar_error error = {0};
    assert_string_equal(book.stations[0].giver, "A1");
    assert_string_equal(book.stations[1].receiver, "A4");
    class_book_swap(&book.stations[0]);
    assert_string_equal(book.stations[0].giver, "A2");
    assert_string_equal(book.stations[0].receiver, "A1");
    assert_int_equal(class_book_seat(&book, "s10", "A2", "", &error), THENAR_OK);
    assert_string_equal(book.stations[0].giver, ""); /* A2 moved */
    assert_string_equal(book.stations[1].receiver, "");
    assert_int_equal(class_book_seat(&book, "s2", "A3", "A3", &error), THENAR_ERR_VALUE);
    assert_int_equal(class_book_seat(&book, "s2", "A9", "", &error), THENAR_ERR_ABSENT);
    assert_int_equal(class_book_seat(&book, "s9", "A3", "", &error), THENAR_ERR_ABSENT);
    assert_true(class_book_remove_code(&book, "A2"));
    assert_false(class_book_remove_code(&book, "A2"));
    assert_string_equal(book.stations[1].giver, "");
    assert_int_equal(book.n_codes, 3);
}

static struct class_session *a_full_session(struct class_book *book, const char *id)
{
    struct class_session *session;
    assert_int_equal(class_book_add_session(book, id, &session), THENAR_OK);
    (void)snprintf(session->station, sizeof session->station, "s1");
    (void)snprintf(session->giver, sizeof session->giver, "A1");
    (void)snprintf(session->plan, sizeof session->plan, "maintenance");
    session->began_unix_s = 1795000000.25;
    session->is_closed = true;
    session->tally.length_s = 61.5f;
    session->tally.n_devices = session->tally.n_techniques = session->tally.n_cues = 1;
    session->tally.devices[0] = (struct tally_device){"pad", 80, 90, 70, 60, NAN, 50, 12300, 4};
    session->tally.techniques[0] = (struct tally_technique){"effleurage", 30.25f, 12};
    session->tally.cues[0] = (struct tally_cue){"deeper", 3};
    session->tally.n_steps = 2;
    session->tally.steps[0] = (struct tally_step){"effleurage", "back", 30, 60};
    session->tally.steps[1] = (struct tally_step){"", "", NAN, NAN};
    session->tally.worst_pain = 3;
    session->tally.n_complaints = 1;
    session->own_score = 77;
    assert_int_equal(class_session_judge(session, "pressure", 4), THENAR_OK);
    (void)snprintf(session->remark, sizeof session->remark, "calm hands, \"good\"");
    return session;
}

static void a_file_comes_back_as_it_was_written(void **state)
{
    (void)state;
    char folder[] = "/tmp/thenar-class-XXXXXX", path[80], kept[120];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a/b/class.json", folder);
    struct class_book book = four_at_two_tables(), read_back;
    struct thenar_error error = {0};
    class_book_begin(&book, "Tuesday", 1795000000);
    (void)a_full_session(&book, "20261118-1");
    assert_int_equal(class_file_load(path, &read_back, &error), THENAR_OK); /* not there yet */
    assert_int_equal(read_back.n_codes, 0);
    char *text = class_file_text(&book);
    assert_int_equal(class_file_write(path, text, &error), THENAR_OK);
    struct stat kind;
    assert_int_equal(stat(path, &kind), 0);
    assert_int_equal(kind.st_mode & 0777, 0600);
    assert_int_equal(class_file_load(path, &read_back, &error), THENAR_OK);
    char *again = class_file_text(&read_back);
    assert_string_equal(again, text);
    assert_string_equal(read_back.title, "Tuesday");
    assert_true(class_book_is_on(&read_back));
    assert_memory_equal(read_back.stations, book.stations, sizeof book.stations);
    const struct class_session *session = class_book_session(&read_back, "20261118-1");
    assert_non_null(session);
    assert_int_equal(class_session_level(session, "pressure"), 4);
    assert_true(isnan(session->tally.devices[0].holds_pct));
    assert_true(isnan(session->tally.steps[1].span_s));
    assert_int_equal(session->tally.devices[0].n_lost, 4);
    class_file_kept(path, book.began_unix_s, kept, sizeof kept);
    assert_non_null(strstr(kept, "/a/b/class-20261118-"));

    assert_int_equal(chmod(path, 0644), 0);
    class_book_finish(&read_back);
    assert_int_equal(class_file_load(path, &read_back, &error), THENAR_ERR_DENIED);
    assert_non_null(strstr(error.text, "chmod 600"));
    free(text);
    free(again);
    class_book_finish(&book);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/a/b", folder);
    (void)rmdir(path);
    (void)snprintf(path, sizeof path, "%s/a", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

/* Cut anywhere it is refused with a sentence; with any bit turned it is read or refused. */
static void a_damaged_file_is_refused(void **state)
{
    (void)state;
    struct class_book book = four_at_two_tables(), read_back;
    (void)a_full_session(&book, "20261118-1");
    char *text = class_file_text(&book);
    size_t n_text = strlen(text), n_read = 0;
    for (size_t n = 0; n < n_text; n++) {
        struct thenar_error error = {0};
        assert_true(class_json_decode(text, n, "f", &read_back, &error) < 0);
        assert_true(error.text[0]);
        assert_int_equal(read_back.n_codes, 0);
    }
    for (size_t bit = 0; bit < 8 * n_text; bit += 3) {
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << (bit % 8)));
        struct thenar_error error = {0};
        if (class_json_decode(text, n_text, "f", &read_back, &error) == THENAR_OK) {
            n_read++;
            class_book_finish(&read_back);
        } else {
            assert_true(error.text[0]);
        }
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << (bit % 8)));
    }
    assert_true(n_read > 0); /* a letter of a remark may be another */
    free(text);
    class_book_finish(&book);
}

static void a_bad_file_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"[]", "no class"},
        {"{\"codes\":[\"A1\",\"Anna\"]}", "code 2"},
        {"{\"codes\":[\"A1\",\"A1\"]}", "code 2"},
        {"{\"codes\":5}", "\"codes\""},
        {"{\"stations\":[{\"station\":\"S 1\"}]}", "station 1"},
        {"{\"stations\":[{\"station\":\"s1\"},{\"station\":\"s1\"}]}", "station 2"},
        {"{\"stations\":[{\"station\":\"s1\",\"giver\":\"A1\"}]}", "giver"},
        {"{\"sessions\":[{}]}", "session 1"},
        {"{\"sessions\":[{\"session\":\"x\",\"own_score\":101}]}", "own_score"},
        {"{\"sessions\":[{\"session\":\"x\",\"steps\":[0,{\"span_s\":-1}]}]}", "span_s"},
        {"{\"title\":7}", "\"title\""},
        {"{\"title\":\"a\",\"title\":\"b\"}", "duplicate"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct class_book book;
        struct thenar_error error = {0};
        assert_true(class_json_decode(rows[i].text, strlen(rows[i].text), "f", &book, &error) < 0);
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_pseudonyms_each_once),
        cmocka_unit_test(people_sit_at_one_table_and_change_places),
        cmocka_unit_test(a_file_comes_back_as_it_was_written),
        cmocka_unit_test(a_damaged_file_is_refused),
        cmocka_unit_test(a_bad_file_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

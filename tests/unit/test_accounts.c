/* SPDX-License-Identifier: GPL-3.0-or-later */
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

#include "access.h"
#include "permission.h"

static struct account account_named(const char *name, enum account_role role, const char *station)
{
    struct account account = {.role = role};
    (void)snprintf(account.name, sizeof account.name, "%s", name);
    (void)snprintf(account.station, sizeof account.station, "%s", station);
    assert_int_equal(account_set_password(&account, "right password", NULL), THENAR_OK);
    return account;
}

static void a_file_comes_back_as_it_was_written(void **state)
{
    (void)state;
    char folder[] = "/tmp/thenar-accounts-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/accounts.json", folder);
    struct accounts written = {0}, read_back;
    struct thenar_error error = {0};
    struct account ann = account_named("ann", ACCOUNT_STUDENT, "s3");
    struct account teacher = account_named("teacher", ACCOUNT_INSTRUCTOR, "");
    assert_int_equal(accounts_put(&written, &ann), THENAR_OK);
    assert_int_equal(accounts_put(&written, &teacher), THENAR_OK);
    assert_int_equal(accounts_save(path, &written, &error), THENAR_OK);
    struct stat kind;
    assert_int_equal(stat(path, &kind), 0);
    assert_int_equal(kind.st_mode & 0777, 0600);
    assert_int_equal(accounts_load(path, &read_back, &error), THENAR_OK);
    assert_int_equal(read_back.n_accounts, 2);
    assert_memory_equal(accounts_find(&read_back, "ann"), &ann, sizeof ann);
    assert_true(account_check_password(accounts_find(&read_back, "ann"), "right password"));
    assert_false(account_check_password(accounts_find(&read_back, "ann"), "right passwore"));
    assert_false(account_check_password(NULL, "right password"));
    accounts_finish(&read_back);

    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(accounts_load(path, &read_back, &error), THENAR_ERR_DENIED);
    assert_non_null(strstr(error.text, "chmod 600"));
    assert_true(accounts_remove(&written, "ann"));
    assert_false(accounts_remove(&written, "ann"));
    assert_int_equal(written.n_accounts, 1);
    accounts_finish(&written);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void a_bad_file_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "f:"},
        {"{\n\"accounts\": [", "f:2"},
        {"{}", "no list"},
        {"{\"accounts\":[{}]}", "account 1"},
        {"{\"accounts\":[{\"name\":\"Ann Smith\"}]}", "account 1"},
        {"{\"accounts\":[{\"name\":\"ann\",\"role\":\"king\"}]}", "\"role\""},
        {"{\"accounts\":[{\"name\":\"ann\",\"role\":\"student\"}]}", "\"station\""},
        {"{\"accounts\":[{\"name\":\"a\",\"role\":\"instructor\",\"password\":\"secret\"}]}",
         "hash"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct accounts accounts;
        struct thenar_error error = {0};
        assert_true(accounts_decode(rows[i].text, strlen(rows[i].text), "f", &accounts, &error) <
                    0);
        assert_non_null(strstr(error.text, rows[i].says));
        assert_int_equal(accounts.n_accounts, 0);
    }
}

static void short_passwords_are_refused(void **state)
{
    (void)state;
    struct account account = {0};
    struct thenar_error error = {0};
    assert_int_equal(account_set_password(&account, "1234567", &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "8 to 128"));
}

static void logins_end_by_age_and_by_rest(void **state)
{
    (void)state;
    struct access *access = calloc(1, sizeof *access);
    unsigned char token[ACCESS_TOKEN_BYTES], other[ACCESS_TOKEN_BYTES];
    memset(token, 1, sizeof token);
    memset(other, 2, sizeof other);
    access_log_in(access, "ann", token, 0);
    assert_string_equal(access_find(access, token, 1)->name, "ann");
    assert_null(access_find(access, other, 1));
    for (int hour = 1; hour <= 12; hour++)
        assert_non_null(access_find(access, token, hour * 3600.0));
    assert_null(access_find(access, token, 12 * 3600.0 + 1)); /* a day's work is over */
    access_log_in(access, "ann", other, 50000);
    assert_null(access_find(access, other, 50000 + 3 * 3600.0 + 1)); /* and so is a long rest */
    access_log_in(access, "bob", token, 100000);
    access_log_out(access, token);
    assert_null(access_find(access, token, 100000));
    free(access);
}

/* More logins than there is room for: who was away longest makes room. */
static void the_longest_unused_makes_room(void **state)
{
    (void)state;
    struct access *access = calloc(1, sizeof *access);
    unsigned char token[ACCESS_TOKEN_BYTES] = {0};
    for (unsigned i = 0; i <= ACCESS_LOGINS_MAX; i++) {
        token[0] = (unsigned char)i;
        token[1] = (unsigned char)(i >> 8);
        access_log_in(access, "ann", token, 1 + i);
    }
    assert_non_null(access_find(access, token, 1000)); /* the newest */
    memset(token, 0, sizeof token);
    assert_null(access_find(access, token, 1000)); /* the first of all */
    token[0] = 1;
    assert_non_null(access_find(access, token, 1000));
    free(access);
}

static void guessing_is_slowed_by_account(void **state)
{
    (void)state;
    struct access *access = calloc(1, sizeof *access);
    unsigned char token[ACCESS_TOKEN_BYTES] = {9};
    double now_s = 0;
    for (int i = 1; i < ACCESS_FREE_GUESSES; i++)
        access_note_wrong(access, "ann", now_s);
    assert_true(access_wait_s(access, "ann", now_s) == 0);
    static const double waits_s[] = {2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
    for (size_t i = 0; i < sizeof waits_s / sizeof *waits_s; i++) {
        access_note_wrong(access, "ann", now_s);
        assert_true(access_wait_s(access, "ann", now_s) == waits_s[i]);
        now_s += waits_s[i];
    }
    assert_true(access_wait_s(access, "bob", now_s) == 0); /* sixty tablets share one address */
    access_log_in(access, "ann", token, now_s);
    access_note_wrong(access, "ann", now_s);
    assert_true(access_wait_s(access, "ann", now_s) == 0); /* begun anew by a right password */
    free(access);
}

static enum thenar_status check(const struct permission *permission, const char *station,
                                enum thenar_control_command command, const char *plan,
                                struct thenar_error *error)
{
    struct thenar_control_request request;
    thenar_control_request_clear(&request);
    request.command = command;
    (void)snprintf(request.plan, sizeof request.plan, "%s", plan);
    return permission_check(permission, station, &request, error);
}

static void roles_may_do_what_is_theirs(void **state)
{
    (void)state;
    const struct account ann = {.name = "ann", .role = ACCOUNT_STUDENT, .station = "s1"};
    const struct account teacher = {.name = "teacher", .role = ACCOUNT_INSTRUCTOR};
    const struct account lab = {.name = "lab", .role = ACCOUNT_RESEARCHER};
    const struct permission student = permission_of(&ann), instructor = permission_of(&teacher),
                            researcher = permission_of(&lab), local = permission_local();
    struct thenar_error error = {0};
    assert_true(permission_sees(&student, "s1") && !permission_sees(&student, "s2"));
    assert_true(permission_sees(&instructor, "s2"));
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_TARE, "", &error), THENAR_OK);
    assert_int_equal(check(&student, "s2", THENAR_CONTROL_TARE, "", &error), THENAR_ERR_DENIED);
    assert_non_null(strstr(error.text, "s1"));
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_RATE, "", &error), THENAR_ERR_DENIED);
    assert_int_equal(check(&instructor, "s2", THENAR_CONTROL_RATE, "", &error), THENAR_OK);
    assert_int_equal(check(&researcher, "s2", THENAR_CONTROL_STATUS, "", &error), THENAR_OK);
    assert_int_equal(check(&researcher, "s2", THENAR_CONTROL_TARE, "", &error), THENAR_ERR_DENIED);
    assert_int_equal(check(&local, "s2", THENAR_CONTROL_SHUTDOWN, "", &error), THENAR_ERR_DENIED);
    assert_int_equal(check(&local, "s2", THENAR_CONTROL_SELF_TEST, "", &error), THENAR_OK);
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_PLAN, "pre-event", &error), THENAR_OK);
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_SESSION_START, "pre-event", &error),
                     THENAR_OK);
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_SESSION_STOP, "", &error), THENAR_OK);
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_SESSION_NOTE, "", &error), THENAR_OK);
    assert_int_equal(check(&student, "s2", THENAR_CONTROL_SESSION_STOP, "", &error),
                     THENAR_ERR_DENIED);
    assert_int_equal(check(&student, "s1", THENAR_CONTROL_SESSION_START, "../secret", &error),
                     THENAR_ERR_DENIED);
    assert_int_equal(check(&researcher, "s1", THENAR_CONTROL_SESSION_START, "", &error),
                     THENAR_ERR_DENIED);
    assert_int_equal(check(&researcher, "s1", THENAR_CONTROL_SESSION, "", &error), THENAR_OK);
    assert_int_equal(check(&instructor, "s1", THENAR_CONTROL_PLAN, "/etc/passwd", &error),
                     THENAR_ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_back_as_it_was_written),
        cmocka_unit_test(a_bad_file_is_refused_with_its_place),
        cmocka_unit_test(short_passwords_are_refused),
        cmocka_unit_test(logins_end_by_age_and_by_rest),
        cmocka_unit_test(the_longest_unused_makes_room),
        cmocka_unit_test(guessing_is_slowed_by_account),
        cmocka_unit_test(roles_may_do_what_is_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

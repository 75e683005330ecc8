/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "feed/key_folder.h"
#include "feed/socket_address.h"

#define PUBLIC "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

static char folder[] = "/tmp/thenar-keys-XXXXXX";
static struct thenar_curve_key key;
static struct thenar_error error;

static void put(const char *name, const char *secret, mode_t mode)
{
    char path[200], text[THENAR_KEY_TEXT_BYTES];
    struct thenar_curve_key pair = {PUBLIC, ""};
    (void)snprintf(pair.secret_z85, sizeof pair.secret_z85, "%s", secret);
    thenar_curve_key_encode(&pair, text);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int set_up(void **state)
{
    (void)state;
    char path[200];
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/hosts", folder);
    if (mkdir(path, 0700) != 0)
        return -1;
    (void)snprintf(path, sizeof path, "%s/allowed", folder);
    return mkdir(path, 0700);
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"own.key_secret",
                                        "hosts/10.0.0.2.key",
                                        "hosts/::1.key",
                                        "allowed/gateway.key",
                                        "allowed/broken.key",
                                        "hosts",
                                        "allowed",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[200];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)remove(path);
    }
    return 0;
}

static void test_the_own_pair_is_for_its_owner_alone(void **state)
{
    (void)state;
    assert_int_equal(thenar_key_folder_own(folder, &key, &error), THENAR_ERR_ABSENT);
    assert_non_null(strstr(error.text, "'thenar keys make' makes one"));
    put("own.key_secret", SECRET, 0644);
    assert_int_equal(thenar_key_folder_own(folder, &key, &error), THENAR_ERR_DENIED);
    assert_non_null(strstr(error.text, "chmod 600"));
    put("own.key_secret", "", 0600);
    assert_int_equal(thenar_key_folder_own(folder, &key, &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "own.key_secret: it has no secret-key"));
    put("own.key_secret", SECRET, 0600);
    assert_int_equal(thenar_key_folder_own(folder, &key, &error), THENAR_OK);
    assert_string_equal(key.secret_z85, SECRET);
}

static void test_hosts_are_found_by_name_and_lead_nowhere_else(void **state)
{
    (void)state;
    put("hosts/10.0.0.2.key", "", 0644);
    put("hosts/::1.key", "", 0644);
    assert_int_equal(thenar_key_folder_host(folder, "10.0.0.2", &key, &error), THENAR_OK);
    assert_int_equal(thenar_key_folder_host(folder, "::1", &key, &error), THENAR_OK);
    assert_int_equal(thenar_key_folder_host(folder, "10.0.0.3", &key, &error), THENAR_ERR_ABSENT);
    assert_int_equal(thenar_key_folder_host(folder, "../allowed/gateway", &key, &error),
                     THENAR_ERR_VALUE);
}

static void test_viewers_are_let_in_by_key(void **state)
{
    (void)state;
    char name[THENAR_KEY_NAME_BYTES] = "";
    assert_false(thenar_key_folder_allows(folder, PUBLIC, name));
    put("allowed/gateway.key", "", 0644);
    char path[200];
    (void)snprintf(path, sizeof path, "%s/allowed/broken.key", folder);
    FILE *file = fopen(path, "w"); /* one bad file locks nobody out */
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_true(thenar_key_folder_allows(folder, PUBLIC, name));
    assert_string_equal(name, "gateway");
    assert_false(thenar_key_folder_allows(folder, SECRET, name));
}

static void test_hosts_of_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address, *host;
        bool is_loopback;
    } cases[] = {{"tcp://127.0.0.1:9872", "127.0.0.1", true},
                 {"tcp://localhost:1", "localhost", true},
                 {"tcp://[::1]:9872", "::1", true},
                 {"tcp://[fe80::1]:9872", "fe80::1", false},
                 {"tcp://table-3.local:9872", "table-3.local", false},
                 {"tcp://127.evil:1", "127.evil", false},
                 {"tcp://*:1", "*", false}};
    char host[THENAR_HOST_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(thenar_address_host(cases[i].address, host));
        assert_string_equal(host, cases[i].host);
        assert_int_equal(thenar_host_is_loopback(host), cases[i].is_loopback);
    }
    assert_false(thenar_address_host("ipc:///tmp/x", host));
    assert_false(thenar_address_host("tcp://", host));
    assert_false(thenar_address_host("tcp://:5", host));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_own_pair_is_for_its_owner_alone),
        cmocka_unit_test(test_hosts_are_found_by_name_and_lead_nowhere_else),
        cmocka_unit_test(test_viewers_are_let_in_by_key),
        cmocka_unit_test(test_hosts_of_addresses),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

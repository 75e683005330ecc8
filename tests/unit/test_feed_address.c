/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

#include "publish/feed_address.h"

static struct thenar_error error;

static void test_only_this_machine(void **state)
{
    (void)state;
    static const char *const good[] = {
        "tcp://127.0.0.1:9872", "tcp://127.3.2.1:1", "tcp://[::1]:5", "tcp://localhost:9872",
        "tcp://127.0.0.1:*",    "ipc:///tmp/x",      "ipc://@x"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(feed_address_check("feed", good[i], &error), THENAR_OK);
        assert_false(feed_address_is_reached(good[i]));
    }
    static const char *const foreign[] = {"tcp://0.0.0.0:9872",
                                          "tcp://*:9872",
                                          "tcp://eth0:9872",
                                          "tcp://192.168.1.2:1",
                                          "tcp://127.0.0.1.example.org:1",
                                          "tcp://[::]:1",
                                          "tcp://127.evil:1"};
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_PUB);
    char bound[256];
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        assert_int_equal(feed_address_check("feed", foreign[i], &error), THENAR_OK);
        assert_true(feed_address_is_reached(foreign[i]));
        assert_int_equal(feed_address_bind(socket, "feed", &(struct feed_place){foreign[i], NULL},
                                           bound, sizeof bound, &error),
                         THENAR_ERR_VALUE);
        assert_non_null(strstr(error.text, "needs keys"));
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    static const char *const wrong[] = {"",       "tcp://",       "tcp://127.0.0.1",
                                        "ipc://", "inproc://x",   "tcp://127.0.0.1:http",
                                        "9872",   "pgm://eth0:5", "tcp://127.0.0.1:70000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(feed_address_check("feed", wrong[i], &error), THENAR_ERR_SYNTAX);
    char longer[200] = "ipc://";
    memset(longer + 6, 'x', 150);
    longer[156] = '\0';
    assert_int_equal(feed_address_check("feed", longer, &error), THENAR_ERR_SYNTAX);
    assert_non_null(strstr(error.text, "107 characters"));
}

static void test_a_living_socket_is_not_taken_over_and_a_stale_one_is(void **state)
{
    (void)state;
    char folder[] = "/tmp/thenar-address-XXXXXX", address[64], bound[256];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(address, sizeof address, "ipc://%s/feed", folder);
    void *context = zmq_ctx_new();
    void *first = zmq_socket(context, ZMQ_PUB), *second = zmq_socket(context, ZMQ_PUB);
    assert_int_equal(feed_address_bind(first, "feed", &(struct feed_place){address, NULL}, bound,
                                       sizeof bound, &error),
                     THENAR_OK);
    assert_string_equal(bound, address);
    assert_int_equal(feed_address_bind(second, "feed", &(struct feed_place){address, NULL}, bound,
                                       sizeof bound, &error),
                     THENAR_ERR_BUSY);
    assert_non_null(strstr(error.text, "is thenard running already?"));
    zmq_close(first);
    zmq_close(second);
    zmq_ctx_term(context);
    assert_int_equal(access(address + 6, F_OK), 0); /* as a killed program leaves it */
    context = zmq_ctx_new();
    first = zmq_socket(context, ZMQ_PUB);
    assert_int_equal(feed_address_bind(first, "feed", &(struct feed_place){address, NULL}, bound,
                                       sizeof bound, &error),
                     THENAR_OK);
    feed_address_remove(bound);
    assert_int_equal(access(address + 6, F_OK), -1);
    zmq_close(first);
    zmq_ctx_term(context);
    assert_int_equal(rmdir(folder), 0);
}

static void test_a_taken_port_is_said(void **state)
{
    (void)state;
    char bound[256], other[256];
    void *context = zmq_ctx_new();
    void *first = zmq_socket(context, ZMQ_PUB), *second = zmq_socket(context, ZMQ_PUB);
    assert_int_equal(feed_address_bind(first, "feed",
                                       &(struct feed_place){"tcp://localhost:*", NULL}, bound,
                                       sizeof bound, &error),
                     THENAR_OK);
    assert_int_equal(feed_address_bind(second, "control", &(struct feed_place){bound, NULL}, other,
                                       sizeof other, &error),
                     THENAR_ERR_BUSY);
    assert_non_null(strstr(error.text, "Address already in use; is thenard running already?"));
    zmq_close(first);
    zmq_close(second);
    zmq_ctx_term(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_this_machine),
        cmocka_unit_test(test_a_living_socket_is_not_taken_over_and_a_stale_one_is),
        cmocka_unit_test(test_a_taken_port_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether somebody listens is known at once, and what a file says cannot steer a terminal. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon_probe.h"
#include "session_command.h"

enum { PATIENCE_MS = 5000 };

static void a_port_is_served_or_not(void **state)
{
    (void)state;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n_at = sizeof at;
    char address[64];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n_at), 0);
    (void)snprintf(address, sizeof address, "tcp://127.0.0.1:%u", ntohs(at.sin_port));
    assert_false(daemon_probe(address, PATIENCE_MS)); /* bound, but nobody listens */
    assert_int_equal(listen(fd, 1), 0);
    assert_true(daemon_probe(address, PATIENCE_MS));
    (void)close(fd);
    assert_false(daemon_probe(address, PATIENCE_MS));
}

static void a_socket_file_is_served_or_not(void **state)
{
    (void)state;
    char folder[] = "/tmp/thenar-probe-XXXXXX", address[128];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    assert_non_null(mkdtemp(folder));
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/control", folder);
    (void)snprintf(address, sizeof address, "ipc://%.100s", at.sun_path);
    assert_false(daemon_probe(address, PATIENCE_MS));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_true(daemon_probe(address, PATIENCE_MS));
    (void)close(fd); /* what a crash leaves: the file, and nobody behind it */
    assert_false(daemon_probe(address, PATIENCE_MS));
    assert_int_equal(unlink(at.sun_path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void what_is_no_address_has_nobody(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "ipc://", "tcp://", "tcp://127.0.0.1", "inproc://x", "nonsense", "tcp://127.0.0.1:x"};
    char address[256] = "ipc://";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(daemon_probe(texts[i], PATIENCE_MS));
    memset(address + 6, 'a', sizeof address - 7); /* longer than a socket's path */
    assert_false(daemon_probe(address, PATIENCE_MS));
}

static void texts_are_made_plain(void **state)
{
    (void)state;
    char steering[] = "a\x1b[2J\nb\x7f\xc2\x9b"
                      "c\xe2\x80\xae"
                      "d",
         fine[] = "\xc3\xa4 \xf0\x9f\xa4\xb2 \xe2\x80\x8d";
    char whole[4] = {'x', '\x01', 'y', '\xe2'}; /* no zero, and cut within a character */
    session_plain(steering, sizeof steering);
    assert_string_equal(steering, "a [2J b   c   d");
    session_plain(fine, sizeof fine);
    assert_string_equal(fine, "\xc3\xa4 \xf0\x9f\xa4\xb2 \xe2\x80\x8d");
    session_plain(whole, sizeof whole);
    assert_memory_equal(whole, "x y\xe2", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_is_served_or_not),
        cmocka_unit_test(a_socket_file_is_served_or_not),
        cmocka_unit_test(what_is_no_address_has_nobody),
        cmocka_unit_test(texts_are_made_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

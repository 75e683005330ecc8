/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/frame.h"
#include "link/report.h"

struct fake_link fake_link;
struct source *fake_link_source;
static struct thenar_error error;

/* ---- the transport, host side ---- */

static enum thenar_status open_fake(struct transport *transport, struct thenar_error *why)
{
    (void)transport;
    int fds[2];
    if (fake_link.is_gone)
        return thenar_fail(why, THENAR_ERR_ABSENT, "fake: not plugged in");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    fake_link.host_fd = fds[0];
    fake_link.device_fd = fds[1];
    fake_link.n_opened++;
    thenar_stream_init(&fake_link.stream);
    return THENAR_OK;
}

static size_t fake_fds(const struct transport *transport, struct pollfd *fds)
{
    (void)transport;
    fds[0] = (struct pollfd){.fd = fake_link.host_fd, .events = POLLIN};
    return fake_link.host_fd >= 0 ? 1 : 0;
}

static enum thenar_status read_fake(struct transport *transport, uint8_t *bytes, size_t n_space,
                                    size_t *n_read, struct thenar_error *why)
{
    (void)transport;
    ssize_t n = read(fake_link.host_fd, bytes, n_space);
    if (n < 0)
        return THENAR_PENDING;
    *n_read = (size_t)n;
    return n > 0 ? THENAR_OK : thenar_fail(why, THENAR_END, "fake: unplugged");
}

static enum thenar_status write_fake(struct transport *transport, const uint8_t *bytes,
                                     size_t n_bytes, struct thenar_error *why)
{
    (void)transport;
    if (send(fake_link.host_fd, bytes, n_bytes, MSG_NOSIGNAL) == (ssize_t)n_bytes)
        return THENAR_OK;
    return thenar_fail(why, THENAR_ERR_OS, "fake: takes nothing");
}

static void close_fake(struct transport *transport)
{
    (void)transport;
    if (fake_link.host_fd >= 0)
        close(fake_link.host_fd);
    if (fake_link.device_fd >= 0)
        close(fake_link.device_fd);
    fake_link.host_fd = fake_link.device_fd = -1;
}

static void destroy_fake(struct transport *transport)
{
    close_fake(transport);
    fake_link.is_destroyed = true;
}

/* ---- what the device says ---- */

void fake_link_send_octets(const void *octets, size_t n)
{
    assert_int_equal(write(fake_link.device_fd, octets, n), (ssize_t)n);
}

void fake_link_send_message(uint8_t type, uint8_t *message, size_t n_body)
{
    uint8_t wire[THENAR_ENCODED_BYTES];
    size_t n_wire;
    assert_int_equal(thenar_stream_wrap(type, message, n_body, wire, sizeof wire, &n_wire),
                     THENAR_OK);
    fake_link_send_octets(wire, n_wire);
}

void fake_link_send_reply(uint16_t request, uint8_t code, uint8_t result, uint32_t value)
{
    uint8_t message[256];
    size_t n_body;
    struct thenar_reply reply = {
        .request = request, .code = code, .result = result, .value = value};
    assert_int_equal(thenar_reply_encode(&reply, message + 1, 200, &n_body), THENAR_OK);
    fake_link_send_message(THENAR_MESSAGE_REPLY, message, n_body);
}

void fake_link_send_hello(void)
{
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    assert_int_equal(
        thenar_hello_encode(&fake_link.hello, message + 1, sizeof message - 5, &n_body), THENAR_OK);
    fake_link_send_message(THENAR_MESSAGE_HELLO, message, n_body);
}

void fake_link_send_page(void)
{
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    struct thenar_taxel_page page = {.n_taxels = N_TAXELS};
    for (int i = 0; i < N_TAXELS; i++)
        page.taxels[i] = (struct thenar_taxel){
            .x_um = i * 1000, .y_um = -i * 500, .sensing_um2 = 4000000, .gain_q14 = 8192};
    assert_int_equal(thenar_taxels_encode(&page, message + 1, sizeof message - 5, &n_body),
                     THENAR_OK);
    fake_link_send_message(THENAR_MESSAGE_TAXELS, message, n_body);
}

size_t fake_link_wrap_frame(uint32_t sequence, uint8_t *wire, size_t n_space)
{
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body, n_wire;
    uint16_t counts[N_TAXELS];
    for (int i = 0; i < N_TAXELS; i++)
        counts[i] = (uint16_t)(sequence + (uint32_t)i * 100);
    struct thenar_frame frame = {
        .sequence = sequence, .ticks = 1000 + (uint64_t)sequence * 5000, .n_dropped = 2};
    assert_int_equal(
        thenar_frame_encode(&frame, counts, N_TAXELS, 0, message + 1, sizeof message - 5, &n_body),
        THENAR_OK);
    assert_int_equal(
        thenar_stream_wrap(THENAR_MESSAGE_FRAME, message, n_body, wire, n_space, &n_wire),
        THENAR_OK);
    return n_wire;
}

void fake_link_send_frame(uint32_t sequence)
{
    uint8_t wire[THENAR_ENCODED_BYTES];
    fake_link_send_octets(wire, fake_link_wrap_frame(sequence, wire, sizeof wire));
}

void fake_link_send_health(bool is_streaming)
{
    uint8_t message[128];
    size_t n_body;
    struct thenar_health health = {.streaming = is_streaming, .rate_mhz = 200000};
    assert_int_equal(thenar_health_encode(&health, message + 1, 120, &n_body), THENAR_OK);
    fake_link_send_message(THENAR_MESSAGE_STATUS, message, n_body);
}

/* ---- driving ---- */

/* Let the host work; PENDING when nothing happens within `timeout_ms`. */
enum source_event_kind fake_link_next_event(struct source_event *event, int timeout_ms)
{
    assert_int_equal(source_next(fake_link_source, -1, timeout_ms, event), THENAR_OK);
    return event->kind;
}

void fake_link_expect_quiet(int timeout_ms)
{
    struct source_event event;
    assert_int_equal(source_next(fake_link_source, -1, timeout_ms, &event), THENAR_PENDING);
}

/* The next command that the host sent, helping it to send. */
struct thenar_command fake_link_take_command(void)
{
    uint8_t octets[256];
    size_t n_used;
    struct thenar_message message;
    struct thenar_command command = {0};
    ssize_t n = read(fake_link.device_fd, octets, sizeof octets);
    if (n < 0) {
        fake_link_expect_quiet(0);
        n = read(fake_link.device_fd, octets, sizeof octets);
    }
    assert_true(n > 0);
    for (size_t at = 0; at < (size_t)n; at += n_used) {
        if (thenar_stream_next(&fake_link.stream, octets + at, (size_t)n - at, &n_used, &message) !=
            THENAR_OK)
            continue;
        assert_int_equal(message.type, THENAR_MESSAGE_COMMAND);
        assert_int_equal(thenar_command_decode(message.body, message.n_body, &command), THENAR_OK);
        return command;
    }
    fail_msg("no whole command came");
    return command;
}

void fake_link_expect_command(uint8_t code, uint16_t *request)
{
    struct thenar_command command = fake_link_take_command();
    assert_int_equal(command.code, code);
    assert_true(command.request != 0);
    *request = command.request;
}

/* As far as DESCRIBED, which is handed out. */
void fake_link_describe(struct source_event *event)
{
    uint16_t request;
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    fake_link_send_hello();
    if (fake_link.hello.has_taxel_pages)
        fake_link_send_page();
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    if (fake_link_next_event(event, SOON_MS) == SOURCE_RETURNED)
        (void)fake_link_next_event(event, SOON_MS);
    assert_int_equal(event->kind, SOURCE_DESCRIBED);
}

void fake_link_start(void)
{
    struct source_event event;
    uint16_t request;
    fake_link_expect_quiet(0);
    fake_link_describe(&event);
    fake_link_expect_command(THENAR_COMMAND_START, &request);
    fake_link_send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
}

int fake_link_set_up(void **state)
{
    (void)state;
    memset(&fake_link, 0, sizeof fake_link);
    fake_link.transport = (struct transport){.open = open_fake,
                                             .fds = fake_fds,
                                             .read = read_fake,
                                             .write = write_fake,
                                             .close = close_fake,
                                             .destroy = destroy_fake};
    fake_link.host_fd = fake_link.device_fd = -1;
    struct thenar_hello *hello = &fake_link.hello;
    *hello = (struct thenar_hello){.version_major = THENAR_LINK_VERSION_MAJOR,
                                   .mount = THENAR_MOUNT_PAD,
                                   .adc_bits = 12,
                                   .n_rows = N_ROWS,
                                   .n_cols = N_COLS,
                                   .tick_hz = 1000000,
                                   .rate_mhz = 200000,
                                   .rate_min_mhz = 10000,
                                   .rate_max_mhz = 400000,
                                   .pitch_x_um = 15000,
                                   .pitch_y_um = 12000,
                                   .sensing_um2 = 50000000,
                                   .reference_ohm = 10000,
                                   .model = "fake",
                                   .serial = "F-1",
                                   .firmware = "t"};
    memset(hello->exists, 0xff, sizeof hello->exists);
    hello->exists[0] = 0xfe; /* taxel 0 is not there */
    const struct link_source_times times = {
        .reply_ms = 30, .silence_ms = 60, .reopen_ms = 5, .reopen_max_ms = 10};
    return link_source_create(&fake_link_source, &fake_link.transport, &times, &error) == THENAR_OK
               ? 0
               : -1;
}

int fake_link_tear_down(void **state)
{
    (void)state;
    source_close(fake_link_source);
    assert_true(fake_link.is_destroyed);
    return 0;
}

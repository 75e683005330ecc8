/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of the device link, against a device that follows a script over a socket pair. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/command.h"
#include "link/frame.h"
#include "link/hello.h"
#include "link/report.h"
#include "link/stream.h"
#include "source/link_source.h"

enum { N_ROWS = 4, N_COLS = 5, N_TAXELS = N_ROWS * N_COLS };

/* The other end of the socket pair. */
struct fake {
    struct transport transport;
    int host_fd, device_fd;
    unsigned n_opened;
    bool is_gone; /* open fails */
    bool is_destroyed;
    struct thenar_stream stream;
    struct thenar_hello hello;
};

static struct fake fake;
static struct source *source;
static struct thenar_error error;

/* ---- the transport, host side ---- */

static enum thenar_status open_fake(struct transport *transport, struct thenar_error *why)
{
    (void)transport;
    int fds[2];
    if (fake.is_gone)
        return thenar_fail(why, THENAR_ERR_ABSENT, "fake: not plugged in");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    fake.host_fd = fds[0];
    fake.device_fd = fds[1];
    fake.n_opened++;
    thenar_stream_init(&fake.stream);
    return THENAR_OK;
}

static size_t fake_fds(const struct transport *transport, struct pollfd *fds)
{
    (void)transport;
    fds[0] = (struct pollfd){.fd = fake.host_fd, .events = POLLIN};
    return fake.host_fd >= 0 ? 1 : 0;
}

static enum thenar_status read_fake(struct transport *transport, uint8_t *bytes, size_t n_space,
                                    size_t *n_read, struct thenar_error *why)
{
    (void)transport;
    ssize_t n = read(fake.host_fd, bytes, n_space);
    if (n < 0)
        return THENAR_PENDING;
    *n_read = (size_t)n;
    return n > 0 ? THENAR_OK : thenar_fail(why, THENAR_END, "fake: unplugged");
}

static enum thenar_status write_fake(struct transport *transport, const uint8_t *bytes,
                                     size_t n_bytes, struct thenar_error *why)
{
    (void)transport;
    if (send(fake.host_fd, bytes, n_bytes, MSG_NOSIGNAL) == (ssize_t)n_bytes)
        return THENAR_OK;
    return thenar_fail(why, THENAR_ERR_OS, "fake: takes nothing");
}

static void close_fake(struct transport *transport)
{
    (void)transport;
    if (fake.host_fd >= 0)
        close(fake.host_fd);
    if (fake.device_fd >= 0)
        close(fake.device_fd);
    fake.host_fd = fake.device_fd = -1;
}

static void destroy_fake(struct transport *transport)
{
    close_fake(transport);
    fake.is_destroyed = true;
}

/* ---- what the device says ---- */

static void send_octets(const void *octets, size_t n)
{
    assert_int_equal(write(fake.device_fd, octets, n), (ssize_t)n);
}

static void send_message(uint8_t type, uint8_t *message, size_t n_body)
{
    uint8_t wire[THENAR_ENCODED_BYTES];
    size_t n_wire;
    assert_int_equal(thenar_stream_wrap(type, message, n_body, wire, sizeof wire, &n_wire),
                     THENAR_OK);
    send_octets(wire, n_wire);
}

static void send_reply(uint16_t request, uint8_t code, uint8_t result, uint32_t value)
{
    uint8_t message[256];
    size_t n_body;
    struct thenar_reply reply = {
        .request = request, .code = code, .result = result, .value = value};
    assert_int_equal(thenar_reply_encode(&reply, message + 1, 200, &n_body), THENAR_OK);
    send_message(THENAR_MESSAGE_REPLY, message, n_body);
}

static void send_hello(void)
{
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    assert_int_equal(thenar_hello_encode(&fake.hello, message + 1, sizeof message - 5, &n_body),
                     THENAR_OK);
    send_message(THENAR_MESSAGE_HELLO, message, n_body);
}

static void send_page(void)
{
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    struct thenar_taxel_page page = {.n_taxels = N_TAXELS};
    for (int i = 0; i < N_TAXELS; i++)
        page.taxels[i] = (struct thenar_taxel){
            .x_um = i * 1000, .y_um = -i * 500, .sensing_um2 = 4000000, .gain_q14 = 8192};
    assert_int_equal(thenar_taxels_encode(&page, message + 1, sizeof message - 5, &n_body),
                     THENAR_OK);
    send_message(THENAR_MESSAGE_TAXELS, message, n_body);
}

static size_t wrap_frame(uint32_t sequence, uint8_t *wire, size_t n_space)
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

static void send_frame(uint32_t sequence)
{
    uint8_t wire[THENAR_ENCODED_BYTES];
    send_octets(wire, wrap_frame(sequence, wire, sizeof wire));
}

static void send_health(bool is_streaming)
{
    uint8_t message[128];
    size_t n_body;
    struct thenar_health health = {.streaming = is_streaming, .rate_mhz = 200000};
    assert_int_equal(thenar_health_encode(&health, message + 1, 120, &n_body), THENAR_OK);
    send_message(THENAR_MESSAGE_STATUS, message, n_body);
}

/* ---- driving ---- */

/* What must come does, well before this; a busy machine may take its time. */
enum { SOON_MS = 2000 };

/* Let the host work; PENDING when nothing happens within `timeout_ms`. */
static enum source_event_kind next_event(struct source_event *event, int timeout_ms)
{
    assert_int_equal(source_next(source, -1, timeout_ms, event), THENAR_OK);
    return event->kind;
}

static void expect_quiet(int timeout_ms)
{
    struct source_event event;
    assert_int_equal(source_next(source, -1, timeout_ms, &event), THENAR_PENDING);
}

/* The next command that the host sent, helping it to send. */
static struct thenar_command take_command(void)
{
    uint8_t octets[256];
    size_t n_used;
    struct thenar_message message;
    struct thenar_command command = {0};
    ssize_t n = read(fake.device_fd, octets, sizeof octets);
    if (n < 0) {
        expect_quiet(0);
        n = read(fake.device_fd, octets, sizeof octets);
    }
    assert_true(n > 0);
    for (size_t at = 0; at < (size_t)n; at += n_used) {
        if (thenar_stream_next(&fake.stream, octets + at, (size_t)n - at, &n_used, &message) !=
            THENAR_OK)
            continue;
        assert_int_equal(message.type, THENAR_MESSAGE_COMMAND);
        assert_int_equal(thenar_command_decode(message.body, message.n_body, &command), THENAR_OK);
        return command;
    }
    fail_msg("no whole command came");
    return command;
}

static void expect_command(uint8_t code, uint16_t *request)
{
    struct thenar_command command = take_command();
    assert_int_equal(command.code, code);
    assert_true(command.request != 0);
    *request = command.request;
}

/* As far as DESCRIBED, which is handed out. */
static void describe(struct source_event *event)
{
    uint16_t request;
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    send_hello();
    if (fake.hello.has_taxel_pages)
        send_page();
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    if (next_event(event, SOON_MS) == SOURCE_RETURNED)
        (void)next_event(event, SOON_MS);
    assert_int_equal(event->kind, SOURCE_DESCRIBED);
}

static void start(void)
{
    struct source_event event;
    uint16_t request;
    expect_quiet(0);
    describe(&event);
    expect_command(THENAR_COMMAND_START, &request);
    send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    expect_quiet(0);
}

static int set_up(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.transport = (struct transport){.open = open_fake,
                                        .fds = fake_fds,
                                        .read = read_fake,
                                        .write = write_fake,
                                        .close = close_fake,
                                        .destroy = destroy_fake};
    fake.host_fd = fake.device_fd = -1;
    struct thenar_hello *hello = &fake.hello;
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
    return link_source_create(&source, &fake.transport, &times, &error) == THENAR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    source_close(source);
    assert_true(fake.is_destroyed);
    return 0;
}

/* ---- the tests ---- */

static void test_handshake_then_frames(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake.hello.has_taxel_pages = true;
    expect_quiet(0);
    describe(&event);
    const struct source_description *description = event.description;
    assert_string_equal(description->model, "fake");
    assert_string_equal(description->serial, "F-1");
    const struct array_layout *layout = &description->layout;
    assert_int_equal(layout->n_rows, N_ROWS);
    assert_int_equal(layout->n_cols, N_COLS);
    assert_float_equal(layout->pitch_y_mm, 12.0F, 1e-6F);
    assert_float_equal(layout->rate_hz, 200.0F, 1e-4F);
    assert_false(layout->exists[0]);
    assert_true(layout->exists[1]);
    assert_float_equal(layout->x_mm[7], 7.0F, 1e-6F);
    assert_float_equal(layout->y_mm[7], -3.5F, 1e-6F);
    assert_float_equal(layout->sensing_mm2[7], 4.0F, 1e-6F);
    assert_float_equal(layout->gain[7], 0.5F, 1e-6F);
    assert_float_equal(layout->sensor.full_scale_counts, 4095.0F, 0.0F);
    expect_command(THENAR_COMMAND_START, &request);
    send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    for (uint32_t i = 0; i < 20; i++) {
        struct moment before = moment_now();
        send_frame(i);
        assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
        assert_int_equal(event.frame.sequence, i);
        assert_int_equal(event.frame.n_dropped, 2);
        assert_true(event.frame.device_s > 0.000999 + i * 0.005 &&
                    event.frame.device_s < 0.001001 + i * 0.005);
        assert_null(event.frame.samples);
        for (uint32_t k = 0; k < N_TAXELS; k++)
            assert_int_equal(event.frame.counts[k], i + k * 100);
        assert_true(event.arrival.monotonic_ns >= before.monotonic_ns);
    }
    assert_int_equal(source->damage.n_bad_messages, 0);
}

static void test_a_streaming_device_is_joined_in_the_middle(void **state)
{
    (void)state;
    uint8_t wire[THENAR_ENCODED_BYTES];
    struct source_event event;
    uint16_t request;
    expect_quiet(0);
    size_t n = wrap_frame(7, wire, sizeof wire);
    send_octets(wire + n / 2, n - n / 2); /* the end of one, then whole ones */
    send_frame(8);
    send_frame(9);
    expect_quiet(5);
    describe(&event);
    expect_command(THENAR_COMMAND_START, &request);
    send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    send_frame(0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 0);
    assert_int_equal(source->damage.n_bad_messages, 0); /* joining is no damage */
}

static void test_damage_is_counted_and_passed_over(void **state)
{
    (void)state;
    uint8_t wire[THENAR_ENCODED_BYTES];
    struct source_event event;
    start();
    send_frame(0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    for (uint32_t i = 1; i < 40; i++) {
        size_t n = wrap_frame(i, wire, sizeof wire);
        wire[n / 2] ^= 0x10;
        if (wire[n / 2] == 0)
            wire[n / 2] = 0x55;
        send_octets(wire, n);
        expect_quiet(0);
    }
    send_frame(40);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 40);
    assert_true(source->damage.n_bad_messages >= 39);
    assert_true(source->damage.n_skipped_bytes > 0);
}

static void test_octets_one_by_one(void **state)
{
    (void)state;
    uint8_t wire[THENAR_ENCODED_BYTES];
    struct source_event event;
    start();
    size_t n = wrap_frame(5, wire, sizeof wire);
    for (size_t i = 0; i + 1 < n; i++) {
        send_octets(wire + i, 1);
        expect_quiet(0);
    }
    send_octets(wire + n - 1, 1);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 5);
}

static void test_two_frames_in_one_read(void **state)
{
    (void)state;
    struct source_event event;
    start();
    send_frame(1);
    send_frame(2);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 1);
    assert_int_equal(next_event(&event, 0), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 2);
}

static void test_another_version_is_refused_with_the_cure(void **state)
{
    (void)state;
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    struct source_event event;
    uint16_t request;
    expect_quiet(0);
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    assert_int_equal(thenar_hello_encode(&fake.hello, message + 1, sizeof message - 5, &n_body),
                     THENAR_OK);
    message[1] = 9; /* version_major is the first octet */
    send_message(THENAR_MESSAGE_HELLO, message, n_body);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_string_equal(
        event.reason, "the device speaks version 9 of the device link and this thenard version 1; "
                      "update the older of the two");
}

static void test_a_silent_device_is_asked_three_times_then_said(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request, first;
    expect_quiet(0);
    expect_command(THENAR_COMMAND_STOP, &first);
    expect_quiet(35);
    expect_command(THENAR_COMMAND_STOP, &request);
    assert_int_equal(request, first + 1);
    expect_quiet(35);
    expect_command(THENAR_COMMAND_STOP, &request);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "no answer to 3 requests"));
    expect_quiet(15); /* opened again; the same reason is not said again */
    assert_int_equal(fake.n_opened, 2);
}

static void test_an_answer_to_an_earlier_repetition_is_as_good(void **state)
{
    (void)state;
    uint16_t first, second, request;
    expect_quiet(0);
    expect_command(THENAR_COMMAND_STOP, &first);
    expect_quiet(35);
    expect_command(THENAR_COMMAND_STOP, &second);
    send_reply(first, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
}

static void test_replies_that_were_not_asked_for_change_nothing(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    expect_quiet(0);
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply((uint16_t)(request + 1), THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    send_reply((uint16_t)(request - 1), THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0); /* another command */
    expect_quiet(5);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0); /* before HELLO came */
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request); /* asked again at once */
    send_hello();
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_DESCRIBED);
}

static void test_a_missing_page_is_asked_for_again(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake.hello.has_taxel_pages = true;
    expect_quiet(0);
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    send_hello();
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    send_hello();
    send_page();
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_DESCRIBED);
}

static void test_a_frame_stands_for_a_lost_reply_to_start(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    expect_quiet(0);
    describe(&event);
    expect_command(THENAR_COMMAND_START, &request);
    send_frame(0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    expect_quiet(35); /* START is not repeated */
    uint8_t octet;
    assert_int_equal(read(fake.device_fd, &octet, 1), -1);
}

static void expect_new_handshake(const char *reason)
{
    struct source_event event;
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    if (!strstr(event.reason, reason))
        fail_msg("\"%s\" lacks \"%s\"", event.reason, reason);
    describe(&event);
    assert_int_equal(fake.n_opened, 1);
    uint16_t request;
    expect_command(THENAR_COMMAND_START, &request);
    send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    send_frame(0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
}

static void test_a_device_that_starts_anew_is_described_anew(void **state)
{
    (void)state;
    start();
    send_hello(); /* nobody asked: it was reset */
    expect_new_handshake("the device started anew");
}

static void test_a_device_that_stopped_is_started_again(void **state)
{
    (void)state;
    struct source_event event;
    start();
    send_health(true);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_HEALTH);
    send_health(false);
    expect_new_handshake("stopped streaming");
}

static void test_frames_of_another_size_lead_to_a_new_description(void **state)
{
    (void)state;
    uint8_t message[THENAR_MESSAGE_BYTES];
    uint16_t counts[9] = {0};
    size_t n_body;
    struct thenar_frame frame = {.sequence = 3};
    start();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(thenar_frame_encode(&frame, counts, 9, 0, message + 1, 1000, &n_body),
                         THENAR_OK);
        send_message(THENAR_MESSAGE_FRAME, message, n_body);
    }
    expect_new_handshake("do not fit the array");
    assert_int_equal(source->damage.n_bad_messages, 20);
}

static void send_aux(uint8_t id, uint8_t n_values, uint64_t ticks)
{
    uint8_t message[128];
    size_t n_body;
    struct thenar_aux_sample sample = {
        .ticks = ticks, .id = id, .n_values = n_values, .values = {-7, 8, 9}};
    assert_int_equal(thenar_aux_encode(&sample, message + 1, sizeof message - 5, &n_body),
                     THENAR_OK);
    send_message(THENAR_MESSAGE_AUX, message, n_body);
}

/* LINK.md, 3.7: what HELLO did not announce is dropped, and is no damage. */
static void test_only_announced_channels_come_through(void **state)
{
    (void)state;
    struct source_event event;
    fake.hello.n_aux = 1;
    fake.hello.aux[0] = (struct thenar_aux_channel){
        .id = 5, .kind = THENAR_AUX_ACCELERATION, .n_values = 3, .rate_mhz = 1, .scale_nano = 1};
    start();
    send_aux(5, 3, 2 * (uint64_t)fake.hello.tick_hz + fake.hello.tick_hz / 2);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_AUX);
    assert_int_equal(event.aux.sample.id, 5);
    assert_int_equal(event.aux.sample.values[0], -7);
    assert_true(event.aux.device_s == 2.5);
    send_aux(6, 3, 0);
    send_aux(5, 2, 0);
    expect_quiet(20);
    assert_int_equal(source->damage.n_bad_messages, 0);
    send_frame(1);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
}

static void test_silence_while_streaming_is_a_loss(void **state)
{
    (void)state;
    struct source_event event;
    start();
    send_frame(0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(next_event(&event, 200), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "nothing received for 0.1 s"));
    expect_quiet(15);
    assert_int_equal(fake.n_opened, 2);
    describe(&event); /* with RETURNED before it */
}

static void test_unplugged_and_back(void **state)
{
    (void)state;
    struct source_event event;
    start();
    fake.is_gone = true;
    close(fake.device_fd);
    fake.device_fd = -1;
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_string_equal(event.reason, "fake: unplugged");
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST); /* another reason, said once */
    assert_string_equal(event.reason, "fake: not plugged in");
    expect_quiet(50);
    fake.is_gone = false;
    expect_quiet(15);
    uint16_t request;
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    send_hello();
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_RETURNED);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_DESCRIBED);
}

static void test_a_device_that_was_never_there_begins_with_lost(void **state)
{
    (void)state;
    struct source_event event;
    fake.is_gone = true;
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_string_equal(event.reason, "fake: not plugged in");
}

static void set_rate(double rate_hz, uint8_t result, uint32_t value)
{
    uint16_t request;
    struct source_command command = {SOURCE_SET_RATE, 77, rate_hz};
    assert_int_equal(source_command(source, &command), THENAR_OK);
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    struct thenar_command sent = take_command();
    assert_int_equal(sent.code, THENAR_COMMAND_RATE);
    assert_int_equal(sent.argument, (uint32_t)(rate_hz * 1000));
    send_reply(sent.request, THENAR_COMMAND_RATE, result, value);
}

static void test_a_rate_is_set_and_the_device_described_again(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    start();
    set_rate(100, THENAR_REPLY_OK, 100000);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.ticket, 77);
    assert_int_equal(event.answer.status, THENAR_OK);
    assert_float_equal((float)event.answer.value, 100.0F, 1e-4F);
    fake.hello.rate_mhz = 100000;
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
    send_hello();
    send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_DESCRIBED);
    assert_float_equal(event.description->layout.rate_hz, 100.0F, 1e-4F);
}

static void test_a_rate_outside_the_limits_is_answered(void **state)
{
    (void)state;
    struct source_event event;
    start();
    struct source_command command = {SOURCE_SET_RATE, 77, 900}; /* HELLO says 10 to 400 */
    assert_int_equal(source_command(source, &command), THENAR_OK);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.status, THENAR_ERR_VALUE);
    assert_non_null(strstr(event.answer.text, "10 to 400 frames/s"));
    expect_quiet(0); /* and the stream goes on */

    set_rate(399, THENAR_REPLY_RANGE, 200000); /* a device may know better than its HELLO */
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.status, THENAR_ERR_VALUE);
    assert_non_null(strstr(event.answer.text, "nearest is 200 frames/s"));
}

static void test_a_command_to_an_absent_device_is_answered(void **state)
{
    (void)state;
    struct source_event event;
    struct source_command command = {SOURCE_SET_RATE, 5, 100};
    fake.is_gone = true;
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_int_equal(source_command(source, &command), THENAR_OK);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.ticket, 5);
    assert_int_equal(event.answer.status, THENAR_ERR_ABSENT);
}

static void test_a_device_with_another_host_is_busy(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    expect_quiet(0);
    expect_command(THENAR_COMMAND_STOP, &request);
    send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_BUSY, 0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "busy: another program has the device"));
    expect_quiet(20); /* and asks again */
    assert_true(fake.n_opened >= 2);
}

static void give_command(enum source_command_kind kind, uint8_t code, uint16_t *request)
{
    struct source_command command = {kind, 9, 0};
    assert_int_equal(source_command(source, &command), THENAR_OK);
    expect_command(THENAR_COMMAND_STOP, request);
    send_reply(*request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    expect_quiet(0);
    expect_command(code, request);
}

static void test_a_self_test_is_answered_and_frames_go_on(void **state)
{
    (void)state;
    struct source_event event;
    struct thenar_reply reply = {.code = THENAR_COMMAND_SELF_TEST,
                                 .value = 40,
                                 .n_findings = 1,
                                 .findings = {{THENAR_FINDING_OPEN_ROW, 3, 12}}};
    uint8_t message[128];
    size_t n_body;
    start();
    give_command(SOURCE_SELF_TEST, THENAR_COMMAND_SELF_TEST, &reply.request);
    assert_int_equal(thenar_reply_encode(&reply, message + 1, 120, &n_body), THENAR_OK);
    send_message(THENAR_MESSAGE_REPLY, message, n_body);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.ticket, 9);
    assert_int_equal(event.answer.status, THENAR_OK);
    assert_float_equal((float)event.answer.value, 40.0F, 0.0F);
    assert_int_equal(event.answer.n_findings, 1);
    assert_int_equal(event.answer.findings[0].index, 3);
    uint16_t request;
    expect_command(THENAR_COMMAND_DESCRIBE, &request);
}

static void test_a_device_that_went_to_its_boot_loader_is_waited_for(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    start();
    give_command(SOURCE_BOOTLOADER, THENAR_COMMAND_BOOTLOADER, &request);
    fake.is_gone = true;
    send_reply(request, THENAR_COMMAND_BOOTLOADER, THENAR_REPLY_OK, 0);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.status, THENAR_OK);
    assert_int_equal(next_event(&event, SOON_MS), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "boot loader"));
    fake.is_gone = false;
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(test_handshake_then_frames),
        CASE(test_a_streaming_device_is_joined_in_the_middle),
        CASE(test_damage_is_counted_and_passed_over),
        CASE(test_octets_one_by_one),
        CASE(test_two_frames_in_one_read),
        CASE(test_another_version_is_refused_with_the_cure),
        CASE(test_a_silent_device_is_asked_three_times_then_said),
        CASE(test_an_answer_to_an_earlier_repetition_is_as_good),
        CASE(test_replies_that_were_not_asked_for_change_nothing),
        CASE(test_a_missing_page_is_asked_for_again),
        CASE(test_a_frame_stands_for_a_lost_reply_to_start),
        CASE(test_a_device_that_starts_anew_is_described_anew),
        CASE(test_a_device_that_stopped_is_started_again),
        CASE(test_frames_of_another_size_lead_to_a_new_description),
        CASE(test_only_announced_channels_come_through),
        CASE(test_silence_while_streaming_is_a_loss),
        CASE(test_unplugged_and_back),
        CASE(test_a_device_that_was_never_there_begins_with_lost),
        CASE(test_a_rate_is_set_and_the_device_described_again),
        CASE(test_a_rate_outside_the_limits_is_answered),
        CASE(test_a_command_to_an_absent_device_is_answered),
        CASE(test_a_device_with_another_host_is_busy),
        CASE(test_a_self_test_is_answered_and_frames_go_on),
        CASE(test_a_device_that_went_to_its_boot_loader_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

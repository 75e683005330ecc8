/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device as its host sees it: every command of LINK.md, section 4, and what is no command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_port.h"
#include "link/frame.h"
#include "link/hello.h"
#include "link/report.h"
#include "random.h"

static struct device device;
static struct identity identity = {.serial = "TEST-1", .firmware = "test 1.0"};
static uint16_t gains_q14[1024];

static void start_board(const struct board *board)
{
    struct thenar_message message;
    fake_port_init();
    assert_int_equal(device_init(&device, board, &identity), THENAR_OK);
    for (int i = 0; i < 4; i++)
        device_poll(&device);
    assert_true(fake_host_receive(&message)); /* unasked: there was a reset */
    assert_int_equal(message.type, THENAR_MESSAGE_HELLO);
    while (fake_host_receive(&message))
        assert_int_equal(message.type, THENAR_MESSAGE_TAXELS);
}

static int set_up(void **state)
{
    (void)state;
    identity.gain_q14 = NULL;
    start_board(&board_table32);
    return 0;
}

static void check_ok(uint8_t code, uint32_t argument, uint32_t value)
{
    struct thenar_reply reply = fake_host_call(&device, code, argument);
    assert_int_equal(reply.result, THENAR_REPLY_OK);
    assert_int_equal(reply.value, value);
}

static void scan_once(uint16_t counts)
{
    fake_scan(counts, NULL);
    device_poll(&device);
}

static struct thenar_frame next_frame(uint16_t *counts)
{
    struct thenar_message message;
    struct thenar_frame frame;
    do
        assert_true(fake_host_receive(&message));
    while (message.type != THENAR_MESSAGE_FRAME);
    assert_int_equal(
        thenar_frame_decode(message.body, message.n_body, device.scan.n_taxels, &frame, counts),
        THENAR_OK);
    return frame;
}

static void test_describe_plain_board(void **state)
{
    (void)state;
    struct thenar_message message;
    struct thenar_hello hello;
    fake_host_command(7, THENAR_COMMAND_DESCRIBE, 0);
    for (int i = 0; i < 4; i++)
        device_poll(&device);
    assert_true(fake_host_receive(&message));
    assert_int_equal(message.type, THENAR_MESSAGE_HELLO);
    assert_int_equal(thenar_hello_decode(message.body, message.n_body, &hello), THENAR_OK);
    assert_string_equal(hello.model, "table32");
    assert_string_equal(hello.serial, "TEST-1");
    assert_int_equal(hello.n_rows, 32);
    assert_int_equal(hello.rate_mhz, 200000);
    assert_int_equal(hello.tick_hz, FAKE_TICK_HZ);
    assert_false(hello.has_taxel_pages);
    assert_true(thenar_hello_exists(&hello, 1023));
    assert_int_equal(fake_host_reply().request, 7); /* right behind: no pages */
}

static void test_describe_with_pages(void **state)
{
    (void)state;
    start_board(&board_glove16);
    struct thenar_message message;
    struct thenar_hello hello;
    struct thenar_taxel_page page;
    fake_host_command(8, THENAR_COMMAND_DESCRIBE, 0);
    for (int i = 0; i < 4; i++)
        device_poll(&device);
    assert_true(fake_host_receive(&message));
    assert_int_equal(thenar_hello_decode(message.body, message.n_body, &hello), THENAR_OK);
    assert_true(hello.has_taxel_pages);
    for (uint16_t first = 0; first < 256; first += 64) {
        assert_true(fake_host_receive(&message));
        assert_int_equal(message.type, THENAR_MESSAGE_TAXELS);
        assert_int_equal(thenar_taxels_decode(message.body, message.n_body, &page), THENAR_OK);
        assert_int_equal(page.first, first);
        assert_int_equal(page.n_taxels, 64);
        for (uint16_t i = 0; i < 64; i++)
            assert_int_equal(page.taxels[i].sensing_um2 > 0,
                             thenar_hello_exists(&hello, first + i));
    }
    assert_int_equal(fake_host_reply().request, 8);
}

static void test_calibrated_board_sends_gains(void **state)
{
    (void)state;
    for (size_t i = 0; i < 1024; i++)
        gains_q14[i] = (uint16_t)(16000 + i);
    identity.gain_q14 = gains_q14;
    start_board(&board_table32);
    struct thenar_message message;
    struct thenar_taxel_page page;
    fake_host_command(1, THENAR_COMMAND_DESCRIBE, 0);
    for (int i = 0; i < 4; i++)
        device_poll(&device);
    assert_true(fake_host_receive(&message));
    unsigned n_taxels = 0;
    while (fake_host_receive(&message) && message.type == THENAR_MESSAGE_TAXELS) {
        assert_int_equal(thenar_taxels_decode(message.body, message.n_body, &page), THENAR_OK);
        for (uint16_t i = 0; i < page.n_taxels; i++)
            assert_int_equal(page.taxels[i].gain_q14, 16000 + n_taxels++);
    }
    assert_int_equal(n_taxels, 1024);
}

static void test_streaming(void **state)
{
    (void)state;
    static uint16_t counts[1024];
    fake.ticks = 777;
    check_ok(THENAR_COMMAND_START, 0, 0);
    for (uint32_t n = 0; n < 5; n++) {
        scan_once((uint16_t)(n + 1));
        struct thenar_frame frame = next_frame(counts);
        assert_int_equal(frame.sequence, n);
        assert_true(frame.ticks == 777 + n * 5000);
        assert_int_equal(frame.scan_ticks, 4096);
        assert_int_equal(counts[1023], n + 1);
    }
    check_ok(THENAR_COMMAND_START, 0, 0); /* again: nothing changes */
    scan_once(9);
    assert_int_equal(next_frame(counts).sequence, 5);
    check_ok(THENAR_COMMAND_STOP, 0, 0);
    assert_null(fake.scan);
    check_ok(THENAR_COMMAND_START, 0, 0);
    scan_once(9);
    assert_int_equal(next_frame(counts).sequence, 0); /* anew after START */
}

/* Frames that wait go before the reply to STOP, and none after it. */
static void test_stop_sends_what_waits(void **state)
{
    (void)state;
    check_ok(THENAR_COMMAND_START, 0, 0);
    fake.link_room = 0;
    for (uint32_t n = 0; n < 3; n++)
        scan_once(1);
    fake_host_command(9, THENAR_COMMAND_STOP, 0);
    device_poll(&device);
    fake.link_room = SIZE_MAX;
    device_poll(&device);
    static uint16_t counts[1024];
    for (uint32_t n = 0; n < 3; n++)
        assert_int_equal(next_frame(counts).sequence, n);
    assert_int_equal(fake_host_reply().request, 9);
    struct thenar_message message;
    assert_false(fake_host_receive(&message));
}

/* The link takes nothing for long: the scan goes on, the oldest frames go, the host learns it. */
static void test_slow_host(void **state)
{
    (void)state;
    static uint16_t counts[1024];
    check_ok(THENAR_COMMAND_START, 0, 0);
    fake.link_room = 0;
    for (uint32_t n = 0; n < FRAME_QUEUE_SLOTS + 11; n++)
        scan_once(1);
    fake.link_room = SIZE_MAX;
    device_poll(&device);
    assert_int_equal(next_frame(counts).sequence, 0); /* was on its way already */
    struct thenar_frame frame = next_frame(counts);
    assert_int_equal(frame.sequence, 11);
    assert_int_equal(frame.n_dropped, 10);
    for (uint32_t n = 12; n < FRAME_QUEUE_SLOTS + 11; n++)
        assert_int_equal(next_frame(counts).sequence, n);
    assert_int_equal(device.transmit.n_stalls, 1);
}

/* An octet at a time through a link that is almost full, everything still arrives whole. */
static void test_link_takes_octets_one_by_one(void **state)
{
    (void)state;
    static uint16_t counts[1024];
    check_ok(THENAR_COMMAND_START, 0, 0);
    fake.link_room = 0;
    scan_once(3);
    scan_once(4);
    for (int i = 0; i < 8000; i++) {
        fake.link_room = 1;
        device_poll(&device);
    }
    assert_int_equal(next_frame(counts).sequence, 0);
    assert_int_equal(counts[5], 3);
    assert_int_equal(next_frame(counts).sequence, 1);
    assert_int_equal(counts[5], 4);
}

static void test_rate_and_gate(void **state)
{
    (void)state;
    check_ok(THENAR_COMMAND_RATE, 123456, 123456);
    struct thenar_reply reply = fake_host_call(&device, THENAR_COMMAND_RATE, 1);
    assert_int_equal(reply.result, THENAR_REPLY_RANGE);
    assert_int_equal(reply.value, board_table32.rate_min_mhz);
    reply = fake_host_call(&device, THENAR_COMMAND_RATE, UINT32_MAX);
    assert_int_equal(reply.result, THENAR_REPLY_RANGE);
    assert_int_equal(reply.value, board_table32.rate_max_mhz);
    assert_int_equal(device.settings.rate_mhz, 123456);

    check_ok(THENAR_COMMAND_GATE, 100, 100);
    reply = fake_host_call(&device, THENAR_COMMAND_GATE, 4096);
    assert_int_equal(reply.result, THENAR_REPLY_RANGE);
    assert_int_equal(reply.value, 4095);
    check_ok(THENAR_COMMAND_START, 0, 0);
    static uint16_t samples[1024], counts[1024];
    samples[3] = 100;
    samples[4] = 101;
    fake_scan(0, samples);
    device_poll(&device);
    assert_true(next_frame(counts).sparse);
    assert_int_equal(counts[3], 0);
    assert_int_equal(counts[4], 101);

    /* While streaming, the pace changes with the scan after the next. */
    check_ok(THENAR_COMMAND_RATE, 100000, 100000);
    uint64_t before = fake.scan->pace.due_ticks;
    scan_once(0);
    assert_true(fake.scan->pace.due_ticks == before + 10000);
}

static void test_identify(void **state)
{
    (void)state;
    check_ok(THENAR_COMMAND_IDENTIFY, 200, 0);
    assert_true(fake.identifying);
    fake.ticks += 199999;
    device_poll(&device);
    assert_true(fake.identifying);
    fake.ticks += 1;
    device_poll(&device);
    assert_false(fake.identifying);
    check_ok(THENAR_COMMAND_IDENTIFY, 60000, 0);
    check_ok(THENAR_COMMAND_IDENTIFY, 0, 0);
    assert_false(fake.identifying);
    struct thenar_reply reply = fake_host_call(&device, THENAR_COMMAND_IDENTIFY, 60001);
    assert_int_equal(reply.result, THENAR_REPLY_RANGE);
    assert_int_equal(reply.value, 60000);
}

static void test_settings_survive_a_reset(void **state)
{
    (void)state;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_SETTINGS_LOAD, 0).result,
                     THENAR_REPLY_STORAGE); /* none stored */
    check_ok(THENAR_COMMAND_RATE, 150000, 150000);
    check_ok(THENAR_COMMAND_GATE, 12, 12);
    check_ok(THENAR_COMMAND_SETTINGS_STORE, 0, 0);
    check_ok(THENAR_COMMAND_GATE, 99, 99);
    check_ok(THENAR_COMMAND_SETTINGS_LOAD, 0, 0);
    assert_int_equal(device.settings.gate_counts, 12);
    fake_port_reset(false);
    assert_int_equal(device_init(&device, &board_table32, &identity), THENAR_OK);
    assert_int_equal(device.settings.rate_mhz, 150000);
    assert_int_equal(device.settings.gate_counts, 12);
}

static void test_refused_while_streaming(void **state)
{
    (void)state;
    static const uint8_t codes[] = {THENAR_COMMAND_SELF_TEST, THENAR_COMMAND_SETTINGS_LOAD,
                                    THENAR_COMMAND_SETTINGS_STORE, THENAR_COMMAND_BOOTLOADER};
    check_ok(THENAR_COMMAND_START, 0, 0);
    for (size_t i = 0; i < sizeof codes; i++)
        assert_int_equal(fake_host_call(&device, codes[i], 0).result, THENAR_REPLY_STREAMING);
    assert_non_null(fake.scan);
    assert_false(fake.in_bootloader);
}

static void test_bootloader_after_the_reply(void **state)
{
    (void)state;
    fake.link_room = 5;
    fake_host_command(3, THENAR_COMMAND_BOOTLOADER, 0);
    device_poll(&device);
    assert_false(fake.in_bootloader); /* the reply is not out yet */
    fake.link_room = SIZE_MAX;
    device_poll(&device);
    assert_true(fake.in_bootloader);
    assert_int_equal(fake_host_reply().result, THENAR_REPLY_OK);
}

static void check_answer(uint8_t type, const uint8_t *body, size_t n_body, uint16_t request,
                         uint8_t code, enum thenar_reply_result result)
{
    uint32_t n_bad = device.server.n_bad;
    fake_host_message(type, body, n_body);
    device_poll(&device);
    struct thenar_reply reply = fake_host_reply();
    assert_int_equal(reply.request, request);
    assert_int_equal(reply.code, code);
    assert_int_equal(reply.result, result);
    assert_int_equal(device.server.n_bad, n_bad + 1);
}

static void test_whatever_arrives_is_answered(void **state)
{
    (void)state;
    static const uint8_t unknown[] = {5, 1, 200}, longer[] = {6, 1, 2, 0, 0, 0, 0, 0};
    static const uint8_t shorter[] = {7, 1, 4, 0, 0};
    check_answer(THENAR_MESSAGE_COMMAND, unknown, 3, 0x105, 200, THENAR_REPLY_UNKNOWN);
    check_answer(THENAR_MESSAGE_COMMAND, longer, 8, 0x106, 2, THENAR_REPLY_MALFORMED);
    check_answer(THENAR_MESSAGE_COMMAND, shorter, 5, 0x107, 4, THENAR_REPLY_MALFORMED);
    check_answer(THENAR_MESSAGE_COMMAND, shorter, 2, 0x107, 0, THENAR_REPLY_MALFORMED);
    check_answer(THENAR_MESSAGE_COMMAND, NULL, 0, 0, 0, THENAR_REPLY_MALFORMED);
    check_answer(99, unknown, 3, 0, 0, THENAR_REPLY_UNKNOWN);
    check_answer(THENAR_MESSAGE_FRAME, unknown, 3, 0, 0, THENAR_REPLY_UNKNOWN);
}

/* Noise is counted and not answered; the next command is. */
static void test_damage_is_counted(void **state)
{
    (void)state;
    struct random random = {5};
    for (int round = 0; round < 50; round++) {
        uint8_t noise[40];
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)(1 + random_below(&random, 255));
        noise[sizeof noise - 1] = 0;
        uint32_t n_bad = device.server.n_bad;
        fake_host_send(noise, sizeof noise);
        device_poll(&device);
        assert_int_equal(device.server.n_bad, n_bad + 1);
        struct thenar_message message;
        assert_false(fake_host_receive(&message));
        check_ok(THENAR_COMMAND_STOP, 0, 0);
    }
}

static void test_many_commands_at_once_in_order(void **state)
{
    (void)state;
    for (uint16_t request = 1; request <= 40; request++)
        fake_host_command(request, THENAR_COMMAND_GATE, request);
    device_poll(&device);
    for (int i = 0; i < 40; i++)
        device_poll(&device);
    for (uint16_t request = 1; request <= 40; request++) {
        struct thenar_reply reply = fake_host_reply();
        assert_int_equal(reply.request, request);
        assert_int_equal(reply.value, request);
    }
}

/* The host goes away in the middle of everything; the next one finds a quiet device. */
static void test_host_leaves(void **state)
{
    (void)state;
    struct thenar_message message;
    check_ok(THENAR_COMMAND_RATE, 50000, 50000);
    check_ok(THENAR_COMMAND_START, 0, 0);
    fake.link_room = 100;
    scan_once(1);
    static const uint8_t half[] = {3, 16, 1};
    fake_host_send(half, sizeof half);
    device_poll(&device);
    fake.host_is_there = false;
    device_poll(&device);
    assert_null(fake.scan);
    fake.host_is_there = true;
    fake.link_room = SIZE_MAX;
    fake.n_to_host = fake.n_to_host_read = 0;
    thenar_stream_reset(&fake.stream);
    device_poll(&device);
    assert_false(fake_host_receive(&message)); /* nothing unasked: it was not reset */
    check_ok(THENAR_COMMAND_STOP, 0, 0);
    assert_int_equal(device.settings.rate_mhz, 50000);
    assert_int_equal(device.server.n_bad, 0);
}

static void test_board_larger_than_memory(void **state)
{
    (void)state;
    struct board board = board_table32;
    board.n_rows = 256;
    board.n_cols = 256;
    assert_int_equal(device_init(&device, &board, &identity), THENAR_ERR_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_describe_plain_board, set_up),
        cmocka_unit_test_setup(test_describe_with_pages, set_up),
        cmocka_unit_test_setup(test_calibrated_board_sends_gains, set_up),
        cmocka_unit_test_setup(test_streaming, set_up),
        cmocka_unit_test_setup(test_stop_sends_what_waits, set_up),
        cmocka_unit_test_setup(test_slow_host, set_up),
        cmocka_unit_test_setup(test_link_takes_octets_one_by_one, set_up),
        cmocka_unit_test_setup(test_rate_and_gate, set_up),
        cmocka_unit_test_setup(test_identify, set_up),
        cmocka_unit_test_setup(test_settings_survive_a_reset, set_up),
        cmocka_unit_test_setup(test_refused_while_streaming, set_up),
        cmocka_unit_test_setup(test_bootloader_after_the_reply, set_up),
        cmocka_unit_test_setup(test_whatever_arrives_is_answered, set_up),
        cmocka_unit_test_setup(test_damage_is_counted, set_up),
        cmocka_unit_test_setup(test_many_commands_at_once_in_order, set_up),
        cmocka_unit_test_setup(test_host_leaves, set_up),
        cmocka_unit_test_setup(test_board_larger_than_memory, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

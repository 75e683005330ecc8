/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of the device link, against a device that follows a script over a socket pair. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_link.h"
#include "link/frame.h"
#include "link/report.h"

/* ---- the tests ---- */

static void test_handshake_then_frames(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link.hello.has_taxel_pages = true;
    fake_link_expect_quiet(0);
    fake_link_describe(&event);
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
    fake_link_expect_command(THENAR_COMMAND_START, &request);
    fake_link_send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    for (uint32_t i = 0; i < 20; i++) {
        struct moment before = moment_now();
        fake_link_send_frame(i);
        assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
        assert_int_equal(event.frame.sequence, i);
        assert_int_equal(event.frame.n_dropped, 2);
        assert_true(event.frame.device_s > 0.000999 + i * 0.005 &&
                    event.frame.device_s < 0.001001 + i * 0.005);
        assert_null(event.frame.samples);
        for (uint32_t k = 0; k < N_TAXELS; k++)
            assert_int_equal(event.frame.counts[k], i + k * 100);
        assert_true(event.arrival.monotonic_ns >= before.monotonic_ns);
    }
    assert_int_equal(fake_link_source->damage.n_bad_messages, 0);
}

static void test_a_streaming_device_is_joined_in_the_middle(void **state)
{
    (void)state;
    uint8_t wire[THENAR_ENCODED_BYTES];
    struct source_event event;
    uint16_t request;
    fake_link_expect_quiet(0);
    size_t n = fake_link_wrap_frame(7, wire, sizeof wire);
    fake_link_send_octets(wire + n / 2, n - n / 2); /* the end of one, then whole ones */
    fake_link_send_frame(8);
    fake_link_send_frame(9);
    fake_link_expect_quiet(5);
    fake_link_describe(&event);
    fake_link_expect_command(THENAR_COMMAND_START, &request);
    fake_link_send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    fake_link_send_frame(0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 0);
    assert_int_equal(fake_link_source->damage.n_bad_messages, 0); /* joining is no damage */
}

static void test_damage_is_counted_and_passed_over(void **state)
{
    (void)state;
    uint8_t wire[THENAR_ENCODED_BYTES];
    struct source_event event;
    fake_link_start();
    fake_link_send_frame(0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    for (uint32_t i = 1; i < 40; i++) {
        size_t n = fake_link_wrap_frame(i, wire, sizeof wire);
        wire[n / 2] ^= 0x10;
        if (wire[n / 2] == 0)
            wire[n / 2] = 0x55;
        fake_link_send_octets(wire, n);
        fake_link_expect_quiet(0);
    }
    fake_link_send_frame(40);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 40);
    assert_true(fake_link_source->damage.n_bad_messages >= 39);
    assert_true(fake_link_source->damage.n_skipped_bytes > 0);
}

static void test_octets_one_by_one(void **state)
{
    (void)state;
    uint8_t wire[THENAR_ENCODED_BYTES];
    struct source_event event;
    fake_link_start();
    size_t n = fake_link_wrap_frame(5, wire, sizeof wire);
    for (size_t i = 0; i + 1 < n; i++) {
        fake_link_send_octets(wire + i, 1);
        fake_link_expect_quiet(0);
    }
    fake_link_send_octets(wire + n - 1, 1);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 5);
}

static void test_two_frames_in_one_read(void **state)
{
    (void)state;
    struct source_event event;
    fake_link_start();
    fake_link_send_frame(1);
    fake_link_send_frame(2);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 1);
    assert_int_equal(fake_link_next_event(&event, 0), SOURCE_FRAME);
    assert_int_equal(event.frame.sequence, 2);
}

static void test_another_version_is_refused_with_the_cure(void **state)
{
    (void)state;
    uint8_t message[THENAR_MESSAGE_BYTES];
    size_t n_body;
    struct source_event event;
    uint16_t request;
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    assert_int_equal(
        thenar_hello_encode(&fake_link.hello, message + 1, sizeof message - 5, &n_body), THENAR_OK);
    message[1] = 9; /* version_major is the first octet */
    fake_link_send_message(THENAR_MESSAGE_HELLO, message, n_body);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_string_equal(
        event.reason, "the device speaks version 9 of the device link and this thenard version 1; "
                      "update the older of the two");
}

static void test_a_silent_device_is_asked_three_times_then_said(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request, first;
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_STOP, &first);
    fake_link_expect_quiet(35);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    assert_int_equal(request, first + 1);
    fake_link_expect_quiet(35);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "no answer to 3 requests"));
    fake_link_expect_quiet(15); /* opened again; the same reason is not said again */
    assert_int_equal(fake_link.n_opened, 2);
}

static void test_an_answer_to_an_earlier_repetition_is_as_good(void **state)
{
    (void)state;
    uint16_t first, second, request;
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_STOP, &first);
    fake_link_expect_quiet(35);
    fake_link_expect_command(THENAR_COMMAND_STOP, &second);
    fake_link_send_reply(first, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
}

static void test_replies_that_were_not_asked_for_change_nothing(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply((uint16_t)(request + 1), THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_send_reply((uint16_t)(request - 1), THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0); /* another command */
    fake_link_expect_quiet(5);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK,
                         0); /* before HELLO came */
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request); /* asked again at once */
    fake_link_send_hello();
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_DESCRIBED);
}

static void test_a_missing_page_is_asked_for_again(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link.hello.has_taxel_pages = true;
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    fake_link_send_hello();
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    fake_link_send_hello();
    fake_link_send_page();
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_DESCRIBED);
}

static void test_a_frame_stands_for_a_lost_reply_to_start(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link_expect_quiet(0);
    fake_link_describe(&event);
    fake_link_expect_command(THENAR_COMMAND_START, &request);
    fake_link_send_frame(0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    fake_link_expect_quiet(35); /* START is not repeated */
    uint8_t octet;
    assert_int_equal(read(fake_link.device_fd, &octet, 1), -1);
}

static void expect_new_handshake(const char *reason)
{
    struct source_event event;
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    if (!strstr(event.reason, reason))
        fail_msg("\"%s\" lacks \"%s\"", event.reason, reason);
    fake_link_describe(&event);
    assert_int_equal(fake_link.n_opened, 1);
    uint16_t request;
    fake_link_expect_command(THENAR_COMMAND_START, &request);
    fake_link_send_reply(request, THENAR_COMMAND_START, THENAR_REPLY_OK, 0);
    fake_link_send_frame(0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
}

static void test_a_device_that_starts_anew_is_described_anew(void **state)
{
    (void)state;
    fake_link_start();
    fake_link_send_hello(); /* nobody asked: it was reset */
    expect_new_handshake("the device started anew");
}

static void test_a_device_that_stopped_is_started_again(void **state)
{
    (void)state;
    struct source_event event;
    fake_link_start();
    fake_link_send_health(true);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_HEALTH);
    fake_link_send_health(false);
    expect_new_handshake("stopped streaming");
}

static void test_frames_of_another_size_lead_to_a_new_description(void **state)
{
    (void)state;
    uint8_t message[THENAR_MESSAGE_BYTES];
    uint16_t counts[9] = {0};
    size_t n_body;
    struct thenar_frame frame = {.sequence = 3};
    fake_link_start();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(thenar_frame_encode(&frame, counts, 9, 0, message + 1, 1000, &n_body),
                         THENAR_OK);
        fake_link_send_message(THENAR_MESSAGE_FRAME, message, n_body);
    }
    expect_new_handshake("do not fit the array");
    assert_int_equal(fake_link_source->damage.n_bad_messages, 20);
}

static void send_aux(uint8_t id, uint8_t n_values, uint64_t ticks)
{
    uint8_t message[128];
    size_t n_body;
    struct thenar_aux_sample sample = {
        .ticks = ticks, .id = id, .n_values = n_values, .values = {-7, 8, 9}};
    assert_int_equal(thenar_aux_encode(&sample, message + 1, sizeof message - 5, &n_body),
                     THENAR_OK);
    fake_link_send_message(THENAR_MESSAGE_AUX, message, n_body);
}

/* LINK.md, 3.7: what HELLO did not announce is dropped, and is no damage. */
static void test_only_announced_channels_come_through(void **state)
{
    (void)state;
    struct source_event event;
    fake_link.hello.n_aux = 1;
    fake_link.hello.aux[0] = (struct thenar_aux_channel){
        .id = 5, .kind = THENAR_AUX_ACCELERATION, .n_values = 3, .rate_mhz = 1, .scale_nano = 1};
    fake_link_start();
    send_aux(5, 3, 2 * (uint64_t)fake_link.hello.tick_hz + fake_link.hello.tick_hz / 2);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_AUX);
    assert_int_equal(event.aux.sample.id, 5);
    assert_int_equal(event.aux.sample.values[0], -7);
    assert_true(event.aux.device_s == 2.5);
    send_aux(6, 3, 0);
    send_aux(5, 2, 0);
    fake_link_expect_quiet(20);
    assert_int_equal(fake_link_source->damage.n_bad_messages, 0);
    fake_link_send_frame(1);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
}

static void test_silence_while_streaming_is_a_loss(void **state)
{
    (void)state;
    struct source_event event;
    fake_link_start();
    fake_link_send_frame(0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_FRAME);
    assert_int_equal(fake_link_next_event(&event, 200), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "nothing received for 0.1 s"));
    fake_link_expect_quiet(15);
    assert_int_equal(fake_link.n_opened, 2);
    fake_link_describe(&event); /* with RETURNED before it */
}

static void test_unplugged_and_back(void **state)
{
    (void)state;
    struct source_event event;
    fake_link_start();
    fake_link.is_gone = true;
    close(fake_link.device_fd);
    fake_link.device_fd = -1;
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_string_equal(event.reason, "fake: unplugged");
    assert_int_equal(fake_link_next_event(&event, SOON_MS),
                     SOURCE_LOST); /* another reason, said once */
    assert_string_equal(event.reason, "fake: not plugged in");
    fake_link_expect_quiet(50);
    fake_link.is_gone = false;
    fake_link_expect_quiet(15);
    uint16_t request;
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    fake_link_send_hello();
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_RETURNED);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_DESCRIBED);
}

static void test_a_device_that_was_never_there_begins_with_lost(void **state)
{
    (void)state;
    struct source_event event;
    fake_link.is_gone = true;
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_string_equal(event.reason, "fake: not plugged in");
}

static void set_rate(double rate_hz, uint8_t result, uint32_t value)
{
    uint16_t request;
    struct source_command command = {SOURCE_SET_RATE, 77, rate_hz};
    assert_int_equal(source_command(fake_link_source, &command), THENAR_OK);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    struct thenar_command sent = fake_link_take_command();
    assert_int_equal(sent.code, THENAR_COMMAND_RATE);
    assert_int_equal(sent.argument, (uint32_t)(rate_hz * 1000));
    fake_link_send_reply(sent.request, THENAR_COMMAND_RATE, result, value);
}

static void test_a_rate_is_set_and_the_device_described_again(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link_start();
    set_rate(100, THENAR_REPLY_OK, 100000);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.ticket, 77);
    assert_int_equal(event.answer.status, THENAR_OK);
    assert_float_equal((float)event.answer.value, 100.0F, 1e-4F);
    fake_link.hello.rate_mhz = 100000;
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
    fake_link_send_hello();
    fake_link_send_reply(request, THENAR_COMMAND_DESCRIBE, THENAR_REPLY_OK, 0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_DESCRIBED);
    assert_float_equal(event.description->layout.rate_hz, 100.0F, 1e-4F);
}

static void test_a_rate_outside_the_limits_is_answered(void **state)
{
    (void)state;
    struct source_event event;
    fake_link_start();
    struct source_command command = {SOURCE_SET_RATE, 77, 900}; /* HELLO says 10 to 400 */
    assert_int_equal(source_command(fake_link_source, &command), THENAR_OK);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.status, THENAR_ERR_VALUE);
    assert_non_null(strstr(event.answer.text, "10 to 400 frames/s"));
    fake_link_expect_quiet(0); /* and the stream goes on */

    set_rate(399, THENAR_REPLY_RANGE, 200000); /* a device may know better than its HELLO */
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.status, THENAR_ERR_VALUE);
    assert_non_null(strstr(event.answer.text, "nearest is 200 frames/s"));
}

static void test_a_command_to_an_absent_device_is_answered(void **state)
{
    (void)state;
    struct source_event event;
    struct source_command command = {SOURCE_SET_RATE, 5, 100};
    fake_link.is_gone = true;
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_int_equal(source_command(fake_link_source, &command), THENAR_OK);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.ticket, 5);
    assert_int_equal(event.answer.status, THENAR_ERR_ABSENT);
}

static void test_a_device_with_another_host_is_busy(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link_expect_quiet(0);
    fake_link_expect_command(THENAR_COMMAND_STOP, &request);
    fake_link_send_reply(request, THENAR_COMMAND_STOP, THENAR_REPLY_BUSY, 0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "busy: another program has the device"));
    fake_link_expect_quiet(20); /* and asks again */
    assert_true(fake_link.n_opened >= 2);
}

static void give_command(enum source_command_kind kind, uint8_t code, uint16_t *request)
{
    struct source_command command = {kind, 9, 0};
    assert_int_equal(source_command(fake_link_source, &command), THENAR_OK);
    fake_link_expect_command(THENAR_COMMAND_STOP, request);
    fake_link_send_reply(*request, THENAR_COMMAND_STOP, THENAR_REPLY_OK, 0);
    fake_link_expect_quiet(0);
    fake_link_expect_command(code, request);
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
    fake_link_start();
    give_command(SOURCE_SELF_TEST, THENAR_COMMAND_SELF_TEST, &reply.request);
    assert_int_equal(thenar_reply_encode(&reply, message + 1, 120, &n_body), THENAR_OK);
    fake_link_send_message(THENAR_MESSAGE_REPLY, message, n_body);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.ticket, 9);
    assert_int_equal(event.answer.status, THENAR_OK);
    assert_float_equal((float)event.answer.value, 40.0F, 0.0F);
    assert_int_equal(event.answer.n_findings, 1);
    assert_int_equal(event.answer.findings[0].index, 3);
    uint16_t request;
    fake_link_expect_command(THENAR_COMMAND_DESCRIBE, &request);
}

static void test_a_device_that_went_to_its_boot_loader_is_waited_for(void **state)
{
    (void)state;
    struct source_event event;
    uint16_t request;
    fake_link_start();
    give_command(SOURCE_BOOTLOADER, THENAR_COMMAND_BOOTLOADER, &request);
    fake_link.is_gone = true;
    fake_link_send_reply(request, THENAR_COMMAND_BOOTLOADER, THENAR_REPLY_OK, 0);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_ANSWER);
    assert_int_equal(event.answer.status, THENAR_OK);
    assert_int_equal(fake_link_next_event(&event, SOON_MS), SOURCE_LOST);
    assert_non_null(strstr(event.reason, "boot loader"));
    fake_link.is_gone = false;
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fake_link_set_up, fake_link_tear_down)
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

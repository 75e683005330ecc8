/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "fake_usb.h"
#include "moment.h"
#include "source/source.h"
#include "source/usb_discovery.h"

/* Devices on a bus that umockdev makes up: what libusb, libserialport and udev tell is as on a real
 * machine, and behind the endpoints is the real firmware core. */

static const struct fake_usb_options glove = {
    .port = 1, .address = 5, .serial = "E661A4D0", .has_tty = true};

static struct source *source;
static struct thenar_error error;

/* The next event of that kind, passing over others; fails after `ms`. */
static struct source_event await(enum source_event_kind kind, int ms)
{
    struct source_event event = {0};
    int64_t end_ns = moment_monotonic_ns() + (int64_t)ms * NS_PER_MS;
    while (moment_monotonic_ns() < end_ns)
        if (source_next(source, -1, 50, &event) == THENAR_OK && event.kind == kind)
            return event;
    fail_msg("no event of kind %d within %d ms", (int)kind, ms);
    return event;
}

static void assert_reason(const char *part, int ms)
{
    struct source_event event = await(SOURCE_LOST, ms);
    if (!strstr(event.reason, part))
        fail_msg("\"%s\" lacks \"%s\"", event.reason, part);
}

static void open_source(const char *uri)
{
    if (source_open(&source, uri, &error) != THENAR_OK)
        fail_msg("%s", error.text);
}

static int tear_down(void **state)
{
    (void)state;
    source_close(source);
    source = NULL;
    return 0;
}

static void assert_unbroken_frames(int n)
{
    uint32_t sequence = await(SOURCE_FRAME, 3000).frame.sequence;
    for (int i = 1; i < n; i++)
        assert_int_equal(await(SOURCE_FRAME, 1000).frame.sequence, sequence + (uint32_t)i);
}

static void test_each_device_is_found_once(void **state)
{
    (void)state;
    struct usb_found found[USB_FOUND_MAX];
    char problem[USB_PROBLEM_BYTES];
    assert_int_equal(usb_discover(NULL, found), 0);
    struct fake_usb *first = fake_usb_plug(&glove);
    struct fake_usb *second = fake_usb_plug(&(struct fake_usb_options){
        .port = 2, .address = 6, .serial = "E661A4CF", .has_tty = false});
    struct fake_usb *other = fake_usb_plug(&(struct fake_usb_options){
        .port = 3, .address = 7, .serial = "1", .manufacturer = "Somebody", .has_tty = true});
    assert_int_equal(usb_discover(NULL, found), 2);
    assert_string_equal(found[0].serial, "E661A4CF");
    assert_string_equal(found[0].tty, "");
    assert_string_equal(found[1].serial, "E661A4D0");
    assert_string_equal(found[1].model, "glove16");
    assert_string_equal(found[1].port, "1-1");
    assert_string_equal(found[1].node, "/dev/bus/usb/001/005");
    assert_string_equal(found[1].tty, "/dev/ttyACM0");
    usb_found_problem(&found[1], problem);
    assert_string_equal(problem, "");
    fake_usb_unplug(other);
    fake_usb_unplug(second);
    fake_usb_unplug(first);
    assert_int_equal(usb_discover(NULL, found), 0);
}

static void test_frames_come_unbroken(void **state)
{
    (void)state;
    struct fake_usb *device = fake_usb_plug(&glove);
    open_source("usb:E661A4D0");
    assert_string_equal(await(SOURCE_DESCRIBED, 3000).description->serial, "E661A4D0");
    assert_unbroken_frames(500);
    assert_int_equal(source->damage.n_bad_messages, 0);
    assert_int_equal(fake_usb_n_hosts(device), 1);
    source_close(source);
    source = NULL;
    assert_int_equal(fake_usb_n_leavings(device), 1);
    fake_usb_unplug(device);
}

static void test_unplugged_and_back_at_another_port(void **state)
{
    (void)state;
    struct fake_usb_options elsewhere = glove;
    elsewhere.port = 4;
    elsewhere.address = 9;
    struct fake_usb *device = fake_usb_plug(&glove);
    open_source("usb:E661A4D0");
    assert_unbroken_frames(20);
    fake_usb_unplug(device);
    assert_reason("unplugged", 1000);
    assert_reason("not plugged in", 1000);
    device = fake_usb_plug(&elsewhere);
    int64_t back_ns = moment_monotonic_ns();
    (void)await(SOURCE_RETURNED, 1000);
    (void)await(SOURCE_FRAME, 1000);
    int64_t took_ms = (moment_monotonic_ns() - back_ns) / NS_PER_MS;
    print_message("streams again %d ms after its return\n", (int)took_ms);
    assert_true(took_ms < 1000);
    assert_unbroken_frames(20);
    fake_usb_unplug(device);
}

static void test_a_claimed_device_is_busy(void **state)
{
    (void)state;
    struct fake_usb *device = fake_usb_plug(&glove);
    fake_usb_claim_elsewhere(device, true);
    open_source("usb:");
    assert_reason("usb:E661A4D0: busy: another program has it open", 1000);
    fake_usb_claim_elsewhere(device, false);
    (void)await(SOURCE_FRAME, 2000);
    fake_usb_unplug(device);
}

static void test_no_permission_names_the_rule(void **state)
{
    (void)state;
    struct usb_found found[USB_FOUND_MAX];
    char problem[USB_PROBLEM_BYTES];
    struct fake_usb *device = fake_usb_plug(&glove);
    bool is_root = geteuid() == 0; /* whom nothing is denied */
    fake_usb_permit(device, false);
    open_source("usb:E661A4D0"); /* nothing is opened yet */
    assert_int_equal(usb_discover(NULL, found), 1);
    if (is_root)
        assert_int_equal(setresuid(65534, 65534, 0), 0);
    assert_reason("no permission to open /dev/bus/usb/001/005; install Thenar's udev rule", 1000);
    usb_found_problem(&found[0], problem);
    assert_non_null(strstr(problem, USB_RULE_FILE));
    if (is_root)
        assert_int_equal(setresuid(0, 0, 0), 0);
    fake_usb_permit(device, true);
    (void)await(SOURCE_FRAME, 2000);
    fake_usb_unplug(device);
}

static void test_which_one_must_be_said(void **state)
{
    (void)state;
    struct fake_usb *first = fake_usb_plug(&glove);
    struct fake_usb *second = fake_usb_plug(&(struct fake_usb_options){
        .port = 2, .address = 6, .serial = "E661A4CF", .has_tty = false});
    open_source("usb:");
    assert_reason("there are 2 such devices (E661A4CF, E661A4D0)", 1000);
    fake_usb_unplug(second);
    (void)await(SOURCE_FRAME, 2000);
    fake_usb_unplug(first);
}

static void test_auto_takes_the_free_one_and_keeps_it(void **state)
{
    (void)state;
    struct fake_usb *taken = fake_usb_plug(&(struct fake_usb_options){
        .port = 2, .address = 6, .serial = "E661A4CF", .has_tty = false});
    fake_usb_claim_elsewhere(taken, true);
    open_source("auto");
    assert_reason("busy", 1000);
    struct fake_usb *device = fake_usb_plug(&glove);
    assert_string_equal(await(SOURCE_DESCRIBED, 2000).description->serial, "E661A4D0");
    fake_usb_claim_elsewhere(taken, false);
    fake_usb_unplug(device);
    assert_reason("unplugged", 1000);
    assert_reason("auto:E661A4D0: not plugged in", 1000);
    device = fake_usb_plug(&glove);
    (void)await(SOURCE_FRAME, 2000);
    fake_usb_unplug(device);
    fake_usb_unplug(taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_each_device_is_found_once, tear_down),
        cmocka_unit_test_teardown(test_frames_come_unbroken, tear_down),
        cmocka_unit_test_teardown(test_unplugged_and_back_at_another_port, tear_down),
        cmocka_unit_test_teardown(test_a_claimed_device_is_busy, tear_down),
        cmocka_unit_test_teardown(test_no_permission_names_the_rule, tear_down),
        cmocka_unit_test_teardown(test_which_one_must_be_said, tear_down),
        cmocka_unit_test_teardown(test_auto_takes_the_free_one_and_keeps_it, tear_down),
    };
    fake_usb_init();
    return cmocka_run_group_tests_name("usb", tests, NULL, NULL);
}

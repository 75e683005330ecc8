/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `--device auto`: what is plugged in, now or later, becomes a device of the daemon, each once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <string.h>

#include "auto_devices.h"
#include "fake_usb.h"
#include "moment.h"
#include "source/usb_arrivals.h"

static const struct fake_usb_options left = {
    .port = 1, .address = 5, .serial = "E661A4D0", .has_tty = true};
static const struct fake_usb_options right = {
    .port = 2, .address = 6, .serial = "E661A4CF", .has_tty = false};

static struct conf config;
static struct auto_devices *later;
static struct thenar_error error;

static void add(const char *device)
{
    if (conf_add_device(&config, device, "--device", &error) != THENAR_OK)
        fail_msg("%s", error.text);
}

static void expand(void)
{
    if (auto_devices_expand(&config, &error) != THENAR_OK)
        fail_msg("%s", error.text);
}

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(conf_init(&config, &error), THENAR_OK);
    config.n_devices = 0;
    assert_int_equal(auto_devices_create(&later, &error), THENAR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    auto_devices_destroy(later);
    conf_finish(&config);
    return 0;
}

/* Ask as the daemon does, until there are so many devices; fails after three seconds. */
static void await_devices(size_t n)
{
    int64_t end_ns = moment_monotonic_ns() + 3000 * (int64_t)NS_PER_MS;
    while (config.n_devices < n && moment_monotonic_ns() < end_ns) {
        (void)auto_devices_add(later, &config, CONF_DEVICES_MAX);
        (void)poll(NULL, 0, 50);
    }
    assert_int_equal(config.n_devices, n);
}

static void assert_no_more(size_t n)
{
    for (int i = 0; i < 50; i++) {
        (void)auto_devices_add(later, &config, CONF_DEVICES_MAX);
        (void)poll(NULL, 0, 50);
    }
    assert_int_equal(config.n_devices, n);
}

static void assert_device(size_t i, const char *name, const char *uri)
{
    assert_string_equal(config.devices[i].name, name);
    assert_string_equal(config.devices[i].uri, uri);
}

static void test_nothing_yet_then_two_gloves(void **state)
{
    (void)state;
    add("auto");
    expand();
    assert_int_equal(config.n_devices, 0);
    assert_true(config.takes_new);
    struct fake_usb *first = fake_usb_plug(&left);
    await_devices(1);
    assert_device(0, "glove16-a4d0", "auto:E661A4D0");
    struct fake_usb *second = fake_usb_plug(&right);
    await_devices(2);
    assert_device(0, "glove16-a4d0", "auto:E661A4D0");
    assert_device(1, "glove16-a4cf", "auto:E661A4CF");

    /* One that was here before is no new one, on whatever port it comes back. */
    struct fake_usb_options elsewhere = left;
    elsewhere.port = 4;
    elsewhere.address = 9;
    fake_usb_unplug(first);
    first = fake_usb_plug(&elsewhere);
    assert_no_more(2);
    fake_usb_unplug(second);
    fake_usb_unplug(first);
}

static void test_the_same_name_from_the_start(void **state)
{
    (void)state;
    struct fake_usb *first = fake_usb_plug(&left);
    add("auto");
    expand();
    assert_int_equal(config.n_devices, 1);
    assert_device(0, "glove16-a4d0", "auto:E661A4D0");
    fake_usb_unplug(first);
}

static void test_one_that_is_configured_is_no_second(void **state)
{
    (void)state;
    add("pad=usb:E661A4D0");
    add("auto");
    expand();
    struct fake_usb *first = fake_usb_plug(&left), *second = fake_usb_plug(&right);
    await_devices(2);
    assert_no_more(2);
    assert_device(0, "pad", "usb:E661A4D0");
    assert_device(1, "glove16-a4cf", "auto:E661A4CF");
    fake_usb_unplug(second);
    fake_usb_unplug(first);
}

static void test_without_auto_nothing_is_taken(void **state)
{
    (void)state;
    add("pad=usb:E661A4D0");
    add("one=auto"); /* named: one device, not every one */
    expand();
    assert_false(config.takes_new);
    assert_int_equal(config.n_devices, 2);
    assert_device(1, "one", "auto");
}

static void test_no_more_than_there_is_room_for(void **state)
{
    (void)state;
    add("auto");
    expand();
    struct fake_usb *first = fake_usb_plug(&left), *second = fake_usb_plug(&right);
    int64_t end_ns = moment_monotonic_ns() + 2500 * (int64_t)NS_PER_MS;
    while (moment_monotonic_ns() < end_ns) {
        (void)auto_devices_add(later, &config, 1);
        (void)poll(NULL, 0, 50);
    }
    assert_int_equal(config.n_devices, 1);
    fake_usb_unplug(second);
    fake_usb_unplug(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_yet_then_two_gloves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_same_name_from_the_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_that_is_configured_is_no_second, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_without_auto_nothing_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_more_than_there_is_room_for, set_up, tear_down),
    };
    fake_usb_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

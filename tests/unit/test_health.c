/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STATUS, faults, the safe state, and what outlives a reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_port.h"
#include "link/report.h"

static struct device device;
static const struct identity identity = {.serial = "TEST-1", .firmware = "test 1.0"};

static void start_device(void)
{
    struct thenar_message message;
    assert_int_equal(device_init(&device, &board_table32, &identity), THENAR_OK);
    device_poll(&device);
    while (fake_host_receive(&message))
        continue;
}

static int set_up(void **state)
{
    (void)state;
    fake_port_init();
    start_device();
    return 0;
}

/* The next message of that type. @return false: none came */
static bool next_of(uint8_t type, struct thenar_message *message)
{
    while (fake_host_receive(message))
        if (message->type == type)
            return true;
    return false;
}

static struct thenar_health next_status(void)
{
    struct thenar_message message;
    struct thenar_health health;
    assert_true(next_of(THENAR_MESSAGE_STATUS, &message));
    assert_int_equal(thenar_health_decode(message.body, message.n_body, &health), THENAR_OK);
    return health;
}

static void test_status_each_second(void **state)
{
    (void)state;
    unsigned n = 0;
    for (fake.ticks = 0; fake.ticks <= 10 * FAKE_TICK_HZ; fake.ticks += 10000) {
        struct thenar_message message;
        device_poll(&device);
        while (next_of(THENAR_MESSAGE_STATUS, &message)) {
            struct thenar_health health;
            assert_int_equal(thenar_health_decode(message.body, message.n_body, &health),
                             THENAR_OK);
            assert_int_equal(health.uptime_s, ++n);
            assert_int_equal(health.temperature_centi_c, INT16_MIN);
            assert_int_equal(health.supply_mv, 5000);
            assert_false(health.streaming);
        }
    }
    assert_int_equal(n, 10);
    assert_true(fake.n_fed > 1000);
}

/* Of STATUS the newest is sent: a host that did not read finds one, not many. */
static void test_status_does_not_pile_up(void **state)
{
    (void)state;
    struct thenar_message message;
    fake.link_room = 0;
    for (int i = 0; i < 10; i++) {
        fake.ticks += FAKE_TICK_HZ;
        device_poll(&device);
    }
    fake.link_room = SIZE_MAX;
    device_poll(&device);
    unsigned n = 0;
    while (next_of(THENAR_MESSAGE_STATUS, &message))
        n++;
    assert_in_range(n, 1, 2); /* one may have been on its way */
}

static void test_supply_out_of_limits(void **state)
{
    (void)state;
    struct thenar_message message;
    struct thenar_fault fault;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    fake.supply_mv = 4000;
    fake.ticks += FAKE_TICK_HZ;
    fake_scan(1, NULL);
    device_poll(&device);
    assert_true(next_of(THENAR_MESSAGE_FAULT, &message));
    assert_int_equal(thenar_fault_decode(message.body, message.n_body, &fault), THENAR_OK);
    assert_int_equal(fault.code, THENAR_FAULT_SUPPLY);
    assert_int_equal(fault.detail, 4000);
    assert_null(fake.scan);
    assert_false(next_of(THENAR_MESSAGE_FRAME, &message));

    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result,
                     THENAR_REPLY_UNSUPPORTED);
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_SELF_TEST, 0).result,
                     THENAR_REPLY_UNSUPPORTED);
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_STOP, 0).result, THENAR_REPLY_OK);
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result,
                     THENAR_REPLY_UNSUPPORTED); /* STOP does not mend it */
    fake.supply_mv = 5000;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    assert_non_null(fake.scan);
}

static void test_scan_that_stalls(void **state)
{
    (void)state;
    struct thenar_message message;
    struct thenar_fault fault;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    fake.ticks += FAKE_TICK_HZ;
    device_poll(&device);
    assert_false(next_of(THENAR_MESSAGE_FAULT, &message)); /* still within its time */
    fake.ticks += FAKE_TICK_HZ;
    device_poll(&device);
    assert_true(next_of(THENAR_MESSAGE_FAULT, &message));
    assert_int_equal(thenar_fault_decode(message.body, message.n_body, &fault), THENAR_OK);
    assert_int_equal(fault.code, THENAR_FAULT_SCAN_STALLED);
    assert_null(fake.scan);
}

/* A self-test that cannot go on is answered all the same. */
static void test_scan_stalls_in_self_test(void **state)
{
    (void)state;
    fake_host_command(4, THENAR_COMMAND_SELF_TEST, 0);
    device_poll(&device);
    fake.ticks += 2 * FAKE_TICK_HZ;
    device_poll(&device);
    assert_int_equal(fake_host_reply().result, THENAR_REPLY_UNSUPPORTED);
}

static void test_fault_is_remembered_across_the_reset(void **state)
{
    (void)state;
    fake.supply_mv = 4000;
    fake.ticks = FAKE_TICK_HZ;
    device_poll(&device);
    assert_int_equal(next_status().last_fault, THENAR_FAULT_SUPPLY);
    fake.supply_mv = 5000;
    fake_port_reset(false);
    start_device();
    fake.ticks = FAKE_TICK_HZ;
    device_poll(&device);
    struct thenar_health health = next_status();
    assert_int_equal(health.last_fault, THENAR_FAULT_SUPPLY);
    assert_int_equal(health.n_watchdog_resets, 0);
    assert_int_equal(health.uptime_s, 1);
}

static void test_watchdog_resets_are_counted(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 3; n++) {
        fake_port_reset(true);
        start_device();
        fake.ticks = FAKE_TICK_HZ;
        device_poll(&device);
        struct thenar_health health = next_status();
        assert_int_equal(health.last_fault, THENAR_FAULT_WATCHDOG);
        assert_int_equal(health.n_watchdog_resets, n);
    }
}

static void test_stalls_of_the_link_are_counted(void **state)
{
    (void)state;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    for (int round = 0; round < 2; round++) {
        fake.link_room = 0;
        for (int i = 0; i < 60; i++) { /* 300 ms */
            fake_scan(1, NULL);
            device_poll(&device);
        }
        fake.link_room = SIZE_MAX;
        device_poll(&device);
    }
    assert_int_equal(device.transmit.n_stalls, 2);
    fake.ticks += FAKE_TICK_HZ / 2; /* nothing to say is no stall */
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_STOP, 0).result, THENAR_REPLY_OK);
    assert_int_equal(device.transmit.n_stalls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_status_each_second, set_up),
        cmocka_unit_test_setup(test_status_does_not_pile_up, set_up),
        cmocka_unit_test_setup(test_supply_out_of_limits, set_up),
        cmocka_unit_test_setup(test_scan_that_stalls, set_up),
        cmocka_unit_test_setup(test_scan_stalls_in_self_test, set_up),
        cmocka_unit_test_setup(test_fault_is_remembered_across_the_reset, set_up),
        cmocka_unit_test_setup(test_watchdog_resets_are_counted, set_up),
        cmocka_unit_test_setup(test_stalls_of_the_link_are_counted, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

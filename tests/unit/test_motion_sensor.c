/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The motion sensor from its registers' octets to AUX: scales, axes, and its way through the core.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/assert_near.h"

#include "fake_port.h"
#include "link/hello.h"
#include "link/report.h"
#include "sensor/lsm6ds3.h"

static struct device device;
static const struct identity identity = {.serial = "TEST-1", .firmware = "test 1.0"};

static int set_up(void **state)
{
    (void)state;
    fake_port_init();
    fake.n_aux = 1;
    fake.aux[0] = (struct thenar_aux_channel){
        .id = 9, .kind = 3, .n_values = 1, .rate_mhz = 1000, .scale_nano = 1};
    assert_int_equal(device_init(&device, &board_glove16, &identity), THENAR_OK);
    return 0;
}

/* The numbers of the data sheets: 0.488 mg, 70 mdps a step. */
static void test_scales(void **state)
{
    (void)state;
    struct thenar_aux_channel channels[LSM6DS3_N_CHANNELS];
    lsm6ds3_channels(channels);
    assert_int_equal(channels[0].kind, THENAR_AUX_ACCELERATION);
    assert_near(channels[0].scale_nano * 1e-9, 0.488e-3 * 9.80665, 1e-9);
    assert_int_equal(channels[1].kind, THENAR_AUX_ANGULAR_RATE);
    assert_near(channels[1].scale_nano * 1e-9, 70e-3 * 3.14159265358979 / 180.0, 1e-9);
    assert_true(lsm6ds3_is_known(0x69) && lsm6ds3_is_known(0x6A) && lsm6ds3_is_known(0x6C));
    assert_false(lsm6ds3_is_known(0x00) || lsm6ds3_is_known(0xFF) || lsm6ds3_is_known(0x6B));
}

static void test_samples(void **state)
{
    (void)state;
    static const uint8_t bytes[LSM6DS3_N_BYTES] = {0x34, 0x12, 0xFF, 0xFF, 0x00, 0x80,
                                                   0x01, 0x00, 0xFF, 0x7F, 0xFE, 0xFF};
    static const int8_t straight[3] = {1, 2, 3}, turned[3] = {-3, 1, -2};
    struct thenar_aux_sample samples[LSM6DS3_N_CHANNELS];
    lsm6ds3_samples(bytes, straight, 77, samples);
    static const int32_t rate[3] = {0x1234, -1, -32768}, acceleration[3] = {1, 32767, -2};
    assert_memory_equal(samples[0].values, acceleration, sizeof acceleration);
    assert_memory_equal(samples[1].values, rate, sizeof rate);
    assert_int_equal(samples[0].id, 1);
    assert_int_equal(samples[1].id, 2);
    assert_int_equal(samples[0].n_values, 3);
    assert_true(samples[0].ticks == 77 && samples[1].ticks == 77);

    /* The lowest value turned round is one more than 16 bits hold. */
    lsm6ds3_samples(bytes, turned, 0, samples);
    static const int32_t turned_rate[3] = {32768, 0x1234, 1};
    assert_memory_equal(samples[1].values, turned_rate, sizeof turned_rate);
}

/* Sensor and array are both right-handed; a slip of a sign in a board file would mirror the hand.
 */
static void test_boards_turn_and_do_not_mirror(void **state)
{
    (void)state;
    static const struct board *const boards[] = {&board_glove16, &board_table32, &board_template};
    for (size_t b = 0; b < sizeof boards / sizeof boards[0]; b++) {
        const int8_t *axes = boards[b]->motion.axes;
        if (axes[0] == 0)
            continue;
        int matrix[3][3] = {{0}};
        for (int i = 0; i < 3; i++) {
            int from = axes[i] < 0 ? -axes[i] : axes[i];
            assert_in_range(from, 1, 3);
            matrix[i][from - 1] = axes[i] < 0 ? -1 : 1;
        }
        int determinant = 0;
        for (int i = 0; i < 3; i++)
            determinant += matrix[0][i] * (matrix[1][(i + 1) % 3] * matrix[2][(i + 2) % 3] -
                                           matrix[1][(i + 2) % 3] * matrix[2][(i + 1) % 3]);
        assert_int_equal(determinant, 1);
    }
    assert_int_not_equal(board_glove16.motion.axes[0], 0);
}

static void test_hello_announces(void **state)
{
    (void)state;
    struct thenar_message message;
    struct thenar_hello hello;
    device_poll(&device);
    assert_true(fake_host_receive(&message));
    assert_int_equal(message.type, THENAR_MESSAGE_HELLO);
    assert_int_equal(thenar_hello_decode(message.body, message.n_body, &hello), THENAR_OK);
    assert_int_equal(hello.n_aux, 1);
    assert_int_equal(hello.aux[0].id, 9);
}

/* AUX messages until something else than AUX and FRAME comes, or nothing; checks that they fall. */
static unsigned count_aux(int32_t *first)
{
    struct thenar_message message;
    unsigned n = 0;
    int32_t last = 0;
    while (fake_host_receive(&message)) {
        if (message.type != THENAR_MESSAGE_AUX)
            continue;
        struct thenar_aux_sample sample;
        assert_int_equal(thenar_aux_decode(message.body, message.n_body, &sample), THENAR_OK);
        if (n == 0)
            *first = sample.values[0];
        else
            assert_int_equal(sample.values[0], last - 1);
        last = sample.values[0];
        n++;
    }
    return n;
}

static void test_only_between_start_and_stop(void **state)
{
    (void)state;
    int32_t first = 0;
    fake.n_aux_samples = 5;
    device_poll(&device);
    assert_int_equal(count_aux(&first), 0);
    assert_int_equal(fake.n_aux_samples, 0); /* taken, so that none of them is told later */
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    fake.n_aux_samples = 5;
    device_poll(&device);
    assert_int_equal(count_aux(&first), 5);
    assert_int_equal(first, 5);

    /* What waits when STOP comes goes out before its reply. */
    fake.n_aux_samples = 3;
    fake.link_room = 0;
    device_poll(&device);
    fake.link_room = SIZE_MAX;
    fake_host_command(50, THENAR_COMMAND_STOP, 0);
    for (int i = 0; i < 4; i++)
        device_poll(&device);
    struct thenar_message message;
    unsigned n = 0;
    bool is_answered = false;
    while (fake_host_receive(&message)) {
        assert_false(is_answered && message.type == THENAR_MESSAGE_AUX);
        n += message.type == THENAR_MESSAGE_AUX;
        is_answered = is_answered || message.type == THENAR_MESSAGE_REPLY;
    }
    assert_true(is_answered);
    assert_int_equal(n, 3);
}

static void test_oldest_goes(void **state)
{
    (void)state;
    int32_t first = 0;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    (void)count_aux(&first);
    fake.link_room = 0;
    fake.n_aux_samples = 100;
    for (int i = 0; i < 10; i++)
        device_poll(&device);
    assert_int_equal(fake.n_aux_samples, 0);
    fake.link_room = SIZE_MAX;
    device_poll(&device);
    /* One may have been on its way already. */
    unsigned n = device.aux.n_samples;
    struct thenar_message message;
    int32_t last = 0;
    while (fake_host_receive(&message))
        if (message.type == THENAR_MESSAGE_AUX) {
            struct thenar_aux_sample sample;
            assert_int_equal(thenar_aux_decode(message.body, message.n_body, &sample), THENAR_OK);
            last = sample.values[0];
            n++;
        }
    assert_in_range(n, AUX_QUEUE_SLOTS, AUX_QUEUE_SLOTS + 1);
    assert_int_equal(last, 1);
}

static void test_host_leaves(void **state)
{
    (void)state;
    int32_t first = 0;
    assert_int_equal(fake_host_call(&device, THENAR_COMMAND_START, 0).result, THENAR_REPLY_OK);
    (void)count_aux(&first);
    fake.link_room = 0;
    fake.n_aux_samples = 4;
    device_poll(&device);
    fake.host_is_there = false;
    device_poll(&device);
    fake.host_is_there = true;
    fake.link_room = SIZE_MAX;
    for (int i = 0; i < 4; i++)
        device_poll(&device);
    assert_int_equal(count_aux(&first), 0);
    assert_int_equal(device.aux.n_samples, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scales),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_boards_turn_and_do_not_mirror),
        cmocka_unit_test_setup(test_hello_announces, set_up),
        cmocka_unit_test_setup(test_only_between_start_and_stop, set_up),
        cmocka_unit_test_setup(test_oldest_goes, set_up),
        cmocka_unit_test_setup(test_host_leaves, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

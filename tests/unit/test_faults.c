/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The faults of the virtual device: what --fault says, and what happens on the line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fault_line.h"
#include "fault_plan.h"
#include "link/stream.h"

static struct fault_plan plan;
static struct fault_line line;

static int set_up(void **state)
{
    (void)state;
    plan = (struct fault_plan){0};
    fault_line_init(&line, 1);
    return 0;
}

static const struct fault *add(const char *text)
{
    struct thenar_error error = {0};
    if (fault_plan_add(&plan, text, &error) != THENAR_OK)
        fail_msg("%s", error.text);
    return &plan.faults[plan.n_faults - 1];
}

static void test_texts(void **state)
{
    (void)state;
    const struct fault *fault = add("bits@2.5+3,1e-5");
    assert_int_equal(fault->kind, FAULT_BITS);
    assert_float_equal(fault->at_s, 2.5, 0.0);
    assert_float_equal(fault->for_s, 3.0, 0.0);
    assert_float_equal(fault->value, 1e-5, 0.0);
    fault = add("unplug@5");
    assert_float_equal(fault->for_s, 1.0, 0.0); /* unless said */
    fault = add("row-open@0,31");
    assert_true(isinf(fault->for_s));
    fault = add("taxel-stuck@0,33,900");
    assert_float_equal(fault->second, 900.0, 0.0);
    fault = add("drift@0,-200");
    assert_float_equal(fault->value, -200.0, 0.0);
}

static void test_bad_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } bad[] = {
        {"", "no such kind"},
        {"bit@1,1", "no such kind"},
        {"bits", "when?"},
        {"bits@", "bad time"},
        {"bits@-1,0.1", "bad time"},
        {"bits@inf,0.1", "bad time"},
        {"bits@1+0,0.1", "bad time"},
        {"bits@1", "bad argument"},
        {"bits@1,0.6", "bad argument"},
        {"bits@1,nan", "bad argument"},
        {"bits@1,0.1,2", "bad argument"},
        {"flip@1+2,3", "without a duration"},
        {"stall@1+2,3", "bad argument"},
        {"row-open@1,256", "bad argument"},
        {"taxel-stuck@1,5,5000", "bad argument"},
        {"reset@1x", "bad argument"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct thenar_error error = {0};
        assert_int_equal(fault_plan_add(&plan, bad[i].text, &error), THENAR_ERR_ARGUMENT);
        assert_non_null(strstr(error.text, bad[i].said));
        assert_non_null(strstr(error.text, bad[i].text));
    }
    assert_int_equal(plan.n_faults, 0);
}

static void test_too_many(void **state)
{
    (void)state;
    struct thenar_error error;
    for (int i = 0; i < FAULT_PLAN_MOST; i++)
        add("reset@1");
    assert_int_equal(fault_plan_add(&plan, "reset@1", &error), THENAR_ERR_SPACE);
}

static void test_plan_in_time(void **state)
{
    (void)state;
    const struct fault *stall = add("stall@2+3"), *reset = add("reset@4"), *hum = add("hum@0,10");
    assert_float_equal(fault_plan_next_s(&plan), 0.0, 0.0);
    assert_ptr_equal(fault_plan_step(&plan, 1.0), hum);
    assert_null(fault_plan_step(&plan, 1.0));
    assert_ptr_equal(fault_plan_active(&plan, FAULT_HUM, NULL), hum);
    assert_null(fault_plan_active(&plan, FAULT_HUM, hum));
    assert_float_equal(fault_plan_next_s(&plan), 2.0, 0.0);

    /* After a long sleep they come in the order of time. */
    assert_ptr_equal(fault_plan_step(&plan, 100.0), stall);
    assert_false(stall->ended);
    assert_ptr_equal(fault_plan_step(&plan, 100.0), reset);
    assert_ptr_equal(fault_plan_step(&plan, 100.0), stall);
    assert_true(stall->ended);
    assert_null(fault_plan_step(&plan, 100.0));
    assert_null(fault_plan_active(&plan, FAULT_STALL, NULL));
    assert_ptr_equal(fault_plan_active(&plan, FAULT_HUM, NULL), hum); /* to the end */
    assert_true(isinf(fault_plan_next_s(&plan)));
}

static void test_sound_line_changes_nothing(void **state)
{
    (void)state;
    uint8_t in[600], out[601];
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 7);
    assert_true(fault_line_is_sound(&line));
    assert_int_equal(fault_line_pass(&line, in, sizeof in, out), sizeof in);
    assert_memory_equal(in, out, sizeof in);
}

/* Errors over 8 million bits at 1e-3: 8000, with a standard deviation of 89. */
static void test_bit_error_rate(void **state)
{
    (void)state;
    static uint8_t in[1000000], out[1000001];
    memset(in, 0x55, sizeof in);
    fault_line_set_bit_errors(&line, 1e-3);
    assert_false(fault_line_is_sound(&line));
    assert_int_equal(fault_line_pass(&line, in, sizeof in, out), sizeof in);
    unsigned n_errors = 0;
    for (size_t i = 0; i < sizeof in; i++)
        n_errors += (unsigned)__builtin_popcount(in[i] ^ out[i]);
    assert_in_range(n_errors, 8000 - 4 * 89, 8000 + 4 * 89);
    fault_line_set_bit_errors(&line, 0.0);
    in[0] = 0;
    assert_int_equal(fault_line_pass(&line, in, 1, out), 1);
    assert_true(fault_line_is_sound(&line));
}

static void test_exactly_so_many_flips(void **state)
{
    (void)state;
    uint8_t in[4096] = {0}, out[4097];
    fault_line_flip(&line, 5);
    assert_int_equal(fault_line_pass(&line, in, sizeof in, out), sizeof in);
    unsigned n_errors = 0;
    for (size_t i = 0; i < sizeof in; i++)
        n_errors += (unsigned)__builtin_popcount(out[i]);
    assert_int_equal(n_errors, 5);
    assert_true(fault_line_is_sound(&line));
}

static size_t wrap(uint8_t type, uint8_t fill, size_t n_body, uint8_t *wire)
{
    uint8_t message[600];
    size_t n_wire;
    memset(message + 1, fill, n_body);
    assert_int_equal(thenar_stream_wrap(type, message, n_body, wire, 700, &n_wire), THENAR_OK);
    return n_wire;
}

/* FRAMEs are lost whole and nothing else is, however the octets are cut into writes. */
static void test_frames_are_dropped_whole(void **state)
{
    (void)state;
    for (size_t n_write = 1; n_write <= 50; n_write++) {
        static const uint8_t types[] = {THENAR_MESSAGE_STATUS, THENAR_MESSAGE_FRAME,
                                        THENAR_MESSAGE_REPLY, THENAR_MESSAGE_FRAME,
                                        THENAR_MESSAGE_FRAME};
        uint8_t wire[4000], out[4001];
        size_t n_wire = 0, n_out = 0;
        for (size_t i = 0; i < sizeof types; i++)
            n_wire += wrap(types[i], (uint8_t)i, 20 + i * 90, wire + n_wire);
        fault_line_init(&line, 1);
        fault_line_drop(&line, 2);
        for (size_t at = 0; at < n_wire; at += n_write) {
            size_t n = n_wire - at < n_write ? n_wire - at : n_write;
            n_out += fault_line_pass(&line, wire + at, n, out + n_out);
        }
        static struct thenar_stream stream;
        struct thenar_message message;
        thenar_stream_init(&stream);
        size_t at = 0, n_used;
        static const uint8_t left[] = {THENAR_MESSAGE_STATUS, THENAR_MESSAGE_REPLY,
                                       THENAR_MESSAGE_FRAME};
        for (size_t i = 0; i < sizeof left; i++, at += n_used) {
            assert_int_equal(thenar_stream_next(&stream, out + at, n_out - at, &n_used, &message),
                             THENAR_OK);
            assert_int_equal(message.type, left[i]);
        }
        assert_int_equal(message.body[0], 4); /* the last of the three FRAMEs */
        assert_true(fault_line_is_sound(&line));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_texts, set_up),
        cmocka_unit_test_setup(test_bad_texts, set_up),
        cmocka_unit_test_setup(test_too_many, set_up),
        cmocka_unit_test_setup(test_plan_in_time, set_up),
        cmocka_unit_test_setup(test_sound_line_changes_nothing, set_up),
        cmocka_unit_test_setup(test_bit_error_rate, set_up),
        cmocka_unit_test_setup(test_exactly_so_many_flips, set_up),
        cmocka_unit_test_setup(test_frames_are_dropped_whole, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "map_code.h"

static unsigned read_u16(const unsigned char *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

static float read_f32(const unsigned char *at)
{
    uint32_t bits = read_u16(at) | (uint32_t)read_u16(at + 2) << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static struct thenar_feed_frame frame_of(unsigned n_rows, unsigned n_cols, bool uncalibrated)
{
    return (struct thenar_feed_frame){.stamp.t_device = 1790000000.5,
                                      .frame_seq = 0x01020304,
                                      .n_rows = n_rows,
                                      .n_cols = n_cols,
                                      .pitch_x_mm = 15,
                                      .pitch_y_mm = 10,
                                      .uncalibrated = uncalibrated};
}

static void a_map_has_its_head_and_its_values(void **state)
{
    (void)state;
    struct thenar_feed_frame frame = frame_of(2, 3, false);
    const float matrix[6] = {0, 10, 123.45f, NAN, -3, 1e6f};
    unsigned char code[MAP_CODE_HEAD_BYTES + 12];
    assert_int_equal(map_code_bytes(2, 3, 0), sizeof code);
    assert_int_equal(map_code_encode(7, &frame, matrix, 0, code), sizeof code);
    assert_int_equal(code[0], 1);
    assert_int_equal(code[1], 0);
    assert_int_equal(read_u16(code + 2), 7);
    assert_int_equal(read_u16(code + 4), 2);
    assert_int_equal(read_u16(code + 6), 3);
    float step_kpa = read_f32(code + 8);
    assert_memory_equal(code + 12, "\x04\x03\x02\x01", 4);
    assert_true(read_f32(code + 16) == 15 && read_f32(code + 20) == 10);
    double t_device;
    memcpy(&t_device, code + 24, sizeof t_device); /* this machine is little-endian */
    assert_true(t_device == 1790000000.5);
    const unsigned char *codes = code + MAP_CODE_HEAD_BYTES;
    for (unsigned i = 0; i < 3; i++)
        assert_true(fabsf((float)read_u16(codes + 2 * i) * step_kpa - matrix[i]) <= step_kpa / 2);
    assert_int_equal(read_u16(codes + 6), MAP_CODE_ABSENT);
    assert_int_equal(read_u16(codes + 8), 0);                    /* below zero is zero */
    assert_int_equal(read_u16(codes + 10), MAP_CODE_ABSENT - 1); /* the end, not "absent" */
}

static void relative_values_say_so(void **state)
{
    (void)state;
    struct thenar_feed_frame frame = frame_of(1, 2, true);
    const float matrix[2] = {0.5f, 1};
    unsigned char code[MAP_CODE_HEAD_BYTES + 4];
    (void)map_code_encode(0, &frame, matrix, 0, code);
    assert_int_equal(code[1], MAP_CODE_UNCALIBRATED);
    assert_true(fabsf((float)read_u16(code + 32) * read_f32(code + 8) - 0.5f) < 1e-4f);
    assert_true(fabsf((float)read_u16(code + 34) * read_f32(code + 8) - 1) < 1e-4f);
}

/* 5 x 7 joined to at most 4 cells: blocks of 2 x 2, the last ones cut. */
static void a_thinned_map_keeps_each_peak(void **state)
{
    (void)state;
    struct thenar_feed_frame frame = frame_of(5, 7, false);
    float matrix[35];
    unsigned char code[MAP_CODE_HEAD_BYTES + 2 * 12];
    assert_int_equal(map_code_bytes(5, 7, 4), sizeof code);
    for (unsigned peak = 0; peak < 35; peak++) {
        for (unsigned i = 0; i < 35; i++)
            matrix[i] = i == peak ? 80.0f : i % 3 == 0 ? NAN : 1.0f;
        assert_int_equal(map_code_encode(0, &frame, matrix, 4, code), sizeof code);
        assert_int_equal(read_u16(code + 4), 3);
        assert_int_equal(read_u16(code + 6), 4);
        assert_true(read_f32(code + 16) == 30 && read_f32(code + 20) == 20);
        unsigned cell = peak / 7 / 2 * 4 + peak % 7 / 2;
        for (unsigned i = 0; i < 12; i++) {
            unsigned value = read_u16(code + MAP_CODE_HEAD_BYTES + 2 * i);
            assert_true(value == MAP_CODE_ABSENT || (value == 1600) == (i == cell));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_has_its_head_and_its_values),
        cmocka_unit_test(relative_values_say_so),
        cmocka_unit_test(a_thinned_map_keeps_each_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/settings.h"
#include "fake_port.h"
#include "link/crc32c.h"

static const struct settings first = {.rate_mhz = 100000, .gate_counts = 5};
static const struct settings second = {.rate_mhz = 123456, .gate_counts = 77};

static void check_loads(const struct settings *expected)
{
    struct settings settings = {0};
    assert_int_equal(settings_load(&settings, &board_table32), THENAR_OK);
    assert_int_equal(settings.rate_mhz, expected->rate_mhz);
    assert_int_equal(settings.gate_counts, expected->gate_counts);
}

static void test_new_device_has_none(void **state)
{
    (void)state;
    fake_port_init();
    struct settings settings = second;
    assert_int_equal(settings_load(&settings, &board_table32), THENAR_ERR_ABSENT);
    assert_int_equal(settings.rate_mhz, second.rate_mhz);
    settings_default(&settings, &board_table32);
    assert_int_equal(settings.rate_mhz, 200000);
    assert_int_equal(settings.gate_counts, 0);
}

static void test_last_stored_is_loaded(void **state)
{
    (void)state;
    fake_port_init();
    for (uint16_t i = 0; i < 20; i++) {
        struct settings settings = {.rate_mhz = 100000U + i, .gate_counts = i};
        assert_int_equal(settings_store(&settings), THENAR_OK);
        check_loads(&settings);
    }
}

/* Power fails before any octet, or behind each one: the settings before still stand. */
static void test_cut_write_at_every_octet(void **state)
{
    (void)state;
    for (int n_before = 1; n_before <= 2; n_before++)
        for (size_t cut = 0; cut < 20; cut++) {
            fake_port_init();
            for (int i = 0; i < n_before; i++)
                assert_int_equal(settings_store(&first), THENAR_OK);
            fake.cut_after = cut;
            assert_int_equal(settings_store(&second), THENAR_ERR_OS);
            assert_true(fake.power_failed);
            fake_port_reset(false);
            check_loads(&first);
            assert_int_equal(settings_store(&second), THENAR_OK); /* and it can be done again */
            check_loads(&second);
        }
}

/* Nothing was stored before: a cut write leaves a new device. */
static void test_first_write_cut(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < 20; cut++) {
        fake_port_init();
        fake.cut_after = cut;
        assert_int_equal(settings_store(&first), THENAR_ERR_OS);
        fake_port_reset(false);
        struct settings settings;
        assert_int_equal(settings_load(&settings, &board_table32), THENAR_ERR_ABSENT);
    }
}

static void test_any_flipped_bit_falls_back(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 20 * 8; bit++) {
        fake_port_init();
        assert_int_equal(settings_store(&first), THENAR_OK);  /* slot 0 */
        assert_int_equal(settings_store(&second), THENAR_OK); /* slot 1 */
        fake.flash[1][bit / 8] ^= (uint8_t)(1U << bit % 8);
        check_loads(&first);
    }
}

static void set_sequence(unsigned slot, uint32_t sequence)
{
    uint8_t *record = fake.flash[slot];
    for (int i = 0; i < 4; i++)
        record[4 + i] = (uint8_t)(sequence >> 8 * i);
    uint32_t crc = thenar_crc32c(record, 16);
    for (int i = 0; i < 4; i++)
        record[16 + i] = (uint8_t)(crc >> 8 * i);
}

static void test_sequence_wraps(void **state)
{
    (void)state;
    fake_port_init();
    assert_int_equal(settings_store(&first), THENAR_OK);
    set_sequence(0, UINT32_MAX);
    assert_int_equal(settings_store(&second), THENAR_OK); /* with sequence 0 */
    check_loads(&second);
    assert_int_equal(settings_store(&first), THENAR_OK);
    check_loads(&first);
}

static void test_another_boards_settings_are_not_taken(void **state)
{
    (void)state;
    fake_port_init();
    struct settings fast = {.rate_mhz = board_glove16.rate_mhz, .gate_counts = 0};
    struct settings settings;
    assert_int_equal(settings_store(&fast), THENAR_OK);
    assert_int_equal(settings_load(&settings, &board_table32), THENAR_ERR_ABSENT);
    assert_int_equal(settings_load(&settings, &board_glove16), THENAR_OK);
}

static void test_broken_flash_is_told(void **state)
{
    (void)state;
    fake_port_init();
    fake.flash_is_broken = true;
    struct settings settings;
    assert_int_equal(settings_load(&settings, &board_table32), THENAR_ERR_OS);
    assert_int_equal(settings_store(&first), THENAR_ERR_OS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_device_has_none),
        cmocka_unit_test(test_last_stored_is_loaded),
        cmocka_unit_test(test_cut_write_at_every_octet),
        cmocka_unit_test(test_first_write_cut),
        cmocka_unit_test(test_any_flipped_bit_falls_back),
        cmocka_unit_test(test_sequence_wraps),
        cmocka_unit_test(test_another_boards_settings_are_not_taken),
        cmocka_unit_test(test_broken_flash_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/crc32c.h"
#include "unit/random.h"

static void assert_crc(const uint8_t *bytes, size_t n_bytes, uint32_t crc)
{
    assert_int_equal(thenar_crc32c(bytes, n_bytes), crc);
    assert_int_equal(thenar_crc32c_by_table(bytes, n_bytes), crc);
}

/* RFC 3720, B.4, and the usual check value. */
static void known_values(void **state)
{
    (void)state;
    uint8_t bytes[32] = {0};
    assert_crc((const uint8_t *)"123456789", 9, 0xE3069283u);
    assert_crc(bytes, 0, 0);
    assert_crc(bytes, 32, 0x8A9136AAu);
    memset(bytes, 0xFF, sizeof bytes);
    assert_crc(bytes, 32, 0x62A8AB43u);
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    assert_crc(bytes, 32, 0x46DD794Eu);
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(31 - i);
    assert_crc(bytes, 32, 0x113FDB5Cu);
}

/* Every length past two whole blocks of the fast form, at every alignment. */
static void fast_form_agrees(void **state)
{
    (void)state;
    struct random random = {4};
    static uint8_t bytes[2100];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random_u32(&random);
    for (size_t n_bytes = 0; n_bytes <= 2000; n_bytes++) {
        size_t at = random_below(&random, 64);
        assert_int_equal(thenar_crc32c(bytes + at, n_bytes),
                         thenar_crc32c_by_table(bytes + at, n_bytes));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(fast_form_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

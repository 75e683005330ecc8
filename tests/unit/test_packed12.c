/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/packed12.h"
#include "unit/random.h"

enum { MAX_SAMPLES = 300 };

static void known_octets(void **state)
{
    (void)state;
    const uint16_t samples[] = {0xABC, 0x123, 0xF0F};
    uint8_t packed[5];
    assert_int_equal(thenar_packed12_bytes(3), sizeof packed);
    thenar_packed12_encode(samples, 3, packed);
    assert_memory_equal(packed, "\xBC\x3A\x12\x0F\x0F", sizeof packed);
}

/* Every length, in memory that ends where the octets and the samples end. */
static void round_trip(void **state)
{
    (void)state;
    struct random random = {5};
    for (size_t n_samples = 0; n_samples < MAX_SAMPLES; n_samples++) {
        size_t n_bytes = thenar_packed12_bytes(n_samples);
        uint16_t samples[MAX_SAMPLES];
        uint8_t *packed = test_malloc(n_bytes + 1);
        uint16_t *fast = test_malloc(n_samples * sizeof *fast + 1);
        uint16_t *plain = test_malloc(n_samples * sizeof *plain + 1);
        for (size_t i = 0; i < n_samples; i++)
            samples[i] = (uint16_t)random_below(&random, 4096);
        thenar_packed12_encode(samples, n_samples, packed);
        thenar_packed12_decode(packed, n_samples, fast);
        thenar_packed12_decode_portably(packed, n_samples, plain);
        assert_memory_equal(fast, samples, n_samples * sizeof *fast);
        assert_memory_equal(plain, samples, n_samples * sizeof *plain);
        if (n_samples % 2)
            assert_in_range(packed[n_bytes - 1], 0, 0x0F);
        test_free(packed);
        test_free(fast);
        test_free(plain);
    }
}

static void thirteenth_bit_harms_no_neighbour(void **state)
{
    (void)state;
    const uint16_t samples[] = {0xFFFF, 0, 0xF000};
    uint16_t out[3];
    uint8_t packed[5];
    thenar_packed12_encode(samples, 3, packed);
    thenar_packed12_decode(packed, 3, out);
    assert_int_equal(out[0], 0xFFF);
    assert_int_equal(out[1], 0);
    assert_int_equal(out[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_octets),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(thirteenth_bit_harms_no_neighbour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

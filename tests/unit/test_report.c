/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/report.h"

enum { HEALTH_BYTES = 49, FAULT_BYTES = 14, MAX_BODY = 64 };

/* Each field with octets of its own, so that no two can be mistaken for each other. */
static const struct thenar_health good_health = {
    .ticks = 0x0807060504030201,
    .uptime_s = 0x0C0B0A09,
    .streaming = true,
    .rate_mhz = 0x11100F0E,
    .gate_counts = 0x1312,
    .temperature_centi_c = -0x1415,
    .supply_mv = 0x1716,
    .n_frames = 0x1B1A1918,
    .n_dropped = 0x1F1E1D1C,
    .n_overruns = 0x23222120,
    .n_link_stalls = 0x27262524,
    .n_watchdog_resets = 0x2B2A2928,
    .n_bad_commands = 0x2F2E2D2C,
    .last_fault = 0x3130,
};

static void assert_health(const struct thenar_health *a, const struct thenar_health *b)
{
    assert_int_equal(a->ticks, b->ticks);
    assert_int_equal(a->uptime_s, b->uptime_s);
    assert_int_equal(a->streaming, b->streaming);
    assert_int_equal(a->rate_mhz, b->rate_mhz);
    assert_int_equal(a->gate_counts, b->gate_counts);
    assert_int_equal(a->temperature_centi_c, b->temperature_centi_c);
    assert_int_equal(a->supply_mv, b->supply_mv);
    assert_int_equal(a->n_frames, b->n_frames);
    assert_int_equal(a->n_dropped, b->n_dropped);
    assert_int_equal(a->n_overruns, b->n_overruns);
    assert_int_equal(a->n_link_stalls, b->n_link_stalls);
    assert_int_equal(a->n_watchdog_resets, b->n_watchdog_resets);
    assert_int_equal(a->n_bad_commands, b->n_bad_commands);
    assert_int_equal(a->last_fault, b->last_fault);
}

static void health(void **state)
{
    (void)state;
    uint8_t body[MAX_BODY];
    struct thenar_health back;
    size_t n_body, n_out;
    assert_int_equal(thenar_health_encode(&good_health, body, sizeof body, &n_body), THENAR_OK);
    assert_int_equal(n_body, HEALTH_BYTES);
    assert_int_equal(thenar_health_decode(body, n_body, &back), THENAR_OK);
    assert_health(&back, &good_health);
    for (size_t n_kept = 0; n_kept < n_body; n_kept++) {
        uint8_t small[MAX_BODY];
        assert_int_equal(thenar_health_decode(body, n_kept, &back), THENAR_ERR_LENGTH);
        assert_int_equal(thenar_health_encode(&good_health, small, n_kept, &n_out),
                         THENAR_ERR_SPACE);
        assert_int_equal(n_out, 0);
    }
    assert_int_equal(thenar_health_decode(body, n_body + 5, &back), THENAR_OK);
    assert_health(&back, &good_health);
}

static void health_flipped_bits(void **state)
{
    (void)state;
    uint8_t body[MAX_BODY], again[MAX_BODY];
    struct thenar_health back;
    size_t n_body, n_again;
    assert_int_equal(thenar_health_encode(&good_health, body, sizeof body, &n_body), THENAR_OK);
    for (size_t bit = 0; bit < 8 * n_body; bit++) {
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        enum thenar_status status = thenar_health_decode(body, n_body, &back);
        if (bit > 12 * 8 && bit < 13 * 8) { /* a bool that is neither */
            assert_int_equal(status, THENAR_ERR_VALUE);
        } else {
            assert_int_equal(status, THENAR_OK);
            assert_int_equal(thenar_health_encode(&back, again, sizeof again, &n_again), THENAR_OK);
            assert_memory_equal(again, body, n_body);
        }
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
    }
}

static void fault(void **state)
{
    (void)state;
    const struct thenar_fault fault = {UINT64_MAX - 1, THENAR_FAULT_SCAN_STALLED, 0xDEADBEEF};
    struct thenar_fault back;
    uint8_t body[MAX_BODY], again[MAX_BODY];
    size_t n_body, n_out;
    assert_int_equal(thenar_fault_encode(&fault, body, sizeof body, &n_body), THENAR_OK);
    assert_int_equal(n_body, FAULT_BYTES);
    for (size_t n_kept = 0; n_kept < n_body; n_kept++) {
        assert_int_equal(thenar_fault_decode(body, n_kept, &back), THENAR_ERR_LENGTH);
        assert_int_equal(thenar_fault_encode(&fault, again, n_kept, &n_out), THENAR_ERR_SPACE);
    }
    for (size_t bit = 0; bit <= 8 * n_body; bit++) { /* the last round flips none */
        if (bit < 8 * n_body)
            body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        assert_int_equal(thenar_fault_decode(body, n_body, &back), THENAR_OK);
        assert_int_equal(thenar_fault_encode(&back, again, sizeof again, &n_out), THENAR_OK);
        assert_memory_equal(again, body, n_body);
        if (bit < 8 * n_body)
            body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
    }
    assert_int_equal(back.ticks, fault.ticks);
    assert_int_equal(back.code, fault.code);
    assert_int_equal(back.detail, fault.detail);
}

static void aux(void **state)
{
    (void)state;
    for (uint8_t n_values = 1; n_values <= THENAR_MAX_AUX_VALUES; n_values++) {
        struct thenar_aux_sample sample = {.ticks = 1ull << 63, .id = 200, .n_values = n_values};
        struct thenar_aux_sample back;
        for (uint8_t i = 0; i < n_values; i++)
            sample.values[i] = i % 2 ? INT32_MIN + i : INT32_MAX - i;
        uint8_t body[MAX_BODY], small[MAX_BODY];
        size_t n_body, n_out;
        assert_int_equal(thenar_aux_encode(&sample, body, sizeof body, &n_body), THENAR_OK);
        assert_int_equal(n_body, 10 + 4 * n_values);
        assert_int_equal(thenar_aux_decode(body, n_body, &back), THENAR_OK);
        assert_int_equal(back.ticks, sample.ticks);
        assert_int_equal(back.id, sample.id);
        assert_int_equal(back.n_values, n_values);
        assert_memory_equal(back.values, sample.values, sizeof sample.values);
        for (size_t n_kept = 0; n_kept < n_body; n_kept++) {
            assert_int_equal(thenar_aux_decode(body, n_kept, &back), THENAR_ERR_LENGTH);
            assert_int_equal(thenar_aux_encode(&sample, small, n_kept, &n_out), THENAR_ERR_SPACE);
        }
    }
}

static void aux_values_have_room(void **state)
{
    (void)state;
    uint8_t body[MAX_BODY] = {0};
    struct thenar_aux_sample back;
    size_t n_body = 1;
    for (unsigned n_values = 0; n_values < 256; n_values++) {
        body[9] = (uint8_t)n_values;
        assert_int_equal(thenar_aux_decode(body, sizeof body, &back),
                         n_values >= 1 && n_values <= 9 ? THENAR_OK : THENAR_ERR_VALUE);
    }
    back = (struct thenar_aux_sample){.n_values = 10};
    assert_int_equal(thenar_aux_encode(&back, body, sizeof body, &n_body), THENAR_ERR_VALUE);
    assert_int_equal(n_body, 0);
    back.n_values = 0;
    assert_int_equal(thenar_aux_encode(&back, body, sizeof body, &n_body), THENAR_ERR_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health), cmocka_unit_test(health_flipped_bits),  cmocka_unit_test(fault),
        cmocka_unit_test(aux),    cmocka_unit_test(aux_values_have_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

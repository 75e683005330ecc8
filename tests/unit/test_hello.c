/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "link/hello.h"
#include "link/utf8.h"

enum { MAX_BODY = 1024 };

static struct thenar_hello good_hello(void)
{
    return (struct thenar_hello){
        .version_major = 1,
        .mount = THENAR_MOUNT_GLOVE,
        .adc_bits = 12,
        .n_rows = 5,
        .n_cols = 3,
        .tick_hz = 1000000,
        .rate_mhz = 500000,
        .rate_min_mhz = 1000,
        .rate_max_mhz = 1000000,
        .pitch_x_um = 6000,
        .pitch_y_um = 12000,
        .sensing_um2 = 16000000,
        .front_end = THENAR_FRONT_END_TRANSIMPEDANCE,
        .zero_potential = true,
        .has_taxel_pages = true,
        .reference_ohm = 10000,
        .settle_ns = 2500,
        .gate_counts = 17,
        .calibration = THENAR_CALIBRATION_FACTORY,
        .conductance_100kpa_ns = 60000,
        .exponent_e4 = 9000,
        .uncertainty_e4 = 800,
        .calibration_days = 20000,
        .calibration_reference = "load cell",
        .model = "glove16",
        .serial = "TH-1",
        .firmware = "f 0.1",
        .n_aux = 2,
        .aux = {{1, THENAR_AUX_ACCELERATION, 3, 200000, 598205}, {7, 99, 9, 1, 1}},
        .exists = {0xFF, 0x5F},
    };
}

/* Field by field: the gaps between fields hold anything. */
static void assert_same(const struct thenar_hello *a, const struct thenar_hello *b)
{
    assert_int_equal(a->version_major, b->version_major);
    assert_int_equal(a->version_minor, b->version_minor);
    assert_int_equal(a->mount, b->mount);
    assert_int_equal(a->adc_bits, b->adc_bits);
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_cols, b->n_cols);
    assert_int_equal(a->tick_hz, b->tick_hz);
    assert_int_equal(a->rate_mhz, b->rate_mhz);
    assert_int_equal(a->rate_min_mhz, b->rate_min_mhz);
    assert_int_equal(a->rate_max_mhz, b->rate_max_mhz);
    assert_int_equal(a->pitch_x_um, b->pitch_x_um);
    assert_int_equal(a->pitch_y_um, b->pitch_y_um);
    assert_int_equal(a->sensing_um2, b->sensing_um2);
    assert_int_equal(a->front_end, b->front_end);
    assert_int_equal(a->zero_potential, b->zero_potential);
    assert_int_equal(a->has_taxel_pages, b->has_taxel_pages);
    assert_int_equal(a->reference_ohm, b->reference_ohm);
    assert_int_equal(a->settle_ns, b->settle_ns);
    assert_int_equal(a->gate_counts, b->gate_counts);
    assert_int_equal(a->calibration, b->calibration);
    assert_int_equal(a->conductance_100kpa_ns, b->conductance_100kpa_ns);
    assert_int_equal(a->exponent_e4, b->exponent_e4);
    assert_int_equal(a->uncertainty_e4, b->uncertainty_e4);
    assert_int_equal(a->calibration_days, b->calibration_days);
    assert_string_equal(a->calibration_reference, b->calibration_reference);
    assert_string_equal(a->model, b->model);
    assert_string_equal(a->serial, b->serial);
    assert_string_equal(a->firmware, b->firmware);
    assert_int_equal(a->n_aux, b->n_aux);
    for (size_t i = 0; i < a->n_aux; i++) {
        assert_int_equal(a->aux[i].id, b->aux[i].id);
        assert_int_equal(a->aux[i].kind, b->aux[i].kind);
        assert_int_equal(a->aux[i].n_values, b->aux[i].n_values);
        assert_int_equal(a->aux[i].rate_mhz, b->aux[i].rate_mhz);
        assert_int_equal(a->aux[i].scale_nano, b->aux[i].scale_nano);
    }
    for (size_t i = 0; i < (size_t)a->n_rows * a->n_cols; i++)
        assert_int_equal(thenar_hello_exists(a, i), thenar_hello_exists(b, i));
}

static size_t encode(const struct thenar_hello *hello, uint8_t *body)
{
    size_t n_body;
    assert_int_equal(thenar_hello_encode(hello, body, MAX_BODY, &n_body), THENAR_OK);
    return n_body;
}

static void round_trip(void **state)
{
    (void)state;
    struct thenar_hello hello = good_hello(), back;
    uint8_t body[MAX_BODY];
    size_t n_body = encode(&hello, body);
    assert_int_equal(thenar_hello_decode(body, n_body, &back), THENAR_OK);
    assert_same(&back, &hello);
    assert_true(thenar_hello_exists(&back, 0));
    assert_false(thenar_hello_exists(&back, 13));
    assert_true(thenar_hello_exists(&back, 14));
}

/* The longest HELLO has room in a message. */
static void longest(void **state)
{
    (void)state;
    struct thenar_hello hello = good_hello(), back;
    uint8_t body[MAX_BODY];
    char *const texts[] = {hello.calibration_reference, hello.model, hello.serial, hello.firmware};
    for (size_t i = 0; i < 4; i++)
        memset(texts[i], 'm', THENAR_NAME_BYTES - 1);
    hello.n_rows = hello.n_cols = 64;
    hello.n_aux = THENAR_MAX_AUX;
    for (uint8_t i = 0; i < THENAR_MAX_AUX; i++)
        hello.aux[i] = (struct thenar_aux_channel){.id = i, .n_values = 1};
    memset(hello.exists, 0xFF, sizeof hello.exists);
    size_t n_body = encode(&hello, body);
    assert_int_equal(n_body, 59 + 4 * 32 + 1 + 8 * 11 + 512);
    assert_int_equal(thenar_hello_decode(body, n_body, &back), THENAR_OK);
    assert_same(&back, &hello);
}

static void every_truncation(void **state)
{
    (void)state;
    struct thenar_hello hello = good_hello();
    uint8_t body[MAX_BODY];
    size_t n_body = encode(&hello, body), n_out;
    for (size_t n_kept = 0; n_kept < n_body; n_kept++) {
        assert_int_equal(thenar_hello_decode(body, n_kept, &hello), THENAR_ERR_LENGTH);
        hello = good_hello();
        uint8_t small[MAX_BODY];
        assert_int_equal(thenar_hello_encode(&hello, small, n_kept, &n_out), THENAR_ERR_SPACE);
        assert_int_equal(n_out, 0);
    }
    body[n_body] = 0xEE; /* appended by a later minor version */
    assert_int_equal(thenar_hello_decode(body, n_body + 1, &hello), THENAR_OK);
}

/* A flipped bit is refused, or gives a HELLO that keeps every promise of the header. */
static void every_flipped_bit(void **state)
{
    (void)state;
    struct thenar_hello hello = good_hello(), back, again;
    uint8_t body[MAX_BODY], other[MAX_BODY];
    size_t n_body = encode(&hello, body);
    for (size_t bit = 0; bit < 8 * n_body; bit++) {
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        enum thenar_status status = thenar_hello_decode(body, n_body, &back);
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        if (bit < 8)
            assert_int_equal(status, THENAR_ERR_VERSION);
        if (status)
            continue;
        assert_in_range((size_t)back.n_rows * back.n_cols, 1, THENAR_MAX_TAXELS);
        assert_in_range(back.n_aux, 0, THENAR_MAX_AUX);
        assert_in_range(strlen(back.serial), 1, THENAR_NAME_BYTES - 1);
        size_t n_other = encode(&back, other);
        assert_int_equal(thenar_hello_decode(other, n_other, &again), THENAR_OK);
        assert_same(&again, &back);
    }
}

/* What decoding would refuse is not sent either. */
static void encode_refuses(void **state)
{
    (void)state;
    struct thenar_hello bad[12];
    uint8_t body[MAX_BODY];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        bad[i] = good_hello();
    bad[0].serial[0] = '\0';
    bad[1].n_rows = 0;
    bad[2].n_rows = bad[2].n_cols = 65;
    bad[3].rate_mhz = bad[3].rate_max_mhz + 1;
    bad[4].adc_bits = 13;
    bad[5].n_aux = THENAR_MAX_AUX + 1;
    bad[6].aux[1].id = bad[6].aux[0].id;
    memset(bad[7].model, 'm', THENAR_NAME_BYTES); /* not terminated */
    memcpy(bad[8].firmware, "\x1b[2J", 5);        /* would clear a terminal */
    bad[9].exponent_e4 = 0;
    bad[10].tick_hz = 0;
    bad[11].aux[0].n_values = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t n_body = 1;
        assert_int_equal(thenar_hello_encode(&bad[i], body, sizeof body, &n_body),
                         THENAR_ERR_VALUE);
        assert_int_equal(n_body, 0);
    }
    bad[1] = good_hello();
    bad[1].version_major = 2;
    size_t n_body;
    assert_int_equal(thenar_hello_encode(&bad[1], body, sizeof body, &n_body), THENAR_ERR_VERSION);
}

static bool printable(const char *text)
{
    return thenar_utf8_is_printable((const uint8_t *)text, strlen(text));
}

static void printable_texts(void **state)
{
    (void)state;
    assert_true(printable(""));
    assert_true(printable(" ~"));
    assert_true(printable("\u00a0\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"));
    const char *const bad[] = {"\x1f",
                               "\x7f",
                               "\xc2\x80",
                               "\xc2\x9f",
                               "\x80",
                               "\xbf",
                               "\xc0\x80",
                               "\xc1\xbf",
                               "\xc3",
                               "\xc3(",
                               "\xe0\x9f\xbf",
                               "\xed\xa0\x80",
                               "\xed\xbf\xbf",
                               "\xe2\x82",
                               "\xf0\x8f\xbf\xbf",
                               "\xf0\x9f\x98",
                               "\xf5\x80\x80\x80",
                               "\xf4\x90\x80\x80",
                               "\xff",
                               "ok\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(printable(bad[i]));
}

static struct thenar_taxel_page good_page(uint16_t n_taxels)
{
    struct thenar_taxel_page page = {.first = 64, .n_taxels = n_taxels};
    for (uint16_t i = 0; i < n_taxels; i++)
        page.taxels[i] =
            (struct thenar_taxel){-1000 * i, INT32_MAX - i, 1000u * i, (uint16_t)(16384 + i)};
    return page;
}

static void taxels_round_trip(void **state)
{
    (void)state;
    uint8_t body[MAX_BODY];
    for (uint16_t n_taxels = 1; n_taxels <= THENAR_TAXELS_A_PAGE; n_taxels++) {
        struct thenar_taxel_page page = good_page(n_taxels), back = {0};
        size_t n_body;
        assert_int_equal(thenar_taxels_encode(&page, body, sizeof body, &n_body), THENAR_OK);
        assert_int_equal(n_body, 4 + 14 * n_taxels);
        assert_int_equal(thenar_taxels_decode(body, n_body, &back), THENAR_OK);
        assert_int_equal(back.first, page.first);
        assert_int_equal(back.n_taxels, page.n_taxels);
        for (uint16_t i = 0; i < n_taxels; i++) {
            assert_int_equal(back.taxels[i].x_um, page.taxels[i].x_um);
            assert_int_equal(back.taxels[i].y_um, page.taxels[i].y_um);
            assert_int_equal(back.taxels[i].sensing_um2, page.taxels[i].sensing_um2);
            assert_int_equal(back.taxels[i].gain_q14, page.taxels[i].gain_q14);
        }
    }
}

static void taxels_truncated(void **state)
{
    (void)state;
    struct thenar_taxel_page page = good_page(3), back;
    uint8_t body[MAX_BODY];
    size_t n_body, n_out;
    assert_int_equal(thenar_taxels_encode(&page, body, sizeof body, &n_body), THENAR_OK);
    for (size_t n_kept = 0; n_kept < n_body; n_kept++) {
        assert_int_equal(thenar_taxels_decode(body, n_kept, &back), THENAR_ERR_LENGTH);
        assert_int_equal(thenar_taxels_encode(&page, body, n_kept, &n_out), THENAR_ERR_SPACE);
    }
}

static void taxels_refused(void **state)
{
    (void)state;
    uint8_t body[MAX_BODY] = {0};
    struct thenar_taxel_page page = good_page(64);
    size_t n_body;
    page.first = 4096 - 63;
    assert_int_equal(thenar_taxels_encode(&page, body, sizeof body, &n_body), THENAR_ERR_VALUE);
    page.first = 4096 - 64;
    assert_int_equal(thenar_taxels_encode(&page, body, sizeof body, &n_body), THENAR_OK);
    page.n_taxels = 65;
    assert_int_equal(thenar_taxels_encode(&page, body, sizeof body, &n_body), THENAR_ERR_VALUE);
    page.n_taxels = 0;
    assert_int_equal(thenar_taxels_encode(&page, body, sizeof body, &n_body), THENAR_ERR_VALUE);
    for (unsigned bit = 0; bit < 32; bit++) {
        memset(body, 0, sizeof body);
        body[2] = 1; /* one taxel from 0 */
        body[bit / 8] = (uint8_t)(body[bit / 8] ^ 1u << bit % 8);
        size_t first = body[0] | (size_t)body[1] << 8, n_taxels = body[2] | (size_t)body[3] << 8;
        bool good = n_taxels >= 1 && n_taxels <= 64 && first + n_taxels <= 4096;
        assert_int_equal(thenar_taxels_decode(body, sizeof body, &page),
                         good ? THENAR_OK : THENAR_ERR_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),        cmocka_unit_test(longest),
        cmocka_unit_test(every_truncation),  cmocka_unit_test(every_flipped_bit),
        cmocka_unit_test(encode_refuses),    cmocka_unit_test(printable_texts),
        cmocka_unit_test(taxels_round_trip), cmocka_unit_test(taxels_truncated),
        cmocka_unit_test(taxels_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calibration goes into its file and comes back whole; nothing else is believed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "session/calibration_file.h"
#include "unit/assert_near.h"

static struct sensor_calibration made, back;
static struct thenar_error error;

#define SET(field, text) (void)snprintf(made.identity.field, sizeof made.identity.field, "%s", text)

static int start(void **state)
{
    (void)state;
    assert_int_equal(sensor_calibration_init(&made, 3, 4), THENAR_OK);
    SET(serial, "VT-TABLE32-0001");
    SET(model, "table32");
    SET(firmware, "1.2.3");
    SET(date, "2026-11-21");
    SET(expires, "2027-11-21");
    SET(reference, "dead weights \"M1\", puck 30 mm");
    SET(operator_name, "J. B\303\270rge");
    made.identity.reference_uncertainty_pct = 0.5F;
    made.law = (struct sensor_law){
        .circuit = SENSOR_TRANSIMPEDANCE,
        .full_scale_counts = 4095,
        .reference_ohm = 1234.5F,
        .calibrated = true,
        .conductance_100kpa_us = 843.21F,
        .exponent = 0.951F,
        .uncertainty_pct = 4.2F,
        .spline = {3, {10, 100, 900}, {2, 15, 110}},
        .creep = {3.1F, 3.0F, 1.0F, 72.0F},
        .uncertainty = {1.1F, 3.4F, 0.2F, 1.3F, 0.5F},
    };
    made.low_kpa = 9.7F;
    made.high_kpa = 305;
    for (size_t i = 0; i < 12; i++) {
        made.gain[i] = 0.9F + 0.017F * (float)i;
        made.mark[i] = TAXEL_GOOD;
        made.residual_pct[i] = i % 2 ? 1.5F : NAN;
    }
    made.mark[5] = TAXEL_STUCK;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    sensor_calibration_finish(&made);
    sensor_calibration_finish(&back);
    return 0;
}

static char *text_of(void)
{
    char *text;
    assert_int_equal(calibration_file_text(&made, &text), THENAR_OK);
    return text;
}

static enum thenar_status parse(const char *text)
{
    sensor_calibration_finish(&back);
    return calibration_file_parse(&back, text, strlen(text), "pad.json", &error);
}

static void comes_back_whole(void **state)
{
    (void)state;
    char *text = text_of();
    if (parse(text) != THENAR_OK)
        fail_msg("%s", error.text);
    assert_memory_equal(&back.identity.serial, &made.identity.serial, CALIBRATION_TEXT_BYTES);
    assert_string_equal(back.identity.reference, made.identity.reference);
    assert_string_equal(back.identity.operator_name, made.identity.operator_name);
    assert_string_equal(back.identity.expires, "2027-11-21");
    assert_true(isnan(back.identity.temperature_c));
    assert_int_equal(back.n_rows, 3);
    assert_int_equal(back.law.circuit, SENSOR_TRANSIMPEDANCE);
    assert_true(back.law.calibrated);
    assert_near(back.law.reference_ohm, 1234.5, 1e-3);
    assert_near(back.law.exponent, 0.951, 1e-6);
    assert_int_equal(back.law.spline.n_knots, 3);
    assert_near(back.law.spline.pressure_kpa[1], 15, 1e-6);
    assert_near(back.law.creep.limit_s, 72, 1e-6);
    assert_near(back.law.uncertainty.hysteresis_pct, 3.4, 1e-6);
    for (size_t i = 0; i < 12; i++) {
        assert_near(back.gain[i], made.gain[i], 1e-6);
        assert_int_equal(back.mark[i], made.mark[i]);
        assert_int_equal(isnan(back.residual_pct[i]), isnan(made.residual_pct[i]));
    }
    char *again;
    assert_int_equal(calibration_file_text(&back, &again), THENAR_OK);
    assert_string_equal(again, text);
    free(again);
    free(text);
}

/* Put the right checksum under a text that was changed, so that the change itself is judged. */
static char *sealed(const char *text)
{
    static char out[1 << 16];
    const char *at = strstr(text, "  \"checksum\"");
    size_t n = (size_t)(at - text);
    memcpy(out, text, n);
    (void)snprintf(out + n, sizeof out - n, "  \"checksum\": \"crc32:%08x\"\n}\n",
                   (unsigned)calibration_file_checksum(text, n));
    return out;
}

static char *with(const char *text, const char *was, const char *becomes)
{
    static char out[1 << 16];
    const char *at = strstr(text, was);
    if (!at)
        fail_msg("'%s' is not in the text", was);
    (void)snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, becomes, at + strlen(was));
    return out;
}

static void every_wrong_member_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *was, *becomes, *says;
    } cases[] = {
        {"\"exponent\": 0.951", "\"exponent\": \"high\"", "law.exponent: is not a number"},
        {"\"exponent\": 0.951", "\"exponent\": -1", "law.exponent: is -1; it may be 0.05 to 20"},
        {"\"exponent\": 0.951", "\"exponnent\": 0.951", "law.exponent: is missing"},
        {"\"note\": \"\"", "\"note\": \"\",\n  \"colour\": 3", "colour: is not known here"},
        {"\"2027-11-21\"", "\"next year\"", "expires: 'next year' is not a day such as"},
        {"\"transimpedance\"", "\"divided\"", "front_end.circuit: 'divided' is not known; there"},
        {"[10.0, 2.0]", "[10.0, 20.0]", "law.knots_us_kpa: both columns must be positive and rise"},
        {"[10.0, 2.0]", "[10.0]", "law.knots_us_kpa: entry 1 is not a pair"},
        {"\"stuck\"", "\"lazy\"", "taxels.mark: of row 1, col 1 is not known"},
        {"\"rows\": 3", "\"rows\": 4", "taxels.gain: has 12 entries; it should have 16"},
        {"\"rows\": 3", "\"rows\": 2.5", "array.rows: 2.5 x 4 is not an array"},
        {"\"serial\": \"VT-TABLE32-0001\"", "\"serial\": \"\"", "device.serial: is empty"},
        {"[9.7, 305.0]", "[305.0, 9.7]", "measured_range_kpa: is not two pressures that rise"},
    };
    char *text = text_of();
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        assert_int_equal(parse(sealed(with(text, cases[k].was, cases[k].becomes))),
                         THENAR_ERR_VALUE);
        if (!strstr(error.text, cases[k].says))
            fail_msg("'%s' is not in: %s", cases[k].says, error.text);
        assert_null(strstr(error.text, "pad.json:1:"));
    }
    assert_int_equal(parse(sealed(with(text, "\"exponent\"", "\"form\""))), THENAR_ERR_SYNTAX);
    assert_int_equal(parse(sealed(with(text, "\"version\": 1", "\"version\": 2"))),
                     THENAR_ERR_VERSION);
    assert_non_null(strstr(error.text, "version 2 of the format; this Thenar reads version 1"));
    free(text);
}

static void any_change_breaks_the_checksum(void **state)
{
    (void)state;
    char *text = text_of();
    assert_int_equal(parse(with(text, "843.21", "943.21")), THENAR_ERR_CRC);
    assert_non_null(strstr(error.text, "was changed after it was written"));
    size_t n = strlen(text);
    for (size_t bit = 0; bit < 8 * n; bit += 3) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        sensor_calibration_finish(&back);
        enum thenar_status status = calibration_file_parse(&back, text, n, "pad.json", &error);
        /* White space behind the checksum is all that may differ. */
        assert_true(status != THENAR_OK || bit / 8 >= n - 4);
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    free(text);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    char *text = text_of();
    size_t n = strlen(text);
    for (size_t cut = 0; cut + 2 < n; cut++) {
        assert_int_not_equal(calibration_file_parse(&back, text, cut, "pad.json", &error),
                             THENAR_OK);
        assert_null(back.gain);
    }
    free(text);
}

static void is_found_by_serial_and_older_ones_are_kept(void **state)
{
    (void)state;
    char folder[] = "/tmp/thenar-calibration-XXXXXX", path[CALIBRATION_PATH_BYTES],
         old[CALIBRATION_PATH_BYTES + 4];
    assert_non_null(mkdtemp(folder));
    calibration_file_path(path, folder, "../a b/\303\245");
    assert_string_equal(strrchr(path, '/'), "/_._a_b___.json");
    assert_int_equal(calibration_file_find(&back, folder, "VT-TABLE32-0001", &error),
                     THENAR_ERR_ABSENT);
    calibration_file_path(path, folder, made.identity.serial);
    assert_int_equal(calibration_file_write(&made, path, &error), THENAR_OK);
    made.gain[2] = 1.25F;
    assert_int_equal(calibration_file_write(&made, path, &error), THENAR_OK);
    assert_int_equal(calibration_file_find(&back, folder, "VT-TABLE32-0001", &error), THENAR_OK);
    assert_near(back.gain[2], 1.25, 1e-6);
    sensor_calibration_finish(&back);
    (void)snprintf(old, sizeof old, "%s.1", path);
    assert_int_equal(calibration_file_read(&back, old, &error), THENAR_OK);
    assert_near(back.gain[2], 0.934, 1e-6);
    sensor_calibration_finish(&back);
    char other[CALIBRATION_PATH_BYTES];
    calibration_file_path(other, folder, "OTHER");
    assert_int_equal(rename(old, other), 0);
    assert_int_equal(calibration_file_find(&back, folder, "OTHER", &error), THENAR_ERR_VALUE);
    assert_non_null(strstr(error.text, "of device VT-TABLE32-0001, not of OTHER"));
    (void)unlink(other);
    (void)unlink(path);
    (void)rmdir(folder);
    assert_int_equal(calibration_file_write(&made, "/proc/none/x.json", &error), THENAR_ERR_OS);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(comes_back_whole),
        TEST(every_wrong_member_is_named_with_its_line),
        TEST(any_change_breaks_the_checksum),
        TEST(every_truncation_is_refused),
        TEST(is_found_by_serial_and_older_ones_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

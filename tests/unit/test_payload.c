/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feed/payload.h"
#include "feed_sample.h"

static const enum thenar_topic_kind kinds[] = {
    THENAR_TOPIC_METRICS, THENAR_TOPIC_CONTACT, THENAR_TOPIC_STROKE, THENAR_TOPIC_EPISODE,
    THENAR_TOPIC_FRAME,   THENAR_TOPIC_GAP,     THENAR_TOPIC_STATUS, THENAR_TOPIC_MOTION,
    THENAR_TOPIC_CUE,     THENAR_TOPIC_PLAN,    THENAR_TOPIC_COMFORT};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static char text[THENAR_PAYLOAD_BYTES];

static size_t encode(enum thenar_topic_kind kind, const union thenar_payload *payload)
{
    size_t n_text;
    assert_int_equal(thenar_payload_encode(kind, payload, text, sizeof text, &n_text), THENAR_OK);
    assert_int_equal(n_text, strlen(text));
    return n_text;
}

/* The payload as jansson sees it, changed by the test, as text again. */
static enum thenar_status decode_json(enum thenar_topic_kind kind, json_t *object)
{
    union thenar_payload back;
    struct thenar_error error = {0};
    char *changed = json_dumps(object, JSON_COMPACT);
    enum thenar_status status =
        thenar_payload_decode(kind, changed, strlen(changed), &back, &error);
    assert_true((status < 0) == (error.text[0] != '\0')); /* a failure has its sentence */
    free(changed);
    return status;
}

static void every_kind_goes_round(void **state)
{
    (void)state;
    for (int i = 0; i < 4 * N_KINDS; i++) {
        enum thenar_topic_kind kind = kinds[i / 4];
        const struct thenar_record *record = thenar_payload_record(kind);
        assert_true(record->n_struct_bytes <= sizeof(union thenar_payload));
        union thenar_payload payload, back;
        bool relative = i % 2 && record->uncalibrated_offset >= 0;
        sample_fill(record, &payload, relative, i & 2);
        size_t n_text = encode(kind, &payload);
        struct thenar_error error;
        assert_int_equal(thenar_payload_decode(kind, text, n_text, &back, &error), THENAR_OK);
        const struct thenar_field *field;
        for (size_t k = 0; (field = thenar_record_field(record, k)); k++)
            if (!sample_is_same(field, &payload, &back))
                fail_msg("%s.%s changed", record->name, field->name);
    }
}

static void absent_is_absent(void **state)
{
    (void)state;
    struct thenar_feed_metrics metrics;
    sample_fill(thenar_payload_record(THENAR_TOPIC_METRICS), &metrics, false, true);
    metrics.pace_cpm = NAN;
    metrics.cop_x_mm = INFINITY;
    metrics.regularity_pct = 1e13F;
    (void)encode(THENAR_TOPIC_METRICS, (const union thenar_payload *)&metrics);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_null(json_object_get(object, "pace_cpm"));
    assert_null(json_object_get(object, "cop_x_mm"));
    assert_null(json_object_get(object, "regularity_pct"));
    assert_null(json_object_get(object, "peak_rel"));
    assert_true(json_is_real(json_object_get(object, "peak_kpa")));
    assert_true(json_is_integer(json_object_get(object, "seq")));
    json_decref(object);
}

/* A field that must be there and has no value is our bug, and it is told. */
static void needed_values_are_needed(void **state)
{
    (void)state;
    struct thenar_feed_metrics metrics;
    size_t n_text = 9;
    sample_fill(thenar_payload_record(THENAR_TOPIC_METRICS), &metrics, true, true);
    metrics.force_rel = NAN;
    assert_int_equal(
        thenar_payload_encode(THENAR_TOPIC_METRICS, &metrics, text, sizeof text, &n_text),
        THENAR_ERR_VALUE);
    assert_int_equal(n_text, 0);
    metrics.uncalibrated = true; /* now force_rel is needed, and absent */
    assert_int_equal(
        thenar_payload_encode(THENAR_TOPIC_METRICS, &metrics, text, sizeof text, &n_text),
        THENAR_ERR_VALUE);
}

static void missing_and_mistyped_fields_are_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * N_KINDS; i++) {
        enum thenar_topic_kind kind = kinds[i / 2];
        const struct thenar_record *record = thenar_payload_record(kind);
        union thenar_payload payload;
        bool relative = i % 2 && record->uncalibrated_offset >= 0;
        sample_fill(record, &payload, relative, true);
        (void)encode(kind, &payload);
        json_t *whole = json_loads(text, 0, NULL);
        const struct thenar_field *field;
        for (size_t k = 0; (field = thenar_record_field(record, k)); k++) {
            json_t *changed = json_copy(whole);
            (void)json_object_del(changed, field->name);
            enum thenar_status status = decode_json(kind, changed);
            bool needed = sample_is_there(field, relative, false) &&
                          field->presence != THENAR_IF_SKIN &&
                          strcmp(field->name, "uncalibrated") != 0; /* turns the others over */
            if (needed)
                assert_int_equal(status, THENAR_ERR_VALUE);
            else if (field->presence == THENAR_MAYBE || field->presence == THENAR_IF_SKIN)
                assert_int_equal(status, THENAR_OK);
            (void)json_object_set_new(changed, field->name, json_array());
            status = decode_json(kind, changed);
            if (sample_is_there(field, relative, true) && strcmp(field->name, "uncalibrated"))
                assert_int_equal(status, THENAR_ERR_TYPE);
            else
                assert_true(status < 0);
            json_decref(changed);
        }
        json_decref(whole);
    }
}

static void out_of_range_is_refused(void **state)
{
    (void)state;
    union thenar_payload payload;
    sample_fill(thenar_payload_record(THENAR_TOPIC_GAP), &payload, false, true);
    (void)encode(THENAR_TOPIC_GAP, &payload);
    json_t *object = json_loads(text, 0, NULL);
    (void)json_object_set_new(object, "frames_lost", json_integer(-1));
    assert_int_equal(decode_json(THENAR_TOPIC_GAP, object), THENAR_ERR_VALUE);
    (void)json_object_set_new(object, "frames_lost", json_integer(4294967296));
    assert_int_equal(decode_json(THENAR_TOPIC_GAP, object), THENAR_ERR_VALUE);
    (void)json_object_set_new(object, "frames_lost", json_real(1.5));
    assert_int_equal(decode_json(THENAR_TOPIC_GAP, object), THENAR_ERR_TYPE);
    (void)json_object_set_new(object, "frames_lost", json_integer(4294967295));
    (void)json_object_set_new(object, "lost_s", json_real(1e13));
    assert_int_equal(decode_json(THENAR_TOPIC_GAP, object), THENAR_ERR_VALUE);
    (void)json_object_set_new(object, "lost_s", json_integer(2)); /* other writers: 2 is a number */
    assert_int_equal(decode_json(THENAR_TOPIC_GAP, object), THENAR_OK);
    char long_text[THENAR_REASON_BYTES + 1];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    (void)json_object_set_new(object, "reason", json_string(long_text));
    assert_int_equal(decode_json(THENAR_TOPIC_GAP, object), THENAR_ERR_VALUE);
    json_decref(object);
}

static void unknown_fields_are_passed_over(void **state)
{
    (void)state;
    union thenar_payload payload;
    sample_fill(thenar_payload_record(THENAR_TOPIC_FRAME), &payload, false, true);
    (void)encode(THENAR_TOPIC_FRAME, &payload);
    json_t *object = json_loads(text, 0, NULL);
    (void)json_object_set_new(object, "of_a_later_version", json_array());
    assert_int_equal(decode_json(THENAR_TOPIC_FRAME, object), THENAR_OK);
    json_decref(object);
}

static void no_truncation_is_taken_for_whole(void **state)
{
    (void)state;
    for (int i = 0; i < N_KINDS; i++) {
        union thenar_payload payload, back;
        sample_fill(thenar_payload_record(kinds[i]), &payload, false, true);
        size_t n_text = encode(kinds[i], &payload);
        for (size_t n = 0; n < n_text; n++) {
            char *cut = malloc(n ? n : 1);
            memcpy(cut, text, n);
            assert_true(thenar_payload_decode(kinds[i], cut, n, &back, NULL) < 0);
            free(cut);
        }
    }
}

static void flipped_bits_do_no_harm(void **state)
{
    (void)state;
    union thenar_payload payload, back;
    sample_fill(thenar_payload_record(THENAR_TOPIC_METRICS), &payload, false, true);
    size_t n_text = encode(THENAR_TOPIC_METRICS, &payload);
    for (size_t bit = 0; bit < 8 * n_text; bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        (void)!thenar_payload_decode(THENAR_TOPIC_METRICS, text, n_text, &back, NULL);
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void what_is_no_object_is_refused(void **state)
{
    (void)state;
    const char *const bad[] = {
        "", "null", "[]", "{", "{}x", "{\"seq\":1,\"seq\":1}", "\xFF", "{\"seq\":\"\\u0000\"}"};
    union thenar_payload back;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(
            thenar_payload_decode(THENAR_TOPIC_METRICS, bad[i], strlen(bad[i]), &back, NULL),
            THENAR_ERR_SYNTAX);
    assert_int_equal(thenar_payload_decode(THENAR_TOPIC_METRICS, "{}", 2, &back, NULL),
                     THENAR_ERR_VALUE);
    assert_int_equal(thenar_payload_decode(THENAR_N_TOPIC_KINDS, "{}", 2, &back, NULL),
                     THENAR_ERR_TYPE);
}

/* THENAR_PAYLOAD_BYTES is promised to be enough: texts that grow sixfold, the longest numbers. */
static void the_longest_payload_fits(void **state)
{
    (void)state;
    for (int i = 0; i < N_KINDS; i++) {
        const struct thenar_record *record = thenar_payload_record(kinds[i]);
        union thenar_payload payload;
        sample_fill(record, &payload, false, true);
        const struct thenar_field *field;
        for (size_t k = 0; (field = thenar_record_field(record, k)); k++) {
            char *member = (char *)&payload + field->offset;
            if (field->type == THENAR_FIELD_TEXT)
                memset(member, 1, field->n_bytes); /* not even closed by a zero */
            else if (field->type == THENAR_FIELD_U64)
                memset(member, 0xFF, 8);
            else if (field->type == THENAR_FIELD_DOUBLE)
                memcpy(member, &(double){-123456789012.123456}, 8);
            else if (field->type == THENAR_FIELD_FLOAT && !isnan(sample_number(field, member)))
                memcpy(member, &(float){-987654321098.7F}, 4);
        }
        (void)encode(kinds[i], &payload);
    }
}

static void times_go_round(void **state)
{
    (void)state;
    char part[THENAR_TIME_BYTES];
    size_t n_part;
    double back;
    assert_int_equal(thenar_time_encode(1790000000.123456, part, sizeof part, &n_part), THENAR_OK);
    assert_string_equal(part, "1790000000.123456");
    assert_int_equal(thenar_time_decode(part, n_part, &back), THENAR_OK);
    assert_true(fabs(back - 1790000000.123456) < 1e-6);
    assert_int_equal(thenar_time_decode("17", 2, &back), THENAR_OK);
    assert_true(back == 17);
    const char *const bad[] = {"", ".", "-1", "1e9", "1.2.3", "nan", "1 ", "12345678901234567890"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(thenar_time_decode(bad[i], strlen(bad[i]), &back), THENAR_ERR_SYNTAX);
    assert_int_equal(thenar_time_encode((double)NAN, part, sizeof part, &n_part), THENAR_ERR_VALUE);
    assert_int_equal(thenar_time_encode(1.5, part, 3, &n_part), THENAR_ERR_SPACE);
    struct thenar_feed_stamp stamp = {.t_device = 1, .t_publish = 2};
    assert_true(thenar_payload_time(THENAR_TOPIC_METRICS, &stamp) == 1);
    assert_true(thenar_payload_time(THENAR_TOPIC_STATUS, &stamp) == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_goes_round),
        cmocka_unit_test(absent_is_absent),
        cmocka_unit_test(needed_values_are_needed),
        cmocka_unit_test(missing_and_mistyped_fields_are_refused),
        cmocka_unit_test(out_of_range_is_refused),
        cmocka_unit_test(unknown_fields_are_passed_over),
        cmocka_unit_test(no_truncation_is_taken_for_whole),
        cmocka_unit_test(flipped_bits_do_no_harm),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(the_longest_payload_fits),
        cmocka_unit_test(times_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

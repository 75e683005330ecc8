/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pipeline.h"

enum { SIDE = 16, TAXELS = SIDE * SIDE };

static const float PITCH_MM = 10;
static const float RATE_HZ = 100;
static struct thenar_error error;

static struct array_layout layout_in_kpa(void)
{
    struct array_layout layout;
    assert_int_equal(array_layout_init(&layout, SIDE, SIDE, PITCH_MM, PITCH_MM, RATE_HZ),
                     THENAR_OK);
    layout.sensor.unit = UNIT_KPA;
    return layout;
}

static struct pipeline *pipeline_of(const struct array_layout *layout)
{
    struct pipeline *pipeline;
    assert_int_equal(pipeline_create(&pipeline, layout, NULL, &error), THENAR_OK);
    return pipeline;
}

/* A round hand at (x, y), Gaussian of 20 mm, peak in kPa. */
static void press(float *samples, float x_mm, float y_mm, float peak_kpa)
{
    for (int i = 0; i < TAXELS; i++) {
        float dx = ((float)(i % SIDE) - (SIDE - 1) / 2.0f) * PITCH_MM - x_mm;
        float dy = ((float)(i / SIDE) - (SIDE - 1) / 2.0f) * PITCH_MM - y_mm;
        samples[i] = peak_kpa * expf(-(dx * dx + dy * dy) / (2 * 20 * 20));
    }
}

/* A press that comes once a second, for `n_frames`; the last frame's answer stays in `output`. */
static void run(struct pipeline *pipeline, int first, int n_frames, float *pressure,
                struct pipeline_output *output)
{
    float samples[TAXELS];
    for (int k = first; k < first + n_frames; k++) {
        float swell = 0.5f - 0.5f * cosf(6.2831853f * (float)k / RATE_HZ);
        press(samples, 5, -10, 20 + 30 * swell);
        pipeline_execute(pipeline,
                         &(struct pipeline_input){.sequence = (uint32_t)k,
                                                  .device_s = k / (double)RATE_HZ,
                                                  .samples = samples},
                         pressure, output);
    }
}

static void hold(struct pipeline *pipeline, const float *samples, double start_s, int n_frames,
                 float *pressure, struct pipeline_output *output)
{
    for (int k = 0; k < n_frames; k++)
        pipeline_execute(pipeline,
                         &(struct pipeline_input){.sequence = (uint32_t)k,
                                                  .device_s = start_s + k / (double)RATE_HZ,
                                                  .samples = samples},
                         pressure, output);
}

static void a_steady_hand_reads_its_force_and_place(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    struct pipeline *pipeline = pipeline_of(&layout);
    float samples[TAXELS], pressure[TAXELS];
    struct pipeline_output output;
    press(samples, 12, -7, 40);
    hold(pipeline, samples, 0, 200, pressure, &output);

    /* The integral of the Gaussian: 2 pi sigma^2 * 40 kPa = 100.5 N; the rim below the gate is
     * lost. */
    assert_true(fabsf(output.features.force_n - 100.5f) < 5);
    assert_true(fabsf(output.features.cop_x_mm - 12) < 0.5f);
    assert_true(fabsf(output.features.cop_y_mm + 7) < 0.5f);
    assert_int_equal(output.n_contacts, 1);
    assert_true(fabsf(output.contacts[0].force_n - output.features.force_n) < 1);
    for (int i = 0; i < TAXELS; i++)
        assert_true(fabsf(pressure[i] - samples[i]) < 0.01f); /* unit gain at 0 Hz */
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
}

static void counts_become_pressure_by_the_law(void **state)
{
    (void)state;
    struct array_layout layout;
    assert_int_equal(array_layout_init(&layout, SIDE, SIDE, PITCH_MM, PITCH_MM, RATE_HZ),
                     THENAR_OK);
    /* 1 kOhm and 500 microsiemens at 100 kPa: half of full scale; linear law. */
    layout.sensor = (struct sensor_law){.unit = UNIT_COUNTS,
                                        .circuit = SENSOR_TRANSIMPEDANCE,
                                        .full_scale_counts = 4095,
                                        .reference_ohm = 1000,
                                        .calibrated = true,
                                        .conductance_100kpa_us = 500,
                                        .exponent = 1};
    struct pipeline *pipeline = pipeline_of(&layout);
    uint16_t counts[TAXELS] = {0};
    counts[5 * SIDE + 5] = 2048;
    counts[9 * SIDE + 9] = 4095;
    float pressure[TAXELS];
    struct pipeline_output output;
    for (int k = 0; k < 100; k++)
        pipeline_execute(pipeline,
                         &(struct pipeline_input){.sequence = (uint32_t)k,
                                                  .device_s = k / (double)RATE_HZ,
                                                  .counts = counts},
                         pressure, &output);
    assert_true(fabsf(pressure[5 * SIDE + 5] - 100.0244f) < 0.01f); /* 200 kPa * 2048 / 4095 */
    assert_int_equal(output.features.n_saturated, 1);
    assert_true(fabsf(output.features.peak_raw_kpa - 200) < 0.01f);
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
}

static void a_tare_takes_the_standing_load_away(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    struct pipeline *pipeline = pipeline_of(&layout);
    float load[TAXELS], pressure[TAXELS];
    struct pipeline_output output;
    press(load, 0, 0, 15);
    pipeline_tare(pipeline, 0.5f, false);
    assert_true(pipeline_is_taring(pipeline));
    hold(pipeline, load, 0, 60, pressure, &output);
    assert_false(pipeline_is_taring(pipeline));
    hold(pipeline, load, 0.6, 60, pressure, &output);
    for (int i = 0; i < TAXELS; i++)
        assert_true(fabsf(pressure[i]) < 1e-3f);
    for (int i = 0; i < TAXELS; i++)
        load[i] += 7;
    hold(pipeline, load, 1.2, 100, pressure, &output);
    assert_true(fabsf(pressure[0] - 7) < 0.01f);
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
}

static void after_a_gap_history_begins_anew(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    struct pipeline *pipeline = pipeline_of(&layout);
    float samples[TAXELS], pressure[TAXELS];
    struct pipeline_output output;
    press(samples, 0, 0, 30);
    hold(pipeline, samples, 0, 100, pressure, &output);
    press(samples, 20, 20, 60);
    hold(pipeline, samples, 5, 1, pressure, &output); /* the first frame behind the gap */
    for (int i = 0; i < TAXELS; i++)
        assert_true(fabsf(pressure[i] - samples[i]) < 0.01f);
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
}

static void the_same_frames_give_the_same_bits(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    float pressure[2][TAXELS];
    struct pipeline_output output[2];
    memset(output, 0, sizeof output);
    for (int i = 0; i < 2; i++) {
        struct pipeline *pipeline = pipeline_of(&layout);
        run(pipeline, 0, 700, pressure[i], &output[i]);
        pipeline_destroy(pipeline);
    }
    assert_memory_equal(pressure[0], pressure[1], sizeof pressure[0]);
    assert_memory_equal(&output[0].features, &output[1].features, sizeof output[0].features);
    assert_memory_equal(&output[0].technique, &output[1].technique, sizeof output[0].technique);
    array_layout_finish(&layout);
}

static void a_recording_ends_with_its_strokes_and_episodes(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    struct pipeline *pipeline = pipeline_of(&layout);
    float pressure[TAXELS];
    struct pipeline_output output;
    unsigned n_strokes = 0;
    for (int k = 0; k < 1200; k++) {
        run(pipeline, k, 1, pressure, &output);
        n_strokes += output.n_strokes;
    }
    assert_true(fabsf(output.technique.pace_cpm - 60) < 1);
    unsigned n_episodes = 0;
    double end_s = 0;
    bool more = true;
    for (int calls = 0; more; calls++) {
        assert_true(calls < 100);
        more = pipeline_finish(pipeline, &output);
        n_strokes += output.n_strokes;
        for (unsigned i = 0; i < output.n_episodes; i++, n_episodes++)
            end_s = output.episodes[i].end_s;
    }
    assert_true(n_episodes >= 1);
    assert_true(fabs(end_s - 11.99) < 0.05);
    assert_true(n_strokes >= 10 && n_strokes <= 13);
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
}

/* One taxel stuck at 80 kPa in an array that shows noise: after a while it is nobody's hand. */
static void a_stuck_taxel_is_no_contact(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    struct pipeline *pipeline = pipeline_of(&layout);
    float samples[TAXELS], pressure[TAXELS];
    struct pipeline_output output;
    uint32_t random = 1;
    for (int k = 0; k < 900; k++) {
        for (int i = 0; i < TAXELS; i++) {
            random = random * 1664525u + 1013904223u;
            samples[i] = (float)(random >> 24) / 2560;
        }
        samples[100] = 80;
        hold(pipeline, samples, k / (double)RATE_HZ, 1, pressure, &output);
    }
    assert_int_equal(pipeline_n_dead(pipeline), 1);
    assert_true(pipeline_dead(pipeline)[100]);
    assert_int_equal(output.n_contacts, 0);
    assert_true(pressure[100] == 0);
    assert_true(output.features.peak_kpa == 0);
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
}

static void what_cannot_be_processed_is_refused(void **state)
{
    (void)state;
    struct array_layout layout = layout_in_kpa();
    struct pipeline *pipeline;
    assert_int_equal(
        pipeline_create(&pipeline, &layout, &(struct pipeline_options){.gate_kpa = -1}, &error),
        THENAR_ERR_ARGUMENT);
    assert_null(pipeline);
    assert_non_null(strstr(error.text, "-1"));
    layout.rate_hz = 5;
    assert_int_equal(pipeline_create(&pipeline, &layout, NULL, &error), THENAR_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "5 frames/s"));
    layout.rate_hz = 100;
    layout.sensor = (struct sensor_law){.unit = UNIT_COUNTS, .calibrated = true};
    assert_int_equal(pipeline_create(&pipeline, &layout, NULL, &error), THENAR_ERR_ARGUMENT);
    pipeline_destroy(NULL);
    array_layout_finish(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_hand_reads_its_force_and_place),
        cmocka_unit_test(counts_become_pressure_by_the_law),
        cmocka_unit_test(a_tare_takes_the_standing_load_away),
        cmocka_unit_test(after_a_gap_history_begins_anew),
        cmocka_unit_test(the_same_frames_give_the_same_bits),
        cmocka_unit_test(a_recording_ends_with_its_strokes_and_episodes),
        cmocka_unit_test(a_stuck_taxel_is_no_contact),
        cmocka_unit_test(what_cannot_be_processed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "analysis_print.h"

static struct array_layout layout;

static int start(void **state)
{
    (void)state;
    return array_layout_init(&layout, 4, 6, 10, 10, 100) == THENAR_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    array_layout_finish(&layout);
    return 0;
}

static struct episode an_episode(enum technique technique, double start_s, double end_s, float pace,
                                 float force_n)
{
    return (struct episode){.technique = technique,
                            .start_s = start_s,
                            .end_s = end_s,
                            .n_strokes = 4,
                            .confidence = 0.9F,
                            .pace_cpm = pace,
                            .regularity_pct = isnan(pace) ? NAN : 5,
                            .peak_kpa = 40,
                            .mean_kpa = 20,
                            .mean_force_n = force_n,
                            .contact_cm2 = 12};
}

/* 100 frames/s for 3 s, a hole of half a second, and another second; three episodes. */
static void fill(struct analysis *analysis)
{
    analysis_init(analysis, &layout);
    for (int i = 0; i < 400; i++) {
        struct pipeline_output output = {.device_s = i * 0.01 + (i >= 300 ? 0.5 : 0)};
        output.features.n_touched = i < 200;
        output.features.n_saturated = i < 7;
        output.features.peak_kpa = i == 42 ? 55 : 10;
        output.features.force_n = i == 43 ? 30 : 5;
        if (i == 199) {
            output.n_strokes = 1;
            output.n_episodes = 1;
            output.episodes[0] = an_episode(TECHNIQUE_PETRISSAGE, 0, 1, 60, 10);
        }
        analysis_take(analysis, &output);
    }
    struct pipeline_output end = {.n_strokes = 2, .n_episodes = 2};
    end.episodes[0] = an_episode(TECHNIQUE_PETRISSAGE, 1, 4, 100, 20);
    end.episodes[1] = an_episode(TECHNIQUE_COMPRESSION, 4, 4.5, NAN, 30);
    analysis_take_end(analysis, &end);
}

static void sums_are_weighted_by_time(void **state)
{
    (void)state;
    struct analysis analysis;
    fill(&analysis);
    const struct analysis_technique *knead = &analysis.techniques[TECHNIQUE_PETRISSAGE];
    assert_true(fabs(knead->time_s - 4) < 1e-12);
    assert_int_equal(knead->n_strokes, 8);
    assert_true(fabs(analysis_pace_cpm(knead) - (60 + 3 * 100) / 4.0) < 1e-9);
    assert_true(fabs(analysis_regularity_pct(knead) - 5) < 1e-9);
    assert_true(fabs(knead->force_sum / knead->time_s - (10 + 3 * 20) / 4.0) < 1e-9);
    assert_true(isnan(analysis_pace_cpm(&analysis.techniques[TECHNIQUE_COMPRESSION])));
    assert_int_equal(analysis.n_strokes, 3);
    assert_int_equal(analysis.n_episodes, 3);
    assert_int_equal(analysis.n_frames, 400);
    assert_true(fabs(analysis_duration_s(&analysis) - 4.5) < 1e-9);
    assert_int_equal(analysis.n_gaps, 1);
    assert_true(fabs(analysis.gap_s - 0.5) < 1e-6);
    assert_int_equal(analysis.n_saturated_frames, 7);
    assert_true(fabs(analysis.touched_s - 2) < 1e-6);
    assert_true(analysis.peak_kpa == 55 && analysis.force_n == 30);
}

static json_t *summary_of(const struct analysis *analysis)
{
    char line[16384];
    const struct recording_csv_info info = {.n_bad_rows = 2, .first_bad_line = 17};
    const struct analysis_rest rest = {.from_s = 0.5, .to_s = 1.5, .n_frames = 200};
    const struct analysis_source source = {.tare = "auto",
                                           .rest = &rest,
                                           .path = "a \"quoted\" name.csv",
                                           .layout = &layout,
                                           .info = &info,
                                           .unit = "kpa",
                                           .mount = "pad",
                                           .technique_model = "test 1, simulated hands",
                                           .technique_recipe = "made up",
                                           .filter_form = "direct/avx2",
                                           .filter_delay_ms = 21.5};
    FILE *file = tmpfile();
    analysis_print_summary(file, &source, analysis);
    rewind(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_null(fgets(line + strlen(line), 2, file)); /* one line */
    (void)fclose(file);
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    return object;
}

static double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_number(value))
        fail_msg("no number %s", name);
    return json_number_value(value);
}

static void the_summary_is_one_object(void **state)
{
    (void)state;
    struct analysis analysis;
    layout.sensor.unit = UNIT_KPA;
    fill(&analysis);
    json_t *object = summary_of(&analysis);
    assert_string_equal(json_string_value(json_object_get(object, "type")), "summary");
    assert_string_equal(json_string_value(json_object_get(object, "file")),
                        "a \"quoted\" name.csv");
    assert_true(number(object, "frames") == 400 && number(object, "bad_rows") == 2);
    assert_true(number(object, "tare_from_s") == 0.5 && number(object, "tare_to_s") == 1.5);
    assert_true(number(object, "first_bad_line") == 17 && number(object, "gaps") == 1);
    assert_true(number(object, "peak_kpa") == 55 && number(object, "force_n") == 30);
    assert_null(json_object_get(object, "peak_rel"));
    const json_t *techniques = json_object_get(object, "techniques");
    assert_int_equal(json_array_size(techniques), 2);
    const json_t *knead = json_array_get(techniques, 0);
    assert_string_equal(json_string_value(json_object_get(knead, "technique")), "petrissage");
    assert_true(number(knead, "time_s") == 4 && number(knead, "pace_cpm") == 90);
    assert_true(number(knead, "mean_force_n") == 17.5);
    assert_null(json_object_get(json_array_get(techniques, 1), "pace_cpm"));
    json_decref(object);
}

/* Relative: the engine's 100 is full scale; 1 of its newtons is 0.1 cm2 of full scale. */
static void counts_are_relative(void **state)
{
    (void)state;
    struct analysis analysis;
    layout.sensor.unit = UNIT_COUNTS;
    layout.sensor.full_scale_counts = 255;
    fill(&analysis);
    assert_true(analysis.uncalibrated);
    json_t *object = summary_of(&analysis);
    assert_true(fabs(number(object, "peak_rel") - 0.55) < 1e-6);
    assert_true(fabs(number(object, "force_rel") - 3.0) < 1e-6);
    assert_true(number(object, "full_scale_counts") == 255);
    assert_null(json_object_get(object, "peak_kpa"));
    assert_null(json_object_get(object, "force_n"));
    json_decref(object);
    layout.sensor.unit = UNIT_KPA;
}

static void strokes_and_episodes_are_lines(void **state)
{
    (void)state;
    char lines[2][1024];
    const struct episode episode = an_episode(TECHNIQUE_PETRISSAGE, 1.5, 4, 90, 20);
    const struct stroke stroke = {.technique = TECHNIQUE_EFFLEURAGE,
                                  .start_s = 0.25,
                                  .end_s = 1.5,
                                  .peak_kpa = 40,
                                  .mean_force_n = 12,
                                  .direction_deg = NAN,
                                  .interval_s = NAN};
    FILE *file = tmpfile();
    analysis_print_stroke(file, &stroke, true);
    analysis_print_episode(file, &episode, false);
    rewind(file);
    assert_non_null(fgets(lines[0], sizeof lines[0], file));
    assert_non_null(fgets(lines[1], sizeof lines[1], file));
    (void)fclose(file);
    json_t *first = json_loads(lines[0], 0, NULL), *second = json_loads(lines[1], 0, NULL);
    assert_string_equal(json_string_value(json_object_get(first, "type")), "stroke");
    assert_string_equal(json_string_value(json_object_get(first, "technique")), "effleurage");
    assert_true(number(first, "start_s") == 0.25 && number(first, "duration_s") == 1.25);
    assert_true(fabs(number(first, "peak_rel") - 0.4) < 1e-6);
    assert_true(fabs(number(first, "mean_force_rel") - 1.2) < 1e-6);
    assert_null(json_object_get(first, "interval_s"));
    assert_null(json_object_get(first, "direction_deg"));
    assert_string_equal(json_string_value(json_object_get(second, "type")), "episode");
    assert_true(number(second, "pace_cpm") == 90 && number(second, "mean_force_n") == 20);
    assert_true(fabs(number(second, "confidence") - 0.9) < 1e-6);
    json_decref(first);
    json_decref(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_weighted_by_time),
        cmocka_unit_test(the_summary_is_one_object),
        cmocka_unit_test(counts_are_relative),
        cmocka_unit_test(strokes_and_episodes_are_lines),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "technique/pattern_features.h"
#include "technique/pressure_flow.h"
#include "technique/trace_features.h"

enum { SIDE = 24 };
static const float pitch_mm = 10.0F;
static const float look_s = 0.02F;

/* A long blob with a bump at one end: something that a turn shows on. */
struct blob {
    float x_mm, y_mm, long_mm, short_mm, angle, peak_kpa;
};

static void press(const struct array_layout *layout, const struct blob *blob, float *pressure)
{
    float c = cosf(blob->angle), s = sinf(blob->angle);
    for (size_t i = 0; i < layout->n_taxels; i++) {
        float x = layout->x_mm[i] - blob->x_mm, y = layout->y_mm[i] - blob->y_mm;
        float u = (c * x + s * y) / blob->long_mm, v = (c * y - s * x) / blob->short_mm;
        pressure[i] = blob->peak_kpa * expf(-0.5F * (u * u + v * v));
    }
}

/* The flow between two images, `look_s` apart. */
static struct pressure_flow_sample look(const struct blob *before, const struct blob *after)
{
    struct array_layout layout;
    struct pressure_flow *flow;
    static float pressure[SIDE * SIDE];
    assert_int_equal(array_layout_init(&layout, SIDE, SIDE, pitch_mm, pitch_mm, 100), THENAR_OK);
    assert_int_equal(pressure_flow_create(&flow, &layout), THENAR_OK);
    press(&layout, before, pressure);
    (void)pressure_flow_execute(flow, 1.0, pressure, 100, 0.01F);
    press(&layout, after, pressure);
    struct pressure_flow_sample sample =
        *pressure_flow_execute(flow, 1.0 + (double)look_s, pressure, 100, 0.01F);
    pressure_flow_destroy(flow);
    array_layout_finish(&layout);
    return sample;
}

static const struct blob still = {3, -5, 32, 18, 0.4F, 20};

static void test_a_moving_blob_has_its_velocity(void **state)
{
    (void)state;
    struct blob after = still;
    after.x_mm += 60 * look_s;
    after.y_mm -= 35 * look_s;
    struct pressure_flow_sample s = look(&still, &after);
    assert_float_equal(s.x_mm_s, 60, 3);
    assert_float_equal(s.y_mm_s, -35, 3);
    assert_float_equal(s.spread_per_s, 0, 0.05);
    assert_float_equal(s.turn_per_s, 0, 0.05);
    assert_float_equal(s.gain_per_s, 0, 0.05);
    assert_true(s.unexplained < 0.02F);
}

static void test_a_growing_blob_spreads(void **state)
{
    (void)state;
    struct blob after = still;
    after.long_mm *= 1 + 0.8F * look_s;
    after.short_mm *= 1 + 0.8F * look_s;
    struct pressure_flow_sample s = look(&still, &after);
    assert_float_equal(s.spread_per_s, 0.8, 0.06);
    assert_float_equal(s.gain_per_s, 0, 0.06);
    assert_float_equal(s.turn_per_s, 0, 0.03);
    assert_float_equal(hypotf(s.x_mm_s, s.y_mm_s), 0, 1);
}

static void test_a_turning_blob_turns(void **state)
{
    (void)state;
    struct blob after = still;
    after.angle += 1.2F * look_s;
    struct pressure_flow_sample s = look(&still, &after);
    assert_float_equal(s.turn_per_s, 1.2, 0.12);
    assert_float_equal(s.spread_per_s, 0, 0.05);
    assert_float_equal(s.gain_per_s, 0, 0.05);
}

static void test_pressing_harder_is_gain_alone(void **state)
{
    (void)state;
    struct blob after = still;
    after.peak_kpa *= 1 + 2.0F * look_s;
    struct pressure_flow_sample s = look(&still, &after);
    assert_float_equal(s.gain_per_s, 2.0, 0.1);
    assert_float_equal(s.spread_per_s, 0, 0.05);
    assert_true(s.unexplained < 0.02F);
}

static float signals[N_SIGNALS][WINDOW_SAMPLES_MAX];

/* Force and way of a hand that presses and glides to and fro at `hz` each. */
static void write_signals(size_t n, float rate_hz, float force_hz, float way_hz, float angle)
{
    for (size_t i = 0; i < n; i++) {
        float t = (float)i / rate_hz, way = 30 * sinf(6.2831853F * way_hz * t);
        signals[SIGNAL_FORCE][i] = 20 + 8 * sinf(6.2831853F * force_hz * t);
        signals[SIGNAL_X][i] = 100 + cosf(angle) * way;
        signals[SIGNAL_Y][i] = 50 + sinf(angle) * way;
        signals[SIGNAL_AREA][i] = signals[SIGNAL_MAJOR][i] = signals[SIGNAL_MINOR][i] = 40;
        signals[SIGNAL_MEAN][i] = 5;
        signals[SIGNAL_PEAK][i] = 10;
        signals[SIGNAL_FLOW_X][i] = cosf(angle) * 60;
        signals[SIGNAL_FLOW_Y][i] = sinf(angle) * 60;
        signals[SIGNAL_TOUCHED][i] = 1;
    }
}

static float shape(const float *out, enum trace trace, unsigned which)
{
    return out[(size_t)trace * N_SHAPES + which];
}

static void test_traces_of_sines_have_the_shapes_of_sines(void **state)
{
    (void)state;
    static struct trace_maker maker;
    static const float lag_s[TRACE_LAGS] = {0.05F, 0.125F, 0.25F, 0.375F, 0.5F, 0.6F, 0.75F};
    float out[N_TRACES * N_SHAPES];
    write_signals(120, 60, 2.0F, 1.0F, 0.7F);
    trace_features_execute(&maker, (const float(*)[TRACE_SAMPLES_MAX])signals, 120, 60, lag_s, out);
    /* Of a sine: sd 1/sqrt 2 of the amplitude, no skew, kurtosis 3/2, mean size 0.9 sd. */
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_DEVIATION), log10(0.4 / sqrt(2)), 0.01);
    assert_float_equal(shape(out, TRACE_ALONG, SHAPE_DEVIATION), log10(30 / sqrt(2)), 0.01);
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_SKEW), 0, 0.02);
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_KURTOSIS), log10(1.6), 0.02);
    assert_float_equal(shape(out, TRACE_ALONG, SHAPE_FLATNESS), 0.9, 0.02);
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_RARE), 0, 0.01);
    /* After a quarter, a half of the cycle. */
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_COMES_BACK + 1), 0, 0.05);
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_COMES_BACK + 2), -1, 0.05);
    assert_float_equal(shape(out, TRACE_FORCE, SHAPE_COMES_BACK + 4), 1, 0.05);
    assert_float_equal(shape(out, TRACE_ALONG, SHAPE_COMES_BACK + 4), -1, 0.05);
    /* What never varies has no shape; steady flow goes one way. */
    assert_float_equal(shape(out, TRACE_AREA, SHAPE_SKEW), 0, 1e-3);
    assert_float_equal(shape(out, TRACE_FLOW_ALONG, SHAPE_BIAS), 1, 0.02);
}

static void test_direction_and_rate_do_not_matter(void **state)
{
    (void)state;
    static struct trace_maker maker;
    static const float lag_s[TRACE_LAGS] = {0.05F, 0.12F, 0.22F, 0.33F, 0.47F, 0.55F, 0.71F};
    float one[N_TRACES * N_SHAPES], other[N_TRACES * N_SHAPES];
    write_signals(140, 70, 2.0F, 1.0F, 0.2F);
    trace_features_execute(&maker, (const float(*)[TRACE_SAMPLES_MAX])signals, 140, 70, lag_s, one);
    write_signals(100, 50, 2.0F, 1.0F, 1.7F);
    trace_features_execute(&maker, (const float(*)[TRACE_SAMPLES_MAX])signals, 100, 50, lag_s,
                           other);
    for (unsigned i = 0; i < N_TRACES * N_SHAPES; i++)
        if (i / N_SHAPES != TRACE_ACROSS) /* nothing but rounding */
            assert_float_equal(one[i], other[i], 0.06);
}

static void test_a_window_too_short_tells_nothing(void **state)
{
    (void)state;
    static struct trace_maker maker;
    static const float lag_s[TRACE_LAGS] = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F};
    float out[N_TRACES * N_SHAPES];
    write_signals(8, 60, 2, 1, 0);
    trace_features_execute(&maker, (const float(*)[TRACE_SAMPLES_MAX])signals, 8, 60, lag_s, out);
    for (unsigned i = 0; i < N_TRACES * N_SHAPES; i++)
        assert_true(isnan(out[i]));
}

static void test_patterns_of_known_signals(void **state)
{
    (void)state;
    static const float edges_hz[PATTERN_BANDS + 1] = {0.5F, 1.5F, 2.5F, 4, 6, 8, 10, 14};
    struct pattern_maker *maker;
    float out[N_PATTERNS];
    assert_int_equal(pattern_maker_create(&maker), THENAR_OK);
    write_signals(120, 60, 2.0F, 1.0F, 0.7F);
    pattern_features_execute(maker, (const float(*)[WINDOW_SAMPLES_MAX])signals, 120, 60, edges_hz,
                             out);
    /* Steady flow of 60 mm/s, and a window that is touched throughout. */
    assert_float_equal(out[PATTERN_FLOW_ALONG], log10(60.5), 0.01);
    assert_float_equal(out[PATTERN_FLOW_ACROSS], log10(0.5), 0.02);
    assert_float_equal(out[PATTERN_CREST], log10(1.4 + 0.1), 0.01);
    assert_float_equal(out[PATTERN_UP_SHARE], 0.5, 0.03);
    assert_float_equal(out[PATTERN_RISING], 0.5, 0.03);
    assert_float_equal(out[PATTERN_TOUCHES], log10(0.1), 1e-3);
    /* The force swells twice a second, the way once: each in its band. */
    assert_true(out[PATTERN_FORCE_BAND + 1] > -0.1F && out[PATTERN_FORCE_BAND] < -1.0F);
    assert_true(out[PATTERN_PLACE_BAND] > -0.1F && out[PATTERN_PLACE_BAND + 2] < -1.5F);
    pattern_maker_destroy(maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_moving_blob_has_its_velocity),
        cmocka_unit_test(test_a_growing_blob_spreads),
        cmocka_unit_test(test_a_turning_blob_turns),
        cmocka_unit_test(test_pressing_harder_is_gain_alone),
        cmocka_unit_test(test_traces_of_sines_have_the_shapes_of_sines),
        cmocka_unit_test(test_direction_and_rate_do_not_matter),
        cmocka_unit_test(test_a_window_too_short_tells_nothing),
        cmocka_unit_test(test_patterns_of_known_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

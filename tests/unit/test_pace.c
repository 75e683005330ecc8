/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pace, against signals whose cycles are known exactly: spectra and events together, as the tracker
 * joins them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "technique/pace.h"
#include "unit/random.h"

/* Force and place at a time, in N and mm. */
struct wave {
    double hz;
    float mean_n, swell_n, second; /* second harmonic, of the swell */
    float turn_mm, turn_share;     /* frequency of the place, of hz */
    float noise_n, noise_mm;
};

struct run {
    struct history *history;
    struct pace *pace;
    struct strokes *strokes;
    struct random random;
    double at_s, next_s;
};

static const double TAU = 6.283185307179586;

static void start(struct run *run, float rate_hz)
{
    memset(run, 0, sizeof *run);
    run->random.state = 3;
    assert_int_equal(history_create(&run->history, rate_hz), THENAR_OK);
    assert_int_equal(pace_create(&run->pace, history_rate_hz(run->history), 10), THENAR_OK);
    assert_int_equal(strokes_create(&run->strokes, 10), THENAR_OK);
    run->next_s = PACE_STEP_S;
}

static void finish(struct run *run)
{
    strokes_destroy(run->strokes);
    pace_destroy(run->pace);
    history_destroy(run->history);
}

/* Sum of three evenly drawn numbers: near enough to normal, standard deviation 1. */
static float noise(struct run *run)
{
    float sum = 0;
    for (int i = 0; i < 3; i++)
        sum += (float)random_below(&run->random, 2001) / 1000.0F - 1;
    return sum;
}

static void frame(struct run *run, float force_n, float x_mm)
{
    struct contacts_sum sum = {.force_n = force_n,
                               .peak_kpa = force_n,
                               .mean_kpa = 0.5F * force_n,
                               .area_cm2 = 20,
                               .cop_x_mm = x_mm,
                               .cop_y_mm = 0.3F * x_mm,
                               .major_mm = 40,
                               .minor_mm = 40,
                               .n_lobes = 1};
    float values[N_SIGNALS] = {0};
    strokes_execute(run->strokes, run->at_s, &sum);
    values[SIGNAL_FORCE] = force_n;
    values[SIGNAL_X] = sum.cop_x_mm;
    values[SIGNAL_Y] = sum.cop_y_mm;
    values[SIGNAL_TOUCHED] = 1;
    history_push(run->history, run->at_s, values);
    if (run->at_s < run->next_s)
        return;
    run->next_s += PACE_STEP_S;
    float cosine, sine;
    pace_execute(run->pace, run->history);
    pace_axis(run->pace, &cosine, &sine);
    strokes_set_axis(run->strokes, cosine, sine);
    strokes_set_rhythm(run->strokes, pace_rhythm(run->pace, PACE_OF_FORCE)->hz,
                       pace_rhythm(run->pace, PACE_OF_PLACE)->hz);
}

static struct pace_reading read(const struct run *run, enum pace_signal signal)
{
    enum stroke_reader reader = signal == PACE_OF_FORCE ? READ_FORCE : READ_PLACE;
    return pace_read(run->pace, signal, strokes_times(run->strokes, reader), run->at_s);
}

static void wave_frame(struct run *run, const struct wave *wave)
{
    double turn = TAU * wave->hz * run->at_s;
    float force = wave->mean_n -
                  wave->swell_n * ((float)cos(turn) + wave->second * (float)cos(2 * turn)) +
                  wave->noise_n * noise(run);
    float x = 0.5F * wave->turn_mm * (float)cos((double)wave->turn_share * turn + 0.4) +
              wave->noise_mm * noise(run);
    frame(run, fmaxf(force, 0), x);
}

/* Right from 3 s or three cycles on, and given nearly always. */
static void assert_pace(const struct wave *wave, float rate_hz, enum pace_signal signal, double cpm)
{
    struct run run;
    start(&run, rate_hz);
    double from_s = fmax(3.0, 3 * 60 / cpm) + 0.35, to_s = from_s + fmax(8, 4 * 60 / cpm);
    unsigned n = 0, n_given = 0;
    double worst = 0;
    for (unsigned i = 0; run.at_s < to_s; i++) {
        run.at_s = i / (double)rate_hz;
        wave_frame(&run, wave);
        if (run.at_s < from_s)
            continue;
        struct pace_reading reading = read(&run, signal);
        n++;
        if (isnan(reading.pace_cpm))
            continue;
        n_given++;
        assert_true(reading.confidence > 0 && reading.confidence <= 1);
        worst = fmax(worst, fabs((double)reading.pace_cpm - cpm));
    }
    finish(&run);
    if (worst > fmax(1, 0.01 * cpm) || n_given < 0.95 * n)
        fail_msg("%.1f/min at %.0f frames/s: off by %.2f/min, given %u of %u", cpm, (double)rate_hz,
                 worst, n_given, n);
}

static void swells_from_6_to_720_a_minute(void **state)
{
    (void)state;
    static const double cpm[] = {6,  7.3, 10,  15,  22,  36,  48,  61,
                                 90, 120, 155, 200, 330, 500, 600, 720};
    static const float rate_hz[] = {100, 200, 500, 62};
    for (unsigned i = 0; i < sizeof cpm / sizeof cpm[0]; i++) {
        struct wave wave = {.hz = cpm[i] / 60, .mean_n = 30, .swell_n = 12, .noise_n = 0.15F};
        assert_pace(&wave, rate_hz[i % 4], PACE_OF_FORCE, cpm[i]);
    }
}

static void turns_from_6_to_720_a_minute(void **state)
{
    (void)state;
    static const double cpm[] = {6, 8, 12, 30, 45, 75, 110, 144, 190, 260, 400, 720};
    static const float rate_hz[] = {200, 100, 1000, 80};
    for (unsigned i = 0; i < sizeof cpm / sizeof cpm[0]; i++) {
        struct wave wave = {.hz = cpm[i] / 60,
                            .mean_n = 30,
                            .turn_mm = 14,
                            .turn_share = 1,
                            .noise_n = 0.1F,
                            .noise_mm = 0.1F};
        assert_pace(&wave, rate_hz[i % 4], PACE_OF_PLACE, cpm[i]);
    }
}

static void a_strong_second_harmonic_is_not_twice_the_pace(void **state)
{
    (void)state;
    static const double cpm[] = {18, 50, 100, 150, 240};
    static const float second[] = {0.4F, 0.8F, 1.1F};
    for (unsigned i = 0; i < 5; i++)
        for (unsigned k = 0; k < 3; k++) {
            struct wave wave = {.hz = cpm[i] / 60,
                                .mean_n = 40,
                                .swell_n = 10,
                                .second = second[k],
                                .noise_n = 0.1F};
            assert_pace(&wave, 200, PACE_OF_FORCE, cpm[i]);
        }
}

static void place_and_force_may_differ_by_an_octave(void **state)
{
    (void)state;
    /* Transverse friction presses most in the middle, twice a cycle; alternating hands press at
     * each change of place. */
    struct wave wave = {.hz = 4.8, .mean_n = 30, .swell_n = 3, .turn_mm = 14, .turn_share = 0.5F};
    assert_pace(&wave, 200, PACE_OF_PLACE, 144);
    assert_pace(&wave, 200, PACE_OF_FORCE, 288);
}

/* Blows of two hands, of which the second is weaker: each of them is one. */
static void two_unlike_hands_count_each_blow(void **state)
{
    (void)state;
    static const double cpm[] = {150, 300, 480};
    static const float other[] = {0.95F, 0.8F, 0.6F};
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < 3; k++) {
            struct run run;
            start(&run, 200);
            double period_s = 60 / cpm[i];
            for (unsigned f = 0; f < 2000; f++) {
                run.at_s = f / 200.0;
                double cycle = floor(run.at_s / period_s), in = run.at_s / period_s - cycle;
                float blow = in < 0.5 ? 30 * (float)sin(TAU * in) : 0;
                frame(&run, fmod(cycle, 2) > 0.5 ? other[k] * blow : blow, 0);
            }
            struct pace_reading reading = read(&run, PACE_OF_FORCE);
            assert_true(fabs((double)reading.pace_cpm / cpm[i] - 1) < 0.01);
            finish(&run);
        }
}

static void uneven_cycles_give_their_mean_and_their_spread(void **state)
{
    (void)state;
    struct run run;
    start(&run, 200);
    double phase = 0, period_s = 1, sum = 0;
    unsigned n = 0;
    for (unsigned f = 0; f < 200 * 40; f++) {
        run.at_s = f / 200.0;
        phase += 1 / (200 * period_s);
        if (phase >= 1) {
            phase -= 1;
            period_s = 1 + 0.06 * (double)noise(&run);
        }
        frame(&run, 30 - 20 * (float)cos(TAU * phase), 0);
        if (f % 200 || run.at_s < 8)
            continue;
        struct pace_reading reading = read(&run, PACE_OF_FORCE);
        assert_true(fabs((double)reading.pace_cpm - 60) < 6); /* five uneven cycles */
        if (isnan(reading.regularity_pct))
            continue;
        sum += (double)reading.regularity_pct;
        n++;
    }
    assert_true(n > 20);
    assert_true(sum / n > 2.5 && sum / n < 8);
    finish(&run);
}

/* Nothing there to be counted: no pace at any time. */
static unsigned count_given(struct run *run, unsigned n_frames, float (*force)(struct run *))
{
    unsigned n = 0;
    for (unsigned f = 0; f < n_frames; f++) {
        run->at_s = f / 200.0;
        frame(run, force(run), 0.05F * noise(run));
        n += !isnan(read(run, PACE_OF_FORCE).pace_cpm) || !isnan(read(run, PACE_OF_PLACE).pace_cpm);
    }
    return n;
}

static float still_hold(struct run *run)
{
    return 40 + 0.1F * noise(run);
}

static float creeping_hold(struct run *run)
{
    return 40 * (1 + 0.03F * log10f(1 + (float)run->at_s)) + 0.1F * noise(run);
}

static float single_press(struct run *run)
{
    double in = (run->at_s - 5) / 1.5;
    return in > 0 && in < 1 ? 50 * (float)sin(0.5 * TAU * in) : 0;
}

/* Band-limited as after the low-pass, as strong as the hold itself. */
static float shapeless(struct run *run)
{
    static float state[3];
    if (run->at_s == 0)
        memset(state, 0, sizeof state);
    float x = noise(run);
    for (int i = 0; i < 3; i++)
        x = state[i] += 0.3F * (x - state[i]);
    return fmaxf(0, 30 + 25 * x);
}

static void no_pace_where_nothing_repeats(void **state)
{
    (void)state;
    float (*const forces[])(struct run *) = {still_hold, creeping_hold, single_press};
    for (unsigned i = 0; i < 3; i++) {
        struct run run;
        start(&run, 200);
        assert_int_equal(count_given(&run, 200 * 45, forces[i]), 0);
        finish(&run);
    }
    struct run run;
    start(&run, 200);
    unsigned n = count_given(&run, 200 * 60, shapeless);
    assert_true(n <= 200 * 60 / 50); /* chance repeats now and then: 2 % of the time at most */
    finish(&run);
}

static void lost_frames_do_not_change_the_pace(void **state)
{
    (void)state;
    struct wave wave = {.hz = 2.4, .mean_n = 30, .swell_n = 12};
    struct run run;
    start(&run, 200);
    for (unsigned f = 0; f < 2400; f++) {
        run.at_s = f / 200.0;
        if (random_below(&run.random, 10) == 0 || f % 400 > 392)
            continue;
        wave_frame(&run, &wave);
        if (run.at_s > 4)
            assert_true(fabs((double)read(&run, PACE_OF_FORCE).pace_cpm / 144 - 1) < 0.01);
    }
    finish(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swells_from_6_to_720_a_minute),
        cmocka_unit_test(turns_from_6_to_720_a_minute),
        cmocka_unit_test(a_strong_second_harmonic_is_not_twice_the_pace),
        cmocka_unit_test(place_and_force_may_differ_by_an_octave),
        cmocka_unit_test(two_unlike_hands_count_each_blow),
        cmocka_unit_test(uneven_cycles_give_their_mean_and_their_spread),
        cmocka_unit_test(no_pace_where_nothing_repeats),
        cmocka_unit_test(lost_frames_do_not_change_the_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

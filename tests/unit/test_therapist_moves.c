/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What defines each technique (its row in the design's table), checked twice: from what the hands
 * say they did, and from what an ideal array counts, read back by its own law. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "link/message.h"
#include "therapist/scene.h"
#include "unit/virtual_array.h"

enum { SIDE = 40, RATE_HZ = 250, ROWS_MAX = 400 };
static const float pitch_mm = 8.0F;

struct row {
    bool is_step;
    char technique[32], hand[8];
    double start_s, end_s, pace_cpm, mean_n, peak_n, path_mm, direction_deg;
};

/* One scan, read back. */
struct reading {
    double force_n, peak_kpa, x_mm, y_mm; /* place: centre of pressure, NAN when off */
};

struct run {
    size_t n_rows, n_readings;
    struct row rows[ROWS_MAX];
    struct reading *readings;
    struct virtual_array v;
    struct stimulus_calibration law;
    uint16_t *counts; /* [n_readings * SIDE * SIDE] */
};

static struct run run;

static double number(const char *field)
{
    return *field ? strtod(field, NULL) : nan("");
}

static void read_truth(const char *path)
{
    char line[512];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "kind,technique,style,hand,start_s,end_s,pace_cpm,mean_force_n,"
                              "peak_force_n,path_mm,direction_deg\n");
    while (fgets(line, sizeof line, file)) {
        char *rest = line, *field[11];
        line[strcspn(line, "\n")] = '\0';
        for (int i = 0; i < 11; i++) {
            field[i] = strsep(&rest, ",");
            assert_non_null(field[i]);
        }
        assert_null(rest);
        assert_true(run.n_rows < ROWS_MAX);
        struct row *row = &run.rows[run.n_rows++];
        *row = (struct row){.is_step = strcmp(field[0], "step") == 0,
                            .start_s = number(field[4]),
                            .end_s = number(field[5]),
                            .pace_cpm = number(field[6]),
                            .mean_n = number(field[7]),
                            .peak_n = number(field[8]),
                            .path_mm = number(field[9]),
                            .direction_deg = number(field[10])};
        (void)snprintf(row->technique, sizeof row->technique, "%s", field[1]);
        (void)snprintf(row->hand, sizeof row->hand, "%s", field[3]);
    }
    (void)fclose(file);
}

static struct reading read_counts(const uint16_t *counts)
{
    struct reading reading = {0.0, 0.0, nan(""), nan("")};
    double sum = 0.0, x = 0.0, y = 0.0;
    for (size_t i = 0; i < run.v.n_taxels; i++) {
        if (counts[i] == 0)
            continue;
        double kpa = virtual_kpa(&run.law, i, counts[i]);
        sum += kpa;
        x += kpa * (double)run.v.x_mm[i];
        y += kpa * (double)run.v.y_mm[i];
        reading.peak_kpa = fmax(reading.peak_kpa, kpa);
    }
    reading.force_n = 1e-3 * sum * (double)(pitch_mm * pitch_mm);
    if (sum > 0.0) {
        reading.x_mm = x / sum;
        reading.y_mm = y / sum;
    }
    return reading;
}

/* Act a script on an ideal array: no noise, spread, hysteresis or creep. */
static void act(const char *script)
{
    char script_path[] = "/tmp/thenar-moves-XXXXXX", truth_path[] = "/tmp/thenar-truth-XXXXXX";
    int script_fd = mkstemp(script_path), truth_fd = mkstemp(truth_path);
    assert_true(script_fd >= 0 && truth_fd >= 0);
    assert_int_equal(write(script_fd, script, strlen(script)), strlen(script));
    (void)close(script_fd);
    (void)close(truth_fd);
    struct scene_options options = {
        .script = script_path, .truth_path = truth_path, .seed = 11, .calibrated = true};
    struct thenar_error error;
    struct stimulus *stimulus;
    run.n_rows = run.n_readings = 0;
    virtual_array_init(&run.v, SIDE, SIDE, pitch_mm, THENAR_MOUNT_PAD);
    if (scene_create(&stimulus, &run.v.array, &options, &error) != THENAR_OK)
        fail_msg("%s", error.text);
    stimulus->calibration(stimulus, &run.law);
    run.law.gain = NULL; /* all true gains are 1 here; the factory's 2 % would only blur */
    size_t n_room = 120 * RATE_HZ;
    run.counts = malloc(n_room * SIDE * SIDE * sizeof *run.counts);
    run.readings = malloc(n_room * sizeof *run.readings);
    for (size_t i = 0; i < n_room; i++) {
        uint16_t *counts = run.counts + i * SIDE * SIDE;
        if (stimulus->sample(stimulus, (double)i / RATE_HZ, counts) == THENAR_END)
            break;
        run.readings[run.n_readings++] = read_counts(counts);
    }
    stimulus->destroy(stimulus);
    read_truth(truth_path);
    (void)unlink(script_path);
    (void)unlink(truth_path);
}

static void done(void)
{
    free(run.counts);
    free(run.readings);
    virtual_array_finish(&run.v);
}

static const struct reading *at(double time_s)
{
    size_t i = (size_t)lround(time_s * RATE_HZ);
    return &run.readings[i < run.n_readings ? i : run.n_readings - 1];
}

static const struct row *the_step(void)
{
    for (size_t i = 0; i < run.n_rows; i++)
        if (run.rows[i].is_step)
            return &run.rows[i];
    fail_msg("no step in the truth");
    return NULL;
}

static size_t n_cycles(void)
{
    size_t n = 0;
    for (size_t i = 0; i < run.n_rows; i++)
        n += !run.rows[i].is_step;
    return n;
}

static const struct row *cycle(size_t index)
{
    for (size_t i = 0; i < run.n_rows; i++)
        if (!run.rows[i].is_step && index-- == 0)
            return &run.rows[i];
    fail_msg("no such cycle");
    return NULL;
}

/* Extent of the centre of pressure along an axis, from `start_s` to `end_s`. */
static double extent_mm(double start_s, double end_s, bool along_y)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (double t = start_s; t < end_s; t += 1.0 / RATE_HZ) {
        double place = along_y ? at(t)->y_mm : at(t)->x_mm;
        low = fmin(low, place);
        high = fmax(high, place);
    }
    return high - low;
}

/* How often force or place crosses its mean upwards: an ear of its own for pace. */
static unsigned upward_crossings(double start_s, double end_s, double (*of)(const struct reading *))
{
    double mean = 0.0, n = 0.0;
    unsigned n_crossings = 0;
    for (double t = start_s; t < end_s; t += 1.0 / RATE_HZ, n++)
        mean += of(at(t));
    mean /= n;
    for (double t = start_s + 1.0 / RATE_HZ; t < end_s; t += 1.0 / RATE_HZ)
        n_crossings += of(at(t - 1.0 / RATE_HZ)) < mean && of(at(t)) >= mean;
    return n_crossings;
}

static double force_of(const struct reading *reading)
{
    return reading->force_n;
}

static double x_of(const struct reading *reading)
{
    return reading->x_mm;
}

static double y_of(const struct reading *reading)
{
    return reading->y_mm;
}

/* What every technique owes: the counts show the force that the truth tells, cycle by cycle, and
 * the peak is the one asked for. 6 % is the array's error on fingertips no larger than a taxel. */
static void check_forces(double force_n)
{
    double sum_n = 0.0;
    for (size_t k = 0; k < n_cycles(); k++) {
        double peak_n = 0.0, mean_n = 0.0, n = 0.0;
        for (double t = cycle(k)->start_s; t <= cycle(k)->end_s; t += 1.0 / RATE_HZ, n++) {
            peak_n = fmax(peak_n, at(t)->force_n);
            mean_n += at(t)->force_n;
        }
        assert_true(fabs(peak_n / cycle(k)->peak_n - 1.0) < 0.06);
        if (n > 50.0)
            assert_true(fabs(mean_n / n / cycle(k)->mean_n - 1.0) < 0.06);
        sum_n += cycle(k)->peak_n;
    }
    assert_true(fabs(sum_n / (double)n_cycles() / force_n - 1.0) < 0.03);
}

/* Steady as a clock: the pace asked for, to 1 %, in the truth's intervals and in its sum. */
static void check_pace(double pace_cpm)
{
    assert_true(n_cycles() >= 3);
    assert_true(fabs(the_step()->pace_cpm / pace_cpm - 1.0) < 0.01);
    double first_s = cycle(0)->start_s, last_s = cycle(n_cycles() - 1)->start_s;
    double intervals_cpm = 60.0 * (double)(n_cycles() - 1) / (last_s - first_s);
    assert_true(fabs(intervals_cpm / pace_cpm - 1.0) < 0.01);
    for (size_t k = 1; k < n_cycles(); k++)
        assert_true(cycle(k)->start_s >= cycle(k - 1)->end_s - 1e-3);
}

static void check_peak(double least_kpa, double most_kpa)
{
    double peak_kpa = 0.0;
    for (size_t i = 0; i < run.n_readings; i++)
        peak_kpa = fmax(peak_kpa, run.readings[i].peak_kpa);
    if (peak_kpa < least_kpa || peak_kpa > most_kpa)
        fail_msg("peak %.1f kPa, not %.0f to %.0f", peak_kpa, least_kpa, most_kpa);
}

/* Before the first touch and after the last there is nothing at all. */
static void check_hands_are_off_outside(void)
{
    for (size_t i = 0; i < run.n_readings; i++) {
        double t = (double)i / RATE_HZ;
        if (t < the_step()->start_s - 2e-3 || t > the_step()->end_s + 2e-3)
            assert_true(run.readings[i].force_n == 0.0);
    }
}

#define STEADY " irregularity_pct=0 variation_pct=0 wander_mm=0\nrest 0.5\n"

static void effleurage_glides_one_way(void **state)
{
    (void)state;
    act("effleurage 20 pace_cpm=20 force_n=80" STEADY);
    check_pace(20.0);
    check_forces(80.0);
    check_peak(10.0, 40.0);
    check_hands_are_off_outside();
    for (size_t k = 0; k < n_cycles(); k++) {
        double start_s = cycle(k)->start_s, end_s = cycle(k)->end_s, before = -HUGE_VAL;
        assert_true(cycle(k)->path_mm > 60.0);
        assert_true(fabs(cycle(k)->direction_deg - 90.0) < 2.0);
        assert_true(extent_mm(start_s + 0.05, end_s - 0.05, true) > 60.0);
        for (double t = start_s + 0.05; t < end_s - 0.05; t += 0.02, before = at(t - 0.02)->y_mm)
            assert_true(at(t)->y_mm > before - 0.5);   /* never back */
        assert_true(at(end_s + 0.02)->force_n == 0.0); /* then lifted */
    }
    done();
    /* The other way, and with a light return. */
    act("effleurage 20 pace_cpm=20 angle_deg=0 return_pct=20 hand=right" STEADY);
    check_pace(20.0);
    assert_true(fabs(cycle(1)->path_mm) > 120.0); /* there and back */
    double least_n = HUGE_VAL;
    for (double t = cycle(0)->start_s + 0.1; t < cycle(3)->end_s; t += 0.01)
        least_n = fmin(least_n, at(t)->force_n);
    assert_true(least_n > 0.15 * 80.0 && least_n < 0.25 * 80.0);
    assert_true(extent_mm(cycle(1)->start_s, cycle(1)->end_s, false) > 60.0);
    assert_true(extent_mm(cycle(1)->start_s, cycle(1)->end_s, true) < 10.0);
    done();
}

static void petrissage_swells_in_place(void **state)
{
    (void)state;
    act("petrissage 15 pace_cpm=40 force_n=40" STEADY);
    check_pace(40.0);
    check_forces(40.0);
    check_peak(20.0, 60.0);
    double start_s = cycle(0)->start_s, end_s = cycle(n_cycles() - 1)->end_s;
    assert_int_equal(upward_crossings(start_s, end_s, force_of), n_cycles());
    assert_true(extent_mm(start_s, end_s, false) < 15.0);
    assert_true(extent_mm(start_s, end_s, true) < 15.0);
    for (size_t k = 0; k < n_cycles(); k++) { /* it ebbs, but stays on */
        double ebb_n = at(cycle(k)->start_s)->force_n;
        assert_true(ebb_n > 1.0 && ebb_n < 0.25 * cycle(k)->peak_n);
    }
    /* Two lobes closing: the spread across, about the centre, shrinks as the force grows. */
    double spread_mm[2];
    for (int closed = 0; closed < 2; closed++) {
        size_t frame = (size_t)((cycle(2)->start_s + (closed ? 0.75 : 0.15)) * RATE_HZ);
        const uint16_t *counts = run.counts + frame * SIDE * SIDE;
        double sum = 0.0, square = 0.0;
        for (size_t i = 0; i < run.v.n_taxels; i++) {
            double d = (double)run.v.x_mm[i] - run.readings[frame].x_mm;
            sum += counts[i];
            square += counts[i] * d * d;
        }
        spread_mm[closed] = sqrt(square / sum);
    }
    assert_true(spread_mm[1] < 0.8 * spread_mm[0] && spread_mm[1] > 10.0);
    done();
    /* Two hands alternate, and the pace counts both. */
    act("petrissage 15 pace_cpm=60 hand=both" STEADY);
    check_pace(60.0);
    assert_string_equal(cycle(0)->hand, "right");
    assert_string_equal(cycle(1)->hand, "left");
    assert_true(extent_mm(cycle(0)->start_s, cycle(1)->end_s, false) > 60.0);
    done();
}

static void rolling_goes_to_and_fro_without_lifting(void **state)
{
    (void)state;
    act("rolling 12 pace_cpm=60 force_n=39" STEADY);
    check_pace(60.0);
    check_forces(39.0);
    check_peak(8.0, 55.0);
    double start_s = cycle(0)->start_s, end_s = cycle(n_cycles() - 1)->end_s;
    assert_int_equal(upward_crossings(start_s, end_s, y_of), n_cycles());
    for (double t = start_s; t < end_s; t += 0.01)
        assert_true(at(t)->force_n > 0.8 * 39.0);
    assert_true(extent_mm(start_s, end_s, true) > 40.0);
    assert_true(cycle(1)->path_mm > 80.0 && isnan(cycle(1)->direction_deg)); /* home again */
    /* A bar: in y a row is short, in x it is long. */
    const uint16_t *counts = run.counts + (size_t)(5.0 * RATE_HZ) * SIDE * SIDE;
    double sum = 0.0, xx = 0.0, yy = 0.0;
    for (size_t i = 0; i < run.v.n_taxels; i++) {
        sum += counts[i];
        xx += counts[i] * pow((double)run.v.x_mm[i] - at(5.0)->x_mm, 2.0);
        yy += counts[i] * pow((double)run.v.y_mm[i] - at(5.0)->y_mm, 2.0);
    }
    assert_true(sum > 0.0 && xx > 9.0 * yy);
    done();
}

static void friction_turns_back_within_20_mm(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "friction 8 pace_cpm=150 force_n=36 style=transverse" STEADY,
        "friction 8 pace_cpm=150 force_n=36 style=circular" STEADY,
    };
    for (int style = 0; style < 2; style++) {
        act(scripts[style]);
        check_pace(150.0);
        check_peak(100.0, 250.0);
        double start_s = cycle(0)->start_s, end_s = cycle(n_cycles() - 1)->end_s;
        assert_int_equal(upward_crossings(start_s, end_s, x_of), n_cycles());
        assert_true(extent_mm(start_s, end_s, false) > 6.0);
        assert_true(extent_mm(start_s, end_s, false) < 20.0);
        assert_true(style == 0 ? extent_mm(start_s, end_s, true) < 3.0
                               : extent_mm(start_s, end_s, true) > 6.0);
        for (double t = start_s; t < end_s; t += 0.01)
            assert_true(at(t)->force_n > 0.75 * 36.0); /* held down */
        assert_true(fabs(the_step()->peak_n / 36.0 - 1.0) < 0.01);
        done();
    }
}

static void tapotement_lifts_off_between_impacts(void **state)
{
    (void)state;
    act("tapotement 6 pace_cpm=360 force_n=30 style=hacking contact_ms=50" STEADY);
    check_pace(360.0);
    check_peak(20.0, 60.0);
    for (size_t k = 0; k + 1 < n_cycles(); k++) {
        double contact_s = cycle(k)->end_s - cycle(k)->start_s;
        assert_true(contact_s > 0.020 && contact_s < 0.080);
        assert_string_equal(cycle(k)->hand, k % 2 ? "left" : "right");
        assert_true(fabs(cycle(k)->peak_n / 30.0 - 1.0) < 0.01);
        /* 4 ms frames see most of a 50 ms peak; then the hand is off until the next. */
        double middle_s = 0.5 * (cycle(k)->start_s + cycle(k)->end_s);
        assert_true(fabs(at(middle_s)->force_n / 30.0 - 1.0) < 0.08);
        for (double t = cycle(k)->end_s + 5e-3; t < cycle(k + 1)->start_s - 5e-3; t += 2e-3)
            assert_true(at(t)->force_n == 0.0);
    }
    /* Of the classic three its mean force is the lowest. */
    assert_true(the_step()->mean_n * 0.3 < 10.0);
    done();
    /* Even too long a contact lifts off. */
    act("tapotement 4 pace_cpm=600 contact_ms=200 style=pounding" STEADY);
    check_pace(600.0);
    for (size_t k = 0; k < n_cycles(); k++)
        assert_true(cycle(k)->end_s - cycle(k)->start_s < 0.061);
    done();
}

static void vibration_and_shaking_ripple_on_a_held_contact(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        double pace_cpm, mean_n, ripple, least_mm, most_mm;
    } cases[] = {
        {"vibration 8 pace_cpm=600 force_n=45 ripple_pct=22" STEADY, 600.0, 45.0, 0.22, 0.5, 3.0},
        {"shaking 8 pace_cpm=360 force_n=28 ripple_pct=35" STEADY, 360.0, 28.0, 0.35, 6.0, 20.0},
    };
    for (size_t c = 0; c < 2; c++) {
        act(cases[c].script);
        check_pace(cases[c].pace_cpm);
        check_forces(cases[c].mean_n * (1.0 + cases[c].ripple));
        double start_s = cycle(0)->start_s, end_s = cycle(n_cycles() - 1)->end_s;
        unsigned found = upward_crossings(start_s, end_s, force_of);
        assert_true(found >= n_cycles() - 1 && found <= n_cycles() + 1);
        double least_n = HUGE_VAL, mean_n = 0.0, n = 0.0;
        for (double t = start_s; t < end_s; t += 1.0 / RATE_HZ, n++) {
            least_n = fmin(least_n, at(t)->force_n);
            mean_n += at(t)->force_n;
        }
        assert_true(least_n > 0.5 * cases[c].mean_n); /* never off */
        assert_true(fabs(mean_n / n / cases[c].mean_n - 1.0) < 0.06);
        double wide_mm = extent_mm(start_s, end_s, false);
        assert_true(wide_mm > cases[c].least_mm && wide_mm < cases[c].most_mm);
        done();
    }
}

static void compression_is_small_deep_and_still(void **state)
{
    (void)state;
    act("compression 20 force_n=52" STEADY);
    check_forces(52.0);
    check_peak(150.0, 300.0);
    assert_int_equal(n_cycles(), 1);
    assert_true(cycle(0)->end_s - cycle(0)->start_s > 19.0);
    double start_s = cycle(0)->start_s + 3.0, end_s = cycle(0)->end_s - 2.0;
    assert_true(extent_mm(start_s, end_s, false) < 0.5);
    assert_true(extent_mm(start_s, end_s, true) < 0.5);
    for (double t = start_s; t < end_s; t += 0.05)
        assert_true(fabs(at(t)->force_n / 52.0 - 1.0) < 0.06);
    unsigned n_pressed = 0;
    for (size_t i = 0; i < run.v.n_taxels; i++)
        n_pressed += run.counts[(size_t)(10.0 * RATE_HZ) * SIDE * SIDE + i] > 40;
    assert_true((float)n_pressed * pitch_mm * pitch_mm < 1500.0F); /* mm^2 */
    done();
    act("compression 30 hold_s=8" STEADY);
    assert_int_equal(n_cycles(), 3);
    assert_true(fabs(cycle(1)->end_s - cycle(1)->start_s - 8.0) < 0.01);
    done();
}

static void myofascial_release_creeps_gently(void **state)
{
    (void)state;
    act("myofascial_release 30 force_n=40 speed_mm_s=2" STEADY);
    check_forces(40.0);
    check_peak(4.0, 15.0);
    assert_int_equal(n_cycles(), 1);
    assert_true(cycle(0)->path_mm > 15.0); /* of one hand, at half the speed between them */
    assert_true(cycle(0)->path_mm / (cycle(0)->end_s - cycle(0)->start_s) < 5.0);
    unsigned n_pressed = 0;
    for (size_t i = 0; i < run.v.n_taxels; i++)
        n_pressed += run.counts[(size_t)(15.0 * RATE_HZ) * SIDE * SIDE + i] > 10;
    assert_true((float)n_pressed * pitch_mm * pitch_mm > 6000.0F); /* broad, mm^2 */
    done();
}

/* Centre of pressure of the part of the array with y below, or not below, `split_mm`. */
static double part_y_mm(double time_s, double split_mm, bool below)
{
    const uint16_t *counts = run.counts + (size_t)(time_s * RATE_HZ) * SIDE * SIDE;
    double sum = 0.0, y = 0.0;
    for (size_t i = 0; i < run.v.n_taxels; i++)
        if (((double)run.v.y_mm[i] < split_mm) == below) {
            sum += counts[i];
            y += counts[i] * (double)run.v.y_mm[i];
        }
    return y / sum;
}

static void soft_tissue_release_pins_and_draws_away(void **state)
{
    (void)state;
    act("soft_tissue_release 20 pace_cpm=12 force_n=56 y_mm=-80" STEADY);
    check_pace(12.0);
    check_forces(56.0);
    for (size_t k = 0; k < n_cycles(); k++) {
        double start_s = cycle(k)->start_s, span_s = cycle(k)->end_s - start_s;
        double early_s = start_s + 0.25 * span_s, late_s = start_s + 0.80 * span_s;
        assert_true(fabs(part_y_mm(early_s, -58.0, true) + 80.0) < 2.0); /* the pin stays */
        assert_true(fabs(part_y_mm(late_s, -58.0, true) + 80.0) < 2.0);
        assert_true(part_y_mm(late_s, -58.0, false) - part_y_mm(early_s, -58.0, false) > 40.0);
        assert_true(cycle(k)->path_mm > 50.0); /* of the drawing hand */
        assert_true(at(cycle(k)->end_s + 0.1)->force_n == 0.0);
    }
    done();
}

static void muscle_energy_pushes_then_holds_longer(void **state)
{
    (void)state;
    act("muscle_energy 64 push_s=8 hold_s=12 force_n=70" STEADY);
    assert_int_equal(n_cycles(), 3);
    check_pace(3.0);
    check_forces(70.0);
    for (size_t k = 0; k < n_cycles(); k++) {
        double pushing_s = 0.0, holding_s = 0.0;
        for (double t = cycle(k)->start_s; t < cycle(k)->end_s; t += 0.01) {
            pushing_s += at(t)->force_n > 0.8 * 70.0 ? 0.01 : 0.0;
            holding_s += at(t)->force_n < 0.45 * 70.0 && at(t)->force_n > 0.2 * 70.0 ? 0.01 : 0.0;
        }
        assert_true(pushing_s > 6.5 && pushing_s < 10.0);
        assert_true(holding_s > pushing_s);
    }
    done();
}

static void stretching_holds_two_hands_apart(void **state)
{
    (void)state;
    act("stretching 20 force_n=60" STEADY);
    check_forces(60.0);
    double apart[2];
    for (int late = 0; late < 2; late++) {
        double t = late ? 17.0 : 6.0;
        apart[late] = part_y_mm(t, 0.0, false) - part_y_mm(t, 0.0, true);
        assert_true(apart[late] > 100.0);
    }
    assert_true(fabs(apart[1] - apart[0]) < 1.0); /* still */
    done();
}

/* Weights stand still for the whole step, are stacked without lifting, and weigh what they weigh.
 */
static void weights_stand_still_and_stack(void **state)
{
    (void)state;
    act("rest 2\npuck 6 mass_kg=2 diameter_mm=90\npuck 6 mass_kg=5 diameter_mm=90\nrest 2\n");
    static const struct {
        double from_s, to_s, kg;
    } holds[] = {{0, 1.9, 0}, {2.6, 7.9, 2}, {8.6, 13.4, 5}, {14.1, 15.9, 0}};
    for (size_t k = 0; k < 4; k++)
        for (double t = holds[k].from_s; t < holds[k].to_s; t += 0.1)
            assert_true(fabs(at(t)->force_n - 9.80665 * holds[k].kg) < 0.02 * 49.0);
    assert_true(at(8.2)->force_n > 19.0); /* it goes from 2 kg to 5 kg without a way through 0 */
    done();
}

static void rest_is_nothing(void **state)
{
    (void)state;
    act("rest 5\n");
    assert_int_equal(run.n_rows, 1);
    assert_string_equal(the_step()->technique, "rest");
    assert_true(the_step()->end_s == 5.0 && isnan(the_step()->pace_cpm));
    for (size_t i = 0; i < run.n_readings; i++)
        assert_true(run.readings[i].force_n == 0.0);
    done();
}

/* Irregularity, variation and wander come out as asked: over some 190 squeezes, within 15 %. */
static void cycles_vary_as_much_as_asked(void **state)
{
    (void)state;
    act("petrissage 70 pace_cpm=170 irregularity_pct=10 variation_pct=20 wander_mm=0\n");
    double n = 0.0, interval = 0.0, interval2 = 0.0, peak = 0.0, peak2 = 0.0;
    for (size_t k = 0; k + 1 < n_cycles(); k++, n++) {
        double s = cycle(k + 1)->start_s - cycle(k)->start_s;
        interval += s;
        interval2 += s * s;
        peak += cycle(k)->peak_n;
        peak2 += cycle(k)->peak_n * cycle(k)->peak_n;
    }
    assert_true(n > 180.0);
    double interval_pct = 100.0 * sqrt(interval2 * n - interval * interval) / interval;
    double peak_pct = 100.0 * sqrt(peak2 * n - peak * peak) / peak;
    assert_true(fabs(interval_pct / 10.0 - 1.0) < 0.15);
    /* At mid-cycle the force is half the last draw and half the next: 20 % becomes 14 %. */
    assert_true(peak_pct > 10.0 && peak_pct < 22.0);
    done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effleurage_glides_one_way),
        cmocka_unit_test(petrissage_swells_in_place),
        cmocka_unit_test(rolling_goes_to_and_fro_without_lifting),
        cmocka_unit_test(friction_turns_back_within_20_mm),
        cmocka_unit_test(tapotement_lifts_off_between_impacts),
        cmocka_unit_test(vibration_and_shaking_ripple_on_a_held_contact),
        cmocka_unit_test(compression_is_small_deep_and_still),
        cmocka_unit_test(myofascial_release_creeps_gently),
        cmocka_unit_test(soft_tissue_release_pins_and_draws_away),
        cmocka_unit_test(muscle_energy_pushes_then_holds_longer),
        cmocka_unit_test(stretching_holds_two_hands_apart),
        cmocka_unit_test(weights_stand_still_and_stack),
        cmocka_unit_test(rest_is_nothing),
        cmocka_unit_test(cycles_vary_as_much_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

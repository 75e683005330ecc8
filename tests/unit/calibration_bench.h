/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_bench.h - a bench with an array whose every sensor is known, for tests of calibration
 *
 * Closed forms, no randomness: G = gain G100 (p / 100)^n (1 + c log10(t / 3 s)), gains from a sine,
 * a puck that presses the exact part of each square under its disc, falling loads raised by a loop.
 */
#ifndef CALIBRATION_BENCH_H
#define CALIBRATION_BENCH_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "signal/calibration_run.h"
#include "signal/sensor_calibration.h"

struct bench {
    struct array_layout layout;
    struct calibration_run run;
    double exponent, bend; /* bend: d n / d ln p, 0 for a power law */
    double creep_pct_decade, loop;
    double stuck_counts; /* of taxel `stuck`; 0: none is */
    size_t stuck, dead;  /* dead: SIZE_MAX for none */
    double tilt;         /* of even loads, from edge to edge */
    double slip_mm;      /* of the next puck, in the middle of its hold */
    double jump;         /* the next hold's load changes by this part in the middle */
};

static const double bench_g100_us = 400.0;

static inline double bench_gain(size_t i)
{
    return 1.0 + 0.12 * sin(1.7 * (double)i);
}

static inline void bench_init(struct bench *bench)
{
    *bench = (struct bench){.exponent = 0.8, .dead = SIZE_MAX, .stuck = SIZE_MAX};
    if (array_layout_init(&bench->layout, 12, 12, 10, 10, 100) != THENAR_OK ||
        calibration_run_init(&bench->run, 12, 12) != THENAR_OK)
        abort();
    for (size_t i = 0; i < bench->layout.n_taxels; i++)
        bench->layout.sensing_mm2[i] = 64;
    /* full scale at 450 kPa or so */
    bench->layout.sensor = (struct sensor_law){
        .circuit = SENSOR_TRANSIMPEDANCE, .full_scale_counts = 4095, .reference_ohm = 750};
}

static inline void bench_finish(struct bench *bench)
{
    calibration_run_finish(&bench->run);
    array_layout_finish(&bench->layout);
}

static inline double bench_conductance_us(const struct bench *bench, double kpa)
{
    double x = log(kpa / 100.0);
    return bench_g100_us * exp(bench->exponent * x + 0.5 * bench->bend * x * x);
}

/* Part of taxel i under a disc, on a fine grid. */
static inline double bench_part(const struct bench *bench, size_t i, double x, double y, double r)
{
    unsigned n = 0;
    for (int a = 0; a < 40; a++)
        for (int b = 0; b < 40; b++)
            n += hypot((double)bench->layout.x_mm[i] + 8.0 * ((a + 0.5) / 40 - 0.5) - x,
                       (double)bench->layout.y_mm[i] + 8.0 * ((b + 0.5) / 40 - 0.5) - y) < r;
    return n / 1600.0;
}

static inline float bench_counts(const struct bench *bench, size_t i, double kpa, double age_s,
                                 bool falling)
{
    double us = 0.0;
    if (kpa > 0.0)
        us = bench_gain(i) *
             bench_conductance_us(bench, kpa * (falling ? 1.0 + bench->loop : 1.0)) *
             (1.0 + 0.01 * bench->creep_pct_decade * log10(age_s / 3.0));
    double counts = 5.0 + 4095.0 * 750e-6 * us;
    if (i == bench->dead)
        counts = 5.0;
    if (i == bench->stuck)
        counts = fmax(counts, bench->stuck_counts);
    return (float)fmin(counts, 4095.0);
}

struct bench_load {
    enum hold_kind kind;
    const char *label;
    double kpa, said_kpa; /* what is there, and what the bench is told */
    double x_mm, y_mm, diameter_mm;
    double contact_s, hold_s;
    bool falling;
};

static inline void bench_hold(struct bench *bench, const struct bench_load *load)
{
    struct calibration_hold hold;
    size_t n_taxels = bench->layout.n_taxels;
    unsigned n_bins = (unsigned)(load->hold_s / HOLD_BIN_S);
    if (calibration_hold_init(&hold, n_taxels, n_bins) != THENAR_OK)
        abort();
    hold.kind = load->kind;
    (void)snprintf(hold.label, sizeof hold.label, "%s", load->label);
    hold.load_kpa = load->said_kpa;
    hold.diameter_mm = load->diameter_mm;
    hold.contact_s = load->contact_s;
    for (size_t i = 0; i < n_taxels; i++) {
        double lean = 1.0 + bench->tilt * (double)bench->layout.x_mm[i] / 110.0;
        double before = load->kind == HOLD_EVEN ? lean : 0.0, after = before;
        if (load->kind == HOLD_PUCK) {
            before = bench_part(bench, i, load->x_mm, load->y_mm, 0.5 * load->diameter_mm);
            after = bench_part(bench, i, load->x_mm + bench->slip_mm, load->y_mm,
                               0.5 * load->diameter_mm);
        }
        for (unsigned b = 0; b < n_bins; b++) {
            bool late = b >= n_bins / 2;
            double kpa = load->kpa * (late ? after * (1.0 + bench->jump) : before);
            hold.time_s[b] = (b + 0.5) * HOLD_BIN_S;
            hold.counts[b * n_taxels + i] =
                bench_counts(bench, i, kpa, load->contact_s + hold.time_s[b], load->falling);
        }
        hold.noise_counts[i] = 2.0F;
    }
    bench->slip_mm = bench->jump = 0.0;
    if (calibration_run_take(&bench->run, &hold) != THENAR_OK)
        abort();
}

static inline void bench_zero(struct bench *bench)
{
    bench_hold(bench,
               &(struct bench_load){
                   .kind = HOLD_ZERO, .label = "nothing", .said_kpa = (double)NAN, .hold_s = 5});
}

static inline void bench_even(struct bench *bench, double kpa, double said_kpa)
{
    bench_hold(bench, &(struct bench_load){.kind = HOLD_EVEN,
                                           .label = "even",
                                           .kpa = kpa,
                                           .said_kpa = said_kpa,
                                           .contact_s = 2,
                                           .hold_s = 8});
}

/* A puck of 40 mm about the middle of a taxel, put on afresh. */
static inline void bench_puck(struct bench *bench, const char *label, double kpa, double said_kpa)
{
    bench_hold(bench, &(struct bench_load){.kind = HOLD_PUCK,
                                           .label = label,
                                           .kpa = kpa,
                                           .said_kpa = said_kpa,
                                           .x_mm = 15.3,
                                           .y_mm = -5.2,
                                           .diameter_mm = 40,
                                           .contact_s = 2,
                                           .hold_s = 6});
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_gains.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double least_share = 0.1;  /* of the median: below it a taxel reads nothing */
static const double most_spread = 3.0;  /* a gain further off than this is no spread of making */
static const double level_spread = 0.3; /* the same taxel under two even loads, in ln G */
static const double most_tilt = 0.3;    /* from edge to edge of the array, in ln G */
static const double least_good = 0.8;   /* of the taxels */
static const double full_part = 0.995;

enum thenar_status calibration_zero(const struct calibration_run *run, float *zero, float *noise,
                                    struct thenar_error *error)
{
    unsigned n_zero = 0;
    memset(zero, 0, run->n_taxels * sizeof *zero);
    memset(noise, 0, run->n_taxels * sizeof *noise);
    for (unsigned k = 0; k < run->n_holds; k++) {
        if (run->holds[k].kind != HOLD_ZERO)
            continue;
        n_zero++;
        for (size_t i = 0; i < run->n_taxels; i++) {
            zero[i] += (float)calibration_hold_mean(run, &run->holds[k], i);
            noise[i] = fmaxf(noise[i], run->holds[k].noise_counts[i]);
        }
    }
    if (n_zero == 0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "no step without load: begin with nothing on the array for 5 s, so that "
                           "the zero is known");
    for (size_t i = 0; i < run->n_taxels; i++)
        zero[i] /= (float)n_zero;
    return THENAR_OK;
}

double calibration_hold_mean(const struct calibration_run *run, const struct calibration_hold *hold,
                             size_t i)
{
    double sum = 0.0;
    for (unsigned b = 0; b < hold->n_bins; b++)
        sum += (double)hold->counts[b * run->n_taxels + i];
    return sum / hold->n_bins;
}

bool calibration_hold_is_full(const struct calibration_run *run,
                              const struct calibration_hold *hold, const struct sensor_law *law,
                              size_t i)
{
    for (unsigned b = 0; b < hold->n_bins; b++)
        if ((double)hold->counts[b * run->n_taxels + i] >=
            full_part * (double)law->full_scale_counts)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

struct even_work {
    const struct calibration_run *run;
    const struct array_layout *layout;
    const float *zero, *noise;
    double *value; /* [n_taxels] conductance under one even load */
    double *sorted;
    double *sum, *least, *most; /* [n_taxels] of ln(G / median) over the loads */
    unsigned *n;                /* [n_taxels] loads that counted */
    bool *full, *moved;         /* [n_taxels] at full scale; ever changed */
};

static enum thenar_status take_load(struct even_work *w, unsigned k, struct thenar_error *error)
{
    const struct calibration_hold *hold = &w->run->holds[k];
    const struct sensor_law *law = &w->layout->sensor;
    size_t n_there = 0, n_felt = 0;
    for (size_t i = 0; i < w->run->n_taxels; i++) {
        if (!w->layout->exists[i])
            continue;
        double counts = calibration_hold_mean(w->run, hold, i), zero = (double)w->zero[i];
        w->value[i] = sensor_law_conductance_us(law, counts) - sensor_law_conductance_us(law, zero);
        w->sorted[n_there++] = w->value[i];
        bool felt = fabs(counts - zero) > fmax(3.0, 2.0 * (double)w->noise[i]);
        w->moved[i] = w->moved[i] || felt;
        n_felt += felt;
    }
    double middle = median(w->sorted, n_there);
    if (n_felt >= n_there / 2 && middle <= 0.0)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "step %u (%s): the array reads less with this load than without any: was "
            "something on it in the step without load? Go back and take everything off",
            k + 1, hold->label);
    if (n_felt < n_there / 2)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "step %u (%s): only %zu of %zu taxels felt the even load: it must press on "
            "the whole array; check that the bladder or board lies on all of it, and "
            "that the load is on",
            k + 1, hold->label, n_felt, n_there);
    for (size_t i = 0; i < w->run->n_taxels; i++) {
        if (!w->layout->exists[i] || w->value[i] < least_share * middle)
            continue;
        if (calibration_hold_is_full(w->run, hold, law, i)) {
            w->full[i] = true;
            continue;
        }
        double ratio = log(w->value[i] / middle);
        w->sum[i] += ratio;
        w->least[i] = w->n[i] ? fmin(w->least[i], ratio) : ratio;
        w->most[i] = w->n[i] ? fmax(w->most[i], ratio) : ratio;
        w->n[i]++;
    }
    return THENAR_OK;
}

static enum taxel_mark judge(const struct even_work *w, size_t i)
{
    double high = 0.02 * (double)w->layout->sensor.full_scale_counts;
    if (!w->layout->exists[i])
        return TAXEL_ABSENT;
    if (!w->moved[i])
        return (double)w->zero[i] > high ? TAXEL_STUCK : TAXEL_DEAD;
    if (w->n[i] == 0)
        return w->full[i] ? TAXEL_SATURATED : TAXEL_DEAD;
    if (fabs(w->sum[i] / w->n[i]) > log(most_spread) || w->most[i] - w->least[i] > level_spread)
        return TAXEL_UNEVEN;
    return TAXEL_GOOD;
}

/* A load that leans shows as gains that rise across the array: a plane through ln gain. */
static enum thenar_status check_tilt(const struct sensor_calibration *c,
                                     const struct array_layout *layout, struct thenar_error *error)
{
    double n = 0, sx = 0, sy = 0, sz = 0;
    for (size_t i = 0; i < c->n_taxels; i++)
        if (c->mark[i] == TAXEL_GOOD) {
            n++;
            sx += (double)layout->x_mm[i];
            sy += (double)layout->y_mm[i];
            sz += log((double)c->gain[i]);
        }
    double xx = 0, yy = 0, xy = 0, xz = 0, yz = 0, zz = 0, reach_x = 0, reach_y = 0;
    for (size_t i = 0; i < c->n_taxels; i++)
        if (c->mark[i] == TAXEL_GOOD) {
            double x = (double)layout->x_mm[i] - sx / n, y = (double)layout->y_mm[i] - sy / n;
            double z = log((double)c->gain[i]) - sz / n;
            xx += x * x, yy += y * y, xy += x * y, xz += x * z, yz += y * z, zz += z * z;
            reach_x = fmax(reach_x, fabs(x));
            reach_y = fmax(reach_y, fabs(y));
        }
    double determinant = xx * yy - xy * xy;
    if (n < 16 || !(determinant > 0.0))
        return THENAR_OK;
    double slope_x = (xz * yy - yz * xy) / determinant, slope_y = (yz * xx - xz * xy) / determinant;
    double tilt_x = 2.0 * slope_x * reach_x, tilt_y = 2.0 * slope_y * reach_y;
    double explained = (slope_x * xz + slope_y * yz) / zz;
    bool sideways = fabs(tilt_x) > fabs(tilt_y);
    double tilt = sideways ? tilt_x : tilt_y;
    if (fabs(tilt) < most_tilt || explained < 0.3)
        return THENAR_OK;
    return thenar_fail(
        error, THENAR_ERR_VALUE,
        "the even load was not even: the %s edge reads %.0f %% more than the %s one. "
        "Level it, so that it presses alike everywhere, and repeat that step",
        sideways ? (tilt > 0 ? "right" : "left") : (tilt > 0 ? "bottom" : "top"),
        100.0 * (exp(fabs(tilt)) - 1.0),
        sideways ? (tilt > 0 ? "left" : "right") : (tilt > 0 ? "top" : "bottom"));
}

static enum thenar_status check_number(const struct sensor_calibration *c,
                                       struct thenar_error *error)
{
    unsigned n_good = sensor_calibration_n_marked(c, TAXEL_GOOD);
    unsigned n_absent = sensor_calibration_n_marked(c, TAXEL_ABSENT);
    size_t n_there = c->n_taxels - n_absent;
    if (n_good >= 1 && (double)n_good >= least_good * (double)n_there)
        return THENAR_OK;
    return thenar_fail(error, THENAR_ERR_VALUE,
                       "only %u of %zu taxels can be used: %u dead, %u stuck, %u at full scale, %u "
                       "uneven. Check the wiring (thenar device selftest), and that the even load "
                       "covers the whole array",
                       n_good, n_there, sensor_calibration_n_marked(c, TAXEL_DEAD),
                       sensor_calibration_n_marked(c, TAXEL_STUCK),
                       sensor_calibration_n_marked(c, TAXEL_SATURATED),
                       sensor_calibration_n_marked(c, TAXEL_UNEVEN));
}

static enum thenar_status take_loads(struct even_work *w, struct thenar_error *error)
{
    unsigned n_loads = 0;
    for (unsigned k = 0; k < w->run->n_holds; k++) {
        if (w->run->holds[k].kind != HOLD_EVEN)
            continue;
        enum thenar_status status = take_load(w, k, error);
        if (status != THENAR_OK)
            return status;
        n_loads++;
    }
    if (n_loads == 0)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "no even load: without one the gain of each taxel is not known. Press the "
            "whole array evenly (an air bladder under a board) as the second step");
    return THENAR_OK;
}

static void set_gains(struct sensor_calibration *c, const struct even_work *w)
{
    for (size_t i = 0; i < c->n_taxels; i++) {
        c->mark[i] = judge(w, i);
        bool good = c->mark[i] == TAXEL_GOOD;
        c->gain[i] = good ? (float)exp(w->sum[i] / w->n[i]) : 1.0F;
        c->residual_pct[i] = good && w->n[i] > 1 ? (float)(50.0 * (w->most[i] - w->least[i])) : NAN;
    }
}

enum thenar_status calibration_gains(struct sensor_calibration *calibration,
                                     const struct calibration_run *run,
                                     const struct array_layout *layout, const float *zero,
                                     const float *noise, struct thenar_error *error)
{
    size_t n = run->n_taxels;
    double *numbers = calloc(5 * n, sizeof *numbers);
    unsigned *counts = calloc(n, sizeof *counts);
    bool *flags = calloc(2 * n, sizeof *flags);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (numbers && counts && flags) {
        struct even_work work = {.run = run,
                                 .layout = layout,
                                 .zero = zero,
                                 .noise = noise,
                                 .value = numbers,
                                 .sorted = numbers + n,
                                 .sum = numbers + 2 * n,
                                 .least = numbers + 3 * n,
                                 .most = numbers + 4 * n,
                                 .n = counts,
                                 .full = flags,
                                 .moved = flags + n};
        status = take_loads(&work, error);
        if (status == THENAR_OK) {
            set_gains(calibration, &work);
            status = check_number(calibration, error);
        }
        if (status == THENAR_OK)
            status = check_tilt(calibration, layout, error);
    }
    free(numbers);
    free(counts);
    free(flags);
    return status;
}

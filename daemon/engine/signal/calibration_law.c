/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_LEAST = 4, SPLINE_LEVELS_LEAST = 6 };
static const double same_load = 0.03;
static const double least_span = 5.0;    /* heaviest over lightest */
static const double loop_share = 0.25;   /* the law above the rising curve (calibration_fit.h) */
static const double wrong_weight = 0.12; /* off what the other loads say, in ln p */
static const double loose = 0.10;        /* rms of all loads: no curve at all */
static const double spline_gain = 0.6, spline_worth = 0.02;

struct level {
    double ln_p, ln_g; /* means */
    unsigned n;
    const struct calibration_point *first;
};

struct line {
    double at, slope; /* ln g = at + slope * ln p */
};

static int by_load(const void *a, const void *b)
{
    const struct calibration_point *x = *(const struct calibration_point *const *)a;
    const struct calibration_point *y = *(const struct calibration_point *const *)b;
    return (x->load_kpa > y->load_kpa) - (x->load_kpa < y->load_kpa);
}

/* Rising points, lightest first, gathered into levels; the scatter within them is repeatability. */
static unsigned gather(struct calibration_report *report, struct level *levels, double *scatter)
{
    const struct calibration_point *sorted[CALIBRATION_HOLDS_MAX];
    unsigned n_sorted = 0, n_levels = 0, n_free = 0;
    double squares = 0.0;
    for (unsigned k = 0; k < report->n_points; k++)
        if (report->points[k].used && report->points[k].rising)
            sorted[n_sorted++] = &report->points[k];
    qsort(sorted, n_sorted, sizeof(sorted[0]), by_load);
    for (unsigned k = 0; k < n_sorted;) {
        struct level *level = &levels[n_levels++];
        *level = (struct level){.first = sorted[k]};
        unsigned from = k;
        for (; k < n_sorted && sorted[k]->load_kpa <= sorted[from]->load_kpa * (1.0 + same_load);
             k++) {
            level->ln_p += log(sorted[k]->load_kpa);
            level->ln_g += log(sorted[k]->conductance_us);
            level->n++;
        }
        level->ln_p /= level->n;
        level->ln_g /= level->n;
        for (unsigned m = from; m < k; m++)
            squares += pow(log(sorted[m]->conductance_us) - level->ln_g, 2.0);
        n_free += level->n - 1;
    }
    *scatter = n_free > 0 ? sqrt(squares / n_free) : (double)NAN;
    return n_levels;
}

/* Least squares without level `skip` (n_levels: none); the line in ln-ln. */
static struct line fit_line(const struct level *levels, unsigned n_levels, unsigned skip)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (unsigned k = 0; k < n_levels; k++) {
        if (k == skip)
            continue;
        n++;
        sx += levels[k].ln_p;
        sy += levels[k].ln_g;
        sxx += levels[k].ln_p * levels[k].ln_p;
        sxy += levels[k].ln_p * levels[k].ln_g;
    }
    double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    return (struct line){(sy - slope * sx) / n, slope};
}

static double off_line(const struct line *line, const struct level *level)
{
    return (level->ln_g - line->at) / line->slope - level->ln_p;
}

static struct sensor_spline spline_without(const struct level *levels, unsigned n_levels,
                                           unsigned skip)
{
    struct sensor_spline spline = {0};
    unsigned n_left = n_levels - (skip < n_levels);
    for (unsigned k = 0, m = 0; k < n_levels; k++) {
        if (k == skip)
            continue;
        /* More levels than knots: evenly chosen, both ends among them. */
        unsigned wanted =
            n_left > SENSOR_KNOTS_MAX ? spline.n_knots * (n_left - 1) / (SENSOR_KNOTS_MAX - 1) : m;
        if (m++ < wanted)
            continue;
        spline.conductance_us[spline.n_knots] = (float)exp(levels[k].ln_g);
        spline.pressure_kpa[spline.n_knots] = (float)exp(levels[k].ln_p);
        spline.n_knots++;
    }
    return spline;
}

/* How far off each inner level is predicted by the others; false: not a curve that rises. */
static bool spline_predicts(const struct level *levels, unsigned n_levels, double *rms)
{
    double squares = 0.0;
    for (unsigned k = 1; k + 1 < n_levels; k++) {
        struct sensor_spline spline = spline_without(levels, n_levels, k);
        if (!sensor_spline_is_good(&spline))
            return false;
        double kpa = sensor_spline_pressure_kpa(&spline, exp(levels[k].ln_g));
        squares += pow(log(kpa) - levels[k].ln_p, 2.0);
    }
    *rms = sqrt(squares / (n_levels - 2));
    return true;
}

static double line_predicts(const struct level *levels, unsigned n_levels)
{
    double squares = 0.0;
    for (unsigned k = 1; k + 1 < n_levels; k++) {
        struct line line = fit_line(levels, n_levels, k);
        squares += pow(off_line(&line, &levels[k]), 2.0);
    }
    return sqrt(squares / (n_levels - 2));
}

static double line_rms(const struct line *line, const struct level *levels, unsigned n_levels)
{
    double squares = 0.0;
    for (unsigned k = 0; k < n_levels; k++)
        squares += pow(off_line(line, &levels[k]), 2.0);
    return sqrt(squares / n_levels);
}

static enum thenar_status check_levels(const struct level *levels, unsigned n_levels,
                                       struct thenar_error *error)
{
    if (n_levels < LEVELS_LEAST)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "too few loads: %u different weight%s rising, and a law needs %d or more. "
            "Choose loads from light to heavy, such as 10, 30, 60, 120 and 300 kPa",
            n_levels, n_levels == 1 ? "" : "s", LEVELS_LEAST);
    double low = exp(levels[0].ln_p), high = exp(levels[n_levels - 1].ln_p);
    if (high < least_span * low)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the loads span too little: %.3g to %.3g kPa. The heaviest should be %g "
                           "times the lightest or more, over the pressures that will be measured",
                           low, high, least_span);
    for (unsigned k = 1; k < n_levels; k++)
        if (levels[k].ln_g < levels[k - 1].ln_g - 0.01)
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "step %u (%s) reads less than step %u (%s), which is lighter: were "
                               "these two weights exchanged, or was the puck moved? Repeat both",
                               levels[k].first->step, levels[k].first->label,
                               levels[k - 1].first->step, levels[k - 1].first->label);
    return THENAR_OK;
}

/* ln p against ln g without level `skip`: a parabola where there are levels enough, so that a
 * law that bends is not taken for a wrong weight. Least squares in parts that do not mix. */
struct bow { /* y + slope u + bend (u^2 - middle u - var), u = ln g - x */
    double x, y, slope, bend, middle, var;
};

static struct bow fit_bow(const struct level *levels, unsigned n_levels, unsigned skip)
{
    struct bow bow = {0};
    double n = 0, s2 = 0, s3 = 0, s4 = 0, sy = 0, s2y = 0;
    for (unsigned k = 0; k < n_levels; k++)
        if (k != skip) {
            n++;
            bow.x += levels[k].ln_g;
            bow.y += levels[k].ln_p;
        }
    bow.x /= n;
    bow.y /= n;
    for (unsigned k = 0; k < n_levels; k++)
        if (k != skip) {
            double x = levels[k].ln_g - bow.x, y = levels[k].ln_p - bow.y;
            s2 += x * x, s3 += x * x * x, s4 += x * x * x * x, sy += x * y, s2y += x * x * y;
        }
    bow.slope = sy / s2;
    bow.var = s2 / n;
    bow.middle = s3 / s2;
    double square =
        s4 - s3 * s3 / s2 - s2 * s2 / n; /* of the part of x^2 that is neither 1 nor x */
    if (n_levels >= SPLINE_LEVELS_LEAST && square > 0.0)
        bow.bend = (s2y - bow.middle * sy) / square;
    return bow;
}

static double off_bow(const struct bow *bow, const struct level *level)
{
    double x = level->ln_g - bow->x;
    return bow->y + bow->slope * x + bow->bend * (x * x - bow->middle * x - bow->var) - level->ln_p;
}

static double bow_rms(const struct bow *bow, const struct level *levels, unsigned n_levels,
                      unsigned skip)
{
    double squares = 0.0;
    for (unsigned k = 0; k < n_levels; k++)
        squares += k != skip ? pow(off_bow(bow, &levels[k]), 2.0) : 0.0;
    return sqrt(squares / (n_levels - 1));
}

/* A load that the others contradict, while they agree with each other. */
static enum thenar_status check_weights(const struct level *levels, unsigned n_levels,
                                        struct thenar_error *error)
{
    double worst = 0.0;
    unsigned at = n_levels;
    for (unsigned k = 0; k < n_levels; k++) {
        struct bow bow = fit_bow(levels, n_levels, k);
        double off = off_bow(&bow, &levels[k]);
        double rest = bow_rms(&bow, levels, n_levels, k);
        bool is_end = k == 0 || k + 1 == n_levels; /* beyond all the others they say less */
        double limit = fmax((is_end ? 2.0 : 1.0) * wrong_weight, 3.0 * rest);
        if (fabs(off) > limit && fabs(off) > fabs(worst)) {
            worst = off;
            at = k;
        }
    }
    if (at == n_levels)
        return THENAR_OK;
    double says_kpa = exp(levels[at].ln_p + worst), load_kpa = exp(levels[at].ln_p);
    return thenar_fail(
        error, THENAR_ERR_VALUE,
        "step %u (%s) does not fit the others: it is said to be %.3g kPa and reads as "
        "%.3g kPa would, %.0f %% %s. The other loads agree with each other, so look "
        "at this weight: is the number right, was all of it on the puck?",
        levels[at].first->step, levels[at].first->label, load_kpa, says_kpa,
        100.0 * fabs(exp(worst) - 1.0), worst > 0 ? "more" : "less");
}

static enum thenar_status check_line(const struct line *line, const struct level *levels,
                                     unsigned n_levels, struct thenar_error *error)
{
    double rms = line_rms(line, levels, n_levels);
    if (line->slope < 0.3 || line->slope > 2.0)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "conductance rises with the power %.2f of the load, and force-sensing "
                           "resistors lie between 0.3 and 2: are the weights in kilograms, all of "
                           "them, and the puck's own included?",
                           line->slope);
    double spline_rms = HUGE_VAL;
    bool bends = n_levels >= SPLINE_LEVELS_LEAST && spline_predicts(levels, n_levels, &spline_rms);
    if (rms > loose && !(bends && spline_rms < loose))
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "the loads do not lie on one curve: %.0f %% rms off the best one. More "
            "than one weight, or the puck's diameter, must be wrong; check each, and "
            "that nothing but the puck touched the array",
            100.0 * rms);
    return THENAR_OK;
}

static void choose(struct sensor_law *law, const struct line *line, const struct level *levels,
                   unsigned n_levels)
{
    law->exponent = (float)line->slope;
    law->conductance_100kpa_us = (float)exp(line->at + line->slope * log(100.0));
    memset(&law->spline, 0, sizeof law->spline);
    double spline_rms, power_rms = line_predicts(levels, n_levels);
    if (n_levels < SPLINE_LEVELS_LEAST || power_rms < spline_worth ||
        !spline_predicts(levels, n_levels, &spline_rms) || spline_rms > spline_gain * power_rms)
        return;
    struct sensor_spline spline = spline_without(levels, n_levels, n_levels);
    if (sensor_spline_is_good(&spline))
        law->spline = spline;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How much more the falling loads read, ln p; NaN without any. */
static enum thenar_status find_loop(const struct sensor_law *law,
                                    const struct calibration_report *report, double *loop,
                                    struct thenar_error *error)
{
    double off[CALIBRATION_HOLDS_MAX], sorted[CALIBRATION_HOLDS_MAX];
    const struct calibration_point *of[CALIBRATION_HOLDS_MAX];
    unsigned n = 0;
    for (unsigned k = 0; k < report->n_points; k++) {
        const struct calibration_point *point = &report->points[k];
        if (!point->used || point->rising)
            continue;
        off[n] = log(sensor_law_pressure_kpa(law, point->conductance_us) / point->load_kpa);
        of[n++] = point;
    }
    *loop = (double)NAN;
    if (n == 0)
        return THENAR_OK;
    memcpy(sorted, off, n * sizeof sorted[0]);
    qsort(sorted, n, sizeof sorted[0], compare);
    *loop = sorted[n / 2];
    if (*loop < -0.03)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "on the way down the loads read %.0f %% less than on the way up, and "
                           "sensors only lag: was a weight left off, or are the steps in another "
                           "order than they are said to be?",
                           100.0 * (1.0 - exp(*loop)));
    for (unsigned k = 0; k < n; k++)
        if (n >= 3 && fabs(off[k] - *loop) > 2.0 * wrong_weight)
            return thenar_fail(
                error, THENAR_ERR_VALUE,
                "step %u (%s), on the way down, reads as %.3g kPa would and is said to "
                "be %.3g kPa; the other falling loads do not. Which weights were on "
                "the puck?",
                of[k]->step, of[k]->label, of[k]->load_kpa * exp(off[k] - *loop), of[k]->load_kpa);
    return THENAR_OK;
}

static void raise(struct sensor_law *law, double ln_p)
{
    double factor = exp(ln_p * (double)law->exponent);
    law->conductance_100kpa_us = (float)((double)law->conductance_100kpa_us * factor);
    for (unsigned k = 0; k < law->spline.n_knots; k++)
        law->spline.pressure_kpa[k] = (float)((double)law->spline.pressure_kpa[k] * exp(-ln_p));
}

enum thenar_status calibration_law(struct sensor_law *law, struct calibration_report *report,
                                   struct thenar_error *error)
{
    struct level levels[CALIBRATION_HOLDS_MAX];
    double scatter, loop;
    unsigned n_levels = report->n_levels = gather(report, levels, &scatter);
    enum thenar_status status = check_levels(levels, n_levels, error);
    if (status == THENAR_OK)
        status = check_weights(levels, n_levels, error);
    if (status != THENAR_OK)
        return status;
    struct line line = fit_line(levels, n_levels, n_levels);
    report->power_rms_pct = 100.0 * line_rms(&line, levels, n_levels);
    status = check_line(&line, levels, n_levels, error);
    if (status != THENAR_OK)
        return status;
    choose(law, &line, levels, n_levels);
    report->repeat_pct = 100.0 * scatter / line.slope;
    if (report->repeat_pct > 100.0 * wrong_weight)
        return thenar_fail(
            error, THENAR_ERR_VALUE,
            "the same load put on again reads %.0f %% different (rms): puck on another "
            "place with dirt or an edge under it, or another weight? Repeat it",
            report->repeat_pct);
    status = find_loop(law, report, &loop, error);
    if (status != THENAR_OK)
        return status;
    report->loop_pct = 100.0 * (exp(loop) - 1.0);
    if (!isnan(loop))
        raise(law, loop_share * fmax(loop, 0.0));
    for (unsigned k = 0; k < report->n_points; k++)
        report->points[k].reading_kpa =
            sensor_law_pressure_kpa(law, report->points[k].conductance_us);
    return THENAR_OK;
}

double calibration_law_rising_kpa(const struct sensor_law *law,
                                  const struct calibration_report *report, double conductance_us)
{
    double loop = isnan(report->loop_pct) ? 0.0 : fmax(log(1.0 + 0.01 * report->loop_pct), 0.0);
    return sensor_law_pressure_kpa(law, conductance_us) * exp(loop_share * loop);
}

double calibration_law_rms_pct(const struct sensor_law *law,
                               const struct calibration_report *report)
{
    double squares = 0.0;
    unsigned n = 0;
    for (unsigned k = 0; k < report->n_points; k++) {
        const struct calibration_point *point = &report->points[k];
        if (!point->used || !point->rising)
            continue;
        double kpa = calibration_law_rising_kpa(law, report, point->conductance_us);
        squares += pow(log(kpa / point->load_kpa), 2.0);
        n++;
    }
    return n > 0 ? 100.0 * sqrt(squares / n) : (double)NAN;
}

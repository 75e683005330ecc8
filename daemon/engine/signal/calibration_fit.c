/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_fit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration_gains.h"
#include "signal/calibration_law.h"
#include "signal/calibration_puck.h"

static const double earliest_s = 1.0;      /* after contact: sooner it is still being put on */
static const double fresh_s = 4.0;         /* a hold that began so soon after contact shows creep */
static const double creep_span = 4.0;      /* last over first time of a hold that shows creep */
static const double most_creep_pct = 20.0; /* a decade: more is no creep */
static const double unsteady = 0.06;       /* within a hold */
static const double moved_pitches = 0.2;
static const double most_outside = 0.25;
static const double even_doubt = 0.12, even_wrong = 0.25, factory_doubt = 0.3;

/* How one hold looked: its middle taxels over time. */
struct hold_view {
    unsigned step;
    const struct calibration_hold *hold;
    struct puck_place place;
    unsigned n_whole;
    bool *whole;   /* [n_taxels] */
    double *bin_g; /* [n_bins] mean conductance over gain of the whole taxels */
    bool is_full;  /* at full scale: not used */
    bool rising;
};

struct fit {
    struct sensor_calibration *c;
    struct calibration_report *report;
    const struct calibration_run *run;
    const struct array_layout *layout;
    float *zero, *noise; /* [n_taxels] */
    double *felt;        /* [n_taxels] */
    unsigned n_views;
    struct hold_view *views; /* [n_holds] pucks and even loads */
    struct thenar_error *error;
    bool only_look; /* no law yet */
};

double calibration_least_puck_mm(const struct array_layout *layout)
{
    double side = 0.0;
    for (size_t i = 0; i < layout->n_taxels; i++)
        if (layout->exists[i])
            side = fmax(side, sqrt((double)layout->sensing_mm2[i]));
    return 1.41421 * side + 2.0 * PUCK_RIM_MM;
}

double calibration_easy_puck_mm(const struct array_layout *layout)
{
    double pitch = fmax((double)layout->pitch_x_mm, (double)layout->pitch_y_mm);
    return calibration_least_puck_mm(layout) + 1.41421 * pitch;
}

__attribute__((format(printf, 2, 3))) static void warn(struct calibration_report *report,
                                                       const char *format, ...)
{
    if (report->n_warnings == CALIBRATION_WARNINGS_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->warnings[report->n_warnings++], CALIBRATION_WARNING_BYTES, format,
                    arguments);
    va_end(arguments);
}

static double conductance(const struct fit *f, const struct calibration_hold *hold, unsigned bin,
                          size_t i)
{
    const struct sensor_law *law = &f->layout->sensor;
    double counts = (double)hold->counts[bin * f->run->n_taxels + i];
    return (sensor_law_conductance_us(law, counts) -
            sensor_law_conductance_us(law, (double)f->zero[i])) /
           (double)f->c->gain[i];
}

/* Mean over some bins, of all taxels that are of use; the others are -1. */
static void feel(const struct fit *f, const struct calibration_hold *hold, unsigned from,
                 unsigned to)
{
    for (size_t i = 0; i < f->run->n_taxels; i++) {
        f->felt[i] = f->c->mark[i] == TAXEL_GOOD ? 0.0 : -1.0;
        for (unsigned b = from; b < to && f->c->mark[i] == TAXEL_GOOD; b++)
            f->felt[i] += conductance(f, hold, b, i) / (to - from);
    }
}

/* ---- one hold ---- */

static enum thenar_status check_presence(const struct fit *f, const struct hold_view *view)
{
    const struct sensor_law *law = &f->layout->sensor;
    double most = 0.0, floor_us = 0.0;
    for (size_t i = 0; i < f->run->n_taxels; i++)
        if (f->felt[i] > most) {
            most = f->felt[i];
            double counts = (double)f->zero[i] + fmax(4.0, 3.0 * (double)f->noise[i]);
            floor_us = sensor_law_conductance_us(law, counts) -
                       sensor_law_conductance_us(law, (double)f->zero[i]);
        }
    if (most > floor_us)
        return THENAR_OK;
    return thenar_fail(
        f->error, THENAR_ERR_VALUE,
        "step %u (%s): nothing pressed on the array. Was the load beside it, or put on "
        "too late? If it lay on the array, it is too light for these sensors",
        view->step, view->hold->label);
}

static enum thenar_status check_place(const struct fit *f, const struct hold_view *view)
{
    const struct puck_place *place = &view->place;
    if (place->outside > most_outside)
        return thenar_fail(f->error, THENAR_ERR_VALUE,
                           "step %u (%s): %.0f %% of what was felt lies outside the puck (%.0f mm "
                           "wide): did a hand or cable touch the array, or is the diameter wrong?",
                           view->step, view->hold->label, 100.0 * place->outside,
                           view->hold->diameter_mm);
    if (place->overhang_mm > 2.0)
        return thenar_fail(
            f->error, THENAR_ERR_VALUE,
            "step %u (%s): the puck hangs %.0f mm over the edge of the array, so part "
            "of its weight was not felt: move it inwards",
            view->step, view->hold->label, place->overhang_mm);
    if (place->n_whole == 0)
        return thenar_fail(
            f->error, THENAR_ERR_VALUE,
            "step %u (%s): no working taxel lay wholly under the puck (%.0f mm, middle "
            "at x %.0f, y %.0f mm). Lay it on the middle of a taxel, or take one of "
            "%.0f mm or more",
            view->step, view->hold->label, view->hold->diameter_mm, place->x_mm, place->y_mm,
            ceil(calibration_easy_puck_mm(f->layout)));
    return THENAR_OK;
}

static enum thenar_status check_still(const struct fit *f, const struct hold_view *view)
{
    const struct calibration_hold *hold = view->hold;
    unsigned third = hold->n_bins > 3 ? hold->n_bins / 3 : 1;
    double x0, y0, x1, y1, pitch_mm = (double)f->layout->pitch_x_mm;
    feel(f, hold, 0, third);
    puck_middle(f->layout, f->felt, &x0, &y0);
    feel(f, hold, hold->n_bins - third, hold->n_bins);
    puck_middle(f->layout, f->felt, &x1, &y1);
    double moved_mm = hypot(x1 - x0, y1 - y0);
    if (moved_mm <= fmax(1.5, moved_pitches * pitch_mm))
        return THENAR_OK;
    return thenar_fail(
        f->error, THENAR_ERR_VALUE,
        "step %u (%s): the puck moved by %.0f mm while it was measured. Leave it alone "
        "from the signal on, and repeat this step",
        view->step, hold->label, moved_mm);
}

static void average_bins(const struct fit *f, struct hold_view *view)
{
    for (unsigned b = 0; b < view->hold->n_bins; b++) {
        double sum = 0.0;
        for (size_t i = 0; i < f->run->n_taxels; i++)
            if (view->whole[i])
                sum += conductance(f, view->hold, b, i);
        view->bin_g[b] = sum / view->n_whole;
    }
}

static enum thenar_status look_at_puck(struct fit *f, struct hold_view *view)
{
    feel(f, view->hold, 0, view->hold->n_bins);
    enum thenar_status status = check_presence(f, view);
    if (status != THENAR_OK)
        return status;
    puck_find(&view->place, f->layout, f->felt, view->hold->diameter_mm, view->whole);
    status = check_place(f, view);
    if (status == THENAR_OK)
        status = check_still(f, view);
    if (status != THENAR_OK)
        return status;
    for (size_t i = 0; i < f->run->n_taxels; i++)
        if (view->whole[i] && calibration_hold_is_full(f->run, view->hold, &f->layout->sensor, i)) {
            view->whole[i] = false;
            view->n_whole--;
        }
    view->n_whole += view->place.n_whole;
    view->is_full = view->n_whole == 0;
    return THENAR_OK;
}

static void look_at_even(const struct fit *f, struct hold_view *view)
{
    for (size_t i = 0; i < f->run->n_taxels; i++) {
        view->whole[i] = f->c->mark[i] == TAXEL_GOOD &&
                         !calibration_hold_is_full(f->run, view->hold, &f->layout->sensor, i);
        view->n_whole += view->whole[i];
    }
    view->is_full = view->n_whole == 0;
}

static enum thenar_status look(struct fit *f, unsigned k)
{
    const struct calibration_hold *hold = &f->run->holds[k];
    struct hold_view *view = &f->views[f->n_views++];
    view->step = k + 1;
    view->hold = hold;
    view->whole = calloc(f->run->n_taxels, sizeof *view->whole);
    view->bin_g = calloc(hold->n_bins, sizeof *view->bin_g);
    if (!view->whole || !view->bin_g)
        return thenar_fail(f->error, THENAR_ERR_MEMORY, "out of memory for the fit");
    if (hold->kind == HOLD_EVEN)
        look_at_even(f, view);
    else {
        enum thenar_status status = look_at_puck(f, view);
        if (status != THENAR_OK)
            return status;
    }
    if (!view->is_full)
        average_bins(f, view);
    return THENAR_OK;
}

/* Reached from below, when the load before it was lighter, elsewhere, or none. */
static bool is_rising(const struct fit *f, unsigned k)
{
    const struct calibration_hold *hold = &f->run->holds[k];
    if (k == 0 || f->run->holds[k - 1].kind != hold->kind)
        return true;
    const struct calibration_hold *before = &f->run->holds[k - 1];
    /* Without lifting, contact is older by all the time that the hold before took. */
    bool fresh = hold->contact_s < before->contact_s + 0.9 * HOLD_BIN_S * before->n_bins;
    return fresh || before->load_kpa <= hold->load_kpa;
}

static enum thenar_status look_at_all(struct fit *f)
{
    for (unsigned k = 0; k < f->run->n_holds; k++) {
        if (f->run->holds[k].kind == HOLD_ZERO)
            continue;
        enum thenar_status status = look(f, k);
        if (status != THENAR_OK)
            return status;
        f->views[f->n_views - 1].rising = is_rising(f, k);
    }
    return THENAR_OK;
}

/* ---- creep ---- */

static double bin_age_s(const struct hold_view *view, unsigned b)
{
    return view->hold->contact_s + view->hold->time_s[b];
}

/* ln G against log10 t of one hold that began fresh; false when it tells nothing. */
static bool creep_of(const struct hold_view *view, double *slope, double *rms)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0, first_s = 0.0;
    unsigned last = view->hold->n_bins - 1;
    for (unsigned b = 0; b <= last; b++) {
        double age_s = bin_age_s(view, b);
        if (age_s < earliest_s || !(view->bin_g[b] > 0.0))
            continue;
        first_s = first_s > 0.0 ? first_s : age_s;
        double x = log10(age_s), y = log(view->bin_g[b]);
        n++, sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
    }
    if (n < 8 || first_s > fresh_s || bin_age_s(view, last) < creep_span * first_s)
        return false;
    double spread = n * sxx - sx * sx;
    *slope = (n * sxy - sx * sy) / spread;
    double left = (syy - sy * sy / n) - *slope * *slope * spread / n;
    *rms = sqrt(fmax(left, 0.0) / n);
    return true;
}

/* The longest fresh hold has most to say: each counts by how much time it spans. */
static enum thenar_status fit_creep(struct fit *f)
{
    double sum = 0.0, weights = 0.0, rest = 0.0;
    struct sensor_creep *creep = &f->c->law.creep;
    *creep = (struct sensor_creep){.reference_s = (float)CALIBRATION_REFERENCE_S,
                                   .onset_s = (float)earliest_s};
    for (unsigned v = 0; v < f->n_views; v++) {
        const struct hold_view *view = &f->views[v];
        double slope, rms;
        if (view->is_full || !creep_of(view, &slope, &rms))
            continue;
        double end_s = bin_age_s(view, view->hold->n_bins - 1);
        if (100.0 * fabs(slope) > most_creep_pct)
            return thenar_fail(
                f->error, THENAR_ERR_VALUE,
                "step %u (%s): the reading %s by %.0f %% per decade of time, which is "
                "no creep: was the load still being put on, or taken off too soon?",
                view->step, view->hold->label, slope > 0 ? "rose" : "fell", 100.0 * fabs(slope));
        double weight = pow(log10(end_s / fmax(view->hold->contact_s, earliest_s)), 2.0);
        sum += weight * slope;
        rest += weight * rms;
        weights += weight;
        f->report->creep_s = fmax(f->report->creep_s, end_s);
    }
    creep->limit_s = (float)f->report->creep_s;
    if (weights > 0.0) {
        creep->pct_decade = (float)(100.0 * fmax(sum / weights, 0.0));
        f->c->law.uncertainty.creep_pct = (float)(100.0 * rest / weights);
    }
    if (f->report->creep_s < 30.0)
        warn(f->report,
             "creep is %s: hold one load for 60 s or more, from nothing, to measure how holds rise",
             weights > 0.0 ? "known from short holds only" : "not known");
    return THENAR_OK;
}

static double creep_factor(const struct fit *f, double age_s)
{
    double at_s = fmax(age_s, earliest_s);
    return 1.0 + 0.01 * (double)f->c->law.creep.pct_decade * log10(at_s / CALIBRATION_REFERENCE_S);
}

/* Conductance at the reference time, and how far the bins stray from it. */
static double settled(const struct fit *f, const struct hold_view *view, double *stray)
{
    double sum = 0.0, least = HUGE_VAL, most = 0.0;
    unsigned n = 0;
    for (unsigned b = 0; b < view->hold->n_bins; b++) {
        double g = view->bin_g[b] / creep_factor(f, bin_age_s(view, b));
        sum += g;
        least = fmin(least, g);
        most = fmax(most, g);
        n++;
    }
    *stray = (most - least) / (sum / n);
    return sum / n;
}

/* ---- law ---- */

static enum thenar_status take_points(struct fit *f)
{
    for (unsigned v = 0; v < f->n_views; v++) {
        const struct hold_view *view = &f->views[v];
        double stray = 0.0, g = view->is_full ? (double)NAN : settled(f, view, &stray);
        if (stray > unsteady + 0.02 * (view->hold->load_kpa < 10.0))
            return thenar_fail(
                f->error, THENAR_ERR_VALUE,
                "step %u (%s): the load was not steady, it changed by %.0f %% while it "
                "was measured. Wait until it stands still, and repeat this step",
                view->step, view->hold->label, 100.0 * stray);
        if (view->hold->kind != HOLD_PUCK)
            continue;
        struct calibration_point *point = &f->report->points[f->report->n_points++];
        *point = (struct calibration_point){.step = view->step,
                                            .load_kpa = view->hold->load_kpa,
                                            .conductance_us = g,
                                            .reading_kpa = (double)NAN,
                                            .x_mm = view->place.x_mm,
                                            .y_mm = view->place.y_mm,
                                            .n_taxels = view->n_whole,
                                            .rising = view->rising,
                                            .used = !view->is_full && g > 0.0};
        memcpy(point->label, view->hold->label, sizeof point->label);
        if (view->is_full)
            warn(f->report, "step %u (%s) is left out: the taxels under the puck are at full scale",
                 view->step, view->hold->label);
    }
    if (f->report->n_points == 0)
        return thenar_fail(
            f->error, THENAR_ERR_VALUE,
            "no load of known weight: after the even load, put weights on a puck, from "
            "light to heavy and back");
    return THENAR_OK;
}

/* The even load, if its pressure is known, is a second reference: do both agree? */
static enum thenar_status compare_even(struct fit *f)
{
    for (unsigned v = 0; v < f->n_views; v++) {
        const struct hold_view *view = &f->views[v];
        if (view->hold->kind != HOLD_EVEN || isnan(view->hold->load_kpa) || view->is_full)
            continue;
        double stray, kpa = sensor_law_pressure_kpa(&f->c->law, settled(f, view, &stray));
        double off = log(kpa / view->hold->load_kpa);
        f->report->even_pct = 100.0 * (kpa / view->hold->load_kpa - 1.0);
        if (fabs(off) > even_wrong)
            return thenar_fail(
                f->error, THENAR_ERR_VALUE,
                "two references contradict each other: by the weights, the even load of "
                "%.3g kPa (step %u) is %.3g kPa, %.2f times as much. Are the weights in "
                "kilograms, is the puck %.3g mm wide, is the gauge right?",
                view->hold->load_kpa, view->step, kpa, kpa / view->hold->load_kpa,
                f->views[f->n_views - 1].hold->diameter_mm);
        if (fabs(off) > even_doubt)
            warn(f->report,
                 "the even load of %.3g kPa (step %u) is %.3g kPa by the weights: one is off by "
                 "%.0f %%",
                 view->hold->load_kpa, view->step, kpa, fabs(f->report->even_pct));
    }
    return THENAR_OK;
}

/* A law from the factory is a third. It may be old, so it only makes doubtful. */
static void compare_factory(struct fit *f)
{
    const struct sensor_law *factory = &f->layout->sensor;
    double sum = 0.0;
    unsigned n = 0;
    if (!factory->calibrated || factory->circuit == SENSOR_LINEAR)
        return;
    for (unsigned k = 0; k < f->report->n_points; k++) {
        const struct calibration_point *point = &f->report->points[k];
        if (!point->used)
            continue;
        sum += log(sensor_law_pressure_kpa(factory, point->conductance_us) / point->load_kpa);
        n++;
    }
    if (n > 0 && fabs(sum / n) > factory_doubt)
        warn(f->report,
             "by the device's own factory law these loads are %.2f times what is said: check the "
             "unit "
             "of the weights and the puck's diameter, unless the sensors were changed",
             exp(sum / n));
}

/* How far each taxel that the puck covered is off the rising curve. */
static void find_residuals(const struct fit *f, double *rms_pct)
{
    struct sensor_calibration *c = f->c;
    double all = 0.0;
    unsigned n_all = 0;
    for (size_t i = 0; i < c->n_taxels; i++) {
        double squares = 0.0;
        unsigned n = 0;
        for (unsigned v = 0; v < f->n_views; v++) {
            const struct hold_view *view = &f->views[v];
            if (view->hold->kind != HOLD_PUCK || !view->rising || !view->whole[i])
                continue;
            double sum = 0.0;
            for (unsigned b = 0; b < view->hold->n_bins; b++)
                sum += conductance(f, view->hold, b, i) / creep_factor(f, bin_age_s(view, b));
            double kpa = calibration_law_rising_kpa(&c->law, f->report, sum / view->hold->n_bins);
            squares += pow(log(kpa / view->hold->load_kpa), 2.0);
            n++;
        }
        if (n == 0)
            continue;
        c->residual_pct[i] = (float)(100.0 * sqrt(squares / n));
        all += squares;
        n_all += n;
    }
    *rms_pct = n_all > 0 ? 100.0 * sqrt(all / n_all) : 0.0;
}

static void find_uncertainty(struct fit *f, double reference_uncertainty_pct)
{
    struct sensor_law *law = &f->c->law;
    struct sensor_uncertainty *u = &law->uncertainty;
    struct calibration_report *report = f->report;
    double rms_pct;
    find_residuals(f, &rms_pct);
    u->fit_pct = (float)rms_pct;
    u->creep_pct /= law->exponent;
    u->reference_pct = (float)reference_uncertainty_pct;
    u->repeatability_pct = isnan(report->repeat_pct) ? 0.0F : (float)report->repeat_pct;
    /* Three of four readings lie a quarter of the loop below the law, the fourth three quarters
     * above: the root of 3/4 (1/4)^2 + 1/4 (3/4)^2. */
    u->hysteresis_pct = isnan(report->loop_pct) ? 0.0F : (float)(0.433 * fabs(report->loop_pct));
    law->uncertainty_pct = sensor_uncertainty_total_pct(u);
    if (isnan(report->loop_pct))
        warn(report,
             "no falling loads: hysteresis is not known, and not in the uncertainty. Take the "
             "weights off step by step as well");
    if (isnan(report->repeat_pct))
        warn(report, "no load was put on twice: repeatability is not known, and not in the "
                     "uncertainty. Repeat one or two loads at another place");
}

static void find_range(struct fit *f)
{
    f->c->low_kpa = INFINITY;
    for (unsigned k = 0; k < f->report->n_points; k++)
        if (f->report->points[k].used) {
            f->c->low_kpa = fminf(f->c->low_kpa, (float)f->report->points[k].load_kpa);
            f->c->high_kpa = fmaxf(f->c->high_kpa, (float)f->report->points[k].load_kpa);
        }
}

static void warn_of_taxels(struct fit *f)
{
    static const enum taxel_mark marks[] = {TAXEL_DEAD, TAXEL_STUCK, TAXEL_SATURATED, TAXEL_UNEVEN};
    static const char *const says[][2] = {
        {"reads nothing", "read nothing"},
        {"is stuck", "are stuck"},
        {"was at full scale", "were at full scale"},
        {"does not follow the others", "do not follow the others"}};
    for (unsigned m = 0; m < 4; m++) {
        unsigned n = 0;
        char list[120] = "";
        for (size_t i = 0; i < f->c->n_taxels; i++) {
            if (f->c->mark[i] != marks[m] || ++n > 5)
                continue;
            size_t used = strlen(list);
            (void)snprintf(list + used, sizeof list - used, "%srow %zu col %zu", n > 1 ? ", " : "",
                           i / f->c->n_cols, i % f->c->n_cols);
        }
        if (n > 0)
            warn(f->report, "%u taxel%s %s and got no gain of %s own: %s%s", n, n == 1 ? "" : "s",
                 says[m][n > 1], n == 1 ? "its" : "their", list, n > 5 ? ", ..." : "");
    }
}

static bool has_kind(const struct calibration_run *run, enum hold_kind kind)
{
    for (unsigned k = 0; k < run->n_holds; k++)
        if (run->holds[k].kind == kind)
            return true;
    return false;
}

static enum thenar_status look_only(struct fit *f)
{
    enum thenar_status status = calibration_zero(f->run, f->zero, f->noise, f->error);
    if (status != THENAR_OK || !has_kind(f->run, HOLD_EVEN))
        return status;
    status = calibration_gains(f->c, f->run, f->layout, f->zero, f->noise, f->error);
    if (status == THENAR_OK)
        status = look_at_all(f);
    if (status == THENAR_OK)
        status = fit_creep(f);
    return status == THENAR_OK && has_kind(f->run, HOLD_PUCK) ? take_points(f) : status;
}

static enum thenar_status run_fit(struct fit *f, double reference_uncertainty_pct)
{
    if (f->only_look)
        return look_only(f);
    enum thenar_status status = calibration_zero(f->run, f->zero, f->noise, f->error);
    if (status == THENAR_OK)
        status = calibration_gains(f->c, f->run, f->layout, f->zero, f->noise, f->error);
    if (status != THENAR_OK)
        return status;
    warn_of_taxels(f);
    status = look_at_all(f);
    if (status == THENAR_OK)
        status = fit_creep(f);
    if (status == THENAR_OK)
        status = take_points(f);
    if (status == THENAR_OK)
        status = calibration_law(&f->c->law, f->report, f->error);
    if (status != THENAR_OK)
        return status;
    status = compare_even(f);
    compare_factory(f);
    find_uncertainty(f, reference_uncertainty_pct);
    find_range(f);
    return status;
}

static void begin_law(struct sensor_law *law, const struct array_layout *layout)
{
    *law = (struct sensor_law){.unit = UNIT_COUNTS,
                               .circuit = layout->sensor.circuit,
                               .full_scale_counts = layout->sensor.full_scale_counts,
                               .reference_ohm = layout->sensor.reference_ohm,
                               .calibrated = true};
    if (!(law->reference_ohm > 0))
        law->reference_ohm = 1.0F;
}

static enum thenar_status fit_or_look(struct sensor_calibration *calibration,
                                      struct calibration_report *report,
                                      const struct calibration_run *run,
                                      const struct array_layout *layout,
                                      double reference_uncertainty_pct, bool only_look,
                                      struct thenar_error *error)
{
    memset(report, 0, sizeof *report);
    report->loop_pct = report->repeat_pct = report->even_pct = (double)NAN;
    enum thenar_status status =
        sensor_calibration_init(calibration, layout->n_rows, layout->n_cols);
    if (status != THENAR_OK)
        return thenar_fail(error, status, "cannot calibrate %u x %u taxels", layout->n_rows,
                           layout->n_cols);
    if (run->n_taxels != layout->n_taxels)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the steps were taken on %u x %u taxels and the device has %u x %u",
                           run->n_rows, run->n_cols, layout->n_rows, layout->n_cols);
    begin_law(&calibration->law, layout);
    calibration->identity.reference_uncertainty_pct = (float)reference_uncertainty_pct;
    struct fit f = {.c = calibration,
                    .report = report,
                    .run = run,
                    .layout = layout,
                    .zero = calloc(run->n_taxels, sizeof *f.zero),
                    .noise = calloc(run->n_taxels, sizeof *f.noise),
                    .felt = calloc(run->n_taxels, sizeof *f.felt),
                    .views = calloc(run->n_holds + 1, sizeof *f.views),
                    .error = error,
                    .only_look = only_look};
    status = f.zero && f.noise && f.felt && f.views
                 ? run_fit(&f, reference_uncertainty_pct)
                 : thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the fit");
    for (unsigned v = 0; v < f.n_views; v++) {
        free(f.views[v].whole);
        free(f.views[v].bin_g);
    }
    free(f.zero);
    free(f.noise);
    free(f.felt);
    free(f.views);
    return status;
}

/* An even load on floating lines: as many detours as taxels, and a taxel hardly shows in its own
 * reading (docs/measurement.md). Gains from it would look fine and be wrong. */
static bool has_hidden_gains(const struct array_layout *layout)
{
    static const size_t most_taxels = 64;
    return layout->has_sneak_paths && layout->n_taxels > most_taxels;
}

enum thenar_status calibration_fit(struct sensor_calibration *calibration,
                                   struct calibration_report *report,
                                   const struct calibration_run *run,
                                   const struct array_layout *layout,
                                   double reference_uncertainty_pct, struct thenar_error *error)
{
    if (has_hidden_gains(layout)) {
        *calibration = (struct sensor_calibration){0};
        *report = (struct calibration_report){0};
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the unread lines of this front end float, and an even load on %u x %u "
                           "taxels is not resolved well enough there for gains: calibrate the "
                           "sheet on a front end that holds its lines",
                           (unsigned)layout->n_rows, (unsigned)layout->n_cols);
    }
    return fit_or_look(calibration, report, run, layout, reference_uncertainty_pct, false, error);
}

enum thenar_status calibration_look(struct calibration_report *report,
                                    const struct calibration_run *run,
                                    const struct array_layout *layout, struct thenar_error *error)
{
    struct sensor_calibration unused;
    enum thenar_status status = fit_or_look(&unused, report, run, layout, 0.0, true, error);
    sensor_calibration_finish(&unused);
    return status;
}

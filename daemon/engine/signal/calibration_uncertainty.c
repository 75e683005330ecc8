/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_uncertainty.h"

#include <math.h>

#include "signal/calibration_creep.h"
#include "signal/calibration_law.h"

static const double even_doubt = 0.12, even_wrong = 0.25, factory_doubt = 0.3;

/* The even load, if its pressure is known, is a second reference: do both agree? */
enum thenar_status calibration_compare_even(const struct sensor_law *law,
                                            struct calibration_report *report,
                                            const struct hold_view *views, unsigned n_views,
                                            struct thenar_error *error)
{
    for (unsigned v = 0; v < n_views; v++) {
        const struct hold_view *view = &views[v];
        if (view->hold->kind != HOLD_EVEN || isnan(view->hold->load_kpa) || view->is_full)
            continue;
        double stray,
            kpa = sensor_law_pressure_kpa(law, calibration_settled_us(&law->creep, view, &stray));
        double off = log(kpa / view->hold->load_kpa);
        report->even_pct = 100.0 * (kpa / view->hold->load_kpa - 1.0);
        if (fabs(off) > even_wrong)
            return thenar_fail(
                error, THENAR_ERR_VALUE,
                "two references contradict each other: by the weights, the even load of "
                "%.3g kPa (step %u) is %.3g kPa, %.2f times as much. Are the weights in "
                "kilograms, is the puck %.3g mm wide, is the gauge right?",
                view->hold->load_kpa, view->step, kpa, kpa / view->hold->load_kpa,
                views[n_views - 1].hold->diameter_mm);
        if (fabs(off) > even_doubt)
            calibration_warn(
                report,
                "the even load of %.3g kPa (step %u) is %.3g kPa by the weights: one is off by "
                "%.0f %%",
                view->hold->load_kpa, view->step, kpa, fabs(report->even_pct));
    }
    return THENAR_OK;
}

/* A law from the factory is a third. It may be old, so it only makes doubtful. */
void calibration_compare_factory(const struct sensor_law *factory,
                                 struct calibration_report *report)
{
    double sum = 0.0;
    unsigned n = 0;
    if (!factory->calibrated || factory->circuit == SENSOR_LINEAR)
        return;
    for (unsigned k = 0; k < report->n_points; k++) {
        const struct calibration_point *point = &report->points[k];
        if (!point->used)
            continue;
        sum += log(sensor_law_pressure_kpa(factory, point->conductance_us) / point->load_kpa);
        n++;
    }
    if (n > 0 && fabs(sum / n) > factory_doubt)
        calibration_warn(
            report,
            "by the device's own factory law these loads are %.2f times what is said: check the "
            "unit "
            "of the weights and the puck's diameter, unless the sensors were changed",
            exp(sum / n));
}

/* How far each taxel that the puck covered is off the rising curve. */
static void find_residuals(struct sensor_calibration *c, const struct calibration_report *report,
                           const struct hold_scene *scene, const struct hold_view *views,
                           unsigned n_views, double *rms_pct)
{
    double all = 0.0;
    unsigned n_all = 0;
    for (size_t i = 0; i < c->n_taxels; i++) {
        double squares = 0.0;
        unsigned n = 0;
        for (unsigned v = 0; v < n_views; v++) {
            const struct hold_view *view = &views[v];
            if (view->hold->kind != HOLD_PUCK || !view->rising || !view->whole[i])
                continue;
            double sum = 0.0;
            for (unsigned b = 0; b < view->hold->n_bins; b++)
                sum += hold_conductance_us(scene, view->hold, b, i) /
                       calibration_creep_factor(&c->law.creep, hold_view_age_s(view, b));
            double kpa = calibration_law_rising_kpa(&c->law, report, sum / view->hold->n_bins);
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

void calibration_uncertainty(struct sensor_calibration *calibration,
                             struct calibration_report *report, const struct hold_scene *scene,
                             const struct hold_view *views, unsigned n_views,
                             double reference_uncertainty_pct)
{
    struct sensor_law *law = &calibration->law;
    struct sensor_uncertainty *u = &law->uncertainty;
    double rms_pct;
    find_residuals(calibration, report, scene, views, n_views, &rms_pct);
    u->fit_pct = (float)rms_pct;
    u->creep_pct /= law->exponent;
    u->reference_pct = (float)reference_uncertainty_pct;
    u->repeatability_pct = isnan(report->repeat_pct) ? 0.0F : (float)report->repeat_pct;
    /* Three of four readings lie a quarter of the loop below the law, the fourth three quarters
     * above: the root of 3/4 (1/4)^2 + 1/4 (3/4)^2. */
    u->hysteresis_pct = isnan(report->loop_pct) ? 0.0F : (float)(0.433 * fabs(report->loop_pct));
    law->uncertainty_pct = sensor_uncertainty_total_pct(u);
    if (isnan(report->loop_pct))
        calibration_warn(
            report,
            "no falling loads: hysteresis is not known, and not in the uncertainty. Take the "
            "weights off step by step as well");
    if (isnan(report->repeat_pct))
        calibration_warn(report,
                         "no load was put on twice: repeatability is not known, and not in the "
                         "uncertainty. Repeat one or two loads at another place");
}

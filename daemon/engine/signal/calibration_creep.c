/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_creep.h"

#include <math.h>

static const double fresh_s = 4.0;         /* a hold that began so soon after contact shows creep */
static const double creep_span = 4.0;      /* last over first time of a hold that shows creep */
static const double most_creep_pct = 20.0; /* a decade: more is no creep */

/* ln G against log10 t of one hold that began fresh; false when it tells nothing. */
static bool creep_of(const struct hold_view *view, double *slope, double *rms)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0, first_s = 0.0;
    unsigned last = view->hold->n_bins - 1;
    for (unsigned b = 0; b <= last; b++) {
        double age_s = hold_view_age_s(view, b);
        if (age_s < HOLD_SETTLES_S || !(view->bin_g[b] > 0.0))
            continue;
        first_s = first_s > 0.0 ? first_s : age_s;
        double x = log10(age_s), y = log(view->bin_g[b]);
        n++, sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
    }
    if (n < 8 || first_s > fresh_s || hold_view_age_s(view, last) < creep_span * first_s)
        return false;
    double spread = n * sxx - sx * sx;
    *slope = (n * sxy - sx * sy) / spread;
    double left = (syy - sy * sy / n) - *slope * *slope * spread / n;
    *rms = sqrt(fmax(left, 0.0) / n);
    return true;
}

/* The longest fresh hold has most to say: each counts by how much time it spans. */
enum thenar_status calibration_creep(struct sensor_law *law, struct calibration_report *report,
                                     const struct hold_view *views, unsigned n_views,
                                     struct thenar_error *error)
{
    double sum = 0.0, weights = 0.0, rest = 0.0;
    struct sensor_creep *creep = &law->creep;
    *creep = (struct sensor_creep){.reference_s = (float)CALIBRATION_REFERENCE_S,
                                   .onset_s = (float)HOLD_SETTLES_S};
    for (unsigned v = 0; v < n_views; v++) {
        const struct hold_view *view = &views[v];
        double slope, rms;
        if (view->is_full || !creep_of(view, &slope, &rms))
            continue;
        double end_s = hold_view_age_s(view, view->hold->n_bins - 1);
        if (100.0 * fabs(slope) > most_creep_pct)
            return thenar_fail(
                error, THENAR_ERR_VALUE,
                "step %u (%s): the reading %s by %.0f %% per decade of time, which is "
                "no creep: was the load still being put on, or taken off too soon?",
                view->step, view->hold->label, slope > 0 ? "rose" : "fell", 100.0 * fabs(slope));
        double weight = pow(log10(end_s / fmax(view->hold->contact_s, HOLD_SETTLES_S)), 2.0);
        sum += weight * slope;
        rest += weight * rms;
        weights += weight;
        report->creep_s = fmax(report->creep_s, end_s);
    }
    creep->limit_s = (float)report->creep_s;
    if (weights > 0.0) {
        creep->pct_decade = (float)(100.0 * fmax(sum / weights, 0.0));
        law->uncertainty.creep_pct = (float)(100.0 * rest / weights);
    }
    if (report->creep_s < 30.0)
        calibration_warn(
            report,
            "creep is %s: hold one load for 60 s or more, from nothing, to measure how holds rise",
            weights > 0.0 ? "known from short holds only" : "not known");
    return THENAR_OK;
}

double calibration_creep_factor(const struct sensor_creep *creep, double age_s)
{
    double at_s = fmax(age_s, HOLD_SETTLES_S);
    return 1.0 + 0.01 * (double)creep->pct_decade * log10(at_s / CALIBRATION_REFERENCE_S);
}

double calibration_settled_us(const struct sensor_creep *creep, const struct hold_view *view,
                              double *stray)
{
    double sum = 0.0, least = HUGE_VAL, most = 0.0;
    unsigned n = 0;
    for (unsigned b = 0; b < view->hold->n_bins; b++) {
        double g = view->bin_g[b] / calibration_creep_factor(creep, hold_view_age_s(view, b));
        sum += g;
        least = fmin(least, g);
        most = fmax(most, g);
        n++;
    }
    *stray = (most - least) / (sum / n);
    return sum / n;
}

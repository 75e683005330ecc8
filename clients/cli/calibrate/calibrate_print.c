/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibrate_print.h"

#include <math.h>
#include <string.h>

void calibrate_print_points(FILE *out, const struct calibration_report *report)
{
    (void)fprintf(out, "  step  load             kPa     reads    off      taxels  middle, mm\n");
    for (unsigned k = 0; k < report->n_points; k++) {
        const struct calibration_point *p = &report->points[k];
        (void)fprintf(out, "  %4u  %-12.12s %7.4g ", p->step, p->label, p->load_kpa);
        if (!p->used)
            (void)fprintf(out, " full scale, left out\n");
        else if (isnan(p->reading_kpa))
            (void)fprintf(out, "       -        -   %4u     %.0f, %.0f\n", p->n_taxels, p->x_mm,
                          p->y_mm);
        else
            (void)fprintf(out, "%9.4g %+6.1f %% %s  %4u     %.0f, %.0f\n", p->reading_kpa,
                          100.0 * (p->reading_kpa / p->load_kpa - 1.0), p->rising ? "up  " : "down",
                          p->n_taxels, p->x_mm, p->y_mm);
    }
}

static void print_law(FILE *out, const struct sensor_calibration *c)
{
    const struct sensor_law *law = &c->law;
    if (law->spline.n_knots > 0)
        (void)fprintf(out,
                      "  law          a monotone spline through %u knots (a power law of %.3f "
                      "comes near)\n",
                      law->spline.n_knots, (double)law->exponent);
    else
        (void)fprintf(out, "  law          G = gain x %.4g uS x (p / 100 kPa)^%.3f\n",
                      (double)law->conductance_100kpa_us, (double)law->exponent);
    (void)fprintf(out, "  measured     %.3g to %.3g kPa; beyond that it extrapolates\n",
                  (double)c->low_kpa, (double)c->high_kpa);
    if (law->creep.limit_s > 0)
        (void)fprintf(out,
                      "  creep        %.1f %% of conductance a decade, seen from %.0f to %.0f "
                      "s\n",
                      (double)law->creep.pct_decade, (double)law->creep.onset_s,
                      (double)law->creep.limit_s);
}

static void print_taxels(FILE *out, const struct sensor_calibration *c)
{
    double least = HUGE_VAL, most = 0.0;
    for (size_t i = 0; i < c->n_taxels; i++)
        if (c->mark[i] == TAXEL_GOOD) {
            least = fmin(least, (double)c->gain[i]);
            most = fmax(most, (double)c->gain[i]);
        }
    (void)fprintf(out, "  taxels       %u of %zu with a gain of their own, %.2f to %.2f\n",
                  sensor_calibration_n_marked(c, TAXEL_GOOD),
                  c->n_taxels - sensor_calibration_n_marked(c, TAXEL_ABSENT), least, most);
}

static void print_part(FILE *out, const char *name, double pct, const char *what)
{
    if (pct > 0.0)
        (void)fprintf(out, "    %-15s %4.1f %%   %s\n", name, pct, what);
    else
        (void)fprintf(out, "    %-15s  not known\n", name);
}

static void print_uncertainty(FILE *out, const struct sensor_law *law)
{
    const struct sensor_uncertainty *u = &law->uncertainty;
    (void)fprintf(out, "\n  Standard uncertainty of a reading: %.1f %%, of which\n",
                  (double)law->uncertainty_pct);
    print_part(out, "repeatability", (double)u->repeatability_pct, "the same load put on again");
    print_part(out, "hysteresis", (double)u->hysteresis_pct,
               "reached from below or from above: the law lies between");
    print_part(out, "creep", (double)u->creep_pct, "what its model leaves");
    print_part(out, "fit residual", (double)u->fit_pct,
               "how well the law passes through these loads; no accuracy");
    print_part(out, "reference", (double)u->reference_pct, "the weights or the instrument");
}

void calibrate_print_page(FILE *out, const struct sensor_calibration *calibration,
                          const struct calibration_report *report)
{
    const struct calibration_identity *id = &calibration->identity;
    (void)fprintf(out, "Calibration of %s %s, %s, holds until %s\n", id->model, id->serial,
                  id->date, id->expires);
    (void)fprintf(out, "  reference    %s%s%s\n", id->reference[0] ? id->reference : "not named",
                  id->operator_name[0] ? ", by " : "", id->operator_name);
    if (!isnan(id->temperature_c))
        (void)fprintf(out, "  temperature  %.1f degrees C\n", (double)id->temperature_c);
    print_law(out, calibration);
    print_taxels(out, calibration);
    if (!isnan(report->loop_pct))
        (void)fprintf(out,
                      "  hysteresis   %.1f %%: falling loads read so much more than rising ones\n",
                      report->loop_pct);
    if (!isnan(report->even_pct))
        (void)fprintf(out, "  cross-check  the even load reads %+.1f %% by the weights' law\n",
                      report->even_pct);
    (void)fputc('\n', out);
    calibrate_print_points(out, report);
    print_uncertainty(out, &calibration->law);
    if (report->n_warnings > 0)
        (void)fprintf(out, "\n  To know:\n");
    for (unsigned k = 0; k < report->n_warnings; k++)
        (void)fprintf(out, "  - %s\n", report->warnings[k]);
}

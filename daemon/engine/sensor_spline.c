/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor_spline.h"

#include <math.h>

static bool rises(const float *values, unsigned n_values)
{
    for (unsigned k = 0; k < n_values; k++)
        if (!isfinite(values[k]) || values[k] <= (k > 0 ? values[k - 1] : 0.0F))
            return false;
    return true;
}

bool sensor_spline_is_good(const struct sensor_spline *spline)
{
    return spline->n_knots >= SENSOR_KNOTS_MIN && spline->n_knots <= SENSOR_KNOTS_MAX &&
           rises(spline->conductance_us, spline->n_knots) &&
           rises(spline->pressure_kpa, spline->n_knots);
}

/* Width and slope of the piece after knot k. */
static double width(const struct sensor_spline *s, unsigned k)
{
    return log((double)s->conductance_us[k + 1] / (double)s->conductance_us[k]);
}

static double secant(const struct sensor_spline *s, unsigned k)
{
    return log((double)s->pressure_kpa[k + 1] / (double)s->pressure_kpa[k]) / width(s, k);
}

/* d ln p / d ln G at knot k: the weighted harmonic mean of both sides keeps the curve monotone. */
static double slope(const struct sensor_spline *s, unsigned k)
{
    if (k == 0)
        return secant(s, 0);
    if (k + 1 == s->n_knots)
        return secant(s, k - 1);
    double before = width(s, k - 1), after = width(s, k);
    double w_before = 2.0 * after + before, w_after = after + 2.0 * before;
    return (w_before + w_after) / (w_before / secant(s, k - 1) + w_after / secant(s, k));
}

/* ln p at the part u of the piece after knot k. */
static double piece(const struct sensor_spline *s, unsigned k, double u)
{
    double h = width(s, k);
    double rise = secant(s, k) * h;
    double from = slope(s, k) * h, to = slope(s, k + 1) * h;
    double cubic = from + to - 2.0 * rise, square = 3.0 * rise - 2.0 * from - to;
    return log((double)s->pressure_kpa[k]) + u * (from + u * (square + u * cubic));
}

double sensor_spline_pressure_kpa(const struct sensor_spline *spline, double conductance_us)
{
    const struct sensor_spline *s = spline;
    unsigned last = s->n_knots - 1;
    if (!(conductance_us > 0.0))
        return 0.0;
    if (conductance_us <= (double)s->conductance_us[0])
        return (double)s->pressure_kpa[0] *
               pow(conductance_us / (double)s->conductance_us[0], slope(s, 0));
    if (conductance_us >= (double)s->conductance_us[last])
        return (double)s->pressure_kpa[last] *
               pow(conductance_us / (double)s->conductance_us[last], slope(s, last));
    unsigned k = 0;
    while (conductance_us > (double)s->conductance_us[k + 1])
        k++;
    return exp(piece(s, k, log(conductance_us / (double)s->conductance_us[k]) / width(s, k)));
}

double sensor_spline_conductance_us(const struct sensor_spline *spline, double pressure_kpa)
{
    const struct sensor_spline *s = spline;
    unsigned last = s->n_knots - 1;
    if (!(pressure_kpa > 0.0))
        return 0.0;
    if (pressure_kpa <= (double)s->pressure_kpa[0])
        return (double)s->conductance_us[0] *
               pow(pressure_kpa / (double)s->pressure_kpa[0], 1.0 / slope(s, 0));
    if (pressure_kpa >= (double)s->pressure_kpa[last])
        return (double)s->conductance_us[last] *
               pow(pressure_kpa / (double)s->pressure_kpa[last], 1.0 / slope(s, last));
    unsigned k = 0;
    while (pressure_kpa > (double)s->pressure_kpa[k + 1])
        k++;
    double low = 0.0, high = 1.0, wanted = log(pressure_kpa);
    for (int step = 0; step < 60; step++) { /* monotone: halving always finds it */
        double middle = 0.5 * (low + high);
        if (piece(s, k, middle) < wanted)
            low = middle;
        else
            high = middle;
    }
    return (double)s->conductance_us[k] * exp(0.5 * (low + high) * width(s, k));
}

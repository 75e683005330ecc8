/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensor_spline.h - a measured sensor law: pressure against conductance, monotone, through knots
 *
 * Between knots a cubic in (ln G, ln p), with slopes after Fritsch and Carlson (SIAM J. Numer.
 * Anal. 17, 1980), so that it never turns back; a power law is the straight line of this picture.
 * Below the first knot and above the last it goes on straight, with the slope of that knot. */
#ifndef SENSOR_SPLINE_H
#define SENSOR_SPLINE_H

#include <stdbool.h>

enum { SENSOR_KNOTS_MAX = 16, SENSOR_KNOTS_MIN = 3 };

struct sensor_spline {
    unsigned n_knots; /* SENSOR_KNOTS_MIN..SENSOR_KNOTS_MAX; 0: there is none */
    float conductance_us[SENSOR_KNOTS_MAX]; /* microsiemens, > 0, rising */
    float pressure_kpa[SENSOR_KNOTS_MAX];   /* > 0, rising */
};

/** Whether both rows are finite, positive and rising, and the number of knots is allowed. */
bool sensor_spline_is_good(const struct sensor_spline *spline);

/**
 * @param spline          a good one
 * @param conductance_us  of a taxel of gain 1; 0 and less give 0
 * Context: any thread; allocates nothing. A few logarithms: for tables, not for each sample.
 */
double sensor_spline_pressure_kpa(const struct sensor_spline *spline, double conductance_us);

/** The other way: the conductance at which sensor_spline_pressure_kpa() gives `pressure_kpa`. */
double sensor_spline_conductance_us(const struct sensor_spline *spline, double pressure_kpa);

#endif

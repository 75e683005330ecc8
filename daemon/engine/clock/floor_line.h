/* SPDX-License-Identifier: GPL-3.0-or-later */
/* floor_line.h - the line beneath a cloud of delayed arrivals: offset and drift of two clocks
 *
 * Each frame gives a point (x, y): its device time, and how much later than that it arrived. A
 * delay is never negative, so the clocks' true relation lies beneath all points, and the quickest
 * frames touch it. Means and medians of delays move with the load of the bus; their floor does not.
 *
 * The points of the last eight minutes are kept as the lowest one of each bucket, at most 128: the
 * buckets begin at 1/16 s and double in length until they are 4 s long. When one closes, the lower
 * convex hull of the points is made anew, and its edge above their mean x gives the slope: of all
 * lines beneath the points it is the one with the least sum of distances. While there is little to
 * see, the slope is drawn towards what was known before, by the ratio of their variances. When
 * all of the newest points lie above the line, for 15 s and by more than chance (a clock slipped, a
 * crystal warms up), the older ones are forgotten.
 *
 * Cost: a comparison a frame, and some 10 us a bucket. Nothing is allocated.
 * Source: S. Moon, P. Skelly, D. Towsley, "Estimation and removal of clock skew from network delay
 * measurements", INFOCOM 1999 (the line beneath, as a linear programme); L. Zhang, Z. Liu,
 * C. H. Xia, "Clock synchronization algorithms for network measurements", INFOCOM 2002 (by the
 * convex hull). NTP's clock filter keeps the quickest of eight exchanges for the same reason
 * (RFC 5905, section 10). */
#ifndef FLOOR_LINE_H
#define FLOOR_LINE_H

#include <stdbool.h>

enum { FLOOR_POINTS_MAX = 128 };

struct floor_point {
    double x_s, y_s;
};

struct floor_line {
    struct floor_point points[FLOOR_POINTS_MAX]; /* lowest of each closed bucket, oldest first */
    unsigned n_points;
    struct floor_point open; /* lowest so far of the bucket that is open */
    bool has_open;
    double bucket_s, open_until_s;
    double prior_slope, prior_slope_sd; /* what was known of the drift before */

    struct floor_point origin; /* a point of the line, and its slope: the fit */
    double slope;
    double slope_sd;      /* NaN: no fit yet */
    double uncertainty_s; /* standard uncertainty of the line at its new end; NaN: no fit yet */
};

/** No points, no drift known (100 ppm either way). */
void floor_line_init(struct floor_line *line);

/** Begin anew with this point; what is known of the drift stays. */
void floor_line_restart(struct floor_line *line, double x_s, double y_s);

/** Forget the points before `x_s`, as if they had never come, and fit the rest. */
void floor_line_forget_before(struct floor_line *line, double x_s);

/**
 * One more point.
 * @param x_s  not before the last one
 * @return true when a bucket closed, so that the line is a new one
 */
bool floor_line_add(struct floor_line *line, double x_s, double y_s);

/** Lower the line by `below_s`: a point lies beneath it. */
void floor_line_lower(struct floor_line *line, double below_s);

/** Height of the line at `x_s`. */
double floor_line_at(const struct floor_line *line, double x_s);

/** How long its points reach back. */
double floor_line_span_s(const struct floor_line *line);

#endif

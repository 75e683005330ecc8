/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clock/floor_line.h"

#include <math.h>
#include <string.h>

static const double BUCKET_LEAST_S = 1.0 / 16, BUCKET_MOST_S = 4.0;
static const double SLOPE_MOST = 1000e-6;      /* no crystal, but a bad resonator */
static const double UNKNOWN_SLOPE_SD = 100e-6; /* crystals are within this */
static const double KNOWN_SLOPE_SD = 5e-6;     /* what a crystal's temperature changes meanwhile */
static const double STAMP_S = 20e-6;           /* of an arrival: a wake-up of the reading thread */
static const double MEDIAN_OF_MEAN = 0.693;    /* ln 2: of exponentially spread heights */
static const double LOST_LEAST_S = 15;         /* a busy bus is not yet another clock */
enum { FIT_POINTS_MIN = 4, LOST_POINTS_MIN = 4, LOST_POINTS_MOST = 16 };

void floor_line_init(struct floor_line *line)
{
    *line = (struct floor_line){.bucket_s = BUCKET_LEAST_S,
                                .prior_slope_sd = UNKNOWN_SLOPE_SD,
                                .slope_sd = (double)NAN,
                                .uncertainty_s = (double)NAN};
}

/* What the fit says of the drift becomes what was known before. */
static void keep_slope(struct floor_line *line)
{
    if (isnan(line->slope_sd))
        return;
    line->prior_slope = line->slope;
    line->prior_slope_sd = fmin(hypot(line->slope_sd, KNOWN_SLOPE_SD), UNKNOWN_SLOPE_SD);
}

static void open_bucket(struct floor_line *line, double x_s, double y_s)
{
    line->has_open = true;
    line->open = (struct floor_point){x_s, y_s};
    line->open_until_s = x_s + line->bucket_s;
}

void floor_line_restart(struct floor_line *line, double x_s, double y_s)
{
    keep_slope(line);
    line->n_points = 0;
    line->bucket_s = BUCKET_LEAST_S;
    line->origin = (struct floor_point){x_s, y_s};
    line->slope = line->prior_slope;
    line->slope_sd = line->uncertainty_s = (double)NAN;
    open_bucket(line, x_s, y_s);
}

double floor_line_at(const struct floor_line *line, double x_s)
{
    return line->origin.y_s + line->slope * (x_s - line->origin.x_s);
}

double floor_line_span_s(const struct floor_line *line)
{
    return line->n_points ? line->points[line->n_points - 1].x_s - line->points[0].x_s : 0;
}

static double slope_between(struct floor_point a, struct floor_point b)
{
    return (b.y_s - a.y_s) / (b.x_s - a.x_s);
}

/* The slope of the lower hull's edge above the mean x. Andrew's monotone chain: x increases. */
static double hull_slope(const struct floor_line *line)
{
    unsigned hull[FLOOR_POINTS_MAX] = {0}, n = 0;
    double mean_x_s = 0;
    for (unsigned i = 0; i < line->n_points; i++) {
        const struct floor_point *p = &line->points[i];
        mean_x_s += p->x_s / line->n_points;
        while (n >= 2 && slope_between(line->points[hull[n - 2]], line->points[hull[n - 1]]) >=
                             slope_between(line->points[hull[n - 1]], *p))
            n--;
        hull[n++] = i;
    }
    unsigned edge = 1;
    while (edge + 1 < n && line->points[hull[edge]].x_s < mean_x_s)
        edge++;
    return slope_between(line->points[hull[edge - 1]], line->points[hull[edge]]);
}

/* Put a line of that slope beneath the points, so that it touches one. */
static void support(struct floor_line *line, double slope)
{
    line->slope = fmax(-SLOPE_MOST, fmin(SLOPE_MOST, slope));
    line->origin = line->points[0];
    for (unsigned i = 1; i < line->n_points; i++)
        if (line->points[i].y_s < floor_line_at(line, line->points[i].x_s))
            line->origin = line->points[i];
}

static double height(const struct floor_line *line, unsigned i)
{
    return line->points[i].y_s - floor_line_at(line, line->points[i].x_s);
}

/* How far the first points lie above the line, by their median: a start that was late by seconds
 * does not count for more than any other point. */
static double scatter_s(const struct floor_line *line, unsigned n_points)
{
    double heights_s[FLOOR_POINTS_MAX];
    for (unsigned i = 0; i < n_points; i++) { /* by insertion: they are few */
        double h = height(line, i);
        unsigned k = i;
        for (; k > 0 && heights_s[k - 1] > h; k--)
            heights_s[k] = heights_s[k - 1];
        heights_s[k] = h;
    }
    return heights_s[n_points / 2] / MEDIAN_OF_MEAN + STAMP_S;
}

static double least_height_s(const struct floor_line *line, unsigned from)
{
    double least_s = height(line, from);
    for (unsigned i = from + 1; i < line->n_points; i++)
        least_s = fmin(least_s, height(line, i));
    return least_s;
}

static void forget_oldest(struct floor_line *line, unsigned n_points)
{
    line->n_points -= n_points;
    memmove(line->points, line->points + n_points, line->n_points * sizeof *line->points);
}

/* The buckets' lowest points scatter by the delays; a line that touches the lowest of n is better
 * than one of them by the square root of n at least. */
static void fit(struct floor_line *line)
{
    unsigned n = line->n_points;
    support(line, hull_slope(line));
    double level_sd_s = scatter_s(line, n) / sqrt(n);
    double span_s = floor_line_span_s(line);
    double hull_sd = 2 * level_sd_s / span_s;
    double known = line->prior_slope_sd * line->prior_slope_sd;
    double trust = known / (known + hull_sd * hull_sd);
    support(line, line->prior_slope + trust * (line->slope - line->prior_slope));
    line->slope_sd = sqrt(trust) * hull_sd;
    unsigned n_new = n < LOST_POINTS_MIN ? 1 : LOST_POINTS_MIN;
    line->uncertainty_s = level_sd_s + line->slope_sd * span_s / 2 + STAMP_S / 4 +
                          least_height_s(line, n - n_new) / 2;
}

/* How many of the newest points lie above the line, for long and by more than chance; 0: it holds.
 */
static unsigned count_lost(const struct floor_line *line)
{
    unsigned n = line->n_points;
    for (unsigned n_new = LOST_POINTS_MIN; n_new <= LOST_POINTS_MOST && 2 * n_new <= n; n_new *= 2)
        if (line->points[n - 1].x_s - line->points[n - n_new].x_s >= LOST_LEAST_S &&
            least_height_s(line, n - n_new) >
                scatter_s(line, n - n_new) * (1 + 2.0 * LOST_POINTS_MIN / n_new))
            return n_new;
    return 0;
}

static void refit(struct floor_line *line)
{
    if (line->n_points < FIT_POINTS_MIN)
        return;
    fit(line);
    unsigned n_lost = count_lost(line);
    if (n_lost == 0)
        return;
    line->prior_slope = line->slope;
    line->prior_slope_sd = UNKNOWN_SLOPE_SD;
    forget_oldest(line, line->n_points - n_lost);
    fit(line);
}

static void join_pairs(struct floor_line *line)
{
    unsigned n = 0;
    for (unsigned i = 0; i + 1 < line->n_points; i += 2) {
        struct floor_point a = line->points[i], b = line->points[i + 1];
        line->points[n++] = a.y_s <= b.y_s ? a : b;
    }
    line->n_points = n;
    line->bucket_s *= 2;
}

static void close_bucket(struct floor_line *line)
{
    const double window_s = FLOOR_POINTS_MAX * BUCKET_MOST_S;
    if (line->n_points == FLOOR_POINTS_MAX && line->bucket_s < BUCKET_MOST_S)
        join_pairs(line);
    else if (line->n_points == FLOOR_POINTS_MAX)
        forget_oldest(line, 1);
    line->points[line->n_points++] = line->open;
    unsigned n_old = 0;
    while (line->open.x_s - line->points[n_old].x_s > window_s)
        n_old++;
    forget_oldest(line, n_old);
    refit(line);
}

bool floor_line_add(struct floor_line *line, double x_s, double y_s)
{
    if (line->has_open && x_s < line->open_until_s) {
        if (y_s < line->open.y_s)
            line->open = (struct floor_point){x_s, y_s};
        return false;
    }
    if (line->has_open)
        close_bucket(line);
    open_bucket(line, x_s, y_s);
    return true;
}

void floor_line_lower(struct floor_line *line, double below_s)
{
    line->origin.y_s -= below_s;
}

void floor_line_forget_before(struct floor_line *line, double x_s)
{
    unsigned n_old = 0;
    while (n_old < line->n_points && line->points[n_old].x_s < x_s)
        n_old++;
    keep_slope(line);
    forget_oldest(line, n_old);
    line->slope = line->prior_slope;
    line->slope_sd = line->uncertainty_s = (double)NAN;
    if (line->has_open)
        line->origin = line->open;
    if (line->n_points > 0)
        support(line, line->prior_slope);
    refit(line);
}

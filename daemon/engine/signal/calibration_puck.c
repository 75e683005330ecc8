/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration_puck.h"

#include <math.h>

enum { PARTS = 6, STEPS = 4 };
static const double least_felt = 0.05; /* of the strongest */

double puck_least_mm(const struct array_layout *layout)
{
    double side = 0.0;
    for (size_t i = 0; i < layout->n_taxels; i++)
        if (layout->exists[i])
            side = fmax(side, sqrt((double)layout->sensing_mm2[i]));
    return 1.41421 * side + 2.0 * PUCK_RIM_MM;
}

double puck_easy_mm(const struct array_layout *layout)
{
    double pitch = fmax((double)layout->pitch_x_mm, (double)layout->pitch_y_mm);
    return puck_least_mm(layout) + 1.41421 * pitch;
}

static double strongest(const struct array_layout *layout, const double *felt)
{
    double most = 0.0;
    for (size_t i = 0; i < layout->n_taxels; i++)
        most = fmax(most, felt[i]);
    return most;
}

void puck_middle(const struct array_layout *layout, const double *felt, double *x_mm, double *y_mm)
{
    double least = least_felt * strongest(layout, felt), sum = 0.0, x = 0.0, y = 0.0;
    for (size_t i = 0; i < layout->n_taxels; i++)
        if (felt[i] > least) {
            sum += felt[i];
            x += felt[i] * (double)layout->x_mm[i];
            y += felt[i] * (double)layout->y_mm[i];
        }
    *x_mm = sum > 0.0 ? x / sum : 0.0;
    *y_mm = sum > 0.0 ? y / sum : 0.0;
}

/* The part of a square about (dx, dy) that lies within the radius. */
static double part_under(double radius_mm, double dx, double dy, double side_mm)
{
    double away = hypot(dx, dy), half = 0.70711 * side_mm;
    if (away + half <= radius_mm)
        return 1.0;
    if (away - half >= radius_mm)
        return 0.0;
    unsigned n_in = 0;
    for (int a = 0; a < PARTS; a++)
        for (int b = 0; b < PARTS; b++)
            n_in += hypot(dx + side_mm * ((a + 0.5) / PARTS - 0.5),
                          dy + side_mm * ((b + 0.5) / PARTS - 0.5)) <= radius_mm;
    return (double)n_in / (PARTS * PARTS);
}

/* How much of the readings a disc at (x, y) leaves unexplained, at its best height. */
static double misfit(const struct array_layout *layout, const double *felt, double radius_mm,
                     double x_mm, double y_mm)
{
    double ff = 0.0, fw = 0.0, ww = 0.0, near_mm = radius_mm + 2.0 * (double)layout->pitch_x_mm;
    for (size_t i = 0; i < layout->n_taxels; i++) {
        if (!layout->exists[i] || felt[i] < 0.0)
            continue;
        double dx = (double)layout->x_mm[i] - x_mm, dy = (double)layout->y_mm[i] - y_mm;
        ff += felt[i] * felt[i];
        if (fabs(dx) > near_mm || fabs(dy) > near_mm)
            continue;
        double part = part_under(radius_mm, dx, dy, sqrt((double)layout->sensing_mm2[i]));
        fw += felt[i] * part;
        ww += part * part;
    }
    return ww > 0.0 ? ff - fw * fw / ww : ff;
}

/* Ever finer steps about (x, y); answers what is left unexplained where it ends. */
static double search(const struct array_layout *layout, const double *felt, double radius_mm,
                     double *x_mm, double *y_mm)
{
    double best = HUGE_VAL, step_mm = 0.25 * (double)layout->pitch_x_mm;
    while (step_mm > 0.15) {
        double from_x = *x_mm, from_y = *y_mm;
        for (int a = -STEPS; a <= STEPS; a++)
            for (int b = -STEPS; b <= STEPS; b++) {
                double x = from_x + a * step_mm, y = from_y + b * step_mm;
                double left = misfit(layout, felt, radius_mm, x, y);
                if (left < best) {
                    best = left;
                    *x_mm = x;
                    *y_mm = y;
                }
            }
        step_mm /= STEPS;
    }
    return best;
}

/* From the middle of all that is felt, and from the strongest taxel, should something else press.
 */
static void find_middle(const struct array_layout *layout, const double *felt, double radius_mm,
                        double *x_mm, double *y_mm)
{
    puck_middle(layout, felt, x_mm, y_mm);
    size_t peak = 0;
    for (size_t i = 0; i < layout->n_taxels; i++)
        peak = felt[i] > felt[peak] ? i : peak;
    double x = (double)layout->x_mm[peak], y = (double)layout->y_mm[peak];
    double left = search(layout, felt, radius_mm, x_mm, y_mm);
    if (search(layout, felt, radius_mm, &x, &y) < left) {
        *x_mm = x;
        *y_mm = y;
    }
}

static double overhang(const struct array_layout *layout, const struct puck_place *place,
                       double radius_mm)
{
    double low_x = HUGE_VAL, high_x = -HUGE_VAL, low_y = HUGE_VAL, high_y = -HUGE_VAL;
    for (size_t i = 0; i < layout->n_taxels; i++) {
        if (!layout->exists[i])
            continue;
        low_x = fmin(low_x, (double)layout->x_mm[i]);
        high_x = fmax(high_x, (double)layout->x_mm[i]);
        low_y = fmin(low_y, (double)layout->y_mm[i]);
        high_y = fmax(high_y, (double)layout->y_mm[i]);
    }
    double half_x = 0.5 * (double)layout->pitch_x_mm, half_y = 0.5 * (double)layout->pitch_y_mm;
    double over_x = fmax(low_x - half_x - (place->x_mm - radius_mm),
                         place->x_mm + radius_mm - (high_x + half_x));
    double over_y = fmax(low_y - half_y - (place->y_mm - radius_mm),
                         place->y_mm + radius_mm - (high_y + half_y));
    return fmax(over_x, over_y);
}

void puck_find(struct puck_place *place, const struct array_layout *layout, const double *felt,
               double diameter_mm, bool *whole)
{
    double radius_mm = 0.5 * diameter_mm, all = 0.0, beyond = 0.0;
    double least = least_felt * strongest(layout, felt);
    *place = (struct puck_place){0};
    find_middle(layout, felt, radius_mm, &place->x_mm, &place->y_mm);
    for (size_t i = 0; i < layout->n_taxels; i++) {
        double dx = (double)layout->x_mm[i] - place->x_mm;
        double dy = (double)layout->y_mm[i] - place->y_mm;
        double half = 0.5 * sqrt((double)layout->sensing_mm2[i]);
        double corner_mm = hypot(fabs(dx) + half, fabs(dy) + half);
        whole[i] = layout->exists[i] && felt[i] > 0.0 && corner_mm + PUCK_RIM_MM <= radius_mm;
        place->n_whole += whole[i];
        double clear = felt[i] > least ? felt[i] : 0.0;
        all += clear;
        if (hypot(dx, dy) - 1.41421 * half > radius_mm + PUCK_RIM_MM)
            beyond += clear;
    }
    place->outside = all > 0.0 ? beyond / all : 0.0;
    place->overhang_mm = overhang(layout, place, radius_mm);
}

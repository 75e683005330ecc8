/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/equiripple.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "signal/lowpass_design.h"

static const double two_pi = 6.283185307179586;
static const double settled = 1e-3; /* largest error may exceed the levelled one by so much */
enum { GRID_PER_COEF = 16, ROUNDS_MAX = 60 };

typedef double pair __attribute__((vector_size(16)));

struct grid_point {
    double x;     /* cos(2 pi f) */
    double place; /* along both bands, the gap left out */
    double wanted, weight;
    double error; /* weighted, of the present round */
};

struct exchange {
    size_t n_coefs, n_nodes; /* nodes = coefs + 1 */
    size_t n_grid, n_pass;   /* grid points 0..n_pass-1 are the pass-band's */
    struct grid_point *grid;
    size_t *nodes;      /* [n_nodes] grid indices, rising */
    size_t *candidates; /* [n_grid] */
    double *x, *value;  /* [n_coefs, made even] the interpolation's nodes */
    double *bary;       /* the same, barycentric weights; one more for a while */
    double level;       /* error at the nodes, alternating in sign */
};

/* Points lie closer beside the transition, where the ripples do. */
static void fill_grid(struct exchange *ex, const struct equiripple_goal *goal)
{
    for (size_t i = 0; i < ex->n_grid; i++) {
        bool pass = i < ex->n_pass;
        size_t n_beyond = pass ? ex->n_pass - 1 - i : i - ex->n_pass;
        size_t n_last = pass ? ex->n_pass - 1 : ex->n_grid - ex->n_pass - 1;
        double part = (double)n_beyond / (double)n_last;
        double away = part * (0.4 + 0.6 * part); /* from the transition, of the band */
        double f = pass ? goal->pass * (1.0 - away) : goal->stop + away * (0.5 - goal->stop);
        ex->grid[i] = (struct grid_point){.x = cos(two_pi * f),
                                          .place = pass ? f : goal->pass + f - goal->stop,
                                          .wanted = pass ? 1.0 : 0.0,
                                          .weight = pass ? 1.0 : goal->stop_weight};
    }
}

static enum thenar_status open_exchange(struct exchange *ex, const struct equiripple_goal *goal)
{
    double band = goal->pass + 0.5 - goal->stop;
    ex->n_coefs = goal->n_coefs;
    ex->n_nodes = goal->n_coefs + 1;
    size_t n_grid = GRID_PER_COEF * ex->n_nodes;
    size_t n_pass = (size_t)((double)n_grid * goal->pass / band);
    ex->n_pass = n_pass < GRID_PER_COEF ? GRID_PER_COEF : n_pass;
    ex->n_grid = n_grid + GRID_PER_COEF;
    ex->grid = calloc(ex->n_grid, sizeof *ex->grid);
    ex->nodes = calloc(ex->n_nodes, sizeof *ex->nodes);
    ex->candidates = calloc(ex->n_grid, sizeof *ex->candidates);
    ex->x = calloc(ex->n_nodes + 1, sizeof *ex->x);
    ex->value = calloc(ex->n_nodes + 1, sizeof *ex->value);
    ex->bary = calloc(ex->n_nodes + 1, sizeof *ex->bary);
    if (!ex->grid || !ex->nodes || !ex->candidates || !ex->x || !ex->value || !ex->bary)
        return THENAR_ERR_MEMORY;
    fill_grid(ex, goal);
    for (size_t k = 0, i = 0; k < ex->n_nodes; k++) {
        while (i + 1 < ex->n_grid && ex->grid[i].place * (double)goal->n_coefs < band * (double)k)
            i++;
        ex->nodes[k] = i;
    }
    return THENAR_OK;
}

static void close_exchange(struct exchange *ex)
{
    free(ex->grid);
    free(ex->nodes);
    free(ex->candidates);
    free(ex->x);
    free(ex->value);
    free(ex->bary);
}

/* The cosine sum whose error at the nodes alternates and is level; n + 1 conditions settle n
 * coefficients and the level. Differences are doubled so that products stay near 1. */
static void interpolate_nodes(struct exchange *ex)
{
    double wanted = 0.0, alternating = 0.0, sign = 1.0;
    for (size_t k = 0; k < ex->n_nodes; k++) {
        double product = 1.0, x = ex->grid[ex->nodes[k]].x;
        for (size_t j = 0; j < ex->n_nodes; j++)
            if (j != k)
                product *= 2.0 * (x - ex->grid[ex->nodes[j]].x);
        ex->bary[k] = 1.0 / product;
    }
    for (size_t k = 0; k < ex->n_nodes; k++, sign = -sign) {
        const struct grid_point *node = &ex->grid[ex->nodes[k]];
        wanted += ex->bary[k] * node->wanted;
        alternating += sign * ex->bary[k] / node->weight;
    }
    ex->level = wanted / alternating;
    double last = ex->grid[ex->nodes[ex->n_coefs]].x;
    sign = 1.0;
    for (size_t k = 0; k < ex->n_coefs; k++, sign = -sign) {
        const struct grid_point *node = &ex->grid[ex->nodes[k]];
        ex->x[k] = node->x;
        ex->value[k] = node->wanted - sign * ex->level / node->weight;
        ex->bary[k] *= 2.0 * (node->x - last);
    }
    ex->x[ex->n_coefs] = 2.0; /* beyond all, without weight: it makes the number even */
    ex->bary[ex->n_coefs] = 0.0;
}

/* Nearly all the time goes here, in divisions: two at a time. At a node itself both sums are
 * infinite, and the value is known. */
static double amplitude(const struct exchange *ex, double x)
{
    pair above = {0.0, 0.0}, below = {0.0, 0.0};
    for (size_t k = 0; k < ex->n_coefs; k += 2) {
        pair node, value, bary;
        memcpy(&node, ex->x + k, sizeof node);
        memcpy(&value, ex->value + k, sizeof value);
        memcpy(&bary, ex->bary + k, sizeof bary);
        pair share = bary / (x - node);
        above += share * value;
        below += share;
    }
    double ratio = (above[0] + above[1]) / (below[0] + below[1]);
    for (size_t k = 0; !isfinite(ratio) && k < ex->n_coefs; k++)
        if (fabs(x - ex->x[k]) < 1e-14)
            return ex->value[k];
    return ratio;
}

/* A point of the grid whose error no neighbour in its band exceeds. */
static bool is_extreme(const struct exchange *ex, size_t i)
{
    double here = fabs(ex->grid[i].error);
    bool first = i == 0 || i == ex->n_pass;
    bool last = i + 1 == ex->n_pass || i + 1 == ex->n_grid;
    double sign = ex->grid[i].error < 0.0 ? -1.0 : 1.0;
    return here >= 0.5 * fabs(ex->level) && (first || here >= sign * ex->grid[i - 1].error) &&
           (last || here > sign * ex->grid[i + 1].error);
}

/* New nodes: the extremes, of neighbours with the same sign the larger. False: too few. */
static bool exchange_nodes(struct exchange *ex)
{
    size_t n = 0;
    for (size_t i = 0; i < ex->n_grid; i++) {
        if (!is_extreme(ex, i))
            continue;
        if (n > 0 && ex->grid[i].error * ex->grid[ex->candidates[n - 1]].error > 0.0) {
            if (fabs(ex->grid[i].error) > fabs(ex->grid[ex->candidates[n - 1]].error))
                ex->candidates[n - 1] = i;
        } else {
            ex->candidates[n++] = i;
        }
    }
    size_t first = 0;
    for (; n - first > ex->n_nodes && n > first;) {
        double at_first = fabs(ex->grid[ex->candidates[first]].error);
        if (at_first < fabs(ex->grid[ex->candidates[n - 1]].error))
            first++;
        else
            n--;
    }
    if (n - first < ex->n_nodes)
        return false;
    for (size_t k = 0; k < ex->n_nodes; k++)
        ex->nodes[k] = ex->candidates[first + k];
    return true;
}

static bool settle(struct exchange *ex)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        double largest = 0.0;
        interpolate_nodes(ex);
        for (size_t i = 0; i < ex->n_grid; i++) {
            struct grid_point *point = &ex->grid[i];
            point->error = point->weight * (point->wanted - amplitude(ex, point->x));
            largest = fmax(largest, fabs(point->error));
        }
        if (!isfinite(largest))
            return false;
        if (largest <= (1.0 + settled) * fabs(ex->level))
            return true;
        if (!exchange_nodes(ex))
            return false;
    }
    return false;
}

/* n_coefs values on an even grid settle the cosine sum: an inverse transform of length 2 n - 1. */
static void coefs_of(struct exchange *ex, double *coefs)
{
    size_t n = ex->n_coefs, period = 2 * n - 1;
    for (size_t j = 0; j < n; j++)
        ex->grid[j].error = amplitude(ex, cos(two_pi * (double)j / (double)period));
    for (size_t k = 0; k < n; k++) {
        double sum = ex->grid[0].error;
        for (size_t j = 1; j < n; j++)
            sum +=
                2.0 * ex->grid[j].error * cos(two_pi * (double)(j * k % period) / (double)period);
        coefs[k] = (k ? 2.0 : 1.0) * sum / (double)period;
    }
}

enum thenar_status equiripple_make(const struct equiripple_goal *goal, double *coefs,
                                   double *stop_error)
{
    if (goal->n_coefs < 2 || goal->n_coefs > LOWPASS_MAX_TAPS || !(goal->pass > 0.0) ||
        !(goal->stop > goal->pass) || !(goal->stop < 0.5) || !(goal->stop_weight > 0.0))
        return THENAR_ERR_ARGUMENT;
    struct exchange ex = {0};
    enum thenar_status status = open_exchange(&ex, goal);
    if (status == THENAR_OK) {
        status = settle(&ex) ? THENAR_OK : THENAR_ERR_UNSUPPORTED;
        if (status == THENAR_OK)
            coefs_of(&ex, coefs);
        *stop_error = fabs(ex.level) / goal->stop_weight;
    }
    close_exchange(&ex);
    return status;
}

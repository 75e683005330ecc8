/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/crosstalk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Conductances are in units of 1 / R, R being the front end's resistor. */
static const double node_leak = 1e-7;       /* to ground: parts that do not touch stay solvable */
static const double close_enough = 0.001;   /* of a reading: no step is taken for less, */
static const double close_counts = 0.25;    /* nor for less than this */
static const double ghost_part = 0.05;      /* unexplained part of a reading that makes a ghost, */
static const double ghost_counts = 12.0;    /* and that beside it */
static const float touched_part = 0.002F;   /* of full scale: below it a crossing is left alone */
static const float touched_least = 4.0F;    /* counts */
static const double products_per_s = 6e8;   /* multiply-adds that a frame's share of time allows */
static const double products_least = 2.5e6; /* a frame */

struct edge {
    uint32_t taxel;
    uint16_t row, col; /* among the active lines; columns follow the rows */
    double g, measured;
    double per_count; /* change of `measured` with one count */
    double allowed;   /* that it may be off without another step */
};

struct crosstalk {
    uint16_t n_rows, n_cols;
    size_t n_taxels;
    bool *exists;
    bool *ghost;
    float touched_counts;
    float full_scale_counts;
    bool divider;
    double products_most; /* a frame */
    double *conductance;  /* [full scale + 1] of counts */
    double *last_g;       /* [n_taxels] 0: not touched in the frame before */
    double *last_reading; /* [n_taxels] */
    uint16_t *line;       /* [n_rows + n_cols] index among the active ones */
    size_t n_lines;
    struct edge *edges; /* [n_edges] */
    size_t n_edges;
    double *inverse; /* [n_lines][n_lines] of L */
    double *work;    /* [n_lines][n_lines] */
    double *column;  /* [n_lines] */
};

enum { NOT_ACTIVE = UINT16_MAX };

static double conductance_of(const struct crosstalk *c, double counts)
{
    double full = (double)c->full_scale_counts;
    if (!c->divider)
        return fmin(counts, full) / full;
    counts = fmin(counts, full - 1.0);
    return counts / (full - counts);
}

static float counts_of(const struct crosstalk *c, double g)
{
    double full = (double)c->full_scale_counts;
    return (float)(c->divider ? full * g / (1.0 + g) : full * g);
}

static bool allocate(struct crosstalk *c)
{
    size_t n = c->n_taxels, n_lines = (size_t)c->n_rows + c->n_cols;
    size_t n_counts = (size_t)c->full_scale_counts + 1;
    c->exists = calloc(n, sizeof *c->exists);
    c->ghost = calloc(n, sizeof *c->ghost);
    c->last_g = calloc(n, sizeof *c->last_g);
    c->last_reading = calloc(n, sizeof *c->last_reading);
    c->edges = calloc(n, sizeof *c->edges);
    c->line = calloc(n_lines, sizeof *c->line);
    c->inverse = calloc(n_lines * n_lines, sizeof *c->inverse);
    c->work = calloc(n_lines * n_lines, sizeof *c->work);
    c->column = calloc(n_lines, sizeof *c->column);
    c->conductance = calloc(n_counts, sizeof *c->conductance);
    return c->exists && c->ghost && c->last_g && c->last_reading && c->edges && c->line &&
           c->inverse && c->work && c->column && c->conductance;
}

enum thenar_status crosstalk_create(struct crosstalk **out, const struct array_layout *layout)
{
    *out = NULL;
    const struct sensor_law *law = &layout->sensor;
    if (law->unit != UNIT_COUNTS || law->circuit == SENSOR_LINEAR ||
        !(law->full_scale_counts >= 1.0F) || law->full_scale_counts > (float)UINT16_MAX)
        return THENAR_ERR_ARGUMENT;
    struct crosstalk *c = calloc(1, sizeof *c);
    if (!c)
        return THENAR_ERR_MEMORY;
    c->n_rows = layout->n_rows;
    c->n_cols = layout->n_cols;
    c->n_taxels = layout->n_taxels;
    c->full_scale_counts = law->full_scale_counts;
    c->divider = law->circuit == SENSOR_DIVIDER;
    c->touched_counts = fmaxf(touched_least, touched_part * law->full_scale_counts);
    c->products_most = fmax(products_least, products_per_s / (double)layout->rate_hz);
    if (!allocate(c)) {
        crosstalk_destroy(c);
        return THENAR_ERR_MEMORY;
    }
    memcpy(c->exists, layout->exists, c->n_taxels * sizeof *c->exists);
    for (size_t k = 0; k <= (size_t)c->full_scale_counts; k++)
        c->conductance[k] = conductance_of(c, (double)k);
    *out = c;
    return THENAR_OK;
}

void crosstalk_destroy(struct crosstalk *crosstalk)
{
    if (!crosstalk)
        return;
    free(crosstalk->exists);
    free(crosstalk->ghost);
    free(crosstalk->last_g);
    free(crosstalk->last_reading);
    free(crosstalk->edges);
    free(crosstalk->line);
    free(crosstalk->inverse);
    free(crosstalk->work);
    free(crosstalk->column);
    free(crosstalk->conductance);
    free(crosstalk);
}

void crosstalk_reset(struct crosstalk *crosstalk)
{
    memset(crosstalk->last_g, 0, crosstalk->n_taxels * sizeof *crosstalk->last_g);
}

static bool is_touched(const struct crosstalk *c, const uint16_t *counts, size_t i)
{
    return c->exists[i] && (float)counts[i] > c->touched_counts;
}

/* The lines that have a touched crossing, numbered: rows first. */
static void find_lines(struct crosstalk *c, const uint16_t *counts)
{
    size_t n_all = (size_t)c->n_rows + c->n_cols;
    for (size_t k = 0; k < n_all; k++)
        c->line[k] = NOT_ACTIVE;
    for (size_t i = 0; i < c->n_taxels; i++)
        if (is_touched(c, counts, i))
            c->line[i / c->n_cols] = c->line[c->n_rows + i % c->n_cols] = 0;
    c->n_lines = 0;
    for (size_t k = 0; k < n_all; k++)
        if (c->line[k] != NOT_ACTIVE)
            c->line[k] = (uint16_t)c->n_lines++;
}

/* What was found last, in proportion to what is read now; never more than is read. */
static double first_guess(const struct crosstalk *c, size_t i, double measured)
{
    if (!(c->last_reading[i] > 0.0))
        return measured;
    return fmin(measured, c->last_g[i] * measured / c->last_reading[i]);
}

static void find_edges(struct crosstalk *c, const uint16_t *counts)
{
    c->n_edges = 0;
    for (size_t i = 0; i < c->n_taxels; i++) {
        if (!is_touched(c, counts, i)) {
            c->last_reading[i] = c->last_g[i] = 0.0;
            continue;
        }
        float read = fminf((float)counts[i], c->full_scale_counts);
        double measured = c->conductance[(size_t)read];
        double per_count =
            conductance_of(c, (double)read + 0.5) - conductance_of(c, (double)read - 0.5);
        c->edges[c->n_edges++] = (struct edge){
            .taxel = (uint32_t)i,
            .row = c->line[i / c->n_cols],
            .col = c->line[c->n_rows + i % c->n_cols],
            .g = first_guess(c, i, measured),
            .measured = measured,
            .per_count = per_count,
            .allowed = fmax(close_enough * measured, close_counts * per_count),
        };
    }
}

static void fill_laplacian(struct crosstalk *c, double *l)
{
    size_t n = c->n_lines;
    memset(l, 0, n * n * sizeof *l);
    for (size_t k = 0; k < n; k++)
        l[k * n + k] = node_leak;
    for (size_t e = 0; e < c->n_edges; e++) {
        const struct edge *edge = &c->edges[e];
        l[edge->row * n + edge->row] += edge->g;
        l[edge->col * n + edge->col] += edge->g;
        l[edge->row * n + edge->col] -= edge->g;
        l[edge->col * n + edge->row] -= edge->g;
    }
}

/* The inverse of a positive definite matrix by sweeping one line after the other (Gauss-Jordan,
 * no pivots needed). `l` is lost. */
static void invert(double *l, double *inverse, size_t n)
{
    memset(inverse, 0, n * n * sizeof *inverse);
    for (size_t k = 0; k < n; k++)
        inverse[k * n + k] = 1.0;
    for (size_t k = 0; k < n; k++) {
        double scale = 1.0 / l[k * n + k];
        double *pivot = l + k * n, *pivot_inverse = inverse + k * n;
        for (size_t j = 0; j < n; j++) {
            pivot[j] *= scale;
            pivot_inverse[j] *= scale;
        }
        for (size_t i = 0; i < n; i++) {
            double factor = l[i * n + k];
            if (i == k || factor == 0.0)
                continue;
            double *row = l + i * n, *row_inverse = inverse + i * n;
            for (size_t j = k; j < n; j++)
                row[j] -= factor * pivot[j];
            for (size_t j = 0; j <= k; j++)
                row_inverse[j] -= factor * pivot_inverse[j];
        }
    }
}

/* What the network shows between the row and the column of an edge, its own part included. */
static double shown(const struct crosstalk *c, const struct edge *edge)
{
    size_t n = c->n_lines;
    return 1.0 / (c->inverse[edge->row * n + edge->row] + c->inverse[edge->col * n + edge->col] -
                  2.0 * c->inverse[edge->row * n + edge->col]);
}

/* The inverse after the edge's conductance grew by `step`. */
static void update_inverse(struct crosstalk *c, const struct edge *edge, double step)
{
    size_t n = c->n_lines;
    const double *row = c->inverse + edge->row * n, *col = c->inverse + edge->col * n;
    double *u = c->column;
    for (size_t k = 0; k < n; k++)
        u[k] = row[k] - col[k];
    double scale = step / (1.0 + step * (u[edge->row] - u[edge->col]));
    for (size_t i = 0; i < n; i++) {
        double factor = scale * u[i];
        double *line = c->inverse + i * n;
        for (size_t j = 0; j < n; j++)
            line[j] -= factor * u[j];
    }
}

/* Climbs edge by edge until nothing moves or the work allowed is done. */
static void solve(struct crosstalk *c)
{
    double n = (double)c->n_lines, products = n * n * n;
    fill_laplacian(c, c->work);
    invert(c->work, c->inverse, c->n_lines);
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t e = 0; e < c->n_edges; e++) {
            struct edge *edge = &c->edges[e];
            double step = fmax(edge->measured - shown(c, edge), -edge->g);
            if (fabs(step) <= edge->allowed)
                continue;
            if (products > c->products_most)
                return;
            edge->g += step;
            update_inverse(c, edge, step);
            products += n * n;
            moved = true;
        }
    }
}

/* Not explained by any conductance, or not yet. */
static bool is_ghost(const struct crosstalk *c, const struct edge *edge)
{
    return fabs(edge->measured - shown(c, edge)) >
           ghost_part * edge->measured + ghost_counts * edge->per_count;
}

unsigned crosstalk_execute(struct crosstalk *crosstalk, const uint16_t *counts, float *corrected)
{
    struct crosstalk *c = crosstalk;
    unsigned n_ghosts = 0;
    find_lines(c, counts);
    find_edges(c, counts);
    for (size_t i = 0; i < c->n_taxels; i++)
        corrected[i] = (float)counts[i];
    memset(c->ghost, 0, c->n_taxels * sizeof *c->ghost);
    if (c->n_edges == 0)
        return 0;
    solve(c);
    for (size_t e = 0; e < c->n_edges; e++) {
        const struct edge *edge = &c->edges[e];
        size_t i = edge->taxel;
        c->last_g[i] = edge->g;
        c->last_reading[i] = edge->measured;
        c->ghost[i] = is_ghost(c, edge);
        n_ghosts += c->ghost[i];
        corrected[i] = fminf(counts_of(c, edge->g), (float)counts[i]);
    }
    return n_ghosts;
}

const bool *crosstalk_ghosts(const struct crosstalk *crosstalk)
{
    return crosstalk->ghost;
}

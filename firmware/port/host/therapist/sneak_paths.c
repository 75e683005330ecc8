/* SPDX-License-Identifier: MIT */
#include "therapist/sneak_paths.h"

#include <math.h>
#include <stdlib.h>

/* Nodes are the rows and then the columns; the last column is the ground that potentials are
 * counted from. The node matrix A is factored as L L' (Cholesky), and between two nodes the mesh
 * has the resistance |x|^2 with L x = e_row - e_col: the power that one ampere takes. */
struct sneak_paths {
    size_t n_rows, n_cols;
    size_t n_nodes;   /* without the ground */
    double *node;     /* [n_nodes][n_nodes] lower half: A, then L */
    double *response; /* [n_nodes + 1][n_nodes] row k: L^-1 e_k; zeros for the ground */
};

enum thenar_status sneak_paths_create(struct sneak_paths **out, uint16_t n_rows, uint16_t n_cols)
{
    *out = NULL;
    struct sneak_paths *paths = calloc(1, sizeof *paths);
    if (!paths)
        return THENAR_ERR_MEMORY;
    size_t n = (size_t)n_rows + n_cols - 1;
    paths->n_rows = n_rows;
    paths->n_cols = n_cols;
    paths->n_nodes = n;
    paths->node = calloc(n * n, sizeof *paths->node);
    paths->response = calloc((n + 1) * n, sizeof *paths->response);
    if (!paths->node || !paths->response) {
        sneak_paths_destroy(paths);
        return THENAR_ERR_MEMORY;
    }
    *out = paths;
    return THENAR_OK;
}

void sneak_paths_destroy(struct sneak_paths *paths)
{
    if (!paths)
        return;
    free(paths->node);
    free(paths->response);
    free(paths);
}

static void stamp_node(struct sneak_paths *paths, const float *conductance, double leak)
{
    size_t n = paths->n_nodes;
    for (size_t k = 0; k < n * n; k++)
        paths->node[k] = 0.0;
    for (size_t row = 0; row < paths->n_rows; row++)
        for (size_t col = 0; col < paths->n_cols; col++) {
            double g = (double)conductance[row * paths->n_cols + col] + leak;
            size_t other = paths->n_rows + col;
            paths->node[row * n + row] += g;
            if (other == n)
                continue; /* the ground */
            paths->node[other * n + other] += g;
            paths->node[other * n + row] = -g;
        }
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum[4] = {0.0};
    size_t k = 0;
    for (; k + 4 <= n; k += 4)
        for (size_t l = 0; l < 4; l++)
            sum[l] += a[k + l] * b[k + l];
    for (; k < n; k++)
        sum[0] += a[k] * b[k];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void factor(struct sneak_paths *paths)
{
    size_t n = paths->n_nodes;
    for (size_t i = 0; i < n; i++) {
        double *row = paths->node + i * n;
        for (size_t j = 0; j < i; j++) {
            const double *above = paths->node + j * n;
            row[j] = (row[j] - dot(row, above, j)) / above[j];
        }
        row[i] = sqrt(row[i] - dot(row, row, i));
    }
}

/* L^-1 e_k for each node: zero before k. */
static void respond(struct sneak_paths *paths)
{
    size_t n = paths->n_nodes;
    for (size_t k = 0; k < n; k++) {
        double *x = paths->response + k * n;
        for (size_t i = 0; i < k; i++)
            x[i] = 0.0;
        x[k] = 1.0 / paths->node[k * n + k];
        for (size_t i = k + 1; i < n; i++) {
            const double *row = paths->node + i * n;
            x[i] = -dot(row + k, x + k, i - k) / row[i];
        }
    }
}

void sneak_paths_execute(struct sneak_paths *paths, float *conductance, double leak)
{
    size_t n = paths->n_nodes;
    stamp_node(paths, conductance, leak);
    factor(paths);
    respond(paths);
    for (size_t row = 0; row < paths->n_rows; row++)
        for (size_t col = 0; col < paths->n_cols; col++) {
            const double *a = paths->response + row * n;
            const double *b = paths->response + (paths->n_rows + col) * n;
            double resistance = dot(a, a, n) + dot(b, b, n) - 2.0 * dot(a, b, n);
            conductance[row * paths->n_cols + col] = (float)(1.0 / resistance);
        }
}

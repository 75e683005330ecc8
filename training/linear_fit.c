/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/linear_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is being worked on. Matrices are [n_used * n_used] or [n_outputs * n_used]. */
struct fit {
    const struct sample_table *table;
    const bool *without;
    unsigned n_features, n_labels;
    unsigned n_known;            /* features that the model knows of: up to the last that is used */
    unsigned n_used;             /* features that are learned from */
    unsigned used[FEATURES_MAX]; /* [n_used] which */
    float span_weight[FEATURES_MAX];       /* [n_used] how much each may say */
    unsigned output_of[SAMPLE_PEOPLE_MAX]; /* of a label; n_labels: none */
    size_t count[MODEL_OUTPUTS_MAX];       /* weights summed */
    struct linear_model *model;
    double *mean;       /* [n_outputs * n_used] */
    double *covariance; /* [n_used * n_used] */
    float *z;           /* [n_used] */
    float *column;      /* [n] */
};

static bool is_used(const struct fit *fit, size_t i)
{
    return !fit->without || !fit->without[fit->table->samples[i].person];
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Median and 80 % range of each feature; a feature that hardly varies must not be blown up. */
static void scale_features(struct fit *fit)
{
    for (unsigned f = 0; f < fit->n_known; f++) {
        size_t n = 0;
        float least = 1e-3F;
        for (size_t i = 0; i < fit->table->n; i++) {
            float value = fit->table->rows[i * fit->n_features + f];
            if (is_used(fit, i) && isfinite(value))
                fit->column[n++] = value;
        }
        fit->model->scale[f] = 1;
        if (n < 10)
            continue;
        qsort(fit->column, n, sizeof *fit->column, by_value);
        float range = fit->column[n * 9 / 10] - fit->column[n / 10];
        float whole = fit->column[n - 1 - n / 200] - fit->column[n / 200];
        fit->model->centre[f] = fit->column[n / 2];
        fit->model->scale[f] = fmaxf(fmaxf(0.5F * range, 0.2F * whole), least);
    }
}

static void standardise(const struct fit *fit, size_t i)
{
    const float *row = fit->table->rows + i * fit->n_features;
    for (unsigned u = 0; u < fit->n_used; u++) {
        unsigned f = fit->used[u];
        float value = (row[f] - fit->model->centre[f]) / fit->model->scale[f];
        fit->z[u] = isnan(value) ? 0.0F : fminf(fmaxf(value, -MODEL_CLIP), MODEL_CLIP);
        fit->z[u] *= fit->span_weight[u];
    }
}

static void add_means(struct fit *fit)
{
    for (size_t i = 0; i < fit->table->n; i++) {
        if (!is_used(fit, i))
            continue;
        unsigned k = fit->output_of[fit->table->samples[i].label];
        double times = (double)fit->table->samples[i].weight;
        standardise(fit, i);
        for (unsigned f = 0; f < fit->n_used; f++)
            fit->mean[(size_t)k * fit->n_used + f] += times * (double)fit->z[f];
    }
    for (unsigned k = 0; k < fit->n_labels; k++)
        for (unsigned f = 0; f < fit->n_used; f++)
            fit->mean[(size_t)k * fit->n_used + f] /= (double)fit->count[k];
}

/* Within labels; every label weighs alike. The lower triangle. */
static void add_covariance(struct fit *fit)
{
    unsigned n = fit->n_used;
    for (size_t i = 0; i < fit->table->n; i++) {
        if (!is_used(fit, i))
            continue;
        unsigned k = fit->output_of[fit->table->samples[i].label];
        const double *mean = fit->mean + (size_t)k * n;
        float times = (float)fit->table->samples[i].weight;
        float weight = sqrtf(times / ((float)fit->count[k] * (float)fit->n_labels));
        standardise(fit, i);
        for (unsigned f = 0; f < n; f++)
            fit->z[f] = weight * (fit->z[f] - (float)mean[f]);
        for (unsigned f = 0; f < n; f++) {
            double *row = fit->covariance + (size_t)f * n, value = (double)fit->z[f];
            if (value == 0)
                continue;
            for (unsigned g = 0; g <= f; g++)
                row[g] += value * (double)fit->z[g];
        }
    }
}

static void shrink(struct fit *fit, float shrinkage)
{
    unsigned n = fit->n_used;
    double trace = 0, keep = 1.0 - (double)shrinkage;
    for (unsigned f = 0; f < n; f++)
        trace += fit->covariance[(size_t)f * n + f];
    for (unsigned f = 0; f < n; f++) {
        for (unsigned g = 0; g <= f; g++)
            fit->covariance[(size_t)f * n + g] *= keep;
        fit->covariance[(size_t)f * n + f] += (double)shrinkage * trace / n + 1e-9;
    }
}

/* Cholesky: the lower triangle becomes L with L L' = A. */
static void factor(double *a, unsigned n)
{
    for (unsigned j = 0; j < n; j++) {
        double *row_j = a + (size_t)j * n;
        for (unsigned i = j; i < n; i++) {
            double *row_i = a + (size_t)i * n, sum = row_i[j];
            for (unsigned k = 0; k < j; k++)
                sum -= row_i[k] * row_j[k];
            row_i[j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / row_j[j];
        }
    }
}

/* Solve L L' x = b in place. */
static void solve(const double *l, unsigned n, double *b)
{
    for (unsigned i = 0; i < n; i++) {
        for (unsigned k = 0; k < i; k++)
            b[i] -= l[(size_t)i * n + k] * b[k];
        b[i] /= l[(size_t)i * n + i];
    }
    for (unsigned i = n; i-- > 0;) {
        for (unsigned k = i + 1; k < n; k++)
            b[i] -= l[(size_t)k * n + i] * b[k];
        b[i] /= l[(size_t)i * n + i];
    }
}

static unsigned labels_of_same(const struct fit *fit, enum technique technique)
{
    unsigned n = 0;
    for (unsigned k = 0; k < fit->n_labels; k++)
        n += fit->model->outputs[k].technique == technique;
    return n;
}

static void make_outputs(struct fit *fit)
{
    unsigned n = fit->n_used;
    for (unsigned k = 0; k < fit->n_labels; k++) {
        struct model_output *output = &fit->model->outputs[k];
        double *mean = fit->mean + (size_t)k * n, product = 0;
        double x[FEATURES_MAX];
        memcpy(x, mean, n * sizeof *x);
        solve(fit->covariance, n, x);
        for (unsigned f = 0; f < n; f++) {
            output->weight[fit->used[f]] = fit->span_weight[f] * (float)x[f];
            product += x[f] * mean[f];
        }
        unsigned share =
            output->technique == TECHNIQUE_UNKNOWN ? 1 : labels_of_same(fit, output->technique);
        output->bias = (float)(-0.5 * product - log((double)share));
    }
}

/* Labels that have samples become outputs. */
static enum thenar_status find_labels(struct fit *fit, struct thenar_error *error)
{
    size_t count[SAMPLE_PEOPLE_MAX] = {0};
    for (size_t i = 0; i < fit->table->n; i++)
        if (is_used(fit, i))
            count[fit->table->samples[i].label] += fit->table->samples[i].weight;
    for (unsigned k = 0; k < fit->table->labels.n; k++)
        if (count[k] && fit->n_labels < MODEL_OUTPUTS_MAX) {
            fit->count[fit->n_labels] = count[k];
            fit->output_of[k] = fit->n_labels++;
        }
    if (fit->n_labels < 2)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "there must be windows of two techniques at least to learn from");
    return THENAR_OK;
}

static void name_outputs(struct fit *fit)
{
    for (unsigned k = 0; k < fit->table->labels.n; k++) {
        bool used = false;
        for (size_t i = 0; i < fit->table->n && !used; i++)
            used = is_used(fit, i) && fit->table->samples[i].label == k;
        if (!used)
            continue;
        struct model_output *output = &fit->model->outputs[fit->output_of[k]];
        (void)snprintf(output->label, sizeof output->label, "%s", fit->table->labels.name[k]);
        output->technique = model_label_technique(output->label);
    }
}

/* A weight below one makes the shrinkage harder on what it weighs: what few takes cannot teach. */
static void choose_features(struct fit *fit, const float *span_weight)
{
    for (unsigned f = 0; f < fit->n_features; f++) {
        float weight = span_weight[feature_vector_source(f)];
        if (weight > 0) {
            fit->span_weight[fit->n_used] = weight;
            fit->used[fit->n_used++] = f;
            fit->n_known = f + 1;
        }
    }
}

enum thenar_status linear_fit(struct linear_model **out, const struct sample_table *table,
                              const struct linear_fit_options *options, struct thenar_error *error)
{
    struct fit fit = {
        .table = table, .without = options->without_person, .n_features = table->n_features};
    *out = NULL;
    enum thenar_status status = find_labels(&fit, error);
    if (status != THENAR_OK)
        return status;
    choose_features(&fit, options->span_weight);
    status = linear_model_create(&fit.model, fit.n_known, fit.n_labels);
    size_t n = fit.n_used;
    fit.mean = calloc(n * fit.n_labels, sizeof *fit.mean);
    fit.covariance = calloc(n * n, sizeof *fit.covariance);
    fit.z = calloc(n, sizeof *fit.z);
    fit.column = calloc(table->n, sizeof *fit.column);
    if (status != THENAR_OK || !fit.mean || !fit.covariance || !fit.z || !fit.column) {
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for %zu windows", table->n);
        linear_model_destroy(fit.model);
        fit.model = NULL;
    } else {
        name_outputs(&fit);
        scale_features(&fit);
        add_means(&fit);
        add_covariance(&fit);
        shrink(&fit, options->shrinkage);
        factor(fit.covariance, fit.n_used);
        make_outputs(&fit);
    }
    free(fit.mean);
    free(fit.covariance);
    free(fit.z);
    free(fit.column);
    *out = fit.model;
    return status;
}

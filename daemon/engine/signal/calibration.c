/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/calibration.h"

#include <math.h>
#include <stdlib.h>

#include "signal/signal_loops.h"

/* a of the uncalibrated divider's law (calibration.h) */
static const double divider_bend = 1.0 / 16.0;
static const float sample_limit = 1e6F;

struct calibration {
    enum sample_unit unit;
    struct table_job job; /* reads the arrays below */
    float full_scale_counts;
    float *table;     /* [UINT16_MAX + 1]: any sample finds an entry, whatever the device sends */
    float *scale;     /* [n_taxels] own_scale * factor */
    float *own_scale; /* [n_taxels] */
    float *factor;    /* [n_taxels] */
    float *zero;      /* [n_taxels] */
    uint16_t *exists; /* [n_taxels] */
    const struct signal_loops *loops;
};

static bool is_positive(float value)
{
    return isfinite(value) && value > 0.0F;
}

static bool law_is_good(const struct sensor_law *law)
{
    if (law->unit != UNIT_COUNTS)
        return true;
    if (!is_positive(law->full_scale_counts) || law->full_scale_counts < 1.0F ||
        law->full_scale_counts > (float)UINT16_MAX)
        return false;
    if (!law->calibrated || law->circuit == SENSOR_LINEAR)
        return true;
    if (!is_positive(law->reference_ohm) || !is_positive(law->exponent))
        return false;
    return law->spline.n_knots > 0 ? sensor_spline_is_good(&law->spline)
                                   : is_positive(law->conductance_100kpa_us);
}

/* Pressure of a taxel of gain 1 that shows `sample`. */
static double law_pressure(const struct sensor_law *law, double sample)
{
    double full = (double)law->full_scale_counts;
    double counts = fmin(sample, full);
    if (law->circuit == SENSOR_LINEAR)
        return RELATIVE_FULL_SCALE * counts / full;
    bool divider = law->circuit == SENSOR_DIVIDER;
    if (!law->calibrated)
        return RELATIVE_FULL_SCALE *
               (divider ? divider_bend * counts / ((1.0 + divider_bend) * full - counts)
                        : counts / full);
    double reading = divider ? fmin(counts, full - 1.0) : counts;
    double conductance_us =
        1e6 / (double)law->reference_ohm * reading / (divider ? full - reading : full);
    if (law->spline.n_knots > 0)
        return sensor_spline_pressure_kpa(&law->spline, conductance_us);
    return 100.0 *
           pow(conductance_us / (double)law->conductance_100kpa_us, 1.0 / (double)law->exponent);
}

/* What a taxel's own gain and area do to the table's value, or to a sample. */
static float taxel_scale(const struct array_layout *layout, size_t i)
{
    const struct sensor_law *law = &layout->sensor;
    if (!layout->exists[i])
        return 0.0F;
    switch (law->unit) {
    case UNIT_KPA:
        return 1.0F;
    case UNIT_N: /* N/mm^2 is MPa */
        return is_positive(layout->sensing_mm2[i]) ? 1000.0F / layout->sensing_mm2[i] : 0.0F;
    case UNIT_COUNTS:
        break;
    }
    if (!is_positive(layout->gain[i]))
        return 0.0F;
    bool power = law->calibrated && law->circuit != SENSOR_LINEAR;
    return power ? powf(layout->gain[i], -1.0F / law->exponent) : 1.0F / layout->gain[i];
}

static void fill(struct calibration *calibration, const struct array_layout *layout)
{
    size_t n_top = calibration->job.n_top;
    for (size_t i = 0; i < layout->n_taxels; i++) {
        calibration->exists[i] = layout->exists[i] ? UINT16_MAX : 0;
        calibration->own_scale[i] = calibration->scale[i] = taxel_scale(layout, i);
        calibration->factor[i] = 1.0F;
    }
    if (layout->sensor.unit == UNIT_COUNTS)
        for (size_t c = 0; c <= UINT16_MAX; c++)
            calibration->table[c] = c <= n_top ? (float)law_pressure(&layout->sensor, (double)c)
                                               : calibration->table[n_top];
}

enum thenar_status calibration_create(struct calibration **out, const struct array_layout *layout)
{
    *out = NULL;
    if (layout->n_taxels == 0 || !law_is_good(&layout->sensor))
        return THENAR_ERR_ARGUMENT;
    struct calibration *calibration = calloc(1, sizeof *calibration);
    if (!calibration)
        return THENAR_ERR_MEMORY;
    size_t n = layout->n_taxels;
    bool counts = layout->sensor.unit == UNIT_COUNTS;
    size_t n_top = counts ? (size_t)ceilf(layout->sensor.full_scale_counts) : UINT16_MAX;
    calibration->unit = layout->sensor.unit;
    calibration->full_scale_counts = layout->sensor.full_scale_counts;
    calibration->table = calloc(UINT16_MAX + 1, sizeof *calibration->table);
    calibration->scale = calloc(n, sizeof *calibration->scale);
    calibration->own_scale = calloc(n, sizeof *calibration->own_scale);
    calibration->factor = calloc(n, sizeof *calibration->factor);
    calibration->zero = calloc(n, sizeof *calibration->zero);
    calibration->exists = calloc(n, sizeof *calibration->exists);
    if (!calibration->table || !calibration->scale || !calibration->own_scale ||
        !calibration->factor || !calibration->zero || !calibration->exists) {
        calibration_destroy(calibration);
        return THENAR_ERR_MEMORY;
    }
    calibration->job = (struct table_job){.table = calibration->table,
                                          .n_top = (uint16_t)n_top,
                                          .exists = calibration->exists,
                                          .scale = calibration->scale,
                                          .zero = calibration->zero,
                                          .n_taxels = n};
    calibration->loops = signal_loops_of(signal_kernel_best());
    fill(calibration, layout);
    *out = calibration;
    return THENAR_OK;
}

void calibration_destroy(struct calibration *calibration)
{
    if (!calibration)
        return;
    free(calibration->table);
    free(calibration->scale);
    free(calibration->own_scale);
    free(calibration->factor);
    free(calibration->zero);
    free(calibration->exists);
    free(calibration);
}

void calibration_set_kernel(struct calibration *calibration, enum signal_kernel kernel)
{
    if (signal_kernel_is_available(kernel))
        calibration->loops = signal_loops_of(kernel);
}

void calibration_execute_counts(const struct calibration *calibration, const uint16_t *counts,
                                float *pressure, unsigned *n_saturated)
{
    *n_saturated = calibration->loops->look_up(&calibration->job, counts, pressure);
}

/* Between two entries of the table; the last step of a calibrated divider is level. */
static float interpolate(const struct calibration *calibration, float counts)
{
    size_t below = (size_t)counts;
    if (below >= calibration->job.n_top)
        return calibration->table[calibration->job.n_top];
    float part = counts - (float)below;
    const float *entry = calibration->table + below;
    return entry[0] + part * (entry[1] - entry[0]);
}

void calibration_execute_samples(const struct calibration *calibration, const float *samples,
                                 float *pressure, unsigned *n_saturated)
{
    const struct table_job *job = &calibration->job;
    *n_saturated = 0;
    if (calibration->unit != UNIT_COUNTS) {
        calibration->loops->scale(samples, job->scale, job->zero, sample_limit, job->n_taxels,
                                  pressure);
        return;
    }
    for (size_t i = 0; i < job->n_taxels; i++) {
        float s = samples[i];
        float counts = s > 0.0F && s <= sample_limit ? s : 0.0F;
        *n_saturated += job->exists[i] && counts >= calibration->full_scale_counts;
        counts = fminf(counts, calibration->full_scale_counts);
        pressure[i] = interpolate(calibration, counts) * job->scale[i] - job->zero[i];
    }
}

void calibration_tare(struct calibration *calibration, const float *pressure)
{
    for (size_t i = 0; i < calibration->job.n_taxels; i++)
        if (calibration->exists[i])
            calibration->zero[i] += pressure[i];
}

void calibration_set_zeros(struct calibration *calibration, const float *zero)
{
    for (size_t i = 0; i < calibration->job.n_taxels; i++)
        if (calibration->exists[i])
            calibration->zero[i] = zero[i];
}

void calibration_shift_zero(struct calibration *calibration, size_t taxel, float step)
{
    if (calibration->exists[taxel])
        calibration->zero[taxel] += step;
}

void calibration_set_factor(struct calibration *calibration, size_t taxel, float factor)
{
    calibration->factor[taxel] = factor;
    calibration->scale[taxel] = calibration->own_scale[taxel] * factor;
}

const float *calibration_factors(const struct calibration *calibration)
{
    return calibration->factor;
}

const float *calibration_zeros(const struct calibration *calibration)
{
    return calibration->zero;
}

unsigned calibration_n_saturated(const struct calibration *calibration, const uint16_t *counts)
{
    const struct table_job *job = &calibration->job;
    unsigned n_saturated = 0;
    for (size_t i = 0; i < job->n_taxels; i++)
        n_saturated += (counts[i] & job->exists[i]) >= job->n_top;
    return n_saturated;
}

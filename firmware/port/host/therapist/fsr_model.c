/* SPDX-License-Identifier: MIT */
#include "therapist/fsr_model.h"

#include <math.h>
#include <stdlib.h>

#include "link/message.h"
#include "therapist/pcg.h"
#include "therapist/sneak_paths.h"

enum { N_PLAYS = 2, N_LAGS = 4, NOISE_TABLE = 4096 };

enum { STREAM_SPREAD = 101, STREAM_DEAD, STREAM_FACTORY, STREAM_NOISE };

static const float exponent = 0.95F;
static const float conductance_us_mm2 = 6.0F;          /* at 100 kPa */
static const float full_scale_kpa = 450.0F;            /* hands: field's range of a taxel */
static const float mat_full_scale_kpa = 100.0F;        /* a lying body spreads itself */
static const float play_width[N_PLAYS] = {1.0F, 3.0F}; /* times the loop's; sum * weight = 1 */
static const float play_weight = 0.25F;
static const double lag_s[N_LAGS] = {0.3, 3.0, 30.0, 300.0};
static const float creep_half_kpa = 2.0F; /* a touch lighter than this hardly creeps */
static const float factory_residual = 0.02F;
static const double crossing_leak = 1e-6;  /* of full scale: what printed ink leaks unpressed */
static const double factory_dwell_s = 2.0; /* after which the factory reads */

struct fsr_model {
    const struct stimulus_array *array;
    size_t n_taxels;
    float full_scale_counts;
    float noise_counts, hysteresis, creep; /* the last two as fractions */
    bool calibrated;
    float conductance_100kpa_us;
    uint32_t reference_ohm;
    float *gain, *measured_gain; /* [n_taxels] */
    float *play[N_PLAYS];        /* [n_taxels] kPa */
    float *lag[N_LAGS];          /* [n_taxels] 0..1 */
    bool *dead;                  /* [n_taxels] */
    float *conductance;          /* [n_taxels] of this scan, full scale being 1 */
    struct sneak_paths *mesh;    /* NULL: each crossing is read alone */
    struct pcg noise;
    float noise_table[NOISE_TABLE]; /* normal deviates, mean 0, variance 1/2 */
};

static float or_usual(float value, float usual)
{
    return isnan(value) ? usual : value;
}

static void fill_noise_table(struct fsr_model *model, uint64_t seed)
{
    double sum = 0.0, squares = 0.0;
    pcg_init(&model->noise, seed, STREAM_NOISE);
    for (int i = 0; i < NOISE_TABLE; i++) {
        double value = pcg_gauss_within(&model->noise, 5.0);
        model->noise_table[i] = (float)value;
        sum += value;
        squares += value * value;
    }
    double mean = sum / NOISE_TABLE;
    double scale = 1.0 / sqrt(2.0 * (squares / NOISE_TABLE - mean * mean));
    for (int i = 0; i < NOISE_TABLE; i++)
        model->noise_table[i] = (float)(((double)model->noise_table[i] - mean) * scale);
}

/* Nominal conductance and feedback resistor follow from the mean sensing area. */
static float design_front_end(struct fsr_model *model)
{
    double area_mm2 = 0.0;
    size_t n_existing = 0;
    for (size_t i = 0; i < model->n_taxels; i++)
        if (model->array->exists[i]) {
            area_mm2 += (double)model->array->sensing_mm2[i];
            n_existing++;
        }
    float mean_mm2 = n_existing && area_mm2 > 0.0 ? (float)(area_mm2 / (double)n_existing) : 1.0F;
    model->conductance_100kpa_us = conductance_us_mm2 * mean_mm2;
    float full_kpa = model->array->mount == THENAR_MOUNT_MAT ? mat_full_scale_kpa : full_scale_kpa;
    float full_us = model->conductance_100kpa_us * powf(full_kpa / 100.0F, exponent);
    model->reference_ohm = (uint32_t)fmaxf(1.0F, roundf(1e6F / full_us));
    return mean_mm2;
}

static void draw_taxels(struct fsr_model *model, const struct fsr_options *options, float mean_mm2)
{
    struct pcg spread, factory, dead;
    pcg_init(&spread, options->seed, STREAM_SPREAD);
    pcg_init(&factory, options->seed, STREAM_FACTORY);
    pcg_init(&dead, options->seed, STREAM_DEAD);
    double sigma = (double)or_usual(options->spread_pct, 8.0F) / 100.0;
    size_t n_alive = 0;
    for (size_t i = 0; i < model->n_taxels; i++) {
        double gain = exp(sigma * pcg_gauss_within(&spread, 4.0));
        double error = 1.0 + (double)factory_residual * pcg_gauss_within(&factory, 3.0);
        model->gain[i] = (float)gain * model->array->sensing_mm2[i] / mean_mm2;
        model->measured_gain[i] = model->gain[i] * (float)error;
        n_alive += model->array->exists[i];
    }
    for (size_t n = 0; n < options->n_dead && n_alive > 0; n++, n_alive--) {
        size_t i;
        do
            i = pcg_next(&dead) % model->n_taxels;
        while (!model->array->exists[i] || model->dead[i]);
        model->dead[i] = true;
    }
}

static bool allocate(struct fsr_model *model)
{
    size_t n = model->n_taxels;
    model->gain = calloc(n, sizeof *model->gain);
    model->measured_gain = calloc(n, sizeof *model->measured_gain);
    model->dead = calloc(n, sizeof *model->dead);
    model->conductance = calloc(n, sizeof *model->conductance);
    bool whole = model->gain && model->measured_gain && model->dead && model->conductance;
    for (int k = 0; k < N_PLAYS; k++)
        whole = (model->play[k] = calloc(n, sizeof *model->play[k])) && whole;
    for (int k = 0; k < N_LAGS; k++)
        whole = (model->lag[k] = calloc(n, sizeof *model->lag[k])) && whole;
    return whole;
}

enum thenar_status fsr_model_create(struct fsr_model **out, const struct stimulus_array *array,
                                    const struct fsr_options *options)
{
    *out = NULL;
    struct fsr_model *model = calloc(1, sizeof *model);
    if (!model)
        return THENAR_ERR_MEMORY;
    model->array = array;
    model->n_taxels = (size_t)array->n_rows * array->n_cols;
    if (!allocate(model) ||
        (options->sneak_paths &&
         sneak_paths_create(&model->mesh, array->n_rows, array->n_cols) != THENAR_OK)) {
        fsr_model_destroy(model);
        return THENAR_ERR_MEMORY;
    }
    model->full_scale_counts = (float)((1U << array->adc_bits) - 1U);
    model->noise_counts =
        or_usual(options->noise_counts, 2.5F * model->full_scale_counts / 4095.0F);
    /* Beyond 60 % the wider play would reach below zero. */
    model->hysteresis = fminf(or_usual(options->hysteresis_pct, 8.0F), 60.0F) / 100.0F;
    model->creep = or_usual(options->creep_pct_decade, 3.0F) / 100.0F;
    model->calibrated = options->calibrated;
    draw_taxels(model, options, design_front_end(model));
    fill_noise_table(model, options->seed);
    *out = model;
    return THENAR_OK;
}

void fsr_model_destroy(struct fsr_model *model)
{
    if (!model)
        return;
    free(model->gain);
    free(model->measured_gain);
    free(model->dead);
    free(model->conductance);
    sneak_paths_destroy(model->mesh);
    for (int k = 0; k < N_PLAYS; k++)
        free(model->play[k]);
    for (int k = 0; k < N_LAGS; k++)
        free(model->lag[k]);
    free(model);
}

/* Pressure as the material feels it, on its way up or down. */
static float hysteresis_step(struct fsr_model *model, size_t i, float p_kpa)
{
    float felt = (1.0F - N_PLAYS * play_weight) * p_kpa;
    for (int k = 0; k < N_PLAYS; k++) {
        float half = 0.5F * model->hysteresis * play_width[k];
        float low = p_kpa * (1.0F - half), high = p_kpa * (1.0F + half);
        float state = model->play[k][i];
        state = state < low ? low : state > high ? high : state;
        model->play[k][i] = state;
        felt += play_weight * state;
    }
    return felt;
}

/* All taxels at once, so that the compiler can take several a step. */
static void creep_step(struct fsr_model *model, const float *pressure_kpa, double elapsed_s)
{
    for (int k = 0; k < N_LAGS; k++) {
        float share = (float)(1.0 - exp(-elapsed_s / lag_s[k]));
        float *lag = model->lag[k];
        for (size_t i = 0; i < model->n_taxels; i++) {
            float load = pressure_kpa[i] / (pressure_kpa[i] + creep_half_kpa);
            float next = lag[i] + share * (load - lag[i]);
            lag[i] = next < 1e-9F ? 0.0F : next; /* no denormals in silence */
        }
    }
}

static float creep_factor(const struct fsr_model *model, size_t i)
{
    float sum = 0.0F;
    for (int k = 0; k < N_LAGS; k++)
        sum += model->lag[k][i];
    return 1.0F + model->creep * sum;
}

static float noise_draw(struct fsr_model *model)
{
    uint32_t bits = pcg_next(&model->noise);
    return model->noise_table[bits & (NOISE_TABLE - 1)] +
           model->noise_table[bits >> 12 & (NOISE_TABLE - 1)];
}

void fsr_model_execute(struct fsr_model *model, const float *pressure_kpa, double elapsed_s,
                       uint16_t *counts)
{
    float scale = model->conductance_100kpa_us * 1e-6F * (float)model->reference_ohm;
    creep_step(model, pressure_kpa, elapsed_s);
    for (size_t i = 0; i < model->n_taxels; i++) {
        model->conductance[i] = 0.0F;
        if (!model->array->exists[i])
            continue;
        float felt_kpa = hysteresis_step(model, i, pressure_kpa[i]);
        if (felt_kpa > 0.0F && !model->dead[i])
            model->conductance[i] =
                scale * model->gain[i] * powf(0.01F * felt_kpa, exponent) * creep_factor(model, i);
    }
    if (model->mesh)
        sneak_paths_execute(model->mesh, model->conductance, crossing_leak);
    for (size_t i = 0; i < model->n_taxels; i++) {
        if (!model->array->exists[i]) {
            counts[i] = 0;
            continue;
        }
        float value = model->noise_counts * noise_draw(model) +
                      model->full_scale_counts * model->conductance[i];
        value = fminf(fmaxf(value + 0.5F, 0.0F), model->full_scale_counts);
        counts[i] = (uint16_t)value;
    }
}

void fsr_model_calibration(const struct fsr_model *model, struct stimulus_calibration *out)
{
    *out = (struct stimulus_calibration){
        .kind = model->calibrated ? THENAR_CALIBRATION_FACTORY : THENAR_CALIBRATION_NONE,
        .front_end = THENAR_FRONT_END_TRANSIMPEDANCE,
        .reference_ohm = model->reference_ohm,
    };
    if (!model->calibrated)
        return;
    double crept = 0.0;
    for (int k = 0; k < N_LAGS; k++)
        crept += 1.0 - exp(-factory_dwell_s / lag_s[k]);
    out->conductance_100kpa_ns = (uint32_t)lround(1000.0 * (double)model->conductance_100kpa_us *
                                                  (1.0 + (double)model->creep * crept));
    out->exponent_e4 = (uint16_t)lroundf(exponent * 1e4F);
    out->gain = model->measured_gain;
    /* Standard uncertainty of a pressure: half a loop up or down; three decades of hold (0.1 to
     * 100 s), evenly likely; the factory's residual. The last two act on G, so p has 1/n of them.
     */
    double loop = 0.5 * (double)model->hysteresis;
    double creep = 3.0 / sqrt(12.0) * (double)(model->creep / exponent);
    double residual = (double)(factory_residual / exponent);
    double total = sqrt(loop * loop + creep * creep + residual * residual);
    out->uncertainty_e4 = (uint16_t)lround(fmin(total, 1.0) * 1e4);
}

const float *fsr_model_gain(const struct fsr_model *model)
{
    return model->gain;
}

const bool *fsr_model_dead(const struct fsr_model *model)
{
    return model->dead;
}

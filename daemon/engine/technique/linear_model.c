/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/linear_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An episode of which less speaks for the best name than this is more often wrong than right
 * (recognition.md). */
static const float final_share = 0.6F;

static const float broad_cm2 = 30.0F, gentle_kpa = 8.0F, apart_mm = 110.0F;
static const float glide_mm = 45.0F, glide_mm_s = 40.0F;

/* After a first long stroke nobody knows yet how long the hands take back through the air. */
static bool first_way_back(const struct touch_summary *touch, const float *probability)
{
    float strokes = probability[TECHNIQUE_EFFLEURAGE] + probability[TECHNIQUE_SOFT_TISSUE_RELEASE];
    return !touch->touched && touch->n_past > 0 && !(touch->past_pause_s > 0) &&
           !touch_went_to_and_fro(touch) && touch->age_s < touch_way_back_s(touch) &&
           strokes > 0.5F;
}

static void move(float *probability, enum technique from, enum technique to)
{
    probability[to] += probability[from];
    probability[from] = 0;
}

/* All three are still. By their definitions a compression is small and deep, a myofascial release
 * broad and gentle, a stretch two contacts held apart: where the array shows the one, it is not the
 * other. Who taught a model of his own may mean something else by them. */
static void part_still_hands(const struct linear_model *model,
                             const struct window_features *features, float *probability)
{
    const struct span_features *now = &features->span[SPAN_FAST];
    if (strcmp(model->hands, "simulated") != 0)
        return;
    bool is_broad = span_pressed_cm2(now) >= broad_cm2;
    bool is_gentle = !features->is_kpa || now->mean_kpa < gentle_kpa;
    if (is_broad && is_gentle)
        move(probability, TECHNIQUE_COMPRESSION, TECHNIQUE_MYOFASCIAL_RELEASE);
    if (now->distance_mm >= apart_mm) /* further than two broad hands that lie side by side */
        move(probability, TECHNIQUE_MYOFASCIAL_RELEASE, TECHNIQUE_STRETCHING);
    else
        move(probability, TECHNIQUE_STRETCHING, TECHNIQUE_MYOFASCIAL_RELEASE);
}

/* A blow does not travel: a hand that presses and goes its way, with no rhythm of blows, strokes,
 * though its force may ripple from taxel to taxel. */
static void part_moving_hands(const struct linear_model *model,
                              const struct window_features *features, float *probability)
{
    const struct touch_summary *touch = &features->touch;
    bool glides = touch->touched && touch->age_s > 0.5F && touch->glide_mm > glide_mm &&
                  touch->glide_mm > glide_mm_s * touch->age_s;
    if (!glides || features->fast_force.strength > 0.5F || strcmp(model->hands, "simulated") != 0)
        return;
    move(probability, TECHNIQUE_TAPOTEMENT, TECHNIQUE_EFFLEURAGE);
}

static void evaluate(const struct classifier *classifier, const struct window_features *features,
                     float *probability)
{
    /* The classifier is the model's first member. */
    const struct linear_model *model = (const struct linear_model *)(const void *)classifier;
    float row[FEATURES_MAX], output[MODEL_OUTPUTS_MAX], rules[N_TECHNIQUES];
    feature_vector_fill(features, row);
    linear_model_outputs(model, row, output);
    classifier_rules.evaluate(&classifier_rules, features, rules);
    memset(probability, 0, N_TECHNIQUES * sizeof *probability);
    for (unsigned k = 0; k < model->n_outputs; k++)
        probability[model->outputs[k].technique] += output[k];
    part_still_hands(model, features, probability);
    part_moving_hands(model, features, probability);
    float rest = rules[TECHNIQUE_REST];
    if (first_way_back(&features->touch, probability))
        rest = 0;
    for (unsigned i = 0; i < N_TECHNIQUES; i++)
        probability[i] *= 1.0F - rest;
    probability[TECHNIQUE_REST] += rest;
}

enum technique model_label_technique(const char *label)
{
    char name[sizeof((struct model_output *)0)->label];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(label, "/"), label);
    return technique_from_name(name);
}

enum thenar_status linear_model_create(struct linear_model **out, unsigned n_features,
                                       unsigned n_outputs)
{
    *out = NULL;
    if (n_features == 0 || n_features > FEATURES_MAX || n_outputs == 0 ||
        n_outputs > MODEL_OUTPUTS_MAX)
        return THENAR_ERR_ARGUMENT;
    struct linear_model *model = calloc(1, sizeof *model);
    if (!model)
        return THENAR_ERR_MEMORY;
    model->classifier = (struct classifier){.name = model->full_name,
                                            .recipe = model->recipe,
                                            .sees_cells = feature_vector_has_cells(n_features),
                                            .final_share = final_share,
                                            .evaluate = evaluate};
    model->n_features = n_features;
    model->n_outputs = n_outputs;
    model->temperature = 1;
    model->centre = calloc(n_features, sizeof *model->centre);
    model->scale = calloc(n_features, sizeof *model->scale);
    model->weights = calloc((size_t)n_outputs * n_features, sizeof *model->weights);
    if (!model->centre || !model->scale || !model->weights) {
        linear_model_destroy(model);
        return THENAR_ERR_MEMORY;
    }
    for (unsigned k = 0; k < n_outputs; k++)
        model->outputs[k].weight = model->weights + (size_t)k * n_features;
    *out = model;
    return THENAR_OK;
}

void linear_model_introduce(struct linear_model *model)
{
    (void)snprintf(model->full_name, sizeof model->full_name, "%.32s, %.22s hands", model->name,
                   model->hands);
}

void linear_model_destroy(struct linear_model *model)
{
    if (!model)
        return;
    free(model->centre);
    free(model->scale);
    free(model->weights);
    free(model);
}

/* Eight sums side by side: the same bits on every machine, and no waiting for the one before. */
static float product(const float *a, const float *b, unsigned n)
{
    float sum[8] = {0}, rest = 0;
    unsigned i = 0;
    for (; i + 8 <= n; i += 8)
        for (unsigned k = 0; k < 8; k++)
            sum[k] += a[i + k] * b[i + k];
    for (; i < n; i++)
        rest += a[i] * b[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7])) + rest;
}

void linear_model_outputs(const struct linear_model *model, const float *features,
                          float *probability)
{
    float z[FEATURES_MAX], most = -INFINITY, sum = 0;
    for (unsigned i = 0; i < model->n_features; i++) {
        float value = (features[i] - model->centre[i]) / model->scale[i];
        z[i] = isnan(value) ? 0.0F : fminf(fmaxf(value, -MODEL_CLIP), MODEL_CLIP);
    }
    for (unsigned k = 0; k < model->n_outputs; k++) {
        float score =
            model->outputs[k].bias + product(model->outputs[k].weight, z, model->n_features);
        probability[k] = score / model->temperature;
        most = fmaxf(most, probability[k]);
    }
    for (unsigned k = 0; k < model->n_outputs; k++) {
        probability[k] = expf(probability[k] - most);
        sum += probability[k];
    }
    for (unsigned k = 0; k < model->n_outputs; k++)
        probability[k] /= sum;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear_model.h - a learned classifier: one line of weights an output, and a softmax
 *
 *     z_i = clip((f_i - centre_i) / scale_i, +-2.5), 0 where f_i is NaN
 *     P(output k) = softmax((bias_k + sum_i weight_ki z_i) / temperature)
 *
 * Outputs are styles ("petrissage/palming") and share out to their techniques. Rest is not learned:
 * whether hands are on is measured (classifier_rules.c). The file is text, so that it can be read
 * and compared; docs/recognition.md tells of its making. */
#ifndef LINEAR_MODEL_H
#define LINEAR_MODEL_H

#include <stddef.h>

#include "error.h"
#include "technique/classifier.h"
#include "technique/feature_vector.h"

enum { MODEL_OUTPUTS_MAX = 96, MODEL_TEXT_BYTES = 160, MODEL_BYTES_MAX = 4 << 20 };
#define MODEL_CLIP 2.5F

struct model_output {
    char label[48];
    enum technique technique; /* unknown: of no technique, as when a researcher names his own */
    float bias;
    float *weight; /* [n_features]; within linear_model.weights */
};

struct linear_model {
    struct classifier classifier;  /* first: what the pipeline is given; its name is `name` */
    char name[MODEL_TEXT_BYTES];   /* "thenar 1" */
    char hands[MODEL_TEXT_BYTES];  /* whose it learned from: "simulated", "recorded", ... */
    char recipe[MODEL_TEXT_BYTES]; /* how to make it again */
    char full_name[64];            /* the classifier's: name and hands, shortened if need be */
    unsigned n_features, n_outputs;
    float temperature;
    float *centre, *scale; /* [n_features] */
    float *weights;        /* [n_outputs * n_features] */
    struct model_output outputs[MODEL_OUTPUTS_MAX];
};

/** Say its classifier's name, once `name` and `hands` are set. */
void linear_model_introduce(struct linear_model *model);

/** The technique of a label: "petrissage/palming" is petrissage; unknown when it is none. */
enum technique model_label_technique(const char *label);

/** An empty model of these sizes. @return THENAR_OK; THENAR_ERR_ARGUMENT; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status linear_model_create(struct linear_model **out,
                                                        unsigned n_features, unsigned n_outputs);
void linear_model_destroy(struct linear_model *model);

/**
 * Read a model file's text; everything in it is checked.
 * @param name  of the file, for messages
 * @return THENAR_OK; THENAR_ERR_SYNTAX; THENAR_ERR_VALUE made for other features;
 *         THENAR_ERR_CRC damaged; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status linear_model_parse(struct linear_model **out, const char *text,
                                                       size_t n_bytes, const char *name,
                                                       struct thenar_error *error);

/** The model that ships with Thenar. @return as linear_model_parse */
THENAR_NODISCARD enum thenar_status linear_model_shipped(struct linear_model **out,
                                                         struct thenar_error *error);

/** Its name, and whose hands it learned from: "thenar 1, simulated hands". */
const char *linear_model_shipped_name(void);

/** The text of a model file, to be freed; NULL without memory. @param n_bytes out: its length */
char *linear_model_format(const struct linear_model *model, size_t *n_bytes);

/**
 * Probabilities of the outputs.
 * @param features     [n_features]
 * @param probability  out: [n_outputs], sum 1
 */
void linear_model_outputs(const struct linear_model *model, const float *features,
                          float *probability);

#endif

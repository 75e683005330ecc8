/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/window_collector.h"

#include <limits.h>

#include "technique/classifier.h"
#include "technique/feature_vector.h"

enum thenar_status window_collector_look(struct window_collector *c,
                                         const struct pipeline *pipeline, double at_s,
                                         const struct labelled_span *span)
{
    if (!span || at_s < c->next_s || at_s < span->start_s + c->settle_s)
        return THENAR_OK;
    const struct window_features *features = pipeline_window_features(pipeline);
    c->next_s = at_s + c->every_s;
    /* Rest is measured, not learned. */
    float rules[N_TECHNIQUES], row[FEATURES_MAX];
    classifier_rules.evaluate(&classifier_rules, features, rules);
    if (!c->with_rest && rules[TECHNIQUE_REST] > 0.5F)
        return THENAR_OK;
    feature_vector_fill(features, row);
    struct sample sample = {.label = sample_names_index(&c->table->labels, span->label),
                            .person = c->person,
                            .weight = c->weight,
                            .take = c->table->n_takes,
                            .at_s = (float)(at_s - span->start_s)};
    if (sample.label == UINT_MAX)
        return THENAR_ERR_MEMORY;
    return sample_table_add(c->table, &sample, row);
}

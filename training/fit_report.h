/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit_report.h - how well a model does on people or styles that it never saw
 *
 * Answers are counted twice: by label ("petrissage/palming") and by technique, to which labels add
 * up. A window is one moment; a take is the mean of its windows' scores. */
#ifndef FIT_REPORT_H
#define FIT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "technique/linear_model.h"
#include "training/sample_table.h"

enum { REPORT_BINS = 10 };

/* One answer, for the curve of risk over coverage. */
struct report_answer {
    float confidence;
    bool right;
};

struct fit_report {
    unsigned n_labels;
    unsigned confusion[N_TECHNIQUES][N_TECHNIQUES]; /* [truth][answer], takes */
    unsigned n_takes, n_right_labels, n_right_techniques;
    unsigned n_windows, n_right_windows;
    unsigned bin_n[REPORT_BINS], bin_right[REPORT_BINS]; /* by confidence, windows */
    double bin_confidence[REPORT_BINS];
    double log_loss; /* of windows, summed */
    unsigned window_confusion[N_TECHNIQUES][N_TECHNIQUES];
    size_t n_answers, n_answers_max;
    struct report_answer *answers; /* [n_answers] takes, by technique */
    bool out_of_memory;
};

void fit_report_init(struct fit_report *report);
void fit_report_finish(struct fit_report *report);

/**
 * Try a model on samples and count.
 * @param of_person  [people] true: their samples; NULL: all
 */
void fit_report_add(struct fit_report *report, const struct linear_model *model,
                    const struct sample_table *table, const bool *of_person);

/** The temperature, of 0.7 to 22, that makes the windows' probabilities fit best. */
float fit_report_temperature(struct linear_model *model, const struct sample_table *table,
                             const bool *of_person);

void fit_report_print(struct fit_report *report, FILE *file);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/fit_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void fit_report_init(struct fit_report *report)
{
    memset(report, 0, sizeof *report);
}

void fit_report_finish(struct fit_report *report)
{
    free(report->answers);
}

static void to_techniques(const struct linear_model *model, const float *outputs, float *out)
{
    memset(out, 0, N_TECHNIQUES * sizeof *out);
    for (unsigned k = 0; k < model->n_outputs; k++)
        out[model->outputs[k].technique] += outputs[k];
}

static unsigned largest(const float *x, unsigned n)
{
    unsigned best = 0;
    for (unsigned i = 1; i < n; i++)
        best = x[i] > x[best] ? i : best;
    return best;
}

static void count_window(struct fit_report *r, const float *technique, enum technique truth)
{
    unsigned answer = largest(technique, N_TECHNIQUES);
    float confidence = technique[answer];
    unsigned bin = (unsigned)fminf(confidence * REPORT_BINS, REPORT_BINS - 1);
    r->n_windows++;
    r->n_right_windows += answer == truth;
    r->window_confusion[truth][answer]++;
    r->bin_n[bin]++;
    r->bin_right[bin] += answer == truth;
    r->bin_confidence[bin] += (double)confidence;
    r->log_loss -= log((double)technique[truth] + 1e-6);
}

static void keep_answer(struct fit_report *r, float confidence, bool right)
{
    if (r->n_answers == r->n_answers_max) {
        size_t n_max = r->n_answers_max ? 2 * r->n_answers_max : 256;
        struct report_answer *grown = realloc(r->answers, n_max * sizeof *grown);
        if (!grown) {
            r->out_of_memory = true;
            return;
        }
        r->answers = grown;
        r->n_answers_max = n_max;
    }
    r->answers[r->n_answers++] = (struct report_answer){confidence, right};
}

static void count_take(struct fit_report *r, const struct linear_model *model, float *logs,
                       unsigned n, const char *label)
{
    float technique[N_TECHNIQUES], sum = 0;
    for (unsigned k = 0; k < model->n_outputs; k++)
        sum += logs[k] = expf(logs[k] / (float)n);
    for (unsigned k = 0; k < model->n_outputs; k++)
        logs[k] /= sum;
    to_techniques(model, logs, technique);
    enum technique truth = model_label_technique(label);
    unsigned answer = largest(technique, N_TECHNIQUES);
    r->n_takes++;
    r->n_right_labels += strcmp(model->outputs[largest(logs, model->n_outputs)].label, label) == 0;
    r->n_right_techniques += answer == truth;
    r->confusion[truth][answer]++;
    keep_answer(r, technique[answer], answer == truth);
}

/* A take is judged by the mean of its windows' scores as the discriminant gives them, before the
 * temperature: that is the score of their mean. One odd window must not decide alone. */
static void add_scores(const struct linear_model *model, const float *outputs, float *sums)
{
    static const float floor_score = -14.0F;
    float most = outputs[largest(outputs, model->n_outputs)];
    for (unsigned k = 0; k < model->n_outputs; k++)
        sums[k] += fmaxf(model->temperature * logf(outputs[k] / most + 1e-30F), floor_score);
}

void fit_report_add(struct fit_report *report, const struct linear_model *model,
                    const struct sample_table *table, const bool *of_person)
{
    float outputs[MODEL_OUTPUTS_MAX], logs[MODEL_OUTPUTS_MAX] = {0}, technique[N_TECHNIQUES];
    unsigned n = 0;
    report->n_labels = model->n_outputs;
    for (size_t i = 0; i < table->n; i++) {
        const struct sample *sample = &table->samples[i];
        if (of_person && !of_person[sample->person])
            continue;
        const char *label = table->labels.name[sample->label];
        linear_model_outputs(model, table->rows + i * table->n_features, outputs);
        to_techniques(model, outputs, technique);
        count_window(report, technique, model_label_technique(label));
        add_scores(model, outputs, logs);
        n++;
        if (i + 1 < table->n && table->samples[i + 1].take == sample->take)
            continue;
        count_take(report, model, logs, n, label);
        memset(logs, 0, sizeof logs);
        n = 0;
    }
}

enum { N_TEMPERATURES = 20 }; /* from 0.7 to 22, each a fifth more than the last */

float fit_report_temperature(struct linear_model *model, const struct sample_table *table,
                             const bool *of_person)
{
    float best = 1;
    double least = (double)INFINITY;
    float t = 0.7F;
    for (unsigned step = 0; step < N_TEMPERATURES; step++, t *= 1.2F) {
        struct fit_report report;
        fit_report_init(&report);
        model->temperature = t;
        fit_report_add(&report, model, table, of_person);
        if (report.log_loss < least) {
            least = report.log_loss;
            best = t;
        }
        fit_report_finish(&report);
    }
    model->temperature = best;
    return best;
}

static int surest_first(const void *a, const void *b)
{
    float x = ((const struct report_answer *)a)->confidence;
    float y = ((const struct report_answer *)b)->confidence;
    return (x < y) - (x > y);
}

static void print_coverage(struct fit_report *r, FILE *file)
{
    static const unsigned shares[] = {100, 90, 75, 50, 25};
    qsort(r->answers, r->n_answers, sizeof *r->answers, surest_first);
    (void)fprintf(file, "\nRight, of the surest      ");
    for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++) {
        size_t n = (r->n_answers * shares[i] + 50) / 100, right = 0;
        for (size_t k = 0; k < n; k++)
            right += r->answers[k].right;
        (void)fprintf(file, "  %u %%: %.1f", shares[i], n ? 100.0 * (double)right / (double)n : 0);
    }
    (void)fprintf(file, "\n");
}

/* Recall a class, and the F1 of all. */
static void print_confusion(unsigned confusion[N_TECHNIQUES][N_TECHNIQUES], FILE *file)
{
    double f1_sum = 0;
    unsigned n_classes = 0;
    (void)fprintf(file, "%-20s", "truth \\ answer");
    for (unsigned j = 0; j < N_TECHNIQUES; j++)
        (void)fprintf(file, " %5.5s", technique_name((enum technique)j));
    (void)fprintf(file, " recall\n");
    for (unsigned i = 0; i < N_TECHNIQUES; i++) {
        unsigned all = 0, answered = 0;
        for (unsigned j = 0; j < N_TECHNIQUES; j++) {
            all += confusion[i][j];
            answered += confusion[j][i];
        }
        if (all == 0)
            continue;
        (void)fprintf(file, "%-20s", technique_name((enum technique)i));
        for (unsigned j = 0; j < N_TECHNIQUES; j++)
            (void)(confusion[i][j] ? fprintf(file, " %5u", confusion[i][j])
                                   : fprintf(file, "     ."));
        (void)fprintf(file, " %5.1f %%\n", 100.0 * confusion[i][i] / all);
        f1_sum += 2.0 * confusion[i][i] / (all + answered);
        n_classes++;
    }
    (void)fprintf(file, "macro-F1 %.3f\n", n_classes ? f1_sum / n_classes : 0);
}

void fit_report_print(struct fit_report *r, FILE *file)
{
    if (r->n_takes == 0) {
        (void)fprintf(file, "Nothing was kept back to test with.\n");
        return;
    }
    (void)fprintf(file, "Takes: %u, of %u labels. Right label %.1f %%, right technique %.1f %%.\n",
                  r->n_takes, r->n_labels, 100.0 * r->n_right_labels / r->n_takes,
                  100.0 * r->n_right_techniques / r->n_takes);
    print_confusion(r->confusion, file);
    print_coverage(r, file);
    (void)fprintf(file, "\nSingle windows: %u, right technique %.1f %%\n", r->n_windows,
                  100.0 * r->n_right_windows / r->n_windows);
    print_confusion(r->window_confusion, file);
    (void)fprintf(file, "\nReliability of windows: confidence said, share right, how many\n");
    for (unsigned i = 0; i < REPORT_BINS; i++)
        if (r->bin_n[i])
            (void)fprintf(file, "  %5.1f %%  %5.1f %%  %6u\n",
                          100.0 * r->bin_confidence[i] / r->bin_n[i],
                          100.0 * r->bin_right[i] / r->bin_n[i], r->bin_n[i]);
}

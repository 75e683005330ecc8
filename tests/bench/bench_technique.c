/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_technique.c - what contacts, pace and names cost a frame
 *
 *     bench_technique [--quick] [--rules]
 *
 * Hands on arrays of several sizes and rates, frames made beforehand, one thread, named by the
 * model that ships (or the rules). Prints microseconds a frame: the mean of the processor's time,
 * which others on the machine do not lengthen (spectra, features and the model run ten times a
 * second of frame time, and are spread over all frames), and by the clock the median and the
 * longest tenth of a per cent. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "technique/linear_model.h"
#include "technique/technique_tracker.h"

enum { FRAMES = 2000 };

struct subject {
    const char *what;
    unsigned n_blobs; /* Gaussian contacts */
    float sigma_mm, gap_mm;
    double hz; /* of their swelling and turning */
};

static const struct subject subjects[] = {
    {"untouched", 0, 0, 0, 0},
    {"a thumb rubbing", 1, 9, 0, 2.4},
    {"two flat hands kneading", 12, 14, 28, 0.8},
    {"a table full of palms", 64, 24, 50, 1.3},
};

static double now_us(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return 1e6 * (double)now.tv_sec + 1e-3 * (double)now.tv_nsec;
}

static void press(const struct array_layout *layout, const struct subject *subject, double at_s,
                  float *pressure)
{
    double turn = 6.283185307 * subject->hz * at_s;
    float swell = 20.0F * (float)(1.0 - 0.7 * cos(turn)), aside = 7.0F * (float)sin(turn);
    for (size_t i = 0; i < layout->n_taxels; i++) {
        float sum = 0;
        for (unsigned k = 0; k < subject->n_blobs; k++) {
            unsigned per_row = subject->n_blobs > 16 ? 8 : 4;
            float x = subject->gap_mm * ((float)(k % per_row) - 0.5F * (float)(per_row - 1));
            float y = subject->gap_mm * ((float)(k / per_row) - 0.5F * (float)(per_row - 1));
            float dx = layout->x_mm[i] - x - aside, dy = layout->y_mm[i] - y;
            float d = (dx * dx + dy * dy) / (2 * subject->sigma_mm * subject->sigma_mm);
            sum += d < 12 ? swell * expf(-d) : 0;
        }
        pressure[i] = sum;
    }
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void measure(unsigned side, float rate_hz, const struct subject *subject, unsigned n_passes,
                    const struct classifier *classifier)
{
    struct array_layout layout;
    struct technique_tracker *tracker;
    if (array_layout_init(&layout, (uint16_t)side, (uint16_t)side, 480.0F / (float)side,
                          480.0F / (float)side, rate_hz) ||
        technique_tracker_create(&tracker, &layout, classifier))
        exit(EXIT_FAILURE);
    float *pressure = malloc(FRAMES * layout.n_taxels * sizeof *pressure);
    struct frame_features *features = calloc(FRAMES, sizeof *features);
    float *took_us = malloc((size_t)FRAMES * n_passes * sizeof *took_us);
    static struct technique_output output;
    if (!pressure || !features || !took_us)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < FRAMES; i++) {
        float *p = pressure + i * layout.n_taxels;
        press(&layout, subject, (double)i / (double)rate_hz, p);
        for (size_t t = 0; t < layout.n_taxels; t++)
            features[i].n_touched += p[t] > 0.5F;
    }
    double start_us = now_us(CLOCK_THREAD_CPUTIME_ID), before_us = now_us(CLOCK_MONOTONIC);
    for (size_t k = 0; k < (size_t)FRAMES * n_passes; k++) {
        size_t i = k % FRAMES;
        struct technique_input input = {.device_s = (double)k / (double)rate_hz,
                                        .pressure = pressure + i * layout.n_taxels,
                                        .features = &features[i],
                                        .gate_kpa = 0.5F};
        technique_tracker_execute(tracker, &input, &output);
        double done_us = now_us(CLOCK_MONOTONIC);
        took_us[k] = (float)(done_us - before_us);
        before_us = done_us;
    }
    double all_us = now_us(CLOCK_THREAD_CPUTIME_ID) - start_us;
    size_t n = (size_t)FRAMES * n_passes;
    qsort(took_us, n, sizeof *took_us, by_value);
    (void)printf("%2ux%-2u %5.0f/s  %-26s %8.3f %8.3f %8.3f   %5u  %s\n", side, side,
                 (double)rate_hz, subject->what, all_us / (double)n, (double)took_us[n / 2],
                 (double)took_us[n - n / 1000 - 1], features[0].n_touched,
                 technique_name(output.state.technique));
    free(took_us);
    free(features);
    free(pressure);
    technique_tracker_destroy(tracker);
    array_layout_finish(&layout);
}

int main(int argc, char **argv)
{
    static const struct {
        unsigned side;
        float rate_hz;
    } arrays[] = {{16, 500}, {32, 200}, {32, 100}, {64, 100}};
    unsigned n_passes = 40;
    struct linear_model *model;
    if (linear_model_shipped(&model, &(struct thenar_error){0}) != THENAR_OK)
        return EXIT_FAILURE;
    const struct classifier *classifier = &model->classifier;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            n_passes = 5;
        if (strcmp(argv[i], "--rules") == 0)
            classifier = &classifier_rules;
    }
    (void)printf("%-38s %8s %8s %8s   %5s\n", "us a frame (clock included, ~0.03)", "mean",
                 "median", "p99.9", "taxels");
    for (unsigned a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
        for (unsigned s = 0; s < sizeof subjects / sizeof subjects[0]; s++)
            measure(arrays[a].side, arrays[a].rate_hz, &subjects[s], n_passes, classifier);
    linear_model_destroy(model);
    return 0;
}

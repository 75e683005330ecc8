/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench_stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "signal/calibration.h"
#include "signal/denormals.h"
#include "signal/lowpass_direct.h"
#include "signal/noise_floor.h"
#include "signal/taxel_health.h"
#include "technique/contacts.h"
#include "technique/technique_tracker.h"

const char *const bench_stage_names[N_STAGES] = {
    [STAGE_DECODE] = "decode",       [STAGE_CALIBRATE] = "calibrate",
    [STAGE_FILTER] = "filter",       [STAGE_WATCH] = "noise and dead taxels",
    [STAGE_FEATURES] = "features",   [STAGE_CONTACTS] = "contacts",
    [STAGE_TECHNIQUE] = "technique", [STAGE_PUBLISH] = "publish",
};

struct bench_stages {
    const struct array_layout *layout;
    float gate_kpa;
    float *raw, *pressure; /* [n_taxels] */
    struct lowpass_design design;
    struct calibration *calibration;
    struct lowpass_direct *lowpass;
    struct noise_floor *noise_floor;
    struct taxel_health *health;
    struct frame_features_map *features;
    struct contacts *contacts;
    struct technique_tracker *tracker;
    struct technique_output technique;
};

static void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench_pipeline: a stage cannot be made: %s\n", what);
    exit(EXIT_FAILURE);
}

struct bench_stages *bench_stages_create(const struct array_layout *layout, float gate_kpa)
{
    struct bench_stages *s = calloc(1, sizeof *s);
    check(s != NULL, "memory");
    s->layout = layout;
    s->gate_kpa = gate_kpa;
    s->raw = calloc(layout->n_taxels, sizeof *s->raw);
    s->pressure = calloc(layout->n_taxels, sizeof *s->pressure);
    check(s->raw && s->pressure, "memory");
    check(!lowpass_design_make(&s->design, layout->rate_hz), "lowpass design");
    check(!calibration_create(&s->calibration, layout), "calibration");
    check(!lowpass_direct_create(&s->lowpass, s->design.taps, s->design.n_taps, layout->n_taxels),
          "lowpass");
    check(!noise_floor_create(&s->noise_floor, layout, s->design.noise_gain), "noise floor");
    check(!taxel_health_create(&s->health, layout), "taxel health");
    check(!frame_features_create(&s->features, layout), "frame features");
    check(!contacts_create(&s->contacts, layout), "contacts");
    check(!technique_tracker_create(&s->tracker, layout, &classifier_rules), "technique");
    denormals_flush_to_zero();
    return s;
}

void bench_stages_destroy(struct bench_stages *s)
{
    if (!s)
        return;
    technique_tracker_destroy(s->tracker);
    contacts_destroy(s->contacts);
    frame_features_destroy(s->features);
    taxel_health_destroy(s->health);
    noise_floor_destroy(s->noise_floor);
    lowpass_direct_destroy(s->lowpass);
    calibration_destroy(s->calibration);
    free(s->pressure);
    free(s->raw);
    free(s);
}

double bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

void bench_stages_mark(double *spent_ns, enum bench_stage stage, double *begin_ns)
{
    double end_ns = bench_now_ns();
    spent_ns[stage] += end_ns - *begin_ns;
    *begin_ns = bench_now_ns(); /* so that a reading of the clock costs nobody twice */
}

void bench_stages_execute(struct bench_stages *s, const struct pipeline_input *input,
                          double *begin_ns, double *spent_ns)
{
    unsigned n_saturated;
    struct frame_features features;
    struct contact contacts[CONTACTS_MAX];
    struct contacts_sum sum;

    calibration_execute_counts(s->calibration, input->counts, s->raw, &n_saturated);
    bench_stages_mark(spent_ns, STAGE_CALIBRATE, begin_ns);
    lowpass_direct_execute(s->lowpass, s->raw, s->pressure);
    bench_stages_mark(spent_ns, STAGE_FILTER, begin_ns);
    noise_floor_execute(s->noise_floor, s->raw, s->pressure);
    (void)taxel_health_execute(s->health, input->counts, input->samples, s->raw, s->gate_kpa);
    bench_stages_mark(spent_ns, STAGE_WATCH, begin_ns);
    frame_features_execute(s->features, s->pressure, s->raw, s->gate_kpa, n_saturated, &features);
    bench_stages_mark(spent_ns, STAGE_FEATURES, begin_ns);
    (void)contacts_execute(s->contacts, input->device_s, s->pressure, features.n_touched,
                           s->gate_kpa, contacts, &sum);
    double before_ns = spent_ns[STAGE_CONTACTS];
    bench_stages_mark(spent_ns, STAGE_CONTACTS, begin_ns);
    double contacts_ns = spent_ns[STAGE_CONTACTS] - before_ns;
    struct technique_input technique = {.device_s = input->device_s,
                                        .pressure = s->pressure,
                                        .features = &features,
                                        .gate_kpa = s->gate_kpa};
    technique_tracker_execute(s->tracker, &technique, &s->technique);
    bench_stages_mark(spent_ns, STAGE_TECHNIQUE, begin_ns);
    spent_ns[STAGE_TECHNIQUE] -= contacts_ns; /* the tracker has found the contacts once more */
}

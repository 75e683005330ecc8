/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/virtual_takes.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/message.h"
#include "pipeline.h"
#include "therapist/scene.h"
#include "training/window_collector.h"

enum { STEPS = 6, SCRIPT_BYTES = 8192, SCENE_STREAM = 77 };

struct virtual_scene {
    struct pcg draws;
    bool soft; /* a small soft pad under light hands */
    char script[SCRIPT_BYTES];
    unsigned recipe_of[STEPS];
    struct array_layout layout;
    struct stimulus_array array;
    struct stimulus *stimulus;
    struct pipeline *pipeline;
    uint16_t *counts;
    float *pressure; /* [n_taxels] */
    char *truth;     /* what the therapist has written so far */
    size_t n_truth;
    FILE *truth_file;
    unsigned n_spans, n_collected;
    struct labelled_span spans[STEPS];
};

static double draw(struct virtual_scene *scene, double low, double high)
{
    return low + (high - low) * pcg_uniform(&scene->draws);
}

static double draw_log(struct virtual_scene *scene, double low, double high)
{
    return low * pow(high / low, pcg_uniform(&scene->draws));
}

/* From a coarse pad to a fine one, from the slowest rate that shows vibration upwards. */
static enum thenar_status draw_array(struct virtual_scene *s)
{
    static const enum array_mount mounts[] = {MOUNT_PAD, MOUNT_PAD, MOUNT_PAD,   MOUNT_PAD,
                                              MOUNT_PAD, MOUNT_PAD, MOUNT_TORSO, MOUNT_GLOVE};
    enum array_mount mount = mounts[(unsigned)draw(s, 0, 8) % 8];
    double pitch_mm = draw_log(s, 9, 22), width_mm = draw(s, 260, 520);
    double height_mm = draw(s, 260, 520);
    unsigned n_rows = (unsigned)fmin(fmax(height_mm / pitch_mm, 12), 32);
    unsigned n_cols = (unsigned)fmin(fmax(width_mm / pitch_mm, 12), 32);
    float rate_hz = (float)draw_log(s, 60, 200);
    s->soft = draw(s, 0, 1) < 0.3;
    if (s->soft) {
        mount = MOUNT_PAD;
        pitch_mm = draw(s, 11, 20);
        n_rows = 6 + (unsigned)draw(s, 0, 7);
        n_cols = 6 + (unsigned)draw(s, 0, 7);
        rate_hz = (float)draw_log(s, 40, 120);
    }
    enum thenar_status status = array_layout_init(&s->layout, (uint16_t)n_rows, (uint16_t)n_cols,
                                                  (float)pitch_mm, (float)pitch_mm, rate_hz);
    if (status != THENAR_OK)
        return status;
    struct array_layout *layout = &s->layout;
    float fill = (float)draw(s, 0.35, 1.0);
    layout->mount = mount;
    for (size_t i = 0; i < layout->n_taxels; i++)
        layout->sensing_mm2[i] = fill * layout->cell_mm2[i];
    s->array = (struct stimulus_array){.n_rows = layout->n_rows,
                                       .n_cols = layout->n_cols,
                                       .mount = (uint8_t)mount,
                                       .adc_bits = 12,
                                       .rate_hz = rate_hz,
                                       .pitch_x_mm = layout->pitch_x_mm,
                                       .pitch_y_mm = layout->pitch_y_mm,
                                       .x_mm = layout->x_mm,
                                       .y_mm = layout->y_mm,
                                       .sensing_mm2 = layout->sensing_mm2,
                                       .exists = layout->exists};
    return THENAR_OK;
}

static enum thenar_status open_hands(struct virtual_scene *s,
                                     const struct virtual_takes_options *options, uint64_t seed,
                                     struct thenar_error *error)
{
    enum virtual_surface surface = s->soft                          ? SURFACE_SOFT
                                   : s->layout.mount == MOUNT_GLOVE ? SURFACE_GLOVE
                                                                    : SURFACE_TABLE;
    virtual_recipes_script(&s->draws, options->styles, surface, STEPS, s->recipe_of, s->script,
                           sizeof s->script);
    s->truth_file = open_memstream(&s->truth, &s->n_truth);
    if (!s->truth_file)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    bool poor = draw(s, 0, 1) < 0.4;
    struct scene_options scene = {
        .script_text = s->script,
        .truth_file = s->truth_file,
        .seed = seed,
        .calibrated = draw(s, 0, 1) < 0.75,
        .noise_counts = (float)draw_log(s, 0.7, 7),
        .spread_pct = (float)draw(s, 1, 18),
        .hysteresis_pct = (float)draw(s, 0, 15),
        .creep_pct_decade = (float)draw(s, 0, 6),
        .n_dead = (uint16_t)draw(s, 0, 0.02 * (double)s->layout.n_taxels),
        .lag_ms = poor ? (float)draw(s, 0, 45) : 0.0F,
        .crosstalk_pct = poor ? (float)draw(s, 0, 25) : 0.0F,
    };
    if (s->soft) {
        scene.lag_ms = (float)draw(s, 30, 140);
        scene.hysteresis_pct = (float)draw(s, 5, 25);
        scene.noise_counts = (float)draw_log(s, 0.7, 4);
    }
    return scene_create(&s->stimulus, &s->array, &scene, error);
}

static enum thenar_status open_scene(struct virtual_scene *s,
                                     const struct virtual_takes_options *options, uint64_t seed,
                                     struct thenar_error *error)
{
    pcg_init(&s->draws, seed, SCENE_STREAM);
    if (draw_array(s) != THENAR_OK)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    enum thenar_status status = open_hands(s, options, seed, error);
    if (status != THENAR_OK)
        return status;
    struct stimulus_calibration law;
    s->stimulus->calibration(s->stimulus, &law);
    bool calibrated = law.kind != THENAR_CALIBRATION_NONE;
    s->layout.sensor =
        (struct sensor_law){.unit = UNIT_COUNTS,
                            .circuit = SENSOR_TRANSIMPEDANCE,
                            .full_scale_counts = 4095,
                            .reference_ohm = (float)law.reference_ohm,
                            .calibrated = calibrated,
                            .conductance_100kpa_us = 1e-3F * (float)law.conductance_100kpa_ns,
                            .exponent = 1e-4F * (float)law.exponent_e4};
    for (size_t i = 0; law.gain && i < s->layout.n_taxels; i++)
        s->layout.gain[i] = law.gain[i];
    if (s->layout.n_taxels == 0)
        return thenar_fail(error, THENAR_ERR_ARGUMENT, "an array without taxels");
    s->counts = calloc(s->layout.n_taxels, sizeof *s->counts);
    s->pressure = calloc(s->layout.n_taxels, sizeof *s->pressure);
    if (!s->counts || !s->pressure)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    struct pipeline_options rules = {.gate_kpa = NAN, .classifier = &classifier_rules};
    return pipeline_create(&s->pipeline, &s->layout, &rules, error);
}

static void close_scene(struct virtual_scene *s)
{
    if (s->stimulus)
        s->stimulus->destroy(s->stimulus);
    if (s->truth_file)
        (void)fclose(s->truth_file);
    free(s->truth);
    pipeline_destroy(s->pipeline);
    free(s->counts);
    free(s->pressure);
    array_layout_finish(&s->layout);
    free(s);
}

/* Steps as the therapist wrote them when they were over: when each of them really was. The scene is
 * played twice, first for the truth alone. */
static void read_truth(struct virtual_scene *s)
{
    char *rest = s->truth, *line;
    unsigned i = 0;
    while ((line = strsep(&rest, "\n")) && i < STEPS) {
        double start_s, end_s;
        if (strncmp(line, "step,", 5) != 0 || strncmp(line, "step,rest,", 10) == 0 ||
            sscanf(line, "step,%*[^,],%*[^,],%*[^,],%lf,%lf", &start_s, &end_s) != 2) {
            /* An empty style leaves two commas, which %[ does not take. */
            if (strncmp(line, "step,", 5) != 0 || strncmp(line, "step,rest,", 10) == 0 ||
                sscanf(line, "step,%*[^,],,%*[^,],%lf,%lf", &start_s, &end_s) != 2)
                continue;
        }
        const struct virtual_recipe *recipe = &virtual_recipes[s->recipe_of[i]];
        s->spans[i].start_s = start_s;
        s->spans[i].end_s = end_s;
        (void)snprintf(s->spans[i++].label, SAMPLE_TEXT_BYTES, "%.24s/%.22s", recipe->technique,
                       recipe->name);
    }
    s->n_spans = i;
}

static const struct labelled_span *span_at(const struct virtual_scene *s, double at_s)
{
    for (unsigned i = 0; i < s->n_spans; i++)
        if (at_s >= s->spans[i].start_s && at_s < s->spans[i].end_s)
            return &s->spans[i];
    return NULL;
}

/* The truth of a step is known when it is over: windows wait for it with a label of their own. */
static enum thenar_status play(struct virtual_scene *s, struct sample_table *table,
                               const struct virtual_takes_options *options)
{
    static const struct labelled_span waiting = {.start_s = 0, .label = "?"};
    struct window_collector collector = {
        .table = table, .weight = 1, .every_s = options->every_s, .settle_s = 0.3};
    size_t first = table->n;
    double rate_hz = (double)s->layout.rate_hz;
    float skipped_s = (float)draw(s, 0, options->every_s);
    collector.next_s = (double)skipped_s;
    for (uint32_t i = 0;; i++) {
        struct pipeline_output output;
        double at_s = (double)i / rate_hz;
        if (s->stimulus->sample(s->stimulus, at_s, s->counts) != THENAR_OK)
            break;
        struct pipeline_input input = {.sequence = i, .device_s = at_s, .counts = s->counts};
        pipeline_execute(s->pipeline, &input, s->pressure, &output);
        enum thenar_status status = window_collector_look(&collector, s->pipeline, at_s, &waiting);
        if (status != THENAR_OK)
            return status;
    }
    (void)fflush(s->truth_file);
    read_truth(s);
    size_t n_kept = first;
    for (size_t i = first; i < table->n; i++) {
        struct sample sample = table->samples[i];
        const struct labelled_span *span = span_at(s, (double)sample.at_s);
        if (!span || (double)sample.at_s < span->start_s + 0.4)
            continue;
        sample.label = sample_names_index(&table->labels, span->label);
        sample.person = sample_names_index(&table->people, span->label);
        sample.take = table->n_takes + (unsigned)(span - s->spans);
        sample.at_s -= (float)span->start_s;
        table->samples[n_kept] = sample;
        memmove(table->rows + n_kept * table->n_features, table->rows + i * table->n_features,
                table->n_features * sizeof *table->rows);
        n_kept++;
    }
    table->n = n_kept;
    table->n_takes += s->n_spans;
    return THENAR_OK;
}

enum thenar_status virtual_takes_add(struct sample_table *table,
                                     const struct virtual_takes_options *options,
                                     struct thenar_error *error)
{
    for (unsigned i = 0; i < options->n_scenes; i++) {
        struct virtual_scene *scene = calloc(1, sizeof *scene);
        if (!scene)
            return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
        enum thenar_status status =
            open_scene(scene, options, options->seed * UINT64_C(1000003) + i, error);
        if (status == THENAR_OK && play(scene, table, options) != THENAR_OK)
            status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the windows");
        close_scene(scene);
        if (status != THENAR_OK)
            return status;
        if (options->progress)
            options->progress(options->context, i + 1);
    }
    return THENAR_OK;
}

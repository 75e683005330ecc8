/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TAXELS_MAX = 4096 };

void bench_die(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

static void keep(struct bench_run *run, const struct pipeline_output *output)
{
    for (unsigned i = 0; i < output->n_episodes && run->n_episodes < BENCH_EPISODES_MAX; i++)
        run->episodes[run->n_episodes++] = output->episodes[i];
    for (unsigned i = 0; i < output->n_strokes; i++)
        run->strokes[output->strokes[i].technique]++;
}

void bench_run_open(struct bench_run *run, const struct bench_options *o, const char *script,
                    const char *truth)
{
    struct thenar_error error;
    if (array_layout_init(&run->layout, (uint16_t)o->n_rows, (uint16_t)o->n_cols, o->pitch_mm,
                          o->pitch_mm, o->rate_hz))
        bench_die("array", "not a possible one");
    struct array_layout *layout = &run->layout;
    layout->mount = o->mount;
    for (size_t i = 0; i < layout->n_taxels; i++)
        layout->sensing_mm2[i] = 0.64F * o->pitch_mm * o->pitch_mm;
    run->array = (struct stimulus_array){.n_rows = layout->n_rows,
                                         .n_cols = layout->n_cols,
                                         .mount = (uint8_t)o->mount,
                                         .adc_bits = 12,
                                         .rate_hz = o->rate_hz,
                                         .pitch_x_mm = o->pitch_mm,
                                         .pitch_y_mm = o->pitch_mm,
                                         .x_mm = layout->x_mm,
                                         .y_mm = layout->y_mm,
                                         .sensing_mm2 = layout->sensing_mm2,
                                         .exists = layout->exists};
    struct scene_options scene = {.script = script,
                                  .truth_path = truth,
                                  .seed = o->seed,
                                  .calibrated = o->calibrated,
                                  .noise_counts = NAN,
                                  .spread_pct = NAN,
                                  .hysteresis_pct = NAN,
                                  .creep_pct_decade = NAN};
    if (scene_create(&run->stimulus, &run->array, &scene, &error))
        bench_die("scene", error.text);
    struct stimulus_calibration law;
    run->stimulus->calibration(run->stimulus, &law);
    layout->sensor =
        (struct sensor_law){.unit = UNIT_COUNTS,
                            .circuit = SENSOR_TRANSIMPEDANCE,
                            .full_scale_counts = 4095,
                            .reference_ohm = (float)law.reference_ohm,
                            .calibrated = o->calibrated,
                            .conductance_100kpa_us = 1e-3F * (float)law.conductance_100kpa_ns,
                            .exponent = 1e-4F * (float)law.exponent_e4};
    for (size_t i = 0; law.gain && i < layout->n_taxels; i++)
        layout->gain[i] = law.gain[i];
    if (pipeline_create(&run->pipeline, layout, NULL, &error))
        bench_die("pipeline", error.text);
    if (o->mount == MOUNT_MAT) /* with the person on it: tare --loaded */
        pipeline_tare(run->pipeline, 1.0F, false);
}

void bench_run_play(struct bench_run *run, float rate_hz)
{
    static uint16_t counts[TAXELS_MAX];
    static float pressure[TAXELS_MAX];
    static struct pipeline_output output;
    for (uint32_t i = 0;; i++) {
        double at_s = (double)i / (double)rate_hz;
        if (run->stimulus->sample(run->stimulus, at_s, counts) != THENAR_OK)
            break;
        struct pipeline_input input = {.sequence = i, .device_s = at_s, .counts = counts};
        pipeline_execute(run->pipeline, &input, pressure, &output);
        keep(run, &output);
        if (run->n_live == run->n_live_max) {
            run->n_live_max = run->n_live_max ? 2 * run->n_live_max : 65536;
            run->live = realloc(run->live, run->n_live_max * sizeof *run->live);
            if (!run->live)
                bench_die("memory", "out of it");
        }
        run->live[run->n_live++] = output.technique;
    }
    while (pipeline_finish(run->pipeline, &output))
        keep(run, &output);
    run->stimulus->destroy(run->stimulus);
    run->stimulus = NULL;
}

void bench_run_finish(struct bench_run *run)
{
    pipeline_destroy(run->pipeline);
    array_layout_finish(&run->layout);
    free(run->live);
}

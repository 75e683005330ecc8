/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hand_signals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float gate_kpa = 0.5F;

struct array_layout hand_layout(uint16_t n_rows, uint16_t n_cols, float pitch_mm, float rate_hz)
{
    struct array_layout layout;
    if (array_layout_init(&layout, n_rows, n_cols, pitch_mm, pitch_mm, rate_hz) != THENAR_OK)
        abort();
    layout.sensor.unit = UNIT_KPA;
    return layout;
}

void hand_press(const struct array_layout *layout, const struct hand_blob *blobs, unsigned n,
                float *pressure)
{
    for (size_t i = 0; i < layout->n_taxels; i++) {
        pressure[i] = 0;
        for (unsigned k = 0; k < n; k++) {
            float dx = layout->x_mm[i] - blobs[k].x_mm, dy = layout->y_mm[i] - blobs[k].y_mm;
            float s = blobs[k].sigma_mm;
            pressure[i] += blobs[k].peak_kpa * expf(-(dx * dx + dy * dy) / (2 * s * s));
        }
    }
}

struct frame_features hand_features(const struct array_layout *layout, const float *pressure,
                                    float gate)
{
    struct frame_features features = {0};
    for (size_t i = 0; i < layout->n_taxels; i++)
        features.n_touched += pressure[i] > gate;
    return features;
}

void hand_stage_init(struct hand_stage *stage, const struct array_layout *layout)
{
    memset(stage, 0, sizeof *stage);
    stage->layout = *layout;
    stage->pressure = calloc(layout->n_taxels, sizeof *stage->pressure);
    if (!stage->pressure ||
        technique_tracker_create(&stage->tracker, layout, &classifier_rules) != THENAR_OK)
        abort();
}

void hand_stage_finish(struct hand_stage *stage)
{
    technique_tracker_destroy(stage->tracker);
    free(stage->pressure);
    array_layout_finish(&stage->layout);
}

static void keep(struct hand_stage *stage)
{
    const struct technique_output *output = &stage->output;
    for (unsigned i = 0; i < output->n_strokes && stage->n_strokes < HAND_STROKES_MAX; i++)
        stage->strokes[stage->n_strokes++] = output->strokes[i];
    for (unsigned i = 0; i < output->n_episodes && stage->n_episodes < HAND_EPISODES_MAX; i++)
        stage->episodes[stage->n_episodes++] = output->episodes[i];
}

void hand_stage_play(struct hand_stage *stage, double span_s, hand_move move, const void *with)
{
    struct hand_blob blobs[HAND_BLOBS_MAX];
    size_t n_frames = (size_t)lrint(span_s * (double)stage->layout.rate_hz);
    for (size_t i = 0; i < n_frames; i++) {
        unsigned n = move((double)i / (double)stage->layout.rate_hz, with, blobs);
        hand_press(&stage->layout, blobs, n, stage->pressure);
        struct frame_features features = hand_features(&stage->layout, stage->pressure, gate_kpa);
        struct technique_input input = {.device_s = stage->at_s,
                                        .pressure = stage->pressure,
                                        .features = &features,
                                        .gate_kpa = gate_kpa};
        technique_tracker_execute(stage->tracker, &input, &stage->output);
        keep(stage);
        stage->at_s += 1.0 / (double)stage->layout.rate_hz;
    }
}

void hand_stage_end(struct hand_stage *stage)
{
    while (technique_tracker_finish(stage->tracker, &stage->output))
        keep(stage);
}

unsigned hand_none(double at_s, const void *with, struct hand_blob *blobs)
{
    (void)at_s;
    (void)with;
    (void)blobs;
    return 0;
}

unsigned hand_pulse(double at_s, const void *with, struct hand_blob *blobs)
{
    const struct hand_pulse *pulse = with;
    double swell = 0.5 - 0.5 * cos(2 * M_PI * pulse->hz * at_s);
    blobs[0] = pulse->blob;
    blobs[0].peak_kpa *= pulse->ebb + (1 - pulse->ebb) * (float)swell;
    return 1;
}

unsigned hand_swing(double at_s, const void *with, struct hand_blob *blobs)
{
    const struct hand_swing *swing = with;
    blobs[0] = swing->blob;
    blobs[0].x_mm -= 0.5F * swing->swing_mm * (float)cos(2 * M_PI * swing->hz * at_s);
    return 1;
}

unsigned hand_blow(double at_s, const void *with, struct hand_blob *blobs)
{
    const struct hand_blow *blow = with;
    double cycle = floor(at_s * blow->hz), in_s = at_s - cycle / blow->hz;
    bool second = blow->aside_mm > 0 && fmod(cycle, 2) > 0.5;
    if (in_s >= blow->contact_s)
        return 0;
    blobs[0] = blow->blob;
    blobs[0].peak_kpa *= (float)sin(M_PI * in_s / blow->contact_s);
    if (second) {
        blobs[0].y_mm += blow->aside_mm;
        blobs[0].peak_kpa *= blow->other_hand;
    }
    return 1;
}

unsigned hand_glide(double at_s, const void *with, struct hand_blob *blobs)
{
    const struct hand_glide *glide = with;
    double in_s = fmod(at_s, glide->out_s + glide->back_s);
    if (in_s >= glide->out_s)
        return 0;
    blobs[0] = glide->blob;
    blobs[0].x_mm += glide->length_mm * (float)(in_s / glide->out_s - 0.5);
    return 1;
}

unsigned hand_hold(double at_s, const void *with, struct hand_blob *blobs)
{
    const struct hand_hold *hold = with;
    (void)at_s;
    memcpy(blobs, hold->blobs, hold->n * sizeof *blobs);
    return hold->n;
}

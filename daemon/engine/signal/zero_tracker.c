/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/zero_tracker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "signal/calibration.h"
#include "signal/select_rank.h"

enum { SAMPLE = 255 }; /* taxels of which the middle is taken */

static const float looks_hz = 4.0F; /* at each taxel */
static const float mean_s = 2.0F;   /* time constant of a taxel's mean */
static const float settle_s = 1.0F; /* after a release the low-pass swings below zero for a while */
static const float down_calm_s = 2.0F, up_calm_s = 10.0F, up_calm_most_s = 600.0F;
static const float up_gates_s = 1.0F / 60.0F;
static const float down_s = 2.0F, up_s = 5.0F; /* time constants, within those limits */
static const float touch_gates = 0.5F, hand_gates = 0.5F;
static const float most_of_middle = 2.0F;
static const float left_sigmas = 0.5F, left_gates_most = 0.25F;

struct taxel {
    float mean;   /* of the filtered value, above the zero in force */
    float offset; /* of the zero, above that of the last tare, */
    float lowest; /* and the lowest that it was */
    float calm_s; /* since when it is */
    float busy_s; /* how long the touch before lasted */
};

struct zero_tracker {
    size_t n_taxels;
    uint16_t n_rows, n_cols;
    bool *exists;
    struct taxel *taxels; /* [n_taxels] */
    size_t n_looks;       /* a frame */
    size_t cursor;
    float look_s;       /* between two looks at a taxel */
    float drift;        /* of the middle taxel since the last tare, */
    float drift_lowest; /* and the lowest that it was */
    bool is_loaded;     /* the zero was taken under load */
    size_t n_existing;
    float sample[SAMPLE];
};

enum thenar_status zero_tracker_create(struct zero_tracker **out, const struct array_layout *layout)
{
    *out = NULL;
    struct zero_tracker *tracker = calloc(1, sizeof *tracker);
    if (!tracker)
        return THENAR_ERR_MEMORY;
    size_t n = layout->n_taxels;
    tracker->taxels = calloc(n, sizeof *tracker->taxels);
    tracker->exists = calloc(n, sizeof *tracker->exists);
    if (!tracker->taxels || !tracker->exists) {
        zero_tracker_destroy(tracker);
        return THENAR_ERR_MEMORY;
    }
    memcpy(tracker->exists, layout->exists, n * sizeof *tracker->exists);
    for (size_t i = 0; i < n; i++)
        tracker->n_existing += layout->exists[i];
    tracker->n_taxels = n;
    tracker->n_rows = layout->n_rows;
    tracker->n_cols = layout->n_cols;
    size_t n_looks = (size_t)ceilf((float)n * looks_hz / layout->rate_hz);
    tracker->n_looks = n_looks < n ? n_looks : n;
    tracker->look_s = (float)n / (float)tracker->n_looks / layout->rate_hz;
    *out = tracker;
    return THENAR_OK;
}

void zero_tracker_destroy(struct zero_tracker *tracker)
{
    if (!tracker)
        return;
    free(tracker->taxels);
    free(tracker->exists);
    free(tracker);
}

void zero_tracker_tared(struct zero_tracker *tracker, bool is_loaded)
{
    memset(tracker->taxels, 0, tracker->n_taxels * sizeof *tracker->taxels);
    tracker->drift = tracker->drift_lowest = 0;
    tracker->is_loaded = is_loaded;
}

float zero_tracker_drift_kpa(const struct zero_tracker *tracker)
{
    return tracker->drift;
}

/* Whether the taxel or one beside it is touched. */
static bool is_near_touch(const struct zero_tracker *tracker, const float *filtered, size_t i,
                          float touch)
{
    size_t n_cols = tracker->n_cols, row = i / n_cols, col = i % n_cols;
    size_t top = row > 0 ? row - 1 : 0, left = col > 0 ? col - 1 : 0;
    for (size_t r = top; r <= row + 1 && r < tracker->n_rows; r++)
        for (size_t c = left; c <= col + 1 && c < n_cols; c++)
            if (filtered[r * n_cols + c] > touch)
                return true;
    return false;
}

static float up_after_s(const struct taxel *taxel)
{
    return fminf(fmaxf(taxel->busy_s, up_calm_s), up_calm_most_s);
}

/* How far the zero of a calm taxel moves at this look. */
static float step_of(const struct zero_tracker *tracker, const struct taxel *taxel, float gate_kpa,
                     float left_kpa)
{
    float look_s = tracker->look_s;
    if (taxel->mean < -left_kpa && taxel->calm_s >= down_calm_s)
        return (taxel->mean + left_kpa) * fminf(look_s / down_s, 1.0F);
    if (!(taxel->mean > left_kpa) || taxel->calm_s < up_after_s(taxel))
        return 0;
    float most = taxel->lowest + hand_gates * gate_kpa +
                 most_of_middle * (tracker->drift - tracker->drift_lowest);
    float step = fminf((taxel->mean - left_kpa) * fminf(look_s / up_s, 1.0F),
                       up_gates_s * gate_kpa * look_s);
    return fmaxf(fminf(step, most - taxel->offset), 0);
}

static void look(struct zero_tracker *tracker, const float *filtered, float gate_kpa,
                 float left_kpa, size_t i, struct calibration *calibration)
{
    struct taxel *taxel = &tracker->taxels[i];
    if (is_near_touch(tracker, filtered, i, touch_gates * gate_kpa)) {
        taxel->busy_s = fminf(taxel->busy_s + tracker->look_s, up_calm_most_s);
        taxel->calm_s = 0;
        return;
    }
    if (taxel->calm_s < settle_s)
        taxel->mean = filtered[i];
    else
        taxel->mean += (filtered[i] - taxel->mean) * fminf(tracker->look_s / mean_s, 1.0F);
    taxel->calm_s = fminf(taxel->calm_s + tracker->look_s, 2 * up_calm_most_s);
    if (taxel->calm_s >= up_after_s(taxel))
        taxel->busy_s = 0;
    float step = step_of(tracker, taxel, gate_kpa, left_kpa);
    if (step > 0 || step < 0) {
        calibration_shift_zero(calibration, i, step);
        taxel->offset += step;
        taxel->lowest = fminf(taxel->lowest, taxel->offset);
        taxel->mean -= step;
    }
}

/* The middle of what calm taxels have drifted since the tare; it stays while most are touched. */
static void find_drift(struct zero_tracker *tracker, float gate_kpa)
{
    size_t n_calm = 0, n_sampled = 0;
    size_t stride = tracker->n_taxels / SAMPLE + 1;
    for (size_t i = 0; i < tracker->n_taxels; i++)
        n_calm += tracker->exists[i] && tracker->taxels[i].calm_s >= down_calm_s;
    if (2 * n_calm < tracker->n_existing || n_calm == 0)
        return;
    for (size_t i = 0; i < tracker->n_taxels; i += stride) {
        const struct taxel *taxel = &tracker->taxels[i];
        if (tracker->exists[i] && taxel->calm_s >= down_calm_s)
            tracker->sample[n_sampled++] = taxel->mean + taxel->offset;
    }
    if (n_sampled == 0)
        return;
    float middle = select_rank(tracker->sample, n_sampled, n_sampled / 2);
    float most = tracker->drift + up_gates_s * gate_kpa * tracker->look_s;
    tracker->drift = fminf(middle, most);
    tracker->drift_lowest = fminf(tracker->drift_lowest, tracker->drift);
}

void zero_tracker_execute(struct zero_tracker *tracker, const float *filtered, float gate_kpa,
                          float sigma_kpa, struct calibration *calibration)
{
    if (tracker->is_loaded)
        return;
    float left_kpa = isnan(sigma_kpa) ? left_gates_most * gate_kpa
                                      : fminf(left_sigmas * sigma_kpa, left_gates_most * gate_kpa);
    for (size_t k = 0; k < tracker->n_looks; k++) {
        if (tracker->exists[tracker->cursor])
            look(tracker, filtered, gate_kpa, left_kpa, tracker->cursor, calibration);
        if (++tracker->cursor < tracker->n_taxels)
            continue;
        tracker->cursor = 0;
        find_drift(tracker, gate_kpa);
    }
}

bool zero_tracker_is_loaded(const struct zero_tracker *tracker)
{
    return tracker->is_loaded;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/mat_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "technique/mat_rhythm.h"

enum { THINK_ROWS = 5, QUIET_ROWS = 40, SHIFT_ROWS = 60, MEAN_ROWS = 15, HALF_ROWS = 7 };

static const float fast_hz = 40.0F, slow_hz = 10.0F;
static const float quiet_n = 12.0F; /* range over four seconds; breath through hysteresis is 8 */
static const float follow_n = 8.0F; /* changes below it may be creep */
static const float follow_s = 8.0F;
static const float lie_down_n = 250.0F; /* no hand presses so much for four seconds */
static const float shift_least_n = 30.0F;
static const float shift_whole = 0.4F;  /* most change of the whole, of what moved */
static const float shift_unrest = 0.2F; /* most movement left after it, likewise */

struct mat_load {
    size_t n_taxels;
    uint8_t *zone;                        /* [n_taxels] */
    float *n_a_kpa;                       /* [n_taxels] newtons that one kPa is there */
    unsigned frames_a_fast, fasts_a_slow; /* how many make one sample */
    float slow_rate_hz;
    unsigned n_frames, n_fasts; /* gathered so far */
    float fast_sum[MAT_ZONES], slow_sum[MAT_ZONES];
    struct mat_history history;
    struct mat_rhythm *rhythm;
    unsigned n_since_thought;
    float zero_n; /* whole load of the lying body; NaN: not known */
    double shift_s;
    struct mat_reading reading;
};

struct mat_reading mat_reading_none(void)
{
    return (struct mat_reading){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

static unsigned whole_part(float whole, float part)
{
    return (unsigned)fmaxf(1.0F, roundf(whole / part));
}

static void lay_out_zones(struct mat_load *mat, const struct array_layout *layout)
{
    for (size_t i = 0; i < mat->n_taxels; i++) {
        size_t row = i / layout->n_cols * MAT_ZONES_ACROSS / layout->n_rows;
        size_t col = i % layout->n_cols * MAT_ZONES_ACROSS / layout->n_cols;
        mat->zone[i] = (uint8_t)(row * MAT_ZONES_ACROSS + col);
        mat->n_a_kpa[i] = layout->exists[i] ? layout->cell_mm2[i] * 1e-3F : 0.0F;
    }
}

enum thenar_status mat_load_create(struct mat_load **out, const struct array_layout *layout)
{
    *out = NULL;
    struct mat_load *mat = calloc(1, sizeof *mat);
    if (!mat)
        return THENAR_ERR_MEMORY;
    mat->n_taxels = layout->n_taxels;
    mat->zone = calloc(mat->n_taxels, sizeof *mat->zone);
    mat->n_a_kpa = calloc(mat->n_taxels, sizeof *mat->n_a_kpa);
    mat->frames_a_fast = whole_part(layout->rate_hz, fast_hz);
    float fast_rate_hz = layout->rate_hz / (float)mat->frames_a_fast;
    mat->fasts_a_slow = whole_part(fast_rate_hz, slow_hz);
    mat->slow_rate_hz = fast_rate_hz / (float)mat->fasts_a_slow;
    if (!mat->zone || !mat->n_a_kpa ||
        mat_rhythm_create(&mat->rhythm, fast_rate_hz, mat->slow_rate_hz) != THENAR_OK) {
        mat_load_destroy(mat);
        return THENAR_ERR_MEMORY;
    }
    lay_out_zones(mat, layout);
    mat->zero_n = NAN;
    mat->shift_s = (double)NAN;
    mat->reading = mat_reading_none();
    *out = mat;
    return THENAR_OK;
}

void mat_load_destroy(struct mat_load *mat)
{
    if (!mat)
        return;
    mat_rhythm_destroy(mat->rhythm);
    free(mat->n_a_kpa);
    free(mat->zone);
    free(mat);
}

static void forget_rhythms(struct mat_load *mat)
{
    mat->reading.pace_cpm = mat->reading.pace_confidence = NAN;
    mat->reading.breath_cpm = mat->reading.breath_confidence = NAN;
}

void mat_load_reset(struct mat_load *mat)
{
    mat_history_clear(&mat->history);
    mat->n_frames = mat->n_fasts = 0;
    memset(mat->fast_sum, 0, sizeof mat->fast_sum);
    memset(mat->slow_sum, 0, sizeof mat->slow_sum);
    forget_rhythms(mat);
}

void mat_load_tared(struct mat_load *mat)
{
    mat_load_reset(mat);
    mat->zero_n = 0.0F;
}

/* ---- the zero ---- */

/* Range and mean of the whole load over the newest rows. */
static void spread(const struct mat_history *history, unsigned n_rows, float *range_n,
                   float *mean_n)
{
    float least = INFINITY, most = -INFINITY, sum = 0;
    for (unsigned i = history->n_slow - n_rows; i < history->n_slow; i++) {
        float whole_n = mat_history_whole_n(history, i);
        least = fminf(least, whole_n);
        most = fmaxf(most, whole_n);
        sum += whole_n;
    }
    *range_n = most - least;
    *mean_n = sum / (float)n_rows;
}

static void follow_zero(struct mat_load *mat)
{
    const struct mat_history *history = &mat->history;
    float range_n = INFINITY, mean_n = NAN;
    float whole_n = mat_history_whole_n(history, history->n_slow - 1);
    float change_n = whole_n - mat->zero_n;
    if (fabsf(change_n) < follow_n) {
        mat->zero_n += change_n / (follow_s * mat->slow_rate_hz);
        return;
    }
    if (history->n_slow >= QUIET_ROWS)
        spread(history, QUIET_ROWS, &range_n, &mean_n);
    bool is_other_body = isnan(mat->zero_n) || change_n < 0 || change_n > lie_down_n;
    if (is_other_body && range_n < quiet_n)
        mat->zero_n = mean_n;
}

/* ---- shifts ---- */

static void mean_row(const struct mat_history *history, unsigned from, unsigned n_rows,
                     float mean[MAT_ZONES])
{
    memset(mean, 0, MAT_ZONES * sizeof *mean);
    for (unsigned i = from; i < from + n_rows; i++)
        for (unsigned z = 0; z < MAT_ZONES; z++)
            mean[z] += history->slow[i][z] / (float)n_rows;
}

/* How much load moved between two distributions, and by how much the whole changed. */
static float moved_n(const float *before, const float *after, float *whole_n)
{
    float sum = 0;
    *whole_n = 0;
    for (unsigned z = 0; z < MAT_ZONES; z++) {
        sum += fabsf(after[z] - before[z]);
        *whole_n += after[z] - before[z];
    }
    return sum;
}

/* Before, three seconds in which it may happen, and after: settled, elsewhere, and as heavy. */
static void look_for_shift(struct mat_load *mat, double device_s)
{
    struct mat_history *history = &mat->history;
    unsigned n = history->n_slow;
    if (n < SHIFT_ROWS)
        return;
    float before[MAT_ZONES], after[MAT_ZONES], older[MAT_ZONES], newer[MAT_ZONES];
    float whole_n, rest_n;
    mean_row(history, n - SHIFT_ROWS, MEAN_ROWS, before);
    mean_row(history, n - MEAN_ROWS, MEAN_ROWS, after);
    float load_n = moved_n(before, after, &whole_n);
    if (load_n < shift_least_n || fabsf(whole_n) > shift_whole * load_n)
        return;
    mean_row(history, n - MEAN_ROWS, HALF_ROWS, older);
    mean_row(history, n - HALF_ROWS, HALF_ROWS, newer);
    if (moved_n(older, newer, &rest_n) > shift_unrest * load_n)
        return;
    mean_row(history, n - SHIFT_ROWS, HALF_ROWS, older);
    mean_row(history, n - SHIFT_ROWS + MEAN_ROWS - HALF_ROWS, HALF_ROWS, newer);
    if (moved_n(older, newer, &rest_n) > shift_unrest * load_n)
        return;
    mat->shift_s = device_s;
    mat->reading.shift_n = load_n / 2;
    mat->zero_n += whole_n;
    mat_history_keep_newest(history, MEAN_ROWS);
    forget_rhythms(mat);
}

/* ---- samples ---- */

static void end_slow(struct mat_load *mat, double device_s)
{
    mat_history_push_slow(&mat->history, mat->slow_sum, 1.0F / (float)mat->fasts_a_slow);
    memset(mat->slow_sum, 0, sizeof mat->slow_sum);
    mat->n_fasts = 0;
    follow_zero(mat);
    look_for_shift(mat, device_s);
    if (++mat->n_since_thought < THINK_ROWS)
        return;
    mat->n_since_thought = 0;
    mat_rhythm_execute(mat->rhythm, &mat->history, &mat->reading);
}

static void end_fast(struct mat_load *mat, double device_s)
{
    float whole_n = 0;
    for (unsigned z = 0; z < MAT_ZONES; z++) {
        float load_n = mat->fast_sum[z] / (float)mat->frames_a_fast;
        mat->slow_sum[z] += load_n;
        whole_n += load_n;
    }
    memset(mat->fast_sum, 0, sizeof mat->fast_sum);
    mat->n_frames = 0;
    mat_history_push_fast(&mat->history, whole_n);
    if (++mat->n_fasts == mat->fasts_a_slow)
        end_slow(mat, device_s);
}

const struct mat_reading *mat_load_execute(struct mat_load *mat, double device_s,
                                           const float *pressure)
{
    float zones[MAT_ZONES] = {0}, whole_n = 0;
    for (size_t i = 0; i < mat->n_taxels; i++)
        zones[mat->zone[i]] += pressure[i] * mat->n_a_kpa[i];
    for (unsigned z = 0; z < MAT_ZONES; z++) {
        mat->fast_sum[z] += zones[z];
        whole_n += zones[z];
    }
    if (++mat->n_frames == mat->frames_a_fast)
        end_fast(mat, device_s);
    mat->reading.load_change_n = whole_n - mat->zero_n;
    mat->reading.shift_age_s = (float)(device_s - mat->shift_s);
    return &mat->reading;
}

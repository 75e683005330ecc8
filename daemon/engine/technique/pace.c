/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/pace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "technique/periodicity.h"

/* A window, looked at every `every` steps. Its range ends where three cycles fill it, and begins
 * where a shorter window sees more. */
struct look {
    float seconds, least_hz, most_hz;
    unsigned every;
    float least_strength;
};

enum { LOOK_FAST, N_LOOKS = 4 };

static const struct look looks[N_LOOKS] = {
    [LOOK_FAST] = {1.5F, 2.0F, 12.6F, 1, 0.70F},
    {4.0F, 0.75F, 12.6F, 2, 0.62F},
    {12.0F, 0.25F, 3.2F, 3, 0.62F},
    {36.0F, 0.08F, 1.1F, 9, 0.62F},
};

static const float cycles_needed = 2.85F; /* three, but for the rounding of the window */
/* Of the most that the place varies along any axis: as long as it varies so much along the axis in
 * force, that one stays. A circle has no main axis, and one that turns would count turns. */
static const float axis_stays = 0.6F;
static const float least_swell = 0.025F;                       /* of the mean force */
static const float least_turn_mm = 0.9F, least_turn = 0.05F;   /* or of the pitch */
static const float swing_jitters = 4.5F;                       /* noise alone swings by 2.8 */
static const float still_cycles = 1.25F, still_swings = 0.45F; /* of a cycle, of the swing */
static const float as_good = 0.90F;                            /* of a longer window's strength */
static const float agree = 0.07F;                              /* events and spectrum */
static const float agree_few = 0.012F; /* the same, where there are but two intervals */
static const float contradict = 0.2F; /* further apart than agree, and the spectrum weak: no pace */
static const float weak = 0.8F;
static const double cut_short = 0.8; /* the oldest interval, of the others: begun in mid-cycle */
static const unsigned events_alone = 4;
static const double alone_variation = 0.10;

struct pace {
    float rate_hz, pitch_mm;
    struct periodicity *periodicity;
    unsigned step;
    float jitter_mm;
    float cosine, sine; /* main axis of the place */
    struct rhythm found[N_PACE_SIGNALS][N_LOOKS];
    struct rhythm best[N_PACE_SIGNALS];
    float x[PERIODICITY_MAX], y[PERIODICITY_MAX];
};

static const struct rhythm none = {NAN, 0, 0};

enum thenar_status pace_create(struct pace **out, float history_rate_hz, float pitch_mm)
{
    struct pace *pace = calloc(1, sizeof *pace);
    *out = NULL;
    if (!pace)
        return THENAR_ERR_MEMORY;
    if (periodicity_create(&pace->periodicity)) {
        free(pace);
        return THENAR_ERR_MEMORY;
    }
    pace->rate_hz = history_rate_hz;
    pace->pitch_mm = pitch_mm;
    pace_reset(pace);
    *out = pace;
    return THENAR_OK;
}

void pace_destroy(struct pace *pace)
{
    if (!pace)
        return;
    periodicity_destroy(pace->periodicity);
    free(pace);
}

void pace_reset(struct pace *pace)
{
    pace->step = 0;
    pace->cosine = 1;
    pace->sine = 0;
    for (unsigned i = 0; i < N_PACE_SIGNALS; i++) {
        pace->best[i] = none;
        for (unsigned j = 0; j < N_LOOKS; j++)
            pace->found[i][j] = none;
    }
}

/* The direction in which the place varies most; the values along it replace `x`. */
static void project(struct pace *pace, size_t n, bool keep_axis)
{
    float mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mean_x += pace->x[i];
        mean_y += pace->y[i];
    }
    mean_x /= (float)n;
    mean_y /= (float)n;
    for (size_t i = 0; i < n; i++) {
        float x = pace->x[i] - mean_x, y = pace->y[i] - mean_y;
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    float angle = 0.5F * atan2f(2.0F * xy, xx - yy);
    float cosine = cosf(angle), sine = sinf(angle);
    for (size_t i = 0; i < n; i++)
        pace->x[i] = cosine * (pace->x[i] - mean_x) + sine * (pace->y[i] - mean_y);
    if (!keep_axis)
        return;
    float c = pace->cosine, v = pace->sine;
    float along = c * c * xx + 2.0F * c * v * xy + v * v * yy;
    float most = cosine * cosine * xx + 2.0F * cosine * sine * xy + sine * sine * yy;
    if (along >= axis_stays * most)
        return;
    pace->cosine = cosine;
    pace->sine = sine;
}

/* Whether the signal still swings: a long window remembers a rhythm that is over. */
static bool goes_on(const float *x, size_t n, const struct period *period)
{
    size_t n_last = (size_t)(still_cycles * period->lag) + 1;
    float least = x[n - 1], most = x[n - 1];
    for (size_t i = n_last < n ? n - n_last : 0; i < n; i++) {
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    return most - least >= still_swings * period->swing;
}

static struct rhythm look_at(struct pace *pace, const struct history *history,
                             enum pace_signal signal, const struct look *look)
{
    /* The fastest rhythms need every sample, though the window be cut short. */
    size_t stride =
        look->most_hz < 10.0F ? (size_t)ceilf(look->seconds * pace->rate_hz / PERIODICITY_MAX) : 1;
    float rate_hz = pace->rate_hz / (float)stride;
    size_t n = history_n(history) / stride, most = (size_t)(look->seconds * rate_hz);
    n = n < most ? n : most;
    n = n < PERIODICITY_MAX ? n : PERIODICITY_MAX;
    float least_lag = fmaxf(rate_hz / look->most_hz, 2.0F);
    float most_lag = fminf(rate_hz / look->least_hz, (float)n / cycles_needed);
    if (n < 16 || !(most_lag > least_lag))
        return none;
    float scale = 1;
    if (signal == PACE_OF_FORCE) {
        float mean = 0;
        history_read(history, SIGNAL_FORCE, stride, n, pace->x);
        for (size_t i = 0; i < n; i++)
            mean += pace->x[i];
        if (!(mean > 0))
            return none;
        scale = (float)n / mean;
    } else {
        history_read(history, SIGNAL_X, stride, n, pace->x);
        history_read(history, SIGNAL_Y, stride, n, pace->y);
        project(pace, n, look->seconds > 3.0F && look->seconds < 5.0F);
    }
    struct period period = periodicity_find(pace->periodicity, pace->x, n, least_lag, most_lag);
    float swing = scale * period.swing;
    float least = least_swell;
    if (signal == PACE_OF_PLACE)
        least = fmaxf(fmaxf(least_turn_mm, least_turn * pace->pitch_mm),
                      swing_jitters * pace->jitter_mm / sqrtf((float)stride));
    if (isnan(period.lag) || period.strength < look->least_strength || swing < least)
        return none;
    if (!goes_on(pace->x, n, &period))
        return none;
    return (struct rhythm){rate_hz / period.lag, period.strength, swing};
}

/* The shortest window that repeats about as well as any: it is the newest. */
static struct rhythm choose(const struct rhythm *found)
{
    float strongest = 0;
    for (unsigned i = LOOK_FAST + 1; i < N_LOOKS; i++)
        strongest = fmaxf(strongest, found[i].strength);
    for (unsigned i = LOOK_FAST + 1; i < N_LOOKS; i++)
        if (found[i].strength > 0 && found[i].strength >= as_good * strongest)
            return found[i];
    return none;
}

void pace_set_jitter(struct pace *pace, float jitter_mm)
{
    pace->jitter_mm = jitter_mm;
}

void pace_execute(struct pace *pace, const struct history *history)
{
    for (unsigned signal = 0; signal < N_PACE_SIGNALS; signal++) {
        for (unsigned i = 0; i < N_LOOKS; i++) {
            /* Slow windows and signals take turns, so that no step does them all. */
            if ((pace->step + signal + i) % looks[i].every == 0)
                pace->found[signal][i] =
                    look_at(pace, history, (enum pace_signal)signal, &looks[i]);
        }
        pace->best[signal] = choose(pace->found[signal]);
    }
    pace->step++;
}

const struct rhythm *pace_rhythm(const struct pace *pace, enum pace_signal signal)
{
    return &pace->best[signal];
}

const struct rhythm *pace_fast_rhythm(const struct pace *pace, enum pace_signal signal)
{
    return &pace->found[signal][LOOK_FAST];
}

void pace_axis(const struct pace *pace, float *cosine, float *sine)
{
    *cosine = pace->cosine;
    *sine = pace->sine;
}

/* The last cycles by events: mean interval and its variation; 0 intervals where there are none. */
static unsigned last_intervals(const struct cycle_times *cycles, double device_s, double span_s,
                               double *mean_s, double *variation)
{
    unsigned n = 0;
    double sum = 0, squares = 0, before_s = 0;
    for (unsigned i = cycles->n; i-- > 1;) {
        double interval_s = cycles->at_s[i] - cycles->at_s[i - 1];
        if (n >= 3 && cycles->at_s[i - 1] < device_s - span_s)
            break;
        if (i == 1 && n >= 2 && interval_s < cut_short * before_s)
            break;
        if (n && (interval_s > 1.7 * before_s || interval_s < before_s / 1.7))
            break; /* a pause, or another rhythm */
        sum += interval_s;
        squares += interval_s * interval_s;
        before_s = sum / ++n;
    }
    if (n == 0)
        return 0;
    *mean_s = sum / n;
    *variation = sqrt(fmax(squares / n - *mean_s * *mean_s, 0)) / *mean_s;
    double since_s = device_s - cycles->at_s[cycles->n - 1];
    return since_s > 2.0 * *mean_s + 0.1 ? 0 : n;
}

static struct pace_reading reading(double hz, float confidence, unsigned n, double variation)
{
    struct pace_reading out = {NAN, NAN, NAN};
    double cpm = 60.0 * hz;
    if (!(cpm >= 0.97 * (double)PACE_LEAST_CPM && cpm <= 1.03 * (double)PACE_MOST_CPM))
        return out;
    out.pace_cpm = (float)cpm;
    out.confidence = confidence;
    if (n >= 2)
        out.regularity_pct = (float)(100.0 * variation);
    return out;
}

struct pace_reading pace_read(const struct pace *pace, enum pace_signal signal,
                              const struct cycle_times *cycles, double device_s)
{
    const struct rhythm *rhythm = &pace->best[signal];
    double hz = (double)rhythm->hz, mean_s = 0, variation = 0;
    double span_s = rhythm->strength > 0 ? fmax(3.0, 5.0 / hz) : 6.0;
    unsigned n = last_intervals(cycles, device_s, span_s, &mean_s, &variation);
    if (rhythm->strength > 0) {
        double apart = fabs(mean_s * hz - 1);
        if (n >= 2 && apart < (double)agree) {
            /* The first crossing of a rhythm is a rough one: few events must agree better. */
            bool exact = n >= 3 || apart < (double)agree_few;
            return reading(exact ? 1 / mean_s : hz, rhythm->strength, n, variation);
        }
        /* Two hands that strike unlike repeat every second cycle only; each of them counts. */
        if (signal == PACE_OF_FORCE && n >= 4 && variation < 0.1 &&
            fabs(2 * mean_s * hz - 1) < 2 * (double)agree)
            return reading(1 / mean_s, 0.8F * rhythm->strength, n, variation);
        if (n >= 3 && apart < (double)contradict && rhythm->strength < weak)
            return reading((double)NAN, 0, 0, 0);
        return reading(hz, (n ? 0.6F : 0.75F) * rhythm->strength, 0, 0);
    }
    /* Cycles too uneven in size for the spectrum can still be even in time. */
    if (n >= events_alone && variation < alone_variation)
        return reading(1 / mean_s, 0.5F, n, variation);
    return reading((double)NAN, 0, 0, 0);
}

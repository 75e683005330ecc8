/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/hold_watch.h"

#include <math.h>
#include <string.h>

static const float SWING_PART = 0.3F, MAT_LEAST_N = 20; /* of the force; on a mat */
static const float BEGIN_PART = 0.6F, END_PART = 0.4F;  /* of the way from low to high */
/* So much above its own level a hold is another one, and so much below it is over: muscle energy
 * rests between its pushes without letting go. */
static const float ANOTHER = 1.6F, LEVEL_TAU_S = 2, SETTLED_S = 4;
/* The way up and the way down are no part of how deep it is held. */
static const double WAY_UP_S = 0.5, WAY_DOWN_S = 0.4;
static const float RISEN = 1.25F; /* so much above the mean so far: that was the way up, too */
static const float LOW_TAU_S = 10, HIGH_TAU_S = 3, NOW_TAU_S = 1, SHORTEST_S = 1;

void hold_watch_init(struct hold_watch *watch, bool is_mat)
{
    memset(watch, 0, sizeof *watch);
    watch->swing_least_n = is_mat ? MAT_LEAST_N : 0;
    watch->hold_s = watch->lock_kpa = watch->now_kpa = NAN;
}

static void add(struct hold_span *to, const struct hold_span *from)
{
    to->kpa_s += from->kpa_s;
    to->time_s += from->time_s;
}

static float mean_kpa(const struct hold_span *span)
{
    return span->time_s > 0 ? (float)(span->kpa_s / span->time_s) : NAN;
}

/* Without the last moments, if there are any before them. */
static float lock_kpa(const struct hold_watch *w)
{
    if (w->settled.time_s > 0)
        return mean_kpa(&w->settled);
    struct hold_span all = w->late;
    add(&all, &w->latest);
    return mean_kpa(&all);
}

static void note_pressure(struct hold_watch *w, float pressure_kpa, float step_s)
{
    if (isnan(w->now_kpa))
        w->now_kpa = pressure_kpa;
    w->now_kpa += (pressure_kpa - w->now_kpa) * fminf(1, step_s / NOW_TAU_S);
    if (w->now_kpa > RISEN * mean_kpa(&w->settled))
        w->settled = (struct hold_span){0, 0};
    const struct hold_span frame = {(double)(pressure_kpa * step_s), (double)step_s};
    add(&w->latest, &frame);
    if (w->latest.time_s < WAY_DOWN_S)
        return;
    add(&w->settled, &w->late);
    w->late = w->latest;
    w->latest = (struct hold_span){0, 0};
}

static void begin_hold(struct hold_watch *w, double device_s, float force_n)
{
    w->is_holding = true;
    w->start_s = device_s;
    w->level_n = force_n;
    w->settled = w->late = w->latest = (struct hold_span){0, 0};
    w->now_kpa = NAN;
}

static void end_hold(struct hold_watch *w, double device_s)
{
    w->is_holding = false;
    float length_s = (float)(device_s - w->start_s);
    if (length_s < SHORTEST_S)
        return;
    w->hold_s = length_s;
    w->lock_kpa = lock_kpa(w);
    w->n_holds++;
    memmove(&w->starts_s[0], &w->starts_s[1], sizeof w->starts_s - sizeof w->starts_s[0]);
    w->starts_s[HOLD_STARTS - 1] = w->start_s;
    if (w->n_starts < HOLD_STARTS)
        w->n_starts++;
}

/* low follows downwards at once and upwards slowly, but stands still during a hold; high the other
 * way round. */
static void follow(struct hold_watch *w, float force_n, float step_s)
{
    if (force_n > w->high)
        w->high = force_n;
    else
        w->high += (force_n - w->high) * fminf(1, step_s / HIGH_TAU_S);
    if (force_n < w->low)
        w->low = force_n;
    else if (!w->is_holding)
        w->low += (force_n - w->low) * fminf(1, step_s / LOW_TAU_S);
}

void hold_watch_execute(struct hold_watch *w, double device_s, float force_n, float pressure_kpa)
{
    if (!w->is_running) {
        w->is_running = true;
        w->last_s = device_s;
        w->high = force_n;
    }
    float step_s = fmaxf(0, (float)(device_s - w->last_s));
    w->last_s = device_s;
    follow(w, force_n, step_s);
    float swing = w->high - w->low;
    if (!w->is_holding) {
        if (swing > fmaxf(SWING_PART * w->high, w->swing_least_n) &&
            force_n > w->low + BEGIN_PART * swing)
            begin_hold(w, device_s, force_n);
        return;
    }
    bool is_settled = device_s - w->start_s > (double)SETTLED_S;
    float above_n = force_n - w->low, level_n = w->level_n - w->low;
    if (above_n <= END_PART * swing || (is_settled && ANOTHER * above_n < level_n)) {
        end_hold(w, device_s);
        return;
    }
    /* What was held before was the rest beneath it, and is forgotten. */
    if (is_settled && above_n > ANOTHER * level_n)
        begin_hold(w, device_s, force_n);
    w->level_n += (force_n - w->level_n) * fminf(1, step_s / LEVEL_TAU_S);
    if (device_s - w->start_s >= WAY_UP_S && !isnan(pressure_kpa))
        note_pressure(w, pressure_kpa, step_s);
}

void hold_watch_read(const struct hold_watch *w, struct hold_reading *reading)
{
    *reading = (struct hold_reading){.is_holding = w->is_holding,
                                     .age_s = NAN,
                                     .n_holds = w->n_holds,
                                     .hold_s = w->hold_s,
                                     .lock_kpa = w->lock_kpa,
                                     .now_kpa = NAN,
                                     .rhythm_cpm = NAN};
    if (w->is_holding) {
        reading->age_s = (float)(w->last_s - w->start_s);
        reading->now_kpa = w->now_kpa;
        float kpa = lock_kpa(w);
        if (!isnan(kpa))
            reading->lock_kpa = kpa;
    }
    if (w->n_starts >= 2) {
        double first_s = w->starts_s[HOLD_STARTS - w->n_starts];
        double span_s = w->starts_s[HOLD_STARTS - 1] - first_s;
        if (span_s > 0)
            reading->rhythm_cpm = (float)(60 * (w->n_starts - 1) / span_s);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/hold_watch.h"

#include <math.h>
#include <string.h>

static const float BEGIN_PART = 0.6F, END_PART = 0.4F; /* of the way from low to high */
/* So much above its own level a hold is another one: the push after the rest of muscle energy. */
static const float ANOTHER = 1.6F, LEVEL_TAU_S = 2, SETTLED_S = 4;
static const float LOW_TAU_S = 10, HIGH_TAU_S = 3, SHORTEST_S = 1;

void hold_watch_init(struct hold_watch *watch, bool is_mat)
{
    memset(watch, 0, sizeof *watch);
    watch->is_mat = is_mat;
    watch->swing_least = is_mat ? 0.08F : 0.3F;
    watch->hold_s = watch->lock_kpa = NAN;
}

static void begin_hold(struct hold_watch *w, double device_s, float force_n)
{
    w->is_holding = true;
    w->start_s = device_s;
    w->level_n = force_n;
    w->kpa_s = w->time_s = 0;
}

static void end_hold(struct hold_watch *w, double device_s)
{
    w->is_holding = false;
    float length_s = (float)(device_s - w->start_s);
    if (length_s < SHORTEST_S)
        return;
    w->hold_s = length_s;
    w->lock_kpa = w->time_s > 0 ? (float)(w->kpa_s / w->time_s) : NAN;
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
        w->low = w->is_mat ? force_n : 0;
    }
    float step_s = fmaxf(0, (float)(device_s - w->last_s));
    w->last_s = device_s;
    follow(w, force_n, step_s);
    float swing = w->high - w->low;
    if (!w->is_holding) {
        if (swing > w->swing_least * w->high && force_n > w->low + BEGIN_PART * swing)
            begin_hold(w, device_s, force_n);
        return;
    }
    if (force_n <= w->low + END_PART * swing) {
        end_hold(w, device_s);
        return;
    }
    /* What was held before was the rest beneath it, and is forgotten. */
    if (device_s - w->start_s > (double)SETTLED_S && force_n > ANOTHER * w->level_n)
        begin_hold(w, device_s, force_n);
    w->level_n += (force_n - w->level_n) * fminf(1, step_s / LEVEL_TAU_S);
    /* The way up is no part of how deep it is held. */
    if (device_s - w->start_s >= 0.5 && !isnan(pressure_kpa)) {
        w->kpa_s += (double)(pressure_kpa * step_s);
        w->time_s += (double)step_s;
    }
}

void hold_watch_read(const struct hold_watch *w, struct hold_reading *reading)
{
    *reading = (struct hold_reading){.is_holding = w->is_holding,
                                     .age_s = NAN,
                                     .n_holds = w->n_holds,
                                     .hold_s = w->hold_s,
                                     .lock_kpa = w->lock_kpa,
                                     .rhythm_cpm = NAN};
    if (w->is_holding) {
        reading->age_s = (float)(w->last_s - w->start_s);
        if (w->time_s > 0)
            reading->lock_kpa = (float)(w->kpa_s / w->time_s);
    }
    if (w->n_starts >= 2) {
        double first_s = w->starts_s[HOLD_STARTS - w->n_starts];
        double span_s = w->starts_s[HOLD_STARTS - 1] - first_s;
        if (span_s > 0)
            reading->rhythm_cpm = (float)(60 * (w->n_starts - 1) / span_s);
    }
}

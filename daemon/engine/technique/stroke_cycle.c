/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/stroke_cycle.h"

#include <math.h>
#include <string.h>

static const float rising = 0.5F,
                   falling = 0.3F; /* of the span: up above one, down below the other */
static const float timing = 0.3F;  /* low on the flank: where strong and weak cycles differ least */
static const float foot = 0.10F;   /* of the span: the bottom */

void cycle_times_add(struct cycle_times *times, double at_s)
{
    if (times->n == CYCLE_TIMES_MAX) {
        memmove(times->at_s, times->at_s + 1, (CYCLE_TIMES_MAX - 1) * sizeof times->at_s[0]);
        times->n--;
    }
    times->at_s[times->n++] = at_s;
}

void stroke_cycle_break(struct stroke_cycle *cycle)
{
    cycle->times.n = 0;
    cycle->broken = cycle->open;
}

void stroke_cycle_reset(struct stroke_cycle *cycle, bool times)
{
    cycle->ready = cycle->up = cycle->open = cycle->fell = false;
    cycle->first = true;
    cycle->second = cycle->broken = false;
    cycle->up_share = cycle->up_way_mm = NAN;
    if (times)
        cycle->times.n = 0;
}

static void begin(struct stroke_cycle *cycle, const struct stroke_mark *mark, float v)
{
    cycle->ready = true;
    cycle->high = cycle->low = cycle->v = v;
    cycle->before = NAN;
    cycle->low_v = cycle->high_v = v;
    cycle->last = cycle->trough = cycle->turn = cycle->rise = *mark;
    cycle->top = cycle->bottom = v;
    cycle->rise_s = mark->at_s;
    cycle->peak_kpa = 0;
    cycle->first_rise = (struct first_rise){.n = 1, .v = {v}, .at_s = {mark->at_s}};
}

static void follow_first_rise(struct first_rise *rise, double at_s, float v)
{
    if (v <= rise->v[0])
        rise->n = 0; /* still on the way down */
    else if (v <= rise->v[rise->n - 1])
        return;
    if (rise->n == FIRST_RISE_MAX) {
        rise->n /= 2;
        for (unsigned i = 1; i < rise->n; i++) {
            rise->v[i] = rise->v[2 * i];
            rise->at_s[i] = rise->at_s[2 * i];
        }
    }
    rise->v[rise->n] = v;
    rise->at_s[rise->n++] = at_s;
}

/* The first top is over: its crossing is timed as the others will be. */
static void time_first(struct stroke_cycle *cycle)
{
    const struct first_rise *rise = &cycle->first_rise;
    float level = rise->v[0] + timing * (cycle->top - rise->v[0]);
    cycle->first = false;
    cycle->second = true;
    for (unsigned i = 1; i < rise->n; i++) {
        if (rise->v[i] <= level)
            continue;
        double share = (double)((level - rise->v[i - 1]) / (rise->v[i] - rise->v[i - 1]));
        cycle->cross_s = rise->at_s[i - 1] + share * (rise->at_s[i] - rise->at_s[i - 1]);
        cycle->under_way.cross_s = cycle->cross_s;
        if (cycle->times.n)
            cycle->times.at_s[cycle->times.n - 1] = cycle->cross_s;
        return;
    }
}

/* The time of a trough or top between frames, by the parabola through three values. */
static double extreme_s(double at_s, double step_s, float a, float b, float c)
{
    float bend = a - 2.0F * b + c;
    float offset = bend != 0 ? 0.5F * (a - c) / bend : 0.0F; /* NaN with `a` */
    return fabsf(offset) <= 0.5F ? at_s + (double)offset * step_s : at_s;
}

static void smooth(float *mean, float value)
{
    *mean = isnan(*mean) ? value : *mean + 0.4F * (value - *mean);
}

/* The first trough was a mere dip beside the second: it would not have counted, had the range been
 * known. Then there was no crossing. */
static bool first_was_none(const struct stroke_cycle *cycle)
{
    float first = cycle->first_rise.v[0], second = cycle->low_v;
    return first - second > falling * (cycle->top - second);
}

/* A cycle ends in the trough before this crossing, and the next begins there. */
static bool cross_up(struct stroke_cycle *cycle, double cross_s, struct cycle_event *event)
{
    bool ended = cycle->open, counts = ended && !cycle->broken;
    if (cycle->second && first_was_none(cycle) && cycle->times.n) {
        cycle->times.n--;
        counts = false;
    }
    cycle->second = cycle->broken = false;
    if (ended) {
        *event = cycle->under_way;
        event->turn = cycle->turn;
        event->high = cycle->high_v;
        event->end = cycle->trough;
        event->fall = cycle->fell ? cycle->fall : cycle->trough;
        event->peak_kpa = cycle->peak_kpa;
        event->up_s = cycle->down_s - event->cross_s;
        smooth(&cycle->up_share, (float)(event->up_s / (cross_s - event->cross_s)));
    }
    cycle->under_way = (struct cycle_event){
        .begin = cycle->trough,
        .rise = cycle->rise.at_s > cycle->trough.at_s ? cycle->rise : cycle->trough,
        .low = cycle->low_v,
        .cross_s = cross_s,
        .interval_s = counts ? cross_s - cycle->cross_s : (double)NAN,
    };
    cycle->cross_s = cross_s;
    cycle_times_add(&cycle->times, cross_s);
    cycle->open = cycle->up = true;
    cycle->fell = false;
    return ended;
}

static void follow_extremes(struct stroke_cycle *cycle, const struct stroke_mark *mark, float v,
                            float peak_kpa, float span)
{
    double step_s = mark->at_s - cycle->last.at_s;
    if (cycle->up) {
        if (v > cycle->high_v) {
            cycle->high_v = v;
            cycle->turn = *mark;
        }
    } else {
        if (v < cycle->low_v) {
            cycle->low_v = v;
            cycle->trough = *mark;
        } else if (cycle->trough.at_s == cycle->last.at_s) {
            cycle->trough.at_s = extreme_s(cycle->last.at_s, step_s, cycle->before, cycle->v, v);
        }
        if (v < cycle->low + foot * span) {
            cycle->rise = *mark;
            if (!cycle->fell)
                cycle->fall = *mark;
            cycle->fell = true;
        }
    }
    cycle->peak_kpa = fmaxf(cycle->peak_kpa, peak_kpa);
}

/* Note when the signal rises through the foot of the last half cycles. A crossing that was seen
 * before, on its way there, is timed anew. */
static void time_rise(struct stroke_cycle *cycle, double now_s, float v)
{
    float level = cycle->bottom + timing * (cycle->top - cycle->bottom);
    if (!(cycle->v <= level && v > level))
        return;
    double share = (double)((level - cycle->v) / (v - cycle->v));
    cycle->rise_s = cycle->last.at_s + share * (now_s - cycle->last.at_s);
    if (!cycle->up || cycle->cross_s >= cycle->rise_s || cycle->timed)
        return;
    cycle->under_way.interval_s += cycle->rise_s - cycle->cross_s;
    cycle->under_way.cross_s = cycle->cross_s = cycle->rise_s;
    if (cycle->times.n)
        cycle->times.at_s[cycle->times.n - 1] = cycle->rise_s;
    cycle->timed = true;
}

bool stroke_cycle_push(struct stroke_cycle *cycle, const struct stroke_mark *mark, float v,
                       float peak_kpa, float least_span, struct cycle_event *event)
{
    if (!cycle->ready) {
        begin(cycle, mark, v);
        return false;
    }
    double step_s = mark->at_s - cycle->last.at_s;
    float leak = (float)step_s / (cycle->leak_s + (float)step_s);
    cycle->high = fmaxf(v, cycle->high + leak * (v - cycle->high));
    cycle->low = fminf(v, cycle->low + leak * (v - cycle->low));
    float span = cycle->high - cycle->low;
    follow_extremes(cycle, mark, v, peak_kpa, span);
    time_rise(cycle, mark->at_s, v);
    if (cycle->first)
        follow_first_rise(&cycle->first_rise, mark->at_s, v);
    bool ended = false;
    if (span >= least_span) {
        float level = cycle->low + (cycle->up ? falling : rising) * span;
        float rise = v - cycle->v;
        float share = rise != 0 ? fminf(fmaxf((level - cycle->v) / rise, 0.0F), 1.0F) : 1.0F;
        double cross_s = cycle->last.at_s + (double)share * step_s;
        if (!cycle->up && v > level) {
            cycle->timed = cycle->rise_s > cycle->down_s && cycle->times.n;
            if (cycle->timed)
                cross_s = cycle->rise_s;
            cycle->bottom = cycle->low_v;
            ended = cross_up(cycle, cross_s, event);
            cycle->high_v = v;
            cycle->turn = *mark;
            cycle->up_x_mm = mark->x_mm;
            cycle->up_y_mm = mark->y_mm;
            cycle->peak_kpa = peak_kpa;
        } else if (cycle->up && v < level) {
            cycle->up = false;
            smooth(&cycle->up_way_mm,
                   hypotf(mark->x_mm - cycle->up_x_mm, mark->y_mm - cycle->up_y_mm));
            cycle->down_s = cross_s;
            cycle->top = cycle->high_v;
            if (cycle->first)
                time_first(cycle);
            cycle->low_v = v;
            cycle->trough = *mark;
        }
    }
    cycle->before = cycle->v;
    cycle->v = v;
    cycle->last = *mark;
    return ended;
}

bool stroke_cycle_end(struct stroke_cycle *cycle, struct cycle_event *event)
{
    /* A top that never came down again is a cycle too when the hands lift: down is now. */
    bool ended = cycle->open;
    if (ended) {
        *event = cycle->under_way;
        event->turn = cycle->turn;
        event->high = cycle->high_v;
        event->end = cycle->up ? cycle->last : cycle->trough;
        event->fall = cycle->fell ? cycle->fall : event->end;
        event->peak_kpa = cycle->peak_kpa;
        event->up_s = (cycle->up ? cycle->last.at_s : cycle->down_s) - event->cross_s;
    }
    stroke_cycle_reset(cycle, false);
    return ended;
}

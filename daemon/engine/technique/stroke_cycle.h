/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stroke_cycle.h - cycles of one signal: up through its middle, down, and up again
 *
 * The middle lies between two envelopes that leak towards the signal, with hysteresis, so that a
 * second, lower top within a cycle does not count as another. A cycle runs from trough to trough;
 * its interval is taken between the crossings, which are sharper. */
#ifndef STROKE_CYCLE_H
#define STROKE_CYCLE_H

#include <stdbool.h>

/* Running sums up to a moment: differences of two give a stroke. */
struct stroke_mark {
    double at_s;
    double impulse_n_s, square_n2_s, path_mm, area_cm2_s, mean_kpa_s, touched_s;
    float x_mm, y_mm;
};

/* Starts of the last cycles of one reader, oldest first. */
enum { CYCLE_TIMES_MAX = 40 };
struct cycle_times {
    unsigned n;
    double at_s[CYCLE_TIMES_MAX];
};

/* The first rise since a reset, by its new heights: how high the top is, and so where its middle
 * was, is known only afterwards. Thinned out as it grows. */
enum { FIRST_RISE_MAX = 32 };
struct first_rise {
    unsigned n;
    float v[FIRST_RISE_MAX];
    double at_s[FIRST_RISE_MAX];
};

void cycle_times_add(struct cycle_times *times, double at_s);

/* One cycle that ended. */
struct cycle_event {
    struct stroke_mark begin, turn, end; /* trough, top, trough */
    struct stroke_mark rise, fall;       /* feet: where it left the bottom, and was back */
    float high, low;                     /* of the signal */
    float peak_kpa;
    double cross_s;    /* up through the middle */
    double interval_s; /* from the crossing before; NaN for the first */
    double up_s;       /* how long above the middle */
};

struct stroke_cycle {
    float leak_s; /* of the envelopes */
    /* state */
    bool ready, up, open; /* open: a cycle has begun */
    float high, low;      /* envelopes */
    float v, before;      /* the last two values; before: NaN when there is but one */
    struct stroke_mark last;
    float low_v, high_v;
    struct stroke_mark trough, turn, rise, fall;
    bool fell;
    float top, bottom; /* of the last half cycles: crossings are timed between them */
    bool timed;        /* the crossing under way is timed so */
    double rise_s;     /* when the signal last rose through that level */
    float peak_kpa;
    double cross_s, down_s;
    bool first;  /* no top has ended since the reset */
    bool second; /* nor a trough after that top */
    bool broken; /* the last crossing was another signal's */
    struct first_rise first_rise;
    /* smoothed over about three cycles; NaN before the first */
    float up_share;  /* of a cycle, above the middle */
    float up_way_mm; /* how far the place went meanwhile, end to end */
    float up_x_mm, up_y_mm;
    struct cycle_event under_way;
    struct cycle_times times;
};

/** The signal goes on as another one: what was counted before is nothing to count on from. */
void stroke_cycle_break(struct stroke_cycle *cycle);

/** Forget the signal; the times are kept unless `times` too. */
void stroke_cycle_reset(struct stroke_cycle *cycle, bool times);

/**
 * One value.
 * @param mark        sums up to now
 * @param least_span  between the envelopes, for a crossing to count
 * @param event       out: the cycle that ended with this up-crossing
 * @return true when `event` is set
 */
bool stroke_cycle_push(struct stroke_cycle *cycle, const struct stroke_mark *mark, float v,
                       float peak_kpa, float least_span, struct cycle_event *event);

/** End the cycle under way at the last value, as when the hands lift. True when there was one. */
bool stroke_cycle_end(struct stroke_cycle *cycle, struct cycle_event *event);

#endif

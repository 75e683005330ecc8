/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beat.h - where in its cycle the hand is, for a metronome
 *
 * The events of the last cycles lie near an even ladder: least squares through up to BEAT_EVENTS of
 * them give its step and its place. Phase 0 is the event itself: where the force rises (a press, a
 * blow), where a touch begins, or where the hand passes the same point of its way. */
#ifndef BEAT_H
#define BEAT_H

#include "technique/stroke_cycle.h"

enum { BEAT_EVENTS = 7 };

struct beat {
    double at_s;      /* device time of a phase 0; NaN: none */
    double period_s;  /* to the next */
    float confidence; /* 0..1: 1 when the events lie on the ladder, 0 when a fifth of a cycle off */
};

struct beat beat_none(void);

/**
 * @param cycles    events, oldest first
 * @param pace_cpm  as it is told; events that beat otherwise give no beat. NaN: none
 */
struct beat beat_find(const struct cycle_times *cycles, float pace_cpm);

/** 0..1 at a time, never 1; NaN without a beat. */
float beat_phase(const struct beat *beat, double device_s);

#endif

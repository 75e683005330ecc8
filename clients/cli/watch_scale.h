/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch_scale.h - the end of a bar or of the colours, which hardly ever moves
 *
 * A scale that follows each frame would hide how hard the hand presses. This one goes by steps of
 * 1, 1.5, 2, 3, 4, 5, 6, 8: up as soon as a value is above it, down only when for
 * WATCH_SCALE_CALM_S all values would have fitted the step below. */
#ifndef WATCH_SCALE_H
#define WATCH_SCALE_H

#define WATCH_SCALE_CALM_S 20.0

struct watch_scale {
    float end;     /* a step: what the full bar means */
    float least;   /* `end` does not go below it */
    float largest; /* since since_s */
    double since_s;
};

/** @param least  a step */
void watch_scale_init(struct watch_scale *scale, float least);

/** @param now_s  any steady clock @return the end now */
float watch_scale_execute(struct watch_scale *scale, float value, double now_s);

/** The smallest step that is not below `value` and `least`. */
float watch_scale_step(float value, float least);

#endif

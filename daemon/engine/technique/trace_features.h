/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace_features.h - the shape of each of the hands' signals over a window
 *
 * For learned models: how far a trace spreads, how it leans, how peaked and how lasting it is, and
 * how much of it comes back after a while (its autocorrelation at lags in seconds). Force, area,
 * axes and sharpness are taken relative to their mean; ways and flow are turned to their main axis,
 * and signed so that they lean upwards, because left and right mean nothing. Seconds, millimetres
 * and ratios only: nothing depends on the array's size, pitch or rate. NaN where a window cannot
 * tell. */
#ifndef TRACE_FEATURES_H
#define TRACE_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

#include "technique/history.h"

enum { TRACE_SAMPLES_MAX = 160, TRACE_LAGS = 7 };

enum trace {
    TRACE_FORCE,      /* of its mean; all samples */
    TRACE_FORCE_RATE, /* change of it, 1/s; all samples */
    TRACE_ALONG,      /* way of the centre along its main axis, mm; all samples */
    TRACE_ACROSS,
    TRACE_AREA, /* of its mean; touched samples, as all that follow */
    TRACE_PEAK,
    TRACE_MAJOR,
    TRACE_MINOR,
    TRACE_SHARPNESS,  /* peak over mean pressure */
    TRACE_SPEED,      /* of the centre, of its mean */
    TRACE_FLOW_ALONG, /* of the pressure image, mm/s */
    TRACE_FLOW_ACROSS,
    TRACE_SPREAD, /* 1/s */
    TRACE_TURN,   /* 1/s */
    TRACE_GAIN,   /* 1/s */
    N_TRACES
};

enum trace_shape {
    SHAPE_DEVIATION, /* log10 of the standard deviation */
    SHAPE_BIAS,      /* mean over mean size: does it go one way on the whole, -1..1 */
    SHAPE_SKEW,
    SHAPE_KURTOSIS, /* log10 */
    SHAPE_FLATNESS, /* mean size over standard deviation: 1 to and fro, 0 rare jerks */
    SHAPE_HIGH,     /* share of the time above half a standard deviation */
    SHAPE_LOW,      /* and below */
    SHAPE_RARE,     /* and beyond one and a half on either side */
    SHAPE_COMES_BACK,
    N_SHAPES = SHAPE_COMES_BACK + TRACE_LAGS
};

/** Stable names, for reports: "flow_along", "skew". */
const char *trace_name(enum trace trace);
const char *trace_shape_name(enum trace_shape shape);

/* Working memory. */
struct trace_maker {
    float a[TRACE_SAMPLES_MAX], b[TRACE_SAMPLES_MAX];
};

/**
 * @param value  [N_SIGNALS][TRACE_SAMPLES_MAX] even samples, the first `n` set; untouched too
 * @param lag_s  [TRACE_LAGS] rising
 * @param out    out: [N_TRACES * N_SHAPES]
 * Context: allocates nothing
 */
void trace_features_execute(struct trace_maker *maker, const float (*value)[TRACE_SAMPLES_MAX],
                            size_t n, float rate_hz, const float *lag_s, float *out);

#endif
